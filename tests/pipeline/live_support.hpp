// A scripted market and a venue of two lines' code, for live sessions without a wire.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include <sluice/core/hot/tsc.hpp>
#include <sluice/core/time.hpp>
#include <sluice/pipeline/live_engine.hpp>

namespace sluice::tests::trade_path {

using namespace pipeline;

// A walk of trades of `instruments` instruments, 4 ms apart, beginning an hour ago; a few ticks a poll.
class WalkingFeed final : public LiveFeed {
  public:
    WalkingFeed(std::uint64_t ticks, std::size_t instruments, std::uint64_t seed)
        : left_(ticks), countdown_(ticks), prices_(instruments, 100'000'000'000),
          random_(seed * 2 + 1), time_(core::ns_since_epoch(core::read_local_clock()) - kHourNs) {
        block_.reserve(kMost);
    }

    [[nodiscard]] std::span<Event> poll(std::uint64_t now) noexcept override {
        block_.clear();
        const std::uint64_t many = std::min<std::uint64_t>(left_, next() % kMost);
        for (std::uint64_t i = 0; i < many; ++i) block_.push_back(tick(now));
        left_ -= many;
        counts_.messages += many;
        return block_;
    }
    // So many ticks before the end, one comes that is a day ahead of the clock.
    std::uint64_t ahead_at = UINT64_MAX;

    [[nodiscard]] FeedState state() const noexcept override {
        return left_ == 0 ? FeedState::kEnded : FeedState::kLive;
    }
    [[nodiscard]] const FeedCounts& counts() const noexcept override { return counts_; }

  private:
    static constexpr std::uint64_t kMost = 16;
    static constexpr std::int64_t kHourNs = 3'600'000'000'000;

    [[nodiscard]] std::uint64_t next() noexcept {
        random_ ^= random_ << 13U;
        random_ ^= random_ >> 7U;
        random_ ^= random_ << 17U;
        return random_;
    }
    [[nodiscard]] Event tick(std::uint64_t now) noexcept {
        const std::size_t symbol = next() % prices_.size();
        std::int64_t& price = prices_[symbol];
        price += (static_cast<std::int64_t>(next() % 3) - 1) * 10'000'000;
        price = std::max<std::int64_t>(price, 1'000'000'000);
        time_ += 4'000'000;
        // One tick in so many comes late, as it does where two reports cross.
        const std::int64_t back = next() % 64 == 0 ? 10'000'000 : 0;
        const std::int64_t ahead = --countdown_ == ahead_at ? 24 * kHourNs : 0;
        return Event::trade(
            core::time_from_ns<StreamTime>(time_ - back + ahead), static_cast<SymbolId>(symbol),
            Trade{Price::from_raw(price),
                  Quantity::from_units(1 + static_cast<std::int64_t>(next() % 9)), now, 0, 0});
    }

    std::uint64_t left_;
    std::uint64_t countdown_;
    std::vector<std::int64_t> prices_;
    std::uint64_t random_;
    std::int64_t time_;
    std::vector<Event> block_;
    FeedCounts counts_;
};

// Accepts each order and fills it in two parts at the polls that follow, every third only by half;
// takes every cancel.
class ObligingSession final : public OrderSession {
  public:
    [[nodiscard]] std::span<Event> poll(std::uint64_t /*now*/) noexcept override {
        out_.clear();
        if (before_poll) before_poll(*this);
        while (!due_.empty() && out_.size() < 3) {
            out_.push_back(due_.front());
            due_.pop_front();
        }
        counts_.reports += out_.size();
        return out_;
    }
    [[nodiscard]] bool submit(const ApprovedOrder& order) noexcept override {
        if (state_now != SessionState::kUp) return false;
        ++counts_.orders;
        if (on_submit) on_submit(order);
        if (order.is_replacement()) {
            answer(order.id(), order.symbol(), ExecKind::kReplaced, order.limit(),
                   order.quantity());
            return true;
        }
        answer(order.id(), order.symbol(), ExecKind::kAccepted, {}, {});
        if (!fills) return true;
        const Price price = order.limit().is_zero() ? Price::from_units(100) : order.limit();
        const Quantity half = Quantity::from_raw(order.quantity().raw() / 2);
        answer(order.id(), order.symbol(), ExecKind::kFill, price, half);
        if (counts_.orders % 3 != 0)
            answer(order.id(), order.symbol(), ExecKind::kFill, price, order.quantity() - half);
        return true;
    }
    [[nodiscard]] bool cancel(OrderId order, SymbolId symbol) noexcept override {
        if (state_now != SessionState::kUp) return false;
        ++counts_.cancels;
        answer(order, symbol, ExecKind::kCancelled, {}, {});
        return true;
    }
    [[nodiscard]] SessionState state() const noexcept override { return state_now; }
    [[nodiscard]] const SessionCounts& counts() const noexcept override { return counts_; }
    void log_out() noexcept override { state_now = SessionState::kEnded; }

    SessionState state_now = SessionState::kUp;
    bool fills = true;  // else what is accepted rests
    std::function<void(ObligingSession&)> before_poll;
    std::function<void(const ApprovedOrder&)> on_submit;

  private:
    void answer(OrderId id, SymbolId symbol, ExecKind kind, Price price,
                Quantity quantity) noexcept {
        // A time before the market's: the stream keeps its own.
        due_.push_back(Event::report(core::time_from_ns<StreamTime>(0), symbol, kind,
                                     RejectReason::kNone, Report{id, price, quantity, {}}));
    }

    std::deque<Event> due_;
    std::vector<Event> out_;
    SessionCounts counts_;
};

// The records of a journal's ring, as a source.
class RecordedStream final : public JournalSource {
  public:
    explicit RecordedStream(std::vector<Event> records) : records_(std::move(records)) {}
    [[nodiscard]] std::span<const Event> next_block() noexcept override {
        const std::size_t many = std::min<std::size_t>(records_.size() - at_, 1000);
        at_ += many;
        return {records_.data() + at_ - many, many};
    }
    [[nodiscard]] std::vector<Event>& records() noexcept { return records_; }

  private:
    std::vector<Event> records_;
    std::size_t at_ = 0;
};

// With these cuts, on whatever cores there are.
[[nodiscard]] inline Placement yielding(CutMask cuts) {
    Placement out;
    out.cuts = cuts;
    out.idle = core::IdleStrategy::kYield;
    return out;
}

struct Replay {
    RunRecord record;
    JournalCheck check;
};

// The recorded stream through the stages again.
[[nodiscard]] inline Replay again(const Settings& settings, CutMask cuts,
                                  std::vector<Event> journal, std::size_t symbols = 3) {
    const InstrumentTable instruments(symbols);
    const EngineSetup setup{settings, instruments, yielding(cuts), {}, Pacer{}};
    RecordedStream source{std::move(journal)};
    RunControl control;
    Replay out;
    out.record = run_journal(setup, source, control, out.check);
    return out;
}

}  // namespace sluice::tests::trade_path
