// 16 bytes of Money without Int128's 16-byte alignment: how events and records carry it. Any thread.
#pragma once

#include <cstdint>

#include <sluice/core/fixed.hpp>

namespace sluice::pipeline {

class PackedMoney {
  public:
    constexpr PackedMoney() noexcept = default;
    constexpr explicit PackedMoney(core::Money money) noexcept
        : low_(static_cast<std::uint64_t>(money.raw())),
          high_(static_cast<std::int64_t>(money.raw() >> 64)) {}
    [[nodiscard]] constexpr core::Money money() const noexcept {
        return core::Money::from_raw((static_cast<core::Int128>(high_) << 64) | low_);
    }

  private:
    std::uint64_t low_ = 0;
    std::int64_t high_ = 0;
};

}  // namespace sluice::pipeline
