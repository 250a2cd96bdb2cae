// A simulated venue on a bench: markets in cents, latencies of 100 and 50 ns.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "trade_path_support.hpp"

namespace sluice::tests::trade_path {

inline constexpr std::int64_t kOrderLatency = 100;
inline constexpr std::int64_t kResponseLatency = 50;

class SimVenueBench : public testing::Test {
  protected:
    SimVenueBench() {
        settings_.venue.order_latency = Nanos{kOrderLatency};
        settings_.venue.response_latency = Nanos{kResponseLatency};
        open();
    }
    void open(std::size_t symbols = 1) {
        exchange_ = std::make_unique<Exchange>(settings_, symbols);
    }

    void quote(std::int64_t ns, std::int64_t bid, std::int64_t bid_size, std::int64_t ask,
               std::int64_t ask_size) {
        exchange_->quote(ns, cents(bid), bid_size, cents(ask), ask_size);
    }
    void trade(std::int64_t ns, std::int64_t price, std::int64_t size) {
        exchange_->trade(ns, cents(price), size);
    }
    ApprovedOrder submit(std::int64_t ns, const ApprovedOrder& order) {
        return exchange_->submit(ns, order);
    }
    void cancel(std::int64_t ns, const ApprovedOrder& order) { exchange_->cancel(ns, order); }
    void timer(std::int64_t ns, EventKind kind) { exchange_->timer(ns, kind); }
    void run_until(std::int64_t ns) { exchange_->run_until(ns); }
    void finish() { exchange_->finish(); }

    // Price in cents and units of each fill, in order.
    void expect_fills(const ApprovedOrder& order,
                      const std::vector<std::pair<std::int64_t, std::int64_t>>& expected) const {
        std::vector<std::pair<std::int64_t, std::int64_t>> got;
        for (const Event& event : exchange_->fills(order)) {
            got.emplace_back(event.report().price.raw() / 10'000'000,
                             event.report().quantity.raw() / Quantity::kScale);
        }
        EXPECT_EQ(got, expected);
    }
    // The kinds of all reports about the order, in order.
    void expect_reports(const ApprovedOrder& order, const std::vector<ExecKind>& expected) const {
        std::vector<ExecKind> got;
        for (const Event& event : exchange_->of(order)) got.push_back(event.exec_kind());
        EXPECT_EQ(got, expected);
    }
    void expect_last(const ApprovedOrder& order, ExecKind kind, RejectReason reason) const {
        const auto reports = exchange_->of(order);
        ASSERT_FALSE(reports.empty());
        EXPECT_STREQ(to_string(reports.back().exec_kind()), to_string(kind));
        EXPECT_STREQ(to_string(reports.back().reject_reason()), to_string(reason));
    }

    Settings settings_;
    Desk desk_;
    std::unique_ptr<Exchange> exchange_;
};

}  // namespace sluice::tests::trade_path
