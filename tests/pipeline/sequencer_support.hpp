// A venue and a lane small enough to reason about, for the tests of the sequencer.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include <sluice/pipeline/hot/sequencer.hpp>

#include "support.hpp"

namespace sluice::tests {

using pipeline::ApprovedOrder;
using pipeline::ExecKind;
using pipeline::MarketSource;
using pipeline::RejectReason;

// Answers each cancel with one report: on its way for `order_latency`, back for `response_latency`.
class FakeVenue {
  public:
    FakeVenue(std::int64_t order_latency, std::int64_t response_latency)
        : latency_{order_latency}, response_{response_latency} {}

    template <EventKind kKnown>
    void on_market(const Event& event) noexcept {
        market.push_back(event);
    }
    void on_timer(const Event& event) noexcept { timers.push_back(event); }
    void take(const Event& command) noexcept {
        if (command.kind() == EventKind::kCancel)
            cancel(command.cancel().order, command.symbol(), command.time());
    }
    void cancel(OrderId id, SymbolId, StreamTime sent) noexcept {
        arrivals_.push_back({sent + latency_, id});
    }
    [[nodiscard]] StreamTime next_due() const noexcept {
        StreamTime due = StreamTime::max();
        if (!arrivals_.empty()) due = std::min(due, arrivals_.front().time);
        if (!reports_.empty()) due = std::min(due, reports_.front().time);
        return due;
    }
    [[nodiscard]] Event pop_due() noexcept {
        if (!arrivals_.empty() && arrivals_.front().time == next_due()) {
            const Due arrived = arrivals_.front();
            arrivals_.pop_front();
            reports_.push_back({arrived.time + response_, arrived.id});
            return Event{};
        }
        const Due report = reports_.front();
        reports_.pop_front();
        return Event::report(report.time, symbol(0), ExecKind::kCancelled, RejectReason::kNone,
                             {report.id, Price{}, Quantity{}, {}});
    }
    [[nodiscard]] Nanos order_latency() const noexcept { return latency_; }

    std::vector<Event> market;
    std::vector<Event> timers;

  private:
    struct Due {
        StreamTime time;
        OrderId id;
    };
    Nanos latency_;
    Nanos response_;
    std::deque<Due> arrivals_;
    std::deque<Due> reports_;
};
static_assert(pipeline::Venue<FakeVenue>);

// Stages that turn some events into a command. Split, the command is under way until the sequencer
// waits for it, or until `arrives_early` says that it came by itself.
template <bool kIsSplit>
class FakeLane {
  public:
    static constexpr bool kSplit = kIsSplit;

    explicit FakeLane(FakeVenue& venue) : venue_(venue) {}

    template <EventKind kKnown>
    void release(Event& event) noexcept {
        log.push_back(event);
        now_ = std::max(now_, event.time());
        if (commands(event)) {
            const auto id = static_cast<OrderId>(++last_id_);
            sent.push_back(now_);
            if constexpr (kSplit) {
                under_way_.push_back({now_, id});
            } else {
                venue_.cancel(id, symbol(0), now_);
            }
        }
        if (arrives_early()) deliver();
    }
    void sync() noexcept { deliver(); }
    [[nodiscard]] bool flat() const noexcept { return is_flat(); }

    std::function<bool(const Event&)> commands = [](const Event&) { return false; };
    std::function<bool()> arrives_early = [] { return false; };
    std::function<bool()> is_flat = [] { return true; };
    std::vector<Event> log;
    std::vector<StreamTime> sent;

  private:
    struct UnderWay {
        StreamTime time;
        OrderId id;
    };
    void deliver() noexcept {
        for (const UnderWay& c : under_way_) venue_.cancel(c.id, symbol(0), c.time);
        under_way_.clear();
    }

    FakeVenue& venue_;
    StreamTime now_ = StreamTime::min();
    std::uint64_t last_id_ = 0;
    std::vector<UnderWay> under_way_;
};

// Hands out a list in blocks, and calls `before_block` first, with the number of the block.
class ListSource final : public MarketSource {
  public:
    explicit ListSource(std::vector<Event> events, std::size_t block = 1)
        : events_(std::move(events)), block_(block) {}

    [[nodiscard]] std::span<Event> next_block() noexcept override {
        before_block(blocks_++);
        const std::size_t size = std::min(block_, events_.size() - next_);
        const std::span<Event> out{events_.data() + next_, size};
        next_ += size;
        return out;
    }
    [[nodiscard]] std::uint64_t size_hint() const noexcept override { return events_.size(); }

    std::function<void(std::size_t)> before_block = [](std::size_t) {};

  private:
    std::vector<Event> events_;
    std::size_t block_;
    std::size_t next_ = 0;
    std::size_t blocks_ = 0;
};

}  // namespace sluice::tests
