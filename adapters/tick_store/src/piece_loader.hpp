// Has deferred pieces made before the merge needs them: on a core of its own, or when they are
// loaded.
//
//   driving thread                        thread that makes ahead
//   load(k): takes piece k of a feed,     pops the number of a piece, claims it,
//   asks for k + 1 in the other buffer    makes it, says that it is ready
//
// A feed has two buffers, so one piece is in use while the next is made. The driving thread makes a
// piece itself when nobody has begun it, and waits for one that is being made, because only then
// can it be sure that nothing reads a mapping which it may release. Either way the piece is the
// same.
//
// Threads: add_feed(), defer(), make_ahead_on() and load() belong to the one that drives the
// source. All memory is taken before the first load(). Bounds: about 0.5 MiB a feed, twice that
// with pieces made ahead. Hand-over: one atomic word a buffer; no lock, and no call to the kernel
// unless the other thread has to be waited for.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <vector>

#include <sluice/core/cache_line.hpp>
#include <sluice/core/hot/spsc_ring.hpp>
#include <sluice/core/thread.hpp>

#include "piece_maker.hpp"

namespace sluice::adapters::tick_store {

class PieceLoader final : public DeferredPieces {
  public:
    // A place for the pieces of one feed, of which one is in use at a time.
    [[nodiscard]] std::uint32_t add_feed();
    // The next piece of that feed. `rows.day` must stay mapped until the piece has been used.
    [[nodiscard]] TickPiece defer(std::uint32_t feed, const PieceRows& rows);
    // From now on the next piece of each feed is made by a thread on that core; call after the last
    // defer(). False when the core cannot be had: then all is made when it is loaded.
    bool make_ahead_on(std::size_t core);
    void load(TickPiece& piece) noexcept override;

  private:
    static constexpr std::size_t kBuffers = 2;
    static constexpr std::size_t kAskedMost = 4096;  // more are made when they are loaded

    enum class Progress : std::uint32_t { kNone, kAsked, kBegun, kReady };
    // Of piece `number`, so that a number left in the ring claims nothing that was asked for later.
    [[nodiscard]] static std::uint32_t word(std::uint32_t number, Progress progress) noexcept {
        return number << 2U | static_cast<std::uint32_t>(progress);
    }
    struct alignas(core::kCacheLine) Buffer {
        std::atomic<std::uint32_t> word{0};
        TickPiece made;  // pointers only
        std::unique_ptr<PieceBuffers> columns;
    };
    struct Feed {
        std::array<Buffer, kBuffers> buffers;
        std::uint32_t pieces = 0;
        std::uint32_t last = 0;  // number of the piece deferred last
    };
    // Numbers begin at 1.
    struct Deferred {
        PieceRows rows;
        std::uint32_t feed;
        std::uint32_t buffer;
        std::uint32_t next = 0;  // of the same feed
    };
    using Ring = core::SpscRing<std::uint32_t>;

    [[nodiscard]] Deferred& piece_of(std::uint32_t number) noexcept {
        return deferred_[number - 1];
    }
    [[nodiscard]] Buffer& buffer_of(const Deferred& piece) noexcept {
        // The second one is for pieces made ahead only.
        return feeds_[piece.feed]->buffers[asked_ ? piece.buffer : 0];
    }
    void ask_for(std::uint32_t number) noexcept;
    [[nodiscard]] bool take_ready(std::uint32_t number) noexcept;
    void make_asked(std::uint32_t number) noexcept;
    void run_ahead(const std::stop_token& stop) noexcept;

    std::vector<Deferred> deferred_;
    std::vector<std::unique_ptr<Feed>> feeds_;
    PieceMaker maker_;        // driving thread only
    PieceMaker ahead_maker_;  // the other one only
    std::unique_ptr<Ring> asked_;
    core::PinnedThread ahead_;  // last: it ends before what it works on
};

}  // namespace sluice::adapters::tick_store
