#pragma once
// Histogram: latencies in nanoseconds, log-linear, fixed size.
//
// Threads   One writer. Another thread reads a copy handed over by the writer, or the original
//           once the writer has ended; merge() joins histograms of several threads.
// Bounds    0 .. 2^40 - 1 ns (18 minutes) in 2240 buckets, 18 KiB; larger values count in the
//           last bucket and stay exact in max(). Never allocates.
// Cost      record(): a clz, a shift, six loads and stores; no branch that data can mispredict.
//
//   value          0 .. 63      64 .. 127     128 .. 255     256 .. 511   ...
//   bucket width      1             1              2              4
//   buckets          64            64             64             64
//
// Every bucket is at most 1/64 of its lowest value wide, so a percentile, read as the middle of
// its bucket, is within 1/128 of the value that a sorted list of everything would give; below
// 128 ns it is exact.

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace sluice::core {

class Histogram {
  public:
    static constexpr unsigned kSubBits = 6;     // 64 buckets per power of two
    static constexpr unsigned kValueBits = 40;  // distinguishes values below 2^40
    static constexpr std::uint64_t kValueMax = (std::uint64_t{1} << kValueBits) - 1;
    static constexpr std::size_t kBuckets = std::size_t{kValueBits - kSubBits + 1} << kSubBits;

    /// Counts one value, in nanoseconds.
    [[gnu::hot]] void record(std::uint64_t value) noexcept {
        ++buckets_[bucket_of(std::min(value, kValueMax))];
        ++count_;
        sum_ += value;
        min_ = std::min(min_, value);
        max_ = std::max(max_, value);
    }

    /// Adds all that `other` counted.
    void merge(const Histogram& other) noexcept {
        for (std::size_t i = 0; i < kBuckets; ++i) {
            buckets_[i] += other.buckets_[i];
        }
        count_ += other.count_;
        sum_ += other.sum_;
        min_ = std::min(min_, other.min_);
        max_ = std::max(max_, other.max_);
    }

    void clear() noexcept { *this = Histogram{}; }

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    /// Exact; 0 when nothing was recorded.
    [[nodiscard]] std::uint64_t min() const noexcept { return count_ == 0 ? 0 : min_; }
    [[nodiscard]] std::uint64_t max() const noexcept { return max_; }
    /// Exact while the sum of all values fits 64 bits (584 years of nanoseconds); 0 when empty.
    [[nodiscard]] double mean() const noexcept {
        return count_ == 0 ? 0.0 : static_cast<double>(sum_) / static_cast<double>(count_);
    }

    /// The nearest-rank percentile: the smallest value with at least `percent` % of all values at
    /// or below it. `percent` is clamped to 0..100; 0 is min(), 100 is max(). 0 when empty.
    [[nodiscard]] std::uint64_t percentile(double percent) const noexcept {
        if (count_ == 0) {
            return 0;
        }
        const std::uint64_t rank = rank_of(percent);
        if (rank == count_) {
            return max_;
        }
        std::uint64_t seen = 0;
        for (std::size_t i = 0; i < kBuckets; ++i) {
            seen += buckets_[i];
            if (seen >= rank) {
                return std::clamp(middle_of(i), min_, max_);
            }
        }
        return max_;
    }

    /// Calls visit(lowest value, width, count) for every bucket that counted something, ascending.
    template <typename Visitor>
    void for_each_bucket(Visitor&& visit) const {
        for (std::size_t i = 0; i < kBuckets; ++i) {
            if (buckets_[i] != 0) {
                visit(lowest_of(i), width_of(i), buckets_[i]);
            }
        }
    }

    /// Bucket arithmetic, public for tests. Precondition: value <= kValueMax.
    static constexpr std::size_t bucket_of(std::uint64_t value) noexcept {
        // Values below 2^kSubBits fall in octave 0 with width 1; `| mask` lets them share the formula.
        constexpr std::uint64_t kMask = (std::uint64_t{1} << kSubBits) - 1;
        const auto octave = static_cast<unsigned>(std::bit_width(value | kMask)) - kSubBits;
        const unsigned shift = octave - (octave != 0 ? 1U : 0U);
        return (std::size_t{shift} << kSubBits) + static_cast<std::size_t>(value >> shift);
    }
    static constexpr std::uint64_t width_of(std::size_t bucket) noexcept {
        return std::uint64_t{1} << shift_of(bucket);
    }
    static constexpr std::uint64_t lowest_of(std::size_t bucket) noexcept {
        const unsigned shift = shift_of(bucket);
        return (bucket - (std::size_t{shift} << kSubBits)) << shift;
    }

  private:
    static constexpr unsigned shift_of(std::size_t bucket) noexcept {
        const auto octave = static_cast<unsigned>(bucket >> kSubBits);
        return octave < 2 ? 0 : octave - 1;
    }
    static constexpr std::uint64_t middle_of(std::size_t bucket) noexcept {
        return lowest_of(bucket) + (width_of(bucket) - 1) / 2;
    }
    [[nodiscard]] std::uint64_t rank_of(double percent) const noexcept {
        if (!(percent > 0.0)) {
            return 1;
        }
        // ceil(p/100 * n), held back from rounding up by the error of the product: 99.9 % of 1000
        // is rank 999, though 0.999 * 1000 may come out a little above.
        const double exact = static_cast<double>(count_) * (std::min(percent, 100.0) / 100.0);
        const double rank = std::ceil(exact - exact * 4 * std::numeric_limits<double>::epsilon());
        const auto whole = static_cast<std::uint64_t>(rank);
        return std::clamp<std::uint64_t>(whole, 1, count_);
    }

    std::uint64_t count_ = 0;
    std::uint64_t sum_ = 0;
    std::uint64_t min_ = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t max_ = 0;
    std::array<std::uint64_t, kBuckets> buckets_{};
};

static_assert(Histogram::bucket_of(0) == 0 && Histogram::bucket_of(127) == 127);
static_assert(Histogram::bucket_of(128) == 128 && Histogram::bucket_of(129) == 128);
static_assert(Histogram::bucket_of(Histogram::kValueMax) == Histogram::kBuckets - 1);

}  // namespace sluice::core
