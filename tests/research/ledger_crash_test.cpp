// The ledger under kill -9 and on a full disk: what append() returned for is there, whole.
#include <sluice/research/ledger.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sluice/core/random.hpp>

#include "ledger_support.hpp"

namespace sluice::tests {
namespace {

using namespace research;

class LedgerCrashTest : public LedgerFolder {};

// Appends until it is killed, in batches of 1 to 5; says on `report` how many lines are safe.
[[noreturn]] void append_for_ever(const std::filesystem::path& path, int report,
                                  std::uint64_t seed) {
    core::Random random(seed, 1, 0);
    Ledger ledger(path, kNoon);
    while (true) {
        std::vector<LedgerEntry> batch;
        for (std::int64_t left = 1 + random.below(5); left > 0; --left)
            batch.push_back(trial(ledger.lines()));
        ledger.append(batch);
        const std::uint64_t safe = ledger.lines();
        if (::write(report, &safe, sizeof safe) != sizeof safe) ::_exit(2);
    }
}

// The last of at most `count` reports; waits for them. 0 when the writer has ended without one.
std::uint64_t last_report(int report, std::int64_t count) {
    std::uint64_t last = 0;
    std::uint64_t safe = 0;
    for (; count > 0 && ::read(report, &safe, sizeof safe) == sizeof safe; --count) last = safe;
    return last;
}

TEST_F(LedgerCrashTest, loses_nothing_that_was_acknowledged_when_killed_at_200_moments) {
    core::Random random(42, 0, 0);
    std::uint64_t safe = 0;    // lines that were acknowledged
    std::uint64_t before = 0;  // lines at the round's start
    std::uint64_t written = 0;
    std::uint64_t grown = 0;
    std::uint64_t torn = 0;
    for (std::uint64_t round = 0; round < 200; ++round) {
        int pipe[2];
        ASSERT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
        const ::pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            ::close(pipe[0]);
            append_for_ever(path(), pipe[1], round);
        }
        ::close(pipe[1]);
        // Some moments while it opens, most while it appends, however slow the disk is.
        if (random.percent(75)) safe = std::max(safe, last_report(pipe[0], 1 + random.below(4)));
        std::this_thread::sleep_for(std::chrono::microseconds(random.below(4'000)));
        ASSERT_EQ(::kill(child, SIGKILL), 0);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself";
        safe = std::max(safe, last_report(pipe[0], std::numeric_limits<std::int64_t>::max()));
        ::close(pipe[0]);

        const Ledger ledger(path(), kNoon);  // verifies every line
        torn += ledger.message().empty() ? 0U : 1U;
        ASSERT_GE(ledger.lines(), safe) << "round " << round;
        ASSERT_LE(ledger.lines(), std::max<std::uint64_t>(safe, 1) + 5) << "round " << round;
        grown += ledger.lines() > safe ? 1U : 0U;
        written += ledger.lines() - before;
        safe = before = ledger.lines();
        if (safe < 400) continue;
        // Anew from time to time: opening reads every line.
        std::filesystem::remove(path());
        std::filesystem::remove(head());
        safe = before = 0;
    }
    EXPECT_GT(written, 200U) << "hardly a line was written before the kills";
    RecordProperty("killed_between_line_and_answer", std::to_string(grown));
    RecordProperty("torn_lines", std::to_string(torn));
}

// In a process of its own: the limit holds for all files of a process.
TEST_F(LedgerCrashTest, takes_a_line_back_whole_when_the_disk_is_full) {
    { Ledger ledger(path(), kNoon); }
    for (::rlim_t limit = 2'000; limit < 2'600; limit += 37) {
        const ::pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            std::signal(SIGXFSZ, SIG_IGN);
            const ::rlimit bound{limit, limit};
            if (::setrlimit(RLIMIT_FSIZE, &bound) != 0) ::_exit(10);
            try {
                Ledger ledger(path(), kNoon);
                while (true) {
                    const std::uint64_t lines = ledger.lines();
                    const std::string last = ledger.last_hash();
                    try {
                        const std::vector<LedgerEntry> pair{trial(lines), trial(lines + 1)};
                        ledger.append(pair);
                    } catch (const LedgerError& error) {
                        if (error.fault() != LedgerFault::kDiskFull) ::_exit(11);
                        if (ledger.lines() != lines || ledger.last_hash() != last) ::_exit(12);
                        // The same ledger goes on as soon as there is room: for less, here.
                        const LedgerState state = read_ledger(path());
                        if (state.lines != lines || state.torn_bytes != 0) ::_exit(13);
                        ::_exit(std::string(error.what()).find("nothing was recorded") ==
                                        std::string::npos
                                    ? 14
                                    : 0);
                    }
                }
            } catch (...) {
                ::_exit(15);
            }
        }
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0)
            << "limit " << limit << ", status " << status;
        const Ledger ledger(path(), kNoon);
        EXPECT_EQ(ledger.message(), "");
        EXPECT_LE(std::filesystem::file_size(path()), limit);
    }
    // With room again it goes on where it was.
    Ledger ledger(path(), kNoon);
    const std::uint64_t lines = ledger.lines();
    EXPECT_GT(lines, 3U);
    ledger.append(trial(1));
    EXPECT_EQ(read_ledger(path()).lines, lines + 1);
}

// Where the program leaves SIGXFSZ as it is, the limit ends it in the middle of a line.
TEST_F(LedgerCrashTest, recovers_from_a_limit_that_ends_the_program) {
    { Ledger ledger(path(), kNoon); }
    const ::pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_DFL);
        const ::rlimit no_core{0, 0};
        (void)::setrlimit(RLIMIT_CORE, &no_core);
        const ::rlimit bound{3'000, 3'000};
        if (::setrlimit(RLIMIT_FSIZE, &bound) != 0) ::_exit(10);
        Ledger ledger(path(), kNoon);
        while (true) ledger.append(trial(ledger.lines()));
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(std::filesystem::file_size(path()), 3'000U);
    Ledger ledger(path(), kNoon);
    EXPECT_NE(ledger.message().find("never finished"), std::string::npos) << ledger.message();
    ledger.append(trial(7));
    EXPECT_EQ(read_ledger(path()).torn_bytes, 0U);
}

}  // namespace
}  // namespace sluice::tests
