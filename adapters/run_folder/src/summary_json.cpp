#include <cmath>

#include <sluice/adapters/run_folder/summary.hpp>
#include <sluice/adapters/run_folder/text.hpp>
#include <sluice/core/decimal.hpp>

#include "summary_tree.hpp"

namespace sluice::adapters::run_folder {
namespace {

using core::to_string;
using pipeline::RunRecord;

Json time_or_null(core::StreamTime time) {
    return time == core::StreamTime{} ? Json(nullptr) : Json(iso8601(time));
}

// 16 digits.
std::string hexadecimal(std::uint64_t value) {
    constexpr const char* kDigits = "0123456789abcdef";
    std::string out(16, '0');
    for (std::size_t i = out.size(); i-- > 0; value >>= 4U) out[i] = kDigits[value & 15U];
    return out;
}

Json run_part(const RunRecord& r) {
    return {{"verb", r.verb},
            {"version", r.version},
            {"build", r.build},
            {"host", r.host},
            {"store", r.store},
            {"data", r.data_label},
            {"generated", is_generated(r)},
            {"data_checksum", hexadecimal(r.data_checksum)},
            {"from", time_or_null(r.from)},
            {"to", time_or_null(r.to)},
            {"placement", r.placement},
            {"idle", r.idle},
            {"threads", r.threads},
            {"configuration_hash", r.configuration_hash},
            {"interrupted", r.interrupted},
            {"warnings", r.warnings}};
}

Json ticks_part(const pipeline::TickCounts& t) {
    return {{"total", t.total()},
            {"trades", t.trades},
            {"quotes", t.quotes},
            {"used", t.used},
            {"late", t.late},
            {"refused", t.refused()},
            {"refused_by_reason",
             {{"off_session", t.refused_off_session},
              {"suspicious", t.refused_suspicious},
              {"invalid", t.refused_invalid}}},
            {"out_of_order", t.out_of_order}};
}

Json bars_part(const RunRecord& r) {
    std::uint64_t total = 0;
    Json by_timeframe = Json::object();
    const std::vector<std::string> names = bar_names(r);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::uint64_t count = i < r.bars_by_timeframe.size() ? r.bars_by_timeframe[i] : 0;
        by_timeframe[names[i]] = count;
        total += count;
    }
    return {{"total", total}, {"by_timeframe", by_timeframe}};
}

// {"total": n, "<by>": {every kind's name: its count, zeros included}}
template <class Kind, std::size_t kCount>
Json counted(const std::array<std::uint64_t, kCount>& counts, const char* by) {
    std::uint64_t total = 0;
    Json named = Json::object();
    for (std::size_t i = 0; i < kCount; ++i) {
        named[pipeline::to_string(static_cast<Kind>(i))] = counts[i];
        total += counts[i];
    }
    return {{"total", total}, {by, named}};
}

Json charges_part(const pipeline::Portfolio::ChargeSums& sums) {
    Json named = Json::object();
    for (std::size_t i = 0; i < sums.size(); ++i)
        named[pipeline::to_string(static_cast<pipeline::ChargeKind>(i))] = to_string(sums[i]);
    return {{"total", to_string(pipeline::sum_of(sums))}, {"by_kind", named}};
}

// Exact in each; what they have in common is in the account's.
Json currencies_part(const RunRecord& r) {
    Json rows = Json::array();
    for (const pipeline::CurrencyRecord& row : r.currencies)
        rows.push_back({{"currency", row.name},
                        {"rate_stated", to_string(row.rate_stated)},
                        {"rate", to_string(row.rate)},
                        {"capital", to_string(row.capital)},
                        {"cash", to_string(row.cash)},
                        {"worth", to_string(row.worth)},
                        {"realised", to_string(row.realised)},
                        {"unrealised", to_string(row.unrealised())},
                        {"commission", to_string(row.commission)},
                        {"charges", charges_part(row.charges)},
                        {"in_account", to_string(row.in_account)}});
    return rows;
}

Json books_part(const RunRecord& r) {
    Json books{{"currency", account_currency(r)},
               {"capital", to_string(r.capital)},
               {"cash", to_string(r.cash)},
               {"equity", to_string(r.equity)},
               {"pnl", to_string(r.profit())},
               {"realised", to_string(r.realised)},
               {"unrealised", to_string(r.unrealised)},
               {"commission", to_string(r.commission)},
               {"charges", charges_part(r.charges)},
               {"peak_equity", to_string(r.peak_equity)},
               {"max_drawdown", to_string(r.max_drawdown)}};
    if (has_currencies(r)) {
        books["rates_taken"] = r.rates_taken;
        books["translation"] = to_string(r.translation);
        books["currencies"] = currencies_part(r);
    }
    return books;
}

Json instruments_part(const RunRecord& r) {
    Json rows = Json::array();
    for (const auto& row : r.by_instrument) {
        const std::size_t index = core::index_of(row.symbol);
        const bool known = index < r.instruments.size();
        rows.push_back(
            {{"symbol", symbol_name(r.instruments, row.symbol)},
             {"currency", known ? r.instruments[index].currency : std::string{}},
             {"generated", known && r.instruments[index].generated},
             {"multiplier", known ? to_string(r.instruments[index].multiplier) : std::string{"1"}},
             {"trades", row.trades},
             {"quotes", row.quotes},
             {"fills", row.fills},
             {"position", to_string(row.position)},
             {"mark", to_string(row.mark)},
             {"pnl", to_string(row.profit())},
             {"realised", to_string(row.realised)},
             {"unrealised", to_string(row.unrealised)},
             {"commission", to_string(row.commission)},
             {"charges", charges_part(row.charges)}});
    }
    return rows;
}

Json market_part(const RunRecord& r) {
    Json rows = Json::array();
    for (const auto& row : r.depth)
        rows.push_back({{"symbol", symbol_name(r.instruments, row.symbol)},
                        {"updates", row.updates},
                        {"snapshots", row.snapshots},
                        {"gaps", row.gaps},
                        {"crossed", row.crossed},
                        {"refused", row.refused},
                        {"orders_while_not_whole", row.unready},
                        {"whole_at_end", row.whole_at_end}});
    return {{"fills", "against the full book"}, {"instruments", rows}};
}

Json strategies_part(const RunRecord& r) {
    Json rows = Json::array();
    for (const auto& row : r.by_strategy) {
        rows.push_back({{"name", row.name},
                        {"kind", row.kind},
                        {"weight", row.weight},
                        {"weight_at_end", row.weight_at_end * row.performance_factor},
                        {"bars", row.bars},
                        {"long_bars", row.long_bars},
                        {"short_bars", row.short_bars},
                        {"changes", row.changes},
                        {"winning_bars", row.winning_bars},
                        {"losing_bars", row.losing_bars},
                        {"stance_profit", to_string(row.stance_profit)},
                        {"failed", row.failed}});
    }
    return rows;
}

Json plugins_part(const RunRecord& r) {
    Json rows = Json::array();
    for (const auto& row : r.plugins)
        rows.push_back({{"name", row.name},
                        {"version", row.version},
                        {"kit_version", row.kit_version},
                        {"file", row.file},
                        {"sha256", row.sha256}});
    return rows;
}

Json quality_part(const RunRecord& r) {
    Json rows = Json::array();
    for (const auto& row : r.signal_quality) {
        Json coefficients = Json::array();
        for (const auto& point : row.points) {
            coefficients.push_back({{"bars", point.horizon},
                                    {"pairs", point.pairs},
                                    {"coefficient", number_or_null(point.information)}});
        }
        const bool known = row.strategy < r.by_strategy.size();
        rows.push_back({{"strategy", known ? r.by_strategy[row.strategy].name : std::string{}},
                        {"symbol", symbol_name(r.instruments,
                                               static_cast<pipeline::SymbolId>(row.instrument))},
                        {"bars", row.bars},
                        {"decided", row.decided},
                        {"hits", row.hits},
                        {"hit_rate", number_or_null(row.hit_rate())},
                        {"information", coefficients},
                        {"half_life_bars", number_or_null(row.half_life)},
                        {"turnover", row.turnover},
                        {"gross", row.gross},
                        {"cost", row.cost},
                        {"cost_share", number_or_null(row.cost_share())}});
    }
    return rows;
}

Json latency_part(const RunRecord& r) {
    Json rows = Json::array();
    for (const auto& row : r.latency) {
        rows.push_back({{"hop", row.hop},
                        {"count", row.count},
                        {"p50_ns", row.p50_ns},
                        {"p90_ns", row.p90_ns},
                        {"p99_ns", row.p99_ns},
                        {"p999_ns", row.p999_ns},
                        {"max_ns", row.max_ns}});
    }
    return rows;
}

Json live_part(const pipeline::LiveRecord& live) {
    return {{"feed",
             {{"datagrams", live.feed.datagrams},
              {"messages", live.feed.messages},
              {"duplicates", live.feed.duplicates},
              {"malformed", live.feed.malformed},
              {"gaps", live.feed.gaps},
              {"requested", live.feed.requested},
              {"lost", live.feed.lost},
              {"conflated", live.feed.conflated},
              {"unknown", live.feed.unknown},
              {"ahead", live.feed_ahead},
              {"ahead_max_ns", live.feed_ahead_max_ns}}},
            {"session",
             {{"connects", live.session.connects},
              {"orders", live.session.orders},
              {"cancels", live.session.cancels},
              {"reports", live.session.reports},
              {"resent", live.session.resent},
              {"malformed", live.session.malformed},
              {"unknown", live.session.unknown},
              {"lost", live.session.lost}}},
            {"halts", counted<pipeline::HaltReason>(live.halts, "by_reason")},
            {"refused", live.refused},
            {"unanswered", live.unanswered},
            {"journal",
             {{"records", live.journal_records},
              {"waits", live.journal_waits},
              {"failed", live.journal_failed}}}};
}

}  // namespace

Json summary_tree(const RunRecord& r) {
    Json tree;
    tree["schema"] = "sluice.summary/1";
    tree["run"] = run_part(r);
    tree["ticks"] = ticks_part(r.ticks);
    tree["beats"] = r.beats;
    tree["events"] = r.events;
    tree["bars"] = bars_part(r);
    tree["signals"] = {{"intents", r.intents}};
    tree["refusals"] = counted<pipeline::RefusalReason>(r.refusals, "by_reason");
    tree["orders"] = {{"sent", r.orders}, {"replaces", r.replaces}, {"cancels", r.cancels}};
    tree["fills"] = r.fills;
    tree["reports"] = counted<pipeline::ExecKind>(r.reports, "by_kind");
    if (!r.depth.empty()) tree["market"] = market_part(r);
    tree["incidents"] = counted<pipeline::IncidentKind>(r.incidents, "by_kind");
    tree["books"] = books_part(r);
    tree["instruments"] = instruments_part(r);
    tree["strategies"] = strategies_part(r);
    tree["plugins"] = plugins_part(r);
    tree["signal_quality"] = quality_part(r);
    // Rounded: the tenth of a tick per second is noise, and the text stays short.
    tree["speed"] = {{"wall_seconds", r.wall_seconds},
                     {"ticks_per_second", std::round(r.ticks_per_second())},
                     {"peak_rss_bytes", r.peak_rss_bytes},
                     {"telemetry_dropped", r.telemetry_dropped}};
    tree["latency"] = latency_part(r);
    if (r.live) tree["live"] = live_part(*r.live);
    if (r.performance) tree["performance"] = performance_part(*r.performance);
    tree["digest"] = r.digest;
    return tree;
}

std::string summary_json(const RunRecord& record) { return dump(summary_tree(record), 2); }

}  // namespace sluice::adapters::run_folder
