#include <sluice/pipeline/recorder.hpp>

#include <utility>

namespace sluice::pipeline {

Recorder::Recorder(const InstrumentTable& instruments) : positions_(instruments.size()) {}

void Recorder::take(const Event& event) {
    switch (event.kind()) {
        case EventKind::kApproved: take_order(event); break;
        case EventKind::kReport: take_report(event); break;
        case EventKind::kRefusal: take_refusal(event); break;
        case EventKind::kCancel:
            ++record_.cancels;
            digest_head(event);
            digest_.add(static_cast<std::uint64_t>(event.cancel().order));
            break;
        case EventKind::kIncident:
            ++record_.incidents[static_cast<std::size_t>(event.incident_kind())];
            record_.incident_rows.push_back({event.time(), event.symbol(), event.incident_kind(),
                                             event.incident().order, event.incident().quantity});
            digest_head(event);
            digest_.add(static_cast<std::uint64_t>(event.incident().order));
            digest_.add(event.incident().quantity.raw());
            break;
        case EventKind::kHalt:
        case EventKind::kResume: digest_head(event); break;
        case EventKind::kIntent: ++record_.intents; break;
        case EventKind::kEquity:
            record_.equity_points.push_back(
                {event.time(), event.equity().equity.money(), event.equity().realised.money()});
            break;
        case EventKind::kBar:
            record_.bar_rows.push_back({event.time(), event.symbol(),
                                        static_cast<std::uint8_t>(event.timeframe()), event.bar()});
            break;
        default: break;
    }
}

void Recorder::digest_head(const Event& event) {
    digest_.add(core::ns_since_epoch(event.time()));
    digest_.add(static_cast<std::uint64_t>(event.sequence()));
    digest_.add(static_cast<std::uint64_t>(event.kind()) << 24U |
                static_cast<std::uint64_t>(event.flags()) << 16U |
                static_cast<std::uint64_t>(event.symbol()));
}

void Recorder::take_order(const Event& event) {
    const ApprovedOrder& order = event.approved();
    digest_head(event);
    digest_.add(static_cast<std::uint64_t>(order.id()));
    digest_.add(order.limit().raw());
    digest_.add(order.quantity().raw());
    digest_.add(static_cast<std::uint64_t>(order.side()) << 24U |
                static_cast<std::uint64_t>(order.type()) << 16U |
                static_cast<std::uint64_t>(order.time_in_force()) << 8U |
                static_cast<std::uint64_t>(order.is_replacement()));
    const auto id = static_cast<std::uint64_t>(order.id());
    if (order.is_replacement()) {
        ++record_.replaces;
        if (const auto row = order_row_.find(id); row != order_row_.end())
            ++record_.order_rows[row->second].replaces;
        return;
    }
    ++record_.orders;
    order_row_[id] = record_.order_rows.size();
    OrderRecord row;
    row.time = event.time();
    row.id = order.id();
    row.symbol = order.symbol();
    row.side = order.side();
    row.type = order.type();
    row.tif = order.time_in_force();
    row.quantity = order.quantity();
    row.limit = order.limit();
    row.status = "sent";
    record_.order_rows.push_back(std::move(row));
}

void Recorder::take_report(const Event& event) {
    const Report& report = event.report();
    const ExecKind kind = event.exec_kind();
    ++record_.reports[static_cast<std::size_t>(kind)];
    digest_head(event);
    digest_.add(static_cast<std::uint64_t>(report.order));
    digest_.add(report.price.raw());
    digest_.add(report.quantity.raw());
    digest_.add(report.commission.money().raw());

    const auto found = order_row_.find(static_cast<std::uint64_t>(report.order));
    if (found == order_row_.end()) return;
    OrderRecord& order = record_.order_rows[found->second];
    if (kind == ExecKind::kReplaced) {
        order.limit = report.price;
        order.quantity = report.quantity;
    }
    if (kind != ExecKind::kFill) {
        if (kind != ExecKind::kCancelRejected && kind != ExecKind::kReplaceRejected)
            order.status = to_string(kind);
        return;
    }
    // More than there is left is an incident of the risk stage's; the books do not take it either.
    if (report.quantity.raw() <= 0 || report.quantity > order.quantity - order.filled) return;
    order.filled += report.quantity;
    order.status = order.filled == order.quantity ? "filled" : "partially_filled";
    ++record_.fills;
    Quantity& position = positions_[core::index_of(event.symbol())];
    position += signed_by(order.side, report.quantity);
    record_.fill_rows.push_back({event.time(), report.order, event.symbol(), order.side,
                                 report.quantity, report.price, report.commission.money(),
                                 position});
}

void Recorder::take_refusal(const Event& event) {
    const Refusal& refusal = event.refusal();
    ++record_.refusals[static_cast<std::size_t>(event.refusal_reason())];
    digest_head(event);
    digest_.add(refusal.price.raw());
    digest_.add(refusal.quantity.raw());
    record_.refusal_rows.push_back({event.time(), event.symbol(), event.refusal_reason(),
                                    refusal.quantity, refusal.price, refusal.observed,
                                    refusal.limit});
}

void Recorder::finish(const Portfolio& books, std::uint64_t stream_checksum, RunRecord& record) {
    for (const Portfolio::Position& p : books.positions()) {
        digest_.add(p.quantity.raw());
        digest_.add(p.mark.raw());
        digest_.add(p.basis.raw());
        digest_.add(p.realised.raw());
        digest_.add(p.commission.raw());
    }
    for (const Money total :
         {books.cash(), books.equity(), books.peak_equity(), books.max_drawdown()}) {
        digest_.add(total.raw());
    }
    digest_.add(stream_checksum);
    record_.digest = digest_.hex();
    record = std::move(record_);
}

}  // namespace sluice::pipeline
