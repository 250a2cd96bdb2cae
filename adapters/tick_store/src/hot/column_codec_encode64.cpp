#include <algorithm>
#include <bit>
#include <numeric>

#include "column_codec_block.hpp"

namespace sluice::adapters::tick_store {
namespace {

constexpr std::uint64_t kFactorEnd = std::uint64_t{1} << 32U;

// A way to write a block: what each value (or stride) is less the base, and what divides it.
struct Plan {
    BlockMode mode = BlockMode::kRaw;
    std::uint64_t base = 0;
    std::uint64_t factor = 1;
    unsigned shift = 0;
    unsigned bits[kGroupsPerBlock] = {};
    std::uint64_t start[4] = {};
    std::size_t bytes = 0;
    std::uint64_t numbers[kBlockValues] = {};  // then the quotients; zeros beyond the last value
};

// Division of multiples by multiplication: a number times the inverse, modulo 2^64, of an odd
// divisor is the quotient when there is no remainder, and else above any quotient.
class Divisor {
  public:
    explicit Divisor(std::uint64_t divisor) noexcept
        : shift_{static_cast<unsigned>(std::countr_zero(divisor))}, greatest_{~std::uint64_t{0} /
                                                                              (divisor >> shift_)} {
        const std::uint64_t odd = divisor >> shift_;
        inverse_ = odd;  // right in its lowest 3 bits; each step doubles them
        for (int step = 0; step < 5; ++step) inverse_ *= 2 - odd * inverse_;
    }
    [[nodiscard]] bool divides(std::uint64_t number) const noexcept {
        return (number & low_bits<std::uint64_t>(shift_)) == 0 && quotient(number) <= greatest_;
    }
    // Of a number that it divides.
    [[nodiscard]] std::uint64_t quotient(std::uint64_t number) const noexcept {
        return (number >> shift_) * inverse_;
    }

  private:
    unsigned shift_;
    std::uint64_t greatest_;
    std::uint64_t inverse_ = 0;
};

// The greatest common divisor, 1 when all are zero.
std::uint64_t divisor_of(std::span<const std::uint64_t> numbers) noexcept {
    std::uint64_t divisor = 0;
    Divisor known{1};
    for (const std::uint64_t number : numbers) {
        if (number == 0 || (divisor != 0 && known.divides(number))) continue;
        divisor = std::gcd(divisor, number);
        if (divisor == 1) break;
        known = Divisor{divisor};
    }
    return std::max<std::uint64_t>(divisor, 1);
}

// Splits a divisor into a factor below 2^32 and a power of two. What does not fit is left in the
// quotients: tens first, as the divisor of a price is 10^n.
void set_scale(Plan& plan, std::uint64_t divisor, std::uint64_t greatest) noexcept {
    plan.factor = divisor;
    plan.shift = 0;
    if (plan.factor >= kFactorEnd) {
        plan.shift = static_cast<unsigned>(std::countr_zero(divisor));
        plan.factor = divisor >> plan.shift;
        while (plan.factor >= kFactorEnd && plan.factor % 5 == 0) plan.factor /= 5;
    }
    const bool fits =
        plan.factor < kFactorEnd && (greatest >> plan.shift) / plan.factor < kFactorEnd;
    if (fits) return;
    plan.shift = static_cast<unsigned>(std::countr_zero(divisor));
    plan.factor = 1;
}

// From differences to the base to quotients, and what they take.
void finish(Plan& plan, std::size_t values) noexcept {
    const std::span<std::uint64_t> numbers{plan.numbers, values};
    std::uint64_t greatest = 0;
    for (const std::uint64_t number : numbers) greatest = std::max(greatest, number);
    set_scale(plan, divisor_of(numbers), greatest);
    if (plan.factor != 1 || plan.shift != 0) {
        const Divisor scale{plan.factor << plan.shift};
        for (std::uint64_t& number : numbers) number = scale.quotient(number);
    }
    plan.bytes = plan.mode == BlockMode::kStrides ? kStrides64Bytes : kFrame64Bytes;
    for (std::size_t group = 0; group < groups_of(values); ++group) {
        std::uint64_t all = 0;
        for (std::size_t i = 0; i < kGroupValues; ++i)
            all |= plan.numbers[group * kGroupValues + i];
        plan.bits[group] = static_cast<unsigned>(std::bit_width(all));
        plan.bytes += group_bytes(plan.bits[group]);
    }
}

void plan_frame(std::span<const std::int64_t> values, Plan& plan) noexcept {
    plan.mode = BlockMode::kFrame;
    plan.base = static_cast<std::uint64_t>(*std::min_element(values.begin(), values.end()));
    for (std::size_t i = 0; i < values.size(); ++i) {
        plan.numbers[i] = static_cast<std::uint64_t>(values[i]) - plan.base;
    }
    finish(plan, values.size());
}

// Differences are taken modulo 2^64, so any values will do.
void plan_strides(std::span<const std::int64_t> values, Plan& plan) noexcept {
    plan.mode = BlockMode::kStrides;
    const auto stride = [&values](std::size_t i) {
        return static_cast<std::uint64_t>(values[i]) - static_cast<std::uint64_t>(values[i - 4]);
    };
    std::int64_t least = static_cast<std::int64_t>(stride(4));
    for (std::size_t i = 5; i < values.size(); ++i) {
        least = std::min(least, static_cast<std::int64_t>(stride(i)));
    }
    plan.base = static_cast<std::uint64_t>(least);
    // The first four strides are the base itself, so that their numbers are zero.
    for (std::size_t i = 0; i < 4; ++i) {
        plan.start[i] = static_cast<std::uint64_t>(values[i]) - plan.base;
    }
    for (std::size_t i = 4; i < values.size(); ++i) plan.numbers[i] = stride(i) - plan.base;
    finish(plan, values.size());
}

std::size_t write(const Plan& plan, std::size_t groups, std::byte* out) noexcept {
    std::byte* to = out;
    *to++ = static_cast<std::byte>(plan.mode);
    *to++ = static_cast<std::byte>(plan.shift);
    *to++ = std::byte{0};
    *to++ = std::byte{0};
    for (const unsigned bits : plan.bits) *to++ = static_cast<std::byte>(bits);
    write_at(to, static_cast<std::uint32_t>(plan.factor));
    write_at(to + 4, plan.base);
    to += 12;
    if (plan.mode == BlockMode::kStrides) {
        std::memcpy(to, plan.start, sizeof plan.start);
        to += sizeof plan.start;
    }
    for (std::size_t group = 0; group < groups; ++group) {
        pack_lanes(plan.numbers + group * kGroupValues, plan.bits[group], to);
        to += group_bytes(plan.bits[group]);
    }
    return static_cast<std::size_t>(to - out);
}

}  // namespace

std::size_t encode_block(std::span<const std::int64_t> values, std::byte* out) noexcept {
    Plan frame;
    plan_frame(values, frame);
    Plan strides;
    const Plan* best = &frame;
    if (values.size() > 4) {
        plan_strides(values, strides);
        if (strides.bytes < frame.bytes) best = &strides;
    }
    if (best->bytes > values.size_bytes()) return encode_raw(values, out);
    return write(*best, groups_of(values.size()), out);
}

}  // namespace sluice::adapters::tick_store
