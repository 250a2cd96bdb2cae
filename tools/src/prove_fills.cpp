// `sluice prove fills`: every fill of a simulated run against what the store says the market showed.
#include <algorithm>
#include <charconv>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include <sluice/adapters/csv/csv_records.hpp>
#include <sluice/adapters/csv/csv_rows.hpp>
#include <sluice/adapters/run_folder/command_file.hpp>
#include <sluice/core/decimal.hpp>
#include <sluice/pipeline/trading_phases.hpp>
#include <sluice/proofs/fill_audit.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/data_verbs.hpp>

#include "prove_verbs.hpp"
#include "recorded_run.hpp"
#include "shown_market.hpp"

namespace sluice::tools {

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;
using pipeline::CommandBytes;
using pipeline::VenueSettings;
using proofs::AuditedFill;
using proofs::AuditedOrder;
using proofs::FillAuditReport;

struct FillsArguments {
    std::string folder;
    std::string store;
    bool json = false;
};

// One instrument of the run.
struct Audited {
    std::string symbol;
    std::string record;  // what its market was read from
    proofs::AuditedOrders orders;
    std::vector<AuditedFill> fills;
    FillAuditReport report;
};

[[noreturn]] void fail_line(const fs::path& file, std::uint64_t line, const std::string& what) {
    throw std::runtime_error(file.string() + ", line " + std::to_string(line) + ": " + what);
}

// How long a command or a report is under way, at least and at most.
struct Bounds {
    std::int64_t least;
    std::int64_t most;
};
Bounds bounds_of(core::Nanos constant, const std::vector<core::Nanos>& recorded,
                 core::Nanos extra) {
    Bounds out{constant.count(), constant.count()};
    if (!recorded.empty()) {
        const auto [least, most] = std::minmax_element(recorded.begin(), recorded.end());
        out = {least->count(), most->count()};
    }
    const auto add = [&](std::int64_t ns) { return std::max<std::int64_t>(0, ns + extra.count()); };
    return {add(out.least), add(out.most)};
}

std::int64_t number_at(const CommandBytes& command, std::size_t at) {
    std::uint64_t out = 0;
    for (std::size_t i = 8; i-- > 0;) out = out << 8U | command[at + i];
    return static_cast<std::int64_t>(out);
}

// What an order may fill at, and what it waits for before that; docs/guides/orders.md has the kinds.
void read_prices(const CommandBytes& command, AuditedOrder& order, std::int64_t& limit_raw) {
    const auto type = static_cast<pipeline::OrderType>(command[43]);
    if (type == pipeline::OrderType::kMarket || type == pipeline::OrderType::kLimit) return;
    const bool buys = order.side == pipeline::Side::kBuy;
    const std::int64_t stop_raw = limit_raw;
    limit_raw = 0;
    if (type == pipeline::OrderType::kTrailing) return;  // its stop is where the market took it
    if (type == pipeline::OrderType::kStopLimit) {
        const int bps = (command[46] | command[47] << 8) >> 2;
        limit_raw = static_cast<std::int64_t>(
            core::widening_mul(stop_raw, 10'000 + (buys ? bps : -bps)) / core::Int128{10'000});
        // Once it is set off it keeps the limit of then, whatever replaces it.
        for (const AuditedOrder::Terms& earlier : order.terms) {
            if (earlier.quantity_raw == 0) continue;
            limit_raw = buys ? std::max(limit_raw, earlier.limit_raw)
                             : std::min(limit_raw, earlier.limit_raw);
        }
    }
    const bool is_first =
        order.stop_raw == 0 || (buys ? stop_raw < order.stop_raw : stop_raw > order.stop_raw);
    if (is_first) order.stop_raw = stop_raw;
}

void read_auction(const VenueSettings& venue, const std::string& symbol, pipeline::TimeInForce tif,
                  AuditedOrder& order) {
    order.for_auction = pipeline::is_for_auction(tif);
    if (!order.for_auction) return;
    const pipeline::AuctionPrints prints = pipeline::auction_prints(venue, tif, symbol);
    order.auction_conditions = prints.conditions;
    order.auction_exchange = prints.exchange;
}

std::vector<proofs::AuditedHalt> halts_of(const VenueSettings& venue, const std::string& symbol) {
    std::vector<proofs::AuditedHalt> out;
    for (const pipeline::PlannedHalt& halt : pipeline::planned_halts(venue))
        if (halt.is_of(symbol))
            out.push_back({core::ns_since_epoch(halt.from), core::ns_since_epoch(halt.to)});
    return out;
}

void read_orders(const RecordedRun& run, std::vector<Audited>& all) {
    const VenueSettings& venue = run.settings().venue;
    const Bounds way = bounds_of(venue.order_latency, venue.order_latencies, venue.feed_latency);
    const std::int64_t load_ns = venue.load_latency.count() > 0 ? venue.load_most.count() : 0;
    std::int64_t earliest = INT64_MIN;  // of the command before, with its interval
    std::int64_t latest = INT64_MIN;
    for (const CommandBytes& command : adapters::run_folder::read_commands(run.folder())) {
        const std::int64_t sent = number_at(command, 0);
        earliest = std::max(earliest, sent + way.least);
        latest = std::max(latest, sent + way.most + load_ns);
        const std::size_t symbol = command[40] | static_cast<std::size_t>(command[41]) << 8U;
        AuditedOrder& order = all.at(symbol).orders[pipeline::order_of(command)];
        if (pipeline::opens(command)) {
            order.side = static_cast<pipeline::Side>(command[42]);
            read_auction(venue, all.at(symbol).symbol,
                         static_cast<pipeline::TimeInForce>(command[44]), order);
        }
        const bool cancels = command[45] == 2;
        std::int64_t limit_raw = number_at(command, 24);
        if (!cancels) read_prices(command, order, limit_raw);
        order.terms.push_back({earliest, latest, limit_raw, cancels ? 0 : number_at(command, 32)});
        earliest += venue.order_interval.count();
        latest += venue.order_interval.count();
    }
}

// The rows of fills.csv.
class FillsFile {
  public:
    explicit FillsFile(const fs::path& file) : file_(file) {
        std::ifstream in{file, std::ios::binary};
        std::ostringstream text;
        text << in.rdbuf();
        if (!in || !text)
            throw std::runtime_error(file.string() +
                                     " cannot be read; name the folder of a finished run");
        text_ = text.str();
    }
    void read(std::int64_t response_ns, std::vector<Audited>& all) const {
        std::map<std::string, Audited*, std::less<>> by_symbol;
        for (Audited& one : all) by_symbol[one.symbol] = &one;
        adapters::csv::CsvRecords records{text_};
        std::vector<std::size_t> places;
        while (records.next()) {
            if (places.empty()) {
                places = places_of(records);
                continue;
            }
            const auto field = [&](std::size_t i) {
                return places[i] < records.fields().size() ? records.fields()[places[i]]
                                                           : std::string_view{};
            };
            const auto found = by_symbol.find(field(2));
            if (found == by_symbol.end())
                fail_line(file_, records.line(),
                          "'" + std::string(field(2)) + "' is no instrument of the run");
            AuditedFill fill{};
            std::int64_t time = 0;
            core::Quantity quantity;
            core::Price price;
            std::uint64_t order = 0;
            const std::string_view id = field(1);
            const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), order);
            if (error != std::errc{} || end != id.data() + id.size() ||
                !adapters::csv::parse_time(field(0), adapters::csv::TimeFormat::kIso8601, time) ||
                core::parse_fixed(field(3), quantity) != core::DecimalError::kOk ||
                core::parse_fixed(field(4), price) != core::DecimalError::kOk)
                fail_line(file_, records.line(),
                          "is no fill: '" + std::string(records.text()) + "'");
            fill = {order, time - response_ns, price.raw(), quantity.raw()};
            found->second->fills.push_back(fill);
        }
    }

  private:
    std::vector<std::size_t> places_of(const adapters::csv::CsvRecords& header) const {
        std::vector<std::size_t> out;
        for (const char* name : {"time", "order_id", "symbol", "quantity", "price"}) {
            const auto& fields = header.fields();
            const auto found = std::find(fields.begin(), fields.end(), name);
            if (found == fields.end())
                fail_line(file_, header.line(), std::string("names no column '") + name + "'");
            out.push_back(static_cast<std::size_t>(found - fields.begin()));
        }
        return out;
    }

    fs::path file_;
    std::string text_;
};

void check_can_be_audited(const RecordedRun& run) {
    const std::string folder = run.folder().string();
    if (run.is_live())
        throw UsageError(folder +
                         ": fills of a live session came from its venue; those of "
                         "replay, backtest and paper runs can be audited");
    const pipeline::Settings& settings = run.settings();
    if (settings.data.bars)
        throw UsageError(folder +
                         ": the run was over bars (data.bars), which show no single trade or "
                         "quote; run it over ticks");
    if (settings.data.adjust != pipeline::AdjustmentMode::kNone)
        throw UsageError(folder +
                         ": prices of the run were adjusted (data.adjust), those of the store are "
                         "as they were; run it with data.adjust=none");
    if (!settings.venue.response_latencies.empty())
        throw UsageError(folder +
                         ": with venue.response_latencies the moment of a fill is not on record; "
                         "run it with one response_latency");
}

std::vector<Audited> audit(const RecordedRun& run) {
    std::vector<Audited> all;
    for (const pipeline::Instrument& instrument : run.instruments())
        all.push_back({instrument.symbol, {}, {}, {}, {}});
    read_orders(run, all);
    const VenueSettings& venue = run.settings().venue;
    FillsFile{run.folder() / "fills.csv"}.read(
        bounds_of(venue.response_latency, {}, -venue.feed_latency).least, all);
    const auto store = adapters::tick_store::TickStore::open(run.source());
    const ShownRange range{core::ns_since_epoch(parse_time(run.from(), "run.from of the summary")),
                           core::ns_since_epoch(parse_time(run.to(), "run.to of the summary"))};
    for (Audited& one : all) {
        std::stable_sort(
            one.fills.begin(), one.fills.end(),
            [](const AuditedFill& a, const AuditedFill& b) { return a.cause_ns < b.cause_ns; });
        proofs::FillAudit ledger{one.orders, one.fills, halts_of(venue, one.symbol)};
        MarketShow show{[&](const proofs::ShownRow& row) { ledger.show(row); }, {}};
        if (venue.market == pipeline::MarketModel::kBook)
            show.levels = [&](const proofs::ShownLevels& step) { ledger.show(step); };
        one.record = read_shown(store, one.symbol, range, run.settings().bars.use_suspicious, show);
        one.report = ledger.finish();
    }
    return all;
}

ordered_json faults_json(const FillAuditReport& report) {
    ordered_json out = ordered_json::object();
    for (std::size_t i = 1; i < proofs::kFillFaultCount; ++i)
        out[to_string(static_cast<proofs::FillFault>(i))] = report.faults[i];
    return out;
}

ordered_json figures(const FillAuditReport& report) {
    return {{"rows", report.rows},
            {"fills", report.fills},
            {"by_print", report.by_print},
            {"by_display", report.by_display},
            {"quantity", to_string(core::Quantity::from_raw(report.quantity_raw))},
            {"faulty", report.faulty()},
            {"faults", faults_json(report)}};
}

ordered_json violations_json(const std::vector<Audited>& all) {
    ordered_json out = ordered_json::array();
    for (const Audited& one : all)
        for (const proofs::FillViolation& v : one.report.violations)
            out.push_back(
                {{"symbol", one.symbol},
                 {"order", v.fill.order},
                 {"executed", iso_time(core::time_from_ns<core::StreamTime>(v.fill.cause_ns))},
                 {"price", to_string(core::Price::from_raw(v.fill.price_raw))},
                 {"quantity", to_string(core::Quantity::from_raw(v.fill.quantity_raw))},
                 {"fault", to_string(v.fault)}});
    return out;
}

void print_text(const std::vector<Audited>& all, const FillAuditReport& sum) {
    for (const Audited& one : all) {
        const FillAuditReport& r = one.report;
        std::cout << one.symbol << " (" << one.record << ", " << r.rows << " rows): " << r.fills
                  << " fills, " << r.by_print << " out of prints, " << r.by_display
                  << " out of displayed size, " << r.faulty() << " of what was not there\n";
    }
    std::size_t shown = 0;
    for (const Audited& one : all)
        for (const proofs::FillViolation& v : one.report.violations) {
            if (++shown > 20) break;
            std::cout << "  " << one.symbol << " order " << v.fill.order << ", "
                      << iso_time(core::time_from_ns<core::StreamTime>(v.fill.cause_ns)) << ": "
                      << to_string(core::Quantity::from_raw(v.fill.quantity_raw)) << " at "
                      << to_string(core::Price::from_raw(v.fill.price_raw)) << ": "
                      << describe(v.fault) << "\n";
        }
    std::cout << (sum.faulty() == 0 ? "No fill took what was not there: "
                                    : "Fills took what was not there: ")
              << sum.fills << " audited, " << sum.faulty() << " at fault.\n";
}

int prove_fills(const FillsArguments& arguments) {
    const RecordedRun run{arguments.folder, arguments.store};
    check_can_be_audited(run);
    const std::vector<Audited> all = audit(run);
    FillAuditReport sum;
    for (const Audited& one : all) sum.add(one.report);
    if (!arguments.json) {
        print_text(all, sum);
        return sum.faulty() == 0 ? 0 : 1;
    }
    ordered_json out{{"schema", "sluice.fills/1"},
                     {"folder", run.folder().string()},
                     {"store", run.source().string()},
                     {"clean", sum.faulty() == 0}};
    out.update(figures(sum));
    out["instruments"] = ordered_json::array();
    for (const Audited& one : all) {
        ordered_json row{{"symbol", one.symbol}, {"record", one.record}};
        row.update(figures(one.report));
        out["instruments"].push_back(std::move(row));
    }
    out["violations"] = violations_json(all);
    std::cout << out.dump(2) << "\n";
    return sum.faulty() == 0 ? 0 : 1;
}

}  // namespace

void add_prove_fills(CLI::App& prove, Action& action) {
    auto arguments = std::make_shared<FillsArguments>();
    CLI::App* command = prove.add_subcommand(
        "fills",
        "Every fill of a simulated run against the record of its market: its price was quoted or "
        "traded, its size was shown and not used before. Exits 1 where one was not");
    command->add_option("folder", arguments->folder, "Folder of the run")->required();
    command->add_option("--store", arguments->store,
                        "Where the run's store lies now; where it lay then when left out");
    command->add_flag("--json", arguments->json, "Report as JSON");
    command->callback(
        [&action, arguments] { action = [arguments] { return prove_fills(*arguments); }; });
}

}  // namespace sluice::tools
