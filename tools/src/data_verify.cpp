// `sluice data verify`: checksums, and everything unusual about each table.
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include <sluice/pipeline/book_rebuild.hpp>
#include <sluice/pipeline/table_quality.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/data_verbs.hpp>
#include <sluice/tools/interrupt.hpp>
#include <sluice/tools/progress.hpp>

namespace sluice::tools {

namespace {

using adapters::tick_store::DayInfo;
using adapters::tick_store::StoreError;
using adapters::tick_store::TableInfo;
using adapters::tick_store::TickStore;
using nlohmann::ordered_json;
using pipeline::TableQuality;

struct VerifyArguments {
    StoreArguments store;
    std::string calendar = "auto";
    double gap_seconds = 60;
    bool json = false;
};

struct Count {
    const char* name;
    std::uint64_t TableQuality::*value;
};
constexpr Count kCounts[] = {
    {"out_of_order", &TableQuality::out_of_order},
    {"equal_times", &TableQuality::equal_times},
    {"repeats", &TableQuality::repeats},
    {"zero_price", &TableQuality::zero_price},
    {"absent_sides", &TableQuality::absent_sides},
    {"zero_size", &TableQuality::zero_size},
    {"crossed", &TableQuality::crossed},
    {"crossed_close", &TableQuality::crossed_close},
    {"locked", &TableQuality::locked},
    {"suspicious", &TableQuality::suspicious},
    {"bad_range", &TableQuality::bad_range},
    {"outside_session", &TableQuality::outside_session},
    {"gaps_in_session", &TableQuality::gaps_in_session},
};

// All of a file's tables, in the order of the store.
class Verifier {
  public:
    explicit Verifier(const VerifyArguments& arguments)
        : arguments_(arguments), store_(TickStore::open(arguments.store.store)) {}

    int run();

  private:
    void verify_file(const std::filesystem::path& file);
    void verify_table(const DayInfo& day, const TableInfo& table,
                      const std::optional<pipeline::SessionClock>& calendar);
    void print(const DayInfo& day, const TableInfo& table, const TableQuality& quality) const;

    const VerifyArguments& arguments_;
    TickStore store_;
    std::uint64_t bytes_ = 0;
    std::uint64_t rows_ = 0;
    ordered_json tables_ = ordered_json::array();
    ordered_json damaged_ = ordered_json::array();
};

void Verifier::print(const DayInfo& day, const TableInfo& table,
                     const TableQuality& quality) const {
    std::cout << day.instrument.symbol << " " << pipeline::iso_date(day.date) << " "
              << table_name(table.key) << ": " << quality.rows << " rows";
    for (const Count& count : kCounts)
        if (quality.*count.value != 0) {
            std::string name = count.name;
            for (char& c : name)
                if (c == '_') c = ' ';
            std::cout << ", " << quality.*count.value << " " << name;
        }
    if (quality.longest_gap_ns != 0)
        std::cout << ", longest gap " << std::fixed << std::setprecision(1)
                  << static_cast<double>(quality.longest_gap_ns) / 1e9 << " s";
    std::cout << "\n";
}

// The book that the table's updates make, as figures; empty for other tables.
[[nodiscard]] std::string rebuilt_book(const DayInfo& day, const TableInfo& table) {
    if (table.key.kind == pipeline::TableKind::kOrders) {
        pipeline::OrderBook book({.orders = std::max<std::size_t>(1, table.rows)});
        pipeline::OrderRebuilder rebuilder(book);
        rebuilder.add(TickStore::read_file<pipeline::OrderColumns>(day.file));
        return to_string(rebuilder.report());
    }
    if (table.key.kind == pipeline::TableKind::kLevels) {
        pipeline::LevelBook book;
        pipeline::LevelRebuilder rebuilder(book);
        rebuilder.add(TickStore::read_file<pipeline::LevelColumns>(day.file));
        return to_string(rebuilder.report());
    }
    return {};
}

void Verifier::verify_table(const DayInfo& day, const TableInfo& table,
                            const std::optional<pipeline::SessionClock>& calendar) {
    TableQuality quality;
    with_columns(table.key.kind, [&](auto none) {
        using Columns = decltype(none);
        const auto columns = store_.read_file<Columns>(day.file, table.key.period_s);
        quality = pipeline::inspect(columns);
        // Bars of an hour and more begin on the hour, whenever the session does.
        if (!calendar || table.rows == 0 || is_yearly(table.key)) return;
        const double gap_s = std::max<double>(arguments_.gap_seconds, table.key.period_s);
        std::vector<pipeline::TimeSpan> sessions;
        for (const auto& session : calendar->between(table.first, table.last))
            sessions.push_back(
                {core::ns_since_epoch(session.open), core::ns_since_epoch(session.close)});
        pipeline::inspect_sessions(columns.time_ns, sessions,
                                   static_cast<std::int64_t>(gap_s * 1e9), quality);
    });
    const std::string book = rebuilt_book(day, table);
    rows_ += quality.rows;
    if (!arguments_.json) {
        print(day, table, quality);
        if (!book.empty()) std::cout << book << "\n";
        return;
    }
    ordered_json out{{"symbol", day.instrument.symbol},
                     {"date", pipeline::iso_date(day.date)},
                     {"table", table_name(table.key)},
                     {"source", table.source.name},
                     {"rows", quality.rows}};
    for (const Count& count : kCounts) out[count.name] = quality.*count.value;
    if (!book.empty()) out["book"] = book;
    out["longest_gap_s"] = static_cast<double>(quality.longest_gap_ns) / 1e9;
    tables_.push_back(std::move(out));
}

void Verifier::verify_file(const std::filesystem::path& file) {
    try {
        const DayInfo day = TickStore::describe_file(file);
        bytes_ += TickStore::verify(file);
        const auto calendar = find_calendar(store_, day.instrument, arguments_.calendar);
        for (const TableInfo& table : day.tables) verify_table(day, table, calendar);
    } catch (const StoreError& error) {
        // The others are still worth a look.
        damaged_.push_back(error.what());
        std::cerr << "damaged: " << error.what() << "\n";
    }
}

int Verifier::run() {
    std::vector<std::filesystem::path> files;
    for (const std::string& symbol :
         arguments_.store.symbols.empty() ? store_.symbols() : arguments_.store.symbols) {
        auto held = store_.files(symbol);
        if (held.empty()) static_cast<void>(store_.describe(symbol));  // says what there is
        for (auto& file : held) files.push_back(std::move(file));
    }
    std::atomic<bool> stop{false};
    const InterruptGuard guard{stop};
    {
        ProgressBar bar{"rows"};
        for (std::size_t done = 0; done < files.size(); ++done) {
            // relaxed: the flag stands alone
            if (stop.load(std::memory_order_relaxed)) break;
            verify_file(files[done]);
            bar.show(static_cast<double>(done + 1) / static_cast<double>(files.size()), rows_);
        }
    }
    const bool cut_short = stop.load(std::memory_order_relaxed);
    if (arguments_.json) {
        std::cout << ordered_json{{"store", arguments_.store.store},
                                  {"bytes", bytes_},
                                  {"rows", rows_},
                                  {"complete", !cut_short},
                                  {"damaged", damaged_},
                                  {"tables", std::move(tables_)}}
                         .dump(2)
                  << "\n";
    } else {
        std::cout << rows_ << " rows in " << bytes_ << " bytes"
                  << (damaged_.empty() ? ", every checksum agrees"
                                       : "; files damaged: " + std::to_string(damaged_.size()))
                  << (cut_short ? " (stopped early)" : "") << "\n";
    }
    return damaged_.empty() && !cut_short ? 0 : 1;
}

}  // namespace

void add_data_verify(CLI::App& data, Action& action) {
    auto arguments = std::make_shared<VerifyArguments>();
    CLI::App* command = data.add_subcommand(
        "verify", "Compare every checksum and count what is unusual, table by table");
    add_store_options(*command, arguments->store);
    command
        ->add_option("--calendar", arguments->calendar,
                     "Calendar for gaps and rows outside sessions; auto: by instrument")
        ->capture_default_str();
    command
        ->add_option("--gap", arguments->gap_seconds,
                     "Seconds without a row, within a session, that count as a gap")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command->add_flag("--json", arguments->json, "Report as JSON");
    command->callback(
        [&action, arguments] { action = [arguments] { return Verifier(*arguments).run(); }; });
}

}  // namespace sluice::tools
