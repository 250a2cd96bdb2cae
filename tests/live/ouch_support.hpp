// What the tests of the order session share: bytes as the specification's tables write them, a wire
// in memory that cuts and breaks, an exchange that does as it is told, and orders through a gate.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include <sluice/adapters/ouch/hot/ouch_session.hpp>
#include <sluice/adapters/ouch/ouch_server.hpp>
#include <sluice/pipeline/hot/risk_gate.hpp>

namespace sluice::tests::ouch_live {

using namespace pipeline;        // NOLINT: every test speaks the pipeline's vocabulary
using namespace adapters::ouch;  // NOLINT

// Numbers of a message, most significant byte first, without the code under test.
template <class T>
[[nodiscard]] std::string big(T value) {
    std::string out;
    for (std::size_t i = sizeof(T); i > 0; --i)
        out += static_cast<char>(value >> (8 * (i - 1)) & 0xFF);
    return out;
}
[[nodiscard]] inline std::string u16(std::uint16_t v) { return big(v); }
[[nodiscard]] inline std::string u32(std::uint32_t v) { return big(v); }
[[nodiscard]] inline std::string u64(std::uint64_t v) { return big(v); }

[[nodiscard]] inline std::span<const std::byte> bytes_of(const std::string& text) {
    return std::as_bytes(std::span(text));
}
[[nodiscard]] inline std::string text_of(std::span<const std::byte> bytes) {
    std::string out;
    for (const std::byte byte : bytes) out += static_cast<char>(byte);
    return out;
}
[[nodiscard]] inline std::string hex(const std::string& bytes) {
    std::string out;
    for (const char c : bytes) {
        out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4U];
        out += "0123456789abcdef"[static_cast<unsigned char>(c) & 15U];
    }
    return out;
}
// A SoupBinTCP packet.
[[nodiscard]] inline std::string packet(char type, const std::string& payload) {
    return u16(static_cast<std::uint16_t>(payload.size() + 1)) + type + payload;
}

// One connection in memory. Everything that went over it stays on record.
struct Wire {
    std::deque<std::byte> bytes[2];  // on their way: [0] to the server, [1] to the client
    std::string record[2];
    bool open = true;
    bool stalled = false;                       // nothing moves, nothing breaks
    std::optional<std::size_t> break_after[2];  // so many bytes; the rest never arrives
    std::mt19937* cutter = nullptr;             // gives what is read and written piece by piece
};

class WireEnd final : public ByteStream {
  public:
    WireEnd(std::shared_ptr<Wire> wire, int sends) : wire_(std::move(wire)), sends_(sends) {}
    ~WireEnd() override { close(); }

    void connect() noexcept override {}
    StreamState state() noexcept override {
        const bool more = !wire_->bytes[1 - sends_].empty();
        return wire_->open || more ? StreamState::kOpen : StreamState::kClosed;
    }
    std::size_t read(std::span<std::byte> into) noexcept override {
        auto& from = wire_->bytes[1 - sends_];
        if (wire_->stalled) return 0;
        const std::size_t size = some(std::min(into.size(), from.size()));
        for (std::size_t i = 0; i < size; ++i) {
            into[i] = from.front();
            from.pop_front();
        }
        return size;
    }
    std::size_t write(std::span<const std::byte> bytes) noexcept override {
        if (!wire_->open) return 0;
        const std::size_t size = some(bytes.size());
        auto& to = wire_->bytes[sends_];
        for (std::size_t i = 0; i < size; ++i) {
            auto& limit = wire_->break_after[sends_];
            if (limit && *limit == wire_->record[sends_].size()) {
                wire_->open = false;
                return i;
            }
            to.push_back(bytes[i]);
            wire_->record[sends_] += static_cast<char>(bytes[i]);
        }
        return size;
    }
    void close() noexcept override {
        wire_->open = false;
        wire_->bytes[1 - sends_].clear();  // nobody reads it any more
    }

  private:
    [[nodiscard]] std::size_t some(std::size_t size) {
        if (wire_->cutter == nullptr || size == 0) return size;
        return (*wire_->cutter)() % (size + 1);
    }
    std::shared_ptr<Wire> wire_;
    int sends_;
};

// The client's stream: each connect() makes a new wire and hands its other end over.
class Link final : public ByteStream {
  public:
    std::function<void(std::unique_ptr<ByteStream>)> on_connect;
    std::function<void(Wire&)> on_wire;  // to say when it breaks
    std::vector<std::shared_ptr<Wire>> wires;
    bool refuse = false;

    void connect() noexcept override {
        if (refuse || end_ != nullptr) return;
        wires.push_back(std::make_shared<Wire>());
        if (on_wire) on_wire(*wires.back());
        end_ = std::make_unique<WireEnd>(wires.back(), 0);
        on_connect(std::make_unique<WireEnd>(wires.back(), 1));
    }
    StreamState state() noexcept override {
        return end_ == nullptr ? StreamState::kClosed : end_->state();
    }
    std::size_t read(std::span<std::byte> into) noexcept override {
        return end_ == nullptr ? 0 : end_->read(into);
    }
    std::size_t write(std::span<const std::byte> bytes) noexcept override {
        return end_ == nullptr ? 0 : end_->write(bytes);
    }
    void close() noexcept override { end_.reset(); }
    [[nodiscard]] Wire& wire() { return *wires.back(); }

  private:
    std::unique_ptr<WireEnd> end_;
};

// Says yes to everything; fills and the rest at the test's word.
class PuppetExchange final : public Exchange {
  public:
    ReportListener* listener = nullptr;
    std::vector<OrderRequest> requests;
    std::vector<std::uint32_t> cancelled_clients;
    char reject_with = 0;
    bool answer = true;

    PuppetExchange() { symbols_ = {symbol("AAPL    "), symbol("MSFT    ")}; }

    [[nodiscard]] std::span<const ExchangeSymbol> symbols() const noexcept override {
        return symbols_;
    }
    void request(const OrderRequest& request, std::int64_t now_ns) noexcept override {
        now_ = now_ns;
        requests.push_back(request);
        if (!answer) return;
        OrderReport report = about(request.ref);
        report.client = request.client;
        report.shares = request.shares;
        report.price = request.price;
        report.replaces = request.replaces;
        switch (request.kind) {
            case RequestKind::kEnter: report.kind = ReportKind::kAccepted; break;
            case RequestKind::kReplace: report.kind = ReportKind::kReplaced; break;
            case RequestKind::kCancel:
                report.kind = ReportKind::kCancelled;
                report.shares = open_[request.ref] - request.shares;
                report.reason = 'U';
                break;
        }
        if (reject_with != 0 && request.kind != RequestKind::kCancel) {
            report.kind = ReportKind::kRejected;
            report.reason = reject_with;
        } else if (request.kind != RequestKind::kCancel) {
            open_.erase(request.replaces);
            open_[request.ref] = request.shares;
        } else {
            open_[request.ref] = request.shares;
        }
        listener->on_report(report);
    }
    void cancel_all(std::uint32_t client, std::int64_t) noexcept override {
        cancelled_clients.push_back(client);
    }

    void fill(std::uint64_t ref, std::uint32_t shares, ExchangePrice price, std::uint64_t match) {
        OrderReport report = about(ref);
        report.kind = ReportKind::kExecuted;
        report.shares = shares;
        report.price = price;
        report.match = match;
        report.liquidity = 'A';
        open_[ref] -= shares;
        listener->on_report(report);
    }
    void take_off(std::uint64_t ref, std::uint32_t shares, char reason) {
        OrderReport report = about(ref);
        report.kind = ReportKind::kCancelled;
        report.shares = shares;
        report.reason = reason;
        open_[ref] -= shares;
        listener->on_report(report);
    }
    void say(ReportKind kind, std::uint64_t ref, char reason = ' ') {
        OrderReport report = about(ref);
        report.kind = kind;
        report.reason = reason;
        listener->on_report(report);
    }
    [[nodiscard]] OrderReport about(std::uint64_t ref) const {
        OrderReport report;
        report.client = 1;
        report.ref = ref;
        report.time_ns = now_;
        report.order = 1000 + ref;
        return report;
    }

  private:
    [[nodiscard]] static ExchangeSymbol symbol(const char* name) {
        ExchangeSymbol out;
        std::copy_n(name, 8, out.name.begin());
        return out;
    }
    std::vector<ExchangeSymbol> symbols_;
    std::unordered_map<std::uint64_t, std::uint32_t> open_;
    std::int64_t now_ = 0;
};

// Orders that went through a gate whose limits nothing meets: there is no other way to one.
class Desk {
  public:
    [[nodiscard]] static ApprovedOrder order(std::uint64_t id, Side side, std::int64_t shares,
                                             std::int64_t price_raw,
                                             TimeInForce tif = TimeInForce::kDay,
                                             SymbolId symbol = SymbolId{0}) {
        return approved(id, side, Quantity::from_units(shares), price_raw, tif, symbol, false);
    }
    [[nodiscard]] static ApprovedOrder replacement(std::uint64_t id, Side side, std::int64_t shares,
                                                   std::int64_t price_raw) {
        return approved(id, side, Quantity::from_units(shares), price_raw, TimeInForce::kDay,
                        SymbolId{0}, true);
    }
    [[nodiscard]] static ApprovedOrder approved(std::uint64_t id, Side side, Quantity quantity,
                                                std::int64_t price_raw, TimeInForce tif,
                                                SymbolId symbol, bool replaces) {
        RiskSettings wide;
        wide.max_position = wide.max_order_quantity = Quantity::from_units(10'000'000);
        wide.max_order_notional = wide.daily_loss = Money::from_units(1'000'000'000'000'000);
        wide.max_price_distance_bps = 10'000;
        wide.max_orders_per_second = 100'000;
        wide.require_funds = false;
        RiskGate gate{wide};
        const Price price = Price::from_raw(price_raw);
        const Proposal proposal{
            symbol, side,     price_raw == 0 ? OrderType::kMarket : OrderType::kLimit,
            tif,    quantity, price};
        const Exposure exposure{
            {}, {}, {}, Quantity::from_raw(1), price_raw == 0 ? Price::from_raw(1) : price, 0, 100};
        const Portfolio books{Money::from_units(1'000'000'000), 3};
        const auto verdict =
            replaces ? gate.judge_replacement(proposal, quantity, exposure, books, {},
                                              static_cast<OrderId>(id))
                     : gate.judge(proposal, exposure, books, {}, static_cast<OrderId>(id));
        EXPECT_TRUE(verdict.approved()) << to_string(verdict.reason());
        return verdict.order();
    }
};

inline constexpr std::int64_t kCent = 10'000'000;                     // in 1e-9
inline constexpr std::int64_t kDayStart = 1'700'006'400'000'000'000;  // a midnight, UTC
inline constexpr std::int64_t kSecondNs = 1'000'000'000;

// What a report says, to compare and to print.
struct Said {
    std::uint64_t order;
    ExecKind kind;
    std::int64_t shares;
    std::int64_t price;  // 1e-4
    RejectReason reason = RejectReason::kNone;
    friend bool operator==(const Said&, const Said&) = default;
    friend void PrintTo(const Said& s, std::ostream* out) {
        *out << '{' << s.order << ' ' << to_string(s.kind) << ' ' << s.shares << " @ " << s.price
             << ' ' << to_string(s.reason) << '}';
    }
};
[[nodiscard]] inline Said said(const Event& e) {
    return {static_cast<std::uint64_t>(e.report().order), e.exec_kind(),
            e.report().quantity.raw() / Quantity::kScale, e.report().price.raw() / 100'000,
            e.reject_reason()};
}

// A session and a server on one clock of nanoseconds.
class Pair {
  public:
    explicit Pair(OuchVersion version, OuchFaults faults = {}, bool cancel_on_disconnect = false)
        : server(exchange, server_config(version, cancel_on_disconnect), std::move(faults)),
          session(link, session_config(version), core::TscClock::from_rate(1e9)) {
        exchange.listener = &server;
        link.on_connect = [this](auto stream) { server.add_connection(std::move(stream)); };
    }
    // One turn of each, `step` later.
    std::vector<Said> turn(std::int64_t step = 1'000'000) {
        now += step;
        std::vector<Said> out;
        for (const Event& e : session.poll(static_cast<std::uint64_t>(now))) {
            out.push_back(said(e));
            heard.push_back(out.back());
            symbols.push_back(e.symbol());
            times.push_back(core::ns_since_epoch(e.time()));
        }
        server.poll(kDayStart + now);
        return out;
    }
    std::vector<Said> turns(int count = 4, std::int64_t step = 1'000'000) {
        std::vector<Said> out;
        for (int i = 0; i < count; ++i)
            for (const Said& s : turn(step)) out.push_back(s);
        return out;
    }
    void up() {
        for (int i = 0; i < 100 && session.state() != SessionState::kUp; ++i) turn();
        ASSERT_EQ(session.state(), SessionState::kUp);
    }

    static OuchServerConfig server_config(OuchVersion version, bool cancel_on_disconnect) {
        OuchServerConfig config;
        config.soup.session = "DAY1";
        config.users = {{"trader", "secret", 1, version, cancel_on_disconnect}};
        config.day_start_ns = kDayStart;
        return config;
    }
    static OuchSessionConfig session_config(OuchVersion version) {
        OuchSessionConfig config;
        config.version = version;
        config.soup.user = "trader";
        config.soup.password = "secret";
        config.symbols = {"AAPL", "MSFT", ""};
        config.day_start_ns = kDayStart;
        config.max_orders = 64;
        return config;
    }

    Link link;
    PuppetExchange exchange;
    OuchServer server;
    OuchSession session;
    std::int64_t now = kSecondNs;
    std::vector<Said> heard;
    std::vector<SymbolId> symbols;
    std::vector<std::int64_t> times;
};

}  // namespace sluice::tests::ouch_live
