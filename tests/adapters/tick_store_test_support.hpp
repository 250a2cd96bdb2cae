// What the tests of the tick store and of its importers share: temporary folders, a sink that
// remembers, tables made from small numbers, and the place of the market data.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

#include <sluice/adapters/tick_store/tick_store.hpp>
#include <sluice/pipeline/market_source.hpp>
#include <sluice/pipeline/tick_import.hpp>
#include <sluice/pipeline/tick_sink.hpp>

#include "adapters/error_of.hpp"

namespace sluice::tests {

namespace fs = std::filesystem;

class TempFolder {
  public:
    TempFolder() {
        std::string name = (fs::temp_directory_path() / "sluice-test-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
        path_ = name;
    }
    ~TempFolder() {
        std::error_code error;
        fs::remove_all(path_, error);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    [[nodiscard]] const fs::path& path() const noexcept { return path_; }
    [[nodiscard]] fs::path operator/(const std::string& name) const { return path_ / name; }

  private:
    fs::path path_;
};

inline void write_file(const fs::path& path, std::string_view bytes) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}
[[nodiscard]] inline std::string read_file(const fs::path& path) {
    return pipeline::read_source_file(path.string());
}

// Real market data: $SLUICE_DATA, else shared/data beside the repository.
[[nodiscard]] inline fs::path data_folder() {
    if (const char* given = ::getenv("SLUICE_DATA")) return given;
    return fs::path(__FILE__).parent_path() / "../../../shared/data";
}

// Tables by symbol, date and, for bars, period; rows are added to the end.
struct MemoryRows {
    using Key = std::tuple<std::string, pipeline::Date>;
    using BarKey = std::tuple<std::string, pipeline::Date, std::int32_t>;

    void keep(const Key& key, const pipeline::TableChunk& chunk) {
        const BarKey bar{std::get<0>(key), std::get<1>(key), chunk.key().period_s};
        std::visit(
            [&](const auto* columns) {
                using Columns = std::remove_cvref_t<decltype(*columns)>;
                if constexpr (std::is_same_v<Columns, pipeline::TradeColumns>)
                    add(trades[key], *columns);
                else if constexpr (std::is_same_v<Columns, pipeline::QuoteColumns>)
                    add(quotes[key], *columns);
                else if constexpr (std::is_same_v<Columns, pipeline::LevelColumns>)
                    add(levels[key], *columns);
                else if constexpr (std::is_same_v<Columns, pipeline::OrderColumns>)
                    add(orders[key], *columns);
                else if constexpr (std::is_same_v<Columns, pipeline::BarColumns>)
                    add(bars[bar], *columns);
                else if constexpr (std::is_same_v<Columns, pipeline::QuoteBarColumns>)
                    add(quote_bars[bar], *columns);
                else
                    add(open_interest[key], *columns);
            },
            chunk.columns());
    }
    template <class Columns>
    static void add(Columns& to, const Columns& from) {
        std::vector<const void*> sources;
        Columns::each(from,
                      [&](const char*, const auto& column, bool) { sources.push_back(&column); });
        std::size_t i = 0;
        Columns::each(to, [&](const char*, auto& column, bool) {
            const auto& source =
                *static_cast<const std::remove_cvref_t<decltype(column)>*>(sources[i++]);
            column.insert(column.end(), source.begin(), source.end());
        });
    }

    std::map<Key, pipeline::TradeColumns> trades;
    std::map<Key, pipeline::QuoteColumns> quotes;
    std::map<Key, pipeline::LevelColumns> levels;
    std::map<Key, pipeline::OrderColumns> orders;
    std::map<BarKey, pipeline::BarColumns> bars;
    std::map<BarKey, pipeline::QuoteBarColumns> quote_bars;
    std::map<Key, pipeline::OpenInterestColumns> open_interest;
};

// Keeps what it is given, as a store would once it is committed.
class MemorySink final : public pipeline::TickSink, public MemoryRows {
  public:
    using Key = MemoryRows::Key;

    [[nodiscard]] std::string fingerprint(std::string_view bytes) const override {
        return std::to_string(std::hash<std::string_view>{}(bytes));
    }
    [[nodiscard]] bool holds(const pipeline::Instrument&, pipeline::Date, pipeline::TableKey,
                             const std::string&) override {
        return false;
    }
    pipeline::PutOutcome put(const pipeline::Instrument& instrument,
                             const pipeline::DayTables& day) override {
        const Key key{instrument.symbol, day.date};
        for (const pipeline::TableChunk& chunk : day.tables) keep(key, chunk);
        truth[key] = {day.truth.begin(), day.truth.end()};
        generators[key] = day.generator;
        return finish(key, instrument, day.source);
    }
    [[nodiscard]] std::unique_ptr<pipeline::DayWriter> open_day(
        const pipeline::Instrument& instrument, pipeline::Date date) override {
        return std::make_unique<Day>(*this, instrument, date);
    }

    std::map<Key, std::vector<pipeline::TruthStretch>> truth;
    std::map<Key, pipeline::Provenance> sources;
    std::map<Key, std::string> generators;
    std::map<Key, pipeline::Instrument> instruments;

  private:
    class Day final : public pipeline::DayWriter {
      public:
        Day(MemorySink& sink, const pipeline::Instrument& instrument, pipeline::Date date)
            : sink_(sink), instrument_(instrument), key_(instrument.symbol, date) {}
        void append(const pipeline::TableChunk& chunk) override { rows_.keep(key_, chunk); }
        pipeline::PutOutcome commit(const pipeline::Provenance& source) override {
            const auto move_all = [](auto& to, auto& from) {
                for (auto& [key, columns] : from) add(to[key], columns);
            };
            move_all(sink_.trades, rows_.trades);
            move_all(sink_.quotes, rows_.quotes);
            move_all(sink_.levels, rows_.levels);
            move_all(sink_.orders, rows_.orders);
            move_all(sink_.bars, rows_.bars);
            move_all(sink_.quote_bars, rows_.quote_bars);
            move_all(sink_.open_interest, rows_.open_interest);
            return sink_.finish(key_, instrument_, source);
        }

      private:
        MemorySink& sink_;
        pipeline::Instrument instrument_;
        Key key_;
        MemoryRows rows_;
    };

    pipeline::PutOutcome finish(const Key& key, const pipeline::Instrument& instrument,
                                const pipeline::Provenance& source) {
        sources[key] = source;
        instruments[key] = instrument;
        return pipeline::PutOutcome::kWritten;
    }
};

inline constexpr pipeline::Date kDay = std::chrono::year{2024} / std::chrono::January / 2;
inline constexpr std::int64_t kDayNs = 1'704'153'600'000'000'000;  // its midnight, UTC

[[nodiscard]] inline pipeline::Instrument instrument_named(const std::string& symbol) {
    pipeline::Instrument out;
    out.symbol = symbol;
    return out;
}

// Trades at the given times (ns after midnight of kDay), told apart by their prices.
[[nodiscard]] inline pipeline::TradeColumns trades_at(const std::vector<std::int64_t>& times,
                                                      std::int64_t first_price = 1'000) {
    pipeline::TradeColumns out;
    for (const std::int64_t time : times)
        out.append({kDayNs + time, first_price++, 100, 7, 'Q', 0});
    return out;
}
[[nodiscard]] inline pipeline::QuoteColumns quotes_at(const std::vector<std::int64_t>& times,
                                                      std::int64_t first_price = 5'000) {
    pipeline::QuoteColumns out;
    for (const std::int64_t time : times) {
        out.append({kDayNs + time, first_price, first_price + 10, 100, 200, 0, 'N', 0});
        ++first_price;
    }
    return out;
}

[[nodiscard]] inline std::vector<pipeline::Event> drain(pipeline::MarketSource& source) {
    std::vector<pipeline::Event> out;
    for (auto block = source.next_block(); !block.empty(); block = source.next_block())
        out.insert(out.end(), block.begin(), block.end());
    return out;
}

// All that an event of a trade or quote says.
using EventKey = std::tuple<std::int64_t, int, int, int, std::int64_t, std::int64_t, std::int64_t,
                            std::int64_t, std::uint32_t, int>;
[[nodiscard]] inline EventKey key_of(const pipeline::Event& e) {
    const auto head = [&e](auto... rest) {
        return EventKey{core::ns_since_epoch(e.time()), static_cast<int>(e.symbol()),
                        static_cast<int>(e.kind()), e.flags(), rest...};
    };
    if (e.kind() == pipeline::EventKind::kTrade)
        return head(e.trade().price.raw(), e.trade().quantity.raw(), std::int64_t{0},
                    std::int64_t{0}, e.trade().conditions, int{e.trade().exchange});
    return head(e.quote().bid.raw(), e.quote().bid_size.raw(), e.quote().ask.raw(),
                e.quote().ask_size.raw(), std::uint32_t{0}, 0);
}
[[nodiscard]] inline EventKey key_of(const pipeline::TradeColumns& t, std::size_t i, int symbol) {
    return {t.time_ns[i],
            symbol,
            static_cast<int>(pipeline::EventKind::kTrade),
            t.flags[i],
            t.price_raw[i],
            t.quantity_raw[i],
            0,
            0,
            t.conditions[i],
            t.exchange[i]};
}
[[nodiscard]] inline EventKey key_of(const pipeline::QuoteColumns& q, std::size_t i, int symbol) {
    return {q.time_ns[i],
            symbol,
            static_cast<int>(pipeline::EventKind::kQuote),
            q.flags[i],
            q.bid_raw[i],
            q.bid_size_raw[i],
            q.ask_raw[i],
            q.ask_size_raw[i],
            0,
            0};
}

}  // namespace sluice::tests
