#include <sluice/adapters/sim_venue/hot/auctions.hpp>

namespace sluice::adapters::sim_venue {

using pipeline::TimeInForce;

Auctions::Auctions(const pipeline::VenueSettings& settings,
                   const pipeline::InstrumentTable& instruments)
    : auctions_(kKinds * instruments.size()) {
    for (std::size_t i = 0; i < auctions_.size(); ++i)
        auctions_[i].prints = pipeline::auction_prints(
            settings, i % kKinds == 0 ? TimeInForce::kOpening : TimeInForce::kClosing,
            instruments[i / kKinds].symbol);
}

}  // namespace sluice::adapters::sim_venue
