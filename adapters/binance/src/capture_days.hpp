// Files the messages of one capture under instrument and day, and stores the days at its end.
// One thread; at most kChunkRows rows are held, all tables together.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <sluice/adapters/binance/capture_message.hpp>
#include <sluice/pipeline/tick_import.hpp>
#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::adapters::binance {

class CaptureDays {
  public:
    // `where` names the file in errors. All but the sink is copied.
    CaptureDays(std::string where, pipeline::TickSink& sink, Market market,
                std::optional<pipeline::Instrument> instrument,
                std::optional<core::PriceDelta> tick_size = {});

    // The message has its symbol. Throws ImportError (kUnsupported) beyond kCaptureDaysMax.
    void add(const CaptureMessage& message);
    [[nodiscard]] bool empty() const noexcept { return days_.empty(); }
    // Stores each day in one atomic step and adds the figures to the report; false, with the rest
    // not stored, when `go_on` says so after one of them.
    [[nodiscard]] bool commit(const pipeline::Provenance& source, pipeline::ImportReport& report,
                              const std::function<bool()>& go_on);

  private:
    struct Day {
        std::unique_ptr<pipeline::DayWriter> writer;
        pipeline::TradeColumns trades;
        pipeline::QuoteColumns quotes;
        pipeline::LevelColumns levels;
        std::array<std::uint64_t, pipeline::kTableKindCount> rows{};
    };
    // Changes without levels, which have no row: (from, to].
    struct Unwritten {
        std::int64_t from = 0;
        std::int64_t to = -1;
    };

    [[nodiscard]] Day& day_of(const std::string& symbol, std::int64_t received_ns);
    void add_depth(Day& day, const CaptureMessage& message, std::int64_t time_ns);
    void count_row(Day& day, pipeline::TableKind kind);
    template <class Columns>
    void flush(Day& day, Columns& columns, bool keep);
    void flush_all();

    std::string where_;
    pipeline::TickSink& sink_;
    Market market_;
    std::optional<pipeline::Instrument> instrument_;
    std::optional<core::PriceDelta> tick_size_;
    std::map<std::pair<std::string, pipeline::Date>, Day> days_;
    std::map<std::string, Unwritten> unwritten_;
    std::size_t buffered_ = 0;  // rows of all columns
    // The day of the message before.
    Day* current_ = nullptr;
    std::string current_symbol_;
    std::int64_t current_day_ = 0;  // since the epoch
};

}  // namespace sluice::adapters::binance
