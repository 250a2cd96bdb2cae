// The suite `latency`: wire to wire on loopback. From the moment at which a datagram was due until the
// bytes of the order that it leads to have come back, beside a bare echo of the same bytes.
//
// Open loop: a datagram is due every 100 us whether or not the one before was answered. The far end
// has the first core; the second has the engine as it trades (feed, sequencer, all stages fused,
// journal, order session), or the echo: a spinning recv and a send. Each block is a session of its
// own, which logs in, warms up and is measured in one burst at real-time priority.
#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>

#include <sched.h>
#include <sys/mman.h>

#include <sluice/adapters/net/hot/tcp_stream.hpp>
#include <sluice/adapters/net/hot/udp_receiver.hpp>
#include <sluice/adapters/net/hot/udp_sender.hpp>
#include <sluice/adapters/net/tcp_listener.hpp>

#include "from_section.hpp"
#include "replay_measure.hpp"
#include "suites_here.hpp"
#include "wire_ends.hpp"

namespace sluice::bench {
namespace {

namespace net = adapters::net;
using std::chrono::milliseconds;

// An order of OUCH 4.2 in its SoupBinTCP packet.
constexpr std::size_t kOrderBytes = 3 + 49;
constexpr std::size_t kReportBytes = (3 + 66) + (3 + 40);  // accepted, executed
constexpr std::size_t kWarmUp = 10 * wire::kStocks;        // triggers
static_assert(kWarmUp >= wire::kSilentTrades * wire::kStocks);

// A number of a thread of this process, by its name; 0 when there is none.
int find_thread(const std::string& name) {
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) {
        std::ifstream file{entry.path() / "comm"};
        std::string found;
        if (std::getline(file, found) && found == name)
            return std::stoi(entry.path().filename().string());
    }
    return 0;
}

bool set_real_time(int thread, bool on) noexcept {
    sched_param param{};
    param.sched_priority = on ? 50 : 0;
    return ::sched_setscheduler(thread, on ? SCHED_FIFO : SCHED_OTHER, &param) == 0;
}

// As a session that is to trade does, for a burst: what it has is in memory then.
class LockedMemory {
  public:
    LockedMemory() : locked_(::mlockall(MCL_CURRENT) == 0) {}
    ~LockedMemory() { (void)::munlockall(); }
    LockedMemory(const LockedMemory&) = delete;
    LockedMemory& operator=(const LockedMemory&) = delete;
    [[nodiscard]] bool locked() const noexcept { return locked_; }

  private:
    bool locked_;
};

struct Context {
    core::TscClock clock;
    std::vector<std::size_t> cores;
    std::filesystem::path folder;
    std::size_t triggers;  // measured, a block
    bool real_time = true;
    bool memory_locked = true;
    std::uint64_t unanswered = 0;  // triggers without an order of their own
    std::vector<std::vector<pipeline::LatencyRecord>> hops{};  // by block

    [[nodiscard]] std::size_t all_triggers() const noexcept { return kWarmUp + triggers; }
};

// Both sides at real-time priority while `fn` runs, then a pause as long.
template <class Fn>
void in_burst(Context& context, int partner, Fn&& fn) {
    const auto start = std::chrono::steady_clock::now();
    {
        const LockedMemory memory;
        context.memory_locked = context.memory_locked && memory.locked();
        const bool raised = set_real_time(partner, true) && set_real_time(0, true);
        context.real_time = context.real_time && raised;
        fn();
        (void)set_real_time(0, false);
        (void)set_real_time(partner, false);
    }
    std::this_thread::sleep_for(std::chrono::steady_clock::now() - start);
}

// From due to come, of the triggers that count. One without an answer of its own waited for the next
// answer that came to its stock, or for the end.
Sample sample_of(Context& context, const wire::Schedule& schedule,
                 const std::vector<std::uint64_t>& came, core::Histogram& all) {
    std::vector<std::uint64_t> ways;
    const std::uint64_t end = core::Tsc::now();
    for (std::size_t i = kWarmUp; i < came.size(); ++i) {
        std::size_t answer = i;
        while (answer < came.size() && came[answer] == 0) answer += wire::kStocks;
        context.unanswered += answer != i ? 1U : 0U;
        const std::uint64_t at = answer < came.size() ? came[answer] : end;
        ways.push_back(context.clock.ns_between(schedule.due(i), at));
        all.record(ways.back());
    }
    std::sort(ways.begin(), ways.end());
    const auto ns = [&](std::size_t permille) {
        return static_cast<double>(ways[ways.size() * permille / 1000]);
    };
    return {ns(500), ns(990)};
}

Sample engine_block(Context& context, core::Histogram& all) {
    net::UdpReceiver line{wire::any_port()};
    wire::FarEnd far{line.address(), context.all_triggers()};
    wire::NearEnd near{{context.clock, context.cores, context.folder}, far.address(), line};
    far.await_login();
    far.market().announce();
    far.linger(milliseconds{20});  // the engine hears of it and lifts its halts

    const int engine = find_thread("sl-sequencer");
    if (engine == 0) throw std::runtime_error("the engine's thread is not there any more");
    const wire::FillingExchange& exchange = far.exchange();
    std::optional<wire::Schedule> schedule;
    in_burst(context, engine, [&] {
        schedule.emplace(context.all_triggers(), context.clock);
        schedule->drive([&](std::size_t i) { far.market().send(i, schedule->time_ns(i)); },
                        [&] { far.turn(false); }, [&] { return exchange.has_last(); });
    });
    far.linger(milliseconds{2});
    context.hops.push_back(near.stop().latency);
    const std::vector<std::uint64_t>& came = exchange.came();
    if (std::all_of(came.begin() + kWarmUp, came.end(), [](std::uint64_t at) { return at == 0; }))
        throw std::runtime_error(
            "the engine did not trade as its triggers ask for: nothing it measured would mean "
            "anything");
    return sample_of(context, *schedule, came, all);
}

// The least there is between the same sockets: a spinning recv, a send. What the far end answers is
// taken afterwards, so that the connection acknowledges with its data in both directions, as a
// session does; one that nobody answers acknowledges each segment by itself.
class Echo {
  public:
    Echo(std::size_t core, const net::Address& answers, net::UdpReceiver& line)
        : stream_(answers), thread_([this, core, &line] { run(core, line); }) {}
    ~Echo() {
        stop_.store(true, std::memory_order_relaxed);  // relaxed: the flag stands alone
        thread_.join();
    }
    Echo(const Echo&) = delete;
    Echo& operator=(const Echo&) = delete;

  private:
    void run(std::size_t core, net::UdpReceiver& line) noexcept {
        core::name_this_thread("sl-echo");
        (void)core::pin_this_thread(core);
        const std::array<std::byte, kOrderBytes> answer{};
        std::array<std::byte, 4096> sink;
        stream_.connect();
        // relaxed: as above
        while (!stop_.load(std::memory_order_relaxed)) {
            if (line.receive().empty()) continue;
            (void)stream_.write(answer);
            (void)stream_.read(sink);
        }
    }

    net::TcpStream stream_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

Sample echo_block(Context& context, core::Histogram& all) {
    net::TcpListener listener{wire::any_port()};
    net::UdpReceiver line{wire::any_port()};
    net::UdpSender sender{line.address()};
    wire::Market market{sender};
    Echo echo{context.cores[1], listener.address(), line};
    std::unique_ptr<pipeline::ByteStream> accepted;
    while (accepted == nullptr) accepted = listener.accept();
    wire::StampedStream stream{std::move(accepted)};
    const int thread = find_thread("sl-echo");

    std::vector<std::uint64_t> came(context.all_triggers(), 0);
    std::size_t bytes = 0;
    std::size_t next = 0;
    std::array<std::byte, 4096> sink;
    const std::array<std::byte, kReportBytes> report{};
    std::optional<wire::Schedule> schedule;
    in_burst(context, thread, [&] {
        schedule.emplace(came.size(), context.clock);
        schedule->drive([&](std::size_t i) { market.send(i, schedule->time_ns(i)); },
                        [&] {
                            if (stream.pump() == 0) return;
                            while (const std::size_t size = stream.take(sink)) bytes += size;
                            while (next < bytes / kOrderBytes && next < came.size()) {
                                came[next++] = stream.came_at();
                                (void)stream.below().write(report);
                            }
                        },
                        [&] { return next == came.size(); });
    });
    if (next != came.size()) throw std::runtime_error("the echo lost a datagram");
    return sample_of(context, *schedule, came, all);
}

// The engine's own stamps, one value a block.
Table hop_table(std::span<const std::vector<pipeline::LatencyRecord>> blocks) {
    Table table{
        "the engine's own stamps, from the datagram on where nothing else is said", true, {}};
    std::vector<double> whole;
    const auto put = [&](const std::string& hop) {
        Row row;
        row.name = hop;
        for (const auto& block : blocks) {
            const auto found =
                std::find_if(block.begin(), block.end(),
                             [&](const pipeline::LatencyRecord& r) { return r.hop == hop; });
            if (found == block.end()) return;
            row.ns_p50.push_back(static_cast<double>(found->p50_ns));
            row.ns_p99.push_back(static_cast<double>(found->p99_ns));
        }
        if (whole.empty()) whole = row.ns_p50;
        for (std::size_t i = 0; i < row.ns_p50.size(); ++i)
            row.ratio.push_back(row.ns_p50[i] / whole[i]);
        table.rows.push_back(std::move(row));
    };
    for (const char* hop : {"datagram to order sent", "T4 bars", "T5 signals", "T6 risk",
                            "T7 orders", "tick to order", "order to answer"})
        put(hop);
    return table;
}

// Round by round.
Metric added(std::string name, std::span<const double> with, std::span<const double> without) {
    Metric metric{std::move(name), "ns", "", {}};
    for (std::size_t i = 0; i < with.size(); ++i) metric.rounds.push_back(with[i] - without[i]);
    return metric;
}
// Rank by rank, the better half of each: what the machine does to a tail makes a round worse, never
// better, and does not come to both in the same round.
Metric added_at_tail(std::string name, std::vector<double> with, std::vector<double> without) {
    std::sort(with.begin(), with.end());
    std::sort(without.begin(), without.end());
    const std::size_t half = (with.size() + 1) / 2;
    return added(std::move(name), std::span(with).first(half), std::span(without).first(half));
}
// P99.9 is of all rounds together, one value a run: in a block of 400 it would be the largest value by
// another name. Fewer samples than have ten beyond it give none.
constexpr std::uint64_t kFarTailSamples = 10'000;
void add_far_tail(const Contender& with, const Contender& without, SuiteResult& result) {
    const std::uint64_t samples = std::min(with.all->count(), without.all->count());
    if (samples < kFarTailSamples) {
        result.notes.push_back("added_p999_ns was left out: it takes " +
                               std::to_string(kFarTailSamples) + " samples, and there are " +
                               std::to_string(samples));
        return;
    }
    const auto far = [](const Contender& of) {
        return static_cast<double>(of.all->percentile(99.9));
    };
    result.metrics.push_back({"added_p999_ns", "ns", "", {far(with) - far(without)}});
}
std::vector<double> values(const Contender& of, double Sample::*field) {
    return absolute_metric({}, {}, of, field).rounds;
}

SuiteResult run(const SuiteOptions& options) {
    (void)core::pin_this_thread(options.cores.front());
    const replay::TempFolder folder(options.folder);
    Context context{.clock = core::TscClock::calibrate(),
                    .cores = options.cores,
                    .folder = folder.path(),
                    .triggers = options.quick ? std::size_t{100} : std::size_t{400}};
    Section section{"wire to wire: a datagram is due, the bytes of its order have come",
                    "bare echo",
                    true,
                    {},
                    {}};
    const auto add = [&](const char* name, Sample (*block)(Context&, core::Histogram&)) {
        auto all = std::make_shared<core::Histogram>();
        section.contenders.push_back(
            {name, [&context, block, all] { return block(context, *all); }, {}, all});
    };
    add("bare echo, recv and send", &echo_block);
    add("the engine, journal on", &engine_block);
    run_rounds(section.contenders, options.rounds, 5);

    const Contender& echo = section.contenders[0];
    const Contender& engine = section.contenders[1];
    SuiteResult result;
    result.metrics.push_back(
        added("added_p50_ns", values(engine, &Sample::p50), values(echo, &Sample::p50)));
    result.metrics.push_back(
        added_at_tail("added_p99_ns", values(engine, &Sample::p99), values(echo, &Sample::p99)));
    result.metrics.push_back(absolute_metric("p50_ns", "ns", engine));
    result.metrics.push_back(ratio_metric("p50_of_echo", engine, echo));
    add_far_tail(engine, echo, result);
    result.real_time = context.real_time;
    result.tables.push_back(to_table(section));
    result.tables.push_back(hop_table(std::span(context.hops).subspan(1)));
    if (context.unanswered > 0)
        result.notes.push_back(
            std::to_string(context.unanswered) +
            " triggers found the engine so far behind that the next one overtook their order; they "
            "count until an order of their stock came");
    if (!context.memory_locked)
        result.notes.emplace_back("memory could not be locked: page faults are in the figures");
    if (options.cores.size() < 3)
        result.notes.emplace_back(
            "with two cores the journal's and the recorder's threads run between the bursts only");
    return result;
}

}  // namespace

const Suite kLatencySuite{"latency",
                          "wire to wire: a datagram to the bytes of its order, beside a bare echo",
                          2, 30, &run};

}  // namespace sluice::bench
