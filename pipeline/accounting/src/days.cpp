#include <sluice/accounting/days.hpp>

namespace sluice::accounting {

void Days::before(core::StreamTime time, const Account& account) {
    const pipeline::Date date = dates_.of(time.time_since_epoch().count());
    if (open_ == date) return;
    if (open_) close(account);
    open_ = date;
}

void Days::finish(const Account& account) {
    if (open_) close(account);
    open_.reset();
}

void Days::close(const Account& account) {
    const Money equity = account.equity();
    const Money paid_in = account.paid_in() - paid_in_;
    results_.push_back({*open_, equity, paid_in, equity - equity_ - paid_in});
    equity_ = equity;
    paid_in_ = account.paid_in();
}

}  // namespace sluice::accounting
