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
        signals_.strategies.resize(1);  // a trend of 10 and 30 bars
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
            DeskOptions{"session", 30, &signal_, [this](const std::string& text) { said_ = text; },
                        [this](const std::string& text) { noted_ = text; }, signals_});
    }
    void shut() {
        desk_->close();
        desk_.reset();
        folder_.reset();
    }
    // The next event that was posted; it is waited for.
    Event posted() {
        const std::vector<Event> events = posted(1);
        EXPECT_EQ(events.size(), 1U);
        return events.front();
    }
    std::vector<Event> posted(std::size_t count) {
        std::vector<Event> events;
        while (events.size() < count) {
            inbox_.take(core::StreamTime{}, [&](Event& event) { events.push_back(event); });
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
        return events;
    }
    CommandResult set_all(const std::vector<std::string>& texts) {
        std::vector<ParameterSetting> settings;
        for (const std::string& text : texts) settings.push_back(parse_setting(text));
        return operate([&](StateFolder& f) { return set(f, settings, "drill"); });
    }
    std::string refusal_of(const std::vector<std::string>& texts) {
        try {
            (void)set_all(texts);
        } catch (const ControlError& error) {
            return error.what();
        }
        return "done";
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
    std::string noted_;
    pipeline::SignalSettings signals_;
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

TEST_F(ControlDeskTest, a_parameter_that_is_set_reaches_the_session) {
    open();
    const auto done = set_all({"trend.fast=5"});
    EXPECT_TRUE(done.live);
    EXPECT_EQ(done.text, "trend.fast from 10 to 5");
    const Event event = posted();
    ASSERT_EQ(event.kind(), EventKind::kParameter);
    EXPECT_EQ(event.parameter().strategy, 0U);
    EXPECT_EQ(event.parameter().parameter, 0U);
    EXPECT_EQ(event.parameter().value, 5.0);
    EXPECT_EQ(set_all({"trend.weight=0.5"}).text, "trend.weight from 1.0 to 0.5");
    EXPECT_EQ(posted().parameter().parameter, pipeline::kWeightParameter);
    desk_->close();
    EXPECT_EQ(noted_, "parameters set by the operator: trend.weight from 1.0 to 0.5 (drill)");
    EXPECT_EQ(said_, "");
}

TEST_F(ControlDeskTest, a_parameter_out_of_its_declaration_is_refused_with_what_would_be_right) {
    open();
    EXPECT_EQ(refusal_of({"trent.fast=5"}),
              "trent.fast: no strategy is named 'trent'; write trend; nothing was changed");
    EXPECT_EQ(refusal_of({"trend.speed=5"}),
              "trend.speed: 'speed' is no parameter of kind trend_following; write fast, slow or "
              "weight; nothing was changed");
    EXPECT_EQ(refusal_of({"trend.slow=513"}),
              "trend.slow: slow of 'trend' takes whole numbers from 2 to 512, not 513.000000; "
              "nothing was changed");
    EXPECT_THAT(refusal_of({"trend.fast=30"}), testing::HasSubstr("smaller than slow, 30"));
    EXPECT_THAT(refusal_of({"risk.daily_loss=1"}), testing::HasSubstr("no strategy is named"));
    EXPECT_FALSE(inbox_.waiting());
}

TEST_F(ControlDeskTest, parameters_are_set_all_or_none_each_after_the_one_before) {
    open();
    EXPECT_THAT(refusal_of({"trend.weight=2", "trend.fast=40", "trend.slow=50"}),
                testing::HasSubstr("nothing was changed"));
    EXPECT_FALSE(inbox_.waiting());
    EXPECT_EQ(set_all({"trend.slow=50", "trend.fast=40"}).text,
              "trend.slow from 30 to 50, trend.fast from 10 to 40");
    const auto events = posted(2);
    EXPECT_EQ(events[0].parameter().value, 50.0);
    EXPECT_EQ(events[1].parameter().value, 40.0);
}

TEST_F(ControlDeskTest, a_parameter_is_held_against_what_the_stream_has_changed) {
    open();
    pipeline::ParameterChange change;
    change.parameter = 1;
    change.value = 12;  // planned: the slow average
    desk_->take(Event::parameter({}, change));
    change.value = 9'999;  // and one that the stage refuses
    desk_->take(Event::parameter({}, change));
    EXPECT_THAT(refusal_of({"trend.fast=13"}), testing::HasSubstr("smaller than slow, 12"));
    EXPECT_EQ(set_all({"trend.fast=7"}).text, "trend.fast from 10 to 7");
}

TEST_F(ControlDeskTest, parameters_of_no_session_are_not_set) {
    EXPECT_THAT(refusal_of({"trend.fast=5"}), testing::HasSubstr("no session runs"));
    EXPECT_TRUE(fs::is_empty(path_ / "commands"));
}

TEST_F(ControlDeskTest, a_command_that_cannot_be_read_is_answered_and_changes_nothing) {
    open();
    for (const char* command :
         {"{\"verb\":\"set\"}", "{\"verb\":\"set\",\"changes\":[{\"strategy\":1}]}", "{\"verb\":7}",
          "set", "{\"verb\":\"set\",\"changes\":7}"}) {
        write_whole(path_ / "commands" / "odd.command", command, false);
        std::optional<std::string> answer;
        while (!(answer = read_whole(path_ / "commands" / "odd.answer")))
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        fs::remove(path_ / "commands" / "odd.answer");
        EXPECT_THAT(*answer, testing::HasSubstr("\"done\":false")) << command;
    }
    EXPECT_FALSE(inbox_.waiting());
}

TEST(ParameterSetting, is_read_from_its_last_dot_and_sign_of_equality) {
    const ParameterSetting plain = parse_setting("trend.fast=5");
    EXPECT_EQ(plain.strategy, "trend");
    EXPECT_EQ(plain.parameter, "fast");
    EXPECT_EQ(plain.value, 5.0);
    const ParameterSetting odd = parse_setting("a=b.c d.exit=-0.25");
    EXPECT_EQ(odd.strategy, "a=b.c d");
    EXPECT_EQ(odd.parameter, "exit");
    EXPECT_EQ(odd.value, -0.25);
    for (const char* bad :
         {"", "trend", "trend.fast", "trend.fast=", "trend=5", ".fast=5", "trend.=5",
          "trend.fast=five", "trend.fast=5x", "trend.fast=nan", "trend.fast=inf", "trend.fast= 5"})
        EXPECT_THROW((void)parse_setting(bad), ControlError) << bad;
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
