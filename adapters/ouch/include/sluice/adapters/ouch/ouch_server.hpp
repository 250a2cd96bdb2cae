// The simulated exchange's door for orders: OUCH 4.2 and 5.0 on SoupBinTCP, each user with the
// version of its own. Requests go to a pipeline::Exchange, its reports come in through
// pipeline::ReportListener and go out to the user whose client number they carry.
//
// Threads  One, the exchange's. Not for a hot thread: allocates.
// Bounds   Of a user: the orders that live, the last kGoneKept that are gone, for late reports and
//          answers, and the names used (UsedTokens). Reports are with SoupServer.
// Time     nanoseconds since the epoch, UTC; on the wire since `day_start_ns`.
//
// A name that was seen before is ignored, as the specifications say, so a client may repeat what it
// is not sure of. So are cancels and replacements of orders that are not live. A replacement whose
// terms make no sense takes the order out of the book; one that asks for no more than has been
// executed does, too.
#pragma once

#include <deque>
#include <unordered_map>

#include <sluice/adapters/ouch/hot/ouch_session.hpp>
#include <sluice/adapters/ouch/soup_server.hpp>
#include <sluice/adapters/ouch/used_tokens.hpp>
#include <sluice/pipeline/exchange.hpp>

namespace sluice::adapters::ouch {

struct OuchUser {
    std::string name;          // at most 6 characters
    std::string password;      // at most 10
    std::uint32_t client = 1;  // the exchange's number for it; unique, and not 0
    OuchVersion version = OuchVersion::k50;
    bool cancel_on_disconnect = false;
    // A watchdog's log-in: it may cancel this client's orders, by their names, and nothing else. 0: an
    // ordinary user.
    std::uint32_t cancels_for = 0;
};

struct OuchServerConfig {
    SoupServerConfig soup;
    std::vector<OuchUser> users;
    std::int64_t day_start_ns = 0;  // midnight of the exchange's day
};

// What shall be wrong with a report.
struct ReportFault {
    std::uint32_t copies = 1;   // of it, each with a number of its own; 0: it never comes
    std::int64_t delay_ns = 0;  // other reports may overtake it
    bool stray = false;         // followed by a copy under a name that was never given
};
struct OuchFaults {
    std::function<ReportFault(std::size_t user, std::span<const std::byte> message)> on_report;
    SoupServer::CutHook on_send;
};

struct OuchServerCounts {
    std::uint64_t requests = 0;
    std::uint64_t reports = 0;
    std::uint64_t malformed = 0;    // requests that could not be read
    std::uint64_t ignored = 0;      // names seen before, orders that are not live
    std::uint64_t unsupported = 0;  // requests that this exchange has no use for
};

class OuchServer final : public pipeline::ReportListener, private SoupServer::Listener {
  public:
    // Throws std::invalid_argument when a setting does not fit. `exchange` must outlive the server.
    OuchServer(pipeline::Exchange& exchange, const OuchServerConfig& config,
               OuchFaults faults = {});

    void add_connection(std::unique_ptr<pipeline::ByteStream> stream) {
        soup_.add_connection(std::move(stream));
    }
    // Takes requests and sends what is due.
    void poll(std::int64_t now_ns);
    void on_report(const pipeline::OrderReport& report) noexcept override;
    // S start of day, E end of day; to every user.
    void system_event(char code, std::int64_t now_ns);
    void end_session() { soup_.end_session(); }
    void drop(std::size_t user) { soup_.drop(user); }

    [[nodiscard]] const OuchServerCounts& counts() const { return counts_; }
    [[nodiscard]] const SoupServer& soup() const { return soup_; }
    // Of all clients; looks at each order that is remembered.
    [[nodiscard]] std::size_t open_orders() const;

  private:
    static constexpr std::size_t kGoneKept = 16'384;
    // What a client said of its order and hears back.
    struct Terms {
        v42::Token name = padded<14>("");  // 4.2 its token, 5.0 its ClOrdID
        char side = 'B';
        v42::Stock symbol = padded<8>("");
        std::uint32_t shares = 0;
        std::uint64_t price = 0;
        std::uint32_t tif = 0;  // 4.2 seconds, 5.0 the letter
        v42::Firm firm = padded<4>("");
        char display = 'Y';
        char capacity = 'P';
        char sweep = 'N';
        char cross = 'N';
        std::uint32_t min_quantity = 0;
    };
    struct Order {
        std::uint64_t ref = 0;
        Terms terms;
        std::uint32_t open = 0;
        std::uint32_t executed = 0;  // in its whole chain
        bool live = false;
        bool dead_on_arrival = false;  // told so with its acceptance
        bool gone = false;             // waits to be forgotten
    };
    struct User {
        OuchUser settings;
        std::unordered_map<std::uint64_t, Order> orders;      // by the exchange's ref
        std::unordered_map<std::string, std::uint64_t> refs;  // 4.2: of these, by token
        UsedTokens tokens;                                    // 4.2
        std::deque<std::uint64_t> gone;                       // refs, the oldest first
        std::uint64_t last_ref = 0;
        bool entry_disabled = false;
        std::size_t watched = 0;  // index of the user whose orders it cancels
    };
    struct Delayed {
        std::int64_t due = 0;
        std::size_t user = 0;
        std::vector<std::byte> message;
    };
    // The messages of one version.
    struct V42;
    struct V50;

    void on_request(std::size_t user, std::span<const std::byte> message) override;
    void on_disconnect(std::size_t user) override;
    void on_request42(std::size_t user, std::span<const std::byte> message);
    void on_request50(std::size_t user, std::span<const std::byte> message);
    void on_watchdog(std::size_t user, std::span<const std::byte> message);
    void on_mass_cancel(std::size_t user, const v50::client::MassCancel& request);

    void enter(std::size_t user, std::uint64_t ref, const Terms& terms);
    void replace(std::size_t user, std::uint64_t existing, std::uint64_t ref, const Terms& terms);
    void cancel(std::size_t user, std::uint64_t ref, std::uint32_t total);
    void reject(std::size_t user, const Order& order, char letter);
    // Whether the name is new; a new one is taken.
    [[nodiscard]] bool take_ref(User& user, std::uint64_t ref);
    [[nodiscard]] char fault_of(const Terms& terms, OuchVersion version) const;
    [[nodiscard]] pipeline::OrderRequest request_for(const User& user, std::uint64_t ref,
                                                     const Terms& terms) const;

    template <class Version>
    void write(std::size_t user, Order& order, const pipeline::OrderReport& report);
    void follow(User& user, Order& order, const pipeline::OrderReport& report);
    // The order lives no more.
    void bury(User& user, Order& order);
    template <class Message>
    void send(std::size_t user, const Message& message);
    void deliver(std::size_t user, std::span<const std::byte> message);
    [[nodiscard]] std::uint64_t since_midnight(std::int64_t time_ns) const;

    pipeline::Exchange& exchange_;
    OuchFaults faults_;
    SoupServer soup_;
    std::int64_t day_start_;
    std::int64_t now_ = 0;
    std::vector<User> users_;
    std::unordered_map<std::string, std::uint16_t> symbols_;
    std::deque<Delayed> delayed_;
    std::vector<std::size_t> disconnected_;
    OuchServerCounts counts_;
};

}  // namespace sluice::adapters::ouch
