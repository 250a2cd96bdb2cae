// What a stored table looks like to someone who has to trust it: counts of everything unusual.
//
// Nothing here is an error: markets do repeat prints and cross. Pure functions, any thread; one
// pass over the columns.
#pragma once

#include <cstdint>
#include <span>

#include <sluice/pipeline/tables.hpp>

namespace sluice::pipeline {

// Times in ns since the epoch, [open, close).
struct TimeSpan {
    std::int64_t open_ns;
    std::int64_t close_ns;
};

struct TableQuality {
    std::uint64_t rows = 0;
    std::uint64_t out_of_order = 0;   // time before that of the row above
    std::uint64_t equal_times = 0;    // time of the row above
    std::uint64_t repeats = 0;        // equal to the row above in every column
    std::uint64_t zero_price = 0;     // not of quotes and quote bars, where it says "no such side"
    std::uint64_t absent_sides = 0;   // of quotes and quote bars: sides that a row does not quote
    std::uint64_t zero_size = 0;      // nothing traded, asked or left; of levels: removals
    std::uint64_t crossed = 0;        // bid above ask; of quote bars, at any of the four
    std::uint64_t crossed_close = 0;  // quote bars
    std::uint64_t locked = 0;         // bid equal to ask
    std::uint64_t suspicious = 0;     // so marked by the vendor
    std::uint64_t bad_range = 0;      // bars whose low or high is not the least or the greatest
    // Against the sessions, where a calendar was given.
    std::uint64_t outside_session = 0;
    std::uint64_t gaps_in_session = 0;  // longer than the threshold
    std::int64_t longest_gap_ns = 0;    // within one session

    friend bool operator==(const TableQuality&, const TableQuality&) = default;
};

// Any of the tables of tables.hpp.
template <class Columns>
[[nodiscard]] TableQuality inspect(const Columns& columns);

// Adds what the sessions tell: rows outside of them, and gaps between neighbouring rows of one
// session longer than `gap_ns`. `sessions` are sorted and apart; rows that go back in time count for
// no gap.
void inspect_sessions(std::span<const std::int64_t> times, std::span<const TimeSpan> sessions,
                      std::int64_t gap_ns, TableQuality& quality);

}  // namespace sluice::pipeline
