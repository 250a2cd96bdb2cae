#include <sluice/pipeline/book_rebuild.hpp>

#include <sluice/core/decimal.hpp>

namespace sluice::pipeline {
namespace {

// Far enough for a line from memory to arrive, near enough for it to be there still.
constexpr std::size_t kPrefetchRows = 8;

template <class Book>
[[nodiscard]] BookTop top_of(const Book& book) noexcept {
    BookTop out;
    out.bid_levels = book.depth(Side::kBuy);
    out.ask_levels = book.depth(Side::kSell);
    if (out.bid_levels != 0) out.bid = book.level(Side::kBuy, 0);
    if (out.ask_levels != 0) out.ask = book.level(Side::kSell, 0);
    return out;
}

void saturating_add(std::int64_t& sum, std::int64_t more) noexcept {
    if (more > 0 && __builtin_add_overflow(sum, more, &sum)) sum = INT64_MAX;
}

class Lines {
  public:
    void add(const char* name, const std::string& value) {
        text_.append(name).append(" ").append(value).append("\n");
    }
    void add(const char* name, std::uint64_t value) { add(name, std::to_string(value)); }
    void fault(const char* name, std::uint64_t value) {
        if (value != 0) add(name, value);
    }
    void add(const BookTop& top, const BookCrossings& crossings) {
        add("bid-levels", top.bid_levels);
        add("ask-levels", top.ask_levels);
        if (top.bid_levels != 0)
            add("best-bid",
                core::to_string(top.bid.price) + " x " + core::to_string(top.bid.quantity));
        if (top.ask_levels != 0)
            add("best-ask",
                core::to_string(top.ask.price) + " x " + core::to_string(top.ask.quantity));
        fault("crossed", crossings.crossed);
        fault("locked", crossings.locked);
        fault("first-crossed-or-locked-row", crossings.first_row);
        fault("last-crossed-or-locked-row", crossings.last_row);
    }
    [[nodiscard]] std::string take() { return std::move(text_); }

  private:
    std::string text_;
};

}  // namespace

void OrderRebuilder::add(const OrderRow& row) noexcept {
    ++report_.rows;
    if ((row.flags & kRowGapBefore) != 0) ++report_.gaps_marked;
    switch (row.action) {
        case 'A': ++report_.adds; break;
        case 'C': ++report_.cancels; break;
        case 'M': ++report_.modifies; break;
        case 'R': ++report_.clears; break;
        case 'T':
            ++report_.trades;
            saturating_add(report_.traded_raw, row.quantity_raw);
            break;
        case 'F': ++report_.fills; break;
        default: break;
    }
    switch (book_.apply(row)) {
        case OrderOutcome::kDuplicateAdd: ++report_.duplicate_adds; break;
        case OrderOutcome::kOrphanCancel: ++report_.orphan_cancels; break;
        case OrderOutcome::kOrphanModify: ++report_.orphan_modifies; break;
        case OrderOutcome::kOverCancel: ++report_.over_cancels; break;
        case OrderOutcome::kRefused: ++report_.refused; break;
        case OrderOutcome::kFull: ++report_.full; break;
        default: break;
    }
}

void OrderRebuilder::add(const OrderColumns& columns) noexcept {
    const std::size_t rows = columns.size();
    for (std::size_t i = 0; i < rows; ++i) {
        if (i + kPrefetchRows < rows) book_.prefetch(columns.order[i + kPrefetchRows]);
        add(row_of(columns, i));
    }
}

OrderRebuild OrderRebuilder::report() const noexcept {
    OrderRebuild out = report_;
    out.resting = book_.resting();
    out.crossings = book_.crossings();
    out.top = top_of(book_);
    return out;
}

void LevelRebuilder::add(const LevelRow& row) noexcept {
    ++report_.rows;
    if ((row.flags & kRowGapBefore) != 0) ++report_.gaps_marked;
    if ((row.flags & kRowSnapshot) != 0) {
        ++report_.snapshot_rows;
    } else {
        ++report_.update_rows;
        if (row.quantity_raw == 0) ++report_.zero_rows;
    }
    (void)book_.apply(row);
}

void LevelRebuilder::add(const LevelColumns& columns) noexcept {
    for (std::size_t i = 0; i < columns.size(); ++i) add(row_of(columns, i));
}

LevelRebuild LevelRebuilder::report() const noexcept {
    LevelRebuild out = report_;
    out.counts = book_.counts();
    out.crossings = book_.crossings();
    out.state = book_.state();
    out.sequence = book_.sequence();
    out.top = top_of(book_);
    return out;
}

OrderRow row_of(const OrderColumns& columns, std::size_t i) noexcept {
    return {columns.time_ns[i],      columns.order[i],    columns.price_raw[i],
            columns.quantity_raw[i], columns.sequence[i], columns.received_ns[i],
            columns.action[i],       columns.side[i],     columns.flags[i]};
}

LevelRow row_of(const LevelColumns& columns, std::size_t i) noexcept {
    return {columns.time_ns[i],  columns.price_raw[i], columns.quantity_raw[i],
            columns.sequence[i], columns.previous[i],  columns.received_ns[i],
            columns.side[i],     columns.flags[i]};
}

std::string to_string(const OrderRebuild& report) {
    Lines lines;
    lines.add("rows", report.rows);
    lines.add("events", report.crossings.events);
    lines.add("adds", report.adds);
    lines.add("cancels", report.cancels);
    lines.add("modifies", report.modifies);
    lines.add("clears", report.clears);
    lines.add("trades", report.trades);
    lines.add("fills", report.fills);
    lines.add("traded", core::to_string(core::Quantity::from_raw(report.traded_raw)));
    lines.add("resting", report.resting);
    lines.add(report.top, report.crossings);
    lines.fault("duplicate-adds", report.duplicate_adds);
    lines.fault("orphan-cancels", report.orphan_cancels);
    lines.fault("orphan-modifies", report.orphan_modifies);
    lines.fault("over-cancels", report.over_cancels);
    lines.fault("refused", report.refused);
    lines.fault("full", report.full);
    lines.fault("gaps-marked", report.gaps_marked);
    return lines.take();
}

std::string to_string(const LevelRebuild& report) {
    const LevelBookCounts& counts = report.counts;
    Lines lines;
    lines.add("rows", report.rows);
    lines.add("snapshot-rows", report.snapshot_rows);
    lines.add("update-rows", report.update_rows);
    lines.add("zero-rows", report.zero_rows);
    lines.add("state", to_string(report.state));
    lines.add("snapshots", counts.snapshots);
    lines.add("events-applied", counts.applied);
    lines.add("events-old", counts.old);
    lines.add(report.top, report.crossings);
    lines.fault("gaps", counts.gaps);
    lines.fault("first-gap-row", counts.first_gap_row);
    lines.fault("resyncs", counts.resyncs);
    lines.fault("torn", counts.torn);
    lines.fault("dropped", counts.dropped);
    lines.fault("overlapping", counts.overlapping);
    lines.fault("old-snapshots", counts.old_snapshots);
    lines.fault("refused", counts.refused);
    lines.fault("gaps-marked", report.gaps_marked);
    return lines.take();
}

}  // namespace sluice::pipeline
