#include "order_scene.hpp"

#include <algorithm>
#include <array>

namespace sluice::proofs {

using pipeline::Event;
using pipeline::EventKind;
using pipeline::ExecKind;
using pipeline::HaltReason;
using pipeline::Money;
using pipeline::Nanos;
using pipeline::OrderId;
using pipeline::OrderType;
using pipeline::Price;
using pipeline::Quantity;
using pipeline::RejectReason;
using pipeline::Settings;
using pipeline::StreamTime;
using pipeline::SymbolId;
using pipeline::TimeInForce;

namespace {

constexpr SymbolId kSymbol{0};
constexpr Quantity kLimit = Quantity::from_units(2);
constexpr std::array<Quantity, 3> kWanted{Quantity{}, kLimit, -kLimit};
constexpr Quantity kOne = Quantity::from_units(1);
constexpr Nanos kSecond{1'000'000'000};
constexpr OrderId kStranger{1'000'000'000};
constexpr std::uint8_t kImpossibleCount = 5;
constexpr std::size_t kLiveMost = 4;  // whose fills and ends are told apart

Price cents(std::int64_t n) { return Price::from_raw(n * (Price::kScale / 100)); }

// Limit orders that follow the price, and what expired is tried again: every command there is.
Settings explored_settings(bool brackets) {
    Settings s;
    if (brackets) {
        s.bracket.stop_loss_bps = 100;
        s.bracket.take_profit_bps = 100;
    }
    s.account.capital = Money::from_units(1'000'000);
    s.risk.max_position = kLimit;
    s.risk.daily_loss = Money::from_units(1'000'000);
    s.risk.max_orders_per_second = 1'000;
    s.risk.require_funds = false;
    s.execution.order_type = OrderType::kLimit;
    s.execution.time_in_force = TimeInForce::kDay;
    s.execution.reprice_after = kSecond;
    s.execution.retry_after = kSecond;
    s.execution.max_open_orders = 8;
    s.report.equity_every = Nanos{INT64_MAX / 2};
    return s;
}

Event report_of(StreamTime now, OrderId id, ExecKind kind, Price price = {},
                Quantity quantity = {}) {
    return Event::report(now, kSymbol, kind, RejectReason::kNone, {id, price, quantity, {}});
}

}  // namespace

std::string describe(Step step) {
    constexpr std::array<const char*, kActCount> kNames{
        "wanted: ",
        "time passes, the price moves",
        "the venue does what it is told",
        "the venue refuses what it is told",
        "the venue fills one unit of order ",
        "the venue fills the rest of order ",
        "the venue lets expire order ",
        "the venue cancels unasked order ",
        "the next report is handed over",
        "a fill is handed over before its acceptance",
        "the next report is handed over twice",
        "the connection breaks",
        "the connection is back",
        "an impossible report: ",
        "the kill switch",
        "the kill switch is released"};
    constexpr std::array<const char*, kImpossibleCount> kImpossible{
        "a fill of an order nobody knows", "more filled than ordered", "replaced, unasked",
        "accepted again", "rejected after it was accepted"};
    std::string out = kNames[static_cast<std::size_t>(step.act)];
    switch (step.act) {
        case Act::kWant: out += std::to_string(kWanted[step.argument].raw() / kOne.raw()); break;
        case Act::kFill:
        case Act::kFillAll:
        case Act::kExpire:
        case Act::kDrop: out += std::to_string(step.argument + 1) + " of the live ones"; break;
        case Act::kImpossible: out += kImpossible[step.argument]; break;
        default: break;
    }
    return out;
}

OrderScene::OrderScene(const MakeOrderEngine& make, OrderRuleSet rules, bool brackets)
    : make_(make), settings_(explored_settings(brackets)), watch_(rules, kLimit, brackets) {
    restart();
}

void OrderScene::restart() {
    engine_ = make_(settings_);
    venue_.clear();
    watch_.clear();
    wanted_ = 0;
    high_ = false;
    down_ = false;
    killed_ = false;
    now_ = core::time_from_ns<StreamTime>(kSecond.count());
    feed(Event::trade(now_, kSymbol, {cents(10'000), kOne, 0, 0, 0}));
}

void OrderScene::list(bool rare, std::vector<Step>& out) const {
    out.clear();
    const auto add = [&](Act act, std::uint8_t arguments) {
        for (std::uint8_t i = 0; i < arguments; ++i) {
            const Step step{act, i};
            if (possible(step)) out.push_back(step);
        }
    };
    add(Act::kWant, kWanted.size());
    for (const Act act : {Act::kBeat, Act::kObey, Act::kRefuse}) add(act, 1);
    for (const Act act : {Act::kFill, Act::kFillAll, Act::kExpire, Act::kDrop}) add(act, kLiveMost);
    for (const Act act :
         {Act::kDeliver, Act::kOvertake, Act::kDeliverTwice, Act::kDisconnect, Act::kReconnect})
        add(act, 1);
    if (!rare) return;
    add(Act::kImpossible, kImpossibleCount);
    for (const Act act : {Act::kKill, Act::kRelease}) add(act, 1);
}

bool OrderScene::possible(Step step) const {
    const std::size_t at = step.argument;
    const auto& live = venue_.live();
    const auto& reports = venue_.reports();
    switch (step.act) {
        case Act::kWant: return at != wanted_;
        case Act::kBeat: return true;
        case Act::kObey:
        case Act::kRefuse: return !down_ && venue_.has_command();
        case Act::kFill: return at < live.size() && venue_.most(live[at]) > kOne;
        case Act::kFillAll:
        case Act::kExpire:
        case Act::kDrop: return at < live.size();
        case Act::kDeliver: return !down_ && venue_.has_report();
        case Act::kOvertake:
            return !down_ && reports.size() > 1 && reports[0].exec_kind() == ExecKind::kAccepted &&
                   reports[1].exec_kind() == ExecKind::kFill &&
                   reports[0].report().order == reports[1].report().order;
        case Act::kDeliverTwice:
            // Executions carry a number of the venue's, by which the door drops the second.
            return !down_ && venue_.has_report() && reports[0].exec_kind() != ExecKind::kFill;
        case Act::kDisconnect: return !down_;
        case Act::kReconnect: return down_;
        case Act::kImpossible: {
            const OrderWatch::Order* order = watch_.any_open();
            if (at == 0) return true;
            if (order == nullptr) return false;
            return at == 1 || (at == 2 ? !order->replacing : order->accepted);
        }
        case Act::kKill: return !killed_;
        case Act::kRelease: return killed_;
    }
    return false;
}

bool OrderScene::apply(Step step) {
    if (!possible(step)) return false;
    now_ += Nanos{1'000'000};
    perform(step);
    return true;
}

void OrderScene::perform(Step step) {
    const std::size_t at = step.argument;
    switch (step.act) {
        case Act::kWant: return want(at);
        case Act::kBeat: return beat();
        case Act::kObey: return venue_.obey(now_);
        case Act::kRefuse: return venue_.refuse(now_);
        case Act::kFill: return venue_.fill(at, kOne, now_);
        case Act::kFillAll: return venue_.fill(at, venue_.most(venue_.live()[at]), now_);
        case Act::kExpire: return venue_.end(at, ExecKind::kExpired, now_);
        case Act::kDrop: return venue_.end(at, ExecKind::kCancelled, now_);
        case Act::kDeliver: return deliver(0);
        case Act::kOvertake: return deliver(1);
        case Act::kDeliverTwice: {
            const Event report = venue_.reports().front();
            deliver(0);
            return feed(report);
        }
        case Act::kDisconnect:
            down_ = true;
            return hold(EventKind::kHalt, HaltReason::kOrderSession);
        case Act::kReconnect:
            down_ = false;
            return hold(EventKind::kResume, HaltReason::kOrderSession);
        case Act::kImpossible: return say_impossible(step.argument);
        case Act::kKill: killed_ = true; return hold(EventKind::kHalt, HaltReason::kKill);
        case Act::kRelease: killed_ = false; return hold(EventKind::kResume, HaltReason::kKill);
    }
}

// What the engine says to it goes on the line; where that is down, what would open something comes
// back at once, as the live sequencer has it, and a cancel waits.
void OrderScene::feed(const Event& event) {
    const std::size_t first = leaving_.size();
    said_.clear();
    watch_.before(event, *engine_);
    engine_->take(event, said_);
    watch_.after(*engine_, said_);
    leaving_.insert(leaving_.end(), said_.commands.begin(), said_.commands.end());
    for (std::size_t i = first; i < leaving_.size(); ++i) {
        const Event command = leaving_[i];
        if (down_ && command.kind() == EventKind::kApproved) {
            feed(report_of(now_, command.approved().id(),
                           command.approved().is_replacement() ? ExecKind::kReplaceRejected
                                                               : ExecKind::kRejected));
        } else {
            venue_.take(command);
        }
    }
    leaving_.resize(first);
}

void OrderScene::deliver(std::size_t index) { feed(venue_.pop_report(index)); }

void OrderScene::want(std::size_t index) {
    wanted_ = index;
    feed(Event::intent(Event::timer(now_, EventKind::kBeat), kSymbol, {kWanted[index], 1.0}));
}

void OrderScene::beat() {
    now_ += 2 * kSecond;
    high_ = !high_;
    feed(Event::trade(now_, kSymbol, {cents(high_ ? 10'001 : 10'000), kOne, 0, 0, 0}));
    feed(Event::timer(now_, EventKind::kBeat));
}

void OrderScene::hold(EventKind kind, HaltReason reason) { feed(Event::halt(now_, kind, reason)); }

void OrderScene::say_impossible(std::uint8_t which) {
    const OrderWatch::Order* order = watch_.any_open();
    const OrderId id = which == 0 || order == nullptr ? kStranger : order->id;
    constexpr std::array<ExecKind, kImpossibleCount> kKinds{
        ExecKind::kFill, ExecKind::kFill, ExecKind::kReplaced, ExecKind::kAccepted,
        ExecKind::kRejected};
    feed(report_of(now_, id, kKinds[which], cents(10'000),
                   which == 0 ? kOne : Quantity::from_units(100)));
}

bool OrderScene::settle() {
    for (int round = 0; round < 1'000; ++round) {
        if (broken()) return true;
        if (venue_.has_command()) {
            venue_.obey(now_);
        } else if (venue_.has_report()) {
            deliver(0);
        } else if (const auto at =
                       std::find_if(venue_.live().begin(), venue_.live().end(),
                                    [](const ModelVenue::Order& order) { return !order.leg; });
                   at != venue_.live().end()) {
            venue_.fill(static_cast<std::size_t>(at - venue_.live().begin()), venue_.most(*at),
                        now_);
        } else {
            return true;
        }
    }
    return false;
}

void OrderScene::finish() {
    if (down_) perform({Act::kReconnect});
    if (killed_) perform({Act::kRelease});
    bool settled = settle();
    beat();
    settled = settle() && settled;
    want(wanted_ == 1 ? 0 : 1);
    settled = settle() && settled;
    if (broken()) return;
    Quantity stopped;
    for (const ModelVenue::Order& order : venue_.live()) {
        if (order.stop) stopped += order.leaves();
    }
    watch_.at_rest(*engine_, settled ? kWanted[wanted_] : Quantity::max(), venue_.position(),
                   stopped);
}

}  // namespace sluice::proofs
