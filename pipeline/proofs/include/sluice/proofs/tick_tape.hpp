// All ticks of a source, decoded once and kept, to be run again and again.
// One thread. Memory: 64 bytes a tick, and what TapeSource takes for a block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <sluice/pipeline/market_source.hpp>

namespace sluice::proofs {

// 1 GiB of ticks.
inline constexpr std::size_t kMaxTapeTicks = std::size_t{1} << 24;

// Reads the source to its end. Throws std::length_error, saying how to ask for less, where it has
// more than `most` ticks.
[[nodiscard]] std::vector<pipeline::Event> read_tape(pipeline::MarketSource& source,
                                                     std::size_t most = kMaxTapeTicks);

// Ticks of a tape as a source: first `head`, then `tail`. Each block is a copy, because the
// sequencer numbers its events in place; the numbers that it gave to the head can be asked for.
class TapeSource final : public pipeline::MarketSource {
  public:
    // Neither span is copied. `keep_sequences` takes 8 bytes a tick of the head.
    TapeSource(std::span<const pipeline::Event> head, std::span<const pipeline::Event> tail,
               bool keep_sequences = false);

    [[nodiscard]] std::span<pipeline::Event> next_block() noexcept override;
    [[nodiscard]] std::uint64_t size_hint() const noexcept override {
        return head_.size() + tail_.size();
    }

    // All that it gives, whatever it has given already.
    [[nodiscard]] std::vector<pipeline::Event> whole() const;
    // Once the source has ended: by tick of the head, 0 for one that was refused.
    [[nodiscard]] const std::vector<std::uint64_t>& sequences() const noexcept {
        return sequences_;
    }

  private:
    void keep_block() noexcept;

    std::span<const pipeline::Event> head_;
    std::span<const pipeline::Event> tail_;
    std::vector<pipeline::Event> block_;
    std::vector<std::uint64_t> sequences_;
    std::size_t next_ = 0;   // tick of head and tail together
    std::size_t first_ = 0;  // of the block that is out
};

}  // namespace sluice::proofs
