#include <sluice/adapters/exchange/generated_flow.hpp>

#include <algorithm>
#include <cmath>

namespace sluice::adapters::exchange {

using pipeline::ExchangePrice;
using pipeline::RequestKind;
using pipeline::Side;
using pipeline::TimeInForce;

namespace {

constexpr std::int64_t kSubtick = 65'536;
constexpr std::int64_t kTick = kCoarseTick;
// The value keeps away from prices with another tick and from the highest.
constexpr std::int64_t kLowestTicks = 200;
constexpr std::int64_t kHighestTicks = kMaxPrice / kTick / 2;
constexpr std::int64_t kBellDeviation = 4;  // of Random::bell()

}  // namespace

GeneratedFlow::GeneratedFlow(MatchingEngine& engine, const ExchangeSettings& settings)
    : engine_(engine), orders_(settings.symbols.size()), times_(settings.flow.seed, 1),
      choices_(settings.flow.seed, 2), gap_mean_ns_x1024_(0),
      resting_aim_(settings.flow.resting_orders) {
    const FlowSettings& flow = settings.flow;
    if (flow.actions_per_second > 0)
        gap_mean_ns_x1024_ = 1'024'000'000'000U / flow.actions_per_second;
    double weights = 0;
    for (std::size_t i = 0; i < settings.symbols.size(); ++i)
        weights += 1.0 / static_cast<double>(i + 3);
    std::uint64_t up_to = 0;
    for (std::size_t i = 0; i < settings.symbols.size(); ++i) {
        const SymbolSettings& symbol = settings.symbols[i];
        const double share = 1.0 / static_cast<double>(i + 3) / weights;
        const double rate = std::max(1.0, share * static_cast<double>(flow.actions_per_second));
        const std::int64_t value = symbol.start_price / kTick * kSubtick;
        const double step = static_cast<double>(value) * flow.volatility / std::sqrt(rate);
        up_to += static_cast<std::uint64_t>(share * 0x1p32) + 1;
        symbols_.push_back({value, static_cast<std::int64_t>(step),
                            static_cast<std::uint64_t>(
                                std::max(1.0, std::min(0x1p60, rate * flow.jump_mean_seconds))),
                            up_to, symbol.round_lot});
    }
}

void GeneratedFlow::start(std::int64_t now_ns) noexcept {
    for (std::size_t i = 1; i <= symbols_.size(); ++i)
        for (std::uint32_t n = 0; n < resting_aim_; ++n)
            add(static_cast<std::uint16_t>(i), n % 2 == 0 ? Side::kBuy : Side::kSell, now_ns);
    due_ns_ = now_ns;
    schedule();
}

// Fractions of a nanosecond are carried on: at high rates they would be a tenth of the gaps.
void GeneratedFlow::schedule() noexcept {
    if (gap_mean_ns_x1024_ == 0) {
        due_ns_ = kNever;
        return;
    }
    gap_rest_ += static_cast<std::uint64_t>(times_.exponential(gap_mean_ns_x1024_));
    due_ns_ += static_cast<std::int64_t>(gap_rest_ / 1'024);
    gap_rest_ %= 1'024;
}

std::size_t GeneratedFlow::advance(std::int64_t now_ns, std::size_t actions_max) noexcept {
    std::size_t done = 0;
    for (; done < actions_max && due_ns_ <= now_ns; ++done) {
        act(due_ns_);
        schedule();
    }
    return done;
}

void GeneratedFlow::burst(std::size_t actions, std::int64_t now_ns) noexcept {
    for (std::size_t i = 0; i < actions; ++i) act(now_ns);
}

void GeneratedFlow::act(std::int64_t now_ns) noexcept {
    ++actions_;
    const std::uint64_t drawn = choices_.below(symbols_.back().weight_up_to);
    const auto found =
        std::upper_bound(symbols_.begin(), symbols_.end(), drawn,
                         [](std::uint64_t at, const Symbol& s) { return at < s.weight_up_to; });
    const auto symbol = static_cast<std::uint16_t>(found - symbols_.begin() + 1);
    move(*found);
    const std::uint64_t what = choices_.below(100);
    if (engine_.halted(symbol)) return cancel(symbol, now_ns);

    // What stands on the wrong side of the value is soon taken.
    const auto fair = static_cast<ExchangePrice>(found->value / kSubtick * kTick);
    const BookTop bid = engine_.best(symbol, Side::kBuy);
    const BookTop ask = engine_.best(symbol, Side::kSell);
    if (ask.price != 0 && ask.price < fair && choices_.percent(60))
        return take(symbol, Side::kBuy, fair, 12, now_ns);
    if (bid.price > fair + kTick && choices_.percent(60))
        return take(symbol, Side::kSell, fair + kTick, 12, now_ns);

    const bool few = orders_.count(symbol) < resting_aim_;
    const Side side = choices_.percent(50) ? Side::kBuy : Side::kSell;
    if (what < 7) {
        const bool market = choices_.percent(15);
        const BookTop& other = side == Side::kBuy ? ask : bid;
        if (other.price != 0)
            return take(symbol, side, market ? pipeline::kMarketPrice : other.price, 4, now_ns);
    }
    if (what < (few ? 60U : 36U)) return add(symbol, side, now_ns);
    if (what < 85) return cancel(symbol, now_ns);
    replace(symbol, now_ns);
}

void GeneratedFlow::move(Symbol& symbol) noexcept {
    std::int64_t step = choices_.bell() * symbol.step / kBellDeviation;
    if (choices_.below(symbol.actions_a_jump) == 0) {
        const auto ticks = static_cast<std::int64_t>(4 + choices_.below(12));
        step += choices_.percent(50) ? ticks * kSubtick : -ticks * kSubtick;
    }
    symbol.value =
        std::clamp(symbol.value + step, kLowestTicks * kSubtick, kHighestTicks * kSubtick);
}

// Some ticks away from the value, and never at or through the other side's best price.
ExchangePrice GeneratedFlow::passive_price(std::uint16_t symbol, Side side) noexcept {
    const std::int64_t away = std::int64_t{choices_.geometric()} + choices_.geometric();
    const std::int64_t floor = symbols_[symbol - 1U].value / kSubtick;
    std::int64_t ticks = side == Side::kBuy ? floor - away : floor + 1 + away;
    const BookTop other = engine_.best(symbol, pipeline::opposite(side));
    if (other.price != 0) {
        const std::int64_t limit = other.price / kTick;
        ticks = side == Side::kBuy ? std::min(ticks, limit - 1) : std::max(ticks, limit + 1);
    }
    return static_cast<ExchangePrice>(std::max<std::int64_t>(ticks, kLowestTicks / 2) * kTick);
}

std::uint32_t GeneratedFlow::shares_to_show(const Symbol& symbol) noexcept {
    if (choices_.percent(15))
        return 1 + static_cast<std::uint32_t>(choices_.below(symbol.round_lot));
    return symbol.round_lot * (1 + choices_.geometric());
}

void GeneratedFlow::add(std::uint16_t symbol, Side side, std::int64_t now_ns) noexcept {
    const ExchangePrice price = passive_price(symbol, side);
    const std::uint32_t shares = shares_to_show(symbols_[symbol - 1U]);
    engine_.request({.kind = RequestKind::kEnter,
                     .client = kCrowd,
                     .ref = orders_.take(symbol, side, shares, price),
                     .symbol = symbol,
                     .side = side,
                     .tif = TimeInForce::kDay,
                     .shares = shares,
                     .price = price},
                    now_ns);
}

// Of two at random, the one farther from the value.
const CrowdOrders::Order& GeneratedFlow::pick(std::uint16_t symbol) noexcept {
    const std::size_t count = orders_.count(symbol);
    const CrowdOrders::Order& a = orders_.at(symbol, choices_.below(count));
    const CrowdOrders::Order& b = orders_.at(symbol, choices_.below(count));
    const std::int64_t fair = symbols_[symbol - 1U].value / kSubtick * kTick;
    return std::abs(a.price - fair) >= std::abs(b.price - fair) ? a : b;
}

void GeneratedFlow::cancel(std::uint16_t symbol, std::int64_t now_ns) noexcept {
    if (orders_.count(symbol) == 0) return;
    const CrowdOrders::Order& order = pick(symbol);
    // One in ten is only reduced.
    const std::uint32_t left = order.shares > 1 && choices_.percent(10) ? order.shares / 2 : 0;
    engine_.request(
        {.kind = RequestKind::kCancel, .client = kCrowd, .ref = order.ref, .shares = left}, now_ns);
}

void GeneratedFlow::replace(std::uint16_t symbol, std::int64_t now_ns) noexcept {
    if (orders_.count(symbol) == 0) return;
    const CrowdOrders::Order old = pick(symbol);
    const ExchangePrice price = passive_price(symbol, old.side);
    const std::uint32_t shares = shares_to_show(symbols_[symbol - 1U]);
    engine_.request({.kind = RequestKind::kReplace,
                     .client = kCrowd,
                     .ref = orders_.take(symbol, old.side, shares, price),
                     .replaces = old.ref,
                     .tif = TimeInForce::kDay,
                     .shares = shares,
                     .price = price},
                    now_ns);
}

void GeneratedFlow::take(std::uint16_t symbol, Side side, ExchangePrice limit,
                         std::uint32_t lots_max, std::int64_t now_ns) noexcept {
    const std::uint32_t lot = symbols_[symbol - 1U].round_lot;
    const std::uint32_t shares =
        choices_.percent(20) ? 1 + static_cast<std::uint32_t>(choices_.below(lot))
                             : lot * (1 + static_cast<std::uint32_t>(choices_.below(lots_max)));
    engine_.request({.kind = RequestKind::kEnter,
                     .client = kCrowd,
                     .ref = orders_.take(symbol, side, shares, limit),
                     .symbol = symbol,
                     .side = side,
                     .tif = TimeInForce::kIoc,
                     .shares = shares,
                     .price = limit},
                    now_ns);
}

}  // namespace sluice::adapters::exchange
