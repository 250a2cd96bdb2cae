// What goes into a journal comes out of it, for every durability and both ways to the file.
#include <tuple>

#include "journal_test_support.hpp"

namespace {

using namespace sluice;
using namespace sluice::test_journal;
using journal::Durability;
using journal::FileAccess;

class JournalOf : public testing::TestWithParam<std::tuple<Durability, FileAccess>> {
  protected:
    [[nodiscard]] static journal::JournalOptions options() {
        journal::JournalOptions options;
        std::tie(options.durability, options.access) = GetParam();
        options.segment_bytes = 64 * 101;  // 100 lines
        options.ring_capacity = 64;
        return options;
    }
};

TEST_P(JournalOf, many_segments_comes_back_record_for_record) {
    for (const std::uint64_t count : {0U, 1U, 99U, 100U, 101U, 200U, 2'345U}) {
        const TempFolder folder;
        journal::Journal written{folder / "journal", sample_header(), options()};
        record(written, 0, count);
        EXPECT_EQ(written.tap().records(), count);
        written.close();
        EXPECT_EQ(written.state(), journal::JournalState::kClosed);
        EXPECT_EQ(written.written(), count);
        journal::JournalReader reader{folder / "journal"};
        EXPECT_EQ(expect_numbered(reader), count);
        EXPECT_EQ(reader.ending(), journal::Ending::kClosed);
        EXPECT_EQ(reader.torn_bytes(), 0U);
        EXPECT_FALSE(reader.has_ring());
        EXPECT_EQ(reader.header(), written.header());
        EXPECT_EQ(reader.header().instruments, sample_header().instruments);
        EXPECT_EQ(reader.header().configuration, sample_header().configuration);
    }
}

TEST_P(JournalOf, a_session_that_just_ends_is_whole_too) {
    const TempFolder folder;
    {
        journal::Journal written{folder.path(), sample_header(), options()};
        record(written, 0, 1'000);
    }
    journal::JournalReader reader{folder.path()};
    EXPECT_EQ(expect_numbered(reader), 1'000U);
    EXPECT_EQ(reader.ending(), journal::Ending::kClosed);
}

TEST_P(JournalOf, an_order_lets_it_go_when_its_record_is_safe) {
    const TempFolder folder;
    journal::Journal written{folder.path(), sample_header(), options()};
    for (std::uint64_t n = 0; n < 20; ++n) {
        record(written, n, 1);
        const std::uint64_t number = written.tap().records();
        if (options().durability != Durability::kDisk) {
            EXPECT_TRUE(written.tap().safe(number));  // at once
            continue;
        }
        EXPECT_TRUE(await([&] { return written.tap().safe(number); }));
        EXPECT_FALSE(written.tap().safe(number + 1));
        journal::JournalReader reader{folder.path()};  // while the writer has it
        EXPECT_EQ(reader.records(), number);
    }
}

INSTANTIATE_TEST_SUITE_P(EveryWay, JournalOf,
                         testing::Combine(testing::Values(Durability::kAsync, Durability::kProcess,
                                                          Durability::kDisk),
                                          testing::Values(FileAccess::kAuto, FileAccess::kPlain)),
                         [](const auto& param_info) {
                             return std::string{to_string(std::get<0>(param_info.param))} +
                                    (std::get<1>(param_info.param) == FileAccess::kAuto ? "_auto"
                                                                                        : "_plain");
                         });

TEST(JournalReader, goes_on_from_any_record) {
    const TempFolder folder;
    journal::JournalOptions options;
    options.segment_bytes = 64 * 4;
    {
        journal::Journal written{folder.path(), sample_header(), options};
        record(written, 0, 35);
    }
    EXPECT_TRUE(std::filesystem::exists(folder / journal::segment_name(2)));
    journal::JournalReader reader{folder.path()};
    for (const std::uint64_t from : {0U, 9U, 10U, 34U}) {
        reader.seek(from);
        std::uint64_t n = from;
        for (auto block = reader.next(); !block.empty(); block = reader.next())
            for (const Event& event : block) EXPECT_TRUE(same(event, numbered(n++)));
        EXPECT_EQ(n, 35U);
    }
    reader.seek(35);
    EXPECT_TRUE(reader.next().empty());
}

TEST(Journal, never_writes_over_another) {
    const TempFolder folder;
    { journal::Journal first{folder.path(), sample_header(), {}}; }
    EXPECT_THROW(journal::Journal(folder.path(), sample_header(), {}), journal::JournalError);
    journal::JournalReader reader{folder.path()};
    EXPECT_EQ(reader.records(), 0U);
}

TEST(Journal, is_not_recovered_while_it_is_written) {
    const TempFolder folder;
    journal::Journal written{folder.path(), sample_header(), {}};
    EXPECT_THROW(journal::recover(folder.path()), journal::JournalError);
    written.close();
    const journal::Recovery result = journal::recover(folder.path());
    EXPECT_EQ(result.torn_bytes, 0U);
    EXPECT_EQ(result.from_ring, 0U);
}

TEST(Journal, says_when_its_ring_is_full_and_drops_nothing) {
    const TempFolder folder;
    journal::JournalOptions options;
    options.ring_capacity = 4;
    options.durability = Durability::kDisk;
    journal::Journal written{folder.path(), sample_header(), options};
    std::uint64_t refused = 0;
    for (std::uint64_t n = 0; n < 2'000;) {
        if (written.tap().record(numbered(n))) {
            ++n;
        } else {
            ++refused;
            std::this_thread::yield();
        }
    }
    written.close();
    EXPECT_GT(refused, 0U);
    journal::JournalReader reader{folder.path()};
    EXPECT_EQ(expect_numbered(reader), 2'000U);
}

TEST(Journal, puts_its_ring_into_its_folder_when_it_can_be_nowhere_else) {
    const TempFolder folder;
    journal::JournalOptions options;
    options.durability = Durability::kProcess;
    options.ring_folder = "/no/such/folder";
    journal::Journal written{folder.path(), sample_header(), options};
    EXPECT_EQ(written.header().ring_file, "ring");
    EXPECT_TRUE(std::filesystem::exists(folder / "ring"));
    record(written, 0, 10);
    written.close();
    EXPECT_FALSE(std::filesystem::exists(folder / "ring"));
}

TEST(Journal, refuses_options_out_of_bounds_and_folders_it_cannot_make) {
    const TempFolder folder;
    journal::JournalOptions odd;
    odd.ring_capacity = 1'000;
    EXPECT_THROW(journal::Journal(folder.path(), sample_header(), odd), std::invalid_argument);
    odd = {};
    odd.segment_bytes = 100;
    EXPECT_THROW(journal::Journal(folder.path(), sample_header(), odd), std::invalid_argument);
    EXPECT_THROW(journal::Journal("/proc/nowhere", sample_header(), {}), journal::JournalError);
    journal::JournalHeader unreadable = sample_header();
    unreadable.configuration = "\xFF\xFE";
    EXPECT_THROW(journal::Journal(folder.path(), unreadable, {}), journal::JournalError);
    journal::Journal fine{folder.path(), sample_header(), {}};  // nothing was left behind
}

}  // namespace
