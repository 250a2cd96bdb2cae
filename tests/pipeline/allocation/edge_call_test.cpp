// The thread of a live session is the edge too: it calls the kernel for its sockets, and for nothing
// else. A session over loopback, with feed, orders and journal, is put under a filter that ends the
// process at any call that is not listed here, and trades on.
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <sluice/adapters/exchange/simulated_exchange.hpp>
#include <sluice/adapters/itch/hot/itch_feed.hpp>
#include <sluice/adapters/itch/mold_publisher.hpp>
#include <sluice/adapters/net/hot/tcp_stream.hpp>
#include <sluice/adapters/net/hot/udp_receiver.hpp>
#include <sluice/adapters/net/hot/udp_responder.hpp>
#include <sluice/adapters/net/hot/udp_sender.hpp>
#include <sluice/adapters/net/hot/uring_udp_receiver.hpp>
#include <sluice/adapters/net/net_error.hpp>
#include <sluice/adapters/net/tcp_listener.hpp>
#include <sluice/adapters/ouch/hot/ouch_session.hpp>
#include <sluice/adapters/ouch/ouch_server.hpp>
#include <sluice/pipeline/live_engine.hpp>

#include "cage.hpp"
#include "hot_run.hpp"

namespace sluice::tests {
namespace {

using namespace adapters;  // NOLINT: all doors are here

// All that the engine's thread may ask of the kernel once it trades, and what for. Connecting again
// needs more, and is no part of this. The local clock is read in the process, by the vDSO.
constexpr std::array kEdgeCalls{
    SYS_recvfrom,  // recv, which never waits: the feed, its answers, the order session
    SYS_sendto,    // send, likewise: orders, heartbeats, requests for what is missing
};
constexpr std::array kUringEdgeCalls{
    SYS_recvfrom,        // as above, but for the feed's lines
    SYS_sendto,          // as above
    SYS_io_uring_enter,  // the feed's lines: the kernel receives in it; a receive that has ended
};

constexpr net::Address kLoopback{.host = 0x7F00'0001U, .port = 0};
constexpr std::int64_t kDay = 86'400'000'000'000;

std::int64_t wall_clock_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

// How long each part lasts at least, and how much of each has to be done in it.
struct Stint {
    std::chrono::milliseconds time;
    std::uint64_t ticks = 500;
    std::uint64_t orders = 10;
};

// The market of two symbols, as `sluice venue` makes it, on the caller's thread.
class LoopbackExchange {
  public:
    LoopbackExchange(const net::Address& feed, std::int64_t midnight)
        : listener_{kLoopback}, requests_{kLoopback}, line_{feed}, market_{market()},
          publisher_{publishing(midnight), market_.symbols(), {&line_}}, orders_{
                                                                             market_,
                                                                             ordering(midnight)} {
        market_.connect(publisher_, orders_);
    }

    [[nodiscard]] const net::Address& orders() const { return listener_.address(); }
    [[nodiscard]] const net::Address& requests() const { return requests_.address(); }

    void open(std::int64_t now) {
        market_.announce(now);
        orders_.system_event('S', now);
        market_.open(now);
    }
    void turn(std::int64_t now) {
        market_.advance(now);
        while (auto client = listener_.accept()) orders_.add_connection(std::move(client));
        orders_.poll(now);
        publisher_.flush(now);
        (void)publisher_.serve_requests(requests_, requests_);
    }

  private:
    static exchange::ExchangeSettings market() {
        exchange::ExchangeSettings settings;
        settings.symbols = {{"A", 1'000'000, 100}, {"B", 1'000'000, 100}};
        settings.flow.actions_per_second = 10'000;
        settings.flow.volatility = 5e-3;  // enough to change one's mind many times a second
        settings.order_capacity = std::size_t{1} << 14U;
        return settings;
    }
    static itch::PublisherOptions publishing(std::int64_t midnight) {
        itch::PublisherOptions options;
        options.midnight_ns = midnight;
        return options;
    }
    static ouch::OuchServerConfig ordering(std::int64_t midnight) {
        ouch::OuchServerConfig config;
        config.users = {{"SLUICE", "secret", 1, ouch::OuchVersion::k42, false}};
        config.day_start_ns = midnight;
        return config;
    }

    net::TcpListener listener_;
    net::UdpResponder requests_;
    net::UdpSender line_;
    exchange::SimulatedExchange market_;
    itch::MoldPublisher publisher_;
    ouch::OuchServer orders_;
};

// Polled by the engine's thread, and so the place from which to watch it: warm-up, cage, end.
class WatchedFeed final : public LiveFeed {
  public:
    WatchedFeed(LiveFeed& feed, const OrderSession& session, Cage& cage, const Stint& stint,
                std::function<void()> plant)
        : feed_(feed), session_(session), cage_(cage), stint_(stint), plant_(std::move(plant)) {}

    [[nodiscard]] std::span<Event> poll(std::uint64_t now) noexcept override {
        if (is_over()) {
            if (caged_) end();
            cage_.begin();
            arm_heap_count();
            caged_ = true;
            begin_stint();
        }
        const std::span<Event> block = feed_.poll(now);
        ticks_ += block.size();
        return block;
    }
    [[nodiscard]] FeedState state() const noexcept override { return feed_.state(); }
    [[nodiscard]] const FeedCounts& counts() const noexcept override { return feed_.counts(); }

    // Of the stint in the cage; once that is done.
    [[nodiscard]] const HeapCalls& heap() const { return heap_; }
    [[nodiscard]] bool busy() const {
        return ticks_ - ticks_before_ >= stint_.ticks &&
               session_.counts().orders - orders_before_ >= stint_.orders &&
               session_.counts().reports > reports_before_;
    }

  private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] bool is_over() const { return Clock::now() - since_ >= stint_.time && busy(); }
    void begin_stint() {
        since_ = Clock::now();
        ticks_before_ = ticks_;
        orders_before_ = session_.counts().orders;
        reports_before_ = session_.counts().reports;
    }
    [[noreturn]] void end() {
        plant_();
        heap_ = disarm_heap_count();
        cage_.end();
    }

    LiveFeed& feed_;
    const OrderSession& session_;
    Cage& cage_;
    Stint stint_;
    std::function<void()> plant_;
    bool caged_ = false;
    Clock::time_point since_ = Clock::now();
    std::uint64_t ticks_ = 0;
    std::uint64_t ticks_before_ = 0;
    std::uint64_t orders_before_ = 0;
    std::uint64_t reports_before_ = 0;
    HeapCalls heap_{};
};

struct Line {
    std::unique_ptr<DatagramReceiver> receiver;
    net::Address address;
};
template <class Receiver>
Line open_line_of() {
    auto receiver = std::make_unique<Receiver>(kLoopback);
    const net::Address address = receiver->address();
    return {std::move(receiver), address};
}
// None where io_uring is asked for and refused.
Line open_line(SocketKind sockets) {
    if (sockets != SocketKind::kUring) return open_line_of<net::UdpReceiver>();
    try {
        return open_line_of<net::UringUdpReceiver>();
    } catch (const net::NetError&) {
        return {};
    }
}

ouch::OuchSessionConfig as_client(const Settings& settings, std::int64_t midnight) {
    ouch::OuchSessionConfig config;
    config.version = ouch::OuchVersion::k42;
    config.soup.user = "SLUICE";
    config.soup.password = "secret";
    config.symbols = {"A", "B"};
    config.max_orders = static_cast<std::size_t>(settings.execution.max_open_orders);
    config.day_start_ns = midnight;
    return config;
}

// In a child: the exchange and the journal's reader here, the engine on its own threads.
void trade(const Stint& stint, SocketKind sockets, const std::function<void()>& plant,
           Found& found) {
    Settings settings = busy_settings();
    settings.account.rates.clear();
    settings.risk.daily_loss = settings.account.capital;  // it pays the spread all the time
    InstrumentTable instruments(2);
    instruments[0].symbol = "A";
    instruments[1].symbol = "B";
    const std::int64_t midnight = wall_clock_ns() / kDay * kDay;

    const Line line = open_line(sockets);
    // Without that counter the kernel may have no clock that can be read without a call.
    if (line.receiver == nullptr || !core::Tsc::is_invariant()) {
        found.refused = true;
        return;
    }
    LoopbackExchange exchange{line.address, midnight};
    net::UdpRequester requester{exchange.requests()};
    itch::ItchFeedOptions options;
    options.midnight_ns = midnight;
    options.mold.ticks_per_second = core::TscClock::calibrate().ticks_per_second();
    itch::ItchFeed feed{
        instruments, {line.receiver.get(), nullptr, &requester, &requester}, options};
    net::TcpStream stream{exchange.orders()};
    ouch::OuchSession session{stream, as_client(settings, midnight), core::TscClock::calibrate()};
    EventRing ring{1U << 16U};
    JournalTap tap{ring, nullptr};
    const std::atomic<bool> journal_failed{false};
    const bool is_uring = sockets == SocketKind::kUring;
    Cage cage{is_uring ? std::span<const int>{kUringEdgeCalls} : std::span<const int>{kEdgeCalls}};
    WatchedFeed watched{feed, session, cage, stint, plant};

    Placement placement;
    placement.idle = core::IdleStrategy::kSpinPause;
    TimerPlan timers;
    timers.beat = settings.clock.beat;
    const EngineSetup setup{settings, instruments, placement, timers, Pacer{}};
    RunControl control;
    LiveMetrics metrics;
    std::thread engine{[&] {
        (void)run_live(setup, {watched, session, &tap, &journal_failed}, control, metrics);
    }};
    exchange.open(wall_clock_ns());
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    Event event;
    while (!cage.done() && std::chrono::steady_clock::now() < until) {
        exchange.turn(wall_clock_ns());
        while (ring.try_pop(event)) {}
        ::usleep(100);
    }
    if (cage.done()) {
        cage.report(found);
        found.heap = watched.heap();
        found.busy = watched.busy();
    }
    ::_exit(0);  // nothing is taken down: the engine's thread is still in it
}

Verdict edge_cage(
    const Stint& stint, const std::function<void()>& plant = [] {},
    const std::function<void()>& prepare = [] {}, SocketKind sockets = SocketKind::kRecv) {
    return in_child([&](Found& found) {
        prepare();
        trade(stint, sockets, plant, found);
    });
}

class LiveEdgeKernel : public CagedThread {
  protected:
    static void expect_untouched(const Verdict& verdict) {
        expect_survived(verdict);
        if (IsSkipped() || HasFatalFailure()) return;
        EXPECT_EQ(verdict.found.heap.allocations, 0U);
        EXPECT_EQ(verdict.found.heap.frees, 0U);
        // What is not locked is brought in when it is used first, as a rare path's code may be here.
        if (!verdict.found.locked) return;
        EXPECT_EQ(verdict.found.faults, 0U);
    }
};

// Long enough for what comes once a second: the clock, the display, the heartbeats.
constexpr Stint kSeconds{std::chrono::milliseconds{1'300}};
constexpr Stint kShort{std::chrono::milliseconds{100}};

TEST_F(LiveEdgeKernel, a_session_trades_with_no_call_but_its_sockets_no_heap_and_no_page_fault) {
    expect_untouched(edge_cage(kSeconds));
}

TEST_F(LiveEdgeKernel, so_does_one_that_takes_its_feed_through_io_uring) {
    expect_untouched(edge_cage(
        kShort, [] {}, [] {}, SocketKind::kUring));
}

TEST_F(LiveEdgeKernel, a_file_opened_on_its_thread_is_caught) {
    expect_killed_for(edge_cage(kShort, [] { (void)::open("/dev/null", O_WRONLY | O_CLOEXEC); }),
                      SYS_openat);
}

TEST_F(LiveEdgeKernel, an_allocation_and_a_page_touched_for_the_first_time_are_caught) {
    constexpr std::size_t kPage = 4096;
    void* const page =
        ::mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(page, MAP_FAILED);
    const auto plant = [page] {
        void* volatile kept = std::malloc(100);
        std::free(kept);
        *static_cast<volatile char*>(page) = 1;
    };
    const auto give_back = [page] {
        ::munlock(page, kPage);
        ::madvise(page, kPage, MADV_DONTNEED);
    };
    const Verdict verdict = edge_cage(kShort, plant, give_back);
    ::munmap(page, kPage);
    expect_survived(verdict);
    if (IsSkipped() || HasFatalFailure()) return;
    EXPECT_EQ(verdict.found.heap.allocations, 1U);
    EXPECT_EQ(verdict.found.heap.frees, 1U);
    EXPECT_GE(verdict.found.faults, 1U);
}

}  // namespace
}  // namespace sluice::tests
