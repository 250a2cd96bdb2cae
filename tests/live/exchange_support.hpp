// What the exchange's tests share: a listener that keeps everything, and short ways to ask.
#pragma once

#include <cstdint>
#include <ostream>
#include <tuple>
#include <vector>

#include <sluice/adapters/exchange/matching_engine.hpp>

namespace sluice::pipeline {

inline auto fields(const MarketUpdate& u) {
    return std::make_tuple(u.time_ns, u.order, u.new_order, u.match, u.shares, u.price, u.symbol,
                           u.action, u.side, u.code);
}
inline auto fields(const OrderReport& r) {
    return std::make_tuple(r.kind, r.client, r.time_ns, r.ref, r.replaces, r.order, r.match,
                           r.shares, r.price, r.symbol, r.side, r.tif, r.liquidity, r.reason,
                           r.alive);
}
inline bool operator==(const MarketUpdate& a, const MarketUpdate& b) {
    return fields(a) == fields(b);
}
inline bool operator==(const OrderReport& a, const OrderReport& b) {
    return fields(a) == fields(b);
}

inline std::ostream& operator<<(std::ostream& out, const MarketUpdate& u) {
    return out << static_cast<char>(u.action) << " at " << u.time_ns << " symbol " << u.symbol
               << " order " << u.order << " new " << u.new_order << " match " << u.match << ": "
               << u.shares << " @ " << u.price << (u.side == Side::kBuy ? " B " : " S ") << u.code;
}
inline std::ostream& operator<<(std::ostream& out, const OrderReport& r) {
    return out << "kind " << static_cast<int>(r.kind) << " client " << r.client << " at "
               << r.time_ns << " ref " << r.ref << " replaces " << r.replaces << " order "
               << r.order << " match " << r.match << ": " << r.shares << " @ " << r.price
               << (r.side == Side::kBuy ? " B " : " S ") << r.liquidity << r.reason
               << (r.alive ? " alive" : " dead");
}

}  // namespace sluice::pipeline

namespace sluice::test {

inline constexpr std::int64_t kStart = 1'700'000'000'000'000'000;
inline constexpr std::int64_t kSecond = 1'000'000'000;

struct Tape final : pipeline::MarketListener, pipeline::ReportListener {
    void on_update(const pipeline::MarketUpdate& update) noexcept override {
        updates.push_back(update);
    }
    void on_report(const pipeline::OrderReport& report) noexcept override {
        reports.push_back(report);
    }
    void clear() {
        updates.clear();
        reports.clear();
    }
    std::vector<pipeline::MarketUpdate> updates;
    std::vector<pipeline::OrderReport> reports;
};

inline adapters::exchange::ExchangeSettings two_symbols() {
    adapters::exchange::ExchangeSettings settings;
    settings.symbols = {{"AAA", 1'000'000, 100}, {"BBB", 250'000, 100}};
    settings.order_capacity = 4'096;
    settings.level_capacity = 256;
    return settings;
}

using pipeline::Side;
using pipeline::TimeInForce;

inline pipeline::OrderRequest enter(std::uint32_t client, std::uint64_t ref, Side side,
                                    std::uint32_t shares, pipeline::ExchangePrice price,
                                    TimeInForce tif = TimeInForce::kDay) {
    return {.kind = pipeline::RequestKind::kEnter,
            .client = client,
            .ref = ref,
            .symbol = 1,
            .side = side,
            .tif = tif,
            .shares = shares,
            .price = price};
}
inline pipeline::OrderRequest replace(std::uint32_t client, std::uint64_t replaces,
                                      std::uint64_t ref, std::uint32_t shares,
                                      pipeline::ExchangePrice price) {
    return {.kind = pipeline::RequestKind::kReplace,
            .client = client,
            .ref = ref,
            .replaces = replaces,
            .shares = shares,
            .price = price};
}
inline pipeline::OrderRequest cancel(std::uint32_t client, std::uint64_t ref,
                                     std::uint32_t left = 0) {
    return {.kind = pipeline::RequestKind::kCancel, .client = client, .ref = ref, .shares = left};
}

}  // namespace sluice::test
