#include <sluice/adapters/exchange/fault_injector.hpp>

#include <algorithm>

namespace sluice::adapters::exchange {

using pipeline::ExchangePrice;
using pipeline::OrderReport;
using pipeline::OrderRequest;
using pipeline::ReportKind;
using pipeline::RequestKind;
using pipeline::Side;
using pipeline::TimeInForce;

namespace {

constexpr std::size_t kHeldMax = 65'536;
// What the crowd takes to make a partial fill: more would move the market.
constexpr std::uint64_t kTakenMax = 100'000;

}  // namespace

FaultInjector::FaultInjector(const VenueFaults& faults, MatchingEngine& engine, MarketFlow& flow)
    : faults_(faults), engine_(engine), flow_(flow), requests_(faults.seed, 11),
      reports_(faults.seed, 12), market_(faults.seed, 13) {}

void FaultInjector::start(std::int64_t now_ns) noexcept {
    if (faults_.halt_mean_ns > 0) halt_due_ns_ = now_ns + wait(faults_.halt_mean_ns);
    if (faults_.burst_mean_ns > 0) burst_due_ns_ = now_ns + wait(faults_.burst_mean_ns);
}

std::int64_t FaultInjector::wait(std::int64_t mean_ns) noexcept {
    return 1 + market_.exponential(static_cast<std::uint64_t>(mean_ns));
}

std::int64_t FaultInjector::next_due_ns() const noexcept {
    const std::int64_t due = std::min(halt_due_ns_, burst_due_ns_);
    return held_.empty() ? due : std::min(due, held_.front().due_ns);
}

void FaultInjector::advance(std::int64_t now_ns) noexcept {
    while (std::min(halt_due_ns_, burst_due_ns_) <= now_ns) {
        if (halt_due_ns_ <= burst_due_ns_) {
            halt_or_resume();
            continue;
        }
        ++counts_.bursts;
        flow_.burst(faults_.burst_actions, burst_due_ns_);
        burst_due_ns_ += wait(faults_.burst_mean_ns);
    }
    release(now_ns);
}

void FaultInjector::halt_or_resume() noexcept {
    if (halted_ != 0) {
        engine_.resume(halted_, halt_due_ns_);
        halted_ = 0;
        halt_due_ns_ += wait(faults_.halt_mean_ns);
        return;
    }
    ++counts_.halts;
    halted_ = static_cast<std::uint16_t>(1 + market_.below(engine_.symbols().size()));
    engine_.halt(halted_, halt_due_ns_);
    halt_due_ns_ += faults_.halt_length_ns;
}

void FaultInjector::request(const OrderRequest& request, std::int64_t now_ns) noexcept {
    release(now_ns);
    if (request.kind == RequestKind::kCancel || request.client == kCrowd)
        return engine_.request(request, now_ns);
    const bool rejects = requests_.happens(faults_.reject);
    const bool partial = requests_.happens(faults_.partial);
    const bool cancels = requests_.happens(faults_.cancel);
    if (rejects && refuse(request, now_ns)) return;
    if (partial) outrun(request, now_ns);
    engine_.request(request, now_ns);
    if (partial) take_part_of(request, now_ns);
    if (cancels && engine_.cancel_order(request.client, request.ref, 'S', now_ns))
        ++counts_.cancels;
}

void FaultInjector::cancel_all(std::uint32_t client, std::int64_t now_ns) noexcept {
    engine_.cancel_all(client, now_ns);
}

// False when the request is one that the exchange would refuse by itself.
bool FaultInjector::refuse(const OrderRequest& request, std::int64_t now_ns) noexcept {
    if (request.kind == RequestKind::kEnter ? engine_.find(request.client, request.ref).has_value()
                                            : !engine_.find(request.client, request.replaces))
        return false;
    ++counts_.rejects;
    OrderReport report;
    report.kind = ReportKind::kRejected;
    report.client = request.client;
    report.time_ns = now_ns;
    report.ref = request.ref;
    report.replaces = request.replaces;
    report.shares = request.shares;
    report.price = request.price;
    report.symbol = request.symbol;
    report.side = request.side;
    report.tif = request.tif;
    report.reason = 'O';
    report.alive = false;
    pass(report);
    return true;
}

// Somebody is faster: of what the order is about to take, only a part is left.
void FaultInjector::outrun(const OrderRequest& request, std::int64_t now_ns) noexcept {
    if (request.kind != RequestKind::kEnter || request.symbol == 0 ||
        request.symbol > engine_.symbols().size() || request.shares < 2 || !engine_.is_open() ||
        engine_.halted(request.symbol))
        return;
    const std::uint64_t there = engine_.reachable(request.symbol, request.side, request.price);
    const std::uint64_t left = 1 + requests_.below(request.shares - 1);
    if (there <= left || there - left > kTakenMax) return;
    crowd_takes(request.symbol, request.side, there - left, request.price, now_ns);
}

// The order rests now: somebody trades with a part of it, and with all that is before it.
void FaultInjector::take_part_of(const OrderRequest& request, std::int64_t now_ns) noexcept {
    const auto order = engine_.find(request.client, request.ref);
    if (!order || order->shares < 2) return;
    const std::uint64_t shares =
        engine_.ahead_of(request.client, request.ref) + 1 + requests_.below(order->shares - 1);
    if (shares > kTakenMax) return;
    crowd_takes(order->symbol, pipeline::opposite(order->side), shares, order->price, now_ns);
}

void FaultInjector::crowd_takes(std::uint16_t symbol, Side side, std::uint64_t shares,
                                ExchangePrice limit, std::int64_t now_ns) noexcept {
    ++counts_.partials;
    // Refs of the crowd's flows have a high half that is not 0.
    engine_.request({.kind = RequestKind::kEnter,
                     .client = kCrowd,
                     .ref = next_crowd_ref_++ & 0xFFFF'FFFFU,
                     .symbol = symbol,
                     .side = side,
                     .tif = TimeInForce::kIoc,
                     .shares = static_cast<std::uint32_t>(shares),
                     .price = limit},
                    now_ns);
}

void FaultInjector::on_report(const OrderReport& report) noexcept {
    pass(report);
    if (report.kind != ReportKind::kExecuted) return;
    if (reports_.happens(faults_.duplicate)) {
        ++counts_.duplicates;
        pass(report);
    }
    if (reports_.happens(faults_.unknown)) {
        ++counts_.unknown;
        OrderReport unknown = report;
        unknown.ref = next_unknown_++;
        pass(unknown);
    }
}

// On its way to the clients, or held back.
void FaultInjector::pass(const OrderReport& report) noexcept {
    const bool late = reports_.happens(faults_.late);
    if (!late && held_.empty()) return deliver(report);
    std::int64_t due = report.time_ns;
    if (late) {
        ++counts_.late;
        due += 1 + static_cast<std::int64_t>(
                       reports_.below(static_cast<std::uint64_t>(faults_.late_max_ns)));
    } else {
        ++counts_.held_behind;
    }
    if (held_.size() == kHeldMax) {
        deliver(held_.front().report);
        held_.pop_front();
    }
    held_.push_back({due, report});
}

void FaultInjector::deliver(const OrderReport& report) noexcept {
    if (clients_ != nullptr) clients_->on_report(report);
}

void FaultInjector::release(std::int64_t now_ns) noexcept {
    while (!held_.empty() && held_.front().due_ns <= now_ns) {
        deliver(held_.front().report);
        held_.pop_front();
    }
}

void FaultInjector::flush() noexcept { release(MarketFlow::kNever); }

}  // namespace sluice::adapters::exchange
