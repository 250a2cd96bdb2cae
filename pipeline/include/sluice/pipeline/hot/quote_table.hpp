// T5 signals, market making: which strategy quotes which instrument. Part of the signal stage; constant
// after construction, empty where nothing is quoted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

class QuoteTable {
  public:
    static constexpr std::size_t kNone = SIZE_MAX;

    struct Maker {
        std::size_t strategy = kNone;
        PriceDelta tick{};  // of the instrument
    };

    // Throws std::invalid_argument where a strategy names a symbol that is not in the table, and where
    // two quote the same one.
    QuoteTable(const Settings& settings, const InstrumentTable& instruments);

    // Whether the instrument is quoted, and so has no position that strategies want.
    [[nodiscard]] bool covers(SymbolId symbol) const noexcept {
        return !makers_.empty() && makers_[core::index_of(symbol)].strategy != kNone;
    }
    // Only where covers().
    [[nodiscard]] const Maker& maker(SymbolId symbol) const noexcept {
        return makers_[core::index_of(symbol)];
    }

  private:
    std::vector<Maker> makers_;  // by instrument
};

}  // namespace sluice::pipeline
