// A line that loses, doubles, reorders and delays its datagrams, or falls silent: wrapped around
// any sender, to see what the other end makes of it.
//
// Everything is counted in datagrams, never in time: the same seed and the same calls give the
// same faults. One thread. Copies what it holds back; may allocate: not for a hot thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/adapters/net/fault_dice.hpp>
#include <sluice/pipeline/net.hpp>

namespace sluice::adapters::net {

struct DatagramFaults {
    double loss = 0;               // this share never leaves
    double duplicate = 0;          // this share leaves twice
    double reorder = 0;            // this share is overtaken by ...
    std::uint32_t reorder_by = 3;  // ... 1 to this many later ones
    std::uint32_t delay = 0;       // every datagram leaves only when so many later ones were given
    std::uint64_t silence_every = 0;  // after so many datagrams (0: never) the line loses ...
    std::uint64_t silence_for = 0;    // ... so many
};

struct DatagramFaultCounts {
    std::uint64_t given = 0;
    std::uint64_t sent = 0;  // duplicates too
    std::uint64_t lost = 0;
    std::uint64_t duplicated = 0;
    std::uint64_t reordered = 0;
    std::uint64_t silenced = 0;
    std::uint64_t refused = 0;  // by the sender behind
};

class FaultyDatagramSender final : public pipeline::DatagramSender {
  public:
    // `behind` must live longer. std::invalid_argument for a rate that is not within 0 and 1.
    FaultyDatagramSender(pipeline::DatagramSender& behind, const DatagramFaults& faults,
                         std::uint64_t seed);

    // True for one that was lost or held back: the sender is not to notice.
    bool send(std::span<const std::byte> datagram) noexcept override;
    // Sends what is held back, in the order in which it would have left.
    void flush() noexcept;
    // Loses everything until told otherwise.
    void set_silent(bool is_silent) noexcept { is_silent_ = is_silent; }

    [[nodiscard]] const DatagramFaultCounts& counts() const noexcept { return counts_; }

  private:
    struct Held {
        std::uint64_t due;  // leaves once the datagram of this number was given ...
        bool is_last;       // ... and after those that leave then by their own turn
        std::vector<std::byte> bytes;
    };
    bool falls_silent() noexcept;
    bool dispatch(std::span<const std::byte> datagram) noexcept;
    void hold(std::span<const std::byte> datagram, std::uint64_t overtaken_by);
    void release_due() noexcept;

    pipeline::DatagramSender& behind_;
    DatagramFaults faults_;
    FaultDice dice_;
    std::vector<Held> held_;  // few: in the order in which they leave
    DatagramFaultCounts counts_;
    bool is_silent_ = false;
};

}  // namespace sluice::adapters::net
