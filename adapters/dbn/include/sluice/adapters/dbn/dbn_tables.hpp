// The tables that one DBN file fills: a buffer for each, given to its DayWriter when it is full.
//
// One thread. A buffer grows from kLeastRows to kChunkRows, or to an equal part of the limit where
// there are many tables; when all together would hold more than the limit they are given away. So a
// file of very many instruments costs no more memory than a file of one.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <sluice/pipeline/tick_import.hpp>
#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::adapters::dbn {

inline constexpr std::size_t kChunkRows = std::size_t{1} << 14U;
inline constexpr std::size_t kLeastRows = 64;
inline constexpr std::size_t kStagedRows = 16;
static_assert(kLeastRows >= kStagedRows && kChunkRows % kLeastRows == 0);

// Writes a row at an index that the columns have.
inline void write_row(pipeline::OrderColumns& c, std::size_t i, const pipeline::OrderRow& row) {
    c.time_ns[i] = row.time_ns;
    c.order[i] = row.order;
    c.price_raw[i] = row.price_raw;
    c.quantity_raw[i] = row.quantity_raw;
    c.sequence[i] = row.sequence;
    c.received_ns[i] = row.received_ns;
    c.action[i] = row.action;
    c.side[i] = row.side;
    c.flags[i] = row.flags;
}
inline void write_row(pipeline::TradeColumns& c, std::size_t i, const pipeline::TradeRow& row) {
    c.time_ns[i] = row.time_ns;
    c.price_raw[i] = row.price_raw;
    c.quantity_raw[i] = row.quantity_raw;
    c.conditions[i] = row.conditions;
    c.exchange[i] = row.exchange;
    c.flags[i] = row.flags;
    c.received_ns[i] = row.received_ns;
    c.sequence[i] = row.sequence;
}
inline void write_row(pipeline::QuoteColumns& c, std::size_t i, const pipeline::QuoteRow& row) {
    c.time_ns[i] = row.time_ns;
    c.bid_raw[i] = row.bid_raw;
    c.ask_raw[i] = row.ask_raw;
    c.bid_size_raw[i] = row.bid_size_raw;
    c.ask_size_raw[i] = row.ask_size_raw;
    c.conditions[i] = row.conditions;
    c.exchange[i] = row.exchange;
    c.flags[i] = row.flags;
    c.received_ns[i] = row.received_ns;
    c.sequence[i] = row.sequence;
}
inline void write_row(pipeline::LevelColumns& c, std::size_t i, const pipeline::LevelRow& row) {
    c.time_ns[i] = row.time_ns;
    c.price_raw[i] = row.price_raw;
    c.quantity_raw[i] = row.quantity_raw;
    c.sequence[i] = row.sequence;
    c.previous[i] = row.previous;
    c.received_ns[i] = row.received_ns;
    c.side[i] = row.side;
    c.flags[i] = row.flags;
}
inline void write_row(pipeline::BarColumns& c, std::size_t i, const pipeline::BarRow& row) {
    c.time_ns[i] = row.time_ns;
    c.open_raw[i] = row.open_raw;
    c.high_raw[i] = row.high_raw;
    c.low_raw[i] = row.low_raw;
    c.close_raw[i] = row.close_raw;
    c.volume_raw[i] = row.volume_raw;
}

// Every column, also those that other sources leave out.
template <class Columns>
void resize_all(Columns& columns, std::size_t rows) {
    Columns::each(columns, [rows](const char*, auto& column, bool) { column.resize(rows); });
}

class DbnTables;

// Rows of one table that its writer has not yet been given.
class AnyBuffer {
  public:
    AnyBuffer() = default;
    AnyBuffer(const AnyBuffer&) = delete;
    AnyBuffer& operator=(const AnyBuffer&) = delete;
    virtual ~AnyBuffer() = default;
    // Gives the rows away and keeps room for `capacity` rows.
    virtual void flush(std::size_t capacity) = 0;
    // Given away so far.
    [[nodiscard]] std::uint64_t rows() const noexcept { return given_; }
    // The store holds this table from the same source: its rows are not needed.
    [[nodiscard]] bool held() const noexcept { return writer_ == nullptr; }

    // Books of two publishers do not mix: the first one's.
    std::uint16_t publisher = 0;
    std::int64_t last_sequence = 0;  // levels: the event that the next one follows

  protected:
    explicit AnyBuffer(pipeline::DayWriter* writer) : writer_(writer) {}
    pipeline::DayWriter* writer_ = nullptr;
    std::size_t used_ = 0;
    std::size_t capacity_ = 0;
    std::uint64_t given_ = 0;
};

template <class Columns>
class TableBuffer final : public AnyBuffer {
  public:
    TableBuffer(DbnTables& owner, pipeline::DayWriter* writer, std::int32_t period_s)
        : AnyBuffer(writer), owner_(owner), period_s_(period_s) {}

    void push(const typename Columns::Row& row) {
        staged_[staged_rows_++] = row;
        if (staged_rows_ == kStagedRows) [[unlikely]]
            spill();
    }
    void flush(std::size_t capacity) override {
        // Not through make_room(): it may be what calls.
        if (capacity_ - used_ < staged_rows_) {
            capacity_ = used_ + staged_rows_;
            resize_all(columns_, capacity_);
        }
        spill();
        give(capacity);
    }

  private:
    void give(std::size_t capacity);
    void make_room();
    void spill();

    DbnTables& owner_;
    std::int32_t period_s_;
    std::size_t staged_rows_ = 0;
    // Rows before they are taken apart: with many tables in turn each row would else touch as many
    // pages as it has columns.
    std::array<typename Columns::Row, kStagedRows> staged_;
    Columns columns_;
};

class DbnTables {
  public:
    // `sha256` is the fingerprint of the file; `rows_max` bounds what all buffers hold together.
    DbnTables(pipeline::TickSink& sink, std::string sha256, std::size_t rows_max)
        : sink_(sink), sha256_(std::move(sha256)), rows_max_(std::max(rows_max, kChunkRows)) {}

    // The table of this kind and day, opened when it is new. The reference stays valid.
    template <class Columns>
    TableBuffer<Columns>& table(const pipeline::Instrument& instrument, pipeline::Date date,
                                std::int32_t period_s = 0);

    // Stores every day in one atomic step each and counts them in `report`. Once only.
    void commit(const pipeline::Provenance& source, pipeline::ImportReport& report);

    // Called by a buffer before it grows by `more` rows; may give away what all buffers hold.
    void note_growth(std::size_t more);
    // A buffer that is as large does not grow: as many rows for each table as the limit allows.
    [[nodiscard]] std::size_t chunk_rows() const noexcept { return chunk_rows_; }

  private:
    struct Day {
        std::unique_ptr<pipeline::DayWriter> writer;
        std::map<pipeline::TableKey, std::unique_ptr<AnyBuffer>> tables;
    };
    pipeline::TickSink& sink_;
    std::string sha256_;
    std::size_t rows_max_;
    std::size_t rows_in_buffers_ = 0;
    std::size_t tables_ = 0;
    std::size_t chunk_rows_ = kChunkRows;
    std::map<std::pair<std::string, pipeline::Date>, Day> days_;
};

template <class Columns>
void TableBuffer<Columns>::give(std::size_t capacity) {
    if (used_ != 0) {
        resize_all(columns_, used_);
        writer_->append({columns_, period_s_});
        given_ += used_;
        used_ = 0;
    }
    if (capacity < capacity_) columns_ = Columns{};
    resize_all(columns_, capacity);
    capacity_ = capacity;
}

template <class Columns>
void TableBuffer<Columns>::spill() {
    const std::size_t rows = std::exchange(staged_rows_, 0);
    if (capacity_ - used_ < rows) make_room();
    for (std::size_t i = 0; i < rows; ++i) write_row(columns_, used_ + i, staged_[i]);
    used_ += rows;
}

// For at least as many rows as can be staged.
template <class Columns>
void TableBuffer<Columns>::make_room() {
    if (capacity_ >= owner_.chunk_rows()) {
        give(capacity_);
        return;
    }
    const std::size_t wanted = std::max(kLeastRows, std::min(capacity_ * 4, kChunkRows));
    owner_.note_growth(wanted - capacity_);
    resize_all(columns_, wanted);
    capacity_ = wanted;
}

template <class Columns>
TableBuffer<Columns>& DbnTables::table(const pipeline::Instrument& instrument, pipeline::Date date,
                                       std::int32_t period_s) {
    const pipeline::TableKey key{Columns::kKind, period_s};
    const pipeline::Date filed = pipeline::filing_date(key, date);
    Day& day = days_[{instrument.symbol, filed}];
    std::unique_ptr<AnyBuffer>& slot = day.tables[key];
    if (!slot) {
        const bool held = sink_.holds(instrument, filed, key, sha256_);
        if (!held && !day.writer) day.writer = sink_.open_day(instrument, filed);
        chunk_rows_ = std::clamp(rows_max_ / ++tables_, kLeastRows, kChunkRows);
        slot = std::make_unique<TableBuffer<Columns>>(*this, held ? nullptr : day.writer.get(),
                                                      period_s);
    }
    return static_cast<TableBuffer<Columns>&>(*slot);
}

}  // namespace sluice::adapters::dbn
