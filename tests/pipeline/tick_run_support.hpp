// Trades as columns for the tests of runs: owned, and a source that hands them out.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include <sluice/pipeline/hot/tick_run.hpp>
#include <sluice/pipeline/market_source.hpp>

#include "support.hpp"

namespace sluice::tests {

using pipeline::RunLimits;
using pipeline::TickColumns;
using pipeline::TickRun;

struct OwnedColumns {
    std::vector<std::int64_t> time;
    std::vector<std::int64_t> price;
    std::vector<std::int64_t> quantity;
    std::vector<std::uint32_t> conditions;
    std::vector<std::uint8_t> exchange;
    std::vector<std::uint8_t> flags;

    [[nodiscard]] std::size_t size() const { return time.size(); }
    void add(std::int64_t at, std::int64_t raw_price, std::int64_t raw_quantity,
             std::uint8_t with_flags = 0) {
        time.push_back(at);
        price.push_back(raw_price);
        quantity.push_back(raw_quantity);
        conditions.push_back(0);
        exchange.push_back(0);
        flags.push_back(with_flags);
    }
    void add(const Event& trade) {
        add(core::ns_since_epoch(trade.time()), trade.trade().price.raw(),
            trade.trade().quantity.raw(), trade.flags());
        conditions.back() = trade.trade().conditions;
        exchange.back() = trade.trade().exchange;
    }
    [[nodiscard]] TickColumns view(SymbolId of = symbol(0)) const {
        return {of,
                size(),
                time.data(),
                price.data(),
                quantity.data(),
                conditions.data(),
                exchange.data(),
                flags.data()};
    }
};

// Trades of one instrument in a row come as columns, at most `columns` at once; the rest in blocks.
class ColumnSource final : public pipeline::MarketSource {
  public:
    ColumnSource(const std::vector<Event>& events, std::size_t columns, std::size_t block)
        : events_(events), columns_most_(columns), block_(block) {}

    [[nodiscard]] std::span<Event> next_block() noexcept override {
        const std::size_t count = std::min(block_.size(), events_.size() - next_);
        std::copy_n(events_.begin() + static_cast<std::ptrdiff_t>(next_), count, block_.begin());
        next_ += count;
        return {block_.data(), count};
    }
    [[nodiscard]] TickColumns next_columns() noexcept override {
        columns_ = {};
        const std::size_t first = next_;
        while (next_ != events_.size() && next_ - first < columns_most_ &&
               events_[next_].kind() == EventKind::kTrade &&
               events_[next_].symbol() == events_[first].symbol())
            columns_.add(events_[next_++]);
        as_columns += columns_.size();
        return columns_.size() == 0 ? TickColumns{} : columns_.view(events_[first].symbol());
    }
    [[nodiscard]] std::uint64_t size_hint() const noexcept override { return events_.size(); }

    std::size_t as_columns = 0;  // rows handed out so

  private:
    const std::vector<Event>& events_;
    std::size_t columns_most_;
    std::size_t next_ = 0;
    OwnedColumns columns_;
    std::vector<Event> block_;
};

}  // namespace sluice::tests
