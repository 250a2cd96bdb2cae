// The Binance importer on arbitrary bytes: no crash, and what it hands to a sink is a table that
// could be stored: times and sizes not negative, events closed, sides and symbols of the known kind.
//
// The first byte picks the market, what becomes of bad rows, and how much is run: the importer, with
// the rest as its file, plain or gzip; or, much faster, the rest as one line of a capture.
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <variant>

#include <sluice/adapters/binance/binance_import.hpp>
#include <sluice/adapters/binance/capture_message.hpp>

namespace {

using namespace sluice;

void require(bool holds) {
    if (!holds) __builtin_trap();
}

void check(const pipeline::TradeColumns& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        require(rows.time_ns[i] >= 0 && rows.received_ns[i] > 0 && rows.sequence[i] >= 0);
        require(rows.price_raw[i] >= 0 && rows.quantity_raw[i] >= 0);
    }
}
void check(const pipeline::QuoteColumns& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        require(rows.time_ns[i] >= 0 && rows.received_ns[i] > 0 && rows.sequence[i] >= 0);
        require(rows.bid_raw[i] >= 0 && rows.ask_raw[i] >= 0);
        require(rows.bid_size_raw[i] >= 0 && rows.ask_size_raw[i] >= 0);
    }
}
void check(const pipeline::LevelColumns& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        require(rows.time_ns[i] >= 0 && rows.received_ns[i] > 0 && rows.sequence[i] >= 0);
        require(rows.price_raw[i] >= 0 && rows.quantity_raw[i] >= 0);
        require(rows.previous[i] <= rows.sequence[i]);
        require(rows.side[i] == 'B' || rows.side[i] == 'A');
    }
}
template <class Other>
void check(const Other&) {
    require(false);  // a kind that captures do not have
}

// Looks at what it is given and keeps none of it.
class CheckingSink final : public pipeline::TickSink {
  public:
    [[nodiscard]] std::string fingerprint(std::string_view) const override { return "0"; }
    [[nodiscard]] bool holds(const pipeline::Instrument&, pipeline::Date, pipeline::TableKey,
                             const std::string&) override {
        return false;
    }
    pipeline::PutOutcome put(const pipeline::Instrument&, const pipeline::DayTables&) override {
        require(false);
        return pipeline::PutOutcome::kUnchanged;
    }
    [[nodiscard]] std::unique_ptr<pipeline::DayWriter> open_day(
        const pipeline::Instrument& instrument, pipeline::Date date) override {
        require(date.ok() && instrument.symbol.ends_with(".BINANCE"));
        return std::make_unique<Day>();
    }

  private:
    class Day final : public pipeline::DayWriter {
      public:
        void append(const pipeline::TableChunk& chunk) override {
            require(chunk.size() <= std::size_t{1} << 16U);
            std::visit([](const auto* columns) { check(*columns); }, chunk.columns());
        }
        pipeline::PutOutcome commit(const pipeline::Provenance& source) override {
            require(source.rows > 0);
            return pipeline::PutOutcome::kWritten;
        }
    };
};

void parse_line(std::string_view line, adapters::binance::Market market) {
    static adapters::binance::CaptureParser spot(adapters::binance::Market::kSpot);
    static adapters::binance::CaptureParser usdm(adapters::binance::Market::kUsdM);
    adapters::binance::CaptureMessage message;
    auto& parser = market == adapters::binance::Market::kSpot ? spot : usdm;
    if (!parser.parse(line, message).empty()) return;
    require(message.received_ns > 0 && message.event_ns >= 0);
    require(message.id >= 0 && message.previous <= message.id);
    for (const auto* side : {&message.bids, &message.asks})
        for (const auto& level : *side) require(level.price_raw >= 0 && level.quantity_raw >= 0);
    require(message.kind == adapters::binance::MessageKind::kSnapshot ||
            adapters::binance::is_symbol(message.symbol));
}

// One file of this process, written anew for each input.
const std::filesystem::path& input_file() {
    static const std::filesystem::path path = std::filesystem::temp_directory_path() /
                                              ("btcusdt_" + std::to_string(::getpid()) + ".fuzz");
    static const int once = std::atexit([] {
        std::error_code error;
        std::filesystem::remove(input_file(), error);
    });
    (void)once;
    return path;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto market =
        (data[0] & 1) != 0 ? adapters::binance::Market::kUsdM : adapters::binance::Market::kSpot;
    if ((data[0] & 4) != 0) {
        parse_line({reinterpret_cast<const char*>(data + 1), size - 1}, market);
        return 0;
    }
    std::FILE* const file = std::fopen(input_file().c_str(), "wb");
    require(file != nullptr);
    require(std::fwrite(data + 1, 1, size - 1, file) == size - 1);
    require(std::fclose(file) == 0);

    adapters::binance::BinanceOptions options;
    options.market = market;
    options.on_bad_row = (data[0] & 2) != 0 ? pipeline::OnBadRow::kSkip : pipeline::OnBadRow::kStop;
    CheckingSink sink;
    try {
        const pipeline::ImportReport report =
            adapters::binance::import_binance(input_file(), sink, options);
        require(report.rows_skipped == 0 || options.on_bad_row == pipeline::OnBadRow::kSkip);
    } catch (const pipeline::ImportError& error) {
        require(*error.what() != '\0');
    }
    return 0;
}
