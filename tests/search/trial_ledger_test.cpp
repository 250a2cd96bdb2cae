// What was evaluated is found again as it was, by data and key; trials are counted by the data that they
// share.
#include <sluice/research/trial_ledger.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>
#include <unistd.h>

namespace sluice::research {
namespace {

core::StreamTime at(std::int64_t seconds) {
    return core::time_from_ns<core::StreamTime>(seconds * 1'000'000'000);
}

TrialData days(std::vector<std::string> symbols, std::int64_t from, std::int64_t to) {
    return {std::move(symbols), at(from), at(to), static_cast<std::uint64_t>(from * 31 + to)};
}

NewTrial trial(const std::string& key, double sharpe) {
    NewTrial out;
    out.key = key;
    out.set = {{"strategy[0].fast", "5"}};
    out.result.sharpe = sharpe;
    out.result.win_rate = std::numeric_limits<double>::quiet_NaN();
    out.result.profit = core::Money::from_units(-123'456'789) + core::Money::from_raw(7);
    out.result.fills = 42;
    out.result.digest = "00ff";
    out.result.returns = {0.1, -0.3, 1e-17, 0.0};
    return out;
}

class TrialLedgerTest : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() /
                  ("sluice-trials-" + std::to_string(::getpid()) + "-" +
                   testing::UnitTest::GetInstance()->current_test_info()->name());
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    [[nodiscard]] std::filesystem::path path() const { return folder_ / "trials.ledger"; }

    const core::LocalTime now_{};
    std::filesystem::path folder_;
};

TEST_F(TrialLedgerTest, finds_again_what_was_evaluated_also_in_another_process) {
    const TrialData data = days({"A", "B"}, 10, 20);
    {
        TrialLedger ledger{path(), now_};
        EXPECT_EQ(ledger.find(data, "one"), nullptr);
        const NewTrial one = trial("one", 1.25);
        ledger.add(data, {&one, 1}, now_);
        ASSERT_NE(ledger.find(data, "one"), nullptr);
    }
    const TrialLedger ledger{path(), now_};
    const TrialResult* found = ledger.find(data, "one");
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->sharpe, 1.25);
    EXPECT_TRUE(std::isnan(found->win_rate));
    EXPECT_EQ(found->profit, trial("one", 0).result.profit);
    EXPECT_EQ(found->fills, 42U);
    EXPECT_EQ(found->digest, "00ff");
    EXPECT_EQ(found->returns, (std::vector<double>{0.1, -0.3, 1e-17, 0.0}));
    EXPECT_EQ(ledger.find(data, "two"), nullptr);
    EXPECT_EQ(ledger.find(days({"A", "B"}, 10, 21), "one"), nullptr);
}

TEST_F(TrialLedgerTest, counts_what_was_tried_on_data_that_share_an_instrument_and_some_time) {
    TrialLedger ledger{path(), now_};
    const NewTrial a[] = {trial("1", 0), trial("2", 0)};
    ledger.add(days({"A"}, 0, 10), a, now_);
    const NewTrial b[] = {trial("3", 0)};
    ledger.add(days({"A", "B"}, 10, 20), b, now_);
    NewTrial window = trial("4", 0);
    window.kind = TrialKind::kWindow;
    ledger.add(days({"A"}, 0, 5), {&window, 1}, now_);
    ledger.add_verdict(days({"A"}, 0, 10), "{}", now_);

    const auto counts = [&](const TrialLedger& of) {
        EXPECT_EQ(of.trials_on(days({"A"}, 0, 9)), 2U);
        EXPECT_EQ(of.trials_on(days({"A"}, 5, 15)), 3U);
        EXPECT_EQ(of.trials_on(days({"B"}, 0, 9)), 0U);
        EXPECT_EQ(of.trials_on(days({"B"}, 0, 30)), 1U);
        EXPECT_EQ(of.trials_on(days({"A"}, 21, 30)), 0U);
        EXPECT_EQ(of.trials_on(days({"C"}, 0, 30)), 0U);
    };
    counts(ledger);
}

TEST_F(TrialLedgerTest, does_not_open_what_was_changed) {
    {
        TrialLedger ledger{path(), now_};
        const NewTrial all[] = {trial("1", 0.5), trial("2", 0.75)};
        ledger.add(days({"A"}, 0, 10), all, now_);
    }
    std::string text;
    {
        std::ifstream in{path()};
        text.assign(std::istreambuf_iterator<char>{in}, {});
    }
    const auto place = text.find("0.75");
    ASSERT_NE(place, std::string::npos);
    text[place] = '9';
    std::ofstream{path()} << text;
    try {
        const TrialLedger ledger{path(), now_};
        FAIL() << "opened";
    } catch (const LedgerError& error) {
        EXPECT_EQ(error.fault(), LedgerFault::kChanged);
        EXPECT_EQ(error.line(), 3U);
    }
}

TEST(TrialKey, tells_programs_and_configurations_apart) {
    EXPECT_EQ(trial_key("a", "b"), trial_key("a", "b"));
    EXPECT_NE(trial_key("a", "b"), trial_key("a", "c"));
    EXPECT_NE(trial_key("a", "b"), trial_key("c", "b"));
}

TEST_F(TrialLedgerTest, names_what_was_tried_on_other_data_that_ended_no_later) {
    TrialLedger ledger{path(), now_};
    const auto put = [&](const TrialData& data, const NewTrial& one) {
        ledger.add(data, {&one, 1}, now_);
    };
    put(days({"A"}, 0, 10), trial("before", 1));
    put(days({"A"}, 5, 20), trial("overlapping", 2));
    put(days({"A"}, 10, 20), trial("the same data", 3));
    put(days({"A"}, 0, 21), trial("later", 4));
    NewTrial window = trial("window", 5);
    window.kind = TrialKind::kWindow;
    put(days({"A"}, 0, 10), window);
    NewTrial champion = trial("champion", 6);
    champion.set.clear();
    put(days({"A"}, 0, 10), champion);
    NewTrial other = trial("other keys", 7);
    other.set = {{"strategy[0].slow", "5"}};
    put(days({"A"}, 0, 10), other);
    const auto sharpes = [&](const TrialLedger& of) {
        std::vector<double> out;
        for (const EarlierTrial& one : of.earlier(days({"A"}, 10, 20), {"strategy[0].fast"})) {
            EXPECT_EQ(one.values, (std::vector<std::string>{"5"}));
            out.push_back(one.result.sharpe);
        }
        return out;
    };
    EXPECT_EQ(sharpes(ledger), (std::vector<double>{1, 2}));
}

TEST(TrialText, comes_back_as_it_went) {
    const TrialResult went = trial("one", 1.0 / 3).result;
    const TrialResult came = trial_of(trial_text(went));
    EXPECT_EQ(came.sharpe, went.sharpe);
    EXPECT_EQ(came.returns, went.returns);
    EXPECT_EQ(came.profit, went.profit);
    EXPECT_TRUE(std::isnan(came.win_rate));
    EXPECT_EQ(trial_text(came), trial_text(went));
    EXPECT_THROW((void)trial_of("{}"), std::invalid_argument);
}

}  // namespace
}  // namespace sluice::research
