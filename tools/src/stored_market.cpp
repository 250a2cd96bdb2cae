#include "stored_market.hpp"

#include <stdexcept>

#include <sluice/adapters/sim_venue/placements.hpp>
#include <sluice/pipeline/engine.hpp>
#include <sluice/tools/data_verbs.hpp>

#include "charge_files.hpp"
#include "session_parts.hpp"

namespace sluice::tools {

using adapters::tick_store::Checksums;
using adapters::tick_store::StoreSource;
using adapters::tick_store::TickStore;

StoredMarket::StoredMarket(const StoredMarketOptions& options, const pipeline::Settings& settings)
    : store_(TickStore::open(options.store)), symbols_(chosen_symbols(store_, options.symbols)) {
    source_.range = {options.from, options.to};
    source_.checksums = options.trust_checksums ? Checksums::kTrust : Checksums::kVerify;
    if (settings.data.bars)
        source_.input = static_cast<std::int32_t>(settings.data.bar_period.count() / 1'000'000'000);
    source_.adjust = settings.data.adjust;
    source_.levels = settings.venue.market == pipeline::MarketModel::kBook;
    const auto source = open();
    source_.checksums = Checksums::kTrust;  // compared now
    instruments_ = on_terms_of(settings, source->instruments());
    check_halts(instruments_, settings.venue);
    const auto calendar =
        find_calendar(store_, instruments_.front(), settings.clock.session_calendar);
    if (settings.clock.session_enabled && !settings.clock.session_calendar.empty() && !calendar)
        throw std::runtime_error("no calendar for " + instruments_.front().symbol + " in " +
                                 options.store.string() +
                                 "; import a market-hours database, or name one with "
                                 "clock.session_calendar");
    timers_ = pipeline::make_timer_plan(settings.clock, source->first(), source->last(),
                                        calendar ? &*calendar : nullptr);
    timers_.charges = plan_charges(read_charges(settings), settings, instruments_, timers_).charges;
}

std::unique_ptr<StoreSource> StoredMarket::open() const {
    return std::make_unique<StoreSource>(store_, symbols_, source_);
}

std::unique_ptr<StoreSource> StoredMarket::open(core::StreamTime until) const {
    adapters::tick_store::SourceOptions options = source_;
    options.range.to = std::min(options.range.to, until + core::Nanos{1});
    options.actions_known_at = until;
    return std::make_unique<StoreSource>(store_, symbols_, options);
}

pipeline::RunRecord run_quietly(const StoredMarket& market, const pipeline::Settings& settings,
                                pipeline::MarketSource& source,
                                pipeline::RecordObserver& observer) {
    adapters::sim_venue::SimVenue venue{settings, market.instruments()};
    pipeline::RunControl control;
    pipeline::Placement fused;
    fused.idle = core::IdleStrategy::kYield;
    const pipeline::EngineSetup setup{settings,        market.instruments(), fused,
                                      market.timers(), pipeline::Pacer{},    {&observer},
                                      nullptr};
    return pipeline::run_engine(setup, venue, source, control);
}

}  // namespace sluice::tools
