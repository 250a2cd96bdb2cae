// A connection that breaks: at a chosen byte, at random, in small pieces, or with pauses; wrapped
// around any stream, and around whatever a listener accepts.
//
// Everything is counted in bytes and calls, never in time: the same seed and the same calls give
// the same faults. One thread. Not for a hot thread.
#pragma once

#include <cstdint>
#include <memory>

#include <sluice/adapters/net/fault_dice.hpp>
#include <sluice/pipeline/net.hpp>

namespace sluice::adapters::net {

struct StreamFaults {
    // Closes as soon as so many bytes have passed, both directions together; 0: never. What lies
    // beyond that byte is neither read nor written.
    std::uint64_t disconnect_after = 0;
    double disconnect = 0;          // share of calls that pass bytes which pass some and close
    double short_write = 0;         // share of writes that take less than they could
    double stall = 0;               // share of calls after which nothing passes ...
    std::uint32_t stall_calls = 1;  // ... for so many calls, each direction by itself
};

struct StreamFaultCounts {
    std::uint64_t read = 0;  // bytes
    std::uint64_t written = 0;
    std::uint64_t disconnects = 0;
    std::uint64_t short_writes = 0;
    std::uint64_t stalls = 0;

    StreamFaultCounts& operator+=(const StreamFaultCounts& other) noexcept;
};

class FaultyByteStream final : public pipeline::ByteStream {
  public:
    // std::invalid_argument for a rate that is not within 0 and 1. `total`, where given, must live
    // longer and gets what is counted here too.
    FaultyByteStream(std::unique_ptr<pipeline::ByteStream> behind, const StreamFaults& faults,
                     std::uint64_t seed, StreamFaultCounts* total = nullptr);

    // A new connection may pass disconnect_after bytes again; the dice go on.
    void connect() noexcept override;
    [[nodiscard]] pipeline::StreamState state() noexcept override;
    [[nodiscard]] std::size_t read(std::span<std::byte> into) noexcept override;
    [[nodiscard]] std::size_t write(std::span<const std::byte> bytes) noexcept override;
    void close() noexcept override;

    [[nodiscard]] const StreamFaultCounts& counts() const noexcept { return counts_; }

  private:
    // How many of `size` bytes may pass before the connection is to break.
    [[nodiscard]] std::size_t allowed(std::size_t size) const noexcept;
    [[nodiscard]] bool is_stalled(std::uint32_t& calls_left) noexcept;
    void account(StreamFaultCounts change) noexcept;
    void break_off() noexcept;

    std::unique_ptr<pipeline::ByteStream> behind_;
    StreamFaults faults_;
    FaultDice dice_;
    StreamFaultCounts counts_;
    StreamFaultCounts* total_;
    std::uint64_t passed_ = 0;  // of this connection
    std::uint32_t read_stall_ = 0;
    std::uint32_t write_stall_ = 0;
};

// Each connection it accepts has faults of its own, from a seed derived from `seed` and its number.
class FaultyListener final : public pipeline::StreamListener {
  public:
    // `behind` must live longer than this, and this longer than its streams.
    FaultyListener(pipeline::StreamListener& behind, const StreamFaults& faults,
                   std::uint64_t seed);

    [[nodiscard]] std::unique_ptr<pipeline::ByteStream> accept() override;

    // Of all its connections together.
    [[nodiscard]] const StreamFaultCounts& counts() const noexcept { return counts_; }
    [[nodiscard]] std::uint64_t accepted() const noexcept { return accepted_; }

  private:
    pipeline::StreamListener& behind_;
    StreamFaults faults_;
    FaultDice seeds_;
    StreamFaultCounts counts_;
    std::uint64_t accepted_ = 0;
};

}  // namespace sluice::adapters::net
