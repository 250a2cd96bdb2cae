// How much of the priced thing a quantity of an instrument is: quantity * multiplier, exactly. Two ESH4
// are 100 units of the index, so two at 4,800.25 are worth 480,025. Price times that is money, as price
// times quantity is for a share; so who counts money scales the quantity once and computes as ever.
// Plain values, any thread; one check and one multiplication.
#pragma once

#include <cstdint>
#include <vector>

#include <sluice/core/fixed.hpp>
#include <sluice/pipeline/instrument.hpp>

namespace sluice::pipeline {

class ContractSize {
  public:
    constexpr ContractSize() noexcept = default;  // of a share: 1
    // The multiplier is factor / part, in lowest terms: 50 is 50 / 1, 0.1 is 1 / 10.
    constexpr ContractSize(std::int64_t factor, std::int64_t part) noexcept
        : factor_(factor), part_(part) {}

    [[nodiscard]] constexpr bool is_one() const noexcept { return factor_ == 1 && part_ == 1; }
    // Whole lots are a multiple of `part` (contract_size_of), so nothing is rounded. Stops the process
    // beyond what a Quantity holds; risk.max_position is bounded so that no position comes near.
    [[nodiscard]] constexpr core::Quantity underlying(core::Quantity quantity) const noexcept {
        std::int64_t raw = quantity.raw();
        if (part_ != 1) [[unlikely]]
            raw /= part_;
        if (__builtin_mul_overflow(raw, factor_, &raw)) [[unlikely]]
            core::overflow_slow("quantity * multiplier");
        return core::Quantity::from_raw(raw);
    }
    // How many contracts, in units of Quantity::raw(), an amount of the underlying in the same units
    // makes; at most what a Quantity holds.
    [[nodiscard]] constexpr std::int64_t contracts(core::Int128 underlying_raw) const noexcept {
        const core::Int128 most = most_raw();
        if (!is_one()) {
            if (underlying_raw / factor_ > most / part_) return static_cast<std::int64_t>(most);
            underlying_raw = underlying_raw * part_ / factor_;
        }
        return static_cast<std::int64_t>(underlying_raw < most ? underlying_raw : most);
    }
    // The largest quantity that underlying() takes.
    [[nodiscard]] constexpr core::Quantity most() const noexcept {
        return core::Quantity::from_raw(static_cast<std::int64_t>(most_raw()));
    }
    [[nodiscard]] constexpr double to_double() const noexcept {
        return static_cast<double>(factor_) / static_cast<double>(part_);
    }
    [[nodiscard]] constexpr std::int64_t factor() const noexcept { return factor_; }
    [[nodiscard]] constexpr std::int64_t part() const noexcept { return part_; }

  private:
    [[nodiscard]] constexpr core::Int128 most_raw() const noexcept {
        if (factor_ == 1) return INT64_MAX;
        const core::Int128 most = core::Int128{INT64_MAX} * part_ / factor_;
        return most < INT64_MAX ? most : core::Int128{INT64_MAX};
    }

    std::int64_t factor_ = 1;
    std::int64_t part_ = 1;
};

// Throws std::invalid_argument where the multiplier is not above zero, beyond 10^8, or so fine that a lot
// is no exact amount of the underlying.
[[nodiscard]] ContractSize contract_size_of(const Instrument& instrument);
// The same, and where a position of `max_position` is no amount that can be counted exactly.
void check_contract(const Instrument& instrument, core::Quantity max_position);
[[nodiscard]] std::vector<ContractSize> contract_sizes_of(const InstrumentTable& instruments);

}  // namespace sluice::pipeline
