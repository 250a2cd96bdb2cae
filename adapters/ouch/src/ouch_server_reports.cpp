// What clients hear.
#include <sluice/adapters/ouch/ouch_server.hpp>

#include <utility>

namespace sluice::adapters::ouch {

using pipeline::OrderReport;
using pipeline::ReportKind;

struct OuchServer::V42 {
    using Accepted = v42::venue::Accepted;
    using Replaced = v42::venue::Replaced;
    using Canceled = v42::venue::Canceled;
    using AiqCanceled = v42::venue::AiqCanceled;
    using Executed = v42::venue::Executed;
    using Broken = v42::venue::Broken;
    using Rejected = v42::venue::Rejected;
    using CancelRejected = v42::venue::CancelRejected;
};
struct OuchServer::V50 {
    using Accepted = v50::venue::Accepted;
    using Replaced = v50::venue::Replaced;
    using Canceled = v50::venue::Canceled;
    using AiqCanceled = v50::venue::AiqCanceled;
    using Executed = v50::venue::Executed;
    using Broken = v50::venue::Broken;
    using Rejected = v50::venue::Rejected;
    using CancelRejected = v50::venue::CancelRejected;
};

namespace {

// What messages have of an order, under the same names in both versions.
template <class Message, class Terms>
void put_terms(Message& m, std::uint64_t ref, const Terms& terms) {
    if constexpr (requires { m.token; }) m.token = terms.name;
    if constexpr (requires { m.ref; }) m.ref = static_cast<std::uint32_t>(ref);
    if constexpr (requires { m.client_id; }) m.client_id = terms.name;
    if constexpr (requires { m.side; }) m.side = terms.side;
    if constexpr (requires { m.stock; }) m.stock = terms.symbol;
    if constexpr (requires { m.symbol; }) m.symbol = terms.symbol;
    if constexpr (requires { m.firm; }) m.firm = terms.firm;
    if constexpr (requires { m.display; }) m.display = terms.display;
    if constexpr (requires { m.capacity; }) m.capacity = terms.capacity;
    if constexpr (requires { m.sweep; }) m.sweep = terms.sweep;
    if constexpr (requires { m.cross; }) m.cross = terms.cross;
    if constexpr (requires { m.min_quantity; }) m.min_quantity = terms.min_quantity;
    if constexpr (requires { m.tif; }) m.tif = static_cast<decltype(m.tif)>(terms.tif);
}

// The name of a report that belongs to no order of the client's.
v42::Token stray_name(std::uint64_t ref) { return padded<14>("?" + std::to_string(ref)); }

constexpr std::size_t kNameAt = 9;  // in every message about an order: type, time, name

}  // namespace

std::uint64_t OuchServer::since_midnight(std::int64_t time_ns) const {
    return time_ns > day_start_ ? static_cast<std::uint64_t>(time_ns - day_start_) : 0;
}

void OuchServer::poll(std::int64_t now_ns) {
    now_ = now_ns;
    while (!delayed_.empty() && delayed_.front().due <= now_ns) {
        soup_.append(delayed_.front().user, delayed_.front().message);
        delayed_.pop_front();
    }
    soup_.poll(now_ns);
    // Not where it is noticed: that can be while the exchange reports.
    for (const std::size_t user : std::exchange(disconnected_, {}))
        if (users_[user].settings.cancel_on_disconnect)
            exchange_.cancel_all(users_[user].settings.client, now_ns);
}

void OuchServer::system_event(char code, std::int64_t now_ns) {
    now_ = now_ns;
    for (std::size_t user = 0; user < users_.size(); ++user) {
        if (users_[user].settings.version == OuchVersion::k42) {
            send(user, v42::venue::SystemEvent{since_midnight(now_ns), code});
        } else {
            send(user, v50::venue::SystemEvent{since_midnight(now_ns), code});
        }
    }
}

void OuchServer::reject(std::size_t user, const Order& order, char letter) {
    OrderReport report;
    report.kind = ReportKind::kRejected;
    report.client = users_[user].settings.client;
    report.ref = order.ref;
    report.time_ns = now_;
    report.reason = letter;
    on_report(report);
}

void OuchServer::on_report(const OrderReport& report) noexcept {
    for (std::size_t user = 0; user < users_.size(); ++user) {
        User& account = users_[user];
        if (account.settings.client != report.client) continue;
        ++counts_.reports;
        Order stray;
        const auto found = account.orders.find(report.ref);
        if (found == account.orders.end()) {
            stray.ref = report.ref;
            stray.terms.name = stray_name(report.ref);
        }
        Order& order = found == account.orders.end() ? stray : found->second;
        if (report.kind == ReportKind::kCancelled && order.dead_on_arrival) return;
        // Followed first: the client may react before write() returns.
        follow(account, order, report);
        account.settings.version == OuchVersion::k42 ? write<V42>(user, order, report)
                                                     : write<V50>(user, order, report);
        return;
    }
}

void OuchServer::follow(User& user, Order& order, const OrderReport& report) {
    switch (report.kind) {
        case ReportKind::kReplaced:
            if (const auto before = user.orders.find(report.replaces);
                before != user.orders.end()) {
                order.executed = before->second.executed;
                bury(user, before->second);
            }
            [[fallthrough]];
        case ReportKind::kAccepted:
            order.open = report.shares;
            order.live = report.alive;
            order.dead_on_arrival = !report.alive;
            if (!report.alive) bury(user, order);
            break;
        case ReportKind::kExecuted: order.executed += report.shares; [[fallthrough]];
        case ReportKind::kCancelled:
            order.open -= std::min(order.open, report.shares);
            if (order.open == 0) bury(user, order);
            break;
        case ReportKind::kRejected: bury(user, order); break;
        case ReportKind::kBroken:
        case ReportKind::kCancelRejected: break;
    }
}

void OuchServer::bury(User& user, Order& order) {
    order.live = false;
    if (std::exchange(order.gone, true) || user.orders.count(order.ref) == 0) return;
    user.gone.push_back(order.ref);
    if (user.gone.size() <= kGoneKept) return;
    const auto oldest = user.orders.find(user.gone.front());
    if (oldest->second.live) {  // the report that brought it to life had been held back
        oldest->second.gone = false;
        user.gone.pop_front();
        return;
    }
    const v42::Token& name = oldest->second.terms.name;
    user.refs.erase(std::string(name.data(), name.size()));
    user.orders.erase(oldest);
    user.gone.pop_front();
}

template <class Version>
void OuchServer::write(std::size_t user, Order& order, const OrderReport& report) {
    const auto make = [&](auto m) {
        put_terms(m, order.ref, order.terms);
        m.time = since_midnight(report.time_ns);
        if constexpr (requires { m.shares; }) m.shares = report.shares;
        if constexpr (requires { m.price; }) m.price = report.price;
        if constexpr (requires { m.match; }) m.match = report.match;
        if constexpr (requires { m.order; }) m.order = report.order;
        if constexpr (requires { m.liquidity; }) m.liquidity = report.liquidity;
        // A market order is told its price as it was entered.
        if constexpr (requires { m.state; }) {
            m.price = static_cast<decltype(m.price)>(order.terms.price);
            m.state = report.alive ? 'L' : 'D';
        }
        return m;
    };
    switch (report.kind) {
        case ReportKind::kAccepted: send(user, make(typename Version::Accepted{})); break;
        case ReportKind::kReplaced: {
            auto m = make(typename Version::Replaced{});
            if constexpr (std::is_same_v<Version, V50>) {
                m.previous = static_cast<std::uint32_t>(report.replaces);
            } else {
                const auto& orders = users_[user].orders;
                const auto before = orders.find(report.replaces);
                m.previous = before == orders.end() ? stray_name(report.replaces)
                                                    : before->second.terms.name;
            }
            send(user, m);
            break;
        }
        case ReportKind::kCancelled:
            if (report.reason == 'Q') {
                auto m = make(typename Version::AiqCanceled{});
                m.prevented = report.shares;
                m.liquidity = 'R';
                send(user, m);
            } else {
                auto m = make(typename Version::Canceled{});
                m.reason = report.reason;
                send(user, m);
            }
            break;
        case ReportKind::kExecuted: send(user, make(typename Version::Executed{})); break;
        case ReportKind::kBroken: send(user, make(typename Version::Broken{})); break;
        case ReportKind::kRejected: {
            auto m = make(typename Version::Rejected{});
            if constexpr (std::is_same_v<Version, V50>) {
                m.reason = reject_code50(report.reason);
            } else {
                m.reason = report.reason;
            }
            send(user, m);
            break;
        }
        case ReportKind::kCancelRejected:
            send(user, make(typename Version::CancelRejected{}));
            break;
    }
}

template <class Message>
void OuchServer::send(std::size_t user, const Message& message) {
    std::byte bytes[kWireSize<Message> + v50::kAppendageMax];
    std::size_t size = 0;
    if constexpr (requires { Message::kAppended; }) {
        size = v50::encode_appended(message, {}, bytes);
    } else {
        size = encode(message, bytes);
    }
    deliver(user, {bytes, size});
}
template void OuchServer::send(std::size_t, const v50::venue::AccountQueryResponse&);
template void OuchServer::send(std::size_t, const v50::venue::MassCancelResponse&);
template void OuchServer::send(std::size_t, const v50::venue::DisableResponse&);
template void OuchServer::send(std::size_t, const v50::venue::EnableResponse&);

void OuchServer::deliver(std::size_t user, std::span<const std::byte> message) {
    ReportFault fault;
    if (faults_.on_report) fault = faults_.on_report(user, message);
    std::vector<std::byte> bytes(message.begin(), message.end());
    const auto hand_on = [&] {
        if (fault.delay_ns <= 0) {
            soup_.append(user, bytes);
            return;
        }
        const std::int64_t due = now_ + fault.delay_ns;
        const auto at =
            std::upper_bound(delayed_.begin(), delayed_.end(), due,
                             [](std::int64_t t, const Delayed& d) { return t < d.due; });
        delayed_.insert(at, {due, user, bytes});
    };
    for (std::uint32_t i = 0; i < fault.copies; ++i) hand_on();
    constexpr std::size_t kName = sizeof(std::uint32_t);
    if (fault.stray && bytes.size() >= kNameAt + kName) {
        std::fill_n(bytes.begin() + kNameAt, kName, std::byte{'~'});
        hand_on();
    }
}

}  // namespace sluice::adapters::ouch
