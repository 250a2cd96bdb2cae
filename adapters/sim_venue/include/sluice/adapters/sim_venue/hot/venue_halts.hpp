// Which instruments do not trade: those of a halt that has begun, until the first print at or after its
// end, the reopening. Orders that come from its end on wait for that. An instrument of which no print has
// ever come reopens with the first quote after it.
// Sequencer's thread only; a few compares a call. See docs/guides/simulated-venue.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/trading_phases.hpp>

namespace sluice::adapters::sim_venue {

class VenueHalts {
  public:
    struct Tick {
        bool trades;    // orders may trade with it
        bool restarts;  // the first since the end: what was displayed before is void
    };

    // Throws std::invalid_argument for a halt of an instrument that there is not.
    VenueHalts(const pipeline::VenueSettings& settings,
               const pipeline::InstrumentTable& instruments);

    // Without any, nothing else here needs to be called.
    [[nodiscard]] bool any() const noexcept { return !halts_.empty(); }
    // No order is taken.
    [[nodiscard]] bool refuses(std::size_t symbol, core::StreamTime now) noexcept {
        const Instrument& i = advance(symbol, now);
        return i.halted && now < i.until;
    }
    // The halt is over, and the reopening has not been: orders wait for it.
    [[nodiscard]] bool waits(std::size_t symbol, core::StreamTime now) noexcept {
        const Instrument& i = advance(symbol, now);
        return i.halted && now >= i.until;
    }
    // `now` is the venue's time, which does not go back.
    [[nodiscard]] Tick take(std::size_t symbol, core::StreamTime now, bool is_print) noexcept {
        Instrument& i = advance(symbol, now);
        i.has_printed = i.has_printed || is_print;
        if (!i.halted) return {true, false};
        if (now < i.until) return {false, false};
        const bool restarts = i.stale;
        i.stale = false;
        i.halted = !is_print && i.has_printed;
        return {!i.halted, restarts};
    }

  private:
    struct Halt {
        core::StreamTime from;
        core::StreamTime to;
    };
    struct Instrument {
        std::uint32_t next = 0;  // of halts_, its first that has not begun
        std::uint32_t end = 0;
        bool halted = false;
        bool stale = false;  // what is displayed is from before the end
        bool has_printed = false;
        core::StreamTime until = core::StreamTime::min();
    };

    [[nodiscard]] Instrument& advance(std::size_t symbol, core::StreamTime now) noexcept {
        Instrument& i = instruments_[symbol];
        for (; i.next != i.end && halts_[i.next].from <= now; ++i.next) {
            i.until = i.until < halts_[i.next].to ? halts_[i.next].to : i.until;
            i.halted = true;
            i.stale = true;
        }
        return i;
    }

    std::vector<Halt> halts_;  // by instrument, then by their beginnings
    std::vector<Instrument> instruments_;
};

}  // namespace sluice::adapters::sim_venue
