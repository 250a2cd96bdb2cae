// A writer that is killed at random moments: what it acknowledged is in the journal.
// SLUICE_KILLS sets how often (24 unless told).
#include <cstdlib>
#include <random>

#include <poll.h>
#include <sys/wait.h>

#include "journal_test_support.hpp"

namespace {

using namespace sluice;
using namespace sluice::test_journal;
using journal::Durability;

int kills() {
    const char* text = std::getenv("SLUICE_KILLS");
    return text != nullptr ? std::max(1, std::atoi(text)) : 24;
}

journal::JournalOptions options_for(Durability durability, const std::filesystem::path& rings) {
    journal::JournalOptions options;
    options.durability = durability;
    options.segment_bytes = 64 * 257;
    options.ring_capacity = 128;
    options.ring_folder = rings;
    return options;
}

// The writer's process: records for ever, and says each order's number once it may leave.
[[noreturn]] void write_until_killed(const std::filesystem::path& folder,
                                     const journal::JournalOptions& options, int acknowledge) {
    journal::Journal written{folder, sample_header(), options};
    for (std::uint64_t n = 0;; ++n) {
        while (!written.tap().record(numbered(n))) std::this_thread::yield();
        if (numbered(n).kind() != pipeline::EventKind::kCancel) continue;
        while (!written.tap().safe(written.tap().records())) std::this_thread::yield();
        if (::write(acknowledge, &n, sizeof n) != sizeof n) ::_exit(1);
    }
}

// Reads acknowledgements for that long; the last record acknowledged, plus one.
std::uint64_t read_acknowledged(int from, std::chrono::microseconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    std::uint64_t acknowledged = 0;
    std::array<std::uint64_t, 512> numbers;
    for (;;) {
        pollfd ready{from, POLLIN, 0};
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            end - std::chrono::steady_clock::now());
        if (left.count() < 0 || ::poll(&ready, 1, static_cast<int>(left.count())) <= 0) break;
        const ssize_t got = ::read(from, numbers.data(), sizeof numbers);
        if (got <= 0) break;
        acknowledged = numbers[static_cast<std::size_t>(got) / 8 - 1] + 1;
    }
    return acknowledged;
}

struct Toll {
    std::uint64_t acknowledged = 0;
    std::uint64_t from_ring = 0;
    std::uint64_t torn = 0;
};

// `after` the first acknowledgement, or after the start.
Toll kill_once(Durability durability, std::chrono::microseconds after, bool while_it_begins,
               bool twice) {
    const TempFolder folder;
    const TempFolder rings;
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) throw std::runtime_error("no pipe");
    const pid_t writer = ::fork();
    if (writer == 0) {
        ::close(pipe[0]);
        try {
            write_until_killed(folder.path(), options_for(durability, rings.path()), pipe[1]);
        } catch (const std::exception&) {
            ::_exit(2);
        }
    }
    ::close(pipe[1]);
    Toll toll;
    if (!while_it_begins) {
        pollfd ready{pipe[0], POLLIN, 0};
        EXPECT_EQ(::poll(&ready, 1, 10'000), 1);
    }
    toll.acknowledged = read_acknowledged(pipe[0], after);
    ::kill(writer, SIGKILL);
    int status = 0;
    ::waitpid(writer, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself: " << WEXITSTATUS(status);
    // What it still said before it died.
    toll.acknowledged =
        std::max(toll.acknowledged, read_acknowledged(pipe[0], std::chrono::seconds{1}));
    ::close(pipe[0]);
    if (!std::filesystem::exists(folder / "000001.sluj")) {
        EXPECT_EQ(toll.acknowledged, 0U);  // killed before it had begun
        return toll;
    }
    const journal::Recovery result = journal::recover(folder.path());
    EXPECT_GE(result.records, toll.acknowledged);
    toll.from_ring = result.from_ring;
    toll.torn = result.torn_bytes;
    if (twice) {
        EXPECT_EQ(journal::recover(folder.path()).records, result.records);
    }
    journal::JournalReader reader{folder.path()};
    EXPECT_EQ(expect_numbered(reader), result.records);
    EXPECT_EQ(reader.torn_bytes(), 0U);
    EXPECT_EQ(reader.ending(), journal::Ending::kRecovered);
    EXPECT_FALSE(reader.has_ring());
    return toll;
}

void kill_often(Durability durability, int times) {
    std::mt19937 random{20'240'117};
    Toll all;
    for (int i = 0; i < times && !testing::Test::HasFailure(); ++i) {
        const std::chrono::microseconds after{random() % 30'000};
        const Toll toll = kill_once(durability, after, i % 8 == 7, i % 4 == 0);
        all.acknowledged += toll.acknowledged;
        all.from_ring += toll.from_ring;
        all.torn += toll.torn;
    }
    std::printf(
        "%d kills (%s): %llu records acknowledged, %llu taken from the ring, "
        "%llu torn bytes cut\n",
        times, std::string{to_string(durability)}.c_str(),
        static_cast<unsigned long long>(all.acknowledged),
        static_cast<unsigned long long>(all.from_ring), static_cast<unsigned long long>(all.torn));
    EXPECT_GT(all.acknowledged, 0U);
}

TEST(KilledWriter, has_lost_no_record_of_a_ring_that_outlives_it) {
    kill_often(Durability::kProcess, kills());
}
TEST(KilledWriter, has_lost_no_record_that_was_on_the_disk) {
    kill_often(Durability::kDisk, std::max(1, kills() / 4));
}

}  // namespace
