// The Dukascopy importer on arbitrary bytes. The first byte picks what they are: a compressed file
// of ticks or of candles, the rows of one, or a path. What is accepted is a quote that a market can
// have, and nothing arrives from a refused file.
#include <stdlib.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <string>

#include <sluice/adapters/dukascopy/dukascopy_import.hpp>
#include <sluice/adapters/dukascopy/dukascopy_instrument.hpp>
#include <sluice/adapters/dukascopy/dukascopy_path.hpp>
#include <sluice/adapters/dukascopy/dukascopy_rows.hpp>

namespace {

using namespace sluice;
namespace fs = std::filesystem;
namespace dukascopy = adapters::dukascopy;

constexpr std::int64_t kStart = 1'704'153'600'000'000'000;
constexpr std::int64_t kPoint = 10'000;

void require(bool holds) {
    if (!holds) __builtin_trap();
}

void check(const pipeline::QuoteRow& row) {
    require(row.time_ns >= kStart && row.time_ns < kStart + 86'400'000'000'000);
    require(row.bid_raw >= 0 && row.ask_raw >= 0 && (row.bid_raw != 0 || row.ask_raw != 0));
    require(row.bid_size_raw >= 0 && row.ask_size_raw >= 0);
    require(row.bid_raw != 0 || row.bid_size_raw == 0);
    require(row.ask_raw != 0 || row.ask_size_raw == 0);
}

class CheckingSink final : public pipeline::TickSink {
  public:
    std::uint64_t rows = 0;
    bool committed = false;

    [[nodiscard]] std::string fingerprint(std::string_view bytes) const override {
        return std::to_string(bytes.size());
    }
    [[nodiscard]] bool holds(const pipeline::Instrument&, pipeline::Date, pipeline::TableKey,
                             const std::string&) override {
        return false;
    }
    pipeline::PutOutcome put(const pipeline::Instrument&, const pipeline::DayTables&) override {
        return pipeline::PutOutcome::kWritten;
    }
    [[nodiscard]] std::unique_ptr<pipeline::DayWriter> open_day(const pipeline::Instrument&,
                                                                pipeline::Date) override {
        return std::make_unique<Day>(*this);
    }

  private:
    class Day final : public pipeline::DayWriter {
      public:
        explicit Day(CheckingSink& sink) : sink_(sink) {}
        void append(const pipeline::TableChunk& chunk) override {
            require(chunk.size() != 0 && chunk.size() <= 65'536);
            sink_.rows += chunk.size();
        }
        pipeline::PutOutcome commit(const pipeline::Provenance& source) override {
            require(source.rows >= sink_.rows);
            sink_.committed = true;
            return pipeline::PutOutcome::kWritten;
        }

      private:
        CheckingSink& sink_;
    };
};

// One folder for all runs, removed at the end.
class Folder {
  public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "dukascopy-fuzz-XXXXXX").string();
        require(::mkdtemp(name.data()) != nullptr);
        root_ = name;
        day_ = root_ / "EURUSD/2024/00/02";
        fs::create_directories(day_);
    }
    ~Folder() {
        std::error_code error;
        fs::remove_all(root_, error);
    }
    [[nodiscard]] fs::path file(const char* name) const { return day_ / name; }

  private:
    fs::path root_;
    fs::path day_;
};

void read_file(const char* name, std::span<const std::uint8_t> bytes) {
    static const Folder folder;
    const fs::path path = folder.file(name);
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    CheckingSink sink;
    dukascopy::DukascopyOptions options;
    options.on_bad_row = pipeline::OnBadRow::kSkip;
    try {
        const auto report = dukascopy::import_dukascopy(path, sink, options);
        require(report.rows_stored == sink.rows);
    } catch (const pipeline::ImportError&) {
        require(!sink.committed);
    }
}

void read_rows(std::span<const std::byte> bytes) {
    using dukascopy::RowFault;
    for (; bytes.size() >= dukascopy::kCandleSize; bytes = bytes.subspan(dukascopy::kTickSize)) {
        pipeline::QuoteRow row{};
        if (dukascopy::read_tick(bytes.first<dukascopy::kTickSize>(), kStart, kPoint, row) ==
            RowFault::kOk)
            check(row);
        dukascopy::Candle candle{};
        if (dukascopy::read_candle(bytes.first<dukascopy::kCandleSize>(), kStart, 86'400, 60,
                                   kPoint, candle) != RowFault::kOk)
            continue;
        require(candle.low_raw > 0 && candle.low_raw <= candle.high_raw && candle.size_raw >= 0);
        require(candle.time_ns >= kStart && candle.time_ns < kStart + 86'400'000'000'000);
    }
}

void read_path(const std::string& text) {
    const auto file = dukascopy::parse_path(text);
    if (!file) return;
    require(file->date.ok() && file->length_s > 0 && file->start_ns >= 0);
    require(!file->instrument.empty());
    if (const auto points = dukascopy::known_points_per_unit(file->instrument))
        require(dukascopy::instrument_of(file->instrument, *points).tick_size.raw() > 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::span<const std::uint8_t> rest(data + 1, size - 1);
    switch (data[0] % 4) {
        case 0: read_file("05h_ticks.bi5", rest); break;
        case 1: read_file("BID_candles_min_1.bi5", rest); break;
        case 2: read_rows(std::as_bytes(rest)); break;
        default: read_path({reinterpret_cast<const char*>(rest.data()), rest.size()}); break;
    }
    return 0;
}
