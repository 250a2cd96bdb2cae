#include <sluice/pipeline/engine.hpp>

#include <sys/resource.h>

#include <sluice/pipeline/bar_definition.hpp>
#include <sluice/pipeline/currency_table.hpp>

namespace sluice::pipeline::detail {

void drain_into(Recorder& recorder, const std::vector<RecordObserver*>& observers, EventRing& ring,
                const std::atomic<bool>& finished) {
    core::Idler idler{core::IdleStrategy::kBackoff};
    Event event;
    for (;;) {
        // acquire: read before the ring, so that an empty ring after it stays empty
        const bool last_round = finished.load(std::memory_order_acquire);
        std::size_t taken = 0;
        while (ring.try_pop(event)) {
            recorder.take(event);
            for (RecordObserver* observer : observers) observer->take(event);
            ++taken;
        }
        if (last_round) return;
        idler.idle(taken);
    }
}

core::ThreadOptions thread_options(const Placement& placement, std::size_t thread,
                                   const std::string& name) {
    core::ThreadOptions options;
    options.name = "sl-" + name;
    if (thread < placement.cores.size()) options.core = placement.cores[thread];
    return options;
}

namespace {

template <class ToNs>
LatencyRecord row_of(std::string hop, const core::Histogram& values, const ToNs& ns) {
    LatencyRecord row;
    row.hop = std::move(hop);
    row.count = values.count();
    row.p50_ns = ns(values.percentile(50.0));
    row.p90_ns = ns(values.percentile(90.0));
    row.p99_ns = ns(values.percentile(99.0));
    row.p999_ns = ns(values.percentile(99.9));
    row.max_ns = ns(values.max());
    return row;
}

}  // namespace

LatencyRecord latency_row(std::string hop, const core::Histogram& ns) {
    return row_of(std::move(hop), ns, [](std::uint64_t value) { return value; });
}
LatencyRecord latency_row(std::string hop, const core::Histogram& ticks,
                          const core::TscClock& clock) {
    return row_of(std::move(hop), ticks, [&clock](std::uint64_t t) { return clock.to_ns(t); });
}

namespace {

void collect_ticks(RunRecord& record, const Stages& stages, const AdmissionCounts& counts) {
    TickCounts& t = record.ticks;
    for (const AdmissionCounts::Seen& seen : counts.seen) {
        t.trades += seen.trades;
        t.quotes += seen.quotes;
    }
    t.refused_off_session = counts.off_session;
    t.refused_suspicious = counts.suspicious;
    t.refused_invalid = counts.invalid;
    t.out_of_order = counts.out_of_order;
    t.late = stages.bars.late();
    t.used = t.total() - t.refused() - t.late;
}

void collect_currencies(RunRecord& record, const EngineSetup& setup, const Portfolio& books) {
    const CurrencyTable table = currency_table_of(setup.settings.account);
    for (std::size_t c = 0; c < table.names.size(); ++c) {
        const auto currency = static_cast<CurrencyId>(c);
        const Portfolio::Book& book = books.book(currency);
        CurrencyRecord row;
        row.name = table.names[c];
        row.rate_stated = table.rates[c];
        row.rate = books.currencies().rate(currency);
        row.cash = book.cash;
        row.worth = books.worth(currency);
        row.in_account = books.currencies().to_account(currency, row.worth);
        if (currency == kAccountCurrency) row.capital = books.capital();
        row.realised = book.realised;
        row.commission = book.commission;
        row.charges = book.charges;
        record.currencies.push_back(row);
        const Portfolio::ChargeSums& whole = books.charges(core::kNoSymbol, currency);
        for (std::size_t k = 0; k < kChargeKindCount; ++k)
            record.account_charges[k] += books.currencies().to_account(currency, whole[k]);
    }
    record.translation = books.translation();
}

void collect_books(RunRecord& record, const EngineSetup& setup, const Portfolio& books,
                   const AdmissionCounts& counts) {
    record.capital = books.capital();
    record.cash = books.cash();
    record.equity = books.equity();
    record.realised = books.realised();
    record.unrealised = books.unrealised();
    record.commission = books.commission();
    record.peak_equity = books.peak_equity();
    record.max_drawdown = books.max_drawdown();
    record.charges = books.charges_by_kind();
    collect_currencies(record, setup, books);
    for (std::size_t i = 0; i < setup.instruments.size(); ++i) {
        const Portfolio::Position& p = books.positions()[i];
        InstrumentRecord row;
        row.symbol = static_cast<SymbolId>(i);
        row.position = p.quantity;
        row.mark = p.mark;
        row.realised = p.realised;
        row.unrealised = p.unrealised();
        row.commission = p.commission;
        row.fills = p.fills;
        row.charges = books.charges(row.symbol);
        row.trades = counts.seen[i].trades;
        row.quotes = counts.seen[i].quotes;
        record.by_instrument.push_back(row);
    }
}

void warn_of_plugin(RunRecord& record, const EngineSetup& setup, const SignalStage& signals,
                    std::size_t strategy) {
    const std::string who =
        "strategy '" + setup.settings.signals.strategies[strategy].name + "', a plugin, ";
    if (const auto& failure = signals.failure(strategy)) {
        record.warnings.push_back(
            who + "threw or gave a strength outside -1 to 1 on a bar of " +
            setup.instruments[core::index_of(failure->symbol)].symbol + ", " +
            std::to_string(core::ns_since_epoch(failure->time)) +
            " ns since 1970, and was taken out: it wanted to be flat from there on");
        return;  // to throw takes memory; that is no news beside it
    }
    if (const std::uint64_t calls = signals.heap_calls(strategy); calls != 0)
        record.warnings.push_back(who + "called the heap " + std::to_string(calls) +
                                  " times while it ran, which may delay orders; take memory in "
                                  "the constructor only");
}

void collect_strategies(RunRecord& record, const EngineSetup& setup, const SignalStage& signals) {
    const auto& strategies = setup.settings.signals.strategies;
    for (std::size_t i = 0; i < strategies.size(); ++i) {
        const StrategyTally& tally = signals.tallies()[i];
        StrategyRecord row;
        row.name = strategies[i].name;
        row.kind = to_string(strategies[i].kind);
        row.weight = strategies[i].weight;
        row.weight_at_end = signals.weight(i);
        row.performance_factor = signals.performance().factor(i);
        row.gains = signals.performance().history(i);
        row.bars = tally.bars;
        row.long_bars = tally.long_bars;
        row.short_bars = tally.short_bars;
        row.changes = tally.changes;
        row.winning_bars = tally.winning_bars;
        row.losing_bars = tally.losing_bars;
        row.stance_profit = tally.stance_profit;
        row.failed = signals.failure(i).has_value();
        warn_of_plugin(record, setup, signals, i);
        record.by_strategy.push_back(std::move(row));
    }
}

}  // namespace

void collect(RunRecord& record, const EngineSetup& setup, const Stages& stages,
             const HeadResult& head) {
    collect_ticks(record, stages, head.counts);
    collect_books(record, setup, stages.risk.portfolio(), head.counts);
    collect_strategies(record, setup, stages.signals);
    record.instruments = setup.instruments;
    record.timeframes = setup.settings.bars.timeframes;
    for (const ActivityBar& bar : activity_bars(setup.settings.bars))
        record.activity_bars.push_back(to_string(bar));
    record.bars_by_timeframe = stages.bars.closed();
    record.data_checksum = head.checksum;
    record.events = head.events;
    record.beats = head.beats;
    record.from = head.first;
    record.to = head.last;
    record.placement = describe_cuts(setup.placement.cuts);
    record.idle = core::to_string(setup.placement.idle);
    record.threads = static_cast<std::uint32_t>(setup.placement.threads());
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    record.peak_rss_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024U;
}

void collect_latency(RunRecord& record, const Trace& trace) {
    const core::TscClock clock = core::TscClock::calibrate();
    constexpr const char* kHops[kStageCount] = {"T4 bars", "T5 signals", "T6 risk", "T7 orders"};
    for (std::size_t k = 0; k < kStageCount; ++k)
        record.latency.push_back(latency_row(kHops[k], trace.stage_entry[k].since_ingress, clock));
    record.latency.push_back(latency_row("tick to order", trace.tick_to_order, clock));
}

}  // namespace sluice::pipeline::detail
