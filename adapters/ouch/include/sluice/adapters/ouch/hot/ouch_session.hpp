// Orders out and their reports back over OUCH 4.2 or 5.0 on SoupBinTCP.
//
// Threads  One, the sequencer's. Neither an allocation nor an exception after construction.
// Bounds   `max_orders` open orders, four times as many names; `events` reports a poll, what does
//          not fit comes with the next one.
// Cost     submit(): the message is written where it leaves from, then one write to the stream.
//
// Names. Each new order and each replacement has a name of its own: 4.2 a token of prefix and
// number, unique for the day; 5.0 a UserRefNum that rises. A report for any name of an order is a
// report for its OrderId; one for a name that was never given has OrderId::kNone and no symbol.
//
// What the protocol cannot carry is not sent: submit() returns false and last_refusal() says why.
// A price is a multiple of 0.0001 from 0.0001 to 199,999.9900, a quantity whole shares below a
// million; an order that waits for the answer to a replacement takes no other one.
// A market order goes out at 0x7FFFFFFF; GTC as DAY (system hours in 4.2, extended hours are not
// asked for in 5.0); FOK as immediate with a minimum quantity of all its shares.
//
// What was lost with a connection. The exchange sends missed reports by itself. Requests that had
// no answer when the connection broke are sent again under their old names once the missed reports
// are in; the exchange ignores a name it has seen, so nothing is entered twice. In 5.0 the answer to
// an account query marks the end of the missed reports (or its absence for the log-in's time-out);
// in 4.2 they are taken to be in when nothing more is there to read. Until then the state is
// kLoggingIn.
//
// What reports say. A partial cancel by the exchange is not passed on: the order is open for
// less, and its end is reported as a cancel (also after its last fill). A broken trade is passed on
// as a fill of zero shares, which no order can have had: an incident. An execution that repeats
// another's match number for the same name is dropped.
#pragma once

#include <sluice/adapters/ouch/hot/order_tokens.hpp>
#include <sluice/adapters/ouch/hot/soup_client.hpp>
#include <sluice/adapters/ouch/hot/venue_report.hpp>

namespace sluice::adapters::ouch {

enum class OuchVersion : std::uint8_t { k42, k50 };

inline constexpr std::size_t kNamesPerOrder = 4;

struct OuchSessionConfig {
    OuchVersion version = OuchVersion::k50;
    SoupClientConfig soup;
    std::vector<std::string> symbols;  // the exchange's, by SymbolId; empty: not traded there
    std::string token_prefix = "SL";   // 4.2: at most 6 letters and digits
    // 4.2: after a restart on the same day another prefix or number is needed. 5.0 asks.
    std::uint64_t first_number = 1;
    std::string firm;  // empty: the account's own
    char capacity = 'P';
    char display = 'Y';
    std::size_t max_orders = 1024;
    std::size_t events = 1024;
    std::int64_t day_start_ns = 0;  // midnight of the exchange's day, ns since the epoch, UTC
    bool query_account = true;      // 5.0
    bool resend = true;             // requests without an answer, after a reconnect
    // Where the names of orders are kept, kNamesPerOrder each; empty: in memory of the session's.
    std::span<TokenRecord> names{};
};

// Beyond SessionCounts.
struct OuchCounts {
    std::uint64_t duplicates = 0;  // executions seen before
    std::uint64_t reduced = 0;     // partial cancels by the exchange
    std::uint64_t broken = 0;      // trades undone
    std::uint64_t repeated = 0;    // requests sent again after a reconnect
    std::uint64_t refused = 0;     // orders that OUCH cannot carry
    std::uint64_t after_end = 0;   // cancels of what had ended: dropped
    std::uint64_t lost = 0;        // sequenced messages that the exchange no longer had
};

class OuchSession final : public pipeline::OrderSession {
  public:
    // Throws std::invalid_argument when a setting does not fit. `stream` must outlive the session.
    OuchSession(pipeline::ByteStream& stream, const OuchSessionConfig& config,
                const core::TscClock& clock);
    ~OuchSession() override;  // not inline: its releases stay out of the hot objects

    [[nodiscard]] std::span<pipeline::Event> poll(std::uint64_t now) noexcept override;
    [[nodiscard]] bool submit(const pipeline::ApprovedOrder& order) noexcept override;
    [[nodiscard]] bool cancel(pipeline::OrderId order, pipeline::SymbolId symbol) noexcept override;
    [[nodiscard]] pipeline::SessionState state() const noexcept override;
    [[nodiscard]] const pipeline::SessionCounts& counts() const noexcept override {
        return counts_;
    }
    void log_out() noexcept override;

    // Why the last submit() or cancel() returned false; kVenueUnreachable: not up, or no room.
    [[nodiscard]] pipeline::RejectReason last_refusal() const noexcept override { return refusal_; }
    [[nodiscard]] const OuchCounts& ouch_counts() const noexcept { return ouch_counts_; }
    [[nodiscard]] const SoupClient& soup() const noexcept { return soup_; }

  private:
    using Kind = VenueReport::Kind;

    // Catching up and sending again.
    void follow_login(std::uint64_t now) noexcept;
    void caught_up() noexcept;
    void resend() noexcept;

    // Requests.
    [[nodiscard]] bool refuse(pipeline::RejectReason reason) noexcept;
    [[nodiscard]] pipeline::RejectReason fit(const pipeline::ApprovedOrder& order,
                                             TokenRecord& record) const noexcept;
    [[nodiscard]] bool send_request(const TokenRecord& record) noexcept;
    [[nodiscard]] bool send_query() noexcept;
    [[nodiscard]] bool send_cancel(std::uint64_t number) noexcept;
    template <class Message>
    [[nodiscard]] bool send42(const Message& message) noexcept;
    template <class Message>
    [[nodiscard]] bool send50(const Message& message, const v50::Tags& tags) noexcept;
    [[nodiscard]] bool send_request42(const TokenRecord& record) noexcept;
    [[nodiscard]] bool send_request50(const TokenRecord& record) noexcept;

    // Reports.
    void take(std::span<const std::byte> message) noexcept;
    void apply(const VenueReport& report, TokenRecord& token) noexcept;
    void on_accepted(const VenueReport& report, TokenRecord& token, VenueOrder* order) noexcept;
    void on_replaced(const VenueReport& report, TokenRecord& token, VenueOrder* order) noexcept;
    void on_reduced(const VenueReport& report, TokenRecord& token, VenueOrder* order) noexcept;
    void on_executed(const VenueReport& report, TokenRecord& token, VenueOrder* order) noexcept;
    void on_rejected(const VenueReport& report, TokenRecord& token, VenueOrder* order) noexcept;
    void end(VenueOrder& order) noexcept;
    void emit(const VenueReport& report, pipeline::OrderId order, pipeline::SymbolId symbol,
              pipeline::ExecKind kind, std::uint64_t shares,
              pipeline::RejectReason reason = pipeline::RejectReason::kNone) noexcept;
    [[gnu::cold, gnu::noinline]] void unknown_slow(const VenueReport& report) noexcept;

    SoupClient soup_;
    TokenTable tokens_;
    VenueOrderTable orders_;
    MatchMemory matches_;
    std::vector<v42::Stock> symbols_;
    std::vector<pipeline::Event> events_;
    std::size_t event_count_ = 0;

    TokenText token_text_;
    std::uint64_t next_number_;
    std::uint64_t end_number_;
    std::uint64_t logins_seen_ = 0;
    std::uint64_t login_at_ = 0;
    std::int64_t day_start_ns_;
    v42::Firm firm_;
    OuchVersion version_;
    char capacity_;
    char display_;
    bool query_;
    bool resend_;
    bool catching_up_ = false;
    bool query_sent_ = false;
    pipeline::RejectReason refusal_{};
    pipeline::SessionCounts counts_;
    OuchCounts ouch_counts_;
};

}  // namespace sluice::adapters::ouch
