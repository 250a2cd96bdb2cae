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

[[nodiscard]] inline EventWords words_of(const pipeline::Event& event) noexcept {
    EventWords words;
    std::memcpy(words.data(), &event, sizeof words);
    return words;
}

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

    // Of an event of that shape, all words; the last one's lower half is 0.
    template <class Shape>
    [[nodiscard]] EventWords next(std::uint32_t tail) const noexcept {
        const Row& row = rows_[row_of<Shape>(tail)];
        EventWords words{time_, sequence_ + 1};
        std::copy(row.words.begin(), row.words.end(), words.begin() + kFirstPayloadWord);
        if constexpr (Shape::kIngress < kPayloadWords)
            words[kFirstPayloadWord + Shape::kIngress] =
                row.words[Shape::kIngress] != 0 ? ingress_ : 0;
        words[kTailWord] = std::uint64_t{tail_} << 32U;
        return words;
    }
    // Instrument, kind and flags of the last event.
    [[nodiscard]] std::uint32_t tail() const noexcept { return tail_; }

    template <class Shape>
    void take(const EventWords& words) noexcept {
        const auto tail = static_cast<std::uint32_t>(words[kTailWord] >> 32U);
        Row& row = rows_[row_of<Shape>(tail)];
        std::copy_n(words.begin() + kFirstPayloadWord, kPayloadWords, row.words.begin());
        time_ = words[0];
        sequence_ = words[1];
        tail_ = tail;
        if constexpr (Shape::kIngress < kPayloadWords) {
            const std::uint64_t ingress = words[kFirstPayloadWord + Shape::kIngress];
            ingress_ = ingress != 0 ? ingress : ingress_;
        }
    }

  private:
    static constexpr std::size_t kSorts = 3;
    struct alignas(core::kCacheLine) Row {
        std::array<std::uint64_t, kPayloadWords> words{};
    };
    // Events without an instrument share the last row.
    template <class Shape>
    [[nodiscard]] std::size_t row_of(std::uint32_t tail) const noexcept {
        return std::min<std::size_t>(tail & 0xFFFFU, instruments_) * kSorts + Shape::kRow;
    }

    std::size_t instruments_;
    std::vector<Row> rows_;
    std::uint64_t time_ = 0;
    std::uint64_t sequence_ = 0;
    std::uint64_t ingress_ = 0;
    std::uint32_t tail_ = 0;
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

}  // namespace sluice::adapters::journal
