// `sluice data export`: tables as CSV, exact to the last digit.
#include <atomic>
#include <fstream>
#include <iostream>
#include <memory>
#include <string_view>

#include <sluice/core/decimal.hpp>
#include <sluice/core/fixed.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/data_verbs.hpp>
#include <sluice/tools/interrupt.hpp>

namespace sluice::tools {

namespace {

using adapters::tick_store::DayInfo;
using adapters::tick_store::SymbolInfo;
using adapters::tick_store::TableInfo;
using adapters::tick_store::TickStore;

struct ExportArguments {
    std::string store;
    std::string symbol;
    std::string table = "trades";
    std::string from;
    std::string to;
    std::string output;
    std::string time = "iso";
};

// How a column's numbers are written, by its name.
enum class Unit { kTime, kPrice, kQuantity, kLetter, kNumber };
[[nodiscard]] Unit unit_of(std::string_view name) {
    if (name == "time" || name == "received") return Unit::kTime;
    if (name == "quantity" || name == "volume" || name == "open_interest" ||
        name.ends_with("_size"))
        return Unit::kQuantity;
    if (name == "exchange" || name == "side" || name == "action") return Unit::kLetter;
    if (name == "conditions" || name == "flags" || name == "sequence" || name == "previous" ||
        name == "order")
        return Unit::kNumber;
    return Unit::kPrice;
}

class CsvWriter {
  public:
    CsvWriter(std::ostream& out, bool iso) : out_(out), iso_(iso) {}

    template <class Columns>
    void header(const Columns& columns) {
        bool first = true;
        Columns::each(columns, [&](const char* name, const auto&, bool) {
            out_ << (first ? "" : ",") << name;
            first = false;
        });
        out_ << "\n";
    }
    template <class Columns>
    void row(const Columns& columns, std::size_t i) {
        bool first = true;
        Columns::each(columns, [&](const char* name, const auto& column, bool) {
            if (!first) out_ << ",";
            first = false;
            if (!column.empty()) value(unit_of(name), static_cast<std::int64_t>(column[i]));
        });
        out_ << "\n";
    }

  private:
    void value(Unit unit, std::int64_t v) {
        switch (unit) {
            case Unit::kTime:
                if (iso_)
                    out_ << iso_time(core::time_from_ns<core::StreamTime>(v));
                else
                    out_ << v;
                break;
            case Unit::kPrice: out_ << core::to_string(core::Price::from_raw(v)); break;
            case Unit::kQuantity: out_ << core::to_string(core::Quantity::from_raw(v)); break;
            case Unit::kLetter:
                if (v > ' ' && v < 127) out_ << static_cast<char>(v);
                break;
            case Unit::kNumber: out_ << v; break;
        }
    }

    std::ostream& out_;
    bool iso_;
};

int export_rows(const ExportArguments& arguments, std::ostream& out) {
    const auto key = pipeline::parse_table_name(arguments.table);
    if (!key || key->kind == pipeline::TableKind::kTruth)
        throw UsageError("--table: '" + arguments.table +
                         "' is no table; use trades, quotes, levels, orders, open_interest, "
                         "bars_60s, quote_bars_60s or as 'sluice data info' shows");
    core::StreamTime from = core::StreamTime::min();
    core::StreamTime to = core::StreamTime::max();
    if (!arguments.from.empty()) from = parse_time(arguments.from, "--from");
    if (!arguments.to.empty()) to = parse_time(arguments.to, "--to");
    const TickStore store = TickStore::open(arguments.store);
    const SymbolInfo symbol = store.describe(arguments.symbol);
    std::atomic<bool> stop{false};
    const InterruptGuard guard{stop};
    CsvWriter writer(out, arguments.time == "iso");
    std::uint64_t rows = 0;
    bool held = false;
    with_columns(key->kind, [&](auto none) {
        using Columns = decltype(none);
        for (const DayInfo& day : symbol.days) held |= day.table(*key) != nullptr;
        if (!held) return;
        writer.header(none);
        for (const DayInfo& day : symbol.days) {
            const TableInfo* table = day.table(*key);
            if (table == nullptr) continue;
            if (table->rows == 0 || table->first >= to || table->last < from) continue;
            const auto columns = store.read_file<Columns>(day.file, key->period_s);
            for (std::size_t i = 0; i < columns.size(); ++i) {
                const auto time = core::time_from_ns<core::StreamTime>(columns.time_ns[i]);
                if (time < from || time >= to) continue;
                writer.row(columns, i);
                ++rows;
            }
            // relaxed: the flag stands alone
            if (stop.load(std::memory_order_relaxed) || !out) break;
        }
    });
    if (!held)
        throw std::runtime_error(arguments.symbol + " has no " + arguments.table + " in " +
                                 arguments.store + "; 'sluice data info --symbol " +
                                 arguments.symbol + "' shows what there is");
    out.flush();
    if (!out) throw std::runtime_error("the rows cannot be written; is the disk full?");
    return stop.load(std::memory_order_relaxed) ? 1 : 0;
}

int export_to(const ExportArguments& arguments) {
    if (arguments.output.empty()) return export_rows(arguments, std::cout);
    std::ofstream file(arguments.output, std::ios::binary);
    if (!file)
        throw std::runtime_error(arguments.output +
                                 ": cannot be written; choose a folder that you may write to");
    return export_rows(arguments, file);
}

}  // namespace

void add_data_export(CLI::App& data, Action& action) {
    auto arguments = std::make_shared<ExportArguments>();
    CLI::App* command =
        data.add_subcommand("export", "Write a table as CSV, exact to the last digit");
    command->add_option("--store", arguments->store, "Folder of the tick store")->required();
    command->add_option("--symbol", arguments->symbol, "The instrument")->required();
    command->add_option("--table", arguments->table, "As 'sluice data info' names it")
        ->capture_default_str();
    command->add_option("--from", arguments->from, "First moment, UTC");
    command->add_option("--to", arguments->to, "End, UTC, exclusive");
    command->add_option("--output", arguments->output, "File to write; none: standard output");
    command->add_option("--time", arguments->time, "Times as iso, or ns since 1970")
        ->check(CLI::IsMember({"iso", "ns"}))
        ->capture_default_str();
    command->callback(
        [&action, arguments] { action = [arguments] { return export_to(*arguments); }; });
}

}  // namespace sluice::tools
