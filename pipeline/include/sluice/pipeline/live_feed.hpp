// The port through which a live market enters. Polled by the sequencer's thread, once a round, so
// its virtual call is not per event.
#pragma once

#include <cstdint>
#include <span>

#include <sluice/pipeline/hot/event.hpp>

namespace sluice::pipeline {

enum class FeedState : std::uint8_t {
    kWaiting,  // nothing has come yet, or the books are not whole yet
    kLive,
    kGap,     // messages are missing and have been asked for again
    kSilent,  // neither messages nor heartbeats for the time configured
    kEnded,   // the exchange has ended the session
};

// Since the start. Nothing that came is unaccounted for.
struct FeedCounts {
    std::uint64_t datagrams = 0;
    std::uint64_t messages = 0;    // in order, each once
    std::uint64_t duplicates = 0;  // datagrams that brought nothing new: the other line was first
    std::uint64_t malformed = 0;   // datagrams or messages that broke the protocol's rules
    std::uint64_t gaps = 0;        // times that a message was missing on all lines
    std::uint64_t requested = 0;   // messages asked for again
    std::uint64_t lost = 0;        // messages given up
    std::uint64_t conflated = 0;   // trades and quotes merged into a later one under overload
    std::uint64_t unknown = 0;     // messages for instruments or orders that are not followed
};

class LiveFeed {
  public:
    LiveFeed() = default;
    LiveFeed(const LiveFeed&) = delete;
    LiveFeed& operator=(const LiveFeed&) = delete;
    virtual ~LiveFeed() = default;

    // Takes what has arrived and returns the trades and quotes it led to, in the order of the
    // exchange's messages; empty when there is nothing. Their time is the exchange's, their
    // ingress_ticks the TSC at which their datagram was taken, or 0. The block belongs to the
    // caller until the next call: the sequencer numbers its events in place.
    // `now` is Tsc::now(), for time-outs. No allocation, no exception; no system calls but its
    // sockets'.
    [[nodiscard]] virtual std::span<Event> poll(std::uint64_t now) noexcept = 0;

    [[nodiscard]] virtual FeedState state() const noexcept = 0;
    [[nodiscard]] virtual const FeedCounts& counts() const noexcept = 0;
};

}  // namespace sluice::pipeline
