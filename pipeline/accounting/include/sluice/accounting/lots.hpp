// The open lots of one instrument: what is held, what it cost, and what closing it has earned.
// Exact: a lot that is closed in part gives up its share of the cost rounded towards zero, and the rest
// of the cost stays with what is left. So always, to the last unit of 1e-17:
//
//   sum of all (price * quantity * multiplier) bought less sold = basis() - realised()
#pragma once

#include <deque>
#include <vector>

#include <sluice/accounting/entries.hpp>
#include <sluice/core/time.hpp>

namespace sluice::accounting {

// A position that was opened and closed again, or the part of one that a fill closed.
struct ClosedLot {
    core::StreamTime opened;
    core::StreamTime closed;
    Quantity quantity;  // signed: negative was short
    Money cost;         // signed, of opening it
    Money profit;       // before commission
    Origin origin;      // of the fill that opened it; with average cost, of the first
};

class Lots {
  public:
    explicit Lots(CostMethod method) noexcept : method_(method) {}

    // Books a fill; what it closes is appended to `closed`. A unit and point is worth multiplier / part,
    // and quantities are whole multiples of `part` in 1e-8.
    void fill(core::StreamTime time, const Fill& fill, std::int64_t multiplier,
              std::vector<ClosedLot>& closed, std::int64_t part = 1);
    // Every lot in new units, their costs unchanged. Units below 1e-8 that come to nothing are dropped.
    void split(std::int64_t units, std::int64_t for_units);

    [[nodiscard]] Quantity quantity() const noexcept { return quantity_; }
    [[nodiscard]] Money basis() const noexcept { return basis_; }  // signed as the quantity is
    [[nodiscard]] Money realised() const noexcept { return realised_; }
    [[nodiscard]] std::size_t count() const noexcept { return lots_.size(); }

  private:
    struct Lot {
        core::StreamTime opened;
        Quantity quantity;
        Money basis;
        Origin origin;
    };
    void open(core::StreamTime time, Quantity quantity, Money cost, const Origin& origin);

    CostMethod method_;
    std::deque<Lot> lots_;  // oldest first; with average cost at most one
    Quantity quantity_;
    Money basis_;
    Money realised_;
};

// value * units / for_units, towards zero.
[[nodiscard]] Quantity scaled(Quantity value, std::int64_t units, std::int64_t for_units);

// Parts of a whole in new units: each towards zero, and what that leaves of the whole goes to the
// largest, so that the parts still add up to it.
[[nodiscard]] std::vector<Quantity> scaled_parts(const std::vector<Quantity>& parts,
                                                 std::int64_t units, std::int64_t for_units);

}  // namespace sluice::accounting
