// The market of full books (venue.market = "book"): what orders take of it, on a venue without latency.
#include <map>
#include <random>

#include <sluice/pipeline/table_key.hpp>
#include <sluice/proofs/level_display.hpp>

#include "engine_support.hpp"
#include "sim_venue_support.hpp"

namespace sluice::tests::trade_path {
namespace {

struct Shown {
    char side;
    std::int64_t price;  // cents
    std::int64_t size;
};

class FullBook : public SimVenueBench {
  protected:
    FullBook() {
        settings_.venue.market = MarketModel::kBook;
        settings_.venue.order_latency = Nanos{0};
        open();
    }
    void queue(QueueModel model) {
        settings_.venue.queue = model;
        open();
    }
    void event(std::int64_t ns, const std::vector<Shown>& rows, unsigned flags = 0) {
        ++sequence_;
        for (const Shown& row : rows)
            exchange_->level(ns, row.side, cents(row.price), row.size, sequence_, sequence_ - 1,
                             flags | (&row == &rows.back() ? kRowEventEnd : 0U));
    }
    void snapshot(std::int64_t ns, const std::vector<Shown>& rows) {
        event(ns, rows, kRowSnapshot);
    }
    // 100.00 and 100.01, each of three levels a cent apart: 5, 10, 20.
    void open_book(std::int64_t ns = 10) {
        snapshot(ns, {{'B', 10'000, 5},
                      {'B', 9'999, 10},
                      {'B', 9'998, 20},
                      {'A', 10'001, 5},
                      {'A', 10'002, 10},
                      {'A', 10'003, 20}});
    }
    ApprovedOrder market(std::int64_t ns, Side side, std::int64_t units,
                         TimeInForce tif = TimeInForce::kGtc) {
        return submit(ns, desk_.market(side, qty(units), tif));
    }
    ApprovedOrder limit(std::int64_t ns, Side side, std::int64_t units, std::int64_t price,
                        TimeInForce tif = TimeInForce::kGtc) {
        return submit(ns, desk_.limit(side, qty(units), cents(price), tif));
    }

    std::int64_t sequence_ = 0;
};

TEST_F(FullBook, a_market_order_walks_the_levels_from_the_best_at_their_prices) {
    open_book();
    const ApprovedOrder buys = market(20, Side::kBuy, 18);
    const ApprovedOrder sells = market(30, Side::kSell, 6);
    finish();
    expect_fills(buys, {{10'001, 5}, {10'002, 10}, {10'003, 3}});
    expect_fills(sells, {{10'000, 5}, {9'999, 1}});
}

TEST_F(FullBook, a_marketable_limit_order_walks_to_its_limit_and_rests_there) {
    open_book();
    const ApprovedOrder order = limit(20, Side::kBuy, 40, 10'002);
    finish();
    expect_fills(order, {{10'001, 5}, {10'002, 10}});
    trade(30, 10'002, 4);  // nobody else bids there
    finish();
    expect_fills(order, {{10'001, 5}, {10'002, 10}, {10'002, 4}});
}

TEST_F(FullBook, what_was_taken_of_a_level_is_gone_until_it_shows_more_or_goes) {
    open_book();
    (void)market(20, Side::kBuy, 12);
    const ApprovedOrder next = market(30, Side::kBuy, 4, TimeInForce::kIoc);
    event(40, {{'A', 10'001, 6}});  // one more than was there
    const ApprovedOrder more = market(50, Side::kBuy, 2, TimeInForce::kIoc);
    event(60, {{'A', 10'001, 0}});
    event(70, {{'A', 10'001, 5}});  // others
    const ApprovedOrder others = market(80, Side::kBuy, 6, TimeInForce::kIoc);
    finish();
    expect_fills(next, {{10'002, 3}, {10'003, 1}});
    expect_fills(more, {{10'001, 1}, {10'003, 1}});
    expect_fills(others, {{10'001, 5}, {10'003, 1}});
}

TEST_F(FullBook, a_snapshot_brings_nothing_back_of_what_stands_there_still) {
    open_book();
    (void)market(20, Side::kBuy, 15);
    snapshot(30, {{'B', 10'000, 5}, {'A', 10'001, 5}, {'A', 10'003, 20}});
    const ApprovedOrder order = market(40, Side::kBuy, 1);
    finish();
    expect_fills(order, {{10'003, 1}});
}

TEST_F(FullBook, fill_or_kill_counts_all_the_levels_within_the_limit) {
    open_book();
    const ApprovedOrder whole = limit(20, Side::kBuy, 15, 10'002, TimeInForce::kFok);
    finish();
    expect_fills(whole, {{10'001, 5}, {10'002, 10}});
    const ApprovedOrder too_much = limit(30, Side::kSell, 16, 9'999, TimeInForce::kFok);
    finish();
    expect_reports(too_much, {ExecKind::kAccepted, ExecKind::kExpired});
    const ApprovedOrder rest = market(40, Side::kSell, 40, TimeInForce::kIoc);
    finish();
    expect_fills(rest, {{10'000, 5}, {9'999, 10}, {9'998, 20}});
    expect_last(rest, ExecKind::kExpired, RejectReason::kNone);
}

TEST_F(FullBook, a_resting_order_waits_behind_what_is_displayed_at_its_own_price) {
    open_book();
    const ApprovedOrder order = limit(20, Side::kBuy, 4, 9'999);
    event(30, {{'B', 10'000, 0}});
    trade(40, 9'999, 9);
    finish();
    expect_fills(order, {});
    trade(50, 9'999, 3);
    finish();
    expect_fills(order, {{9'999, 2}});
}

TEST_F(FullBook, cancellations_at_its_level_shorten_the_queue_as_the_model_says) {
    const auto filled = [&](QueueModel model) {
        queue(model);
        sequence_ = 0;
        open_book();
        const ApprovedOrder order = limit(20, Side::kBuy, 100, 9'998);
        event(30, {{'B', 9'998, 5}});  // from 20: a quarter is left
        event(40, {{'B', 9'998, 50}});
        trade(50, 9'998, 30);
        finish();
        return exchange_->filled(order).raw() / Quantity::kScale;
    };
    EXPECT_EQ(filled(QueueModel::kBack), 10);
    EXPECT_EQ(filled(QueueModel::kProportional), 25);
    EXPECT_EQ(filled(QueueModel::kFront), 30);
}

TEST_F(FullBook, an_order_alone_at_its_price_or_before_all_has_nobody_ahead) {
    snapshot(10, {{'B', 10'000, 5}, {'B', 9'990, 10}, {'A', 10'005, 5}});
    const ApprovedOrder between = limit(20, Side::kBuy, 4, 9'995);
    const ApprovedOrder best = limit(20, Side::kBuy, 4, 10'001);
    trade(30, 10'001, 4);
    trade(40, 9'995, 1);
    finish();
    expect_fills(best, {{10'001, 4}});
    expect_fills(between, {{9'995, 1}});
}

TEST_F(FullBook, a_book_that_crosses_a_resting_order_fills_it_at_its_own_price) {
    open_book();
    const ApprovedOrder order = limit(20, Side::kBuy, 9, 10'000);
    event(30, {{'B', 10'000, 0}, {'A', 9'999, 3}, {'B', 9'999, 0}, {'A', 10'000, 4}});
    finish();
    expect_fills(order, {{10'000, 3}, {10'000, 4}});
}

TEST_F(FullBook, nothing_is_displayed_within_an_event_after_a_gap_or_while_prices_meet) {
    const ApprovedOrder early = market(5, Side::kBuy, 1, TimeInForce::kIoc);
    open_book();
    ++sequence_;  // one is missing
    event(20, {{'A', 10'001, 6}});
    const ApprovedOrder stale = market(30, Side::kBuy, 1, TimeInForce::kIoc);
    const ApprovedOrder waits = market(40, Side::kBuy, 7);
    open_book(50);
    finish();
    expect_fills(early, {});
    expect_fills(stale, {});
    expect_fills(waits, {{10'001, 5}, {10'002, 2}});
    event(60, {{'B', 10'003, 9}});
    const ApprovedOrder crossed = market(70, Side::kSell, 1, TimeInForce::kIoc);
    finish();
    expect_fills(crossed, {});
    const DepthRecord record = exchange_->depth();
    EXPECT_EQ(record.gaps, 1U);
    EXPECT_EQ(record.snapshots, 2U);
    EXPECT_EQ(record.unready, 4U);
    EXPECT_EQ(record.crossed, 1U);
    EXPECT_FALSE(record.whole_at_end);
}

TEST_F(FullBook, more_levels_than_there_is_room_for_end_the_display_and_are_counted) {
    settings_.venue.book_levels = 2;
    open();
    open_book();
    const ApprovedOrder order = market(20, Side::kBuy, 1, TimeInForce::kIoc);
    finish();
    expect_fills(order, {});
    EXPECT_EQ(exchange_->depth().refused, 1U);
}

TEST_F(FullBook, quotes_say_nothing_and_stops_and_post_only_go_by_the_book) {
    open_book();
    const ApprovedOrder order = limit(20, Side::kBuy, 4, 9'999);
    quote(30, 9'990, 100, 9'995, 100);
    finish();
    expect_fills(order, {});
    const Proposal proposal{kSymbol,           Side::kSell, OrderType::kStop,
                            TimeInForce::kGtc, qty(8),      cents(9'999)};
    const ApprovedOrder stop = submit(40, desk_.order(proposal, desk_.next()));
    finish();
    expect_fills(stop, {});
    event(50, {{'B', 10'000, 0}});
    finish();
    expect_fills(stop, {{9'999, 8}});
}

// Random books and orders: what the venue fills is what a ledger of its own says was there.
TEST_F(FullBook, takes_nothing_that_a_ledger_of_all_levels_does_not_show) {
    std::mt19937_64 random{7};
    const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
    proofs::AuditedOrders orders;
    std::vector<proofs::ShownLevels> shown;
    proofs::LevelDisplay display;
    std::map<std::pair<char, std::int64_t>, std::int64_t> book;
    std::int64_t mid = 10'000;
    std::int64_t walked = 0;
    std::vector<ApprovedOrder> sent;
    const auto say = [&](std::int64_t ns, const std::vector<Shown>& rows, unsigned flags) {
        event(ns, rows, flags);
        for (const Shown& row : rows)
            display.add(
                {ns, cents(row.price).raw(), qty(row.size).raw(), sequence_, sequence_ - 1, 0,
                 static_cast<std::uint8_t>(row.side),
                 static_cast<std::uint8_t>(flags | (&row == &rows.back() ? kRowEventEnd : 0U))},
                shown);
    };
    for (std::int64_t ns = 100; ns < 400'000; ns += 100) {
        std::vector<Shown> rows;
        if (ns == 100 || below(200) == 0) {
            book.clear();
            for (std::int64_t k = 1; k <= 8; ++k) {
                rows.push_back({'B', mid - k, 1 + below(9)});
                rows.push_back({'A', mid + k, 1 + below(9)});
            }
            say(ns, rows, kRowSnapshot);
        } else {
            mid += below(3) - 1;
            for (auto& [key, size] : book)
                if ((key.first == 'B') == (key.second >= mid) && key.second != mid && size != 0)
                    rows.push_back({key.first, key.second, 0});
            for (int i = 0; i < 4; ++i) {
                const std::int64_t k = 1 + below(8);
                const char side = below(2) == 0 ? 'B' : 'A';
                rows.push_back({side, side == 'B' ? mid - k : mid + k, below(10)});
            }
            if (below(300) == 0) ++sequence_;  // lost on the way
            say(ns, rows, 0);
        }
        for (const Shown& row : rows) book[{row.side, row.price}] = row.size;
        if (below(3) != 0) continue;
        const Side side = below(2) == 0 ? Side::kBuy : Side::kSell;
        const bool any = below(2) == 0;
        const std::int64_t price = mid + below(9) - 4;
        const std::int64_t units = 1 + below(40);
        const ApprovedOrder order = any ? market(ns + 50, side, units, TimeInForce::kIoc)
                                        : limit(ns + 50, side, units, price, TimeInForce::kIoc);
        orders[static_cast<std::uint64_t>(order.id())] = {
            side, {{ns + 50, ns + 50, any ? 0 : cents(price).raw(), qty(units).raw()}}};
        sent.push_back(order);
    }
    finish();
    std::vector<proofs::AuditedFill> fills;
    for (const ApprovedOrder& order : sent) {
        const auto own = exchange_->fills(order);
        walked += own.size() > 1 ? 1 : 0;
        for (const Event& fill : own)
            fills.push_back({static_cast<std::uint64_t>(order.id()),
                             core::ns_since_epoch(fill.time()) - kResponseLatency,
                             fill.report().price.raw(), fill.report().quantity.raw()});
    }
    const auto audit = [&](const std::vector<proofs::AuditedFill>& planted) {
        proofs::FillAudit ledger{orders, planted};
        for (const proofs::ShownLevels& step : shown) ledger.show(step);
        return ledger.finish();
    };
    const proofs::FillAuditReport report = audit(fills);
    EXPECT_GT(walked, 300);
    EXPECT_EQ(report.by_display, fills.size());
    EXPECT_EQ(report.faulty(), 0U);
    for (const auto& violation : report.violations) ADD_FAILURE() << describe(violation.fault);
    // A venue that took one unit more than a level showed, of the first order that walked.
    for (proofs::AuditedFill& fill : fills) {
        if (fill.quantity_raw >= orders[fill.order].terms[0].quantity_raw) continue;
        fill.quantity_raw += qty(1).raw();
        break;
    }
    EXPECT_GT(audit(fills).faulty(), 0U);
}

// After each quote, its side by side with two levels behind it; now and then an update is lost.
std::vector<Event> with_books(const std::vector<Event>& ticks) {
    std::vector<Event> out;
    std::int64_t sequence = 0;
    for (const Event& tick : ticks) {
        out.push_back(tick);
        if (tick.kind() != EventKind::kQuote) continue;
        ++sequence;
        const unsigned flags = sequence % 5 == 1 ? kRowSnapshot : 0U;
        if (sequence % 37 == 0) continue;
        for (std::int64_t k = 0; k < 3; ++k) {
            const Quote& q = tick.quote();
            const Price bid = Price::from_raw(q.bid.raw() - k * cents(1).raw());
            const Price ask = Price::from_raw(q.ask.raw() + k * cents(1).raw());
            const auto add = [&](Price price, Quantity size, unsigned own) {
                out.push_back(Event::level(tick.time(), tick.symbol(),
                                           {price, size, sequence, sequence - 1, 0},
                                           static_cast<std::uint8_t>(flags | own)));
            };
            add(bid, q.bid_size, kFlagBidLevel);
            add(ask, q.ask_size, kFlagAskLevel | (k == 2 ? kRowEventEnd : 0U));
        }
    }
    return out;
}

TEST(FullBookRuns, give_one_digest_in_every_placement_and_another_than_best_quotes) {
    const std::vector<Event> ticks = random_market(1'500, 1);
    const std::vector<Event> market = with_books(ticks);
    Settings settings = busy_settings();
    const std::string best = run(settings, ticks, 1).digest;
    settings.venue.market = MarketModel::kBook;
    const RunRecord fused = run(settings, market, 1);
    EXPECT_GT(fused.fills, 5U);
    EXPECT_NE(fused.digest, best);
    for (unsigned cuts = 1; cuts < 16; ++cuts)
        EXPECT_EQ(run(settings, market, 1, static_cast<CutMask>(cuts)).digest, fused.digest)
            << cuts;
}

TEST(FullBookRuns, know_a_stream_by_each_of_its_updates) {
    std::vector<Event> market = with_books(random_market(500, 1));
    Settings settings = busy_settings();
    settings.venue.market = MarketModel::kBook;
    const RunRecord before = run(settings, market, 1);
    const auto last = std::find_if(market.rbegin(), market.rend(), [](const Event& event) {
        return event.kind() == EventKind::kLevel;
    });
    LevelUpdate changed = last->level();
    changed.quantity += qty(1);
    *last = Event::level(last->time(), last->symbol(), changed, last->flags());
    EXPECT_NE(run(settings, market, 1).data_checksum, before.data_checksum);
}

}  // namespace
}  // namespace sluice::tests::trade_path
