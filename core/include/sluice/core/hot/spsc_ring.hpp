#pragma once
// SpscRing: the bounded queue between two pinned threads.
//
// Threads   One thread writes (try_push*, claim/publish), one thread reads (try_pop*,
//           peek*/release*); size_approx() and capacity() are for anyone. Construction and
//           destruction happen while neither side runs.
// Bounds    A power of two of slots, fixed at construction. Memory is taken and touched once.
// Cost      One cache line moves per hop: each slot carries its own stamp, so the reader learns
//           "it is there" and gets the item with the same miss. perf/ring.md has the figures.
//
//   slot i of a ring with 2^k slots          writer                        reader
//   +------------------------+-------+       fills the item,               acquires the stamp;
//   | item                   | stamp |       then releases stamp           equal to index >> k:
//   +------------------------+-------+       = index >> k (the lap)        the item is whole
//   <------- one cache line -------->
//
// The way back is nearly silent. The writer knows how far it may go (`limit_`) and looks at the
// reader's published index only when it gets there; the reader publishes that index every
// eighth of the ring and whenever it finds nothing to read. So kFull may be reported while up
// to that many slots are already read but unpublished; a reader that keeps polling always
// publishes, and nothing is ever dropped or delayed by it.
//
// A 64-byte type that offers four of its own bytes (`std::uint32_t ring_stamp`, see RingStamped)
// is stored without a wrapper, one line an item. Any other trivially copyable T gets the stamp
// behind it, and a slot that fits a line never straddles two.

#include <algorithm>
#include <atomic>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>

#include <sluice/core/aligned_block.hpp>
#include <sluice/core/cache_line.hpp>
#include <sluice/core/capacity.hpp>
#include <sluice/core/hot/ring_slot.hpp>

namespace sluice::core {

enum class [[nodiscard]] PushResult : std::uint8_t{
    kOk,
    kFull,  ///< no free slot known; the item was not stored
};

template <typename T, typename Tuning = RingTuning>
class SpscRing {
    static_assert(std::is_trivially_copyable_v<T>, "slots are raw memory that is copied bytewise");
    using Layout = RingSlot<T>;
    using Slot = typename Layout::Slot;
    static constexpr std::size_t kBatchChunk =
        std::max<std::size_t>(1, Tuning::kBatchChunkBytes / sizeof(Slot));

  public:
    static constexpr std::size_t kCapacityMax = std::size_t{1} << 31U;

    /// Takes the memory for `capacity` items: a power of two, at most kCapacityMax, else
    /// std::invalid_argument; std::bad_alloc when there is none. `start` is the first index; tests
    /// set it to cross the wrap of the 64-bit indices and of the 32-bit stamps.
    explicit SpscRing(std::size_t capacity, std::uint64_t start = 0)
        : SpscRing(AlignedBlock{checked(capacity) * sizeof(Slot)}, capacity, start) {}
    /// The same over memory of the caller's, which outlives the ring and is not given back: a
    /// mapping that outlives the process. `memory` is aligned to a slot and as large as bytes_for()
    /// says, else std::invalid_argument. Every slot's stamp is written, so every page is touched.
    SpscRing(std::span<std::byte> memory, std::size_t capacity, std::uint64_t start = 0)
        : SpscRing(AlignedBlock::borrow(checked(memory, capacity)), capacity, start) {}
    SpscRing(const SpscRing&) = delete;
    SpscRing& operator=(const SpscRing&) = delete;

    /// Bytes that `capacity` items take.
    [[nodiscard]] static constexpr std::size_t bytes_for(std::size_t capacity) noexcept {
        return capacity * sizeof(Slot);
    }

    // ---- writer ------------------------------------------------------------------------------

    /// Copies `item` in, or says kFull.
    [[gnu::hot]] PushResult try_push(const T& item) noexcept {
        const std::uint64_t tail = tail_.load(std::memory_order_relaxed);  // own index
        if (tail == limit_ && !refresh_limit_slow()) [[unlikely]] {
            return PushResult::kFull;
        }
        Slot& slot = writer_.slot(tail);
        prefetch_for_write(tail, writer_.ahead);
        Layout::write_fresh(slot, item);
        commit(slot, tail);
        return PushResult::kOk;
    }

    /// Copies in as many of `items` as fit, in order; returns how many. They become visible in
    /// chunks of kBatchChunkBytes, the first item of each last: the reader, who takes one after the
    /// other, has no way past it, and does not take lines away while they are being filled.
    [[gnu::hot]] std::size_t try_push_n(std::span<const T> items) noexcept {
        std::uint64_t tail = tail_.load(std::memory_order_relaxed);  // own index
        if (limit_ - tail < items.size()) {
            (void)refresh_limit_slow();
        }
        const std::size_t count = std::min<std::size_t>(items.size(), limit_ - tail);
        for (std::size_t done = 0; done < count;) {
            const std::size_t chunk = std::min(count - done, kBatchChunk);
            push_chunk(items.data() + done, chunk, tail);
            tail += chunk;
            done += chunk;
        }
        tail_.store(tail, std::memory_order_relaxed);  // for size_approx() only
        return count;
    }

    /// The next free slot to fill in place, or nullptr when full. Not visible until publish().
    /// Holds the item of an earlier lap. A RingStamped item is filled member by member: assigning
    /// it whole would overwrite the stamp that the reader polls.
    [[nodiscard, gnu::hot]] T* claim() noexcept {
        const std::uint64_t tail = tail_.load(std::memory_order_relaxed);  // own index
        if (tail == limit_ && !refresh_limit_slow()) [[unlikely]] {
            return nullptr;
        }
        prefetch_for_write(tail, writer_.ahead);
        return &Layout::item(writer_.slot(tail));
    }

    /// Makes the claimed slot visible. Exactly one publish() per successful claim().
    [[gnu::hot]] void publish() noexcept {
        const std::uint64_t tail = tail_.load(std::memory_order_relaxed);  // own index
        Slot& slot = writer_.slot(tail);
        assert(stamp(slot).load(std::memory_order_relaxed) == writer_.lap(tail) - 1U &&
               "the claimed item's stamp was overwritten");
        commit(slot, tail);
    }

    // ---- reader ------------------------------------------------------------------------------

    /// Moves the oldest item to `out`; false when there is none.
    [[gnu::hot]] bool try_pop(T& out) noexcept {
        const T* item = peek();
        if (item == nullptr) {
            return false;
        }
        std::memcpy(static_cast<void*>(&out), item, sizeof(T));
        release();
        return true;
    }

    /// Moves up to out.size() items, oldest first; returns how many.
    [[gnu::hot]] std::size_t try_pop_n(std::span<T> out) noexcept {
        const View reader = reader_;
        const std::uint64_t head = head_.load(std::memory_order_relaxed);  // own index
        const bool streaming = streaming_;
        std::size_t count = 0;
        for (; count < out.size(); ++count) {
            Slot& slot = reader.slot(head + count);
            if (!is_ready(reader, slot, head + count)) {
                break;
            }
            if (streaming) {  // the last batch was full, so the line ahead is likely written already
                __builtin_prefetch(&reader.slot(head + count + reader.ahead), 0, 2);  // into the L2
            }
            std::memcpy(static_cast<void*>(&out[count]), &Layout::item(slot), sizeof(T));
        }
        streaming_ = count == out.size();
        advance(head + count, !streaming_);
        return count;
    }

    /// The oldest item in place, or nullptr when there is none. Valid until release().
    [[nodiscard, gnu::hot]] const T* peek() noexcept {
        const std::uint64_t head = head_.load(std::memory_order_relaxed);  // own index
        Slot& slot = reader_.slot(head);
        if (!is_ready(reader_, slot, head)) {
            if (published_ != head) {
                publish_head(head);
            }
            return nullptr;
        }
        return &Layout::item(slot);
    }

    /// Gives the peeked slot back to the writer. Exactly one release() per successful peek().
    [[gnu::hot]] void release() noexcept {
        advance(head_.load(std::memory_order_relaxed) + 1, false);  // own index
    }

    /// Copies up to out.size() items, oldest first, leaving out the first `skip`, all of them seen
    /// before, and takes none of them away: the slots stay the reader's until release_n(). Returns how
    /// many.
    [[nodiscard, gnu::hot]] std::size_t peek_n(std::size_t skip, std::span<T> out) const noexcept {
        const View reader = reader_;
        const std::uint64_t from = head_.load(std::memory_order_relaxed) + skip;  // own index
        const std::size_t room = std::min(out.size(), capacity_ - std::min(skip, capacity_));
        std::size_t count = 0;
        for (; count < room; ++count) {
            Slot& slot = reader.slot(from + count);
            if (!is_ready(reader, slot, from + count)) {
                break;
            }
            __builtin_prefetch(&reader.slot(from + count + reader.ahead), 0, 2);  // into the L2
            std::memcpy(static_cast<void*>(&out[count]), &Layout::item(slot), sizeof(T));
        }
        return count;
    }

    /// The item behind the oldest `skip`, all of them seen before, in place, or nullptr when it is not
    /// there yet. It stays the reader's until release_n(). For a walk from item to item: the line ahead
    /// is asked for.
    [[nodiscard, gnu::hot]] const T* peek_at(std::size_t skip) const noexcept {
        const std::uint64_t index = head_.load(std::memory_order_relaxed) + skip;  // own index
        Slot& slot = reader_.slot(index);
        if (!is_ready(reader_, slot, index)) {
            return nullptr;
        }
        __builtin_prefetch(&reader_.slot(index + reader_.ahead), 0, 2);  // into the L2
        return &Layout::item(slot);
    }

    /// Gives the oldest `count` slots back to the writer, at once; all were seen through peek_n() or
    /// peek_at().
    [[gnu::hot]] void release_n(std::size_t count) noexcept {
        advance(head_.load(std::memory_order_relaxed) + count, true);  // own index
    }

    // ---- anyone ------------------------------------------------------------------------------

    /// Items in the ring at some recent moment, 0..capacity(). Costs each side a cache miss when
    /// another thread asks: for telemetry.
    [[nodiscard]] std::size_t size_approx() const noexcept {
        const std::uint64_t head = head_.load(std::memory_order_relaxed);  // a guess: no pairing
        const std::uint64_t tail = tail_.load(std::memory_order_relaxed);  // a guess: no pairing
        const std::uint64_t size = tail - head;
        return size <= capacity_ ? static_cast<std::size_t>(size) : 0;
    }
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

  private:
    /// What both sides need to find a slot, kept twice so that neither leaves its own lines.
    struct View {
        Slot* slots;
        std::uint64_t mask;
        std::uint64_t ahead;  // slots to prefetch ahead
        unsigned shift;
        [[nodiscard]] Slot& slot(std::uint64_t index) const noexcept { return slots[index & mask]; }
        [[nodiscard]] std::uint32_t lap(std::uint64_t index) const noexcept {
            return static_cast<std::uint32_t>(index >> shift);
        }
    };

    SpscRing(AlignedBlock block, std::size_t capacity, std::uint64_t start)
        : block_{std::move(block)}, capacity_{capacity}, tail_{start}, limit_{start + capacity},
          writer_{view(Tuning::kPushAheadBytes)}, head_{start}, published_{start},
          publish_every_{std::max<std::uint64_t>(1, capacity >> Tuning::kPublishShift)},
          reader_{view(Tuning::kPageBytes)}, head_published_{start} {
        batch_ahead_ = view(Tuning::kBatchAheadBytes).ahead;
        page_ahead_ = view(Tuning::kPageBytes).ahead;
        for (std::uint64_t index = start; index != start + capacity; ++index) {
            Layout::stamp(writer_.slot(index)) = writer_.lap(index) - 1;  // one lap ago: not ready
        }
    }

    static void* checked(std::span<std::byte> memory, std::size_t capacity) {
        const auto address = reinterpret_cast<std::uintptr_t>(memory.data());
        if (address % alignof(Slot) != 0 || memory.size() < bytes_for(checked(capacity))) {
            refuse_capacity_slow("SpscRing: the memory given is too small or not aligned");
        }
        return memory.data();
    }
    static std::size_t checked(std::size_t capacity) {
        if (!std::has_single_bit(capacity) || capacity > kCapacityMax) {
            refuse_capacity_slow("SpscRing: capacity must be a power of two up to 2^31");
        }
        return capacity;
    }
    [[nodiscard]] View view(std::size_t ahead_bytes) const noexcept {
        // Never further than a quarter of the ring: beyond it lie lines the other side is using.
        return {.slots = static_cast<Slot*>(block_.data()),
                .mask = capacity_ - 1,
                .ahead = std::min(ahead_bytes / sizeof(Slot), capacity_ / 4),
                .shift = static_cast<unsigned>(std::countr_zero(capacity_))};
    }
    static std::atomic_ref<std::uint32_t> stamp(Slot& slot) noexcept {
        return std::atomic_ref<std::uint32_t>{Layout::stamp(slot)};
    }
    static bool is_ready(const View& reader, Slot& slot, std::uint64_t index) noexcept {
        // acquire: the item is whole, and so is the rest of its chunk; pairs with the release of the
        // stamp in commit(), push_chunk()
        return stamp(slot).load(std::memory_order_acquire) == reader.lap(index);
    }

    void commit(Slot& slot, std::uint64_t tail) noexcept {
        // release: publishes the item; pairs with the acquire in is_ready()
        stamp(slot).store(writer_.lap(tail), std::memory_order_release);
        tail_.store(tail + 1, std::memory_order_relaxed);  // for size_approx() only
    }

    [[gnu::hot]] void push_chunk(const T* items, std::size_t count, std::uint64_t tail) noexcept {
        constexpr std::size_t kLead =
            std::max<std::size_t>(1, Tuning::kPageLeadBytes / sizeof(Slot));
        const View writer = writer_;
        for (std::size_t i = 0; i < std::min(count, kLead); ++i) {
            prefetch_for_write(tail + i, page_ahead_);
        }
        const std::uint64_t ahead = batch_ahead_;
        for (std::size_t i = 1; i < count; ++i) {
            prefetch_for_write(tail + i, ahead);
            Layout::write_stamped(writer.slot(tail + i), items[i], writer.lap(tail + i));
        }
        Slot& first = writer.slot(tail);
        Layout::write(first, items[0]);
        // release: publishes the whole chunk; pairs with the acquire in is_ready()
        stamp(first).store(writer.lap(tail), std::memory_order_release);
    }

    /// Asks for ownership of a line before it is written. x86 needs the instruction by name: the
    /// builtin becomes a plain read prefetch unless -mprfchw is given. A no-op on old processors.
    void prefetch_for_write(std::uint64_t tail, std::uint64_t ahead) const noexcept {
        if constexpr (Tuning::kPushAheadBytes != 0) {
            const Slot* slot = &writer_.slot(tail + ahead);
#if defined(__x86_64__)
            asm volatile("prefetchw %0" : : "m"(*reinterpret_cast<const char*>(slot)));
#else
            __builtin_prefetch(slot, 1, 3);
#endif
        }
    }

    /// Rare: once per eighth of the ring at most while the reader keeps up, and while it is full.
    [[gnu::cold, gnu::noinline]] bool refresh_limit_slow() noexcept {
        // acquire: the reader is done with these slots; pairs with the release in publish_head()
        limit_ = head_published_.load(std::memory_order_acquire) + capacity_;
        return limit_ != tail_.load(std::memory_order_relaxed);  // own index
    }

    void advance(std::uint64_t head, bool found_end) noexcept {
        head_.store(head, std::memory_order_relaxed);  // for size_approx() only
        const std::uint64_t unpublished = head - published_;
        if (unpublished >= publish_every_ || (found_end && unpublished != 0)) {
            publish_head(head);
        }
    }
    void publish_head(std::uint64_t head) noexcept {
        // release: the slots before head are read; pairs with the acquire in refresh_limit_slow()
        head_published_.store(head, std::memory_order_release);
        published_ = head;
    }

    // Constant after construction.
    AlignedBlock block_;
    std::size_t capacity_;

    // Writer only (tail_ is atomic for size_approx()).
    alignas(kDestructivePair) std::atomic<std::uint64_t> tail_;
    std::uint64_t limit_;  // may write while tail_ != limit_
    View writer_;
    std::uint64_t batch_ahead_{};
    std::uint64_t page_ahead_{};

    // Reader only (head_ is atomic for size_approx()).
    alignas(kDestructivePair) std::atomic<std::uint64_t> head_;
    std::uint64_t published_;  // what head_published_ says
    std::uint64_t publish_every_;
    View reader_;
    bool streaming_ = false;

    // Written by the reader, read by the writer, each rarely.
    alignas(kDestructivePair) std::atomic<std::uint64_t> head_published_;

    static_assert(sizeof(Slot) % kCacheLine == 0 || kCacheLine % sizeof(Slot) == 0);
    static_assert(!RingStamped<T> || sizeof(Slot) == kCacheLine);
    static_assert(sizeof(View) + 4 * sizeof(std::uint64_t) <= kCacheLine, "a side is one line");
    static_assert(std::atomic<std::uint64_t>::is_always_lock_free &&
                  std::atomic_ref<std::uint32_t>::is_always_lock_free);
};

}  // namespace sluice::core
