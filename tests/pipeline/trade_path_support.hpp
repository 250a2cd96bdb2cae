// What the tests of the trade path share: small numbers as prices and quantities, orders that went
// through a gate, and a venue driven by hand.
#pragma once

#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include <sluice/adapters/sim_venue/hot/sim_venue.hpp>
#include <sluice/pipeline/hot/risk_gate.hpp>
#include <sluice/pipeline/settings.hpp>

#include "support.hpp"

namespace sluice::tests::trade_path {

using namespace pipeline;  // NOLINT: every test speaks the pipeline's vocabulary
using adapters::sim_venue::SimVenue;

inline constexpr SymbolId kSymbol{0};

[[nodiscard]] inline Price cents(std::int64_t n) { return Price::from_raw(n * 10'000'000); }
[[nodiscard]] inline Quantity qty(std::int64_t units) { return Quantity::from_units(units); }
[[nodiscard]] inline StreamTime at(std::int64_t ns) { return core::time_from_ns<StreamTime>(ns); }
[[nodiscard]] inline OrderId order_id(std::uint64_t n) { return static_cast<OrderId>(n); }
inline constexpr std::int64_t kSecond = 1'000'000'000;

// Limits that nothing in a test meets unless it sets one.
[[nodiscard]] inline RiskSettings wide_limits() {
    RiskSettings s;
    s.max_position = qty(1'000'000);
    s.max_order_quantity = qty(1'000'000);
    s.max_order_notional = Money::from_units(1'000'000'000);
    s.max_price_distance_bps = 10'000;
    s.max_orders_per_second = 100'000;
    s.daily_loss = Money::from_units(1'000'000'000);
    s.require_funds = false;
    return s;
}

// The only way to an order, in a test too: a gate whose limits are wide.
class Desk {
  public:
    [[nodiscard]] ApprovedOrder market(Side side, Quantity quantity,
                                       TimeInForce tif = TimeInForce::kGtc) {
        return order({kSymbol, side, OrderType::kMarket, tif, quantity, Price{}}, next());
    }
    [[nodiscard]] ApprovedOrder limit(Side side, Quantity quantity, Price price,
                                      TimeInForce tif = TimeInForce::kGtc) {
        return order({kSymbol, side, OrderType::kLimit, tif, quantity, price}, next());
    }
    [[nodiscard]] ApprovedOrder order(const Proposal& proposal, OrderId id) {
        RiskGate gate{wide_limits()};
        const auto verdict = gate.judge(proposal, exposure(proposal), books_, at(0), id);
        EXPECT_TRUE(verdict.approved()) << to_string(verdict.reason());
        return verdict.order();
    }
    // New terms for `old`; `total` counts what has filled already.
    [[nodiscard]] ApprovedOrder replacement(const ApprovedOrder& old, Quantity total, Price price) {
        RiskGate gate{wide_limits()};
        const Proposal proposal{old.symbol(),        old.side(), old.type(),
                                old.time_in_force(), total,      price};
        const auto verdict =
            gate.judge_replacement(proposal, total, exposure(proposal), books_, at(0), old.id());
        EXPECT_TRUE(verdict.approved()) << to_string(verdict.reason());
        return verdict.order();
    }
    [[nodiscard]] OrderId next() { return order_id(++last_id_); }

  private:
    [[nodiscard]] static Exposure exposure(const Proposal& proposal) {
        const Price mark = proposal.limit.is_zero() ? Price::from_raw(1) : proposal.limit;
        return {Quantity{}, Quantity{}, Quantity{}, Quantity::from_raw(1), mark};
    }

    Portfolio books_{Money::from_units(1'000'000'000), 1};
    std::uint64_t last_id_ = 0;
};

// A venue and its clock: before each market event it does what is due, as the sequencer does.
class Exchange {
  public:
    explicit Exchange(const Settings& settings, std::size_t symbols = 1)
        : Exchange(settings, instruments(symbols)) {}
    Exchange(const Settings& settings, const InstrumentTable& table) : venue_(settings, table) {}

    void quote(std::int64_t ns, Price bid, std::int64_t bid_size, Price ask, std::int64_t ask_size,
               SymbolId symbol = kSymbol) {
        run_until(ns);
        venue_.on_market<EventKind::kQuote>(
            Event::quote(at(ns), symbol, {bid, ask, qty(bid_size), qty(ask_size), 0}));
    }
    void trade(std::int64_t ns, Price price, std::int64_t size, SymbolId symbol = kSymbol) {
        run_until(ns);
        venue_.on_market<EventKind::kTrade>(
            Event::trade(at(ns), symbol, {price, qty(size), 0, 0, 0}));
    }
    // Of a book: side 'B' or 'A'; flags as in the store.
    void level(std::int64_t ns, char side, Price price, std::int64_t size, std::int64_t sequence,
               std::int64_t previous, unsigned flags) {
        run_until(ns);
        const unsigned of_side = side == 'B' ? kFlagBidLevel : kFlagAskLevel;
        venue_.on_level(Event::level(at(ns), kSymbol, {price, qty(size), sequence, previous, 0},
                                     static_cast<std::uint8_t>(flags | of_side)));
    }
    [[nodiscard]] DepthRecord depth() const { return venue_.depth_records().at(0); }
    // With what the data's vendor says of it; `in_session`: else no stage would hear of it.
    void print(std::int64_t ns, Price price, std::int64_t size, std::uint32_t conditions,
               char exchange, bool in_session = true) {
        run_until(ns);
        const Event event =
            Event::trade(at(ns), kSymbol,
                         {price, qty(size), 0, conditions, static_cast<std::uint8_t>(exchange)});
        in_session ? venue_.on_market<EventKind::kTrade>(event) : venue_.on_closed_print(event);
    }
    void timer(std::int64_t ns, EventKind kind) {
        run_until(ns);
        venue_.on_timer(Event::timer(at(ns), kind));
    }
    ApprovedOrder submit(std::int64_t ns, const ApprovedOrder& order) {
        run_until(ns);
        venue_.submit(order, at(ns));
        return order;
    }
    void cancel(std::int64_t ns, const ApprovedOrder& order) {
        run_until(ns);
        venue_.cancel(order.id(), order.symbol(), at(ns));
    }
    void run_until(std::int64_t ns) {
        while (venue_.next_due() <= at(ns) && venue_.next_due() != StreamTime::max()) {
            const StreamTime due = venue_.next_due();
            const Event event = venue_.pop_due();
            if (event.kind() != EventKind::kReport) continue;
            EXPECT_EQ(event.time(), due);
            reports.push_back(event);
        }
    }
    void finish() { run_until(INT64_MAX - 1); }

    [[nodiscard]] std::vector<Event> of(const ApprovedOrder& order) const {
        std::vector<Event> out;
        for (const Event& event : reports) {
            if (event.report().order == order.id()) out.push_back(event);
        }
        return out;
    }
    [[nodiscard]] std::vector<Event> fills(const ApprovedOrder& order) const {
        std::vector<Event> out;
        for (const Event& event : of(order)) {
            if (event.exec_kind() == ExecKind::kFill) out.push_back(event);
        }
        return out;
    }
    [[nodiscard]] Quantity filled(const ApprovedOrder& order) const {
        Quantity sum;
        for (const Event& event : fills(order)) sum += event.report().quantity;
        return sum;
    }
    [[nodiscard]] bool ended_by(const ApprovedOrder& order, ExecKind kind) const {
        const auto all = of(order);
        return !all.empty() && all.back().exec_kind() == kind;
    }

    std::vector<Event> reports;

  private:
    SimVenue venue_;
};

}  // namespace sluice::tests::trade_path
