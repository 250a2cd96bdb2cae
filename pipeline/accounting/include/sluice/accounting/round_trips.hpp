// Fills paired into round trips, first in, first out: what one order opened and another one closed. The
// partial fills of an order are one, so a pair of orders is one round trip however they filled. Exact:
// a part that is closed takes its share of the order's value and commission, rounded towards zero, and
// the rest stays with what is left. So in one currency, to the last unit of 1e-17,
//
//   sum of profits - open_value() - open_commission() = cash that the fills moved
//
// With several, all of it is in the account's: a round trip at the rate of each fill that closed
// some of it, what is open at the rate of now.
//
// One thread; memory is that of the round trips, 128 bytes each, and of what is open.
#pragma once

#include <cstddef>
#include <deque>
#include <utility>
#include <vector>

#include <sluice/pipeline/hot/contract_size.hpp>
#include <sluice/pipeline/hot/currencies.hpp>
#include <sluice/pipeline/performance_record.hpp>
#include <sluice/pipeline/run_rows.hpp>

namespace sluice::accounting {

class RoundTrips {
  public:
    // By instrument. Values are price * quantity * multiplier.
    explicit RoundTrips(std::vector<pipeline::ContractSize> sizes,
                        pipeline::Currencies currencies = {})
        : sizes_(std::move(sizes)), currencies_(std::move(currencies)), books_(sizes_.size()) {}
    // All with a multiplier of 1.
    explicit RoundTrips(std::size_t instruments)
        : RoundTrips(std::vector<pipeline::ContractSize>(instruments)) {}

    void take(const pipeline::FillRecord& fill);
    // From the next fill on.
    void set_rate(pipeline::CurrencyId currency, core::Price rate) noexcept {
        currencies_.set_rate(currency, rate);
    }
    [[nodiscard]] const pipeline::Currencies& currencies() const noexcept { return currencies_; }

    // All that have ended, in the order of their last fills; those that may go on with the next fill
    // included. Takes them out.
    [[nodiscard]] std::vector<pipeline::RoundTrip> finish();

    // Of what is open: its cost, signed as the position is, and its share of commission.
    [[nodiscard]] core::Money open_value() const;
    [[nodiscard]] core::Money open_commission() const;

  private:
    struct Lot {
        pipeline::StreamTime opened;
        pipeline::OrderId order = pipeline::OrderId::kNone;
        core::Quantity quantity;  // positive
        core::Money value;
        core::Money commission;
    };
    struct Book {
        pipeline::Side side = pipeline::Side::kBuy;  // of the open lots
        std::deque<Lot> lots;                        // oldest first
        std::size_t last = SIZE_MAX;                 // its latest round trip in trips_
    };
    // What is closed of a lot or a fill, and the rest of it.
    [[nodiscard]] static Lot split(Lot& from, core::Quantity quantity);
    void match(Book& book, const pipeline::FillRecord& fill, const Lot& entry, const Lot& exit);

    // Of all that is open, in the account's currency.
    template <class Figure>
    [[nodiscard]] core::Money open_sum(Figure figure) const;

    std::vector<pipeline::ContractSize> sizes_;
    pipeline::Currencies currencies_;
    std::vector<Book> books_;
    std::vector<pipeline::RoundTrip> trips_;
};

}  // namespace sluice::accounting
