#include <sluice/research/performance_watch.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include <sluice/pipeline/currency_table.hpp>

namespace sluice::research {
namespace {

using core::Money;
using core::Price;
using core::Quantity;
using core::StreamTime;
using pipeline::Event;
using pipeline::EventKind;

constexpr std::int64_t kDay_ns = pipeline::kNsPerDay;

std::int64_t floor_div(std::int64_t value, std::int64_t by) {
    return value / by - (value % by < 0 ? 1 : 0);
}

bool is_bar_of(const Event& event, std::size_t timeframe) {
    return event.kind() == EventKind::kBar &&
           static_cast<std::size_t>(event.timeframe()) == timeframe;
}

// The bar covers what came before its end.
StreamTime within(StreamTime bar_end) { return bar_end - core::Nanos{1}; }

}  // namespace

PeriodClock::PeriodClock(const pipeline::Settings& settings)
    : dates_(settings.clock.day_zone), day_start_ns_(settings.clock.day_start.count()),
      period_ns_(settings.backtest.period.count()) {}

std::int64_t PeriodClock::day_of(StreamTime time) {
    const pipeline::Date date = dates_.of(core::ns_since_epoch(time) - day_start_ns_);
    return std::chrono::sys_days{date}.time_since_epoch().count();
}

std::int64_t PeriodClock::period_of(StreamTime time) {
    return period_ns_ >= kDay_ns ? day_of(time) : floor_div(core::ns_since_epoch(time), period_ns_);
}

std::size_t shortest_timeframe(const pipeline::Settings& settings) {
    const auto& all = settings.bars.timeframes;
    return static_cast<std::size_t>(std::min_element(all.begin(), all.end()) - all.begin());
}

BenchmarkWatch::BenchmarkWatch(const pipeline::Settings& settings, core::SymbolId symbol)
    : clock_(settings), timeframe_(shortest_timeframe(settings)), symbol_(symbol) {}

void BenchmarkWatch::take(const Event& event) {
    if (!is_bar_of(event, timeframe_) || event.symbol() != symbol_) return;
    if (std::isnan(series_.first_open)) series_.first_open = event.bar().open.to_double();
    const std::int64_t period = clock_.period_of(within(event.time()));
    const double close = event.bar().close.to_double();
    if (!series_.closes.empty() && series_.closes.back().first >= period)
        series_.closes.back().second = close;
    else
        series_.closes.emplace_back(period, close);
}

PerformanceWatch::PerformanceWatch(const pipeline::Settings& settings,
                                   const pipeline::InstrumentTable& instruments,
                                   pipeline::RowSink& next)
    : next_(next), clock_(settings), timeframe_(shortest_timeframe(settings)),
      sizes_(pipeline::contract_sizes_of(instruments)), held_(instruments.size()),
      round_trips_(sizes_, pipeline::currencies_of(settings.account, instruments)),
      equity_(rates().size()), net_(rates().size()), gross_(rates().size()) {
    series_.capital = settings.account.capital;
    equity_.add(pipeline::kAccountCurrency, series_.capital);
}

void PerformanceWatch::take(const Event& event) {
    if (is_bar_of(event, timeframe_)) on_bar(event.time(), event.symbol(), event.bar().close);
}

void PerformanceWatch::on_bar(StreamTime end, core::SymbolId symbol, Price close) {
    if (end > bar_end_) {
        if (bar_end_ != StreamTime::min()) sample_exposure();
        bar_end_ = end;
    }
    roll_to(within(end));
    period_bar_ = end;
    Held& held = held_[core::index_of(symbol)];
    const core::PriceDelta moved = close - held.close;
    held.close = close;
    if (held.underlying.is_zero()) return;
    const pipeline::CurrencyId currency = rates().of(symbol);
    equity_.add(currency, moved * held.underlying);
    net_.add(currency, moved * held.underlying);
    gross_.add(currency, moved * held.underlying.abs());
}

void PerformanceWatch::take(const pipeline::FillRecord& row) noexcept {
    next_.take(row);
    roll_to(row.time);
    Held& held = held_[core::index_of(row.symbol)];
    if (held.close.is_zero()) held.close = row.price;
    const pipeline::ContractSize& size = sizes_[core::index_of(row.symbol)];
    const Quantity before = held.underlying;
    held.position += row.side == pipeline::Side::kBuy ? row.quantity : -row.quantity;
    held.underlying = size.underlying(held.position);
    const Quantity bought = held.underlying - before;
    const pipeline::CurrencyId currency = rates().of(row.symbol);
    equity_.add(currency, held.close * bought - row.price * bought - row.commission);
    net_.add(currency, held.close * bought);
    gross_.add(currency, held.close * held.underlying.abs() - held.close * before.abs());
    traded_ += rates().to_account(currency, row.price * bought.abs());
    round_trips_.take(row);
}

void PerformanceWatch::take(const pipeline::ChargeRecord& row) noexcept {
    next_.take(row);
    roll_to(row.time);
    equity_.add(row.charged.currency, row.charged.amount.money());
}

void PerformanceWatch::take(const pipeline::RateRecord& row) noexcept {
    next_.take(row);
    // It may come on a day without a market, which makes no period of it; at the end of one it comes before
    // the bars that end there.
    const std::int64_t period = clock_.period_of(within(row.time));
    if (period_ && period > *period_) {
        close_period();
        period_.reset();
    }
    latest_rate_ = row.time;
    round_trips_.set_rate(row.id, row.rate);
}

void PerformanceWatch::roll_to(StreamTime time) {
    const std::int64_t period = clock_.period_of(time);
    if (period_ && period > *period_) close_period();
    if (!period_ || period > *period_) period_ = period;
    latest_ = std::max(latest_, time);
}

void PerformanceWatch::close_period() {
    pipeline::PeriodRow row;
    row.end = latest_;
    row.last_bar = std::exchange(period_bar_, StreamTime::min());
    row.equity = equity_.in_account(rates());
    row.held = net_.in_account(rates());
    row.traded = traded_;
    traded_ = Money{};
    series_.rows.push_back(row);
    series_.period_of_row.push_back(*period_);
    const std::int64_t day = clock_.day_of(latest_);
    series_.days += day != last_day_ ? 1U : 0U;
    last_day_ = day;
}

void PerformanceWatch::sample_exposure() {
    const double equity = equity_.in_account(rates()).to_double();
    if (!(equity > 0)) return;
    const core::Money held = gross_.in_account(rates());
    const double gross = held.to_double() / equity;
    gross_share_.add(gross);
    net_share_.add(net_.in_account(rates()).to_double() / equity);
    highest_share_ = std::max(highest_share_, gross);
    ++samples_;
    samples_held_ += held.is_zero() ? 0U : 1U;
}

PerformanceSeries PerformanceWatch::finish() {
    if (bar_end_ != StreamTime::min()) sample_exposure();
    // What a rate has moved since the last period.
    if (!period_ && !series_.rows.empty() &&
        series_.rows.back().equity != equity_.in_account(rates()))
        roll_to(latest_rate_);
    if (period_) close_period();
    series_.round_trips = round_trips_.finish();
    series_.open_profit =
        net_.in_account(rates()) - round_trips_.open_value() - round_trips_.open_commission();
    const auto of_samples = [this](double sum) {
        return pipeline::statistics::ratio(sum, static_cast<double>(samples_));
    };
    series_.exposure = {of_samples(gross_share_.value()), of_samples(net_share_.value()),
                        samples_ > 0 ? highest_share_ : pipeline::statistics::kNothing,
                        of_samples(static_cast<double>(samples_held_))};
    return std::move(series_);
}

}  // namespace sluice::research
