// The server's end of SoupBinTCP: log-ins, one numbered stream of messages per user, sent again from
// whichever number a client asks for, heartbeats, and clients that have gone.
//
// Threads  One. Not for a hot thread: allocates, and keeps every message of the session (SoupStore).
// Bounds   Connections as they are added; out of a connection's messages no more than a few
//          kilobytes are put into its buffer ahead of what the system takes.
// Time     nanoseconds on any clock that does not go back.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sluice/adapters/ouch/soup_frames.hpp>
#include <sluice/adapters/ouch/soup_store.hpp>
#include <sluice/core/time.hpp>
#include <sluice/pipeline/net.hpp>

namespace sluice::adapters::ouch {

struct SoupServerConfig {
    std::string session = "SLUICE";                         // at most 10 characters
    core::Nanos heartbeat = std::chrono::seconds{1};        // sent when nothing else was
    core::Nanos client_silence = std::chrono::seconds{15};  // then the connection is closed
};

struct SoupServerCounts {
    std::uint64_t logins = 0;
    std::uint64_t refused = 0;    // log-ins
    std::uint64_t lost = 0;       // connections of users that were logged in
    std::uint64_t silent = 0;     // of these: nothing came for too long
    std::uint64_t malformed = 0;  // packets that broke the protocol; their connection is closed
    std::uint64_t resent = 0;     // messages sent again after a log-in
    std::uint64_t cut = 0;        // connections broken on purpose
};

class SoupServer {
  public:
    // `user` counts from 0 in the order of add_user().
    class Listener {
      public:
        Listener() = default;
        Listener(const Listener&) = delete;
        Listener& operator=(const Listener&) = delete;
        virtual ~Listener() = default;
        virtual void on_request(std::size_t user, std::span<const std::byte> message) = 0;
        virtual void on_disconnect(std::size_t user) = 0;
    };
    // Asked once for each sequenced packet that is about to leave, `size` bytes with its header: how
    // many of them still do before the connection breaks; none: it does not break.
    using CutHook = std::function<std::optional<std::size_t>(
        std::size_t user, std::uint64_t sequence, std::size_t size)>;

    // Throws std::invalid_argument when a field does not fit.
    SoupServer(const SoupServerConfig& config, Listener& listener);
    void add_user(const std::string& name, const std::string& password);
    void set_cut_hook(CutHook hook) { cut_ = std::move(hook); }

    void add_connection(std::unique_ptr<pipeline::ByteStream> stream);
    void poll(std::int64_t now_ns);
    // Numbers the message and sends it, now or once the user is logged in.
    void append(std::size_t user, std::span<const std::byte> message);
    // Breaks the user's connection at once.
    void drop(std::size_t user);
    // Tells all clients, and closes; later log-ins are refused.
    void end_session();

    [[nodiscard]] bool is_logged_in(std::size_t user) const {
        return users_[user].connection != nullptr;
    }
    [[nodiscard]] std::uint64_t messages(std::size_t user) const {
        return users_[user].messages.size();
    }
    [[nodiscard]] const SoupServerCounts& counts() const { return counts_; }

  private:
    struct Connection {
        std::unique_ptr<pipeline::ByteStream> stream;
        FrameReader reader;
        std::vector<std::byte> out;
        std::size_t out_head = 0;
        std::optional<std::size_t> user;
        std::uint64_t next = 0;          // number of the next message to send
        std::uint64_t resend_until = 0;  // messages before this number are sent again
        std::int64_t last_sent = 0;
        std::int64_t last_received = 0;
        bool closing = false;  // once everything has left
        bool dead = false;
    };
    struct User {
        SoupUser name;
        SoupPassword password;
        SoupStore messages;
        Connection* connection = nullptr;
    };

    void receive(Connection& connection);
    void take(Connection& connection, const SoupPacket& packet);
    void on_login(Connection& connection, std::span<const std::byte> bytes);
    void refuse(Connection& connection, char reason);
    void pump(Connection& connection);
    void beat(Connection& connection);
    void flush(Connection& connection);
    void lose(Connection& connection);
    void malformed(Connection& connection);
    void put(Connection& connection, char type, std::span<const std::byte> payload);
    [[nodiscard]] std::optional<std::size_t> find_user(const SoupLogin& login) const;

    SoupSession session_;
    std::int64_t heartbeat_;
    std::int64_t silence_;
    Listener& listener_;
    CutHook cut_;
    std::vector<User> users_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::int64_t now_ = 0;
    bool ended_ = false;
    SoupServerCounts counts_;
};

}  // namespace sluice::adapters::ouch
