// What the tests of the pipeline share: a stage output that keeps what it is given, and makers
// of events in the units a person writes.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/core/decimal.hpp>
#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/hot/stage_output.hpp>
#include <sluice/pipeline/instrument.hpp>

namespace sluice::pipeline {

// How GoogleTest and RapidCheck print an event.
inline void PrintTo(const Event& event, std::ostream* out) {
    *out << "event{kind " << static_cast<int>(event.kind()) << ", time "
         << core::ns_since_epoch(event.time()) << ", symbol " << core::index_of(event.symbol())
         << ", flags " << static_cast<int>(event.flags()) << "}";
}

}  // namespace sluice::pipeline

namespace sluice::tests {

using pipeline::Event;
using pipeline::EventKind;
using pipeline::Money;
using pipeline::Nanos;
using pipeline::OrderId;
using pipeline::Price;
using pipeline::PriceDelta;
using pipeline::Quantity;
using pipeline::Sequence;
using pipeline::StreamTime;
using pipeline::SymbolId;

inline constexpr std::int64_t kSecondNs = 1'000'000'000;
inline constexpr std::int64_t kMinuteNs = 60 * kSecondNs;

// Where the events of a stage end up.
struct Captured {
    std::vector<Event> passed;
    std::vector<Event> emitted;

    [[nodiscard]] std::vector<Event> emitted_of(EventKind kind) const {
        std::vector<Event> out;
        for (const Event& event : emitted) {
            if (event.kind() == kind) out.push_back(event);
        }
        return out;
    }
    void clear() {
        passed.clear();
        emitted.clear();
    }
};

// A stage output: stages take it by value, so it refers to what it fills.
class CapturingOutput {
  public:
    explicit CapturingOutput(Captured& to) noexcept : to_(&to) {}

    template <EventKind kKnown>
    void pass(const Event& event) const noexcept {
        to_->passed.push_back(event);
    }
    template <EventKind kKnown = EventKind::kNone>
    void emit(const Event& event) const noexcept {
        to_->emitted.push_back(event);
    }

  private:
    Captured* to_;
};
static_assert(pipeline::StageOutput<CapturingOutput>);

template <class Fixed>
[[nodiscard]] Fixed fixed(std::string_view text) {
    Fixed out;
    const core::DecimalError error = core::parse_fixed(text, out);
    if (error != core::DecimalError::kOk)
        throw std::invalid_argument(std::string(text) + ": " + core::describe(error));
    return out;
}
[[nodiscard]] inline Price price(std::string_view text) { return fixed<Price>(text); }
[[nodiscard]] inline Quantity quantity(std::string_view text) { return fixed<Quantity>(text); }
[[nodiscard]] inline Quantity shares(std::int64_t n) { return Quantity::from_units(n); }
// Money with at most eight decimals; more digits than that come from products only.
[[nodiscard]] inline Money money(std::string_view text) {
    return Price::from_raw(1'000'000'000) * fixed<Quantity>(text);
}

[[nodiscard]] inline StreamTime at_ns(std::int64_t ns) {
    return core::time_from_ns<StreamTime>(ns);
}
[[nodiscard]] inline StreamTime at_second(std::int64_t seconds, std::int64_t ns = 0) {
    return at_ns(seconds * kSecondNs + ns);
}
[[nodiscard]] inline SymbolId symbol(std::size_t index) { return static_cast<SymbolId>(index); }

// 2013-10-07 13:30:00 UTC: a Monday, the open of New York.
inline constexpr std::int64_t kMondayOpenNs = 1'381'152'600 * kSecondNs;

[[nodiscard]] inline Event trade_at(StreamTime time, std::size_t instrument, Price at,
                                    Quantity size, std::uint8_t flags = 0) {
    return Event::trade(time, symbol(instrument), {at, size, 0, 0, 0}, flags);
}
[[nodiscard]] inline Event quote_at(StreamTime time, std::size_t instrument, Price bid,
                                    Quantity bid_size, Price ask, Quantity ask_size,
                                    std::uint8_t flags = 0) {
    return Event::quote(time, symbol(instrument), {bid, ask, bid_size, ask_size, 0}, flags);
}
[[nodiscard]] inline Event timer_at(StreamTime time, EventKind kind) {
    return Event::timer(time, kind);
}
[[nodiscard]] inline Event bar_at(StreamTime end, std::size_t instrument, std::uint8_t timeframe,
                                  Price close, Sequence cause = Sequence{1}) {
    return Event::bar(end, cause, symbol(instrument), timeframe,
                      {close, close, close, close, shares(1)});
}

[[nodiscard]] inline pipeline::InstrumentTable instruments(std::size_t count) {
    pipeline::InstrumentTable out(count);
    for (std::size_t i = 0; i < count; ++i) out[i].symbol = "S" + std::to_string(i);
    return out;
}

// Recorded market data: $SLUICE_DATA, else shared/data beside the repository; may be absent.
[[nodiscard]] inline std::filesystem::path market_data_folder() {
    if (const char* given = std::getenv("SLUICE_DATA")) return given;
    return std::filesystem::path(SLUICE_SOURCE_DIR) / "../shared/data";
}

}  // namespace sluice::tests
