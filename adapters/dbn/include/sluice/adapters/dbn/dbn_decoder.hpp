// Decodes the records of one DBN file into tables. dbn_import.hpp says what becomes of which.
//
// Records come in runs of one type and one instrument; the type is told apart and the instrument
// looked up once a run. One thread. Cost: bench/dbn_import_bench. Nothing reaches the
// stores before commit().
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <unordered_map>

#include <sluice/adapters/dbn/dbn_definition.hpp>
#include <sluice/adapters/dbn/dbn_import.hpp>
#include <sluice/adapters/dbn/dbn_metadata.hpp>
#include <sluice/adapters/dbn/dbn_rows.hpp>
#include <sluice/adapters/dbn/dbn_tables.hpp>

namespace sluice::adapters::dbn {

// Instruments by symbol, as the definitions of one import describe them.
using InstrumentBook = std::map<std::string, pipeline::Instrument>;

inline constexpr std::size_t kSymbolMax = 64;    // the longest that a store takes
inline constexpr std::size_t kRunRecords = 512;  // at most: the second look at them finds them near

class DbnDecoder {
  public:
    struct File {
        std::string where;   // for messages
        std::string name;    // for the record of where data come from
        std::string sha256;  // the sink's fingerprint
    };
    // All references must outlive the decoder; `reference` may be null.
    DbnDecoder(File file, DbnMetadata metadata, pipeline::TickSink& sink,
               pipeline::ReferenceSink* reference, InstrumentBook& book, const DbnOptions& options,
               pipeline::ImportReport& report);

    // Decodes the whole records at the start of `bytes` and returns how many bytes they take.
    // Throws ImportError: kDamaged for a record that cannot be, kBadRow as the options say.
    [[nodiscard]] std::size_t feed(std::span<const std::byte> bytes);
    // Stores what was decoded. Once only, after the last feed().
    void commit();
    [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }

  private:
    // Where the rows of one instrument go, for the day that was last looked up.
    struct Place {
        std::int64_t begin_ns = 0;  // of the day; an empty interval at first
        std::int64_t end_ns = 0;
        const pipeline::Instrument* instrument = nullptr;  // null: why says why not
        const char* why = nullptr;
        std::uint8_t rtype = 0;  // that the tables below are for
        TableBuffer<pipeline::OrderColumns>* orders = nullptr;
        TableBuffer<pipeline::TradeColumns>* trades = nullptr;
        TableBuffer<pipeline::QuoteColumns>* quotes = nullptr;
        TableBuffer<pipeline::LevelColumns>* levels = nullptr;
        TableBuffer<pipeline::BarColumns>* bars = nullptr;
    };
    // Records of one type, size, publisher and instrument, one after the other.
    struct Run {
        const std::byte* at;
        std::size_t size;  // of each
        std::size_t count;
        RecordHeader header;  // of the first
        [[nodiscard]] const std::byte* record(std::size_t i) const noexcept {
            return at + i * size;
        }
    };

    void decode(const Run& run);
    void decode_orders(const Run& run);
    void decode_trades(const Run& run);
    void decode_quotes(const Run& run, bool sampled);
    void decode_depth(const Run& run);
    void decode_bars(const Run& run);
    void decode_definitions(const Run& run);
    void decode_mappings(const Run& run);
    void ignore(const Run& run, const char* what);

    [[nodiscard]] Place& place_of(std::uint32_t instrument);
    // Makes it the place for records filed at that time; false when there is none: place.why.
    [[nodiscard]] bool move_to(Place& place, std::uint32_t instrument, std::int64_t filed_ns);
    void locate(Place& place, std::uint32_t instrument, std::int64_t filed_ns);
    template <class Columns>
    TableBuffer<Columns>& open(TableBuffer<Columns>*& slot, Place& place,
                               std::int32_t period_s = 0);
    [[nodiscard]] bool same_book(AnyBuffer& buffer, const Run& run, std::size_t i);
    void push_levels(TableBuffer<pipeline::LevelColumns>& levels, const Mbp10Record& record);
    void bad_row(const Run& run, std::size_t i, const std::string& reason);

    File file_;
    DbnMetadata metadata_;
    std::string venue_;
    pipeline::ReferenceSink* reference_;
    InstrumentBook& book_;
    const DbnOptions& options_;
    pipeline::ImportReport& report_;
    DbnTables tables_;
    std::unordered_map<std::uint32_t, Place> places_;
    std::map<std::string, pipeline::Instrument> defined_;
    std::uint64_t definitions_ = 0;
    std::set<std::uint8_t> ignored_;
    std::uint64_t rows_ = 0;  // before the run in hand
};

}  // namespace sluice::adapters::dbn
