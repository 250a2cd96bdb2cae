#include <sluice/adapters/journal/packed_line.hpp>

#include <bit>
#include <cstring>
#include <utility>

#include <sluice/core/attributes.hpp>

namespace sluice::adapters::journal {
namespace {

constexpr std::size_t kWordsPacked = kFirstPayloadWord + kPayloadWords;
constexpr std::uint32_t kInstrumentFollows = 1U << 28U;
constexpr std::uint32_t kKindFollows = 1U << 29U;
constexpr std::uint32_t kScaled = 8;  // added to a nibble: the word is in units

static_assert(std::endian::native == std::endian::little, "words are stored as they are");

// 1, -1, 2, -2 ... become 2, 1, 4, 3 ...
constexpr std::uint64_t zig_zag(std::int64_t value) noexcept {
    return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63U);
}
constexpr std::uint64_t zag_zig(std::uint64_t value) noexcept {
    return (value >> 1U) ^ (~(value & 1U) + 1U);
}
constexpr std::uint32_t width_of(std::uint64_t value) noexcept {
    return (71U - static_cast<std::uint32_t>(std::countl_zero(value))) / 8U;
}

// Stores one word's difference at `to` and its nibble in `widths`; without a branch.
template <std::size_t kWord, std::int64_t kUnit>
SLUICE_ALWAYS_INLINE void put(std::uint64_t change, std::byte*& to,
                              std::uint32_t& widths) noexcept {
    const auto difference = static_cast<std::int64_t>(change);
    std::uint64_t stored = zig_zag(difference);
    std::uint32_t mark = 0;
    if constexpr (kUnit != 1) {
        const std::int64_t units = difference / kUnit;
        const bool exact = units * kUnit == difference;
        stored = exact ? zig_zag(units) : stored;
        mark = exact && stored != 0 ? kScaled : 0;
    }
    const std::uint32_t width = width_of(stored);
    std::memcpy(to, &stored, sizeof stored);
    to += width;
    widths |= (width + mark) << (4 * kWord);
}

SLUICE_ALWAYS_INLINE void put_tail(std::uint32_t actual, std::uint32_t expected, std::byte*& to,
                                   std::uint32_t& widths) noexcept {
    const std::uint32_t changed = actual ^ expected;
    const bool instrument = (changed & 0xFFFFU) != 0;
    const bool kind = (changed >> 16U) != 0;
    std::memcpy(to, &actual, 2);
    to += instrument ? 2 : 0;
    const std::uint32_t upper = actual >> 16U;
    std::memcpy(to, &upper, 2);
    to += kind ? 2 : 0;
    widths |= (instrument ? kInstrumentFollows : 0) | (kind ? kKindFollows : 0);
}

}  // namespace

// Most records are trades of which time, price, quantity and counter of ingress are new and nothing
// else. Apart from add_as(), which has to look for what else may be: two thirds of its instructions.
SLUICE_ALWAYS_INLINE bool LinePacker::is_plain(WordsAt trade,
                                               const Expectation::Row& row) const noexcept {
    const std::uint64_t others = (trade[1] - expected_.word<TradeShape, 1>(row)) |
                                 (trade[5] - expected_.word<TradeShape, 5>(row)) |
                                 (trade[6] - expected_.word<TradeShape, 6>(row)) |
                                 (trade.tail() ^ expected_.tail());
    return others == 0;
}
SLUICE_ALWAYS_INLINE bool LinePacker::add_plain(WordsAt trade, Expectation::Row& row) noexcept {
    using Shape = TradeShape;
    std::byte* to = line_ + used_ + sizeof(std::uint32_t);
    std::uint32_t widths = 0;
    put<0, 1>(trade[0] - expected_.word<Shape, 0>(row), to, widths);
    put<2, Shape::kUnits[0]>(trade[2] - expected_.word<Shape, 2>(row), to, widths);
    put<3, Shape::kUnits[1]>(trade[3] - expected_.word<Shape, 3>(row), to, widths);
    if (const auto change = trade[4] - expected_.word<Shape, 4>(row); change != 0)
        put<4, Shape::kUnits[2]>(change, to, widths);
    if (!end_record(to, widths)) return false;
    expected_.take<Shape>(trade, row);
    return true;
}

template <class Shape>
bool LinePacker::add_as(WordsAt words) noexcept {
    const std::uint32_t tail = words.tail();
    Expectation::Row& row = expected_.template row<Shape>(tail);
    const EventWords expected = expected_.template next<Shape>(row);
    const auto change = [&](std::size_t word) { return words[word] - expected[word]; };
    std::byte* to = line_ + used_ + sizeof(std::uint32_t);
    std::uint32_t widths = 0;
    put_tail(tail, expected_.tail(), to, widths);
    put<0, 1>(change(0), to, widths);
    put<1, 1>(change(1), to, widths);
    put<2, Shape::kUnits[0]>(change(2), to, widths);
    put<3, Shape::kUnits[1]>(change(3), to, widths);
    put<4, Shape::kUnits[2]>(change(4), to, widths);
    put<5, Shape::kUnits[3]>(change(5), to, widths);
    put<6, Shape::kUnits[4]>(change(6), to, widths);
    if (!end_record(to, widths)) return false;
    expected_.template take<Shape>(words, row);
    return true;
}

// The record that ends at `to`; false: the line has no room for it.
SLUICE_ALWAYS_INLINE bool LinePacker::end_record(const std::byte* to,
                                                 std::uint32_t widths) noexcept {
    std::byte* const begin = line_ + used_;
    std::memcpy(begin, &widths, sizeof widths);
    const auto used = static_cast<std::size_t>(to - line_);
    if (used > kPackedBytes) [[unlikely]] {
        keep(begin, used - used_);
        return false;
    }
    used_ = used;
    ++count_;
    return true;
}

void LinePacker::keep(const std::byte* from, std::size_t size) noexcept {
    if (size > kPackedBytes) return;  // no line has room for it
    kept_size_ = size;
    std::memcpy(kept_.data(), from, kept_.size());
}
void LinePacker::put_kept() noexcept {
    std::memcpy(line_, kept_.data(), kept_.size());
    used_ = std::exchange(kept_size_, 0);
    count_ = 1;
}

bool LinePacker::add(const pipeline::Event& event) noexcept {
    const WordsAt words{&event};
    if (kept_size_ != 0) [[unlikely]] {
        put_kept();
        expected_.take(words);
        return true;
    }
    if (event.kind() == pipeline::EventKind::kTrade) {
        Expectation::Row& row = expected_.row<TradeShape>(words.tail());
        if (is_plain(words, row)) [[likely]]
            return add_plain(words, row);
    }
    return with_shape_of(words.tail(), [&](auto shape) { return add_as<decltype(shape)>(words); });
}

void LinePacker::finish() noexcept {
    std::memset(line_ + used_, 0, kLineBytes);  // of one size: it ends behind the line
    line_[kPackedCountOffset] = static_cast<std::byte>(count_);
    line_[kPackedUsedOffset] = static_cast<std::byte>(used_);
    line_[kKindOffset] = kPackedMark;
}

void LinePacker::finish_alone(const pipeline::Event& event) noexcept {
    const WordsAt words{&event};
    kept_size_ = 0;
    words.copy_to(line_);
    expected_.take(words);
}

std::span<const pipeline::Event> LineUnpacker::unpack(const std::byte* line) noexcept {
    if (!is_packed(line)) {
        EventWords words;
        std::memcpy(words.data(), line, kLineBytes);
        words[kTailWord] &= ~std::uint64_t{0xFFFF'FFFF};  // the CRC
        std::memcpy(static_cast<void*>(events_.data()), words.data(), kLineBytes);
        expected_.take(WordsAt{words.data()});
        return {events_.data(), 1};
    }
    const auto count = static_cast<std::size_t>(line[kPackedCountOffset]);
    const auto used = static_cast<std::size_t>(line[kPackedUsedOffset]);
    if (count == 0 || count > kPackedRecordsMax || used > kPackedBytes) return {};
    std::size_t at = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t size = unpack_one(line + at, used - at, events_[i]);
        if (size == 0) return {};
        at += size;
    }
    if (at != used) return {};
    return {events_.data(), count};
}

// A word is read with the seven bytes behind it: those of a line's last word are still the line's.
std::size_t LineUnpacker::unpack_one(const std::byte* from, std::size_t room,
                                     pipeline::Event& to) noexcept {
    std::uint32_t widths = 0;
    if (room < sizeof widths) return 0;
    std::memcpy(&widths, from, sizeof widths);
    if (widths >> 30U != 0) return 0;
    std::size_t size = sizeof widths + ((widths & kInstrumentFollows) != 0 ? 2 : 0) +
                       ((widths & kKindFollows) != 0 ? 2 : 0);
    const auto nibble = [widths](std::size_t word) { return (widths >> (4 * word)) & 0xFU; };
    for (std::size_t word = 0; word < kWordsPacked; ++word)
        size += nibble(word) > kScaled ? nibble(word) - kScaled : nibble(word);
    if (size > room) return 0;

    const std::byte* at = from + sizeof widths;
    std::uint32_t tail = expected_.tail();
    if ((widths & kInstrumentFollows) != 0) {
        std::memcpy(&tail, at, 2);
        at += 2;
    }
    if ((widths & kKindFollows) != 0) {
        std::memcpy(reinterpret_cast<std::byte*>(&tail) + 2, at, 2);
        at += 2;
    }
    return with_shape_of(tail, [&](auto shape) -> std::size_t {
        using Shape = decltype(shape);
        Expectation::Row& row = expected_.row<Shape>(tail);
        EventWords words = expected_.next<Shape>(row);
        for (std::size_t word = 0; word < kWordsPacked; ++word) {
            const bool scaled = nibble(word) > kScaled;
            const std::uint32_t width = scaled ? nibble(word) - kScaled : nibble(word);
            std::uint64_t stored = 0;
            std::memcpy(&stored, at, sizeof stored);
            stored = width == 0 ? 0 : stored & (~std::uint64_t{0} >> (64 - 8 * width));
            at += width;
            std::uint64_t difference = zag_zig(stored);
            if (scaled) {
                if (word < kFirstPayloadWord || Shape::kUnits[word - kFirstPayloadWord] == 1)
                    return 0;
                difference *= static_cast<std::uint64_t>(Shape::kUnits[word - kFirstPayloadWord]);
            }
            words[word] += difference;
        }
        words[kTailWord] = std::uint64_t{tail} << 32U;
        std::memcpy(static_cast<void*>(&to), words.data(), kLineBytes);
        expected_.take<Shape>(WordsAt{words.data()}, row);
        return size;
    });
}

}  // namespace sluice::adapters::journal
