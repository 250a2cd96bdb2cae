#include <sluice/pipeline/table_quality.hpp>

#include <algorithm>

namespace sluice::pipeline {
namespace {

// Rows that equal the one above in every column.
template <class Columns>
[[nodiscard]] std::uint64_t count_repeats(const Columns& columns) {
    const std::size_t rows = columns.size();
    std::vector<std::uint8_t> same(rows, 1);
    Columns::each(columns, [&](const char*, const auto& column, bool) {
        for (std::size_t i = 1; i < column.size(); ++i)
            same[i] = static_cast<std::uint8_t>(same[i] & (column[i] == column[i - 1] ? 1U : 0U));
    });
    return rows < 2 ? 0 : static_cast<std::uint64_t>(std::count(same.begin() + 1, same.end(), 1));
}

template <class Column, class Predicate>
[[nodiscard]] std::uint64_t count(const Column& column, Predicate&& is) {
    return static_cast<std::uint64_t>(std::count_if(column.begin(), column.end(), is));
}
template <class Column>
[[nodiscard]] std::uint64_t zeros(const Column& column) {
    return count(column, [](auto v) { return v == 0; });
}
template <class Column>
[[nodiscard]] std::uint64_t marked(const Column& flags) {
    return count(flags, [](std::uint8_t f) { return (f & kRowSuspicious) != 0; });
}

void inspect_values(const TradeColumns& t, TableQuality& q) {
    q.zero_price = zeros(t.price_raw);
    q.zero_size = zeros(t.quantity_raw);
    q.suspicious = marked(t.flags);
}
void inspect_values(const QuoteColumns& c, TableQuality& q) {
    q.suspicious = marked(c.flags);
    for (std::size_t i = 0; i < c.size(); ++i) {
        const std::int64_t bid = c.bid_raw[i];
        const std::int64_t ask = c.ask_raw[i];
        const bool both = bid != 0 && ask != 0;
        q.absent_sides += (bid == 0 ? 1U : 0U) + (ask == 0 ? 1U : 0U);
        q.zero_size += (bid != 0 && c.bid_size_raw[i] == 0) || (ask != 0 && c.ask_size_raw[i] == 0);
        q.crossed += both && bid > ask;
        q.locked += both && bid == ask;
    }
}
void inspect_values(const LevelColumns& l, TableQuality& q) {
    q.zero_price = zeros(l.price_raw);
    q.zero_size = zeros(l.quantity_raw);
    q.suspicious = marked(l.flags);
}
void inspect_values(const OrderColumns& o, TableQuality& q) {
    q.zero_price = zeros(o.price_raw);
    q.zero_size = zeros(o.quantity_raw);
    q.suspicious = marked(o.flags);
}
void inspect_values(const BarColumns& b, TableQuality& q) {
    q.zero_size = zeros(b.volume_raw);
    for (std::size_t i = 0; i < b.size(); ++i) {
        const std::int64_t open = b.open_raw[i];
        const std::int64_t close = b.close_raw[i];
        q.zero_price += open == 0 || b.high_raw[i] == 0 || b.low_raw[i] == 0 || close == 0;
        q.bad_range +=
            b.low_raw[i] > std::min(open, close) || b.high_raw[i] < std::max(open, close);
    }
}
void inspect_values(const QuoteBarColumns& b, TableQuality& q) {
    for (std::size_t i = 0; i < b.size(); ++i) {
        const auto side = [&](std::int64_t open, std::int64_t high, std::int64_t low,
                              std::int64_t close) {
            const bool zero = open == 0 || high == 0 || low == 0 || close == 0;
            if (!zero) q.bad_range += low > std::min(open, close) || high < std::max(open, close);
            return zero;
        };
        const bool no_bid =
            side(b.bid_open_raw[i], b.bid_high_raw[i], b.bid_low_raw[i], b.bid_close_raw[i]);
        const bool no_ask =
            side(b.ask_open_raw[i], b.ask_high_raw[i], b.ask_low_raw[i], b.ask_close_raw[i]);
        q.absent_sides += (no_bid ? 1U : 0U) + (no_ask ? 1U : 0U);
        if (no_bid || no_ask) continue;
        q.crossed_close += b.bid_close_raw[i] > b.ask_close_raw[i];
        q.crossed += b.bid_open_raw[i] > b.ask_open_raw[i] ||
                     b.bid_high_raw[i] > b.ask_high_raw[i] || b.bid_low_raw[i] > b.ask_low_raw[i] ||
                     b.bid_close_raw[i] > b.ask_close_raw[i];
        q.locked += b.bid_close_raw[i] == b.ask_close_raw[i];
    }
}
void inspect_values(const OpenInterestColumns& c, TableQuality& q) {
    q.zero_size = zeros(c.open_interest_raw);
}

}  // namespace

template <class Columns>
TableQuality inspect(const Columns& columns) {
    TableQuality out;
    out.rows = columns.size();
    const auto& times = columns.time_ns;
    for (std::size_t i = 1; i < times.size(); ++i) {
        out.out_of_order += times[i] < times[i - 1];
        out.equal_times += times[i] == times[i - 1];
    }
    out.repeats = count_repeats(columns);
    inspect_values(columns, out);
    return out;
}
template TableQuality inspect(const TradeColumns&);
template TableQuality inspect(const QuoteColumns&);
template TableQuality inspect(const LevelColumns&);
template TableQuality inspect(const OrderColumns&);
template TableQuality inspect(const BarColumns&);
template TableQuality inspect(const QuoteBarColumns&);
template TableQuality inspect(const OpenInterestColumns&);

void inspect_sessions(std::span<const std::int64_t> times, std::span<const TimeSpan> sessions,
                      std::int64_t gap_ns, TableQuality& quality) {
    const auto session_of = [sessions](std::int64_t time) {
        // The first that ends after it.
        const auto at =
            std::upper_bound(sessions.begin(), sessions.end(), time,
                             [](std::int64_t t, const TimeSpan& s) { return t < s.close_ns; });
        return at != sessions.end() && at->open_ns <= time ? at : sessions.end();
    };
    auto before = sessions.end();
    std::int64_t previous = 0;
    for (const std::int64_t time : times) {
        const auto now = session_of(time);
        if (now == sessions.end()) {
            ++quality.outside_session;
        } else if (now == before && time > previous) {
            const std::int64_t gap = time - previous;
            quality.longest_gap_ns = std::max(quality.longest_gap_ns, gap);
            quality.gaps_in_session += gap > gap_ns;
        }
        before = now;
        previous = time;
    }
}

}  // namespace sluice::pipeline
