// The part of the decoder that knows what instruments are called and what they are.
#include <sluice/adapters/dbn/dbn_decoder.hpp>

#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::adapters::dbn {

using std::chrono::days;
using std::chrono::nanoseconds;
using std::chrono::sys_days;

namespace {

// Venues of futures alone: what is traded there needs no definition to be known for one.
[[nodiscard]] bool trades_futures(std::string_view venue) noexcept {
    for (const std::string_view known : {"GLBX", "IFEU", "IFUS", "IFLL", "NDEX", "XEUR"})
        if (venue == known) return true;
    return false;
}

}  // namespace

void DbnDecoder::decode_definitions(const Run& run) {
    if (reference_ == nullptr) return ignore(run, "definitions have no store here");
    for (std::size_t i = 0; i < run.count; ++i) {
        const auto fields = read_definition(metadata_.version, {run.record(i), run.size});
        if (!fields || fields->raw_symbol.empty()) {
            bad_row(run, i, "a definition without a symbol");
            continue;
        }
        pipeline::Instrument instrument = instrument_of(*fields, venue_, options_.instrument);
        if (instrument.symbol.size() > kSymbolMax) {
            bad_row(run, i, "the symbol is longer than 64 characters");
            continue;
        }
        ++definitions_;
        if (options_.fragment) {
            metadata_.symbols.set(run.header.instrument_id, fields->raw_symbol);
            places_.erase(run.header.instrument_id);
        }
        std::string symbol = instrument.symbol;
        defined_[std::move(symbol)] = std::move(instrument);
    }
}

void DbnDecoder::decode_mappings(const Run& run) {
    for (std::size_t i = 0; i < run.count; ++i) {
        std::string symbol;
        if (metadata_.version == 1) {
            const auto record = load<SymbolMappingV1>(run.record(i));
            symbol = fixed_text(record.symbol_out, sizeof record.symbol_out);
        } else {
            const auto record = load<SymbolMappingV2>(run.record(i));
            symbol = fixed_text(record.symbol_out, sizeof record.symbol_out);
        }
        if (symbol.empty()) {
            bad_row(run, i, "a symbol mapping without a symbol");
            continue;
        }
        metadata_.symbols.set(run.header.instrument_id, std::move(symbol));
        places_.erase(run.header.instrument_id);
    }
}

void DbnDecoder::commit() {
    const pipeline::Provenance source{file_.name, file_.sha256, rows_};
    if (!defined_.empty()) {
        std::vector<pipeline::Instrument> instruments;
        for (const auto& [symbol, instrument] : defined_) {
            instruments.push_back(instrument);
            book_[symbol] = instrument;
        }
        if (reference_->put_instruments(instruments, source) == pipeline::PutOutcome::kUnchanged) {
            ++report_.tables_unchanged;
        } else {
            ++report_.tables_written;
            report_.rows_stored += definitions_;
        }
    }
    tables_.commit(source, report_);
}

void DbnDecoder::locate(Place& place, std::uint32_t instrument, std::int64_t filed_ns) {
    const sys_days day{std::chrono::floor<days>(nanoseconds{filed_ns})};
    place = Place{};
    place.begin_ns = nanoseconds(day.time_since_epoch()).count();
    place.end_ns = place.begin_ns + nanoseconds(days{1}).count();
    const std::string_view raw = metadata_.symbols.find(instrument, day);
    if (raw.empty() && !options_.fragment) {
        place.why = "the metadata give its instrument no symbol on that day";
        return;
    }
    std::string symbol =
        symbol_of(raw.empty() ? std::to_string(instrument) : std::string(raw), venue_);
    if (symbol.size() > kSymbolMax) {
        place.why = "the symbol is longer than 64 characters";
        return;
    }
    const auto [found, is_new] = book_.try_emplace(symbol, options_.instrument);
    if (is_new) {
        found->second.symbol = std::move(symbol);
        if (trades_futures(venue_)) found->second.asset_class = pipeline::AssetClass::kFuture;
    }
    place.instrument = &found->second;
}

}  // namespace sluice::adapters::dbn
