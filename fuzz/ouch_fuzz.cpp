// OUCH 4.2 and 5.0 on arbitrary bytes. The first byte picks the version and the end: a session that
// has orders out and hears a hostile exchange, or the exchange's door and hostile requests. Reports
// must keep to what the session can know, and requests to what the exchange was promised.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include <sluice/adapters/ouch/ouch_server.hpp>
#include <sluice/pipeline/hot/risk_gate.hpp>

namespace {

using namespace sluice;
using namespace pipeline;
using namespace adapters::ouch;

void require(bool holds) {
    if (!holds) __builtin_trap();
}

class Queue final : public ByteStream {
  public:
    std::deque<std::byte> in;
    std::string out;
    bool open = true;
    void connect() noexcept override { open = true; }
    StreamState state() noexcept override {
        return open ? StreamState::kOpen : StreamState::kClosed;
    }
    std::size_t read(std::span<std::byte> into) noexcept override {
        const std::size_t size = open ? std::min(into.size(), in.size()) : 0;
        std::copy_n(in.begin(), size, into.begin());
        in.erase(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(size));
        return size;
    }
    std::size_t write(std::span<const std::byte> bytes) noexcept override {
        return open ? bytes.size() : 0;
    }
    void close() noexcept override { open = false; }
    void packet(char type, std::span<const std::byte> payload) {
        std::byte header[kSoupHeaderSize];
        put_soup_header(header, type, payload.size());
        in.insert(in.end(), header, header + kSoupHeaderSize);
        in.insert(in.end(), payload.begin(), payload.end());
    }
};

ApprovedOrder order(std::uint64_t id, std::int64_t shares, bool replaces) {
    RiskSettings wide;
    wide.max_position = wide.max_order_quantity = Quantity::from_units(10'000'000);
    wide.max_order_notional = wide.daily_loss = Money::from_units(1'000'000'000);
    wide.require_funds = false;
    RiskGate gate{wide};
    const Price price = Price::from_raw(1'000'000'000);
    const Quantity quantity = Quantity::from_units(shares);
    const Proposal proposal{SymbolId{0},       Side::kBuy, OrderType::kLimit,
                            TimeInForce::kDay, quantity,   price};
    const Exposure exposure{{}, {}, {}, Quantity::from_raw(1), price, 0, 100};
    const Portfolio books{Money::from_units(1'000'000'000), 1};
    const auto id_of = static_cast<OrderId>(id);
    return (replaces ? gate.judge_replacement(proposal, quantity, exposure, books, {}, id_of)
                     : gate.judge(proposal, exposure, books, {}, id_of))
        .order();
}

// Bytes as messages: a length, then as many bytes.
template <class Fn>
void each_message(std::span<const std::byte> bytes, Fn&& fn) {
    while (!bytes.empty()) {
        const std::size_t size = std::min(bytes.size() - 1, static_cast<std::size_t>(bytes[0]));
        fn(bytes.subspan(1, size));
        bytes = bytes.subspan(1 + size);
    }
}

void run_session(OuchVersion version, std::span<const std::byte> bytes) {
    Queue stream;
    OuchSessionConfig config;
    config.version = version;
    config.symbols = {"AAPL"};
    config.max_orders = 4;
    config.events = 16;
    config.query_account = false;
    OuchSession session{stream, config, core::TscClock::from_rate(1e9)};
    std::uint64_t now = 1;
    const auto poll = [&] {
        for (const Event& e : session.poll(++now)) {
            require(e.kind() == EventKind::kReport);
            const auto id = static_cast<std::uint64_t>(e.report().order);
            require(id <= 3 && (id == 0) == (e.symbol() == core::kNoSymbol));
            require(e.report().quantity.raw() >= 0 && e.report().price.raw() >= 0);
        }
    };
    SoupAccepted accepted;
    accepted.sequence = soup_number(1);
    std::byte login[64];
    const std::size_t size = encode(accepted, login);
    poll();
    stream.packet(kSoupAccepted, {login + 1, size - 1});
    poll();
    poll();
    require(session.state() == SessionState::kUp);
    for (std::uint64_t id = 1; id <= 3; ++id) (void)session.submit(order(id, 500, false));
    (void)session.submit(order(2, 600, true));
    (void)session.cancel(OrderId{3}, SymbolId{0});
    each_message(bytes, [&](std::span<const std::byte> message) {
        stream.packet(kSoupSequenced, message);
        poll();
        (void)session.submit(order(1, 700, true));
    });
    poll();
    require(session.counts().orders >= 4);
}

// Accepts what it is promised: known references, sensible numbers.
class Judge final : public Exchange {
  public:
    ReportListener* listener = nullptr;
    std::unordered_map<std::uint64_t, std::uint32_t> open;
    ExchangeSymbol symbol{{'A', 'A', 'P', 'L', ' ', ' ', ' ', ' '}, 100};
    [[nodiscard]] std::span<const ExchangeSymbol> symbols() const noexcept override {
        return {&symbol, 1};
    }
    void request(const OrderRequest& r, std::int64_t now_ns) noexcept override {
        OrderReport report;
        report.client = r.client;
        report.ref = r.ref;
        report.replaces = r.replaces;
        report.time_ns = now_ns;
        report.shares = r.shares;
        report.price = r.price;
        require(r.client == 1 && r.symbol <= 1 && r.shares < 1'000'000);
        require(r.price <= 1'999'999'900);
        switch (r.kind) {
            case RequestKind::kReplace:
                require(open.erase(r.replaces) == 1);
                report.kind = ReportKind::kReplaced;
                [[fallthrough]];
            case RequestKind::kEnter:
                require(r.shares > 0 && open.emplace(r.ref, r.shares).second);
                listener->on_report(report);
                // Half of it trades.
                report.kind = ReportKind::kExecuted;
                report.shares = r.shares / 2;
                if (report.shares == 0) return;
                open[r.ref] -= report.shares;
                break;
            case RequestKind::kCancel:
                require(open.contains(r.ref) && r.shares < open[r.ref]);
                report.kind = ReportKind::kCancelled;
                report.shares = open[r.ref] - r.shares;
                open[r.ref] = r.shares;
                if (r.shares == 0) open.erase(r.ref);
                break;
        }
        listener->on_report(report);
    }
    void cancel_all(std::uint32_t, std::int64_t) noexcept override {}
};

void run_server(OuchVersion version, std::span<const std::byte> bytes) {
    Judge judge;
    OuchServerConfig config;
    config.users = {{"a", "", 1, version, false}};
    OuchServer server{judge, config};
    judge.listener = &server;
    auto stream = std::make_unique<Queue>();
    Queue& queue = *stream;
    server.add_connection(std::move(stream));
    SoupLogin login;
    login.user = padded<6>("a");
    std::byte packet[64];
    queue.packet(kSoupLogin, {packet + 1, encode(login, packet) - 1});
    server.poll(1);
    require(server.soup().is_logged_in(0));
    std::uint64_t sent = 0;
    each_message(bytes, [&](std::span<const std::byte> message) {
        ++sent;
        queue.packet(kSoupUnsequenced, message);
        server.poll(2);
    });
    require(server.counts().requests == sent);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto bytes = std::as_bytes(std::span(data + 1, size - 1));
    const OuchVersion version = (data[0] & 1U) != 0 ? OuchVersion::k50 : OuchVersion::k42;
    if ((data[0] & 2U) != 0) {
        run_server(version, bytes);
    } else {
        run_session(version, bytes);
    }
    return 0;
}
