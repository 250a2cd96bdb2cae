// Measures the matching engine: requests per second, beside the textbook's std::map of levels,
// std::list of orders and std::unordered_map of refs, in the same rounds on the same requests.
//
//   exchange_bench [--rounds R] [--symbols N] [--resting N] [--json FILE]
//
// Method: bench/burst.hpp. A block is the next half a million requests of one endless stream, which
// both contenders work off; both have to say the same to market and clients, or the program fails.
// Of ten requests four are orders that rest, five cancellations, one an order that executes. Both
// tell a listener of every execution, order and report through a virtual call; the textbook's has
// no ticks, halts, self-match prevention, used refs, or bounds.
#include <pthread.h>
#include <sched.h>

#include <cstdio>
#include <cstring>
#include <list>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include <sluice/adapters/exchange/matching_engine.hpp>
#include <sluice/core/thread.hpp>

#include "burst.hpp"
#include "report.hpp"

namespace sluice::bench {
namespace {

using adapters::exchange::ExchangeSettings;
using adapters::exchange::MatchingEngine;
using pipeline::MarketAction;
using pipeline::MarketUpdate;
using pipeline::OrderReport;
using pipeline::OrderRequest;
using pipeline::ReportKind;
using pipeline::RequestKind;
using pipeline::Side;

constexpr std::size_t kBlockRequests = 500'000;

// Adds up what it hears, so that two exchanges can be compared.
struct Ear final : pipeline::MarketListener, pipeline::ReportListener {
    void on_update(const MarketUpdate& u) noexcept override {
        sum = sum * 31 + u.order + u.match + u.shares * std::uint64_t{u.price} +
              static_cast<std::uint64_t>(u.action);
    }
    void on_report(const OrderReport& r) noexcept override {
        sum = sum * 31 + r.ref + r.match + r.shares + static_cast<std::uint64_t>(r.kind);
    }
    std::uint64_t sum = 0;
};

class TextbookExchange {
  public:
    TextbookExchange(std::size_t symbols, Ear& ear)
        : books_(2 * (symbols + 1)), market_(ear), clients_(ear) {}

    void request(const OrderRequest& r) {
        if (r.kind == RequestKind::kEnter)
            enter(r);
        else
            cancel(r);
    }
    [[nodiscard]] std::size_t resting() const { return orders_.size(); }

  private:
    struct Order {
        std::uint64_t ref;
        std::uint64_t number;
        std::uint32_t client;
        std::uint32_t shares;
    };
    // Keyed so that the best price comes first on both sides.
    using Levels = std::map<std::int64_t, std::list<Order>>;
    struct Place {
        Levels* side;
        Levels::iterator level;
        std::list<Order>::iterator order;
    };

    [[nodiscard]] static std::uint64_t key_of(std::uint32_t client, std::uint64_t ref) {
        return ref * 4 + client;
    }
    void enter(const OrderRequest& r) {
        const std::uint64_t number = ++number_;
        report(ReportKind::kAccepted, r.ref, r.client, r.shares, 0);
        const bool buys = r.side == Side::kBuy;
        Levels& others = books_[2U * r.symbol + (buys ? 1U : 0U)];
        std::uint32_t left = r.shares;
        while (left != 0 && !others.empty()) {
            const auto best = others.begin();
            const auto price = static_cast<std::uint32_t>(std::abs(best->first));
            if (buys ? price > r.price : price < r.price) break;
            Order& first = best->second.front();
            const std::uint32_t shares = std::min(left, first.shares);
            left -= shares;
            first.shares -= shares;
            ++match_;
            tell(MarketAction::kExecuted, first.number, shares, price, match_);
            report(ReportKind::kExecuted, first.ref, first.client, shares, match_);
            report(ReportKind::kExecuted, r.ref, r.client, shares, match_);
            if (first.shares != 0) continue;
            orders_.erase(key_of(first.client, first.ref));
            best->second.pop_front();
            if (best->second.empty()) others.erase(best);
        }
        if (left == 0) return;
        Levels& own = books_[2U * r.symbol + (buys ? 0U : 1U)];
        const auto key = buys ? -std::int64_t{r.price} : std::int64_t{r.price};
        const auto level = own.try_emplace(key).first;
        const auto at = level->second.insert(level->second.end(), {r.ref, number, r.client, left});
        orders_[key_of(r.client, r.ref)] = {&own, level, at};
        tell(MarketAction::kAdd, number, left, r.price, 0);
    }
    void cancel(const OrderRequest& r) {
        const auto found = orders_.find(key_of(r.client, r.ref));
        if (found == orders_.end())
            return report(ReportKind::kCancelRejected, r.ref, r.client, 0, 0);
        const Place place = found->second;
        report(ReportKind::kCancelled, r.ref, r.client, place.order->shares, 0);
        tell(MarketAction::kDeleted, place.order->number, place.order->shares,
             static_cast<std::uint32_t>(std::abs(place.level->first)), 0);
        place.level->second.erase(place.order);
        if (place.level->second.empty()) place.side->erase(place.level);
        orders_.erase(found);
    }
    void tell(MarketAction action, std::uint64_t order, std::uint32_t shares, std::uint32_t price,
              std::uint64_t match) {
        market_.on_update(
            {.order = order, .match = match, .shares = shares, .price = price, .action = action});
    }
    void report(ReportKind kind, std::uint64_t ref, std::uint32_t client, std::uint32_t shares,
                std::uint64_t match) {
        clients_.on_report(
            {.kind = kind, .client = client, .ref = ref, .match = match, .shares = shares});
    }

    std::vector<Levels> books_;
    std::unordered_map<std::uint64_t, Place> orders_;
    pipeline::MarketListener& market_;
    pipeline::ReportListener& clients_;
    std::uint64_t number_ = 0;
    std::uint64_t match_ = 0;
};

// Orders around prices that walk; what was executed meanwhile is cancelled in vain, as in life.
class Requests {
  public:
    Requests(std::size_t symbols, std::size_t resting)
        : resting_(resting), middle_(symbols, 10'000) {}

    const std::vector<OrderRequest>& block(std::size_t round) {
        if (round == round_) return block_;
        round_ = round;
        block_.clear();
        while (block_.size() < kBlockRequests) step();
        return block_;
    }

  private:
    void step() {
        const auto symbol = random_() % middle_.size();
        const auto what = random_() % 100;
        if (random_() % 500 == 0) middle_[symbol] += random_() % 2 == 0 ? 1U : ~0U;
        // Some of the list were executed meanwhile: fewer rest than live in it.
        if (what < 50 && live_.size() >= resting_) return cancel();
        const bool buys = random_() % 2 == 0;
        const auto away = static_cast<std::uint32_t>(near_(random_));
        const bool takes = what >= 90;
        const std::uint32_t ticks = buys == takes
                                        ? middle_[symbol] + 1 + away % 3 * takes + away * !takes
                                        : middle_[symbol] - away % 3 * takes - away * !takes;
        // Buyers and sellers are two clients: nobody meets himself.
        const std::uint64_t ref = ++refs_[buys ? 0 : 1];
        block_.push_back({.kind = RequestKind::kEnter,
                          .client = buys ? 1U : 2U,
                          .ref = ref,
                          .symbol = static_cast<std::uint16_t>(symbol + 1),
                          .side = buys ? Side::kBuy : Side::kSell,
                          .shares = static_cast<std::uint32_t>(1 + random_() % 20) * 100,
                          .price = ticks * 100});
        if (!takes) live_.push_back({ref, buys});
    }
    void cancel() {
        const std::size_t young = std::min<std::size_t>(live_.size(), 2'000);
        const std::size_t i =
            random_() % 4 != 0 ? live_.size() - 1 - random_() % young : random_() % live_.size();
        block_.push_back(
            {.kind = RequestKind::kCancel, .client = live_[i].buys ? 1U : 2U, .ref = live_[i].ref});
        live_[i] = live_.back();
        live_.pop_back();
    }

    struct Live {
        std::uint64_t ref;
        bool buys;
    };
    std::size_t resting_;
    std::vector<std::uint32_t> middle_;  // ticks
    std::mt19937_64 random_{11};
    std::geometric_distribution<int> near_{0.15};
    std::vector<Live> live_;
    std::uint64_t refs_[2] = {};
    std::vector<OrderRequest> block_;
    std::size_t round_ = ~std::size_t{0};
};

bool has_priority = true;
void set_real_time(bool on) {
    sched_param param{};
    param.sched_priority = on ? 50 : 0;
    if (pthread_setschedparam(pthread_self(), on ? SCHED_FIFO : SCHED_OTHER, &param) != 0)
        has_priority = false;
}

template <class Apply>
Contender contender(const char* name, std::shared_ptr<Requests> source, Apply apply) {
    auto round = std::make_shared<std::size_t>(0);
    return {name,
            [source, round, apply] {
                const std::vector<OrderRequest>& requests = source->block((*round)++);
                set_real_time(true);
                const auto start = std::chrono::steady_clock::now();
                for (const OrderRequest& request : requests) apply(request);
                const auto took = std::chrono::steady_clock::now() - start;
                set_real_time(false);
                std::this_thread::sleep_for(took);
                const double ns = std::chrono::duration<double, std::nano>(took).count() /
                                  static_cast<double>(requests.size());
                return Sample{ns, ns};
            },
            {}};
}

int run(int rounds, std::size_t symbols, std::size_t resting, const std::string& json_file) {
    ExchangeSettings settings;
    for (std::size_t i = 0; i < symbols; ++i)
        settings.symbols.push_back({"S" + std::to_string(i), 1'000'000, 100});
    settings.flow.resting_orders = 2;
    settings.order_capacity = 4 * resting + 4 * symbols;
    MatchingEngine engine(settings);
    Ear ear;
    Ear textbook_ear;
    engine.open(1);
    engine.connect(&ear, &ear, nullptr);
    TextbookExchange textbook(symbols, textbook_ear);
    const auto source = std::make_shared<Requests>(symbols, resting);
    std::vector<Section> sections{{"requests", "std::map, list and unordered_map", false, {}, {}}};
    sections[0].contenders.push_back(
        contender("std::map, list and unordered_map", source,
                  [&](const OrderRequest& request) { textbook.request(request); }));
    sections[0].contenders.push_back(
        contender("MatchingEngine", source,
                  [&](const OrderRequest& request) { engine.request(request, 1); }));
    run_rounds(sections[0].contenders, rounds, 1);
    print(sections[0]);
    const auto& counts = engine.counts();
    const bool same = ear.sum == textbook_ear.sum && engine.books().size() == textbook.resting();
    std::printf(
        "  %zu orders rest; %.1f %% of requests executed; both said %s\n", engine.books().size(),
        100.0 * static_cast<double>(counts.executions) / static_cast<double>(counts.requests),
        same ? "the same" : "DIFFERENT things");
    if (!json_file.empty()) write_json(json_file.c_str(), sections, rounds, 0, has_priority);
    return same ? 0 : 1;
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
    int rounds = 19;
    std::size_t symbols = 100;
    std::size_t resting = 50'000;
    std::string json_file;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--rounds") == 0) rounds = std::stoi(argv[i + 1]);
        if (std::strcmp(argv[i], "--symbols") == 0) symbols = std::stoull(argv[i + 1]);
        if (std::strcmp(argv[i], "--resting") == 0) resting = std::stoull(argv[i + 1]);
        if (std::strcmp(argv[i], "--json") == 0) json_file = argv[i + 1];
    }
    const auto cores = sluice::core::available_cores();
    if (!cores.empty()) (void)sluice::core::pin_this_thread(cores.back());
    return sluice::bench::run(rounds, symbols, resting, json_file);
}
