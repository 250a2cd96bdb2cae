// Reference data beside the ticks: what companies did to their shares, when exchanges are open,
// what an instrument is. Importers fill a ReferenceSink; a store implements it. Plain values.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/table_key.hpp>
#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::pipeline {

// Factors count in 1e-12.
inline constexpr std::int64_t kFactorScale = 1'000'000'000'000;

// Holds up to and including `date`, from the day after the row before. A price of that time times
// both factors is in today's shares, dividends taken out; a quantity is divided by the split factor.
struct AdjustmentRow {
    Date date;
    std::int64_t price_factor;   // dividends, in 1/kFactorScale
    std::int64_t split_factor;   // splits, in 1/kFactorScale
    std::int64_t reference_raw;  // the raw close on `date`, 1e-9; 0 when unknown
    friend bool operator==(const AdjustmentRow&, const AdjustmentRow&) = default;
};
// `ticker` is what the instrument was called up to and including `date`.
struct TickerRow {
    Date date;
    std::string ticker;
    std::string exchange;  // the vendor's code, may be empty
    friend bool operator==(const TickerRow&, const TickerRow&) = default;
};
struct CorporateActions {
    std::vector<AdjustmentRow> adjustments;  // by date
    std::vector<TickerRow> tickers;          // by date
    friend bool operator==(const CorporateActions&, const CorporateActions&) = default;
};

enum class SessionPhase : std::uint8_t { kPreMarket, kRegular, kPostMarket };
// Seconds from local midnight, [open, close); close is at most 86,400.
struct SessionSpan {
    SessionPhase phase;
    std::int32_t open_s;
    std::int32_t close_s;
    friend bool operator==(const SessionSpan&, const SessionSpan&) = default;
};
struct SessionException {
    Date date;
    std::int32_t at_s;  // the regular session then ends (early close) or begins (late open)
    friend bool operator==(const SessionException&, const SessionException&) = default;
};
struct SessionCalendar {
    std::string name;                              // "equity-usa", "future-cme-ES"
    std::string time_zone;                         // IANA name; of the spans and the dates
    std::array<std::vector<SessionSpan>, 7> week;  // Sunday first, in order of time
    std::vector<Date> holidays;                    // closed all day; sorted
    std::vector<SessionException> early_closes;    // sorted
    std::vector<SessionException> late_opens;      // sorted
    friend bool operator==(const SessionCalendar&, const SessionCalendar&) = default;
};

class ReferenceSink {
  public:
    ReferenceSink() = default;
    ReferenceSink(const ReferenceSink&) = delete;
    ReferenceSink& operator=(const ReferenceSink&) = delete;
    virtual ~ReferenceSink() = default;

    // Each replaces in one atomic step what was held under that name; kUnchanged when it was the
    // same. Throws the sink's own typed error.
    virtual PutOutcome put_actions(const std::string& symbol, const CorporateActions& actions,
                                   const Provenance& source) = 0;
    virtual PutOutcome put_calendar(const SessionCalendar& calendar, const Provenance& source) = 0;
    // What later imports take an instrument's data from.
    virtual PutOutcome put_instruments(const std::vector<Instrument>& instruments,
                                       const Provenance& source) = 0;
};

}  // namespace sluice::pipeline
