// A market in messages of ITCH 5.0, for itch_bench: adds, cancellations, replacements and executions around
// prices that walk, in datagrams of up to twelve. The same for every run.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <sluice/adapters/itch/hot/itch_feed.hpp>
#include <sluice/adapters/itch/itch_encoder.hpp>

namespace sluice::bench {

inline constexpr std::size_t kBlockMessages = 400'000;
using Datagram = std::span<const std::byte>;

// Adds, cancels, replaces and executes orders; what a price walks over is executed.
class ItchMarket {
  public:
    ItchMarket(std::size_t symbols, std::size_t resting)
        : live_(symbols), resting_(resting / symbols) {
        middle_.assign(symbols, 1'000'000);
    }

    pipeline::MarketUpdate next() {
        pipeline::MarketUpdate out;
        out.time_ns = ++time_;
        if (!walked_over_.empty()) {
            out.action = pipeline::MarketAction::kExecuted;
            out.symbol = walked_symbol_;
            out.order = walked_over_.back().id;
            out.shares = walked_over_.back().shares;
            out.match = ++match_;
            walked_over_.pop_back();
            return out;
        }
        const std::size_t symbol = random_() % live_.size();
        out.symbol = static_cast<std::uint16_t>(symbol + 1);
        std::vector<Live>& live = live_[symbol];
        const auto what = random_() % 100;
        if (live.empty() || what < (live.size() < resting_ ? 55U : 42U))
            add(symbol, out);
        else
            change(symbol, what, out);
        if (random_() % 500 == 0) walk(symbol);
        return out;
    }

  private:
    struct Live {
        std::uint64_t id;
        std::uint32_t shares;
        std::uint32_t price;
        pipeline::Side side;
    };
    void walk(std::size_t symbol) {
        const std::int64_t middle = middle_[symbol] += random_() % 2 == 0 ? 100 : -100;
        walked_symbol_ = static_cast<std::uint16_t>(symbol + 1);
        std::erase_if(live_[symbol], [&](const Live& order) {
            const bool gone =
                order.side == pipeline::Side::kBuy ? order.price >= middle : order.price <= middle;
            if (gone) walked_over_.push_back(order);
            return gone;
        });
    }
    std::uint32_t price(std::size_t symbol, pipeline::Side side) {
        const std::int64_t far =
            random_() % 50 == 0 ? static_cast<std::int64_t>(random_() % 300) : 0;
        const std::int64_t away = 100 * (1 + static_cast<std::int64_t>(near_(random_)) + far);
        return static_cast<std::uint32_t>(side == pipeline::Side::kBuy ? middle_[symbol] - away
                                                                       : middle_[symbol] + away);
    }
    std::uint32_t shares() { return static_cast<std::uint32_t>(1 + random_() % 10) * 100; }
    void add(std::size_t symbol, pipeline::MarketUpdate& out) {
        out.action = pipeline::MarketAction::kAdd;
        out.order = ++order_;
        out.side = random_() % 2 == 0 ? pipeline::Side::kBuy : pipeline::Side::kSell;
        out.shares = shares();
        out.price = price(symbol, out.side);
        live_[symbol].push_back({out.order, out.shares, out.price, out.side});
    }
    void change(std::size_t symbol, std::uint64_t what, pipeline::MarketUpdate& out) {
        std::vector<Live>& live = live_[symbol];
        const std::size_t young = std::min<std::size_t>(live.size(), 500);
        const std::size_t i =
            random_() % 4 != 0 ? live.size() - 1 - random_() % young : random_() % live.size();
        Live& order = live[i];
        out.order = order.id;
        if (what < 85) {
            out.action = pipeline::MarketAction::kDeleted;
            order = live.back();
            live.pop_back();
        } else if (what < 93) {
            out.action = pipeline::MarketAction::kReplaced;
            order.id = out.new_order = ++order_;
            order.shares = out.shares = shares();
            order.price = out.price = price(symbol, order.side);
        } else {
            out.action =
                what < 97 ? pipeline::MarketAction::kExecuted : pipeline::MarketAction::kReduced;
            out.shares = order.shares > 100 ? 100 : order.shares;
            out.match = ++match_;
            if ((order.shares -= out.shares) == 0) {
                order = live.back();
                live.pop_back();
            }
        }
    }

    std::vector<std::vector<Live>> live_;
    std::vector<Live> walked_over_;
    std::uint16_t walked_symbol_ = 0;
    std::vector<std::int64_t> middle_;
    std::size_t resting_;
    std::mt19937_64 random_{7};
    std::geometric_distribution<int> near_{0.05};
    std::uint64_t order_ = 0;
    std::uint64_t match_ = 0;
    std::int64_t time_ = 0;
};

inline std::vector<pipeline::ExchangeSymbol> listing(std::size_t symbols) {
    std::vector<pipeline::ExchangeSymbol> out(symbols);
    for (std::size_t i = 0; i < symbols; ++i) {
        out[i].name.fill(' ');
        const std::string name = "S" + std::to_string(i);
        std::copy(name.begin(), name.end(), out[i].name.begin());
    }
    return out;
}

// A block of datagrams a round; the first begins with the directory.
class ItchSource {
  public:
    ItchSource(std::size_t symbols, std::size_t resting)
        : market_(symbols, resting), encoder_(listing(symbols), 0), symbols_(symbols) {}

    const std::vector<Datagram>& block(std::size_t round) {
        if (round == round_) return datagrams_;
        round_ = round;
        bytes_.clear();
        ends_.clear();
        if (round == 0) {
            pipeline::MarketUpdate update;
            update.action = pipeline::MarketAction::kDirectory;
            for (std::size_t i = 0; i < symbols_; ++i) {
                update.symbol = static_cast<std::uint16_t>(i + 1);
                open(1);
                put(update);
            }
        }
        for (std::size_t sent = 0; sent < kBlockMessages;) {
            const std::size_t count = std::min(kBlockMessages - sent, 1 + random_() % 12);
            open(count);
            for (std::size_t i = 0; i < count; ++i) put(market_.next());
            sent += count;
        }
        ends_.push_back(bytes_.size());
        datagrams_.clear();
        for (std::size_t i = 0; i + 1 < ends_.size(); ++i)
            datagrams_.emplace_back(bytes_.data() + ends_[i], ends_[i + 1] - ends_[i]);
        return datagrams_;
    }

  private:
    void open(std::size_t count) {
        ends_.push_back(bytes_.size());
        std::array<std::byte, adapters::itch::kMoldHeader> header;
        adapters::itch::write_mold_header(header, {adapters::itch::mold_session("BENCH"), next_,
                                                   static_cast<std::uint16_t>(count)});
        bytes_.insert(bytes_.end(), header.begin(), header.end());
        next_ += count;
    }
    void put(const pipeline::MarketUpdate& update) {
        std::array<std::byte, adapters::itch::kItchMessageMax> message;
        const std::size_t size = encoder_.encode(update, message);
        bytes_.push_back(std::byte{0});
        bytes_.push_back(static_cast<std::byte>(size));
        bytes_.insert(bytes_.end(), message.begin(),
                      message.begin() + static_cast<std::ptrdiff_t>(size));
    }

    ItchMarket market_;
    adapters::itch::ItchEncoder encoder_;
    std::size_t symbols_;
    std::mt19937_64 random_{3};
    std::uint64_t next_ = 1;
    std::size_t round_ = ~std::size_t{0};
    std::vector<std::byte> bytes_;
    std::vector<std::size_t> ends_;
    std::vector<Datagram> datagrams_;
};

}  // namespace sluice::bench
