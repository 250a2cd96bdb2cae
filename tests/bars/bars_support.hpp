// The bar stage as the tests of activity bars use it.
#pragma once

#include <string>
#include <vector>

#include <sluice/pipeline/hot/bar_stage.hpp>

#include "pipeline/support.hpp"

namespace sluice::tests {

// One long timeframe, and these.
[[nodiscard]] inline pipeline::BarSettings bar_settings(
    std::vector<std::string> by_activity, pipeline::BarPrice price = pipeline::BarPrice::kTrade) {
    pipeline::BarSettings settings;
    settings.timeframes = {Nanos{24 * 3600 * kSecondNs}};
    settings.price = price;
    settings.by_activity = std::move(by_activity);
    return settings;
}

// "time open high low close volume" of a bar, its time in seconds.
[[nodiscard]] inline std::string row_of(const Event& event) {
    const pipeline::Bar& b = event.bar();
    return std::to_string(core::ns_since_epoch(event.time()) / kSecondNs) + " " +
           to_string(b.open) + " " + to_string(b.high) + " " + to_string(b.low) + " " +
           to_string(b.close) + " " + to_string(b.volume);
}

class BarFeed {
  public:
    explicit BarFeed(const pipeline::BarSettings& settings,
                     const pipeline::InstrumentTable& instruments = pipeline::InstrumentTable(2))
        : stage(settings, instruments) {}

    void trade(std::int64_t second, std::string_view at, std::string_view size,
               std::size_t instrument = 0) {
        send(trade_at(at_second(second), instrument, price(at), quantity(size)));
    }
    void timer(std::int64_t second, EventKind kind) { send(timer_at(at_second(second), kind)); }
    void send(const Event& given) {
        Event event = given;
        event.place(Sequence{++sequence}, 0);
        stage.on<EventKind::kNone>(event, CapturingOutput{out});
    }
    // The n-th of the bars by activity, which follow the one timeframe.
    [[nodiscard]] std::vector<std::string> bars(std::size_t nth = 0,
                                                std::size_t instrument = 0) const {
        std::vector<std::string> rows;
        for (const Event& e : out.emitted_of(EventKind::kBar)) {
            if (e.timeframe() == 1 + nth && e.symbol() == symbol(instrument))
                rows.push_back(row_of(e));
        }
        return rows;
    }

    pipeline::BarStage stage;
    Captured out;
    std::uint64_t sequence = 0;
};

}  // namespace sluice::tests
