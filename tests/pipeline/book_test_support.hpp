// Rows for the tests of the order books, made from small numbers, and what a book holds as values
// that compare.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include <sluice/pipeline/book_rebuild.hpp>

namespace sluice::pipeline::book_tests {

// Prices and quantities are raw counts: a book does no arithmetic that needs a scale.
[[nodiscard]] inline OrderRow order_row(char action, std::int64_t order, char side,
                                        std::int64_t price, std::int64_t quantity,
                                        int flags = kRowEventEnd) {
    return {0,
            order,
            price,
            quantity,
            0,
            0,
            static_cast<std::uint8_t>(action),
            static_cast<std::uint8_t>(side),
            static_cast<std::uint8_t>(flags)};
}
[[nodiscard]] inline OrderRow add(std::int64_t order, char side, std::int64_t price,
                                  std::int64_t quantity) {
    return order_row('A', order, side, price, quantity);
}
[[nodiscard]] inline OrderRow cancel(std::int64_t order, std::int64_t quantity) {
    return order_row('C', order, 'N', 0, quantity);
}
[[nodiscard]] inline OrderRow modify(std::int64_t order, char side, std::int64_t price,
                                     std::int64_t quantity) {
    return order_row('M', order, side, price, quantity);
}

[[nodiscard]] inline LevelRow level_row(std::int64_t previous, std::int64_t sequence, char side,
                                        std::int64_t price, std::int64_t quantity,
                                        int flags = kRowEventEnd) {
    return {0,
            price,
            quantity,
            sequence,
            previous,
            0,
            static_cast<std::uint8_t>(side),
            static_cast<std::uint8_t>(flags)};
}
// An update event of one row: the changes (previous, sequence].
[[nodiscard]] inline LevelRow update(std::int64_t previous, std::int64_t sequence, char side,
                                     std::int64_t price, std::int64_t quantity) {
    return level_row(previous, sequence, side, price, quantity);
}
// One row of a snapshot as of `sequence`.
[[nodiscard]] inline LevelRow snapshot(std::int64_t sequence, char side, std::int64_t price,
                                       std::int64_t quantity, bool last = false) {
    return level_row(sequence, sequence, side, price, quantity,
                     kRowSnapshot | (last ? kRowEventEnd : 0));
}

using Orders = std::vector<std::pair<std::int64_t, std::int64_t>>;  // id, quantity

// The queue of the n-th best level, first served first.
[[nodiscard]] inline Orders queue(const OrderBook& book, Side side, std::size_t n) {
    Orders out;
    book.for_each_order(side, n, [&out](std::int64_t order, core::Quantity quantity) {
        out.emplace_back(order, quantity.raw());
    });
    return out;
}

// Price and quantity of each level, the best first.
template <class Book>
[[nodiscard]] std::vector<std::pair<std::int64_t, std::int64_t>> levels(const Book& book,
                                                                        Side side) {
    std::vector<std::pair<std::int64_t, std::int64_t>> out;
    for (std::size_t n = 0; n < book.depth(side); ++n) {
        const BookLevel level = book.level(side, n);
        out.emplace_back(level.price.raw(), level.quantity.raw());
    }
    return out;
}

}  // namespace sluice::pipeline::book_tests
