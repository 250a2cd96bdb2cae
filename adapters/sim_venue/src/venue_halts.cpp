#include <sluice/adapters/sim_venue/hot/venue_halts.hpp>

#include <algorithm>
#include <stdexcept>

namespace sluice::adapters::sim_venue {

VenueHalts::VenueHalts(const pipeline::VenueSettings& settings,
                       const pipeline::InstrumentTable& instruments) {
    const auto planned = pipeline::planned_halts(settings);
    if (planned.empty()) return;
    for (const pipeline::PlannedHalt& halt : planned) {
        const bool known = std::any_of(instruments.begin(), instruments.end(),
                                       [&](const auto& i) { return halt.is_of(i.symbol); });
        if (!known)
            throw std::invalid_argument("venue.halts: '" + halt.symbol +
                                        "' is no instrument of this run; name one, or * for all");
    }
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
