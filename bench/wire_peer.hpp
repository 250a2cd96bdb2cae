// The other end of the wire, for the suite `latency`: market data that leaves at fixed times, an
// exchange that fills whatever is asked for, and the moment at which the bytes of an answer came.
//
// The market: ten stocks in turn, one datagram every 100 us, so each stock has one a millisecond. Its
// prices go up and down by turns and its bars last a millisecond, so each trade closes the bar of the
// one before, changes the mind of a 1/2 moving-average cross and makes one order leave, at the price
// of that trade: an order names the trade that it answers.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <sluice/adapters/itch/mold_publisher.hpp>
#include <sluice/core/hot/tsc.hpp>
#include <sluice/pipeline/exchange.hpp>
#include <sluice/pipeline/net.hpp>

namespace sluice::bench::wire {

inline constexpr std::size_t kStocks = 10;
inline constexpr std::int64_t kBarNs = 1'000'000;
inline constexpr std::int64_t kGapNs = kBarNs / static_cast<std::int64_t>(kStocks);
inline constexpr std::int64_t kDayNs = 86'400'000'000'000;
inline constexpr pipeline::ExchangePrice kPar = 1'000'000;  // 100.0000
inline constexpr pipeline::ExchangePrice kCent = 100;
// Of a stock's first trades: one opens the first bar, two fill the averages.
inline constexpr std::size_t kSilentTrades = 3;

inline std::int64_t wall_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

inline std::string stock_name(std::size_t stock) { return "WIRE" + std::to_string(stock); }

inline std::vector<pipeline::ExchangeSymbol> stocks() {
    std::vector<pipeline::ExchangeSymbol> out(kStocks);
    for (std::size_t i = 0; i < kStocks; ++i) {
        const std::string name = stock_name(i);
        out[i].name.fill(' ');
        std::copy(name.begin(), name.end(), out[i].name.begin());
    }
    return out;
}

// Trigger i is the (i / kStocks)-th trade of stock i % kStocks.
constexpr pipeline::ExchangePrice price_of(std::size_t trigger) {
    const auto turn = static_cast<pipeline::ExchangePrice>(trigger / kStocks);
    return turn % 2 == 0 ? kPar - turn * kCent : kPar + turn * kCent;
}
// Which trigger an order answers; `count` when none.
constexpr std::size_t trigger_of(const pipeline::OrderRequest& order, std::size_t count) {
    const bool up = order.price > kPar;
    const std::size_t turn = (up ? order.price - kPar : kPar - order.price) / kCent;
    const std::size_t trigger = turn * kStocks + order.symbol - 1U;
    const bool fits = order.symbol != 0 && up == (order.side == pipeline::Side::kSell) &&
                      trigger < count && price_of(trigger) == order.price;
    return fits ? trigger : count;
}

// When each trigger is due, whatever became of the one before.
class Schedule {
  public:
    Schedule(std::size_t count, const core::TscClock& clock)
        : count_(count),
          gap_(static_cast<std::uint64_t>(clock.ticks_per_second() * 1e-9 * double{kGapNs})),
          first_(core::Tsc::now() + 20 * gap_), first_ns_(wall_ns() + 20 * kGapNs) {}

    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    [[nodiscard]] std::uint64_t due(std::size_t trigger) const noexcept {
        return first_ + trigger * gap_;
    }
    [[nodiscard]] std::int64_t time_ns(std::size_t trigger) const noexcept {
        return first_ns_ + static_cast<std::int64_t>(trigger) * kGapNs;
    }

    // Sends each trigger when it is due and takes what comes back in between, until all has come
    // or half a second after the last.
    template <class Send, class Take, class Done>
    void drive(Send&& send, Take&& take, Done&& done) const noexcept {
        const std::uint64_t give_up = due(count_) + 5'000 * gap_;
        for (std::size_t next = 0;;) {
            const std::uint64_t now = core::Tsc::now();
            if (next < count_) {
                if (now >= due(next)) send(next++);
            } else if (done() || now >= give_up) {
                return;
            }
            take();
        }
    }

  private:
    std::size_t count_;
    std::uint64_t gap_;
    std::uint64_t first_;
    std::int64_t first_ns_;
};

// The exchange's market data.
class Market {
  public:
    explicit Market(pipeline::DatagramSender& line)
        : stocks_(stocks()), publisher_(options(), stocks_, {&line}) {}

    void announce() {
        pipeline::MarketUpdate update;
        update.time_ns = wall_ns();
        update.action = pipeline::MarketAction::kSystem;
        update.code = 'O';
        publisher_.on_update(update);
        update.action = pipeline::MarketAction::kDirectory;
        for (std::size_t i = 0; i < kStocks; ++i) {
            update.symbol = static_cast<std::uint16_t>(i + 1);
            publisher_.on_update(update);
        }
        publisher_.flush(update.time_ns);
    }
    // One datagram: an order comes into the stock's book or leaves it, and a trade.
    void send(std::size_t trigger, std::int64_t time_ns) noexcept {
        const std::size_t stock = trigger % kStocks;
        const bool adds = trigger / kStocks % 2 == 0;
        pipeline::MarketUpdate update;
        update.time_ns = time_ns;
        update.symbol = static_cast<std::uint16_t>(stock + 1);
        update.action = adds ? pipeline::MarketAction::kAdd : pipeline::MarketAction::kDeleted;
        update.order = trigger - (adds ? 0 : kStocks) + 1;
        update.shares = 100;
        update.price = kPar / 2;
        publisher_.on_update(update);
        update.action = pipeline::MarketAction::kTrade;
        update.price = price_of(trigger);
        update.match = trigger + 1;
        publisher_.on_update(update);
        publisher_.flush(time_ns);
    }

  private:
    static adapters::itch::PublisherOptions options() {
        adapters::itch::PublisherOptions out;
        out.midnight_ns = wall_ns() / kDayNs * kDayNs;
        out.kept_messages = 1U << 14U;
        return out;
    }

    std::vector<pipeline::ExchangeSymbol> stocks_;
    adapters::itch::MoldPublisher publisher_;
};

// A connection that is read ahead of whoever takes its bytes: when they came is known before they are
// looked at.
class StampedStream {
  public:
    explicit StampedStream(std::unique_ptr<pipeline::ByteStream> stream)
        : stream_(std::move(stream)) {}

    // Takes what has arrived; how many bytes.
    std::size_t pump() noexcept {
        const std::size_t size = stream_->read(std::span(buffer_).subspan(filled_));
        if (size == 0) return 0;
        came_at_ = core::Tsc::now();
        filled_ += size;
        return size;
    }
    [[nodiscard]] std::uint64_t came_at() const noexcept { return came_at_; }
    [[nodiscard]] std::size_t take(std::span<std::byte> into) noexcept {
        const std::size_t size = std::min(filled_, into.size());
        const auto from = buffer_.begin() + static_cast<std::ptrdiff_t>(size);
        std::copy_n(buffer_.begin(), size, into.begin());
        std::copy(from, buffer_.begin() + static_cast<std::ptrdiff_t>(filled_), buffer_.begin());
        filled_ -= size;
        return size;
    }
    [[nodiscard]] pipeline::ByteStream& below() noexcept { return *stream_; }

  private:
    std::unique_ptr<pipeline::ByteStream> stream_;
    std::array<std::byte, 1U << 16U> buffer_{};
    std::size_t filled_ = 0;
    std::uint64_t came_at_ = 0;
};

// The same for a server, which owns its connections; the stream has to outlive it.
class PumpedStream final : public pipeline::ByteStream {
  public:
    explicit PumpedStream(StampedStream& stream) noexcept : stream_(stream) {}
    void connect() noexcept override {}
    [[nodiscard]] pipeline::StreamState state() noexcept override {
        return stream_.below().state();
    }
    [[nodiscard]] std::size_t read(std::span<std::byte> into) noexcept override {
        return stream_.take(into);
    }
    [[nodiscard]] std::size_t write(std::span<const std::byte> bytes) noexcept override {
        return stream_.below().write(bytes);
    }
    void close() noexcept override { stream_.below().close(); }

  private:
    StampedStream& stream_;
};

// Fills every order at once, whole and at its own price, and notes when it came.
class FillingExchange final : public pipeline::Exchange {
  public:
    explicit FillingExchange(std::size_t triggers) : stocks_(stocks()), came_(triggers, 0) {}
    void report_to(pipeline::ReportListener& reports) noexcept { reports_ = &reports; }
    // What requests come over from now on.
    void watch(const StampedStream& stream) noexcept { stream_ = &stream; }

    [[nodiscard]] std::span<const pipeline::ExchangeSymbol> symbols() const noexcept override {
        return stocks_;
    }
    void request(const pipeline::OrderRequest& request, std::int64_t now_ns) noexcept override {
        if (request.kind != pipeline::RequestKind::kEnter) return;  // what it is about is filled
        const std::size_t trigger = trigger_of(request, came_.size());
        // An engine that is behind also sends what a report or a later trade has made of its wish.
        if (trigger < came_.size() && came_[trigger] == 0) {
            came_[trigger] = stream_->came_at();
            last_ = std::max(last_, trigger);
        }
        fill(request, now_ns);
    }
    void cancel_all(std::uint32_t, std::int64_t) noexcept override {}

    // By trigger: when the order that answers it came, 0 when none has.
    [[nodiscard]] const std::vector<std::uint64_t>& came() const noexcept { return came_; }
    [[nodiscard]] bool has_last() const noexcept { return last_ + 1 == came_.size(); }

  private:
    void fill(const pipeline::OrderRequest& request, std::int64_t now_ns) noexcept {
        pipeline::OrderReport report;
        report.kind = pipeline::ReportKind::kAccepted;
        report.client = request.client;
        report.time_ns = now_ns;
        report.ref = request.ref;
        report.order = ++orders_;
        report.shares = request.shares;
        report.price = request.price;
        report.symbol = request.symbol;
        report.side = request.side;
        report.tif = request.tif;
        reports_->on_report(report);
        report.kind = pipeline::ReportKind::kExecuted;
        report.match = orders_;
        report.liquidity = 'R';
        reports_->on_report(report);
    }

    std::vector<pipeline::ExchangeSymbol> stocks_;
    std::vector<std::uint64_t> came_;
    pipeline::ReportListener* reports_ = nullptr;
    const StampedStream* stream_ = nullptr;
    std::size_t last_ = 0;
    std::uint64_t orders_ = 0;
};

}  // namespace sluice::bench::wire
