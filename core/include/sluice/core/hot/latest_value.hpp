// LatestValue: one writer puts out a value now and then, others read the latest one whole.
//
// Threads   One writer, any readers; neither waits for the other.
// Bounds    The value and a counter; it is trivially copyable, in whole 64-bit words.
// Cost      A store or load a word.
//
// A sequence lock without fences: the count is odd while the value changes. Its words are stored with
// release and loaded with acquire, so that a reader which has seen a new word sees that the count has
// changed too.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace sluice::core {

template <class T>
class LatestValue {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) % sizeof(std::uint64_t) == 0);
    using Words = std::array<std::uint64_t, sizeof(T) / sizeof(std::uint64_t)>;

  public:
    void put(const T& value) noexcept {
        const std::uint64_t count = count_.load(std::memory_order_relaxed);  // relaxed: own
        // relaxed: ordered before the words by their release
        count_.store(count + 1, std::memory_order_relaxed);
        const auto words = std::bit_cast<Words>(value);
        for (std::size_t i = 0; i < words.size(); ++i)
            words_[i].store(words[i],
                            std::memory_order_release);      // pairs with the acquire in read()
        count_.store(count + 2, std::memory_order_release);  // pairs with the first in read()
    }

    // The number of the value read, from 1; 0 when there is none, or it is being changed now: try
    // again later. `out` counts only if the number is not 0.
    [[nodiscard]] std::uint64_t read(T& out) const noexcept {
        // acquire: pairs with the release that ends put()
        const std::uint64_t before = count_.load(std::memory_order_acquire);
        if (before == 0 || before % 2 != 0) return 0;
        Words words;
        for (std::size_t i = 0; i < words.size(); ++i)
            words[i] = words_[i].load(std::memory_order_acquire);  // pairs with put()'s release
        // relaxed: not before the words, by their acquire
        if (count_.load(std::memory_order_relaxed) != before) return 0;
        out = std::bit_cast<T>(words);
        return before / 2;
    }

  private:
    std::atomic<std::uint64_t> count_{0};
    std::array<std::atomic<std::uint64_t>, sizeof(T) / sizeof(std::uint64_t)> words_{};
};

}  // namespace sluice::core
