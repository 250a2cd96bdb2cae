// What clients ask for; what they hear is in ouch_server_reports.cpp.
#include <sluice/adapters/ouch/ouch_server.hpp>

#include <algorithm>
#include <stdexcept>

namespace sluice::adapters::ouch {

using pipeline::ExchangePrice;
using pipeline::OrderRequest;
using pipeline::RequestKind;
using pipeline::Side;
using pipeline::TimeInForce;

namespace {

std::string text_of(const v42::Token& token) { return {token.data(), token.size()}; }

bool is_immediate(std::uint32_t tif, OuchVersion version) {
    return version == OuchVersion::k42
               ? tif == v42::kTifImmediate
               : tif == static_cast<std::uint32_t>(static_cast<unsigned char>(v50::kTifImmediate));
}
bool is_known_tif(std::uint32_t tif, OuchVersion version) {
    if (is_immediate(tif, version)) return true;
    if (version == OuchVersion::k42)
        return tif == v42::kTifMarketHours || tif == v42::kTifSystemHours;
    return tif == static_cast<std::uint32_t>(static_cast<unsigned char>(v50::kTifDay)) ||
           tif == static_cast<std::uint32_t>(static_cast<unsigned char>(v50::kTifExtended));
}
std::uint32_t tif_of(char letter) { return static_cast<unsigned char>(letter); }

}  // namespace

OuchServer::OuchServer(pipeline::Exchange& exchange, const OuchServerConfig& config,
                       OuchFaults faults)
    : exchange_(exchange), faults_(std::move(faults)), soup_(config.soup, *this),
      day_start_(config.day_start_ns) {
    for (const OuchUser& settings : config.users) {
        for (const User& other : users_)
            if (other.settings.client == settings.client)
                throw std::invalid_argument("two users have the client number " +
                                            std::to_string(settings.client));
        if (settings.client == 0)
            throw std::invalid_argument("client number 0 is the market's own");
        soup_.add_user(settings.name, settings.password);
        users_.push_back({});
        users_.back().settings = settings;
    }
    for (User& user : users_) {
        if (user.settings.cancels_for == 0) continue;
        const auto watched = std::find_if(users_.begin(), users_.end(), [&](const User& other) {
            return other.settings.client == user.settings.cancels_for;
        });
        if (watched == users_.end() || watched->settings.version != user.settings.version)
            throw std::invalid_argument("user " + user.settings.name +
                                        " cancels for a client that is none of this version");
        user.watched = static_cast<std::size_t>(watched - users_.begin());
    }
    soup_.set_cut_hook(faults_.on_send);
    std::uint16_t number = 0;
    for (const pipeline::ExchangeSymbol& symbol : exchange.symbols())
        symbols_.emplace(std::string(symbol.name.data(), symbol.name.size()), ++number);
}

void OuchServer::on_request(std::size_t user, std::span<const std::byte> message) {
    ++counts_.requests;
    if (message.empty()) {
        ++counts_.malformed;
    } else if (users_[user].settings.cancels_for != 0) {
        on_watchdog(user, message);
    } else if (users_[user].settings.version == OuchVersion::k42) {
        on_request42(user, message);
    } else {
        on_request50(user, message);
    }
}

std::size_t OuchServer::open_orders() const {
    std::size_t open = 0;
    for (const User& user : users_)
        for (const auto& [ref, order] : user.orders) open += order.live ? 1U : 0U;
    return open;
}

void OuchServer::on_disconnect(std::size_t user) { disconnected_.push_back(user); }

// Cancels only. What comes of them is told to the orders' own client.
void OuchServer::on_watchdog(std::size_t user, std::span<const std::byte> message) {
    const std::size_t watched = users_[user].watched;
    if (users_[user].settings.version == OuchVersion::k42) {
        v42::client::Cancel request;
        if (!decode(message, request)) {
            ++counts_.unsupported;
            return;
        }
        const auto at = users_[watched].refs.find(text_of(request.token));
        cancel(watched, at == users_[watched].refs.end() ? 0 : at->second, request.shares);
        return;
    }
    v50::client::Cancel request;
    v50::Tags tags;
    if (decode_appended(message, request, tags)) {
        cancel(watched, request.ref, request.shares);
    } else {
        ++counts_.unsupported;
    }
}

void OuchServer::on_request42(std::size_t user, std::span<const std::byte> message) {
    auto& refs = users_[user].refs;
    const auto find = [&](const v42::Token& token) {
        const auto at = refs.find(text_of(token));
        return at == refs.end() ? 0 : at->second;
    };
    const auto is_new = [&](const v42::Token& token) {
        if (!users_[user].tokens.contains(text_of(token))) return true;
        ++counts_.ignored;
        return false;
    };
    v42::client::Enter enter_message;
    v42::client::Replace replace_message;
    v42::client::Cancel cancel_message;
    v42::client::Modify modify_message;
    if (decode(message, enter_message)) {
        const auto& m = enter_message;
        if (!is_new(m.token)) return;
        const std::uint64_t ref = users_[user].last_ref + 1;
        refs.emplace(text_of(m.token), ref);
        users_[user].tokens.insert(text_of(m.token));
        enter(user, ref,
              {m.token, m.side, m.stock, m.shares, m.price, m.tif, m.firm, m.display, m.capacity,
               m.sweep, m.cross, m.min_quantity});
    } else if (decode(message, replace_message)) {
        const auto& m = replace_message;
        if (!is_new(m.token)) return;
        Terms terms;
        terms.name = m.token;
        terms.shares = m.shares;
        terms.price = m.price;
        terms.tif = m.tif;
        terms.display = m.display;
        terms.sweep = m.sweep;
        terms.min_quantity = m.min_quantity;
        replace(user, find(m.existing), users_[user].last_ref + 1, terms);
    } else if (decode(message, cancel_message)) {
        cancel(user, find(cancel_message.token), cancel_message.shares);
    } else if (decode(message, modify_message)) {
        ++counts_.unsupported;
    } else {
        ++counts_.malformed;
    }
}

void OuchServer::on_request50(std::size_t user, std::span<const std::byte> message) {
    namespace m5 = v50::client;
    User& account = users_[user];
    v50::Tags tags;
    m5::Enter e;
    m5::Replace r;
    m5::Cancel c;
    m5::MassCancel mass;
    m5::DisableEntry disable;
    m5::EnableEntry enable;
    m5::AccountQuery query;
    m5::Modify modify;
    if (decode_appended(message, e, tags)) {
        enter(user, e.ref,
              {e.client_id, e.side, e.symbol, e.shares, e.price, tif_of(e.tif), tags.firm,
               e.display, e.capacity, e.sweep, e.cross, tags.min_quantity});
    } else if (decode_appended(message, r, tags)) {
        Terms terms;
        terms.name = r.client_id;
        terms.shares = r.shares;
        terms.price = r.price;
        terms.tif = tif_of(r.tif);
        terms.display = r.display;
        terms.sweep = r.sweep;
        terms.min_quantity = tags.min_quantity;
        replace(user, r.existing, r.ref, terms);
    } else if (decode_appended(message, c, tags)) {
        cancel(user, c.ref, c.shares);
    } else if (decode_appended(message, query, tags)) {
        v50::venue::AccountQueryResponse answer;
        answer.time = since_midnight(now_);
        answer.next_ref = static_cast<std::uint32_t>(account.last_ref + 1);
        send(user, answer);
    } else if (decode_appended(message, mass, tags)) {
        if (take_ref(account, mass.ref)) on_mass_cancel(user, mass);
    } else if (decode_appended(message, disable, tags)) {
        if (!take_ref(account, disable.ref)) return;
        account.entry_disabled = true;
        send(user, v50::venue::DisableResponse{since_midnight(now_), disable.ref, disable.firm});
    } else if (decode_appended(message, enable, tags)) {
        if (!take_ref(account, enable.ref)) return;
        account.entry_disabled = false;
        send(user, v50::venue::EnableResponse{since_midnight(now_), enable.ref, enable.firm});
    } else if (decode_appended(message, modify, tags)) {
        ++counts_.unsupported;
    } else {
        ++counts_.malformed;
    }
}

void OuchServer::on_mass_cancel(std::size_t user, const v50::client::MassCancel& request) {
    const bool all = trimmed(request.symbol).empty();
    std::vector<std::uint64_t> refs;
    for (const auto& [ref, order] : users_[user].orders)
        if (order.live && (all || order.terms.symbol == request.symbol)) refs.push_back(ref);
    std::sort(refs.begin(), refs.end());
    for (const std::uint64_t ref : refs) cancel(user, ref, 0);
    send(user, v50::venue::MassCancelResponse{since_midnight(now_), request.ref, request.firm,
                                              request.symbol});
}

bool OuchServer::take_ref(User& user, std::uint64_t ref) {
    if (ref <= user.last_ref) {
        ++counts_.ignored;
        return false;
    }
    user.last_ref = ref;
    return true;
}

// The letter of OUCH 4.2 for what is wrong with the terms, 0 when nothing is.
char OuchServer::fault_of(const Terms& terms, OuchVersion version) const {
    if (terms.side != 'B' && terms.side != 'S' && terms.side != 'T' && terms.side != 'E')
        return 'O';
    if (terms.shares == 0 || terms.shares >= v42::kSharesEnd) return 'Z';
    // Between the highest price and what means the market there is nothing.
    if (terms.price == 0 || (terms.price > v50::kPriceMax && terms.price < v50::kMarketFrom) ||
        terms.price > v50::kMarket)
        return 'X';
    if (!is_known_tif(terms.tif, version)) return 'O';
    const bool any_quantity = terms.min_quantity <= 1;
    if (!any_quantity && (!is_immediate(terms.tif, version) || terms.min_quantity != terms.shares))
        return 'N';
    return 0;
}

OrderRequest OuchServer::request_for(const User& user, std::uint64_t ref,
                                     const Terms& terms) const {
    OrderRequest request;
    request.client = user.settings.client;
    request.ref = ref;
    request.side = terms.side == 'B' ? Side::kBuy : Side::kSell;
    request.shares = terms.shares;
    request.price = terms.price >= v50::kMarketFrom ? pipeline::kMarketPrice
                                                    : static_cast<ExchangePrice>(terms.price);
    const bool immediate = is_immediate(terms.tif, user.settings.version);
    const bool whole = terms.min_quantity > 1;
    request.tif = !immediate ? TimeInForce::kDay : whole ? TimeInForce::kFok : TimeInForce::kIoc;
    return request;
}

void OuchServer::enter(std::size_t user, std::uint64_t ref, const Terms& terms) {
    User& account = users_[user];
    if (!take_ref(account, ref)) return;
    Order& order = account.orders[ref];
    order.ref = ref;
    order.terms = terms;
    char fault = fault_of(terms, account.settings.version);
    if (fault == 0 && account.entry_disabled) fault = 'O';
    if (fault != 0) {
        reject(user, order, fault);
        return;
    }
    OrderRequest request = request_for(account, ref, terms);
    request.kind = RequestKind::kEnter;
    const auto symbol = symbols_.find(std::string(terms.symbol.data(), terms.symbol.size()));
    request.symbol = symbol == symbols_.end() ? std::uint16_t{0} : symbol->second;
    exchange_.request(request, now_);
}

void OuchServer::replace(std::size_t user, std::uint64_t existing, std::uint64_t ref,
                         const Terms& terms) {
    User& account = users_[user];
    const auto found = account.orders.find(existing);
    if (found == account.orders.end() || !found->second.live || ref <= account.last_ref) {
        ++counts_.ignored;
        return;
    }
    Terms whole = found->second.terms;
    whole.name = terms.name;
    whole.shares = terms.shares;
    whole.price = terms.price;
    whole.tif = terms.tif;
    whole.display = terms.display;
    whole.sweep = terms.sweep;
    whole.min_quantity = terms.min_quantity;
    const std::uint32_t executed = found->second.executed;
    if (fault_of(whole, account.settings.version) != 0 || whole.shares <= executed) {
        cancel(user, existing, 0);
        return;
    }
    account.last_ref = ref;
    if (account.settings.version == OuchVersion::k42) {
        account.refs.emplace(text_of(whole.name), ref);
        account.tokens.insert(text_of(whole.name));
    }
    Order& order = account.orders[ref];
    order.ref = ref;
    order.terms = whole;
    OrderRequest request = request_for(account, ref, whole);
    request.kind = RequestKind::kReplace;
    request.replaces = existing;
    request.shares = whole.shares - executed;
    exchange_.request(request, now_);
    // The exchange may have cancelled the old one instead; then this name stands for nothing.
    const auto made = account.orders.find(ref);
    if (made != account.orders.end() && !made->second.live) bury(account, made->second);
}

void OuchServer::cancel(std::size_t user, std::uint64_t ref, std::uint32_t total) {
    User& account = users_[user];
    const auto found = account.orders.find(ref);
    if (found == account.orders.end() || !found->second.live) {
        ++counts_.ignored;
        return;
    }
    const Order& order = found->second;
    const std::uint32_t left = total > order.executed ? total - order.executed : 0;
    if (left >= order.open) {
        ++counts_.ignored;
        return;
    }
    OrderRequest request;
    request.kind = RequestKind::kCancel;
    request.client = account.settings.client;
    request.ref = ref;
    request.shares = left;
    exchange_.request(request, now_);
}

}  // namespace sluice::adapters::ouch
