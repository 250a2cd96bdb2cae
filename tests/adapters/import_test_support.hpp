// What the importers' tests share: sinks that keep what they are given, archives and gzip files
// built in the test, and the folder of real data.
#pragma once

#include <stdlib.h>
#include <unistd.h>
#include <zip.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <sluice/pipeline/reference.hpp>
#include <sluice/pipeline/tick_import.hpp>
#include <sluice/pipeline/tick_sink.hpp>

#include "adapters/error_of.hpp"

namespace sluice::tests::importing {

namespace fs = std::filesystem;

class Folder {
  public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "sluice-import-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
        path_ = name;
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] const fs::path& path() const noexcept { return path_; }
    [[nodiscard]] fs::path operator/(const std::string& name) const { return path_ / name; }

  private:
    fs::path path_;
};

inline fs::path real_data() {
    if (const char* given = ::getenv("SLUICE_DATA")) return given;
    return fs::path(__FILE__).parent_path() / "../../../shared/data";
}

inline fs::path write(const fs::path& path, std::string_view text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path;
}
inline std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}
inline fs::path write_zip(const fs::path& path,
                          const std::vector<std::pair<std::string, std::string>>& entries) {
    fs::create_directories(path.parent_path());
    int error = 0;
    zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error);
    EXPECT_NE(archive, nullptr);
    for (const auto& [name, text] : entries) {
        zip_source_t* source = zip_source_buffer(archive, text.data(), text.size(), 0);
        EXPECT_GE(zip_file_add(archive, name.c_str(), source, 0), 0);
    }
    EXPECT_EQ(zip_close(archive), 0);
    return path;
}
inline fs::path write_gzip(const fs::path& path, const std::string& text) {
    gzFile file = gzopen(path.c_str(), "wb");
    EXPECT_EQ(gzwrite(file, text.data(), static_cast<unsigned>(text.size())),
              static_cast<int>(text.size()));
    EXPECT_EQ(gzclose(file), Z_OK);
    return path;
}

using AnyColumns =
    std::variant<pipeline::TradeColumns, pipeline::QuoteColumns, pipeline::LevelColumns,
                 pipeline::OrderColumns, pipeline::BarColumns, pipeline::QuoteBarColumns,
                 pipeline::OpenInterestColumns>;

template <class Columns>
void add_rows(Columns& to, const Columns& from) {
    std::vector<const void*> columns;
    Columns::each(from, [&](const char*, const auto& column, bool) { columns.push_back(&column); });
    std::size_t i = 0;
    Columns::each(to, [&](const char*, auto& column, bool) {
        const auto& more =
            *static_cast<const std::remove_reference_t<decltype(column)>*>(columns[i++]);
        column.insert(column.end(), more.begin(), more.end());
    });
}

// Keeps committed tables by symbol, date and kind, and counts rows that are out of order or beyond
// a chunk.
class FakeSink final : public pipeline::TickSink {
  public:
    using Key = std::tuple<std::string, pipeline::Date, pipeline::TableKey>;

    [[nodiscard]] std::string fingerprint(std::string_view bytes) const override {
        return std::to_string(std::hash<std::string_view>{}(bytes));
    }
    [[nodiscard]] bool holds(const pipeline::Instrument& instrument, pipeline::Date date,
                             pipeline::TableKey key, const std::string& sha256) override {
        const auto found = sources.find({instrument.symbol, date, key});
        return found != sources.end() && found->second.sha256 == sha256;
    }
    pipeline::PutOutcome put(const pipeline::Instrument& instrument,
                             const pipeline::DayTables& day) override {
        auto writer = open_day(instrument, day.date);
        for (const pipeline::TableChunk& chunk : day.tables) writer->append(chunk);
        return writer->commit(day.source);
    }
    [[nodiscard]] std::unique_ptr<pipeline::DayWriter> open_day(
        const pipeline::Instrument& instrument, pipeline::Date date) override {
        return std::make_unique<Day>(*this, instrument, date);
    }
    // The table of one symbol and kind whose date is the only one, or the given one.
    template <class Columns>
    [[nodiscard]] const Columns& table(const std::string& symbol, std::int32_t period_s = 0,
                                       std::optional<pipeline::Date> date = {}) const {
        const pipeline::TableKey wanted{Columns::kKind, period_s};
        const Columns* found = nullptr;
        for (const auto& [key, columns] : tables) {
            if (std::get<0>(key) != symbol || std::get<2>(key) != wanted) continue;
            if (date && std::get<1>(key) != *date) continue;
            if (found != nullptr) throw std::logic_error("several days of " + symbol);
            found = &std::get<Columns>(columns);
        }
        if (found == nullptr) throw std::logic_error("no such table of " + symbol);
        return *found;
    }
    void clear() {
        tables.clear();
        sources.clear();
        instruments.clear();
    }

    std::map<Key, AnyColumns> tables;
    std::map<Key, pipeline::Provenance> sources;
    std::map<std::string, pipeline::Instrument> instruments;
    std::size_t chunk_rows_max = 0;

  private:
    class Day final : public pipeline::DayWriter {
      public:
        Day(FakeSink& sink, const pipeline::Instrument& instrument, pipeline::Date date)
            : sink_(sink), instrument_(instrument), date_(date) {}
        void append(const pipeline::TableChunk& chunk) override {
            sink_.chunk_rows_max = std::max(sink_.chunk_rows_max, chunk.size());
            std::visit(
                [&](const auto* more) {
                    using Columns = std::remove_cvref_t<decltype(*more)>;
                    auto [at, fresh] = rows_.try_emplace(chunk.key(), Columns{});
                    add_rows(std::get<Columns>(at->second), *more);
                },
                chunk.columns());
        }
        pipeline::PutOutcome commit(const pipeline::Provenance& source) override {
            bool changed = false;
            for (auto& [key, columns] : rows_) {
                const Key full{instrument_.symbol, date_, key};
                if (pipeline::filing_date(key, date_) != date_)
                    throw std::logic_error("filed under the wrong date");
                const auto held = sink_.tables.find(full);
                if (held != sink_.tables.end() && held->second == columns) continue;
                if (held != sink_.tables.end())
                    throw std::runtime_error("another source holds " + instrument_.symbol);
                changed = true;
                sink_.tables[full] = std::move(columns);
                sink_.sources[full] = source;
            }
            sink_.instruments[instrument_.symbol] = instrument_;
            return changed ? pipeline::PutOutcome::kWritten : pipeline::PutOutcome::kUnchanged;
        }

      private:
        FakeSink& sink_;
        pipeline::Instrument instrument_;
        pipeline::Date date_;
        std::map<pipeline::TableKey, AnyColumns> rows_;
    };
};

class FakeReference final : public pipeline::ReferenceSink {
  public:
    pipeline::PutOutcome put_actions(const std::string& symbol,
                                     const pipeline::CorporateActions& given,
                                     const pipeline::Provenance& source) override {
        sources[symbol] = source;
        return keep(actions, symbol, given);
    }
    pipeline::PutOutcome put_calendar(const pipeline::SessionCalendar& calendar,
                                      const pipeline::Provenance& source) override {
        sources[calendar.name] = source;
        return keep(calendars, calendar.name, calendar);
    }
    pipeline::PutOutcome put_instruments(const std::vector<pipeline::Instrument>& given,
                                         const pipeline::Provenance& source) override {
        sources["instruments"] = source;
        bool changed = false;
        for (const pipeline::Instrument& instrument : given)
            changed |=
                keep(instruments, instrument.symbol, instrument) == pipeline::PutOutcome::kWritten;
        return changed ? pipeline::PutOutcome::kWritten : pipeline::PutOutcome::kUnchanged;
    }

    std::map<std::string, pipeline::CorporateActions> actions;
    std::map<std::string, pipeline::SessionCalendar> calendars;
    std::map<std::string, pipeline::Instrument> instruments;
    std::map<std::string, pipeline::Provenance> sources;

  private:
    template <class Value>
    static pipeline::PutOutcome keep(std::map<std::string, Value>& in, const std::string& name,
                                     const Value& value) {
        const auto held = in.find(name);
        if (held != in.end() && held->second == value) return pipeline::PutOutcome::kUnchanged;
        in[name] = value;
        return pipeline::PutOutcome::kWritten;
    }
};

}  // namespace sluice::tests::importing
