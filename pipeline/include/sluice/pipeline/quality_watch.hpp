// Watches a run's signals for SignalQuality. The strength of a strategy after each bar is on no record:
// here the run's signal stage runs a second time over the bars that were recorded, and says it again.
// On the recorder's thread, off the hot path.
//
// A cross-section ranks once all its instruments have had their bar; one that came earlier shows the new
// rank at its own next bar.
#pragma once

#include <vector>

#include <sluice/core/fixed.hpp>
#include <sluice/pipeline/hot/signal_stage.hpp>
#include <sluice/pipeline/run_rows.hpp>
#include <sluice/pipeline/settings.hpp>
#include <sluice/pipeline/signal_quality.hpp>

namespace sluice::pipeline {

class QualityWatch {
  public:
    // Throws what SignalStage does.
    QualityWatch(const Settings& settings, const InstrumentTable& instruments);

    // What the signal stage was given, as far as it moves strategies; the rest does nothing.
    void take(const Event& event);
    // Its cost: the commission, and how much worse its price was than the last close.
    void take(const FillRecord& fill);

    [[nodiscard]] std::vector<QualityRecord> records() const { return quality_.records(); }

  private:
    SignalStage stage_;
    SignalQuality quality_;
    std::vector<std::size_t> timeframe_of_;  // by strategy
    std::vector<double> closes_;             // the last, by instrument; 0 before one
    std::vector<double> multipliers_;
};

}  // namespace sluice::pipeline
