#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <ostream>

#include <sluice/adapters/run_folder/summary.hpp>
#include <sluice/adapters/run_folder/text.hpp>
#include <sluice/core/decimal.hpp>

#include "page.hpp"
#include "text_table.hpp"

namespace sluice::adapters::run_folder {
namespace {

using pipeline::RunRecord;

// More instruments than this are left to summary.json.
constexpr std::size_t kInstrumentRowsMax = 20;

// "accepted 12, fill 9": the non-zero ones, underscores as spaces.
template <class Kind, std::size_t kCount>
std::string named_counts(const std::array<std::uint64_t, kCount>& counts) {
    std::string out;
    for (std::size_t i = 0; i < kCount; ++i) {
        if (counts[i] == 0) continue;
        if (!out.empty()) out += ", ";
        std::string name = pipeline::to_string(static_cast<Kind>(i));
        std::replace(name.begin(), name.end(), '_', ' ');
        out += name + " " + grouped(counts[i]);
    }
    return out;
}

void print_title(Page& page, const RunRecord& r) {
    std::string verb = r.verb.empty() ? "run" : r.verb;
    verb[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(verb[0])));
    page.heading(verb + " of " + plural(r.instruments.size(), "instrument") + ", data " +
                 printable(r.data_label));
    if (r.events > 0)
        page.out() << "  " << date_and_time(r.from) << " to " << date_and_time(r.to) << " UTC\n";
    if (is_generated(r))
        page.warning(
            "  GENERATED DATA: Sluice made these prices. Nothing below says anything about "
            "a market.");
    if (r.interrupted)
        page.warning(
            "  INTERRUPTED: the run was stopped before its data ended; books were closed "
            "there.");
    for (const auto& warning : r.warnings) page.warning("  warning: " + printable(warning));
}

void print_market(Page& page, const RunRecord& r) {
    const auto& t = r.ticks;
    page.heading("Market");
    page.count("ticks", t.total(), plural(t.trades, "trade") + ", " + plural(t.quotes, "quote"));
    page.count("  used", t.used, percent(t.used, t.total()));
    page.count("  late", t.late, t.late > 0 ? "their bar was closed already" : "");
    std::string why;
    const auto add = [&why](std::uint64_t count, const char* name) {
        if (count > 0) why += (why.empty() ? "" : ", ") + std::string{name} + " " + grouped(count);
    };
    add(t.refused_off_session, "off session");
    add(t.refused_suspicious, "suspicious");
    add(t.refused_invalid, "invalid");
    page.count("  refused", t.refused(), why);
    if (t.out_of_order > 0) page.count("out of order", t.out_of_order, "counted above as well");
}

void print_decisions(Page& page, const RunRecord& r) {
    page.heading("Bars and signals");
    const std::vector<std::string> names = bar_names(r);
    for (std::size_t i = 0; i < names.size() && i < r.bars_by_timeframe.size(); ++i)
        page.count("bars of " + names[i], r.bars_by_timeframe[i]);
    page.count("intents", r.intents, "positions the strategies asked for");

    std::uint64_t refused = 0;
    for (const std::uint64_t count : r.refusals) refused += count;
    page.heading("Risk decisions");
    page.count("allowed", r.orders + r.replaces, "orders and replacements");
    page.count("refused", refused);
    for (std::size_t i = 0; i < r.refusals.size(); ++i) {
        if (r.refusals[i] == 0) continue;
        std::string name = pipeline::to_string(static_cast<pipeline::RefusalReason>(i));
        std::replace(name.begin(), name.end(), '_', ' ');
        page.count("  " + name, r.refusals[i]);
    }
}

// What the books that orders filled against came to, over all instruments.
void print_depth(Page& page, const RunRecord& r) {
    if (r.depth.empty()) return;
    pipeline::DepthRecord sum;
    std::size_t not_whole = 0;
    for (const pipeline::DepthRecord& one : r.depth) {
        sum.updates += one.updates;
        sum.snapshots += one.snapshots;
        sum.gaps += one.gaps;
        sum.crossed += one.crossed;
        sum.refused += one.refused;
        sum.unready += one.unready;
        if (!one.whole_at_end) ++not_whole;
    }
    page.count("book updates", sum.updates,
               plural(sum.snapshots, "snapshot") + ", " + plural(sum.gaps, "gap") + ", " +
                   grouped(sum.crossed) + " crossed" +
                   (sum.refused > 0 ? ", " + grouped(sum.refused) + " refused" : ""));
    if (sum.unready + not_whole > 0)
        page.count("  not whole", sum.unready,
                   "orders came then and found nothing displayed" +
                       (not_whole > 0 ? "; at the end " + plural(not_whole, "book") + " still"
                                      : std::string{}));
}

void print_orders(Page& page, const RunRecord& r) {
    page.heading("Orders and fills");
    page.count("orders", r.orders,
               r.replaces + r.cancels > 0
                   ? plural(r.replaces, "replacement") + ", " + plural(r.cancels, "cancel")
                   : "");
    page.count("fills", r.fills, r.depth.empty() ? "" : "against the full book");
    print_depth(page, r);
    std::uint64_t reports = 0;
    for (const std::uint64_t count : r.reports) reports += count;
    page.count("reports", reports, named_counts<pipeline::ExecKind>(r.reports));
    std::uint64_t incidents = 0;
    for (const std::uint64_t count : r.incidents) incidents += count;
    page.count("incidents", incidents, named_counts<pipeline::IncidentKind>(r.incidents));
}

// "2 instruments", "the account", or both.
std::string charge_note(const RunRecord& r, std::size_t kind) {
    const auto charged = static_cast<std::uint64_t>(
        std::count_if(r.by_instrument.begin(), r.by_instrument.end(),
                      [&](const auto& row) { return !row.charges[kind].is_zero(); }));
    std::string out = charged > 0 ? "of " + plural(charged, "instrument") : "";
    if (!r.account_charges[kind].is_zero())
        out += std::string(out.empty() ? "of" : " and") + " the account as a whole";
    return out;
}

void print_books(Page& page, const RunRecord& r) {
    const std::string currency = printable(account_currency(r));
    const auto& palette = page.palette();
    const char* paint = r.profit().is_zero()         ? ""
                        : r.profit() < core::Money{} ? palette.loss
                                                     : palette.gain;
    const std::string share = percent(r.profit().to_double(), r.capital.to_double(), 3);
    page.heading("Profit and loss" + (currency.empty() ? "" : ", " + currency));
    page.line("realised", rounded_money(r.realised), "before commission");
    page.line("unrealised", rounded_money(r.unrealised));
    page.line("commission", rounded_money(-r.commission));
    for (std::size_t i = 0; i < r.charges.size(); ++i)
        if (!r.charges[i].is_zero())
            page.line(pipeline::to_string(static_cast<pipeline::ChargeKind>(i)),
                      rounded_money(r.charges[i]), charge_note(r, i));
    page.line("profit and loss", rounded_money(r.profit()),
              share.empty() ? share : share + " of capital", paint);
    page.line("equity", rounded_money(r.equity), "from " + rounded_money(r.capital));
    page.line("worst drawdown", rounded_money(-r.max_drawdown),
              "from a peak; highest equity " + rounded_money(r.peak_equity));
}

// What each currency has come to, in it, and what that is in the account's.
void print_currencies(Page& page, const RunRecord& r) {
    if (!has_currencies(r)) return;
    const std::string account = printable(account_currency(r));
    page.heading("Currencies");
    TextTable table(
        {"currency", "rate stated", "at the end", "cash", "worth", "worth in " + account});
    for (const pipeline::CurrencyRecord& row : r.currencies)
        table.add({printable(row.name), core::to_string(row.rate_stated), core::to_string(row.rate),
                   rounded_money(row.cash), rounded_money(row.worth),
                   rounded_money(row.in_account)});
    page.table(table);
    page.line("translation", rounded_money(r.translation),
              account + ", what " + plural(r.rates_taken, "new rate") +
                  " did to the equity; within profit and loss");
}

void print_instruments(Page& page, const RunRecord& r) {
    if (r.by_instrument.empty()) return;
    TextTable table({"instrument", "ticks", "fills", "position", "mark", "profit and loss"});
    const std::size_t shown = std::min(r.by_instrument.size(), kInstrumentRowsMax);
    for (std::size_t i = 0; i < shown; ++i) {
        const auto& row = r.by_instrument[i];
        const std::size_t index = core::index_of(row.symbol);
        const bool is_one = index >= r.instruments.size() ||
                            r.instruments[index].multiplier == core::Quantity::from_units(1);
        table.add(
            {printable(symbol_name(r.instruments, row.symbol)) +
                 (is_one ? "" : " x " + core::to_string(r.instruments[index].multiplier)),
             grouped(row.trades + row.quotes), grouped(row.fills), core::to_string(row.position),
             core::to_string(row.mark),
             rounded_money(row.profit()) + (has_currencies(r) && index < r.instruments.size()
                                                ? " " + printable(r.instruments[index].currency)
                                                : "")});
    }
    page.out() << '\n';
    page.table(table);
    if (shown < r.by_instrument.size())
        page.out() << "  and " << grouped(r.by_instrument.size() - shown)
                   << " more, see summary.json\n";
}

void print_strategies(Page& page, const RunRecord& r) {
    if (r.by_strategy.empty()) return;
    page.heading("Strategies");
    TextTable table(
        {"strategy", "weight", "bars", "long", "short", "changes", "won", "lost", "stance profit"});
    for (const auto& row : r.by_strategy)
        table.add({printable(row.name), shortest(row.weight), grouped(row.bars),
                   grouped(row.long_bars), grouped(row.short_bars), grouped(row.changes),
                   grouped(row.winning_bars), grouped(row.losing_bars),
                   rounded_money(row.stance_profit)});
    page.table(table);
    page.out()
        << "  " << page.palette().dim
        << "stance profit: one contract or share of each instrument held its way, before costs"
        << (has_currencies(r) ? "; in " + printable(account_currency(r)) : "") << page.palette().end
        << '\n';
}

void print_latency(Page& page, const RunRecord& r) {
    page.heading("Latency");
    TextTable table({"stage", "samples", "P50", "P90", "P99", "P99.9", "max"});
    for (const auto& row : r.latency)
        table.add({printable(row.hop), grouped(row.count), short_duration(row.p50_ns),
                   short_duration(row.p90_ns), short_duration(row.p99_ns),
                   short_duration(row.p999_ns), short_duration(row.max_ns)});
    if (r.latency.empty())
        page.out() << "  not measured in this run\n";
    else
        page.table(table);
    if (r.telemetry_dropped > 0)
        page.warning("  " + plural(r.telemetry_dropped, "telemetry record") +
                     " dropped: the logger did not keep up");
}

void print_live(Page& page, const RunRecord& r) {
    if (!r.live) return;
    const pipeline::LiveRecord& live = *r.live;
    page.heading("Feed and order session");
    page.count("datagrams", live.feed.datagrams,
               grouped(live.feed.messages) + " messages, " + grouped(live.feed.duplicates) +
                   " datagrams were duplicates");
    page.count("gaps", live.feed.gaps,
               grouped(live.feed.requested) + " messages asked for again, " +
                   grouped(live.feed.lost) + " lost");
    page.count("conflated", live.feed.conflated, "ticks merged under overload");
    if (live.feed.malformed > 0) page.count("malformed", live.feed.malformed);
    if (live.feed_ahead > 0)
        page.count("clock behind", live.feed_ahead,
                   "datagrams from ahead of the local clock, by " +
                       short_duration(static_cast<std::uint64_t>(live.feed_ahead_max_ns)) +
                       " at most");
    page.count("log-ins", live.session.connects,
               grouped(live.session.resent) + " reports sent again");
    if (live.session.malformed + live.session.unknown > 0)
        page.count("odd reports", live.session.malformed + live.session.unknown);
    if (live.session.lost > 0)
        page.warning(
            "  REPORTS WERE LOST over a reconnect: positions may differ from the venue's.");
    page.count("not sent", live.refused, "commands that the session could not take");
    std::uint64_t halts = 0;
    for (const std::uint64_t count : live.halts) halts += count;
    page.count("halts", halts, named_counts<pipeline::HaltReason>(live.halts));
    page.count("journal", live.journal_records,
               "records, its ring was full " + plural(live.journal_waits, "time"));
    if (live.journal_failed)
        page.warning("  THE JOURNAL ENDS BEFORE THE SESSION: its disk refused to be written.");
}

void print_speed(Page& page, const RunRecord& r) {
    page.heading("Speed");
    page.line("ticks per second", grouped(static_cast<std::uint64_t>(r.ticks_per_second())),
              fixed(r.wall_seconds, 3, " s in all"));
    page.line("peak memory",
              fixed(static_cast<double>(r.peak_rss_bytes) / (1024.0 * 1024.0), 1, " MiB"));
    page.line(
        "placement", printable(r.placement),
        plural(r.threads, "thread") + (r.idle.empty() ? "" : ", idle by " + printable(r.idle)));
    page.out() << '\n'
               << page.palette().heading << "Digest" << page.palette().end << "  "
               << printable(r.digest) << '\n';
}

}  // namespace

void print_summary(std::ostream& out, const RunRecord& record, bool colour) {
    Page page{out, colour};
    print_title(page, record);
    print_market(page, record);
    print_decisions(page, record);
    print_orders(page, record);
    print_books(page, record);
    print_currencies(page, record);
    print_instruments(page, record);
    print_strategies(page, record);
    if (record.performance) print_performance(page, *record.performance);
    print_latency(page, record);
    print_live(page, record);
    print_speed(page, record);
}

}  // namespace sluice::adapters::run_folder
