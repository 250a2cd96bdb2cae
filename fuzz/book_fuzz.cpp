// Both order books on arbitrary rows: no crash, no overflow, and after every row a book whose
// levels are in order, whose sums are those of its orders, and whose counts add up.
#include <cstddef>
#include <cstdint>

#include <sluice/pipeline/hot/level_book.hpp>
#include <sluice/pipeline/hot/order_book.hpp>

namespace {

using namespace sluice;
using pipeline::LevelBook;
using pipeline::OrderBook;
using pipeline::Side;

constexpr std::size_t kRowBytes = 8;

void require(bool holds) {
    if (!holds) __builtin_trap();
}

// Small numbers meet each other; one value in eight is an extreme.
std::int64_t number(std::uint8_t byte) {
    if (byte < 0xE0) return static_cast<std::int64_t>(byte % 24) - 3;
    if (byte < 0xF0) return INT64_MAX - (byte & 3);
    return INT64_MIN + (byte & 3);
}

template <class Book>
void check_ladder(const Book& book, Side side) {
    for (std::size_t n = 0; n < book.depth(side); ++n) {
        const pipeline::BookLevel level = book.level(side, n);
        require(level.quantity.raw() > 0);
        if (n == 0) continue;
        const core::Price better = book.level(side, n - 1).price;
        require(side == Side::kBuy ? better > level.price : better < level.price);
    }
}

void check(const OrderBook& book) {
    std::size_t resting = 0;
    for (const Side side : {Side::kBuy, Side::kSell}) {
        check_ladder(book, side);
        for (std::size_t n = 0; n < book.depth(side); ++n) {
            const pipeline::BookLevel level = book.level(side, n);
            std::int64_t sum = 0;
            std::uint32_t orders = 0;
            book.for_each_order(side, n, [&](std::int64_t order, core::Quantity quantity) {
                require(!__builtin_add_overflow(sum, quantity.raw(), &sum));
                const OrderBook::Resting found = book.find(order);
                require(found.quantity == quantity && found.price == level.price &&
                        found.side == side);
                ++orders;
            });
            require(sum == level.quantity.raw() && orders == level.orders && orders > 0);
            resting += orders;
        }
    }
    require(resting == book.resting());
    std::uint64_t outcomes = 0;
    for (std::size_t i = 0; i < pipeline::kOrderOutcomeCount; ++i)
        outcomes += book.count(static_cast<pipeline::OrderOutcome>(i));
    require(outcomes == book.rows());
}

void check(const LevelBook& book) {
    check_ladder(book, Side::kBuy);
    check_ladder(book, Side::kSell);
    const pipeline::LevelBookCounts& counts = book.counts();
    require(counts.resyncs <= counts.snapshots);
    require(book.state() != pipeline::BookState::kLive || counts.snapshots > 0);
}

void run_orders(const std::uint8_t* data, std::size_t size) {
    constexpr char kActions[] = {'A', 'A', 'A', 'C', 'M', 'R', 'T', 'X'};
    constexpr char kSides[] = {'B', 'A', 'B', 'N'};
    OrderBook book({.orders = 16, .levels = 6});
    for (std::size_t at = 0; at + kRowBytes <= size; at += kRowBytes) {
        const std::uint8_t* const row = data + at;
        (void)book.apply({0, number(row[0]), number(row[1]), number(row[2]), 0, 0,
                          static_cast<std::uint8_t>(kActions[row[3] % 8]),
                          static_cast<std::uint8_t>(kSides[row[4] % 4]), row[5]});
        check(book);
    }
}

void run_levels(const std::uint8_t* data, std::size_t size) {
    constexpr char kSides[] = {'B', 'A', 'B', 'A', 'B', 'A', 'B', 'N'};
    LevelBook book({.levels = 6, .pending = 8});
    for (std::size_t at = 0; at + kRowBytes <= size; at += kRowBytes) {
        const std::uint8_t* const row = data + at;
        (void)book.apply({0, number(row[0]), number(row[1]), number(row[2]), number(row[3]), 0,
                          static_cast<std::uint8_t>(kSides[row[4] % 8]), row[5]});
        check(book);
    }
    require(book.rows() == size / kRowBytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    if ((data[0] & 1) != 0)
        run_orders(data + 1, size - 1);
    else
        run_levels(data + 1, size - 1);
    return 0;
}
