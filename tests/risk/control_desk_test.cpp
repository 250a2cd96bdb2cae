// The operator at a running session's desk, and at a folder where none runs.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sluice/adapters/control/control_client.hpp>
#include <sluice/adapters/control/control_desk.hpp>

namespace sluice::tests::risk {
namespace {

using namespace adapters::control;
using pipeline::Event;
using pipeline::EventKind;
using pipeline::HaltReason;
using pipeline::RiskItem;
namespace fs = std::filesystem;

class ControlDeskTest : public testing::Test {
  protected:
    ControlDeskTest()
        : path_(fs::temp_directory_path() /
                ("sluice-desk-" + std::to_string(::getpid()) + "-" +
                 testing::UnitTest::GetInstance()->current_test_info()->name())) {
        fs::remove_all(path_);
        instruments_.resize(2);
        instruments_[0].symbol = "ACME";
        instruments_[1].symbol = "BOLT";
    }
    ~ControlDeskTest() override {
        desk_.reset();
        folder_.reset();
        fs::remove_all(path_);
    }
    void open() {
        folder_ = std::make_unique<StateFolder>(path_);
        ASSERT_TRUE(folder_->try_lock());
        desk_ = std::make_unique<ControlDesk>(
            *folder_, folder_->load(), instruments_, inbox_,
            DeskOptions{"session", 30, &signal_,
                        [this](const std::string& text) { said_ = text; }});
    }
    void shut() {
        desk_->close();
        desk_.reset();
        folder_.reset();
    }
    // The next event that was posted; it is waited for.
    Event posted() {
        std::vector<Event> events;
        while (events.empty()) {
            inbox_.take(core::StreamTime{}, [&](Event& event) { events.push_back(event); });
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
        EXPECT_EQ(events.size(), 1U);
        return events.front();
    }
    CommandResult operate(const auto& what) {
        StateFolder folder{path_};
        return what(folder);
    }

    fs::path path_;
    pipeline::InstrumentTable instruments_;
    pipeline::OperatorInbox inbox_;
    std::atomic<bool> signal_{false};
    std::string said_;
    std::unique_ptr<StateFolder> folder_;
    std::unique_ptr<ControlDesk> desk_;
};

TEST_F(ControlDeskTest, a_halt_and_its_resume_reach_the_session_and_the_file) {
    open();
    const auto done = operate([](StateFolder& f) { return hold(f, "", "lunch"); });
    EXPECT_TRUE(done.live);
    Event event = posted();
    EXPECT_EQ(event.kind(), EventKind::kHalt);
    EXPECT_EQ(event.halt_reason(), HaltReason::kOperator);
    EXPECT_EQ(event.symbol(), core::kNoSymbol);
    ASSERT_EQ(folder_->load().holds.size(), 1U);
    EXPECT_EQ(folder_->load().holds.front().text, "lunch");
    EXPECT_THROW(operate([](StateFolder& f) { return resume(f, "zzzz"); }), ControlError);
    operate([&](StateFolder& f) { return resume(f, done.id); });
    event = posted();
    EXPECT_EQ(event.kind(), EventKind::kResume);
    EXPECT_TRUE(folder_->load().holds.empty());
}

TEST_F(ControlDeskTest, a_pause_names_its_instrument_and_survives_the_session) {
    open();
    operate([](StateFolder& f) { return hold(f, "BOLT", "news"); });
    EXPECT_EQ(posted().symbol(), core::SymbolId{1});
    shut();
    EXPECT_EQ(StateFolder{path_}.load().holds.front().symbol, "BOLT");
}

TEST_F(ControlDeskTest, where_no_session_runs_the_next_one_is_told) {
    const auto done = operate([](StateFolder& f) { return hold(f, "ACME", ""); });
    EXPECT_FALSE(done.live);
    EXPECT_EQ(StateFolder{path_}.load().holds.size(), 1U);
    operate([&](StateFolder& f) { return resume(f, done.id); });
    EXPECT_TRUE(StateFolder{path_}.load().holds.empty());
}

TEST_F(ControlDeskTest, the_stop_file_kills_and_cannot_be_undone_while_it_is_there) {
    open();
    std::ofstream{path_ / "EMERGENCY_STOP"} << "by hand\n";
    const Event event = posted();
    EXPECT_EQ(event.kind(), EventKind::kHalt);
    EXPECT_EQ(event.halt_reason(), HaltReason::kKill);
    const auto done =
        operate([](StateFolder& f) { return emergency_stop(f, "again", std::chrono::seconds{5}); });
    EXPECT_THROW(operate([&](StateFolder& f) { return resume(f, done.id); }), ControlError);
    fs::remove(path_ / "EMERGENCY_STOP");
    operate([&](StateFolder& f) { return resume(f, done.id); });
    EXPECT_EQ(posted().kind(), EventKind::kResume);
}

TEST_F(ControlDeskTest, the_signal_kills_and_stays_killed_over_a_restart) {
    open();
    signal_ = true;
    EXPECT_EQ(posted().halt_reason(), HaltReason::kKill);
    shut();
    const RiskState state = StateFolder{path_}.load();
    ASSERT_EQ(state.holds.size(), 1U);
    EXPECT_EQ(state.holds.front().reason, HaltReason::kKill);
    EXPECT_EQ(state.holds.front().text, "signal");
    EXPECT_EQ(state.events(instruments_, true).front().halt_reason(), HaltReason::kKill);
}

TEST_F(ControlDeskTest, a_drawdown_reached_is_a_hold_that_can_be_lifted_by_its_id) {
    open();
    const auto mark = [](RiskItem item, std::int64_t units, bool breached) {
        return Event::risk_mark(
            {}, {}, EventKind::kRiskMark, item,
            {pipeline::PackedMoney{core::Money::from_units(units)}, 0, breached ? 1U : 0U, 0});
    };
    desk_->take(mark(RiskItem::kEquity, 80, false));
    desk_->take(mark(RiskItem::kPeak, 100, true));
    shut();
    const RiskState state = StateFolder{path_}.load();
    ASSERT_EQ(state.holds.size(), 1U);
    EXPECT_EQ(state.holds.front().reason, HaltReason::kDrawdown);
    operate([&](StateFolder& f) { return resume(f, state.holds.front().id); });
    EXPECT_EQ(StateFolder{path_}.load().peak->value, core::Money::from_units(80));
    open();
    desk_->take(mark(RiskItem::kPeak, 100, true));
    desk_->take(mark(RiskItem::kPeak, 100, false));
    shut();
    EXPECT_TRUE(StateFolder{path_}.load().holds.empty()) << "it has recovered";
}

TEST_F(ControlDeskTest, a_stop_does_not_wait_for_a_disk_that_hangs) {
    open();
    // Where the next state is written there is a pipe that nobody reads: opening it hangs.
    const fs::path hangs =
        folder_->state_file().string() + "." + std::to_string(::getpid()) + ".tmp";
    ASSERT_EQ(::mkfifo(hangs.c_str(), 0600), 0);
    desk_->take(Event::risk_mark({}, {}, EventKind::kRiskMark, RiskItem::kEquity,
                                 {pipeline::PackedMoney{core::Money::from_units(1)}, 0, 0, 0}));
    std::this_thread::sleep_for(20 * ControlDesk::kEvery);
    std::ofstream{path_ / "EMERGENCY_STOP"} << "now\n";
    EXPECT_EQ(posted().halt_reason(), HaltReason::kKill);
    EXPECT_TRUE(StateFolder{path_}.load().holds.empty()) << "the disk did not hang";
    const int reader = ::open(hangs.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ASSERT_GE(reader, 0);
    fs::remove(hangs);
    while (StateFolder{path_}.load().holds.empty())
        std::this_thread::sleep_for(ControlDesk::kEvery);
    ::close(reader);
}

TEST_F(ControlDeskTest, a_folder_that_cannot_be_written_is_found_out_at_the_start) {
    folder_ = std::make_unique<StateFolder>(path_);
    fs::create_directory(folder_->state_file());  // where the file should be
    EXPECT_THROW(ControlDesk(*folder_, {}, instruments_, inbox_, {"session", 30, nullptr, nullptr}),
                 ControlError);
}

}  // namespace
}  // namespace sluice::tests::risk
