// A 128-bit digest over a stream of values (XXH3), the same on every compiler and machine because
// each value goes in as little-endian bytes, never as a struct. Off the hot path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <sluice/core/overflow.hpp>

namespace sluice::core {

class Digest {
  public:
    Digest();
    ~Digest();
    Digest(const Digest&) = delete;
    Digest& operator=(const Digest&) = delete;

    void add(std::uint64_t value) noexcept;
    void add(std::int64_t value) noexcept { add(static_cast<std::uint64_t>(value)); }
    void add(Int128 value) noexcept {
        add(static_cast<std::uint64_t>(value));
        add(static_cast<std::uint64_t>(value >> 64));
    }
    // Length first, so that two texts never run into each other.
    void add(std::string_view text) noexcept;

    // 32 lower-case hexadecimal digits over all that was added so far.
    [[nodiscard]] std::string hex() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sluice::core
