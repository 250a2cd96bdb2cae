#include <sluice/adapters/sim_venue/hot/venue_halts.hpp>

#include <stdexcept>
#include <string>

namespace sluice::adapters::sim_venue {

VenueHalts::VenueHalts(const pipeline::VenueSettings& settings,
                       const pipeline::InstrumentTable& instruments) {
    const auto planned = pipeline::planned_halts(settings);
    if (planned.empty()) return;
    if (const std::string stranger = pipeline::halted_stranger(settings, instruments);
        !stranger.empty())
        throw std::invalid_argument("venue.halts: '" + stranger + "' is no instrument of the run");
    for (const pipeline::Instrument& instrument : instruments) {
        Instrument own;
        own.next = static_cast<std::uint32_t>(halts_.size());
        for (const pipeline::PlannedHalt& halt : planned)
            if (halt.is_of(instrument.symbol)) halts_.push_back({halt.from, halt.to});
        own.end = static_cast<std::uint32_t>(halts_.size());
        instruments_.push_back(own);
    }
}

}  // namespace sluice::adapters::sim_venue
