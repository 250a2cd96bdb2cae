#include <sluice/adapters/exchange/replayed_flow.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace sluice::adapters::exchange {

using pipeline::Event;
using pipeline::EventKind;
using pipeline::ExchangePrice;
using pipeline::RequestKind;
using pipeline::Side;
using pipeline::TimeInForce;

namespace {

constexpr std::int64_t kRawPerUnit = core::Price::kScale / kOneUnit;

// In the exchange's units and on its tick, towards zero or away from it; 0 when it cannot be.
[[nodiscard]] ExchangePrice to_exchange(core::Price price, bool up) noexcept {
    if (price.raw() <= 0 || price.raw() / kRawPerUnit > kMaxPrice) return 0;
    std::int64_t units = price.raw() / kRawPerUnit;
    if (up && price.raw() % kRawPerUnit != 0) ++units;
    const std::int64_t tick = units < kOneUnit ? 1 : kCoarseTick;
    const std::int64_t over = units % tick;
    if (over != 0) units += up ? tick - over : -over;
    return units > kMaxPrice ? 0 : static_cast<ExchangePrice>(units);
}

[[nodiscard]] std::uint32_t to_shares(core::Quantity quantity) noexcept {
    const std::int64_t shares = quantity.raw() / core::Quantity::kScale;
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(shares, 1, kMaxShares));
}

}  // namespace

ReplayedFlow::ReplayedFlow(MatchingEngine& engine, pipeline::MarketSource& source,
                           std::vector<std::uint16_t> numbers, double speed)
    : engine_(engine), source_(source), numbers_(std::move(numbers)), speed_(speed),
      orders_(engine.symbols().size()), standing_(engine.symbols().size() + 1) {
    if (!(speed >= 0.001 && speed <= 1'000'000))
        throw std::invalid_argument("exchange: speed: 0.001 to 1,000,000 is possible");
    for (const std::uint16_t number : numbers_)
        if (number > engine.symbols().size())
            throw std::invalid_argument("exchange: a replayed symbol has a number beyond the last");
}

void ReplayedFlow::on_report(const pipeline::OrderReport& report) noexcept {
    if (report.kind == pipeline::ReportKind::kExecuted && report.liquidity == 'R')
        taken_ += report.shares;
    orders_.on_report(report);
}

void ReplayedFlow::start(std::int64_t now_ns) noexcept {
    block_ = source_.next_block();
    next_ = 0;
    if (block_.empty()) return;
    start_ns_ = now_ns;
    first_ns_ = core::ns_since_epoch(block_[0].time());
    due_ns_ = now_ns;
}

// On to the next event, and when it is due.
void ReplayedFlow::step() noexcept {
    if (++next_ == block_.size()) {
        block_ = source_.next_block();
        next_ = 0;
    }
    if (block_.empty()) {
        due_ns_ = kNever;
        return;
    }
    const std::int64_t since = core::ns_since_epoch(block_[next_].time()) - first_ns_;
    const auto scaled = static_cast<std::int64_t>(static_cast<double>(since) / speed_);
    due_ns_ = std::max(due_ns_, start_ns_ + scaled);
}

std::size_t ReplayedFlow::advance(std::int64_t now_ns, std::size_t actions_max) noexcept {
    std::size_t done = 0;
    for (; done < actions_max && due_ns_ <= now_ns; ++done) {
        act(block_[next_], due_ns_);
        step();
    }
    return done;
}

void ReplayedFlow::burst(std::size_t actions, std::int64_t now_ns) noexcept {
    for (std::size_t i = 0; i < actions && due_ns_ != kNever; ++i) {
        act(block_[next_], now_ns);
        step();
    }
}

void ReplayedFlow::act(const Event& event, std::int64_t now_ns) noexcept {
    const auto id = static_cast<std::size_t>(event.symbol());
    const std::uint16_t symbol = id < numbers_.size() ? numbers_[id] : std::uint16_t{0};
    if (symbol == 0) {
        ++counts_.left_out;
        return;
    }
    if (event.kind() == EventKind::kQuote) quote(symbol, event.quote(), now_ns);
    if (event.kind() == EventKind::kTrade) trade(symbol, event.trade(), now_ns);
}

void ReplayedFlow::quote(std::uint16_t symbol, const pipeline::Quote& quote,
                         std::int64_t now_ns) noexcept {
    const ExchangePrice bid = to_exchange(quote.bid, false);
    const ExchangePrice ask = to_exchange(quote.ask, true);
    if ((bid == 0 && ask == 0) || (bid != 0 && ask != 0 && bid >= ask)) {
        ++counts_.left_out;
        return;
    }
    ++counts_.quotes;
    // A bid that rises to where the ask stood must find it gone, or it would trade with it.
    const CrowdOrders::Order* const old_ask = orders_.find(standing_[symbol].ask);
    const CrowdOrders::Order* const old_bid = orders_.find(standing_[symbol].bid);
    const bool ask_first = old_ask != nullptr && bid >= old_ask->price;
    if (ask_first && ask == 0) withdraw(old_ask->ref, now_ns);
    if (bid == 0 && old_bid != nullptr && ask <= old_bid->price) withdraw(old_bid->ref, now_ns);
    if (ask_first && ask != 0) show(symbol, Side::kSell, ask, to_shares(quote.ask_size), now_ns);
    if (bid != 0) show(symbol, Side::kBuy, bid, to_shares(quote.bid_size), now_ns);
    if (!ask_first && ask != 0) show(symbol, Side::kSell, ask, to_shares(quote.ask_size), now_ns);
}

void ReplayedFlow::withdraw(std::uint64_t ref, std::int64_t now_ns) noexcept {
    engine_.request({.kind = RequestKind::kCancel, .client = kCrowd, .ref = ref}, now_ns);
}

void ReplayedFlow::show(std::uint16_t symbol, Side side, ExchangePrice price, std::uint32_t shares,
                        std::int64_t now_ns) noexcept {
    std::uint64_t& ref = side == Side::kBuy ? standing_[symbol].bid : standing_[symbol].ask;
    const CrowdOrders::Order* const old = orders_.find(ref);
    if (old != nullptr && old->price == price && old->shares == shares) return;
    const std::uint64_t replaces = old == nullptr ? 0 : ref;
    ref = orders_.take(symbol, side, shares, price);
    engine_.request({.kind = replaces == 0 ? RequestKind::kEnter : RequestKind::kReplace,
                     .client = kCrowd,
                     .ref = ref,
                     .replaces = replaces,
                     .symbol = symbol,
                     .side = side,
                     .tif = TimeInForce::kDay,
                     .shares = shares,
                     .price = price},
                    now_ns);
    // Refused, as while halted: the earlier one stands on.
    if (replaces != 0 && orders_.find(replaces) != nullptr) ref = replaces;
}

void ReplayedFlow::trade(std::uint16_t symbol, const pipeline::Trade& trade,
                         std::int64_t now_ns) noexcept {
    const ExchangePrice price = to_exchange(trade.price, false);
    if (price == 0) {
        ++counts_.left_out;
        return;
    }
    ++counts_.trades;
    const std::uint32_t shares = to_shares(trade.quantity);
    const BookTop bid = engine_.best(symbol, Side::kBuy);
    const BookTop ask = engine_.best(symbol, Side::kSell);
    taken_ = 0;
    const bool buys = ask.price != 0 && price >= ask.price;
    if (buys || (bid.price != 0 && price <= bid.price)) {
        const Side side = buys ? Side::kBuy : Side::kSell;
        engine_.request({.kind = RequestKind::kEnter,
                         .client = kCrowd,
                         .ref = orders_.take(symbol, side, shares, price),
                         .symbol = symbol,
                         .side = side,
                         .tif = TimeInForce::kIoc,
                         .shares = shares,
                         .price = price},
                        now_ns);
    }
    if (taken_ >= shares || !engine_.is_open() || engine_.halted(symbol)) return;
    ++counts_.printed;
    engine_.print_trade(symbol, Side::kBuy, shares - taken_, price, now_ns);
}

}  // namespace sluice::adapters::exchange
