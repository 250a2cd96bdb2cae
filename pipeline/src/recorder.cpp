#include <sluice/pipeline/recorder.hpp>

#include <algorithm>
#include <bit>
#include <utility>

#include <sluice/pipeline/currency_table.hpp>
#include <sluice/pipeline/strategy_catalogue.hpp>

namespace sluice::pipeline {

Recorder::Recorder(const Settings& settings, const InstrumentTable& instruments, RowSink* rows,
                   Curves curves)
    : rows_(rows), strategies_(settings.signals.strategies),
      currencies_(currency_table_of(settings.account).names), positions_(instruments.size()),
      peak_(settings.account.capital) {
    if (curves == Curves::kDrawn)
        record_.series = RunSeries{instruments.size(), settings.bars.timeframes};
    if (settings.report.signal_quality) quality_.emplace(settings, instruments);
}

template <class Row>
void Recorder::leave(const Row& row) {
    record_.series.take(row);
    if (rows_ != nullptr) rows_->take(row);
}

void Recorder::take(const Event& event) {
    if (quality_) quality_->take(event);
    switch (event.kind()) {
        case EventKind::kApproved: take_order(event); break;
        case EventKind::kReport: take_report(event); break;
        case EventKind::kRefusal: take_refusal(event); break;
        case EventKind::kCancel:
            ++record_.cancels;
            digest_head(event);
            digest_.add(static_cast<std::uint64_t>(event.cancel().order));
            break;
        case EventKind::kIncident: take_incident(event); break;
        case EventKind::kHalt:
        case EventKind::kResume: digest_head(event); break;
        case EventKind::kRestore:
            digest_head(event);
            digest_.add(event.risk_mark().value.money().raw());
            digest_.add(event.risk_mark().day);
            digest_.add(event.risk_mark().breached);
            break;
        case EventKind::kIntent:
            ++record_.intents;
            if (rows_ != nullptr)
                rows_->take(IntentRecord{event.time(), event.symbol(), event.intent()});
            break;
        case EventKind::kParameter: take_parameter(event); break;
        case EventKind::kCharge: take_charge(event); break;
        case EventKind::kCharged: take_charged(event); break;
        case EventKind::kRate: take_rate(event); break;
        case EventKind::kRegime:
            ++record_.regime_changes;
            if (rows_ != nullptr)
                rows_->take(RegimeRecord{event.time(), event.symbol(),
                                         static_cast<std::uint8_t>(event.timeframe()),
                                         event.regime()});
            break;
        case EventKind::kEquity: take_equity(event); break;
        case EventKind::kBar:
            record_.series.take(BarRecord{event.time(), event.symbol(),
                                          static_cast<std::uint8_t>(event.timeframe()),
                                          event.bar()});
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
                static_cast<std::uint64_t>(order.is_replacement()) |
                static_cast<std::uint64_t>(order.flags()) << 32U |
                static_cast<std::uint64_t>(order.distance_bps()) << 40U);
    const auto id = static_cast<std::uint64_t>(order.id());
    if (order.is_replacement()) {
        ++record_.replaces;
        if (const auto found = open_.find(id); found != open_.end()) {
            ++found->second.row.replaces;
            found->second.state.replace_pending = true;
        }
        return;
    }
    ++record_.orders;
    OpenOrder& opened = open_[id];
    opened.row = {event.time(),
                  order.id(),
                  order.symbol(),
                  order.side(),
                  order.type(),
                  order.time_in_force(),
                  order.quantity(),
                  order.limit(),
                  Quantity{},
                  "sent",
                  0};
    opened.state.quantity = order.quantity();
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

    const auto found = open_.find(static_cast<std::uint64_t>(report.order));
    if (found == open_.end() || found->second.row.symbol != event.symbol()) return;
    // By the state machine of the stages: what is an incident there changes no row here.
    switch (found->second.state.apply(kind, report.quantity)) {
        case Transition::kOpen: follow(found->second, event); break;
        case Transition::kDone:
            follow(found->second, event);
            if (rows_ != nullptr) rows_->take(found->second.row);
            open_.erase(found);
            break;
        case Transition::kOverfill:
        case Transition::kIllegal: break;
    }
}

void Recorder::follow(OpenOrder& order, const Event& event) {
    const Report& report = event.report();
    const ExecKind kind = event.exec_kind();
    OrderRecord& row = order.row;
    row.quantity = order.state.quantity;
    row.filled = order.state.filled;
    if (kind == ExecKind::kReplaced) row.limit = report.price;
    if (kind != ExecKind::kFill) {
        if (kind != ExecKind::kCancelRejected && kind != ExecKind::kReplaceRejected)
            row.status = to_string(kind);
        return;
    }
    row.status = order.state.leaves().is_zero() ? "filled" : "partially_filled";
    ++record_.fills;
    Quantity& position = positions_[core::index_of(event.symbol())];
    position += signed_by(row.side, report.quantity);
    const FillRecord fill{event.time(),
                          report.order,
                          event.symbol(),
                          row.side,
                          report.quantity,
                          report.price,
                          report.commission.money(),
                          position};
    if (quality_) quality_->take(fill);
    leave(fill);
}

void Recorder::take_refusal(const Event& event) {
    const Refusal& refusal = event.refusal();
    ++record_.refusals[static_cast<std::size_t>(event.refusal_reason())];
    digest_head(event);
    digest_.add(refusal.price.raw());
    digest_.add(refusal.quantity.raw());
    leave(RefusalRecord{event.time(), event.symbol(), event.refusal_reason(), refusal.quantity,
                        refusal.price, refusal.observed, refusal.limit});
}

void Recorder::take_incident(const Event& event) {
    const Incident& incident = event.incident();
    ++record_.incidents[static_cast<std::size_t>(event.incident_kind())];
    digest_head(event);
    digest_.add(static_cast<std::uint64_t>(incident.order));
    digest_.add(incident.quantity.raw());
    leave(IncidentRecord{event.time(), event.symbol(), event.incident_kind(), incident.order,
                         incident.quantity});
}

// Without its flags: a placement may have stamped it.
void Recorder::take_parameter(const Event& event) {
    const ParameterChange& change = event.parameter();
    ++record_.parameter_changes;
    digest_.add(core::ns_since_epoch(event.time()));
    digest_.add(static_cast<std::uint64_t>(event.sequence()));
    digest_.add(std::uint64_t{change.version} << 32U | std::uint64_t{change.strategy} << 16U |
                change.parameter);
    digest_.add(std::bit_cast<std::uint64_t>(change.value));
    if (rows_ == nullptr) return;
    ParameterRecord row{event.time(), std::to_string(change.strategy),
                        std::to_string(change.parameter), change.value, change.version};
    if (change.strategy < strategies_.size()) {
        const StrategySettings& strategy = strategies_[change.strategy];
        const auto& parameters = declaration_of(strategy.kind).parameters;
        row.strategy = strategy.name;
        if (change.parameter < parameters.size())
            row.parameter = parameters[change.parameter].name;
        else if (change.parameter == kWeightParameter)
            row.parameter = kWeightDeclaration.name;
    }
    rows_->take(row);
}

// Without its flags, as above.
void Recorder::take_charge(const Event& event) {
    const Charge& charge = event.charge();
    digest_.add(core::ns_since_epoch(event.time()));
    digest_.add(static_cast<std::uint64_t>(event.sequence()));
    digest_.add(static_cast<std::uint64_t>(charge.currency) << 48U |
                static_cast<std::uint64_t>(charge.parts) << 32U |
                static_cast<std::uint64_t>(charge.kind) << 24U |
                static_cast<std::uint64_t>(charge.basis) << 16U |
                static_cast<std::uint64_t>(event.symbol()));
    digest_.add(charge.value.money().raw());
    digest_.add(charge.price.raw());
}

void Recorder::take_charged(const Event& event) {
    const Charged& charged = event.charged();
    ++record_.charges_booked;
    digest_head(event);
    digest_.add(charged.amount.money().raw());
    digest_.add(charged.price.raw());
    if (rows_ != nullptr)
        rows_->take(ChargeRecord{event.time(), event.symbol(), charged, record_.fills,
                                 currency_name(charged.currency)});
}

std::string Recorder::currency_name(std::uint64_t currency) const {
    return currency < currencies_.size() ? currencies_[static_cast<std::size_t>(currency)]
                                         : std::string{};
}

// Without its flags, as above.
void Recorder::take_rate(const Event& event) {
    const ExchangeRate& rate = event.rate();
    ++record_.rates_taken;
    digest_.add(core::ns_since_epoch(event.time()));
    digest_.add(static_cast<std::uint64_t>(event.sequence()));
    digest_.add(static_cast<std::uint64_t>(event.kind()) << 24U | rate.currency);
    digest_.add(rate.rate.raw());
    if (rows_ != nullptr && rate.currency < currencies_.size())
        rows_->take(RateRecord{event.time(), static_cast<CurrencyId>(rate.currency),
                               currency_name(rate.currency), rate.rate, record_.fills});
}

void Recorder::take_equity(const Event& event) {
    const core::Money equity = event.equity().equity.money();
    peak_ = std::max(peak_, equity);
    leave(EquityPoint{event.time(), equity, event.equity().realised.money(), peak_ - equity});
}

void Recorder::leave_open_orders() {
    std::vector<const OrderRecord*> rows;
    for (const auto& [id, order] : open_) rows.push_back(&order.row);
    std::sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
    if (rows_ != nullptr)
        for (const OrderRecord* row : rows) rows_->take(*row);
    open_.clear();
}

void Recorder::finish(const Portfolio& books, std::uint64_t stream_checksum, RunRecord& record) {
    leave_open_orders();
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
    for (std::size_t c = 1; c < books.currencies().size(); ++c) {
        const auto currency = static_cast<CurrencyId>(c);
        digest_.add(books.book(currency).cash.raw());
        digest_.add(books.worth(currency).raw());
        digest_.add(books.currencies().rate(currency).raw());
    }
    digest_.add(stream_checksum);
    record_.digest = digest_.hex();
    if (quality_) record_.signal_quality = quality_->records();
    record = std::move(record_);
}

}  // namespace sluice::pipeline
