// What indicators are fed with. Plain values, doubles: from here on no money is counted.
#pragma once

#include <sluice/pipeline/hot/bar.hpp>

namespace sluice::pipeline::indicators {

// One finished bar; prices in the instrument's currency, volume in its units.
struct Candle {
    double open = 0;
    double high = 0;
    double low = 0;
    double close = 0;
    double volume = 0;

    [[nodiscard]] double median() const noexcept { return (high + low) / 2; }
    [[nodiscard]] double typical() const noexcept { return (high + low + close) / 3; }
    [[nodiscard]] double average() const noexcept { return (open + high + low + close) / 4; }
};

// Two series at the same moment.
struct Pair {
    double value = 0;
    double reference = 0;
};

// The best level of each side of a book; sizes are not negative.
struct BookTop {
    double bid = 0;
    double bid_size = 0;
    double ask = 0;
    double ask_size = 0;
};

// From the exact numbers of the stream, each rounded once.
[[nodiscard]] inline Candle candle_of(const Bar& bar) noexcept {
    return {bar.open.to_double(), bar.high.to_double(), bar.low.to_double(), bar.close.to_double(),
            bar.volume.to_double()};
}

}  // namespace sluice::pipeline::indicators
