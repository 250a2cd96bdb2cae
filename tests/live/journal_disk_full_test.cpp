// A full disk: said at once, nothing that was accepted is lost.
#include <cstring>

#include <sys/mount.h>

#include "journal_test_support.hpp"

namespace {

using namespace sluice;
using namespace sluice::test_journal;

class SmallDisk : public testing::Test {
  protected:
    void SetUp() override {
        if (::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, "size=256k") != 0)
            GTEST_SKIP() << "needs to mount a tmpfs: " << std::strerror(errno);
        mounted_ = true;
    }
    void TearDown() override {
        if (mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
    }
    void enlarge() const {
        ASSERT_EQ(::mount("tmpfs", folder_.path().c_str(), "tmpfs", MS_REMOUNT, "size=16m"), 0);
    }
    [[nodiscard]] std::filesystem::path path() const { return folder_ / "journal"; }
    static journal::JournalOptions options(journal::Durability durability) {
        journal::JournalOptions options;
        options.durability = durability;
        options.segment_bytes = 64 << 10U;
        options.ring_capacity = 1'024;
        return options;
    }
    // Until the ring is full and the journal says why.
    static std::uint64_t fill(journal::Journal& written) {
        std::uint64_t n = 0;
        EXPECT_TRUE(await([&] {
            while (written.tap().record(numbered(n))) ++n;
            return written.state() == journal::JournalState::kFailing;
        }));
        while (written.tap().record(numbered(n))) ++n;
        EXPECT_NE(written.message().find("No space left on device"), std::string::npos)
            << written.message();
        EXPECT_NE(written.message().find("free space"), std::string::npos);
        return n;
    }

    TempFolder folder_;
    bool mounted_ = false;
};

TEST_F(SmallDisk, that_is_full_holds_the_journal_up_until_there_is_room) {
    for (const auto durability : {journal::Durability::kAsync, journal::Durability::kDisk}) {
        journal::Journal written{path(), sample_header(), options(durability)};
        const std::uint64_t accepted = fill(written);
        EXPECT_GT(accepted, 2'000U);
        EXPECT_EQ(written.tap().safe(accepted), durability == journal::Durability::kAsync);
        enlarge();
        EXPECT_TRUE(await([&] { return written.written() == accepted; }));
        EXPECT_EQ(written.state(), journal::JournalState::kWriting);
        EXPECT_TRUE(written.tap().safe(accepted));
        record(written, accepted, 5'000);
        written.close();
        journal::JournalReader reader{path()};
        EXPECT_EQ(expect_numbered(reader), accepted + 5'000);
        std::filesystem::remove_all(path());
        ASSERT_EQ(::mount("tmpfs", folder_.path().c_str(), "tmpfs", MS_REMOUNT, "size=256k"), 0);
    }
}

TEST_F(SmallDisk, that_stays_full_is_given_up_with_what_it_holds_whole) {
    journal::Journal written{path(), sample_header(), options(journal::Durability::kAsync)};
    const std::uint64_t accepted = fill(written);
    EXPECT_THROW(written.close(std::chrono::milliseconds{50}), journal::JournalError);
    EXPECT_EQ(written.state(), journal::JournalState::kGivenUp);
    journal::JournalReader reader{path()};
    const std::uint64_t kept = expect_numbered(reader);
    EXPECT_EQ(kept, written.written());
    EXPECT_EQ(accepted - kept, 1'024U);  // what the ring could hold
}

TEST_F(SmallDisk, that_stays_full_loses_nothing_from_a_ring_that_outlives_the_process) {
    journal::JournalOptions outliving = options(journal::Durability::kProcess);
    const TempFolder elsewhere;
    outliving.ring_folder = elsewhere.path();
    std::uint64_t accepted = 0;
    {
        journal::Journal written{path(), sample_header(), outliving};
        accepted = fill(written);
        EXPECT_THROW(written.close(std::chrono::milliseconds{50}), journal::JournalError);
    }
    enlarge();
    const journal::Recovery result = journal::recover(path());
    EXPECT_EQ(result.records, accepted);
    EXPECT_EQ(result.from_ring, 1'024U);
    EXPECT_EQ(result.ring, journal::RingOutcome::kTakenIn);
    journal::JournalReader reader{path()};
    EXPECT_EQ(expect_numbered(reader), accepted);
    EXPECT_TRUE(std::filesystem::is_empty(elsewhere.path()));
}

}  // namespace
