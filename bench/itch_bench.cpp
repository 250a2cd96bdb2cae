// What a message of ITCH 5.0 costs from its datagram to its trade or quote: ItchFeed over one line
// and over two, beside the bare reading of the messages and beside a feed as a textbook has it
// (std::map of levels, std::unordered_map of orders).
//
//   itch_bench [--rounds N] [--resting ORDERS] [--symbols N] [--json FILE]
//
// The messages are generated (itch_market.hpp). All contenders of a round get the same, and have to end
// with the same books and the same number of trades and quotes. Exit status: 0, or 1 when they do not.
#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include <sluice/adapters/itch/hot/itch_feed.hpp>
#include <sluice/core/thread.hpp>

#include "burst.hpp"
#include "itch_market.hpp"
#include "report.hpp"

namespace sluice::bench {
namespace {

namespace itch = adapters::itch;
using pipeline::Event;
using pipeline::Side;

template <class Fn>
void for_each_message(const std::vector<Datagram>& datagrams, Fn&& fn) {
    for (const Datagram& datagram : datagrams) {
        itch::MoldHeader header;
        if (!itch::read_mold_header(datagram, header) || !itch::mold_blocks_fit(datagram, header))
            continue;
        for (std::size_t at = itch::kMoldHeader; at < datagram.size();) {
            const std::size_t size = core::load_big<std::uint16_t>(datagram.data() + at);
            const Datagram message = datagram.subspan(at + 2, size);
            at += 2 + size;
            if (itch::check_itch(message) == itch::ItchCheck::kGood) fn(itch::ItchMessage(message));
        }
    }
}

// Reads what an order message has to say, and nothing more.
struct Reader {
    std::uint64_t sum = 0;
    void take(const std::vector<Datagram>& datagrams) {
        for_each_message(datagrams, [this](const itch::ItchMessage& m) {
            sum += m.locate() + m.time_ns();
            switch (m.type()) {
                case 'A': sum += m.order() + m.add_shares() + m.add_price(); break;
                case 'E': sum += m.order() + m.taken_shares() + m.match(); break;
                case 'X': sum += m.order() + m.taken_shares(); break;
                case 'D': sum += m.order(); break;
                case 'U': sum += m.order() + m.new_order() + m.new_shares() + m.new_price(); break;
                default: break;
            }
        });
    }
};

class TextbookFeed {
  public:
    explicit TextbookFeed(std::size_t symbols) : sides_(2 * symbols), tops_(symbols) {}

    void take(const std::vector<Datagram>& datagrams) {
        for_each_message(datagrams, [this](const itch::ItchMessage& m) { on(m); });
    }
    [[nodiscard]] std::uint64_t events() const { return events_; }
    [[nodiscard]] std::uint32_t best(std::size_t symbol, Side side) const {
        const Levels& levels = sides_[2 * symbol + (side == Side::kSell ? 1 : 0)];
        if (levels.empty()) return 0;
        return side == Side::kBuy ? levels.rbegin()->first : levels.begin()->first;
    }
    [[nodiscard]] std::size_t resting() const { return orders_.size(); }

  private:
    using Levels = std::map<std::uint32_t, std::uint64_t>;
    struct Order {
        std::uint32_t price;
        std::uint32_t shares;
        bool sell;
    };
    using Orders = std::unordered_map<std::uint64_t, Order>;

    void on(const itch::ItchMessage& m) {
        const std::size_t symbol = m.locate() - 1U;
        switch (m.type()) {
            case 'A': add(symbol, m.order(), m.side() == 'S', m.add_shares(), m.add_price()); break;
            case 'D': take(symbol, orders_.find(m.order()), ~0U); break;
            case 'E': out(Event{}); [[fallthrough]];
            case 'X': take(symbol, orders_.find(m.order()), m.taken_shares()); break;
            case 'U': {
                const auto found = orders_.find(m.order());
                const bool sell = found->second.sell;
                take(symbol, found, ~0U);
                add(symbol, m.new_order(), sell, m.new_shares(), m.new_price());
                break;
            }
            default: return;
        }
        std::array<std::uint64_t, 4> top{};
        const Levels& bids = sides_[2 * symbol];
        const Levels& asks = sides_[2 * symbol + 1];
        if (!bids.empty()) top[0] = bids.rbegin()->first, top[1] = bids.rbegin()->second;
        if (!asks.empty()) top[2] = asks.begin()->first, top[3] = asks.begin()->second;
        if (top == tops_[symbol]) return;
        tops_[symbol] = top;
        if (top[0] != 0 || top[2] != 0) out(Event{});
    }
    void add(std::size_t symbol, std::uint64_t id, bool sell, std::uint32_t shares,
             std::uint32_t price) {
        orders_[id] = {price, shares, sell};
        sides_[2 * symbol + (sell ? 1 : 0)][price] += shares;
    }
    void take(std::size_t symbol, Orders::iterator at, std::uint32_t shares) {
        Order& order = at->second;
        shares = std::min(shares, order.shares);
        Levels& levels = sides_[2 * symbol + (order.sell ? 1 : 0)];
        const auto level = levels.find(order.price);
        if ((level->second -= shares) == 0) levels.erase(level);
        if ((order.shares -= shares) == 0) orders_.erase(at);
    }
    void out(const Event& event) { ring_[++events_ % ring_.size()] = event; }

    Orders orders_;
    std::vector<Levels> sides_;
    std::vector<std::array<std::uint64_t, 4>> tops_;
    std::vector<Event> ring_{4'096};
    std::uint64_t events_ = 0;
};

// Gives out datagrams where they lie.
class ReplayLine final : public pipeline::DatagramReceiver {
  public:
    void start(const std::vector<Datagram>& datagrams) {
        datagrams_ = datagrams;
        next_ = 0;
    }
    [[nodiscard]] bool done() const { return next_ == datagrams_.size(); }
    [[nodiscard]] Datagram receive() noexcept override {
        return done() ? Datagram{} : datagrams_[next_++];
    }

  private:
    std::span<const Datagram> datagrams_;
    std::size_t next_ = 0;
};

class Feed {
  public:
    Feed(std::size_t symbols, bool two_lines) {
        pipeline::InstrumentTable instruments(symbols);
        for (std::size_t i = 0; i < symbols; ++i) instruments[i].symbol = "S" + std::to_string(i);
        itch::ItchFeedOptions options;
        options.conflate_after = ~std::size_t{0};  // the lines are never empty here
        feed_ = std::make_unique<itch::ItchFeed>(
            instruments, itch::ItchLines{&a_, two_lines ? &b_ : nullptr, nullptr, nullptr},
            options);
        two_lines_ = two_lines;
    }
    void take(const std::vector<Datagram>& datagrams) {
        a_.start(datagrams);
        if (two_lines_) b_.start(datagrams);
        while (!a_.done() || (two_lines_ && !b_.done())) events_ += feed_->poll(++now_).size();
    }
    [[nodiscard]] std::uint64_t events() const { return events_; }
    [[nodiscard]] const itch::ItchFeed& feed() const { return *feed_; }

  private:
    ReplayLine a_;
    ReplayLine b_;
    std::unique_ptr<itch::ItchFeed> feed_;
    bool two_lines_ = false;
    std::uint64_t events_ = 0;
    std::uint64_t now_ = 0;
};

bool has_priority = true;
void set_real_time(bool on) {
    sched_param param{};
    param.sched_priority = on ? 50 : 0;
    if (pthread_setschedparam(pthread_self(), on ? SCHED_FIFO : SCHED_OTHER, &param) != 0)
        has_priority = false;
}

template <class Taker>
Contender contender(const char* name, std::shared_ptr<Taker> taker,
                    std::shared_ptr<ItchSource> source) {
    auto round = std::make_shared<std::size_t>(0);
    return {name,
            [taker, source, round] {
                const std::vector<Datagram>& datagrams = source->block((*round)++);
                set_real_time(true);
                const auto start = std::chrono::steady_clock::now();
                taker->take(datagrams);
                const auto took = std::chrono::steady_clock::now() - start;
                set_real_time(false);
                std::this_thread::sleep_for(took);
                const double ns = std::chrono::duration<double, std::nano>(took).count() /
                                  static_cast<double>(kBlockMessages);
                return Sample{ns, ns};
            },
            {}};
}

bool same(const TextbookFeed& textbook, const Feed& feed, std::size_t symbols) {
    bool out =
        textbook.events() == feed.events() && textbook.resting() == feed.feed().books().resting();
    for (std::size_t i = 0; i < symbols; ++i) {
        const auto top = feed.feed().books().top(static_cast<std::uint16_t>(i));
        out = out && top.bid == textbook.best(i, Side::kBuy) &&
              top.ask == textbook.best(i, Side::kSell);
    }
    return out && feed.feed().counts().malformed == 0 && feed.feed().counts().lost == 0;
}

int run(std::size_t symbols, std::size_t resting, int rounds, const std::string& json_file) {
    const auto source = std::make_shared<ItchSource>(symbols, resting);
    const auto reader = std::make_shared<Reader>();
    const auto textbook = std::make_shared<TextbookFeed>(symbols);
    const auto one = std::make_shared<Feed>(symbols, false);
    const auto two = std::make_shared<Feed>(symbols, true);
    std::vector<Section> sections(1);
    Section& section = sections[0];
    section = {"datagrams to trades and quotes, a message",
               "std::map and std::unordered_map",
               false,
               {},
               {}};
    section.contenders.push_back(contender("std::map and std::unordered_map", textbook, source));
    section.contenders.push_back(contender("messages read, no book", reader, source));
    section.contenders.push_back(contender("ItchFeed, one line", one, source));
    section.contenders.push_back(contender("ItchFeed, two lines", two, source));
    run_rounds(section.contenders, rounds, 1);
    print(section);
    const bool good = same(*textbook, *one, symbols) && same(*textbook, *two, symbols);
    std::printf(
        "  %zu orders rest in %zu books, %.2f events a message; the feeds are %s\n",
        textbook->resting(), symbols,
        static_cast<double>(one->events()) / static_cast<double>(one->feed().counts().messages),
        good ? "the same" : "DIFFERENT");
    if (!json_file.empty()) write_json(json_file.c_str(), sections, rounds, 0, has_priority);
    return good ? 0 : 1;
}

}  // namespace
}  // namespace sluice::bench

int main(int argc, char** argv) {
    using namespace sluice;
    int rounds = 19;
    std::size_t resting = 50'000;
    std::size_t symbols = 8;
    std::string json_file;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--rounds") == 0) rounds = std::stoi(argv[i + 1]);
        if (std::strcmp(argv[i], "--resting") == 0) resting = std::stoull(argv[i + 1]);
        if (std::strcmp(argv[i], "--symbols") == 0) symbols = std::stoull(argv[i + 1]);
        if (std::strcmp(argv[i], "--json") == 0) json_file = argv[i + 1];
    }
    const auto cores = core::available_cores();
    if (!cores.empty()) (void)core::pin_this_thread(cores.back());
    return bench::run(symbols, resting, rounds, json_file);
}
