// Nasdaq TotalView-ITCH 5.0: the layout of its messages and how they are read.
// Any thread; nothing here allocates. Reading a message is its loads and byte swaps.
//
// All integers are unsigned and in network order, text is padded with blanks on the right. Every
// message begins
//
//    0  type      1      1  locate    2      3  tracking  2      5  time  6, ns since midnight
//
// and goes on, from byte 11 (name, size; a price has four decimals, 1e-4 of the currency):
//
//   S  12  event 1
//   R  39  stock 8, market category 1, financial status 1, round lot 4, round lots only 1,
//          classification 1, sub-type 2, authenticity 1, short sale threshold 1, IPO 1,
//          LULD tier 1, ETP 1, ETP leverage 4, inverse 1
//   H  25  stock 8, trading state 1, reserved 1, reason 4
//   Y  20  stock 8, Reg SHO action 1
//   L  26  participant 4, stock 8, primary 1, mode 1, state 1
//   V  35  market-wide circuit breaker, levels 1 to 3: 8 each, eight decimals
//   W  12  level breached 1
//   K  28  stock 8, IPO release time 4, qualifier 1, price 4
//   J  35  stock 8, auction collar: reference 4, upper 4, lower 4, extension 4
//   h  21  stock 8, market 1, operational halt 1
//   A  36  order 8, side 1, shares 4, stock 8, price 4
//   F  40  like A, then participant 4
//   E  31  order 8, shares 4, match 8
//   C  36  order 8, shares 4, match 8, printable 1, price 4
//   X  23  order 8, shares 4
//   D  19  order 8
//   U  35  order 8, new order 8, shares 4, price 4
//   P  44  order 8, side 1, shares 4, stock 8, price 4, match 8
//   Q  40  shares 8, stock 8, price 4, match 8, cross type 1
//   B  19  match 8
//   I  50  paired 8, imbalance 8, direction 1, stock 8, far 4, near 4, reference 4, cross type 1,
//          variation 1
//   N  20  stock 8, retail interest 1
//   O  48  stock 8, open eligibility 1, lowest price 4, highest price 4, near price 4,
//          near time 8, lower collar 4, upper collar 4
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <sluice/core/big_endian.hpp>

namespace sluice::adapters::itch {

inline constexpr std::size_t kItchMessageMax = 50;  // I
inline constexpr std::size_t kItchMessageMin = 12;  // S, W

// Bytes of a message of that type; 0 for a letter that ITCH 5.0 does not use.
[[nodiscard]] constexpr std::size_t itch_size(char type) noexcept {
    switch (type) {
        case 'S':
        case 'W': return 12;
        case 'R': return 39;
        case 'H': return 25;
        case 'Y':
        case 'N': return 20;
        case 'L': return 26;
        case 'V':
        case 'J':
        case 'U': return 35;
        case 'K': return 28;
        case 'h': return 21;
        case 'A':
        case 'C': return 36;
        case 'F':
        case 'Q': return 40;
        case 'E': return 31;
        case 'X': return 23;
        case 'D':
        case 'B': return 19;
        case 'P': return 44;
        case 'I': return 50;
        case 'O': return 48;
        default: return 0;
    }
}

namespace detail {
struct ItchSizes {
    std::array<std::uint8_t, 256> of{};
    constexpr ItchSizes() noexcept {
        for (std::size_t i = 0; i < of.size(); ++i)
            of[i] = static_cast<std::uint8_t>(itch_size(static_cast<char>(i)));
    }
};
inline constexpr ItchSizes kItchSizes{};
}  // namespace detail

enum class [[nodiscard]] ItchCheck : std::uint8_t{
    kGood, kUnknownType,
    kWrongSize,  // or empty
};
// What must be asked before anything below reads the message.
inline ItchCheck check_itch(std::span<const std::byte> message) noexcept {
    if (message.empty()) return ItchCheck::kWrongSize;
    const std::size_t size = detail::kItchSizes.of[static_cast<std::uint8_t>(message[0])];
    if (size == message.size()) [[likely]]
        return ItchCheck::kGood;
    return size == 0 ? ItchCheck::kUnknownType : ItchCheck::kWrongSize;
}

using StockName = std::array<char, 8>;

// A checked message, read field by field. Each accessor names the types that have the field, and
// is for these only. Holds a pointer: valid as long as the message's bytes are.
class ItchMessage {
  public:
    explicit ItchMessage(std::span<const std::byte> checked) noexcept : at_(checked.data()) {}

    [[nodiscard]] char type() const noexcept { return letter(0); }
    [[nodiscard]] std::uint16_t locate() const noexcept { return load<std::uint16_t>(1); }
    [[nodiscard]] std::uint16_t tracking() const noexcept { return load<std::uint16_t>(3); }
    [[nodiscard]] std::uint64_t time_ns() const noexcept { return core::load_big48(at_ + 5); }

    // S
    [[nodiscard]] char system_event() const noexcept { return letter(11); }
    // R, H
    [[nodiscard]] StockName stock() const noexcept { return name(11); }
    [[nodiscard]] std::uint32_t round_lot() const noexcept { return load<std::uint32_t>(21); }  // R
    [[nodiscard]] char trading_state() const noexcept { return letter(19); }                    // H

    // A, F, E, C, X, D, U, P
    [[nodiscard]] std::uint64_t order() const noexcept { return load<std::uint64_t>(11); }
    // A, F, P: 'B' or 'S'
    [[nodiscard]] char side() const noexcept { return letter(19); }
    // A, F, P
    [[nodiscard]] std::uint32_t add_shares() const noexcept { return load<std::uint32_t>(20); }
    [[nodiscard]] StockName add_stock() const noexcept { return name(24); }
    [[nodiscard]] std::uint32_t add_price() const noexcept { return load<std::uint32_t>(32); }
    [[nodiscard]] std::uint64_t trade_match() const noexcept {
        return load<std::uint64_t>(36);
    }  // P
    // E, C, X
    [[nodiscard]] std::uint32_t taken_shares() const noexcept { return load<std::uint32_t>(19); }
    // E, C
    [[nodiscard]] std::uint64_t match() const noexcept { return load<std::uint64_t>(23); }
    // C
    [[nodiscard]] bool printable() const noexcept { return letter(31) == 'Y'; }
    [[nodiscard]] std::uint32_t execution_price() const noexcept { return load<std::uint32_t>(32); }
    // U
    [[nodiscard]] std::uint64_t new_order() const noexcept { return load<std::uint64_t>(19); }
    [[nodiscard]] std::uint32_t new_shares() const noexcept { return load<std::uint32_t>(27); }
    [[nodiscard]] std::uint32_t new_price() const noexcept { return load<std::uint32_t>(31); }
    // Q
    [[nodiscard]] std::uint64_t cross_shares() const noexcept { return load<std::uint64_t>(11); }
    [[nodiscard]] std::uint32_t cross_price() const noexcept { return load<std::uint32_t>(27); }

  private:
    template <class T>
    [[nodiscard]] T load(std::size_t offset) const noexcept {
        return core::load_big<T>(at_ + offset);
    }
    [[nodiscard]] char letter(std::size_t offset) const noexcept {
        return static_cast<char>(at_[offset]);
    }
    [[nodiscard]] StockName name(std::size_t offset) const noexcept {
        StockName out;
        std::memcpy(out.data(), at_ + offset, out.size());
        return out;
    }
    const std::byte* at_;
};

static_assert(itch_size('I') == kItchMessageMax && itch_size('S') == kItchMessageMin);

}  // namespace sluice::adapters::itch
