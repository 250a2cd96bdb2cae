// Both ends of the wire for the suite `latency`: the exchange's side, and the engine's, as
// `sluice run` wires it.
#pragma once

#include <atomic>
#include <chrono>
#include <exception>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include <sched.h>

#include <sluice/adapters/itch/hot/itch_feed.hpp>
#include <sluice/adapters/journal/journal.hpp>
#include <sluice/adapters/net/hot/tcp_stream.hpp>
#include <sluice/adapters/net/hot/udp_receiver.hpp>
#include <sluice/adapters/net/hot/udp_sender.hpp>
#include <sluice/adapters/net/tcp_listener.hpp>
#include <sluice/adapters/ouch/ouch_server.hpp>
#include <sluice/pipeline/live_engine.hpp>

#include "wire_peer.hpp"

namespace sluice::bench::wire {

namespace net = adapters::net;
namespace itch = adapters::itch;
namespace ouch = adapters::ouch;
namespace journal = adapters::journal;

inline constexpr const char* kUser = "BENCH";
inline constexpr std::chrono::seconds kPatience{10};

inline net::Address any_port() { return net::parse_address("127.0.0.1:0"); }

inline void allow_cores(const std::vector<std::size_t>& cores) noexcept {
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const std::size_t core : cores) CPU_SET(core, &set);
    (void)::sched_setaffinity(0, sizeof set, &set);
}

inline pipeline::InstrumentTable instruments() {
    pipeline::InstrumentTable out(kStocks);
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i].symbol = stock_name(i);
        out[i].generated = true;
    }
    return out;
}

// Bars of a millisecond, a 1/2 cross and limit orders at the market: see wire_peer.hpp. The beat is
// so long that trades alone close bars.
inline pipeline::Settings settings() {
    pipeline::Settings s;
    s.account.capital = core::Money::from_units(1'000'000);
    s.clock.beat = core::Nanos{std::chrono::hours{1}};
    s.bars.timeframes = {core::Nanos{kBarNs}};
    pipeline::StrategySettings trend;
    trend.timeframe = core::Nanos{kBarNs};
    trend.set("fast", 1);
    trend.set("slow", 2);
    s.signals.strategies = {trend};
    s.sizing.quantity = core::Quantity::from_units(1);
    s.execution.order_type = pipeline::OrderType::kLimit;
    s.risk.max_orders_per_second = 100'000;
    s.risk.daily_loss = core::Money::from_units(500'000);
    s.venue.commission = pipeline::CommissionKind::kNone;
    s.journal.durability = pipeline::JournalDurability::kAsync;
    // What the recorder has no core for during a burst.
    s.engine.ring_capacity = 1 << 16;
    s.engine.on_stop = pipeline::OnStop::kLeave;
    return s;
}

// The far end of a block: line, market, exchange, and the engine's connection once it has come.
class FarEnd {
  public:
    FarEnd(const net::Address& engine_line, std::size_t triggers)
        : line_(engine_line), market_(line_), exchange_(triggers),
          server_(exchange_, server_config()) {
        exchange_.report_to(server_);
    }

    [[nodiscard]] const net::Address& address() const noexcept { return listener_.address(); }
    [[nodiscard]] Market& market() noexcept { return market_; }
    [[nodiscard]] const FillingExchange& exchange() const noexcept { return exchange_; }
    // What comes when it comes; the rest of the session's duties on top when `whole`.
    void turn(bool whole) {
        if (stream_ != nullptr ? stream_->pump() > 0 || whole : accept()) server_.poll(wall_ns());
    }
    void await_login() {
        const auto until = std::chrono::steady_clock::now() + kPatience;
        while (!server_.soup().is_logged_in(0)) {
            if (std::chrono::steady_clock::now() > until)
                throw std::runtime_error("the engine did not log in to the exchange of this suite");
            turn(true);
            std::this_thread::sleep_for(std::chrono::microseconds{100});
        }
    }
    void linger(std::chrono::milliseconds time) {
        for (const auto until = std::chrono::steady_clock::now() + time;
             std::chrono::steady_clock::now() < until;) {
            turn(true);
            std::this_thread::sleep_for(std::chrono::microseconds{100});
        }
    }

  private:
    static ouch::OuchServerConfig server_config() {
        ouch::OuchServerConfig config;
        config.users.resize(1);
        config.users[0].name = kUser;
        config.users[0].version = ouch::OuchVersion::k42;
        config.day_start_ns = wall_ns() / kDayNs * kDayNs;
        return config;
    }
    bool accept() {
        auto accepted = listener_.accept();
        if (accepted == nullptr) return false;
        stream_ = std::make_unique<StampedStream>(std::move(accepted));
        exchange_.watch(*stream_);
        server_.poll(wall_ns());  // it counts a connection's silence from its last look
        server_.add_connection(std::make_unique<PumpedStream>(*stream_));
        return true;
    }

    net::TcpListener listener_{any_port()};
    net::UdpSender line_;
    Market market_;
    FillingExchange exchange_;
    std::unique_ptr<StampedStream> stream_;
    ouch::OuchServer server_;
};

struct NearOptions {
    core::TscClock clock;
    std::vector<std::size_t> cores;  // the engine has the second, the journal a third if there is
    std::filesystem::path folder;
};

// The engine with its doors, on a thread of its own that only waits for it.
class NearEnd {
  public:
    NearEnd(const NearOptions& options, const net::Address& orders, net::UdpReceiver& line)
        : stream_(orders), session_(stream_, session_config(), options.clock),
          feed_(instruments(), {&line, nullptr, nullptr, nullptr}, feed_options(options.clock)),
          host_([this, options] { run(options); }) {}
    ~NearEnd() {
        // relaxed: the flag stands alone
        control_.stop.store(true, std::memory_order_relaxed);
        if (host_.joinable()) host_.join();
    }
    NearEnd(const NearEnd&) = delete;
    NearEnd& operator=(const NearEnd&) = delete;

    [[nodiscard]] pipeline::RunRecord stop() {
        control_.stop.store(true, std::memory_order_relaxed);  // relaxed: as above
        host_.join();
        if (failure_) std::rethrow_exception(failure_);
        return std::move(record_);
    }

  private:
    static ouch::OuchSessionConfig session_config() {
        ouch::OuchSessionConfig config;
        config.version = ouch::OuchVersion::k42;
        config.soup.user = kUser;
        for (const auto& instrument : instruments()) config.symbols.push_back(instrument.symbol);
        config.day_start_ns = wall_ns() / kDayNs * kDayNs;
        return config;
    }
    static itch::ItchFeedOptions feed_options(const core::TscClock& clock) {
        itch::ItchFeedOptions options;
        options.midnight_ns = wall_ns() / kDayNs * kDayNs;
        options.mold.ticks_per_second = clock.ticks_per_second();
        options.books = {.orders = 1U << 12U, .levels = 1U << 8U};
        // Every trigger has its answer: nothing is merged however late it is.
        options.conflate_after = 1U << 16U;
        return options;
    }
    void run(const NearOptions& given) noexcept {
        try {
            // The recorder's and the journal's thread inherit this; the engine's is pinned.
            allow_cores(given.cores);
            const pipeline::Settings chosen = settings();
            const pipeline::InstrumentTable table = instruments();
            std::filesystem::remove_all(given.folder / "journal");
            journal::JournalHeader header;
            header.session = "bench";
            header.instruments = table;
            header.started = core::read_local_clock();
            journal::JournalOptions options;
            if (given.cores.size() > 2) options.core = given.cores[2];
            journal::Journal kept{given.folder / "journal", header, options};
            pipeline::TimerPlan timers;
            timers.beat = chosen.clock.beat;
            pipeline::Placement placement;
            placement.idle = core::IdleStrategy::kSpin;
            placement.cores = {given.cores[1]};
            const std::atomic<bool> journal_failed{false};
            pipeline::LiveMetrics metrics;
            record_ = pipeline::run_live({chosen, table, placement, timers, pipeline::Pacer{}, {}},
                                         {feed_, session_, &kept.tap(), &journal_failed}, control_,
                                         metrics);
            kept.close();
        } catch (...) {
            failure_ = std::current_exception();
        }
    }

    net::TcpStream stream_;
    ouch::OuchSession session_;
    itch::ItchFeed feed_;
    pipeline::RunControl control_;
    pipeline::RunRecord record_;
    std::exception_ptr failure_;
    std::thread host_;
};

}  // namespace sluice::bench::wire
