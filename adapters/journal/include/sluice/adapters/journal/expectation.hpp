// What the next event of a journal will likely be, judged by those before it: a packed record holds
// the difference only (packed_line.hpp). Packer and unpacker keep one each, and both feed it every
// event, so the two always expect the same.
//
//   time      that of the last event
//   sequence  that of the last event, and one
//   payload   of the last trade, quote or other event of the same instrument, word for word; but the
//             counter of ingress is that of the last event which had one, when the last of its own
//             sort had one, else 0
//
// One thread. Memory: 192 bytes an instrument, at construction.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include <sluice/core/cache_line.hpp>
#include <sluice/pipeline/hot/event.hpp>

namespace sluice::adapters::journal {

// An event's line as words: time, sequence, five of payload, and one whose upper half is instrument,
// kind and flags.
using EventWords = std::array<std::uint64_t, 8>;
inline constexpr std::size_t kFirstPayloadWord = 2;
inline constexpr std::size_t kPayloadWords = 5;
inline constexpr std::size_t kTailWord = 7;
static_assert(sizeof(EventWords) == sizeof(pipeline::Event));

// An event's words where they stand: in a ring, a line, an array of them.
class WordsAt {
  public:
    explicit WordsAt(const void* at) noexcept : at_(static_cast<const std::byte*>(at)) {}

    [[nodiscard]] std::uint64_t operator[](std::size_t word) const noexcept {
        std::uint64_t value = 0;
        std::memcpy(&value, at_ + word * sizeof value, sizeof value);
        return value;
    }
    // Instrument, kind and flags.
    [[nodiscard]] std::uint32_t tail() const noexcept {
        return static_cast<std::uint32_t>((*this)[kTailWord] >> 32U);
    }
    // All of them, or those of the payload.
    void copy_to(void* to) const noexcept { std::memcpy(to, at_, sizeof(EventWords)); }
    void copy_payload_to(std::array<std::uint64_t, kPayloadWords>& to) const noexcept {
        std::memcpy(to.data(), at_ + kFirstPayloadWord * sizeof(std::uint64_t), sizeof to);
    }

  private:
    const std::byte* at_;
};

// The layouts of a payload that are told apart: `kUnits` what each word is mostly a multiple of,
// `kIngress` which word is the counter of ingress; reports have none.
struct TradeShape {
    static constexpr std::size_t kRow = 0;
    static constexpr std::array<std::int64_t, kPayloadWords> kUnits{
        core::Price::kScale / 1'000'000, core::Quantity::kScale, 1, 1, 1};
    static constexpr std::size_t kIngress = 2;
};
struct QuoteShape {
    static constexpr std::size_t kRow = 1;
    static constexpr std::array<std::int64_t, kPayloadWords> kUnits{
        core::Price::kScale / 1'000'000, core::Price::kScale / 1'000'000, core::Quantity::kScale,
        core::Quantity::kScale, 1};
    static constexpr std::size_t kIngress = 4;
};
struct OtherShape {
    static constexpr std::size_t kRow = 2;
    static constexpr std::array<std::int64_t, kPayloadWords> kUnits{1, 1, 1, 1, 1};
    static constexpr std::size_t kIngress = 4;
};
struct ReportShape : OtherShape {
    static constexpr std::size_t kIngress = kPayloadWords;
};

// Calls `work` with the shape of that kind's payload.
template <class Work>
decltype(auto) with_shape_of(std::uint32_t tail, Work&& work) noexcept {
    switch (static_cast<pipeline::EventKind>((tail >> 16U) & 0xFFU)) {
        case pipeline::EventKind::kTrade: return work(TradeShape{});
        case pipeline::EventKind::kQuote: return work(QuoteShape{});
        case pipeline::EventKind::kReport: return work(ReportShape{});
        default: return work(OtherShape{});
    }
}

class Expectation {
  public:
    explicit Expectation(std::size_t instruments)
        : instruments_(instruments), rows_((instruments + 1) * kSorts) {}

    // As before the first event.
    void restart() noexcept {
        std::fill(rows_.begin(), rows_.end(), Row{});
        time_ = 0;
        sequence_ = 0;
        ingress_ = 0;
        tail_ = 0;
    }

    // What is kept of one instrument's events of one sort.
    struct alignas(core::kCacheLine) Row {
        std::array<std::uint64_t, kPayloadWords> words{};
    };
    template <class Shape>
    [[nodiscard]] Row& row(std::uint32_t tail) noexcept {
        // Events without an instrument share the last row.
        const std::size_t instrument = std::min<std::size_t>(tail & 0xFFFFU, instruments_);
        return rows_[instrument * kSorts + Shape::kRow];
    }

    // A word of an event whose row that is.
    template <class Shape, std::size_t kWord>
    [[nodiscard]] std::uint64_t word(const Row& row) const noexcept {
        if constexpr (kWord == 0) return time_;
        if constexpr (kWord == 1) return sequence_ + 1;
        if constexpr (kWord >= kFirstPayloadWord && kWord < kTailWord) {
            constexpr std::size_t kAt = kWord - kFirstPayloadWord;
            if constexpr (kAt == Shape::kIngress) return row.words[kAt] != 0 ? ingress_ : 0;
            return row.words[kAt];
        }
    }
    // All of them; the last one's lower half is 0.
    template <class Shape>
    [[nodiscard]] EventWords next(const Row& row) const noexcept {
        return {word<Shape, 0>(row), word<Shape, 1>(row),        word<Shape, 2>(row),
                word<Shape, 3>(row), word<Shape, 4>(row),        word<Shape, 5>(row),
                word<Shape, 6>(row), std::uint64_t{tail_} << 32U};
    }
    // Instrument, kind and flags of the last event.
    [[nodiscard]] std::uint32_t tail() const noexcept { return tail_; }

    // The event has come; `row` is its own.
    template <class Shape>
    void take(WordsAt words, Row& row) noexcept {
        words.copy_payload_to(row.words);
        time_ = words[0];
        sequence_ = words[1];
        tail_ = words.tail();
        if constexpr (Shape::kIngress < kPayloadWords) {
            const std::uint64_t ingress = words[kFirstPayloadWord + Shape::kIngress];
            ingress_ = ingress != 0 ? ingress : ingress_;
        }
    }
    void take(WordsAt words) noexcept {
        with_shape_of(words.tail(), [&](auto shape) {
            using Shape = decltype(shape);
            take<Shape>(words, row<Shape>(words.tail()));
        });
    }

  private:
    static constexpr std::size_t kSorts = 3;

    std::size_t instruments_;
    std::vector<Row> rows_;
    std::uint64_t time_ = 0;
    std::uint64_t sequence_ = 0;
    std::uint64_t ingress_ = 0;
    std::uint32_t tail_ = 0;
};

}  // namespace sluice::adapters::journal
