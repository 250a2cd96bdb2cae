// What stops trading is kept over restarts, and what cannot be read stops it too.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <sluice/adapters/control/state_folder.hpp>

namespace sluice::tests::risk {
namespace {

using namespace adapters::control;
using pipeline::HaltReason;
namespace fs = std::filesystem;

class StateFolderTest : public testing::Test {
  protected:
    StateFolderTest()
        : path_(fs::temp_directory_path() /
                ("sluice-state-" + std::to_string(::getpid()) + "-" +
                 testing::UnitTest::GetInstance()->current_test_info()->name())) {
        fs::remove_all(path_);
    }
    ~StateFolderTest() override { fs::remove_all(path_); }
    fs::path path_;
};

core::Money money(std::int64_t units, std::int64_t raw = 0) {
    return core::Money::from_units(units) + core::Money::from_raw(raw);
}

RiskState sample() {
    RiskState state;
    state.session = "2024-01-02-live";
    state.stream_ns = 1'700'000'000'000'000'123;
    state.add(HaltReason::kOperator, "ACME", "earnings \"tonight\"", 17);
    state.add(HaltReason::kKill, "", "signal", 18);
    state.equity = money(-5, -3);
    state.day_start = RiskState::Level{money(100'000, 1), true};
    state.peak = RiskState::Level{money(1'234'567'890'123, 99'999'999'999'999'999), false};
    state.window = RiskState::Level{money(0, -1), true};
    state.day_peaks = {{19'700, money(5)}, {19'701, money(6, 7)}};
    return state;
}

TEST_F(StateFolderTest, keeps_every_hold_and_every_level_exactly) {
    const StateFolder folder{path_};
    EXPECT_EQ(folder.load(), RiskState{}) << "nothing is held at first";
    folder.save(sample());
    EXPECT_EQ(folder.load(), sample());
}

TEST_F(StateFolderTest, each_changed_byte_of_its_file_is_found_and_refused) {
    const StateFolder folder{path_};
    folder.save(sample());
    const std::string good = *read_whole(folder.state_file());
    std::size_t accepted = 0;
    for (std::size_t i = 0; i < good.size(); ++i) {
        std::string bad = good;
        bad[i] = static_cast<char>(bad[i] ^ 1);
        std::ofstream{folder.state_file()} << bad;
        try {
            const RiskState read = folder.load();
            EXPECT_EQ(read, sample()) << "byte " << i;  // space between two words may change
            ++accepted;
        } catch (const ControlError& error) {
            EXPECT_THAT(error.what(), testing::HasSubstr("risk.json is damaged"));
            EXPECT_THAT(error.what(), testing::HasSubstr("move it away"));
        }
    }
    EXPECT_LT(accepted, good.size() / 20);
}

TEST_F(StateFolderTest, a_file_cut_short_anywhere_is_refused) {
    const StateFolder folder{path_};
    folder.save(sample());
    const std::string good = *read_whole(folder.state_file());
    for (std::size_t i = 0; i + 2 < good.size(); ++i) {
        std::ofstream{folder.state_file()} << good.substr(0, i);
        EXPECT_THROW((void)folder.load(), ControlError) << i << " bytes";
    }
}

TEST_F(StateFolderTest, is_held_by_one_session_at_a_time) {
    StateFolder one{path_};
    StateFolder two{path_};
    EXPECT_TRUE(one.try_lock());
    EXPECT_FALSE(two.try_lock());
    one.unlock();
    EXPECT_TRUE(two.try_lock());
}

TEST_F(StateFolderTest, the_stop_file_stops_whatever_is_in_it) {
    const StateFolder folder{path_};
    EXPECT_FALSE(folder.emergency_stop());
    std::ofstream{folder.stop_file()};
    EXPECT_EQ(folder.emergency_stop(), "");
    folder.make_emergency_stop("fat finger\nmore");
    EXPECT_EQ(folder.emergency_stop(), "fat finger");
    fs::remove(folder.stop_file());
    fs::create_directory(folder.stop_file());
    EXPECT_TRUE(folder.emergency_stop()) << "not even a file";
}

TEST_F(StateFolderTest, becomes_the_events_that_the_next_session_begins_with) {
    pipeline::InstrumentTable instruments(2);
    instruments[1].symbol = "ACME";
    const auto events = sample().events(instruments, true);
    ASSERT_EQ(events.size(), 8U);
    EXPECT_EQ(events[0].kind(), pipeline::EventKind::kHalt);
    EXPECT_EQ(events[0].symbol(), core::SymbolId{1});
    EXPECT_EQ(events[1].halt_reason(), HaltReason::kKill);
    EXPECT_EQ(events[2].risk_item(), pipeline::RiskItem::kEquity);
    EXPECT_EQ(sample().events(instruments, false).size(), 7U) << "a new day: no daily loss";
    EXPECT_EQ(sample().events({}, true).size(), 7U) << "an instrument that is not traded";
}

TEST_F(StateFolderTest, the_window_keeps_so_many_days) {
    RiskState state;
    for (std::int64_t day = 100; day < 200; ++day)
        state.note(pipeline::Event::risk_mark({}, {}, pipeline::EventKind::kRiskMark,
                                              pipeline::RiskItem::kDayPeak,
                                              {pipeline::PackedMoney{money(day)}, day, 0, 0}),
                   30);
    EXPECT_EQ(state.day_peaks.size(), 30U);
    EXPECT_EQ(state.day_peaks.begin()->first, 170);
}

}  // namespace
}  // namespace sluice::tests::risk
