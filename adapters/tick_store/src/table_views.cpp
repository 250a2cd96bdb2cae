#include "table_views.hpp"

#include <algorithm>

namespace sluice::adapters::tick_store {
namespace {

// Half of the int64 range: differences of two stored times cannot overflow.
constexpr std::int64_t kTimeLimit = std::int64_t{1} << 62;

// Least, greatest and out-of-order times; refuses times that are none.
[[nodiscard]] TableInfo info_of(const std::vector<std::int64_t>& times,
                                const pipeline::Provenance& source, const std::string& where) {
    TableInfo info;
    info.rows = times.size();
    info.source = source;
    if (times.empty()) return info;
    std::int64_t least = times.front();
    std::int64_t greatest = times.front();
    std::int64_t previous = times.front();
    for (const std::int64_t time : times) {
        least = std::min(least, time);
        greatest = std::max(greatest, time);
        info.out_of_order += time < previous ? 1U : 0U;
        previous = time;
    }
    if (least < -kTimeLimit || greatest > kTimeLimit) throw bad_table(where, "a time out of range");
    info.first = core::time_from_ns<StreamTime>(least);
    info.last = core::time_from_ns<StreamTime>(greatest);
    return info;
}

void require(bool holds, const std::string& where, const char* what) {
    if (!holds) throw bad_table(where, what);
}

template <class Column>
[[nodiscard]] bool all_at_least(const Column& column, std::int64_t least) {
    return std::all_of(column.begin(), column.end(), [least](auto v) { return v >= least; });
}

[[nodiscard]] TableView view_of(const pipeline::TradeColumns& t, const pipeline::Provenance& source,
                                const std::string& where) {
    const std::size_t n = t.size();
    require(t.price_raw.size() == n && t.quantity_raw.size() == n && t.conditions.size() == n &&
                t.exchange.size() == n && t.flags.size() == n,
            where, "columns of the trades differ in length");
    require(all_at_least(t.price_raw, 1), where, "a trade without a price above zero");
    require(all_at_least(t.quantity_raw, 1), where, "a trade without a quantity above zero");
    return {&trades_spec(),
            {t.time_ns.data(), t.price_raw.data(), t.quantity_raw.data(), t.conditions.data(),
             t.exchange.data(), t.flags.data()},
            n,
            info_of(t.time_ns, source, where)};
}

[[nodiscard]] TableView view_of(const pipeline::QuoteColumns& q, const pipeline::Provenance& source,
                                const std::string& where) {
    const std::size_t n = q.size();
    require(q.bid_raw.size() == n && q.ask_raw.size() == n && q.bid_size_raw.size() == n &&
                q.ask_size_raw.size() == n && q.conditions.size() == n && q.exchange.size() == n &&
                q.flags.size() == n,
            where, "columns of the quotes differ in length");
    for (const auto* column : {&q.bid_raw, &q.ask_raw, &q.bid_size_raw, &q.ask_size_raw})
        require(all_at_least(*column, 0), where, "a quote with a negative price or size");
    return {&quotes_spec(),
            {q.time_ns.data(), q.bid_raw.data(), q.ask_raw.data(), q.bid_size_raw.data(),
             q.ask_size_raw.data(), q.conditions.data(), q.exchange.data(), q.flags.data()},
            n,
            info_of(q.time_ns, source, where)};
}

}  // namespace

StoreError bad_table(const std::string& where, const std::string& what) {
    return {StoreFault::kBadTable, where, what, "Nothing was stored; mend the source"};
}

std::vector<TableView> views_of(const pipeline::DayTables& day, const TruthColumns& truth,
                                const std::string& where) {
    std::vector<TableView> out;
    if (day.trades != nullptr) out.push_back(view_of(*day.trades, day.source, where));
    if (day.quotes != nullptr) out.push_back(view_of(*day.quotes, day.source, where));
    if (!day.truth.empty())
        out.push_back({&truth_spec(),
                       {truth.start.data(), truth.end.data(), truth.regime.data()},
                       day.truth.size(),
                       info_of(truth.start, day.source, where)});
    return out;
}

}  // namespace sluice::adapters::tick_store
