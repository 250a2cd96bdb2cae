// Which prints are those of an auction that is on, and until when it is. The first print of its kind begins
// an auction: it fixes the price and the exchange. An auction may be printed execution by execution, so
// that what follows from there at that price is of it too, for a second (SPY's opening of 2013-10-07: 351
// prints within 17 ms); then it is over.
// Sequencer's thread only; constant time, but for expire().
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/trading_phases.hpp>

namespace sluice::adapters::sim_venue {

class Auctions {
  public:
    static constexpr core::Nanos kLength{1'000'000'000};

    Auctions(const pipeline::VenueSettings& settings, const pipeline::InstrumentTable& instruments);

    // Whether any print is of an auction of the kind.
    [[nodiscard]] bool are_held(std::size_t symbol, pipeline::TimeInForce tif) const noexcept {
        return of(symbol, tif).prints.conditions != 0;
    }
    // Whether the print is of an auction of the kind, which it may begin.
    [[nodiscard]] bool take(std::size_t symbol, pipeline::TimeInForce tif, core::StreamTime now,
                            const pipeline::Trade& trade) noexcept {
        Auction& auction = auctions_[index(symbol, tif)];
        if (!auction.prints.have(trade.conditions, trade.exchange)) return false;
        if (auction.ends == core::StreamTime::max()) {
            auction.ends = now + kLength;
            auction.price = trade.price;
            auction.exchange = trade.exchange;
            next_end_ = next_end_ < auction.ends ? next_end_ : auction.ends;
        }
        return trade.price == auction.price && trade.exchange == auction.exchange;
    }
    // When the next one is over; max(): none is on.
    [[nodiscard]] core::StreamTime next_end() const noexcept { return next_end_; }
    // Calls over(symbol, kind) for each that is over by then.
    template <class Over>
    void expire(core::StreamTime now, Over&& over) noexcept {
        next_end_ = core::StreamTime::max();
        for (std::size_t i = 0; i < auctions_.size(); ++i) {
            if (auctions_[i].ends <= now) {
                auctions_[i].ends = core::StreamTime::max();
                over(i / kKinds, i % kKinds == 0 ? pipeline::TimeInForce::kOpening
                                                 : pipeline::TimeInForce::kClosing);
            }
            next_end_ = next_end_ < auctions_[i].ends ? next_end_ : auctions_[i].ends;
        }
    }

  private:
    static constexpr std::size_t kKinds = 2;
    struct Auction {
        pipeline::AuctionPrints prints;
        core::Price price;
        core::StreamTime ends = core::StreamTime::max();  // max(): it is not on
        std::uint8_t exchange = 0;
    };

    [[nodiscard]] static std::size_t index(std::size_t symbol, pipeline::TimeInForce tif) noexcept {
        return kKinds * symbol + (tif == pipeline::TimeInForce::kClosing ? 1 : 0);
    }
    [[nodiscard]] const Auction& of(std::size_t symbol, pipeline::TimeInForce tif) const noexcept {
        return auctions_[index(symbol, tif)];
    }

    std::vector<Auction> auctions_;  // by instrument, the opening's before the closing's
    core::StreamTime next_end_ = core::StreamTime::max();
};

}  // namespace sluice::adapters::sim_venue
