#include <sluice/adapters/exchange/crowd_orders.hpp>

#include <algorithm>

namespace sluice::adapters::exchange {

using pipeline::OrderReport;
using pipeline::ReportKind;

std::uint64_t CrowdOrders::take(std::uint16_t symbol, pipeline::Side side, std::uint32_t shares,
                                pipeline::ExchangePrice price) {
    std::uint32_t place = free_;
    if (place != kNone) {
        free_ = orders_[place].position;
    } else {
        place = static_cast<std::uint32_t>(orders_.size());
        orders_.emplace_back();
    }
    std::vector<std::uint32_t>& list = by_symbol_[symbol];
    const std::uint64_t ref = (++serial_ << 32U) | place;
    orders_[place] = {ref, shares, static_cast<std::uint32_t>(list.size()), price, symbol, side};
    list.push_back(place);
    return ref;
}

const CrowdOrders::Order* CrowdOrders::find(std::uint64_t ref) const noexcept {
    const std::uint64_t place = ref & 0xFFFF'FFFFU;
    if (place == kNone || place >= orders_.size() || orders_[place].ref != ref) return nullptr;
    return &orders_[place];
}

void CrowdOrders::on_report(const OrderReport& report) noexcept {
    switch (report.kind) {
        case ReportKind::kExecuted:
        case ReportKind::kCancelled: return reduce(report.ref, report.shares);
        case ReportKind::kRejected: return reduce(report.ref, UINT32_MAX);
        case ReportKind::kReplaced: return reduce(report.replaces, UINT32_MAX);
        case ReportKind::kAccepted:
        case ReportKind::kBroken:
        case ReportKind::kCancelRejected: return;
    }
}

void CrowdOrders::reduce(std::uint64_t ref, std::uint32_t shares) noexcept {
    if (find(ref) == nullptr) return;
    const auto place = static_cast<std::uint32_t>(ref & 0xFFFF'FFFFU);
    Order& order = orders_[place];
    order.shares -= std::min(order.shares, shares);
    if (order.shares != 0) return;
    std::vector<std::uint32_t>& list = by_symbol_[order.symbol];
    list[order.position] = list.back();
    orders_[list.back()].position = order.position;
    list.pop_back();
    order.ref = 0;
    order.position = free_;
    free_ = place;
}

}  // namespace sluice::adapters::exchange
