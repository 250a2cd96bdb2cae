#include <sluice/accounting/lots.hpp>

#include <algorithm>

namespace sluice::accounting {

Quantity scaled(Quantity value, std::int64_t units, std::int64_t for_units) {
    const core::Int128 raw =
        core::mul_div(value.raw(), units, for_units, core::Rounding::kTowardZero);
    if (raw > INT64_MAX || raw < -INT64_MAX)
        throw AccountError("the split makes more units than can be held");
    return Quantity::from_raw(static_cast<std::int64_t>(raw));
}

std::vector<Quantity> scaled_parts(const std::vector<Quantity>& parts, std::int64_t units,
                                   std::int64_t for_units) {
    Quantity whole;
    Quantity given;
    std::vector<Quantity> out;
    for (const Quantity part : parts) {
        whole += part;
        out.push_back(scaled(part, units, for_units));
        given += out.back();
    }
    const auto largest = std::max_element(out.begin(), out.end(),
                                          [](Quantity a, Quantity b) { return a.abs() < b.abs(); });
    if (largest != out.end()) *largest += scaled(whole, units, for_units) - given;
    return out;
}

void Lots::open(core::StreamTime time, Quantity quantity, Money cost, const Origin& origin) {
    quantity_ += quantity;
    basis_ += cost;
    if (method_ == CostMethod::kAverage && !lots_.empty()) {
        lots_.front().quantity += quantity;
        lots_.front().basis += cost;
    } else {
        lots_.push_back({time, quantity, cost, origin});
    }
}

void Lots::fill(core::StreamTime time, const Fill& fill, std::int64_t multiplier,
                std::vector<ClosedLot>& closed, std::int64_t part) {
    const auto cost_of = [&](Quantity quantity) {
        const Quantity parts = Quantity::from_raw(quantity.raw() / part);
        return Money::from_raw((fill.price * parts).raw() * multiplier);
    };
    Quantity left = fill.quantity;
    while (!left.is_zero() && !lots_.empty() &&
           (lots_.front().quantity.raw() > 0) != (left.raw() > 0)) {
        Lot& lot = lots_.front();
        const Quantity size = std::min(left.abs(), lot.quantity.abs());
        const bool whole = size == lot.quantity.abs();
        const Money cost = whole ? lot.basis
                                 : Money::from_raw(core::mul_div(lot.basis.raw(), size.raw(),
                                                                 lot.quantity.abs().raw(),
                                                                 core::Rounding::kTowardZero));
        const Quantity gone = lot.quantity.raw() > 0 ? size : -size;
        const Money profit = cost_of(gone) - cost;
        closed.push_back({lot.opened, time, gone, cost, profit, lot.origin});
        realised_ += profit;
        quantity_ -= gone;
        basis_ -= cost;
        left += gone;
        if (whole) {
            lots_.pop_front();
        } else {
            lot.quantity -= gone;
            lot.basis -= cost;
        }
    }
    if (!left.is_zero()) open(time, left, cost_of(left), fill.origin);
}

void Lots::split(std::int64_t units, std::int64_t for_units) {
    std::vector<Quantity> parts;
    for (const Lot& lot : lots_) parts.push_back(lot.quantity);
    parts = scaled_parts(parts, units, for_units);
    quantity_ = Quantity{};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        lots_[i].quantity = parts[i];
        quantity_ += parts[i];
    }
    // A lot whose units came to nothing hands its cost to the one before or behind it, or, the last of
    // all, makes it a loss or a profit.
    for (std::size_t i = 0; i < lots_.size();) {
        if (!lots_[i].quantity.is_zero()) {
            ++i;
            continue;
        }
        const Money cost = lots_[i].basis;
        lots_.erase(lots_.begin() + static_cast<std::ptrdiff_t>(i));
        if (lots_.empty()) {
            realised_ -= cost;
            basis_ -= cost;
        } else {
            lots_[i == 0 ? 0 : i - 1].basis += cost;
        }
    }
}

}  // namespace sluice::accounting
