#include <sluice/pipeline/hot/tick_run.hpp>

#include <bit>
#include <cstring>

#include <sluice/pipeline/hot/admission.hpp>

#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace sluice::pipeline {
namespace {

// What a scan is doing: the next row, and what the rows before it come to.
struct Scan {
    const TickColumns& ticks;
    std::int64_t until;
    std::size_t end;
    std::size_t row = 0;
    std::int64_t low = INT64_MAX;
    std::int64_t high = 0;
    std::int64_t volume = 0;

    [[nodiscard]] bool ordinary(std::int64_t previous) const noexcept {
        return ticks.time[row] >= previous && ticks.time[row] < until && ticks.price[row] > 0 &&
               ticks.quantity[row] > 0 && ticks.quantity[row] <= kRunQuantityMost &&
               ticks.flags[row] == 0;
    }
    void take_one() noexcept {
        low = std::min(low, ticks.price[row]);
        high = std::max(high, ticks.price[row]);
        volume += ticks.quantity[row];
        ++row;
    }
};

#ifdef __AVX2__

[[nodiscard]] __m256i load(const std::int64_t* at) noexcept {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
}
[[nodiscard]] __m256i lesser(__m256i a, __m256i b) noexcept {
    return _mm256_blendv_epi8(a, b, _mm256_cmpgt_epi64(a, b));
}
[[nodiscard]] __m256i greater(__m256i a, __m256i b) noexcept {
    return _mm256_blendv_epi8(b, a, _mm256_cmpgt_epi64(a, b));
}
struct Lanes {
    alignas(32) std::int64_t value[4];
    explicit Lanes(__m256i from) noexcept {
        _mm256_store_si256(reinterpret_cast<__m256i*>(value), from);
    }
};

// Eight rows at a time while all eight are ordinary. The row before the first has been taken.
void take_eights(Scan& scan) noexcept {
    const TickColumns& t = scan.ticks;
    const __m256i one = _mm256_set1_epi64x(1);
    // The sign of a number and of it less one say that it is not above zero; the bits from 52 on of
    // a quantity less one say the same, and that it is too large.
    const __m256i price_bits = _mm256_set1_epi64x(INT64_MIN);
    const __m256i quantity_bits = _mm256_set1_epi64x(-kRunQuantityMost);
    __m256i low[2] = {_mm256_set1_epi64x(scan.low), _mm256_set1_epi64x(scan.low)};
    __m256i high[2] = {_mm256_set1_epi64x(scan.high), _mm256_set1_epi64x(scan.high)};
    __m256i volume[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    std::size_t row = scan.row;
    for (; row + 8 <= scan.end; row += 8) {
        std::uint64_t flags{};
        std::memcpy(&flags, t.flags + row, sizeof flags);
        const __m256i back =
            _mm256_or_si256(_mm256_cmpgt_epi64(load(t.time + row - 1), load(t.time + row)),
                            _mm256_cmpgt_epi64(load(t.time + row + 3), load(t.time + row + 4)));
        const __m256i p0 = load(t.price + row);
        const __m256i p1 = load(t.price + row + 4);
        const __m256i q0 = load(t.quantity + row);
        const __m256i q1 = load(t.quantity + row + 4);
        const __m256i p = _mm256_or_si256(_mm256_or_si256(p0, _mm256_sub_epi64(p0, one)),
                                          _mm256_or_si256(p1, _mm256_sub_epi64(p1, one)));
        const __m256i q = _mm256_or_si256(_mm256_sub_epi64(q0, one), _mm256_sub_epi64(q1, one));
        const __m256i odd = _mm256_or_si256(
            back,
            _mm256_or_si256(_mm256_and_si256(p, price_bits), _mm256_and_si256(q, quantity_bits)));
        // In order, so the last time speaks for all eight.
        if (_mm256_testz_si256(odd, odd) == 0 || flags != 0 || t.time[row + 7] >= scan.until) break;
        low[0] = lesser(low[0], p0);
        low[1] = lesser(low[1], p1);
        high[0] = greater(high[0], p0);
        high[1] = greater(high[1], p1);
        volume[0] = _mm256_add_epi64(volume[0], q0);
        volume[1] = _mm256_add_epi64(volume[1], q1);
    }
    scan.row = row;
    const Lanes lows{lesser(low[0], low[1])};
    const Lanes highs{greater(high[0], high[1])};
    const Lanes volumes{_mm256_add_epi64(volume[0], volume[1])};
    for (std::size_t lane = 0; lane < 4; ++lane) {
        scan.low = std::min(scan.low, lows.value[lane]);
        scan.high = std::max(scan.high, highs.value[lane]);
        scan.volume += volumes.value[lane];
    }
}

#else

void take_eights(Scan&) noexcept {}

#endif

}  // namespace

TickRun scan_run(const TickColumns& ticks, const RunLimits& limits) noexcept {
    Scan scan{ticks, core::ns_since_epoch(limits.until),
              std::min({ticks.size, limits.most, kRunMost})};
    if (scan.end != 0 && scan.ordinary(core::ns_since_epoch(limits.from))) {
        scan.take_one();
        take_eights(scan);
        while (scan.row != scan.end && scan.ordinary(ticks.time[scan.row - 1])) scan.take_one();
    }
    TickRun run;
    run.symbol = ticks.symbol;
    run.size = scan.row;
    run.time = ticks.time;
    run.price = ticks.price;
    run.quantity = ticks.quantity;
    run.low = Price::from_raw(scan.low);
    run.high = Price::from_raw(scan.high);
    run.volume = Quantity::from_raw(scan.volume);
    return run;
}

PricePath follow_path(const TickRun& run, bool falling_gains, std::int64_t record) noexcept {
    const std::int64_t sign = falling_gains ? -1 : 1;
    PricePath path;
    std::size_t row = 0;
    for (; sign * run.price[row] <= record; ++row)
        path.low_before = std::min(path.low_before, sign * run.price[row]);
    path.high = path.low = sign * run.price[row];
    for (++row; row < run.size; ++row) {
        const std::int64_t height = sign * run.price[row];
        path.low = height > path.high ? height : std::min(path.low, height);
        path.high = std::max(path.high, height);
        path.depth = std::max(path.depth, path.high - path.low);
    }
    return path;
}

// Kept free of anything but the sum: the multiplications then follow each other without a gap.
void StreamChecksum::add_run(const TickRun& run) noexcept {
    constexpr std::uint64_t kStep = 1U << 16U;
    const std::uint64_t first =
        static_cast<std::uint64_t>(run.last_sequence) - (static_cast<std::uint64_t>(run.size) - 1);
    std::uint64_t place = first << 16U | core::index_of(run.symbol);
    StreamChecksum sum = *this;
    for (std::size_t row = 0; row < run.size; ++row, place += kStep)
        sum.mix(static_cast<std::uint64_t>(run.price[row]) + (place ^ kKeys[0]),
                std::rotl(static_cast<std::uint64_t>(run.quantity[row]), 32) ^
                    static_cast<std::uint64_t>(run.time[row]) ^ kKeys[1]);
    *this = sum;
}

}  // namespace sluice::pipeline
