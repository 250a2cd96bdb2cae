// The ledger records, counts and finds whatever was done to its lines.
#include <sluice/research/ledger.hpp>

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "ledger_support.hpp"

namespace sluice::tests {
namespace {

using namespace research;

class LedgerTest : public LedgerFolder {
  protected:
    void fill(std::uint64_t lines) {
        Ledger ledger(path(), kNoon);
        for (std::uint64_t i = 1; i <= lines; ++i) ledger.append(trial(i));
    }
};

TEST_F(LedgerTest, takes_no_body_that_nests_deeper_than_it_can_read_again) {
    const auto nested = [](int depth) {
        LedgerEntry entry = trial(1);
        entry.body = "{\"a\":" + std::string(static_cast<std::size_t>(depth - 1), '[') + "1" +
                     std::string(static_cast<std::size_t>(depth - 1), ']') + "}";
        return entry;
    };
    int deepest = 0;
    for (int depth = 1; depth < 100; ++depth) {
        Ledger ledger(path(), kNoon);  // reads what is there
        try {
            ledger.append(nested(depth));
            deepest = depth;
        } catch (const LedgerError& error) {
            EXPECT_EQ(error.fault(), LedgerFault::kEntry);
        }
    }
    EXPECT_GT(deepest, 50);
    EXPECT_EQ(Ledger(path(), kNoon).lines(), static_cast<std::uint64_t>(deepest) + 1);
}

TEST_F(LedgerTest, keeps_what_it_is_given_and_counts_trials_by_data) {
    std::string last;
    {
        Ledger ledger(path(), kNoon);
        EXPECT_EQ(ledger.lines(), 1U);  // its header
        EXPECT_EQ(ledger.message(), "");
        ledger.append(trial(1));
        LedgerEntry batch = trial(2, "es-2023");
        batch.trials = 250;
        LedgerEntry verdict = trial(3, "es-2023");
        verdict.kind = "verdict";
        verdict.trials = 0;
        verdict.time += core::Nanos{5};
        const std::vector<LedgerEntry> both{batch, verdict};
        ledger.append(both);
        ledger.append(std::span<const LedgerEntry>{});
        EXPECT_EQ(ledger.lines(), 4U);
        EXPECT_EQ(ledger.trials("spy-2013"), 1U);
        EXPECT_EQ(ledger.trials("es-2023"), 250U);
        EXPECT_EQ(ledger.trials("none"), 0U);
        last = ledger.last_hash();
    }
    std::vector<LedgerLine> read;
    const LedgerState state =
        read_ledger(path(), [&](const LedgerLine& line) { read.push_back(line); });
    ASSERT_EQ(read.size(), 4U);
    EXPECT_EQ(state.lines, 4U);
    EXPECT_EQ(state.last_hash, last);
    EXPECT_EQ(state.bytes, std::filesystem::file_size(path()));
    EXPECT_EQ(read[0].entry.kind, "ledger");
    EXPECT_EQ(read[1].entry.body, "{\"number\":1,\"sharpe\":0.125,\"note\":\"\u00e9 \\\"x\\\"\"}");
    EXPECT_EQ(read[2].entry.trials, 250U);
    EXPECT_EQ(read[3].entry.kind, "verdict");
    EXPECT_EQ(read[3].entry.time, kNoon + core::Nanos{5});
    EXPECT_EQ(read[3].hash, last);
    EXPECT_EQ(state.counts.at("es-2023").lines, 2U);

    const Ledger again(path(), kNoon);
    EXPECT_EQ(again.last_hash(), last);
    EXPECT_EQ(again.trials("es-2023"), 250U);
}

// The format, byte for byte: another program must be able to verify it.
TEST_F(LedgerTest, lines_are_as_documented) {
    fill(1);
    const auto lines = lines_of(read_file(path()));
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0],
              "{\"line\":1,\"time_ns\":1700000000000000000,\"kind\":\"ledger\",\"data\":\"\","
              "\"trials\":0,\"body\":{\"format\":\"sluice.ledger/1\"},\"prev\":"
              "\"0000000000000000000000000000000000000000000000000000000000000000\",\"hash\":"
              "\"" +
                  lines[0].substr(lines[0].size() - 67, 64) + "\"}\n");
    EXPECT_EQ(lines[1].substr(0, 42), "{\"line\":2,\"time_ns\":1700000000000000000,\"k");
    EXPECT_NE(lines[1].find("\"prev\":\"" + lines[0].substr(lines[0].size() - 67, 64) + "\""),
              std::string::npos);
}

TEST_F(LedgerTest, names_the_line_that_was_changed) {
    fill(6);
    auto lines = lines_of(read_file(path()));
    lines[3].replace(lines[3].find("0.125"), 5, "0.925");
    std::string text;
    for (const auto& line : lines) text += line;
    write_file(path(), text);
    const Finding found = look_at(path());
    EXPECT_EQ(found.fault, LedgerFault::kChanged);
    EXPECT_EQ(found.line, 4U);
    EXPECT_EQ(found.what, "ledger " + path().string() +
                              ": line 4 was changed: its hash is not that of its text");
    EXPECT_THROW(Ledger(path(), kNoon), LedgerError);
    EXPECT_EQ(read_file(path()), text);  // left as it was
}

TEST_F(LedgerTest, names_lines_that_were_removed_repeated_swapped_or_cut_off) {
    fill(6);
    const auto lines = lines_of(read_file(path()));
    const auto with = [&](const std::vector<std::size_t>& order) {
        std::string text;
        for (const std::size_t number : order) text += lines[number - 1];
        write_file(path(), text);
        return look_at(path());
    };
    Finding found = with({1, 2, 4, 5, 6, 7});
    EXPECT_EQ(found.fault, LedgerFault::kChanged);
    EXPECT_EQ(found.line, 3U);
    EXPECT_NE(found.what.find("line 3 holds line 4"), std::string::npos) << found.what;
    found = with({1, 2, 4, 3, 5, 6, 7});
    EXPECT_EQ(found.line, 3U);
    found = with({1, 2, 3, 3, 4, 5, 6, 7});
    EXPECT_EQ(found.line, 4U);
    EXPECT_NE(found.what.find("repeated"), std::string::npos) << found.what;
    found = with({1, 2, 3, 4, 5});
    EXPECT_EQ(found.fault, LedgerFault::kCutOff);
    EXPECT_EQ(found.line, 6U);
    EXPECT_NE(found.what.find("line 6 and what follows up to 7 was cut off"), std::string::npos)
        << found.what;
    found = with({});
    EXPECT_EQ(found.fault, LedgerFault::kCutOff);
    EXPECT_EQ(found.line, 1U);
    found = with({1, 2, 3, 4, 5, 6, 7});
    EXPECT_TRUE(found.whole);
    // In the middle of the last line that the head knows.
    write_file(path(), read_file(path()).substr(0, read_file(path()).size() - 10));
    found = look_at(path());
    EXPECT_EQ(found.fault, LedgerFault::kCutOff);
    EXPECT_EQ(found.line, 7U);
    EXPECT_THROW(Ledger(path(), kNoon), LedgerError);
    std::filesystem::remove(path());
    EXPECT_THROW(Ledger(path(), kNoon), LedgerError);
    EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(LedgerTest, finds_lines_written_anew_with_right_hashes) {
    fill(3);
    const std::string head_of_three = read_file(head());
    std::filesystem::remove(path());
    std::filesystem::remove(head());
    {
        Ledger other(path(), kNoon);
        for (std::uint64_t i = 1; i <= 3; ++i) other.append(trial(100 + i));
    }
    write_file(head(), head_of_three);
    const Finding found = look_at(path());
    EXPECT_EQ(found.fault, LedgerFault::kChanged);
    EXPECT_EQ(found.line, 4U);
}

TEST_F(LedgerTest, misses_its_head) {
    fill(3);
    const std::string text = read_file(head());
    write_file(head(), text.substr(0, 100));
    EXPECT_EQ(look_at(path()).fault, LedgerFault::kHead);
    std::filesystem::remove(head());
    EXPECT_EQ(look_at(path()).fault, LedgerFault::kHead);
    EXPECT_THROW(Ledger(path(), kNoon), LedgerError);
    EXPECT_FALSE(std::filesystem::exists(head()));
    // One slot is enough; each in turn is damaged.
    for (const std::size_t at : {100U, 612U}) {
        std::string damaged = text;
        damaged[at] ^= 1;
        write_file(head(), damaged);
        EXPECT_TRUE(look_at(path()).whole);
    }
}

// Any edit of any byte, any line removed, repeated or moved, any cut: found, and the line named is
// never behind the first difference.
RC_GTEST_FIXTURE_PROP(LedgerTest, finds_every_random_edit, ()) {
    std::filesystem::remove(path());
    std::filesystem::remove(head());
    fill(*rc::gen::inRange<std::uint64_t>(1, 8));
    const std::string before = read_file(path());
    const auto lines = lines_of(before);
    const auto pick = [&](std::size_t below) {
        return *rc::gen::resize(1'000, rc::gen::inRange<std::size_t>(0, below));
    };
    std::string after;
    switch (pick(5)) {
        case 0:
            after = before;
            after[pick(after.size())] ^= static_cast<char>(1 << pick(8));
            break;
        case 1: after = before.substr(0, pick(before.size())); break;
        case 2: {
            const std::size_t at = pick(before.size());
            after = before.substr(0, at) + before.substr(at + pick(before.size() - at) + 1);
            break;
        }
        case 3: {
            const std::size_t at = pick(before.size());
            after = before.substr(0, at) + static_cast<char>(pick(256)) + before.substr(at);
            break;
        }
        default: {
            auto moved = lines;
            std::swap(moved[pick(lines.size())], moved[pick(lines.size())]);
            if (pick(2) == 0)
                moved.insert(moved.begin() + static_cast<long>(pick(lines.size())),
                             lines[pick(lines.size())]);
            for (const auto& line : moved) after += line;
        }
    }
    RC_PRE(after != before);
    write_file(path(), after);
    const auto difference = static_cast<std::size_t>(
        std::mismatch(before.begin(), before.end(), after.begin(), after.end()).first -
        before.begin());
    const auto line_of_it =
        1 + static_cast<std::uint64_t>(
                std::count(before.begin(), before.begin() + static_cast<long>(difference), '\n'));
    const Finding found = look_at(path());
    if (difference == before.size()) {
        // Only something added at the end: what is no line is torn, a repeated line is found.
        RC_ASSERT((found.whole && found.state.torn_bytes > 0) || found.line == line_of_it);
        return;
    }
    RC_ASSERT(!found.whole);
    RC_ASSERT(found.line == line_of_it);
}

TEST_F(LedgerTest, cuts_a_torn_last_line_with_a_message_wherever_it_is_torn) {
    fill(2);
    const std::string before = read_file(path());
    const std::string head_before = read_file(head());
    {
        Ledger ledger(path(), kNoon);
        ledger.append(trial(3));
    }
    const std::string after = read_file(path());
    for (std::size_t size = before.size() + 1; size < after.size(); ++size) {
        // A crash after part of the write: the head knows nothing of the line.
        write_file(path(), after.substr(0, size));
        write_file(head(), head_before);
        EXPECT_EQ(look_at(path()).state.torn_bytes, size - before.size());
        Ledger ledger(path(), kNoon);
        ASSERT_EQ(ledger.message(),
                  "ledger " + path().string() + ": cut off " +
                      std::to_string(size - before.size()) +
                      " bytes behind line 3, the beginning of a line that was never finished");
        ASSERT_EQ(read_file(path()), before);
    }
    // A crash between the line and the head: the line stays, the head is brought up.
    write_file(path(), after);
    write_file(head(), head_before);
    { EXPECT_EQ(Ledger(path(), kNoon).lines(), 4U); }
    write_file(path(), before);
    EXPECT_EQ(look_at(path()).fault, LedgerFault::kCutOff);
}

TEST_F(LedgerTest, has_one_writer_and_any_readers) {
    Ledger ledger(path(), kNoon);
    ledger.append(trial(1));
    try {
        const Ledger second(path(), kNoon);
        FAIL() << "a second writer got in";
    } catch (const LedgerError& error) {
        EXPECT_EQ(error.fault(), LedgerFault::kLocked);
        EXPECT_EQ(std::string(error.what()),
                  "ledger " + path().string() +
                      ": another writer has it open; there can be one at a time");
    }
    EXPECT_EQ(read_ledger(path()).lines, 2U);
    ledger.append(trial(2));
    EXPECT_EQ(read_ledger(path()).lines, 3U);
}

TEST_F(LedgerTest, notices_that_its_file_changed_behind_its_back) {
    Ledger ledger(path(), kNoon);
    ledger.append(trial(1));
    std::filesystem::resize_file(path(), 10);
    try {
        ledger.append(trial(2));
        FAIL() << "appended behind a cut";
    } catch (const LedgerError& error) {
        EXPECT_EQ(error.fault(), LedgerFault::kChanged);
    }
}

TEST_F(LedgerTest, refuses_entries_that_are_no_lines_and_stays_as_it_is) {
    Ledger ledger(path(), kNoon);
    const auto refused = [&](const LedgerEntry& entry) {
        try {
            const std::vector<LedgerEntry> both{trial(1), entry};
            ledger.append(both);
        } catch (const LedgerError& error) {
            return error.fault() == LedgerFault::kEntry;
        }
        return false;
    };
    EXPECT_TRUE(refused({kNoon, "", "d", 1, "{}"}));
    EXPECT_TRUE(refused({kNoon, "trial", "d", 1, "[]"}));
    EXPECT_TRUE(refused({kNoon, "trial", "d", 1, "{\"a\":"}));
    EXPECT_TRUE(refused({kNoon, "trial", "d", 1, "{\"a\":NaN}"}));
    EXPECT_TRUE(refused({kNoon, "trial", "\xff\xfe", 1, "{}"}));
    EXPECT_TRUE(
        refused({kNoon, "trial", "d", 1, "{\"a\":\"" + std::string(kLedgerLineMax, 'x') + "\"}"}));
    EXPECT_TRUE(refused({kNoon, "trial", "d", 1,
                         "{\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}"}));
    EXPECT_EQ(ledger.lines(), 1U);
    // Newlines within the body's text do not make two lines of it.
    ledger.append({kNoon, "trial", "a\nb", 1, "{\n  \"a\" : \"x\\ny\"\n}"});
    EXPECT_EQ(read_ledger(path()).lines, 2U);
}

TEST_F(LedgerTest, says_what_keeps_it_from_opening) {
    try {
        const Ledger ledger(folder_ / "none" / "trials.ledger", kNoon);
        FAIL();
    } catch (const LedgerError& error) {
        EXPECT_EQ(error.fault(), LedgerFault::kDisk);
        EXPECT_NE(std::string(error.what()).find("No such file"), std::string::npos);
    }
    write_file(path(), "{\"some\":\"other file\"}\n");
    EXPECT_EQ(look_at(path()).fault, LedgerFault::kChanged);
}

}  // namespace
}  // namespace sluice::tests
