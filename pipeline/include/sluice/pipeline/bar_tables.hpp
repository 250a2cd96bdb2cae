// Bars, quote bars and open interest: rows, and the columns that hold them. Units: tables.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/pipeline/table_key.hpp>

namespace sluice::pipeline {

// `time` is the bar's start; its end is time + period. Empty periods have no row.
struct BarRow {
    std::int64_t time_ns;
    std::int64_t open_raw;
    std::int64_t high_raw;
    std::int64_t low_raw;
    std::int64_t close_raw;
    std::int64_t volume_raw;
};
struct BarColumns {
    static constexpr TableKind kKind = TableKind::kBars;
    using Row = BarRow;
    std::vector<std::int64_t> time_ns;
    std::vector<std::int64_t> open_raw;
    std::vector<std::int64_t> high_raw;
    std::vector<std::int64_t> low_raw;
    std::vector<std::int64_t> close_raw;
    std::vector<std::int64_t> volume_raw;

    [[nodiscard]] std::size_t size() const noexcept { return time_ns.size(); }
    template <class Self, class F>
    static void each(Self& self, F&& f) {
        f("time", self.time_ns, false);
        f("open", self.open_raw, false);
        f("high", self.high_raw, false);
        f("low", self.low_raw, false);
        f("close", self.close_raw, false);
        f("volume", self.volume_raw, false);
    }
    void append(const BarRow& row) {
        time_ns.push_back(row.time_ns);
        open_raw.push_back(row.open_raw);
        high_raw.push_back(row.high_raw);
        low_raw.push_back(row.low_raw);
        close_raw.push_back(row.close_raw);
        volume_raw.push_back(row.volume_raw);
    }
    friend bool operator==(const BarColumns&, const BarColumns&) = default;
};

// Best bid and offer over a period; a side that was not quoted has price 0.
struct QuoteBarRow {
    std::int64_t time_ns;
    std::int64_t bid_open_raw;
    std::int64_t bid_high_raw;
    std::int64_t bid_low_raw;
    std::int64_t bid_close_raw;
    std::int64_t bid_size_raw;  // last
    std::int64_t ask_open_raw;
    std::int64_t ask_high_raw;
    std::int64_t ask_low_raw;
    std::int64_t ask_close_raw;
    std::int64_t ask_size_raw;  // last
};
struct QuoteBarColumns {
    static constexpr TableKind kKind = TableKind::kQuoteBars;
    using Row = QuoteBarRow;
    std::vector<std::int64_t> time_ns;
    std::vector<std::int64_t> bid_open_raw;
    std::vector<std::int64_t> bid_high_raw;
    std::vector<std::int64_t> bid_low_raw;
    std::vector<std::int64_t> bid_close_raw;
    std::vector<std::int64_t> bid_size_raw;
    std::vector<std::int64_t> ask_open_raw;
    std::vector<std::int64_t> ask_high_raw;
    std::vector<std::int64_t> ask_low_raw;
    std::vector<std::int64_t> ask_close_raw;
    std::vector<std::int64_t> ask_size_raw;

    [[nodiscard]] std::size_t size() const noexcept { return time_ns.size(); }
    template <class Self, class F>
    static void each(Self& self, F&& f) {
        f("time", self.time_ns, false);
        f("bid_open", self.bid_open_raw, false);
        f("bid_high", self.bid_high_raw, false);
        f("bid_low", self.bid_low_raw, false);
        f("bid_close", self.bid_close_raw, false);
        f("bid_size", self.bid_size_raw, false);
        f("ask_open", self.ask_open_raw, false);
        f("ask_high", self.ask_high_raw, false);
        f("ask_low", self.ask_low_raw, false);
        f("ask_close", self.ask_close_raw, false);
        f("ask_size", self.ask_size_raw, false);
    }
    void append(const QuoteBarRow& row) {
        time_ns.push_back(row.time_ns);
        bid_open_raw.push_back(row.bid_open_raw);
        bid_high_raw.push_back(row.bid_high_raw);
        bid_low_raw.push_back(row.bid_low_raw);
        bid_close_raw.push_back(row.bid_close_raw);
        bid_size_raw.push_back(row.bid_size_raw);
        ask_open_raw.push_back(row.ask_open_raw);
        ask_high_raw.push_back(row.ask_high_raw);
        ask_low_raw.push_back(row.ask_low_raw);
        ask_close_raw.push_back(row.ask_close_raw);
        ask_size_raw.push_back(row.ask_size_raw);
    }
    friend bool operator==(const QuoteBarColumns&, const QuoteBarColumns&) = default;
};

struct OpenInterestRow {
    std::int64_t time_ns;
    std::int64_t open_interest_raw;  // contracts
};
struct OpenInterestColumns {
    static constexpr TableKind kKind = TableKind::kOpenInterest;
    using Row = OpenInterestRow;
    std::vector<std::int64_t> time_ns;
    std::vector<std::int64_t> open_interest_raw;

    [[nodiscard]] std::size_t size() const noexcept { return time_ns.size(); }
    template <class Self, class F>
    static void each(Self& self, F&& f) {
        f("time", self.time_ns, false);
        f("open_interest", self.open_interest_raw, false);
    }
    void append(const OpenInterestRow& row) {
        time_ns.push_back(row.time_ns);
        open_interest_raw.push_back(row.open_interest_raw);
    }
    friend bool operator==(const OpenInterestColumns&, const OpenInterestColumns&) = default;
};

}  // namespace sluice::pipeline
