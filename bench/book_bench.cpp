// Measures the order books: updates per second with full order tracking, beside the textbook's
// std::map of levels and std::unordered_map of orders, in the same rounds on the same rows.
//
//   book_bench [--rounds R] [--resting N] [--json FILE] [--mbo FILE]
//
//   --mbo   an uncompressed DBN version 1 file of the mbo schema, looped; else generated rows only
//
// Method: bench/burst.hpp. A block is the next million updates of one endless stream, which every
// contender applies to its own book; 19 rounds and the warm-up make 20 million. Resting orders keep
// to N (default 50,000: several times those of a busy future), three of four cancels hit one of the
// youngest orders, and the market moves through its levels.
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

#include <sluice/core/hot/tsc.hpp>
#include <sluice/core/thread.hpp>
#include <sluice/pipeline/book_rebuild.hpp>
#include <sluice/pipeline/tick_import.hpp>

#include "burst.hpp"
#include "report.hpp"

namespace sluice::bench {
namespace {

using pipeline::OrderRow;
using pipeline::Side;

constexpr std::size_t kBlockRows = 1'000'000;
constexpr std::int64_t kTick = 250'000'000;  // 0.25

// The baseline: a tree of levels, a list of orders in each, a hash table of places in the lists.
class TextbookBook {
  public:
    void apply(const OrderRow& row) {
        if (row.action == 'A') {
            add(row.order, row.side, row.price_raw, row.quantity_raw);
        } else if (row.action == 'C' || row.action == 'M') {
            const auto found = orders_.find(row.order);
            if (found == orders_.end()) return;
            if (row.action == 'C')
                cancel(found, row.quantity_raw);
            else
                modify(found, row);
        }
    }
    void clear() {
        orders_.clear();
        for (auto& side : sides_) side.clear();
    }
    [[nodiscard]] std::size_t resting() const { return orders_.size(); }
    [[nodiscard]] std::int64_t best_bid() const { return sides_[0].rbegin()->first; }
    [[nodiscard]] std::int64_t best_ask() const { return sides_[1].begin()->first; }

  private:
    struct Order {
        std::int64_t id;
        std::int64_t quantity;
    };
    struct Level {
        std::int64_t quantity = 0;
        std::list<Order> orders;
    };
    using Levels = std::map<std::int64_t, Level>;
    struct Place {
        std::uint8_t side;
        Levels::iterator level;
        std::list<Order>::iterator order;
    };
    using Orders = std::unordered_map<std::int64_t, Place>;

    void add(std::int64_t id, std::uint8_t side, std::int64_t price, std::int64_t quantity) {
        const auto level = sides_[side == 'B' ? 0 : 1].try_emplace(price).first;
        level->second.quantity += quantity;
        const auto order = level->second.orders.insert(level->second.orders.end(), {id, quantity});
        orders_[id] = {side, level, order};
    }
    void cancel(Orders::iterator at, std::int64_t quantity) {
        Place& place = at->second;
        if (quantity < place.order->quantity) {
            place.order->quantity -= quantity;
            place.level->second.quantity -= quantity;
        } else {
            remove(at);
        }
    }
    void modify(Orders::iterator at, const OrderRow& row) {
        Place& place = at->second;
        if (row.price_raw == place.level->first && row.quantity_raw <= place.order->quantity) {
            place.level->second.quantity -= place.order->quantity - row.quantity_raw;
            place.order->quantity = row.quantity_raw;
            return;
        }
        remove(at);
        add(row.order, row.side, row.price_raw, row.quantity_raw);
    }
    void remove(Orders::iterator at) {
        const Place place = at->second;
        place.level->second.quantity -= place.order->quantity;
        place.level->second.orders.erase(place.order);
        if (place.level->second.orders.empty())
            sides_[place.side == 'B' ? 0 : 1].erase(place.level);
        orders_.erase(at);
    }

    Orders orders_;
    Levels sides_[2];
};

// Adds, cancels and modifies around a price that walks; what it walks over is cancelled.
class Market {
  public:
    explicit Market(std::size_t resting) : resting_(resting) {}

    void next(std::vector<OrderRow>& rows, std::size_t count) {
        rows.clear();
        while (rows.size() < count) step(rows);
    }

  private:
    struct Live {
        std::int64_t id;
        std::int64_t ticks;
        std::int64_t quantity;
        bool bid;
    };
    void emit(std::vector<OrderRow>& rows, char action, const Live& order, std::int64_t quantity) {
        rows.push_back({0, order.id, order.ticks * kTick, quantity, 0, 0,
                        static_cast<std::uint8_t>(action),
                        static_cast<std::uint8_t>(order.bid ? 'B' : 'A'), pipeline::kRowEventEnd});
    }
    void step(std::vector<OrderRow>& rows) {
        if (random_() % 5'000 == 0) walk(rows);
        const auto what = random_() % 100;
        const bool few = live_.size() < resting_;
        if (live_.empty() || what < (few ? 55U : 38U))
            add(rows);
        else if (what < 88)
            cancel(rows, pick());
        else
            modify(rows, live_[pick()]);
    }
    // Mostly near the best, sometimes hundreds of levels away.
    std::int64_t distance() {
        const auto far = random_() % 50 == 0 ? random_() % 800 : 0;
        return 1 + static_cast<std::int64_t>(near_(random_)) + static_cast<std::int64_t>(far);
    }
    std::int64_t ticks(bool bid) { return bid ? middle_ - distance() : middle_ + distance(); }
    std::int64_t quantity() { return static_cast<std::int64_t>(1 + random_() % 20) * 100'000'000; }
    void add(std::vector<OrderRow>& rows) {
        id_ += 1 + static_cast<std::int64_t>(random_() % 8);
        const bool bid = random_() % 2 == 0;
        live_.push_back({id_, ticks(bid), quantity(), bid});
        emit(rows, 'A', live_.back(), live_.back().quantity);
    }
    std::size_t pick() {
        const std::size_t young = std::min<std::size_t>(live_.size(), 2'000);
        return random_() % 4 != 0 ? live_.size() - 1 - random_() % young : random_() % live_.size();
    }
    void cancel(std::vector<OrderRow>& rows, std::size_t i) {
        emit(rows, 'C', live_[i], live_[i].quantity);
        live_[i] = live_.back();
        live_.pop_back();
    }
    void modify(std::vector<OrderRow>& rows, Live& order) {
        if (random_() % 2 == 0) order.ticks = ticks(order.bid);
        order.quantity = quantity();
        emit(rows, 'M', order, order.quantity);
    }
    void walk(std::vector<OrderRow>& rows) {
        middle_ += random_() % 2 == 0 ? 1 : -1;
        for (std::size_t i = live_.size(); i-- > 0;) {
            const Live& order = live_[i];
            if (order.bid ? order.ticks >= middle_ : order.ticks <= middle_) cancel(rows, i);
        }
    }

    std::size_t resting_;
    std::mt19937_64 random_{7};
    std::geometric_distribution<int> near_{0.03};
    std::vector<Live> live_;
    std::int64_t middle_ = 19'200;
    std::int64_t id_ = 0;
};

// Where the rows of a round come from; all contenders of the round get the same.
class Source {
  public:
    explicit Source(std::size_t resting) : market_(resting) {}
    explicit Source(std::vector<OrderRow> looped) : looped_(std::move(looped)) {}

    const std::vector<OrderRow>& block(std::size_t round) {
        if (round == round_) return rows_;
        round_ = round;
        if (looped_.empty()) {
            market_.next(rows_, kBlockRows);
        } else {
            rows_.clear();
            while (rows_.size() + looped_.size() <= kBlockRows || rows_.empty())
                rows_.insert(rows_.end(), looped_.begin(), looped_.end());
        }
        return rows_;
    }

  private:
    Market market_{1};
    std::vector<OrderRow> looped_;
    std::vector<OrderRow> rows_;
    std::size_t round_ = ~std::size_t{0};
};

bool has_priority = true;
void set_real_time(bool on) {
    sched_param param{};
    param.sched_priority = on ? 50 : 0;
    if (pthread_setschedparam(pthread_self(), on ? SCHED_FIFO : SCHED_OTHER, &param) != 0)
        has_priority = false;
}

template <class Book, class Apply>
Contender contender(const char* name, std::shared_ptr<Book> book, std::shared_ptr<Source> source,
                    Apply apply) {
    auto round = std::make_shared<std::size_t>(0);
    return {name,
            [book, source, round, apply] {
                const std::vector<OrderRow>& rows = source->block((*round)++);
                set_real_time(true);
                const auto start = std::chrono::steady_clock::now();
                apply(*book, rows);
                const auto took = std::chrono::steady_clock::now() - start;
                set_real_time(false);
                std::this_thread::sleep_for(took);
                const double ns = std::chrono::duration<double, std::nano>(took).count() /
                                  static_cast<double>(rows.size());
                return Sample{ns, ns};
            },
            {}};
}

// Runs the three books over one source; false when they do not end as the same book.
bool measure(const char* name, const std::shared_ptr<Source>& source, int rounds,
             std::vector<Section>& sections) {
    const auto textbook = std::make_shared<TextbookBook>();
    const auto book = std::make_shared<pipeline::OrderBook>();
    const auto ahead = std::make_shared<pipeline::OrderBook>();
    Section section{name, "std::map and std::unordered_map", false, {}, {}};
    section.contenders.push_back(contender("std::map and std::unordered_map", textbook, source,
                                           [](TextbookBook& it, const std::vector<OrderRow>& rows) {
                                               for (const OrderRow& row : rows) {
                                                   if (row.action == 'R') it.clear();
                                                   it.apply(row);
                                               }
                                           }));
    section.contenders.push_back(contender(
        "OrderBook", book, source, [](pipeline::OrderBook& it, const std::vector<OrderRow>& rows) {
            for (const OrderRow& row : rows) (void)it.apply(row);
        }));
    section.contenders.push_back(
        contender("OrderBook, ids prefetched", ahead, source,
                  [](pipeline::OrderBook& it, const std::vector<OrderRow>& rows) {
                      for (std::size_t i = 0; i < rows.size(); ++i) {
                          if (i + 8 < rows.size()) it.prefetch(rows[i + 8].order);
                          (void)it.apply(rows[i]);
                      }
                  }));
    run_rounds(section.contenders, rounds, 1);
    print(section);
    const bool same = textbook->resting() == book->resting() &&
                      textbook->resting() == ahead->resting() &&
                      textbook->best_bid() == book->level(Side::kBuy, 0).price.raw() &&
                      textbook->best_ask() == book->level(Side::kSell, 0).price.raw();
    std::printf("  %zu orders rest on %zu + %zu levels; the books are %s\n", book->resting(),
                book->depth(Side::kBuy), book->depth(Side::kSell), same ? "the same" : "DIFFERENT");
    sections.push_back(std::move(section));
    return same;
}

// A clear, then the rows of a DBN version 1 file: 56 bytes each, the mbo schema of Databento.
std::vector<OrderRow> read_mbo(const std::string& path) {
    const std::string bytes = pipeline::read_source_file(path);  // throws, naming the path
    const auto at = [&bytes](std::size_t place, auto value) {
        std::memcpy(&value, bytes.data() + place, sizeof value);
        return value;
    };
    std::vector<OrderRow> out;
    if (bytes.size() < 8) return out;
    out.push_back({0, 0, 0, 0, 0, 0, 'R', 'N', 0});
    for (std::size_t i = 8 + at(4, std::uint32_t{}); i + 56 <= bytes.size(); i += 56) {
        const auto vendor = at(i + 36, std::uint8_t{});
        out.push_back({at(i + 8, std::int64_t{}), at(i + 16, std::int64_t{}),
                       at(i + 24, std::int64_t{}),
                       std::int64_t{at(i + 32, std::uint32_t{})} * 100'000'000, 0, 0,
                       at(i + 38, std::uint8_t{}), at(i + 39, std::uint8_t{}),
                       (vendor & 128) != 0 ? pipeline::kRowEventEnd : std::uint8_t{0}});
    }
    return out;
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
    using namespace sluice;
    int rounds = 19;
    std::size_t resting = 50'000;
    std::string json_file;
    std::string mbo_file;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--rounds") == 0) rounds = std::stoi(argv[i + 1]);
        if (std::strcmp(argv[i], "--resting") == 0) resting = std::stoull(argv[i + 1]);
        if (std::strcmp(argv[i], "--json") == 0) json_file = argv[i + 1];
        if (std::strcmp(argv[i], "--mbo") == 0) mbo_file = argv[i + 1];
    }
    const auto cores = core::available_cores();
    if (!cores.empty()) (void)core::pin_this_thread(cores.back());
    std::vector<bench::Section> sections;
    bool same = bench::measure("generated orders", std::make_shared<bench::Source>(resting), rounds,
                               sections);
    if (!mbo_file.empty()) {
        std::vector<pipeline::OrderRow> rows = bench::read_mbo(mbo_file);
        if (rows.empty()) {
            std::fprintf(stderr, "%s: holds no records\n", mbo_file.c_str());
            return 2;
        }
        same = bench::measure("recorded orders, looped",
                              std::make_shared<bench::Source>(std::move(rows)), rounds, sections) &&
               same;
    }
    if (!json_file.empty())
        bench::write_json(json_file.c_str(), sections, rounds, 0, bench::has_priority);
    return same ? 0 : 1;
}
