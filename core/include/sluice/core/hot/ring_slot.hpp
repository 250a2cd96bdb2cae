#pragma once
// How an item and its stamp lie in a slot of SpscRing, and the distances tuned by measurement.
//
// The stamp is what the two threads meet on: the writer releases it, the reader acquires it. All
// other bytes of a slot belong to one side at a time and are copied plainly.

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include <sluice/core/cache_line.hpp>

namespace sluice::core {

/// Where an item of one cache line lends the ring four of its bytes: a public member `ring_stamp`,
/// or, for a class that keeps its members private, a nested `RingStamp` with `of(item)` and
/// `kOffset`.
template <typename T>
struct RingStampOf {
    static std::uint32_t& of(T& item) noexcept requires requires {
        { (item.ring_stamp) } -> std::same_as<std::uint32_t&>;
    }
    {
        static_assert(std::is_standard_layout_v<T>, "offsetof needs it");
        return item.ring_stamp;
    }
    static constexpr std::size_t offset() noexcept { return offsetof(T, ring_stamp); }
};
template <typename T>
    requires requires(T& item) {
        { T::RingStamp::of(item) } -> std::same_as<std::uint32_t&>;
    }
struct RingStampOf<T> {
    static std::uint32_t& of(T& item) noexcept { return T::RingStamp::of(item); }
    static constexpr std::size_t offset() noexcept { return T::RingStamp::kOffset; }
};

/// An item that is exactly one cache line and lends the ring a stamp in it. The ring owns the
/// stamp while the item lies in a slot; copies handed out hold the lap it came from.
template <typename T>
concept RingStamped = std::is_trivially_copyable_v<T> && sizeof(T) == kCacheLine &&
                      alignof(T) == kCacheLine&& requires(T& item) {
    RingStampOf<T>::of(item);
};

/// Copies by the word. Bytes that were stored in words a moment ago can be loaded in those words at
/// once; a wider load over several of them waits until they have reached the cache, which behind a
/// line that another core holds is a round trip (perf/pipeline.md). kBytes is a multiple of four.
template <std::size_t kBytes>
inline void copy_words(std::byte* to, const std::byte* from) noexcept {
    static_assert(kBytes % sizeof(std::uint32_t) == 0);
    const auto copy = [&](std::size_t at, auto word) {
        std::memcpy(&word, from + at, sizeof word);
        asm("" : "+r"(word));  // or the compiler joins words to vectors
        std::memcpy(to + at, &word, sizeof word);
    };
    for (std::size_t at = 0; at + 8 <= kBytes; at += 8) copy(at, std::uint64_t{});
    if constexpr (kBytes % 8 != 0) copy(kBytes - 4, std::uint32_t{});
}

/// The same for what was made a moment ago.
template <typename T>
inline void copy_words(T& to, const T& from) noexcept {
    static_assert(std::is_trivially_copyable_v<T>);
    copy_words<sizeof from>(reinterpret_cast<std::byte*>(&to),
                            reinterpret_cast<const std::byte*>(&from));
}

/// How one item lies in a slot: the item, then the stamp. write() is for an item of which nothing is
/// known; write_fresh() for one that was most likely made a moment ago; write_stamped() writes the stamp
/// with it, for a slot that the reader cannot have come to.
template <typename T>
struct RingSlot {
    static constexpr std::size_t kBare = sizeof(T) + sizeof(std::uint32_t);
    static constexpr std::size_t kAlign =
        std::max(alignof(T), kBare <= kCacheLine ? std::bit_ceil(kBare) : kCacheLine);
    struct alignas(kAlign) Slot {
        T value;
        std::uint32_t ring_stamp;
    };
    static void write(Slot& slot, const T& item) noexcept {
        std::memcpy(static_cast<void*>(&slot.value), &item, sizeof(T));
    }
    static void write_fresh(Slot& slot, const T& item) noexcept { write(slot, item); }
    static void write_stamped(Slot& slot, const T& item, std::uint32_t lap) noexcept {
        write(slot, item);
        slot.ring_stamp = lap;
    }
    static T& item(Slot& slot) noexcept { return slot.value; }
    static std::uint32_t& stamp(Slot& slot) noexcept { return slot.ring_stamp; }
};

/// The item is the slot. Its stamp is left alone by write(): the reader may be polling it.
template <RingStamped T>
struct RingSlot<T> {
    using Slot = T;
    static void write(T& slot, const T& item) noexcept {
        constexpr std::size_t kStamp = RingStampOf<T>::offset();
        constexpr std::size_t kRest = kStamp + sizeof(std::uint32_t);
        auto* to = reinterpret_cast<std::byte*>(&slot);
        const auto* from = reinterpret_cast<const std::byte*>(&item);
        std::memcpy(to, from, kStamp);
        std::memcpy(to + kRest, from + kRest, sizeof(T) - kRest);
    }
    static void write_fresh(T& slot, const T& item) noexcept {
        constexpr std::size_t kStamp = RingStampOf<T>::offset();
        constexpr std::size_t kRest = kStamp + sizeof(std::uint32_t);
        auto* to = reinterpret_cast<std::byte*>(&slot);
        const auto* from = reinterpret_cast<const std::byte*>(&item);
        copy_words<kStamp>(to, from);
        copy_words<sizeof(T) - kRest>(to + kRest, from + kRest);
    }
    /// As one whole line: a line stored in pieces around its stamp leaves the core at half the rate.
    static void write_stamped(T& slot, const T& item, std::uint32_t lap) noexcept {
        using Half [[gnu::vector_size(kCacheLine / 2)]] = std::uint32_t;
        constexpr std::size_t kAt = RingStampOf<T>::offset() / sizeof(std::uint32_t);
        constexpr std::size_t kInHalf = sizeof(Half) / sizeof(std::uint32_t);
        Half low;
        Half high;
        std::memcpy(&low, &item, sizeof low);
        std::memcpy(&high, reinterpret_cast<const std::byte*>(&item) + sizeof low, sizeof high);
        (kAt < kInHalf ? low : high)[kAt % kInHalf] = lap;
        std::memcpy(static_cast<void*>(&slot), &low, sizeof low);
        std::memcpy(reinterpret_cast<std::byte*>(&slot) + sizeof low, &high, sizeof high);
    }
    static T& item(T& slot) noexcept { return slot; }
    static std::uint32_t& stamp(T& slot) noexcept { return RingStampOf<T>::of(slot); }
};

/// Chosen by measurement, perf/ring.md; a parameter so that bench/ring_bench.cpp can show why.
struct RingTuning {
    /// A single push asks for ownership of the line this many bytes ahead: 4x the throughput.
    static constexpr std::size_t kPushAheadBytes = 8 * kCacheLine;
    /// A batch push looks this far; and once a chunk, at the first lines of the page beyond, which
    /// starts that page's hardware prefetcher before the copy gets there.
    static constexpr std::size_t kBatchAheadBytes = 16 * kCacheLine;
    static constexpr std::size_t kPageBytes = 4096;
    static constexpr std::size_t kPageLeadBytes = 4 * kCacheLine;
    /// What of a batch becomes visible together. A reader that starts on a batch that is still being
    /// filled takes lines away from the writer; the first item waits for a copy of so many lines,
    /// 100 to 200 ns.
    static constexpr std::size_t kBatchChunkBytes = 64 * kCacheLine;
    /// The reader publishes its index every capacity >> kPublishShift items.
    static constexpr unsigned kPublishShift = 3;
};

}  // namespace sluice::core
