// MoldArbiter: the packets of all lines of one MoldUDP64 stream in, every message once and in order
// out.
//
// Threads   One.
// Bounds    `window` messages are kept ahead of their turn, 64 bytes each, taken at construction;
//           one further ahead, or longer than 54 bytes, is asked for again when its turn is nearer.
// Cost      A packet in its turn is walked twice (sizes, then messages) and nothing is copied.
//           Nothing allocates after construction; a request is one send of 20 bytes.
//
//   next ──> the first message not handed over      end ──> one past the last that is known of
//   next == end   whole        next < end   a gap in front, kept messages behind it
//
// A gap is asked for as soon as every line has passed it, or when it is older than `wait`: the
// other line may still bring it. One round of requests covers what is missing from `next` on, at
// most `requests_in_flight` requests of `request_messages` messages; the next round follows when
// the first is answered, or after `retry`. When nothing has come for `give_up`, the messages up to
// the next one kept are lost, and counted. Without a channel for requests that is so after `wait`.
//
// A first packet that is not the session's first leaves a gap from message 1 on; without a channel
// for requests what came before is lost.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <vector>

#include <sluice/adapters/itch/mold_packet.hpp>
#include <sluice/core/aligned_block.hpp>
#include <sluice/pipeline/live_feed.hpp>
#include <sluice/pipeline/net.hpp>

namespace sluice::adapters::itch {

struct MoldOptions {
    MoldSession session = mold_session("");  // blank: the first that is heard
    std::size_t lines = 2;                   // 1..kLinesMax
    std::size_t window = std::size_t{1} << 15U;
    std::uint64_t wait_ns = 1'000'000;
    std::uint64_t retry_ns = 5'000'000;
    std::uint64_t give_up_ns = 1'000'000'000;
    std::uint16_t request_messages = 26;  // as many of the longest as a packet of 1,400 bytes holds
    std::size_t requests_in_flight = 16;
    double ticks_per_second = 1e9;  // of the stamps given below: TscClock::ticks_per_second()

    static constexpr std::size_t kLinesMax = 4;
};

class MoldArbiter {
  public:
    // The line of what comes as an answer to a request.
    static constexpr std::size_t kReplies = std::numeric_limits<std::size_t>::max();

    // `requests` may be null. std::invalid_argument when an option is out of its range.
    MoldArbiter(const MoldOptions& options, pipeline::DatagramSender* requests);

    // Takes a datagram and calls sink(message, stamp) for every message whose turn it is: bytes
    // that are valid during the call, and the stamp that came with their datagram. A sink that has
    // ahead(bytes, size) is shown the message after it first, to prefetch what that will need.
    // `now` is for time-outs, in the same ticks as keep_time()'s.
    template <class Sink>
    [[gnu::hot]] void take(std::size_t line, std::span<const std::byte> datagram, std::uint64_t now,
                           std::uint64_t stamp, Sink&& sink) noexcept {
        ++counts_.datagrams;
        MoldHeader header;
        if (!accept(datagram, header, now)) [[unlikely]]
            return;
        const std::uint64_t past = header.sequence + (header.has_messages() ? header.count : 0);
        if (line < options_.lines && line_end_[line] < past) line_end_[line] = past;
        if (end_ < past) end_ = past;
        if (header.has_messages()) {
            if (past <= next_)
                ++counts_.duplicates;
            else if (header.sequence <= next_) [[likely]]
                hand_over(datagram, header, stamp, sink);
            else
                keep_slow(datagram, header, stamp);
        } else if (header.count == kMoldEnd && header.sequence >= next_) {
            session_end_ = header.sequence;
        }
        if (next_ < end_) [[unlikely]]
            watch_slow(now);
    }

    // Once a round: asks again for what is missing, gives it up when it is time.
    template <class Sink>
    void keep_time(std::uint64_t now, Sink&& sink) noexcept {
        if (next_ >= end_) [[likely]]
            return;
        watch_slow(now);
        if (!give_up_slow(now)) return;
        release(sink);
        if (next_ < end_) watch_slow(now);
    }

    // messages, duplicates, malformed, gaps, requested, lost and datagrams of it.
    [[nodiscard]] const pipeline::FeedCounts& counts() const noexcept { return counts_; }
    [[nodiscard]] std::uint64_t next() const noexcept { return next_; }
    [[nodiscard]] bool missing() const noexcept { return next_ < end_; }
    [[nodiscard]] bool heard() const noexcept { return heard_; }
    // Of the last datagram that belonged to the stream.
    [[nodiscard]] std::uint64_t last_heard() const noexcept { return last_heard_; }
    // Messages are missing on all lines, or for longer than `wait`.
    [[nodiscard]] bool in_gap() const noexcept { return next_ < end_ && next_ < gap_end_; }
    // The exchange has ended the session, and all of its messages were handed over or given up.
    [[nodiscard]] bool ended() const noexcept { return next_ >= session_end_; }
    // A packet of another session came. Nothing is taken any more: its numbers mean other messages.
    [[nodiscard]] bool session_changed() const noexcept { return session_changed_; }
    // Messages that were too far ahead, or too long, to be kept.
    [[nodiscard]] std::uint64_t not_kept() const noexcept { return not_kept_; }

  private:
    struct Slot {
        std::uint64_t stamp;
        std::uint16_t size;
        std::array<std::byte, 54> data;
    };
    static_assert(sizeof(Slot) == 64);
    static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

    template <class Sink>
    void hand_over(std::span<const std::byte> datagram, const MoldHeader& header,
                   std::uint64_t stamp, Sink& sink) noexcept {
        const std::byte* at = datagram.data() + kMoldHeader;
        const std::uint64_t before = next_;
        const std::uint64_t past = header.sequence + header.count;
        for (std::uint64_t i = header.sequence; i < past; ++i) {
            const std::size_t size = core::load_big<std::uint16_t>(at);
            at += kMoldBlockHeader;
            if (i == next_) [[likely]] {
                if constexpr (requires { sink.ahead(at, size); }) {
                    // The blocks were checked: the size of one that follows is there.
                    if (i + 1 != past)
                        sink.ahead(at + size + kMoldBlockHeader,
                                   core::load_big<std::uint16_t>(at + size));
                }
                ++next_;
                ++counts_.messages;
                sink(std::span<const std::byte>(at, size), stamp);
            }
            at += size;
        }
        if (kept_ != 0) [[unlikely]] {
            forget_slow(before);
            release(sink);
        }
    }
    // What was kept and is next.
    template <class Sink>
    void release(Sink& sink) noexcept {
        while (kept_ != 0 && is_kept(next_)) {
            const Slot& slot = slots_[next_ & mask_];
            clear(next_);
            ++next_;
            ++counts_.messages;
            sink(std::span<const std::byte>(slot.data.data(), slot.size), slot.stamp);
        }
    }

    [[nodiscard]] bool is_kept(std::uint64_t sequence) const noexcept {
        const std::uint64_t place = sequence & mask_;
        return (present_[place / 64] >> (place % 64) & 1U) != 0;
    }
    void clear(std::uint64_t sequence) noexcept {
        const std::uint64_t place = sequence & mask_;
        present_[place / 64] &= ~(std::uint64_t{1} << (place % 64));
        --kept_;
    }

    [[nodiscard]] bool accept(std::span<const std::byte> datagram, MoldHeader& header,
                              std::uint64_t now) noexcept;
    [[gnu::cold, gnu::noinline]] void synchronise_slow(const MoldHeader& header) noexcept;
    [[gnu::cold, gnu::noinline]] void keep_slow(std::span<const std::byte> datagram,
                                                const MoldHeader& header,
                                                std::uint64_t stamp) noexcept;
    [[gnu::cold, gnu::noinline]] void forget_slow(std::uint64_t from) noexcept;
    [[gnu::cold, gnu::noinline]] void watch_slow(std::uint64_t now) noexcept;
    void ask_slow(std::uint64_t now) noexcept;
    [[nodiscard, gnu::cold, gnu::noinline]] bool give_up_slow(std::uint64_t now) noexcept;
    [[nodiscard]] bool passed_by_all_lines() const noexcept;
    [[nodiscard]] std::uint64_t first_kept(std::uint64_t from, std::uint64_t to) const noexcept;

    MoldOptions options_;  // its times are in ticks
    pipeline::DatagramSender* requests_;
    std::uint64_t mask_;
    core::AlignedBlock block_;
    Slot* slots_;
    std::vector<std::uint64_t> present_;  // a bit for each slot
    std::size_t kept_ = 0;

    std::uint64_t next_ = 1;
    std::uint64_t end_ = 1;
    std::uint64_t session_end_ = kNever;
    std::array<std::uint64_t, MoldOptions::kLinesMax> line_end_{};
    std::uint64_t last_heard_ = 0;
    bool heard_ = false;
    bool session_changed_ = false;

    std::uint64_t watched_ = 0;      // next_ when the times below were taken
    std::uint64_t stuck_since_ = 0;  // since when it has not moved
    std::uint64_t gap_end_ = 0;      // of the gap that was confirmed last
    std::uint64_t asked_until_ = 0;  // end of the round
    std::uint64_t asked_at_ = 0;

    std::uint64_t not_kept_ = 0;
    pipeline::FeedCounts counts_;
};

}  // namespace sluice::adapters::itch
