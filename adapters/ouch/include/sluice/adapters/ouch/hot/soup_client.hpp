// The client's end of a SoupBinTCP session: keeps itself connected and logged in, and hands out each
// sequenced message once, in order, also over any number of reconnects.
//
// Threads  One. Neither an allocation nor an exception after construction.
// Bounds   Input one packet of any length beside a whole one; output `out_capacity` bytes.
// Cost     poll(): one read, at most one write. A message: its bytes are handed out where they lie.
//
// The exchange's sequenced messages are numbered implicitly. After a loss the next log-in asks for
// the session by its name and for the first number that has not been handed out, so what the
// exchange sent in between comes now. What the client sends has no such guarantee: what was on its
// way may be lost, and repeating it is the caller's business (see logins()).
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <sluice/adapters/ouch/soup_frames.hpp>
#include <sluice/core/hot/tsc.hpp>
#include <sluice/core/time.hpp>
#include <sluice/pipeline/net.hpp>
#include <sluice/pipeline/order_session.hpp>

namespace sluice::adapters::ouch {

struct SoupClientConfig {
    std::string user;      // at most 6 characters
    std::string password;  // at most 10
    std::string session;   // at most 10; empty: the one that is active
    // Of the first log-in: 1 for all messages of the session, 0 for only what is new.
    std::uint64_t first_sequence = 1;
    core::Nanos heartbeat = std::chrono::seconds{1};        // sent when nothing else was
    core::Nanos server_silence = std::chrono::seconds{15};  // then the connection counts as dead
    core::Nanos login_timeout = std::chrono::seconds{5};    // connecting, and log-in to answer
    core::Nanos reconnect_min = std::chrono::milliseconds{100};  // doubled by each failure, until
    core::Nanos reconnect_max = std::chrono::seconds{5};
    std::size_t out_capacity = 1 << 16;
};

class SoupClient {
  public:
    // Throws std::invalid_argument when a field does not fit. `stream` must outlive the client.
    SoupClient(pipeline::ByteStream& stream, const SoupClientConfig& config,
               const core::TscClock& clock);

    // Connects, logs in, reads what has come, sends what is due. `now` is Tsc::now().
    // Invalidates messages.
    void poll(std::uint64_t now) noexcept;
    // The next sequenced message, empty when there is none. Valid until poll().
    [[nodiscard]] std::span<const std::byte> next() noexcept;

    // Room for a request of `size` bytes, empty when not logged in or when there is none. To be
    // filled and then sent before anything else is called.
    [[nodiscard]] std::span<std::byte> begin(std::size_t size) noexcept;
    void send() noexcept;
    void log_out() noexcept;

    // kUp from the acceptance of the log-in on.
    [[nodiscard]] pipeline::SessionState state() const noexcept;
    // Log-ins that were accepted: when it changes, requests may have been lost.
    [[nodiscard]] std::uint64_t logins() const noexcept { return logins_; }
    [[nodiscard]] std::uint64_t login_timeout() const noexcept { return login_timeout_; }  // ticks
    // Whether the last poll() found nothing to read.
    [[nodiscard]] bool is_dry() const noexcept { return dry_; }
    // The number of the next sequenced message.
    [[nodiscard]] std::uint64_t next_sequence() const noexcept { return next_; }
    // Packets that broke the protocol; sequenced messages the exchange no longer had.
    [[nodiscard]] std::uint64_t malformed() const noexcept { return malformed_; }
    [[nodiscard]] std::uint64_t lost() const noexcept { return lost_; }
    // Sequenced messages that came although they had been handed out before.
    [[nodiscard]] std::uint64_t repeated() const noexcept { return repeated_; }
    // The letter of a refused log-in, 0 before.
    [[nodiscard]] char refusal() const noexcept { return refusal_; }
    // A message the caller could not read.
    void count_malformed() noexcept { ++malformed_; }

  private:
    enum class Phase : std::uint8_t { kWaiting, kConnecting, kLogin, kUp, kRefused, kEnded, kLeft };

    [[nodiscard]] bool is_connected() const noexcept {
        return phase_ == Phase::kLogin || phase_ == Phase::kUp;
    }
    void start() noexcept;
    void wait_for_connect() noexcept;
    void log_in() noexcept;
    void receive() noexcept;
    void beat() noexcept;
    void flush() noexcept;
    void lose() noexcept;
    void finish(Phase phase) noexcept;
    [[nodiscard]] bool reserve(std::size_t size) noexcept;
    [[nodiscard]] bool take(const SoupPacket& packet) noexcept;
    void on_accepted(std::span<const std::byte> bytes) noexcept;

    // Durations in ticks.
    std::uint64_t heartbeat_;
    std::uint64_t silence_;
    std::uint64_t login_timeout_;
    std::uint64_t reconnect_min_;
    std::uint64_t reconnect_max_;

    pipeline::ByteStream& stream_;
    FrameReader reader_;
    std::vector<std::byte> out_;
    std::size_t out_head_ = 0;
    std::size_t out_tail_ = 0;
    std::size_t begun_ = 0;

    SoupLogin login_;
    std::uint64_t now_ = 0;
    std::uint64_t since_ = 0;  // of the phase
    std::uint64_t back_off_ = 0;
    std::uint64_t last_sent_ = 0;
    std::uint64_t last_received_ = 0;
    std::uint64_t next_;           // first number not handed out; 0: whatever is next
    std::uint64_t stream_at_ = 0;  // number of the next sequenced packet on this connection
    std::uint64_t logins_ = 0;
    std::uint64_t malformed_ = 0;
    std::uint64_t lost_ = 0;
    std::uint64_t repeated_ = 0;
    Phase phase_ = Phase::kWaiting;
    bool dry_ = true;
    char refusal_ = 0;
};

}  // namespace sluice::adapters::ouch
