// What both kinds of order book say about themselves. Plain values: any thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include <sluice/core/fixed.hpp>
#include <sluice/pipeline/table_key.hpp>

namespace sluice::pipeline {

// One price level of a book.
struct BookLevel {
    core::Price price;
    core::Quantity quantity;   // of all orders at this price
    std::uint32_t orders = 0;  // 0 where the source does not tell
    friend bool operator==(const BookLevel&, const BookLevel&) = default;
};

// Whether the best bid stayed below the best ask, looked at after each complete venue event.
// Before a market opens (an auction) crossed books are lawful; in continuous trading they are not.
struct BookCrossings {
    std::uint64_t events = 0;     // looked at
    std::uint64_t crossed = 0;    // of them, with the bid above the ask
    std::uint64_t locked = 0;     // of them, with the bid at the ask
    std::uint64_t first_row = 0;  // row, from 1, that completed the first crossed or locked event
    std::uint64_t last_row = 0;   // and the last

    void look(std::int64_t bid_raw, std::int64_t ask_raw, std::uint64_t row) noexcept {
        if (bid_raw < ask_raw) [[likely]]
            return;
        ++(bid_raw == ask_raw ? locked : crossed);
        if (first_row == 0) first_row = row;
        last_row = row;
    }
    friend bool operator==(const BookCrossings&, const BookCrossings&) = default;
};

}  // namespace sluice::pipeline
