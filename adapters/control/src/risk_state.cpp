#include <sluice/adapters/control/risk_state.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

#include <sluice/core/digest.hpp>

namespace sluice::adapters::control {

using pipeline::Event;
using pipeline::EventKind;
using pipeline::HaltReason;
using pipeline::RiskItem;

namespace {

std::string make_id(const RiskState& state, HaltReason reason, const std::string& symbol,
                    std::int64_t now_ns) {
    for (std::uint64_t n = 0;; ++n) {
        core::Digest digest;
        digest.add(std::uint64_t{static_cast<std::uint8_t>(reason)});
        digest.add(std::string_view{symbol});
        digest.add(now_ns);
        digest.add(n);
        std::string id = digest.hex().substr(0, 4);
        if (state.find(id) == nullptr) return id;
    }
}

Event mark(RiskItem item, core::Money value, bool breached, std::int64_t day = 0) {
    return Event::risk_mark({}, {}, EventKind::kRestore, item,
                            {pipeline::PackedMoney{value}, day, breached ? 1U : 0U, 0});
}

}  // namespace

const Hold* RiskState::add(HaltReason reason, const std::string& symbol, const std::string& text,
                           std::int64_t now_ns) {
    if (find(reason, symbol) != nullptr) return nullptr;
    holds.push_back({make_id(*this, reason, symbol, now_ns), reason, symbol, text, now_ns});
    return &holds.back();
}

bool RiskState::remove(HaltReason reason, const std::string& symbol) {
    return std::erase_if(
               holds, [&](const Hold& h) { return h.reason == reason && h.symbol == symbol; }) != 0;
}

const Hold* RiskState::find(std::string_view id) const {
    const auto at =
        std::find_if(holds.begin(), holds.end(), [&](const Hold& h) { return h.id == id; });
    return at == holds.end() ? nullptr : &*at;
}
const Hold* RiskState::find(HaltReason reason, const std::string& symbol) const {
    const auto at = std::find_if(holds.begin(), holds.end(), [&](const Hold& h) {
        return h.reason == reason && h.symbol == symbol;
    });
    return at == holds.end() ? nullptr : &*at;
}

void RiskState::note(const Event& event, std::int64_t days) {
    const core::Money value = event.risk_mark().value.money();
    const Level level{value, event.risk_mark().breached != 0};
    stream_ns = core::ns_since_epoch(event.time());
    switch (event.risk_item()) {
        case RiskItem::kEquity: equity = value; break;
        case RiskItem::kDayStart: day_start = level; break;
        case RiskItem::kPeak: peak = level; break;
        case RiskItem::kWindow: window = level; break;
        case RiskItem::kDayPeak: {
            const std::int64_t day = event.risk_mark().day;
            day_peaks[day] = value;
            day_peaks.erase(day_peaks.begin(), day_peaks.upper_bound(day - days));
            break;
        }
    }
}

std::vector<Event> RiskState::events(const pipeline::InstrumentTable& instruments,
                                     bool same_day) const {
    std::vector<Event> out;
    for (const Hold& hold : holds) {
        if (hold.reason == HaltReason::kDrawdown) continue;  // the levels say so
        if (hold.symbol.empty()) {
            out.push_back(Event::halt({}, EventKind::kHalt, hold.reason));
            continue;
        }
        for (std::size_t i = 0; i < instruments.size(); ++i)
            if (instruments[i].symbol == hold.symbol)
                out.push_back(
                    Event::halt({}, EventKind::kHalt, hold.reason, static_cast<core::SymbolId>(i)));
    }
    if (!equity) return out;
    out.push_back(mark(RiskItem::kEquity, *equity, false));
    if (day_start && same_day)
        out.push_back(mark(RiskItem::kDayStart, day_start->value, day_start->breached));
    if (peak) out.push_back(mark(RiskItem::kPeak, peak->value, peak->breached));
    for (const auto& [day, value] : day_peaks)
        out.push_back(mark(RiskItem::kDayPeak, value, false, day));
    if (window) out.push_back(mark(RiskItem::kWindow, window->value, window->breached));
    return out;
}

}  // namespace sluice::adapters::control
