#include "explain_text.hpp"

#include <iomanip>
#include <ostream>

#include <sluice/adapters/run_folder/text.hpp>
#include <sluice/core/decimal.hpp>
#include <sluice/proofs/decision.hpp>

namespace sluice::tools {

namespace {

using adapters::run_folder::shortest;
using adapters::run_folder::timeframe_name;
using core::to_string;
using nlohmann::ordered_json;
using pipeline::Event;
using pipeline::EventKind;
using proofs::iso_time;

std::string tick_text(const Event& tick) {
    if (tick.kind() == EventKind::kTrade)
        return "trade of " + to_string(tick.trade().quantity) + " at " +
               to_string(tick.trade().price);
    const pipeline::Quote& quote = tick.quote();
    return "quote " + to_string(quote.bid_size) + " x " + to_string(quote.bid) + " / " +
           to_string(quote.ask) + " x " + to_string(quote.ask_size);
}

std::string cause_text(const Event& event) {
    switch (event.kind()) {
        case EventKind::kTrade:
        case EventKind::kQuote: return tick_text(event);
        case EventKind::kBeat: return "beat of the clock";
        case EventKind::kDayStart: return "start of the day";
        case EventKind::kSessionOpen: return "the session opens";
        case EventKind::kSessionClose: return "the session closes";
        case EventKind::kResume: return "entries go on";
        case EventKind::kStop: return "stop of the run";
        default: return proofs::describe_decision(event, {});
    }
}

std::span<const Event> last(const std::vector<Event>& events, std::size_t most) {
    return std::span(events).last(std::min(events.size(), most));
}

std::uint64_t number(const Event& event) { return static_cast<std::uint64_t>(event.sequence()); }

ordered_json tick_json(const Event& tick) {
    ordered_json out{{"time", iso_time(tick.time())}, {"sequence", number(tick)}};
    if (tick.kind() == EventKind::kTrade) {
        out["kind"] = "trade";
        out["price"] = to_string(tick.trade().price);
        out["quantity"] = to_string(tick.trade().quantity);
        return out;
    }
    out["kind"] = "quote";
    out["bid"] = to_string(tick.quote().bid);
    out["bid_size"] = to_string(tick.quote().bid_size);
    out["ask"] = to_string(tick.quote().ask);
    out["ask_size"] = to_string(tick.quote().ask_size);
    return out;
}

ordered_json bar_json(const Event& bar) {
    return {{"end", iso_time(bar.time())},         {"open", to_string(bar.bar().open)},
            {"high", to_string(bar.bar().high)},   {"low", to_string(bar.bar().low)},
            {"close", to_string(bar.bar().close)}, {"volume", to_string(bar.bar().volume)}};
}

ordered_json quote_json(const Event& event) {
    const pipeline::QuoteIntent& quote = event.quote_intent();
    return {{"time", iso_time(event.time())},        {"sequence", number(event)},
            {"mid", to_string(quote.mid)},           {"half_spread", to_string(quote.half_spread)},
            {"size", to_string(quote.size)},         {"max_inventory", to_string(quote.most)},
            {"skew", quote.skew_permille / 1'000.0}, {"requote_ticks", quote.requote_ticks}};
}

std::string bars_name(const proofs::StrategyRow& row) {
    return row.activity.empty() ? timeframe_name(row.timeframe) : row.activity;
}

ordered_json strategy_json(const proofs::StrategyRow& row) {
    ordered_json bars = ordered_json::array();
    for (const Event& bar : row.bars) bars.push_back(bar_json(bar));
    return {{"name", row.name},           {"kind", row.kind},         {"timeframe", bars_name(row)},
            {"weight", row.weight},       {"strength", row.strength}, {"ready", row.ready},
            {"bars_seen", row.bars_seen}, {"bars", std::move(bars)}};
}

}  // namespace

std::string hexadecimal(const pipeline::CommandBytes& command) {
    constexpr const char* kDigits = "0123456789abcdef";
    std::string out;
    for (const std::uint8_t byte : command) {
        out += kDigits[byte >> 4U];
        out += kDigits[byte & 15U];
    }
    return out;
}

std::string command_text(const pipeline::CommandBytes& command) {
    constexpr const char* kKinds[] = {"opens", "replaces", "cancels"};
    std::uint64_t time = 0;
    for (std::size_t i = 8; i-- > 0;) time = time << 8U | command[i];
    return std::string(kKinds[command[45] % 3]) + " " +
           iso_time(core::time_from_ns<core::StreamTime>(static_cast<std::int64_t>(time)));
}

ordered_json trail_json(const proofs::OrderTrail& trail,
                        const pipeline::InstrumentTable& instruments, std::size_t ticks_shown) {
    const pipeline::ApprovedOrder& order = trail.order.approved();
    ordered_json limits = ordered_json::array();
    for (const proofs::LimitRow& row : trail.limits)
        limits.push_back({{"key", row.key}, {"observed", row.observed}, {"limit", row.limit}});
    ordered_json strategies = ordered_json::array();
    for (const proofs::StrategyRow& row : trail.strategies)
        strategies.push_back(strategy_json(row));
    ordered_json ticks = ordered_json::array();
    for (const Event& tick : last(trail.ticks, ticks_shown)) ticks.push_back(tick_json(tick));
    ordered_json intent = nullptr;
    if (trail.intent)
        intent = {{"time", iso_time(trail.intent->time())},
                  {"sequence", number(*trail.intent)},
                  {"target", to_string(trail.intent->intent().target)},
                  {"score", trail.intent->intent().score},
                  {"confidence", trail.intent->intent().confidence},
                  {"agreement", trail.intent->intent().agreement},
                  {"behind", trail.intent->intent().behind},
                  {"age", trail.intent->intent().age},
                  {"regime", to_string(trail.intent->intent().regime)},
                  {"parameter_version", trail.intent->intent().parameter_version}};
    ordered_json quote = nullptr;
    if (trail.quote) quote = quote_json(*trail.quote);
    ordered_json cause = nullptr;
    if (trail.cause)
        cause = {{"time", iso_time(trail.cause->time())},
                 {"sequence", number(*trail.cause)},
                 {"what", cause_text(*trail.cause)}};
    return {{"order",
             {{"id", static_cast<std::uint64_t>(order.id())},
              {"time", iso_time(trail.order.time())},
              {"sequence", number(trail.order)},
              {"symbol", proofs::symbol_of(trail.order, instruments)},
              {"side", to_string(order.side())},
              {"quantity", to_string(order.quantity())},
              {"type", to_string(order.type())},
              {"time_in_force", to_string(order.time_in_force())},
              {"limit_price", order.limit().is_zero() ? "" : to_string(order.limit())}}},
            {"books",
             {{"position", to_string(trail.books.position)},
              {"mark", to_string(trail.books.mark)},
              {"cash", to_string(trail.books.cash)},
              {"equity", to_string(trail.books.equity)},
              {"gross_exposure", to_string(trail.books.gross_exposure)}}},
            {"limits", std::move(limits)},
            {"intent", std::move(intent)},
            {"quote", std::move(quote)},
            {"cause", std::move(cause)},
            {"strategies", std::move(strategies)},
            {"ticks_behind", trail.ticks.size()},
            {"ticks", std::move(ticks)}};
}

void print_trail(std::ostream& out, const proofs::OrderTrail& trail,
                 const pipeline::InstrumentTable& instruments, std::size_t ticks_shown) {
    out << proofs::describe_decision(trail.order, instruments) << ", "
        << proofs::symbol_of(trail.order, instruments) << ", at " << iso_time(trail.order.time())
        << " (event " << number(trail.order) << ")\n"
        << "Risk: approved; position " << to_string(trail.books.position) << ", mark "
        << to_string(trail.books.mark) << ", equity " << to_string(trail.books.equity) << ", cash "
        << to_string(trail.books.cash) << "\n";
    for (const proofs::LimitRow& row : trail.limits)
        out << "  " << std::left << std::setw(28) << row.key << std::right << shortest(row.observed)
            << " of " << shortest(row.limit) << "\n";
    if (trail.intent)
        out << "Intent: position of " << to_string(trail.intent->intent().target) << ", score "
            << shortest(trail.intent->intent().score) << ", confidence "
            << shortest(trail.intent->intent().confidence) << ", regime "
            << to_string(trail.intent->intent().regime) << ", parameters of version "
            << trail.intent->intent().parameter_version << ", at " << iso_time(trail.intent->time())
            << (trail.intent->sequence() == trail.order.sequence()
                    ? ""
                    : " (the order came later, see the cause)")
            << "\n";
    if (trail.quote)
        out << "Wanted: " << proofs::describe_decision(*trail.quote, instruments) << ", at "
            << iso_time(trail.quote->time()) << "; the inventory moves it\n";
    if (trail.cause)
        out << "Cause: " << cause_text(*trail.cause) << " at " << iso_time(trail.cause->time())
            << "\n";
    out << "Strategies\n";
    for (const proofs::StrategyRow& row : trail.strategies) {
        out << "  " << row.name << " (" << row.kind << ", " << bars_name(row) << ", weight "
            << shortest(row.weight) << "): "
            << (row.ready ? "strength " + shortest(row.strength) : std::string("not warmed up"))
            << ", " << row.bars_seen << " bars; the last:\n";
        for (const Event& bar : row.bars)
            out << "    " << iso_time(bar.time()) << "  " << to_string(bar.bar().open) << " "
                << to_string(bar.bar().high) << " " << to_string(bar.bar().low) << " "
                << to_string(bar.bar().close) << "  " << to_string(bar.bar().volume) << "\n";
    }
    const auto shown = last(trail.ticks, ticks_shown);
    out << "Ticks behind it: " << trail.ticks.size() << "; the last " << shown.size() << ":\n";
    for (const Event& tick : shown)
        out << "    " << iso_time(tick.time()) << "  " << tick_text(tick) << "\n";
}

}  // namespace sluice::tools
