// Start-up half of the simulated venue: takes all memory before the first event.
#include <sluice/adapters/sim_venue/hot/sim_venue.hpp>

#include <algorithm>
#include <bit>

namespace sluice::adapters::sim_venue {

namespace {

// Each open order can have a few commands and reports under way; beyond that the venue would be
// asked to hold more than the engine can have sent.
constexpr std::size_t kInFlightPerOrder = 64;
// An order may fill in many small pieces within one response latency.
constexpr std::size_t kLeastInFlight = 65'536;

// Whether a tick means something while no order rests.
bool looks_at_all_ticks(const pipeline::VenueSettings& settings) {
    return settings.fill == pipeline::FillModel::kLast || !settings.halts.empty() ||
           settings.load_latency.count() > 0;
}

}  // namespace

SimVenue::SimVenue(const pipeline::Settings& settings, const pipeline::InstrumentTable& instruments,
                   core::Prefault prefault)
    // The stream runs by the market's time, at which the engine's ticks are feed_latency old. So what it
    // sends in answer to one comes so much later, and a report seems so much sooner.
    : order_path_(settings.venue.order_latency, settings.venue.order_latencies,
                  settings.venue.feed_latency, settings.venue.order_interval,
                  {static_cast<std::uint64_t>(settings.venue.latency_seed), 1, 0}),
      response_path_(settings.venue.response_latency, settings.venue.response_latencies,
                     -settings.venue.feed_latency, Nanos{0},
                     {static_cast<std::uint64_t>(settings.venue.latency_seed), 2, 0}),
      load_(settings.venue, order_path_.least()), queue_(settings.venue.queue),
      fill_(settings.venue.fill), list_end_(looks_at_all_ticks(settings.venue) ? kNone - 1 : kNone),
      fees_(settings.venue), halts_(settings.venue, instruments),
      auctions_(settings.venue, instruments), sizes_(pipeline::contract_sizes_of(instruments)),
      first_(instruments.size(), list_end_), books_(instruments.size()), held_(instruments.size()),
      special_(instruments.size()),
      last_trade_(fill_ == pipeline::FillModel::kLast ? instruments.size() : 0),
      // As many as the engine's own order tables hold.
      resting_(std::bit_ceil(static_cast<std::size_t>(settings.execution.max_open_orders))),
      commands_(resting_.size() * kInFlightPerOrder, prefault),
      reports_(std::max(resting_.size() * kInFlightPerOrder, kLeastInFlight), prefault),
      by_book_(settings.venue.market == pipeline::MarketModel::kBook),
      passes_over_(by_book_ || halts_.any()) {
    for (std::size_t i = 0; by_book_ && i < instruments.size(); ++i)
        level_books_.push_back(
            std::make_unique<VenueBook>(static_cast<std::size_t>(settings.venue.book_levels)));
    free_.resize(resting_.size());
    for (std::size_t i = resting_.size(); i > 0; --i)
        free_[free_count_++] = static_cast<std::uint32_t>(i - 1);
}

std::vector<pipeline::DepthRecord> SimVenue::depth_records() const {
    std::vector<pipeline::DepthRecord> out;
    for (std::size_t i = 0; i < level_books_.size(); ++i) {
        const pipeline::LevelBook& book = level_books_[i]->book();
        const pipeline::LevelBookCounts& counts = book.counts();
        pipeline::DepthRecord& record = out.emplace_back();
        record.symbol = static_cast<SymbolId>(i);
        record.updates = book.rows();
        record.snapshots = counts.snapshots;
        record.gaps = counts.gaps + counts.torn;
        record.crossed = book.crossings().crossed + book.crossings().locked;
        record.refused = counts.refused + counts.dropped;
        record.unready = level_books_[i]->unready();
        record.whole_at_end = level_books_[i]->is_whole();
    }
    return out;
}

}  // namespace sluice::adapters::sim_venue
