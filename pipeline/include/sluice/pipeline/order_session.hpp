// The port through which live orders leave and their reports come back. Everything on it is called
// by the sequencer's thread.
#pragma once

#include <cstdint>
#include <span>

#include <sluice/pipeline/hot/event.hpp>

namespace sluice::pipeline {

enum class SessionState : std::uint8_t {
    kDown,       // no connection; it tries again by itself
    kLoggingIn,  // connected, or missed reports are being sent again
    kUp,
    kRefused,  // the venue refused the log-in: it does not try again
    kEnded,    // the venue has ended the session
};

struct SessionCounts {
    std::uint64_t connects = 0;  // log-ins that were accepted
    std::uint64_t orders = 0;    // new orders and replacements sent
    std::uint64_t cancels = 0;
    std::uint64_t reports = 0;
    std::uint64_t resent = 0;     // reports that the venue sent again after a reconnect
    std::uint64_t malformed = 0;  // packets or messages that broke the protocol's rules
    std::uint64_t unknown = 0;    // reports whose token this session never sent
    std::uint64_t lost = 0;       // reports that the venue no longer had after a reconnect
};

class OrderSession {
  public:
    OrderSession() = default;
    OrderSession(const OrderSession&) = delete;
    OrderSession& operator=(const OrderSession&) = delete;
    virtual ~OrderSession() = default;

    // Keeps the connection (log-in, heartbeats, reconnecting) and returns the execution reports
    // that have come, in the venue's order: events of kind kReport whose time is the venue's and
    // whose commission is zero. Each report once, also over a reconnect. The block belongs to the
    // caller until the next call. `now` is Tsc::now(). No allocation, no exception.
    [[nodiscard]] virtual std::span<Event> poll(std::uint64_t now) noexcept = 0;

    // Encodes and sends. False when the venue cannot be reached or the way out is full: nothing
    // has been sent then, and the caller decides what that means for the order.
    // A replacement keeps its OrderId; what the protocol calls it is this port's business.
    [[nodiscard]] virtual bool submit(const ApprovedOrder& order) noexcept = 0;
    [[nodiscard]] virtual bool cancel(OrderId order, SymbolId symbol) noexcept = 0;

    // Why the last submit() or cancel() returned false.
    [[nodiscard]] virtual RejectReason last_refusal() const noexcept {
        return RejectReason::kVenueUnreachable;
    }

    [[nodiscard]] virtual SessionState state() const noexcept = 0;
    [[nodiscard]] virtual const SessionCounts& counts() const noexcept = 0;
    // Says good-bye and closes; poll() afterwards returns nothing.
    virtual void log_out() noexcept = 0;
};

}  // namespace sluice::pipeline
