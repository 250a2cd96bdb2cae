#include "venue_process.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <utility>

#include <sluice/adapters/exchange/simulated_exchange.hpp>
#include <sluice/adapters/itch/mold_publisher.hpp>
#include <sluice/adapters/net/hot/udp_receiver.hpp>
#include <sluice/adapters/net/hot/udp_responder.hpp>
#include <sluice/adapters/net/hot/udp_sender.hpp>
#include <sluice/adapters/net/tcp_listener.hpp>
#include <sluice/adapters/tick_store/store_source.hpp>

namespace sluice::tools {

namespace {

using namespace adapters;

constexpr std::int64_t kDayNs = 86'400'000'000'000;
// Looking for a new client is a system call that an order would wait for.
constexpr std::int64_t kAcceptEveryNs = 1'000'000;
// After the end: time for what was sent to be taken, and for the last gaps to be asked for.
constexpr std::int64_t kLingerNs = 500'000'000;
constexpr std::int64_t kEndRepeatNs = 50'000'000;

std::int64_t clock_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

// Where a line is sent to, on a free port when none is named. The engine is to bind it, so it cannot be
// kept: it is held until release(), by when the venue's own sockets have other ones.
// A group is looked at on the interface by which it will be sent to.
class LineAddress {
  public:
    LineAddress(std::uint32_t host, std::uint16_t port, std::uint32_t interface)
        : address_{.host = host, .port = port} {
        if (port != 0) return;
        held_.emplace(net::Address{.host = host, .port = 0}, interface);
        address_.port = held_->address().port;
    }
    [[nodiscard]] const net::Address& address() const noexcept { return address_; }
    void release() noexcept { held_.reset(); }

  private:
    net::Address address_;
    std::optional<net::UdpReceiver> held_;
};

// A venue that is started again is another session, in which the same numbers mean other messages.
// Both protocols have ten characters; the milliseconds come round after eleven days.
std::string session_name(std::int64_t now_ns) {
    const std::int64_t number = now_ns / 1'000'000 % 1'000'000'000;
    return "S" + std::to_string(1'000'000'000 + number).substr(1);
}

ouch::OuchServerConfig ouch_config(const VenueOptions& options, std::int64_t midnight_ns,
                                   const std::string& session) {
    ouch::OuchServerConfig config;
    config.soup.session = session;
    config.users = options.users;
    config.day_start_ns = midnight_ns;
    return config;
}

itch::PublisherOptions publisher_options(const VenueOptions& venue, std::int64_t midnight_ns,
                                         const std::string& session) {
    itch::PublisherOptions options;
    options.session = itch::mold_session(session);
    options.midnight_ns = midnight_ns;
    options.pack_ns = venue.pack.count();
    return options;
}

// Answers are lost and doubled like the lines; in their order, as each has its own addressee.
net::DatagramFaults answer_faults(const net::DatagramFaults& lines) {
    return {.loss = lines.loss, .duplicate = lines.duplicate};
}

// The recorded market, when there is one, and which of its symbols the exchange lists.
struct Recording {
    explicit Recording(const VenueOptions& options)
        : store{tick_store::TickStore::open(options.replay->store)},
          source{store, names(options), {.range = {options.replay->from, options.replay->to}}} {
        for (std::size_t i = 0; i < options.exchange.symbols.size(); ++i) {
            numbers.push_back(static_cast<std::uint16_t>(i + 1));
        }
    }
    static std::vector<std::string> names(const VenueOptions& options) {
        std::vector<std::string> out;
        for (const exchange::SymbolSettings& symbol : options.exchange.symbols) {
            out.push_back(symbol.name);
        }
        return out;
    }

    tick_store::TickStore store;
    tick_store::StoreSource source;
    std::vector<std::uint16_t> numbers;
};

std::unique_ptr<exchange::SimulatedExchange> make_exchange(const VenueOptions& options,
                                                           Recording* recording) {
    if (recording == nullptr)
        return std::make_unique<exchange::SimulatedExchange>(options.exchange);
    return std::make_unique<exchange::SimulatedExchange>(options.exchange, recording->source,
                                                         recording->numbers, options.replay->speed);
}

}  // namespace

struct VenueProcess::Parts {
    Parts(const VenueOptions& options, std::int64_t midnight_ns, const std::string& session)
        : listener{{.host = options.host, .port = options.ouch_port}},
          clients{listener, options.stream_faults, options.seed ^ 0x4F554348U},
          requests{{.host = options.host, .port = options.request_port}}, to_a{options.feed_to_a,
                                                                               options.itch_port_a,
                                                                               options.host},
          to_b{options.feed_to_b, options.itch_port_b, options.host}, line_a{to_a.address(),
                                                                             options.host},
          line_b{to_b.address(), options.host}, faulty_a{line_a, options.line_faults,
                                                         options.seed * 4 + 1},
          faulty_b{line_b, options.line_faults, options.seed * 4 + 2},
          answers{requests, answer_faults(options.line_faults), options.seed * 4 + 3},
          recording{options.replay ? std::make_unique<Recording>(options) : nullptr},
          market{make_exchange(options, recording.get())}, publisher{publisher_options(options,
                                                                                       midnight_ns,
                                                                                       session),
                                                                     market->symbols(),
                                                                     {&faulty_a, &faulty_b}},
          orders{*market, ouch_config(options, midnight_ns, session)} {
        market->connect(publisher, orders);
        to_a.release();
        to_b.release();
    }

    [[nodiscard]] bool is_generated() const {
        if (recording == nullptr) return true;
        const auto& instruments = recording->source.instruments();
        return std::any_of(instruments.begin(), instruments.end(),
                           [](const pipeline::Instrument& i) { return i.generated; });
    }

    net::TcpListener listener;
    net::FaultyListener clients;
    net::UdpResponder requests;
    LineAddress to_a;
    LineAddress to_b;
    net::UdpSender line_a;
    net::UdpSender line_b;
    net::FaultyDatagramSender faulty_a;
    net::FaultyDatagramSender faulty_b;
    net::FaultyDatagramSender answers;
    std::unique_ptr<Recording> recording;
    std::unique_ptr<exchange::SimulatedExchange> market;
    itch::MoldPublisher publisher;
    ouch::OuchServer orders;
};

VenueProcess::VenueProcess(const VenueOptions& options) : options_{options}, now_ns_{clock_ns()} {
    parts_ = std::make_unique<Parts>(options_, now_ns_ / kDayNs * kDayNs, session_name(now_ns_));
}

VenueProcess::~VenueProcess() = default;

VenueFile VenueProcess::addresses() const {
    VenueFile out{.feed_a = to_text(parts_->line_a.to()),
                  .feed_b = to_text(parts_->line_b.to()),
                  .feed_requests = to_text(parts_->requests.address()),
                  .orders = to_text(parts_->listener.address()),
                  .order_protocol = options_.users.front().version == ouch::OuchVersion::k42
                                        ? "ouch42"
                                        : "ouch50",
                  .symbols = {},
                  .generated = parts_->is_generated()};
    for (const exchange::SymbolSettings& symbol : options_.exchange.symbols) {
        out.symbols.push_back(symbol.name);
    }
    return out;
}

void VenueProcess::open() {
    now_ns_ = std::max(now_ns_, clock_ns());
    opened_ns_ = now_ns_;
    parts_->market->announce(now_ns_);
    parts_->orders.system_event('S', now_ns_);
    parts_->market->open(now_ns_);
}

std::size_t VenueProcess::turn() {
    Parts& parts = *parts_;
    now_ns_ = std::max(now_ns_, clock_ns());
    const std::uint64_t messages = parts.publisher.counts().messages;
    const std::uint64_t asked = parts.orders.counts().requests;
    std::size_t work = 0;
    parts.market->advance(now_ns_);
    if (now_ns_ >= accept_due_ns_) {
        accept_due_ns_ = now_ns_ + kAcceptEveryNs;
        while (auto client = parts.clients.accept()) {
            parts.orders.add_connection(std::move(client));
            ++work;
        }
        silence_line();
    }
    parts.orders.poll(now_ns_);
    parts.publisher.flush(now_ns_);
    work += parts.publisher.serve_requests(parts.requests, parts.answers);
    return work + static_cast<std::size_t>(parts.publisher.counts().messages - messages) +
           static_cast<std::size_t>(parts.orders.counts().requests - asked);
}

void VenueProcess::silence_line() {
    const std::int64_t period = options_.silence.period.count();
    if (period == 0) return;
    // Later in its period than the silence is long from its end: a session begins with both lines.
    const bool is_silent =
        (now_ns_ - opened_ns_) % period >= period - options_.silence.length.count();
    parts_->faulty_a.set_silent(is_silent);
}

void VenueProcess::run(const std::atomic<bool>& stop) {
    open();
    core::Idler idler{options_.idle};
    const std::int64_t end_ns =
        options_.duration.count() == 0 ? INT64_MAX : opened_ns_ + options_.duration.count();
    // relaxed: the flag stands alone
    while (!stop.load(std::memory_order_relaxed) && now_ns_ < end_ns) {
        idler.idle(turn());
    }
    ended_ns_ = now_ns_;
    open_at_end_ = parts_->orders.open_orders();
    close();
}

void VenueProcess::close() {
    Parts& parts = *parts_;
    parts.market->end(now_ns_);
    parts.orders.system_event('E', now_ns_);
    parts.orders.poll(now_ns_);
    parts.orders.end_session();
    parts.faulty_a.set_silent(false);
    options_.silence = {};
    const std::int64_t until_ns = now_ns_ + kLingerNs;
    std::int64_t repeat_ns = now_ns_;
    core::Idler idler{core::IdleStrategy::kBackoff};
    while (now_ns_ < until_ns) {
        if (now_ns_ >= repeat_ns) {
            // Again and again: the packet that says so may be lost too.
            parts.publisher.end(now_ns_);
            parts.faulty_a.flush();
            parts.faulty_b.flush();
            repeat_ns = now_ns_ + kEndRepeatNs;
        }
        idler.idle(turn());
    }
}

nlohmann::ordered_json VenueProcess::summary() const {
    const itch::PublisherCounts& feed = parts_->publisher.counts();
    const exchange::EngineCounts& engine = parts_->market->counts();
    const exchange::FaultCounts& faults = parts_->market->fault_counts();
    const ouch::OuchServerCounts& orders = parts_->orders.counts();
    const ouch::SoupServerCounts& soup = parts_->orders.soup().counts();
    const net::StreamFaultCounts& streams = parts_->clients.counts();
    const auto line = [](const net::DatagramFaultCounts& c) {
        return nlohmann::ordered_json{{"datagrams", c.given},     {"sent", c.sent},
                                      {"lost", c.lost},           {"duplicated", c.duplicated},
                                      {"reordered", c.reordered}, {"silenced", c.silenced},
                                      {"refused", c.refused}};
    };
    nlohmann::ordered_json out{{"seconds", static_cast<double>(ended_ns_ - opened_ns_) * 1e-9},
                               {"seed", options_.seed},
                               {"feed",
                                {{"messages", feed.messages},
                                 {"packets", feed.packets},
                                 {"heartbeats", feed.heartbeats},
                                 {"unsent", feed.unsent},
                                 {"refused", feed.refused},
                                 {"requests", feed.requests},
                                 {"malformed_requests", feed.malformed},
                                 {"gone", feed.gone},
                                 {"replayed", feed.replayed},
                                 {"line_a", line(parts_->faulty_a.counts())},
                                 {"line_b", line(parts_->faulty_b.counts())},
                                 {"answers", line(parts_->answers.counts())}}},
                               {"orders",
                                {{"connections", parts_->clients.accepted()},
                                 {"logins", soup.logins},
                                 {"refused_logins", soup.refused},
                                 {"disconnects", soup.lost},
                                 {"disconnects_injected", streams.disconnects},
                                 {"resent", soup.resent},
                                 {"requests", orders.requests},
                                 {"reports", orders.reports},
                                 {"malformed", orders.malformed + soup.malformed},
                                 {"open_at_end", open_at_end_},
                                 {"ignored", orders.ignored},
                                 {"unsupported", orders.unsupported}}},
                               {"exchange",
                                {{"requests", engine.requests},
                                 {"accepted", engine.accepted},
                                 {"rejected", engine.rejected},
                                 {"replaced", engine.replaced},
                                 {"cancelled", engine.cancelled},
                                 {"executions", engine.executions},
                                 {"shares", engine.shares}}},
                               {"faults",
                                {{"rejects", faults.rejects},
                                 {"cancels", faults.cancels},
                                 {"partials", faults.partials},
                                 {"late", faults.late},
                                 {"duplicates", faults.duplicates},
                                 {"unknown", faults.unknown},
                                 {"halts", faults.halts},
                                 {"bursts", faults.bursts},
                                 {"short_writes", streams.short_writes},
                                 {"stalls", streams.stalls}}}};
    if (const exchange::ReplayCounts* replayed = parts_->market->replay_counts()) {
        out["replay"] = {{"quotes", replayed->quotes},
                         {"trades", replayed->trades},
                         {"printed", replayed->printed},
                         {"left_out", replayed->left_out}};
    }
    return out;
}

}  // namespace sluice::tools
