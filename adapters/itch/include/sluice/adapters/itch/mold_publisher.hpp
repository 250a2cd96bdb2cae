// MoldPublisher: the exchange's end of the feed. What the market is told becomes ITCH messages,
// numbered, packed into MoldUDP64 packets, sent on every line, and kept for those who ask again.
//
// Threads   One: the exchange's. Off the hot path of the engine.
// Bounds    `kept_messages` messages of 48 bytes, taken at construction; when they are full the
//           oldest is given up, and a request for it is not answered.
// Cost      A copy and a send a packet and line.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <sluice/adapters/itch/itch_encoder.hpp>
#include <sluice/adapters/itch/mold_packet.hpp>
#include <sluice/pipeline/exchange.hpp>
#include <sluice/pipeline/net.hpp>

namespace sluice::adapters::itch {

struct PublisherOptions {
    MoldSession session = mold_session("SLUICE0001");
    std::int64_t midnight_ns = 0;  // of the exchange's day, since the epoch, UTC
    std::size_t kept_messages = std::size_t{1} << 20U;
    std::size_t packet_max = 1400;              // bytes, 72..65,507
    std::int64_t heartbeat_ns = 1'000'000'000;  // of quiet
    // A message waits for others in its packet for so long, or until it is full; 0: until flush().
    std::int64_t pack_ns = 0;
    std::size_t requests_max = 64;  // answered in one call
};

struct PublisherCounts {
    std::uint64_t messages = 0;
    std::uint64_t packets = 0;     // with messages, however many lines
    std::uint64_t heartbeats = 0;  // end-of-session packets too
    std::uint64_t unsent = 0;      // datagrams that a line did not take
    std::uint64_t refused = 0;     // updates that ITCH cannot say
    std::uint64_t requests = 0;    // understood
    std::uint64_t malformed = 0;   // requests that were not
    std::uint64_t gone = 0;        // requests for what is not kept any more, or not yet there
    std::uint64_t replayed = 0;    // messages sent again
};

class MoldPublisher final : public pipeline::MarketListener {
  public:
    // The lines have to outlive the publisher; there may be none. std::invalid_argument for an
    // option out of its range.
    MoldPublisher(const PublisherOptions& options,
                  std::span<const pipeline::ExchangeSymbol> symbols,
                  std::vector<pipeline::DatagramSender*> lines);

    // Numbers the message and puts it into the packet, which leaves when it is full.
    void on_update(const pipeline::MarketUpdate& update) noexcept override;
    // Sends what has waited long enough; a heartbeat, or the end of the session again, when nothing
    // was sent for long. To be called once a round; `now_ns` is any clock that does not go back.
    void flush(std::int64_t now_ns) noexcept;
    // Sends what waits and the end of the session, each time it is called: the packet may be lost.
    // Further updates are refused; requests are still answered.
    void end(std::int64_t now_ns) noexcept;

    // Answers the requests that have arrived, each with one packet: of the messages asked for, as
    // many as fit, so the client asks for the rest. `reply` reaches who sent the datagram that
    // `requests` gave last. Returns how many were answered.
    std::size_t serve_requests(pipeline::DatagramReceiver& requests,
                               pipeline::DatagramSender& reply) noexcept;

    [[nodiscard]] const PublisherCounts& counts() const noexcept { return counts_; }
    // Of the next message.
    [[nodiscard]] std::uint64_t next_sequence() const noexcept { return next_; }

  private:
    struct Kept {
        std::uint16_t size;
        std::array<std::byte, 46> data;
    };
    static_assert(sizeof(Kept) == 48 && itch_size('P') <= 46, "P is the longest that is encoded");

    // Messages from `from` on, at most `count`, as many as fit; how many were put.
    [[nodiscard]] std::uint16_t pack(std::uint64_t from, std::uint64_t count) noexcept;
    void send_pending() noexcept;
    // Whether what waits is to wait on.
    [[nodiscard]] bool packs_on(std::int64_t now_ns) noexcept;
    void send_empty(std::uint16_t count) noexcept;
    void send_to_all(std::span<const std::byte> packet) noexcept;
    [[nodiscard]] bool answer(std::span<const std::byte> request,
                              pipeline::DatagramSender& reply) noexcept;

    PublisherOptions options_;
    ItchEncoder encoder_;
    std::vector<pipeline::DatagramSender*> lines_;
    std::vector<Kept> kept_;  // message n at n % size
    std::vector<std::byte> packet_;
    std::size_t packet_size_ = 0;
    std::uint64_t next_ = 1;
    std::uint64_t unsent_from_ = 1;
    std::size_t unsent_bytes_ = 0;  // of their blocks
    std::int64_t waits_since_ = 0;
    bool waits_ = false;
    std::int64_t quiet_since_ = 0;
    bool sent_since_flush_ = false;
    bool started_ = false;
    bool ended_ = false;
    PublisherCounts counts_;
};

}  // namespace sluice::adapters::itch
