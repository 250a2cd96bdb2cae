// A matcher as slow and plain as can be, for comparison: one unsorted vector of orders, searched
// from end to end for each question. Written from the rules in matching_engine.hpp's head.
#pragma once

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "exchange_support.hpp"

namespace sluice::test {

class PlainMatcher {
  public:
    explicit PlainMatcher(std::size_t symbols) : symbols_(symbols), halted_(symbols + 1, false) {}

    std::vector<pipeline::MarketUpdate> updates;
    std::vector<pipeline::OrderReport> reports;

    struct Order {
        std::uint32_t client;
        std::uint64_t ref;
        std::uint64_t number;
        std::uint64_t priority;
        std::uint16_t symbol;
        Side side;
        TimeInForce tif;
        std::uint32_t shares;
        std::uint32_t price;
    };
    std::vector<Order> orders;

    void set_halted(std::uint16_t symbol, bool halted, std::int64_t now) {
        now_ = now;
        if (halted_[symbol] == halted) return;
        halted_[symbol] = halted;
        updates.push_back({.time_ns = now_,
                           .symbol = symbol,
                           .action = pipeline::MarketAction::kTrading,
                           .code = halted ? 'H' : 'T'});
    }

    void request(const pipeline::OrderRequest& r, std::int64_t now) {
        now_ = now;
        if (r.kind == pipeline::RequestKind::kEnter) enter(r);
        if (r.kind == pipeline::RequestKind::kReplace) replace(r);
        if (r.kind == pipeline::RequestKind::kCancel) cancel(r);
    }

  private:
    using Kind = pipeline::ReportKind;
    using Action = pipeline::MarketAction;

    [[nodiscard]] std::vector<Order>::iterator find(std::uint32_t client, std::uint64_t ref) {
        return std::find_if(orders.begin(), orders.end(),
                            [&](const Order& o) { return o.client == client && o.ref == ref; });
    }
    [[nodiscard]] bool used(std::uint32_t client, std::uint64_t ref) {
        return client == 0 ? find(client, ref) != orders.end() : refs_.count({client, ref}) != 0;
    }
    [[nodiscard]] char wrong(const pipeline::OrderRequest& r, std::uint16_t symbol) {
        if (symbol < 1 || symbol > symbols_) return 'S';
        if (halted_[symbol]) return 'H';
        if (r.shares < 1 || r.shares > 999'999) return 'Z';
        if (r.price > 1'999'999'900 || (r.price >= 10'000 && r.price % 100 != 0)) return 'X';
        return ' ';
    }
    void say(Kind kind, const Order& o, std::uint32_t shares, std::uint32_t price, char reason,
             bool alive = true, std::uint64_t replaces = 0, std::uint64_t match = 0,
             char liquidity = ' ') {
        if (o.client == 0) return;
        reports.push_back({.kind = kind,
                           .client = o.client,
                           .time_ns = now_,
                           .ref = o.ref,
                           .replaces = replaces,
                           .order = o.number,
                           .match = match,
                           .shares = shares,
                           .price = price,
                           .symbol = o.symbol,
                           .side = o.side,
                           .tif = o.tif,
                           .liquidity = liquidity,
                           .reason = reason,
                           .alive = alive});
    }
    void refuse(Kind kind, const pipeline::OrderRequest& r, char reason) {
        say(kind, {r.client, r.ref, 0, 0, r.symbol, r.side, r.tif, r.shares, r.price}, r.shares,
            r.price, reason, false, r.replaces);
    }
    void show(Action action, const Order& o, std::uint32_t shares, std::uint32_t price,
              std::uint64_t match = 0, std::uint64_t new_order = 0) {
        updates.push_back({.time_ns = now_,
                           .order = o.number,
                           .new_order = new_order,
                           .match = match,
                           .shares = shares,
                           .price = price,
                           .symbol = o.symbol,
                           .action = action,
                           .side = o.side});
    }

    // The order that comes first for one that wants to trade; end() when there is none.
    [[nodiscard]] std::vector<Order>::iterator first_for(const Order& in) {
        auto best = orders.end();
        for (auto o = orders.begin(); o != orders.end(); ++o) {
            if (o->symbol != in.symbol || o->side == in.side) continue;
            const bool buys = in.side == Side::kBuy;
            if (in.price != 0 && (buys ? o->price > in.price : o->price < in.price)) continue;
            if (best == orders.end() || (buys ? o->price < best->price : o->price > best->price) ||
                (o->price == best->price && o->priority < best->priority))
                best = o;
        }
        return best;
    }
    // 'S' some can trade, 'N' none, 'Q' the client's own order is in the way. Asked of a copy.
    [[nodiscard]] char outlook(const Order& in) const {
        PlainMatcher copy(*this);
        std::uint32_t want = in.tif == TimeInForce::kFok ? in.shares : 1;
        for (;;) {
            const auto o = copy.first_for(in);
            if (o == copy.orders.end()) return 'N';
            if (in.client != 0 && o->client == in.client) return 'Q';
            if (o->shares >= want) return 'S';
            want -= o->shares;
            copy.orders.erase(o);
        }
    }
    // Returns whether it is to rest.
    [[nodiscard]] bool trade(Order& in, char seen) {
        bool own = seen == 'Q';
        while (seen == 'S' && in.shares > 0) {
            const auto o = first_for(in);
            if (o == orders.end()) break;
            if (in.client != 0 && o->client == in.client) {
                own = true;
                break;
            }
            const std::uint32_t shares = std::min(in.shares, o->shares);
            ++match_;
            show(Action::kExecuted, *o, shares, o->price, match_);
            say(Kind::kExecuted, *o, shares, o->price, ' ', true, 0, match_, 'A');
            say(Kind::kExecuted, in, shares, o->price, ' ', true, 0, match_, 'R');
            in.shares -= shares;
            o->shares -= shares;
            if (o->shares == 0) orders.erase(o);
        }
        if (in.shares == 0) return false;
        if (!own && can_rest(in)) return true;
        say(Kind::kCancelled, in, in.shares, in.price, own ? 'Q' : 'I');
        return false;
    }
    [[nodiscard]] static bool can_rest(const Order& o) {
        return o.price != 0 && o.tif != TimeInForce::kIoc && o.tif != TimeInForce::kFok;
    }
    [[nodiscard]] static bool lives(const Order& o, char seen) {
        return seen == 'S' || (seen == 'N' && can_rest(o));
    }

    void enter(const pipeline::OrderRequest& r) {
        if (used(r.client, r.ref)) return refuse(Kind::kRejected, r, 'O');
        refs_.insert({r.client, r.ref});
        const char reason = wrong(r, r.symbol);
        if (reason != ' ') return refuse(Kind::kRejected, r, reason);
        Order o{r.client, r.ref, ++number_, ++priority_, r.symbol,
                r.side,   r.tif, r.shares,  r.price};
        const char seen = outlook(o);
        say(Kind::kAccepted, o, o.shares, o.price, ' ', lives(o, seen));
        if (!trade(o, seen)) return;
        show(Action::kAdd, o, o.shares, o.price);
        orders.push_back(o);
    }
    void replace(const pipeline::OrderRequest& r) {
        const auto at = find(r.client, r.replaces);
        if (at == orders.end() || used(r.client, r.ref)) return refuse(Kind::kRejected, r, 'O');
        const char reason = wrong(r, at->symbol);
        if (reason == 'H') return refuse(Kind::kRejected, r, 'H');
        if (reason != ' ') return kill(at, 'U');
        refs_.insert({r.client, r.ref});
        const Order old = *at;
        Order o = old;
        o.ref = r.ref;
        o.tif = r.tif;
        o.price = r.price;
        o.shares = r.shares;
        if (r.price == old.price && r.shares <= old.shares && can_rest(o)) {
            *at = o;
            say(Kind::kReplaced, o, o.shares, o.price, ' ', true, old.ref);
            if (old.shares > o.shares) show(Action::kReduced, o, old.shares - o.shares, o.price);
            return;
        }
        orders.erase(at);
        o.number = ++number_;
        o.priority = ++priority_;
        const char seen = outlook(o);
        say(Kind::kReplaced, o, o.shares, o.price, ' ', lives(o, seen), old.ref);
        if (seen == 'N' && can_rest(o)) {
            show(Action::kReplaced, old, o.shares, o.price, 0, o.number);
            orders.push_back(o);
            return;
        }
        show(Action::kDeleted, old, old.shares, old.price);
        if (!trade(o, seen)) return;
        show(Action::kAdd, o, o.shares, o.price);
        orders.push_back(o);
    }
    void kill(std::vector<Order>::iterator at, char reason) {
        const Order o = *at;
        orders.erase(at);
        say(Kind::kCancelled, o, o.shares, o.price, reason);
        show(Action::kDeleted, o, o.shares, o.price);
    }
    void cancel(const pipeline::OrderRequest& r) {
        const auto at = find(r.client, r.ref);
        if (at == orders.end() || at->shares <= r.shares)
            return refuse(Kind::kCancelRejected, r, 'O');
        if (r.shares == 0) return kill(at, 'U');
        const std::uint32_t less = at->shares - r.shares;
        at->shares = r.shares;
        say(Kind::kCancelled, *at, less, at->price, 'U');
        show(Action::kReduced, *at, less, at->price);
    }

    std::size_t symbols_;
    std::vector<bool> halted_;
    std::set<std::pair<std::uint32_t, std::uint64_t>> refs_;
    std::uint64_t number_ = 0;
    std::uint64_t priority_ = 0;
    std::uint64_t match_ = 0;
    std::int64_t now_ = 0;
};

}  // namespace sluice::test
