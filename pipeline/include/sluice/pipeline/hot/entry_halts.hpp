// What holds new exposure back: halts of the whole session and pauses of instruments, each with its
// reasons. Owned by the risk stage; constant time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/pipeline/hot/order_types.hpp>

namespace sluice::pipeline {

// One bit a reason.
using HaltSet = std::uint8_t;
static_assert(kHaltReasonCount <= 8);

[[nodiscard]] constexpr HaltSet halt_bit(HaltReason reason) noexcept {
    return static_cast<HaltSet>(1U << static_cast<unsigned>(reason));
}

class EntryHalts {
  public:
    explicit EntryHalts(std::size_t instruments) : paused_(instruments, 0) {}

    // Of the whole session where `symbol` is kNoSymbol. False when nothing changed.
    bool set(SymbolId symbol, HaltReason reason, bool on) noexcept {
        HaltSet& set = symbol == core::kNoSymbol ? halts_ : paused_[core::index_of(symbol)];
        const HaltSet before = set;
        const HaltSet bit = halt_bit(reason);
        set = static_cast<HaltSet>(on ? set | bit : set & ~bit);
        return set != before;
    }

    [[nodiscard]] HaltSet session() const noexcept { return halts_; }
    [[nodiscard]] HaltSet of(SymbolId symbol) const noexcept {
        return paused_[core::index_of(symbol)];
    }
    [[nodiscard]] bool killed() const noexcept {
        return (halts_ & halt_bit(HaltReason::kKill)) != 0;
    }

  private:
    HaltSet halts_ = 0;
    std::vector<HaltSet> paused_;
};

}  // namespace sluice::pipeline
