#include <sluice/adapters/ouch/soup_server.hpp>

#include <cctype>
#include <stdexcept>

namespace sluice::adapters::ouch {

namespace {

constexpr std::size_t kAhead = 8192;  // bytes of messages in a connection's buffer

// Names and passwords are not case-sensitive.
bool same(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) ==
               std::tolower(static_cast<unsigned char>(y));
    });
}

template <std::size_t kSize>
std::array<char, kSize> fit(const std::string& text, const char* what) {
    if (text.size() > kSize)
        throw std::invalid_argument(std::string(what) + " '" + text + "' has more than " +
                                    std::to_string(kSize) + " characters");
    return padded<kSize>(text);
}

}  // namespace

SoupServer::SoupServer(const SoupServerConfig& config, Listener& listener)
    : session_(soup_session(trimmed(fit<10>(config.session, "session")))),
      heartbeat_(config.heartbeat.count()), silence_(config.client_silence.count()),
      listener_(listener) {}

void SoupServer::add_user(const std::string& name, const std::string& password) {
    User user;
    user.name = fit<6>(name, "user");
    user.password = fit<10>(password, "password");
    users_.push_back(std::move(user));
}

void SoupServer::add_connection(std::unique_ptr<pipeline::ByteStream> stream) {
    auto connection = std::make_unique<Connection>();
    connection->stream = std::move(stream);
    connection->last_sent = connection->last_received = now_;
    connections_.push_back(std::move(connection));
}

void SoupServer::poll(std::int64_t now_ns) {
    now_ = now_ns;
    // Connections are added between calls only, but any of them may die meanwhile.
    for (const auto& connection : connections_) {
        if (!connection->dead) receive(*connection);
        if (!connection->dead) pump(*connection);
        if (!connection->dead) beat(*connection);
        if (!connection->dead) flush(*connection);
    }
    std::erase_if(connections_, [](const auto& connection) { return connection->dead; });
}

void SoupServer::receive(Connection& connection) {
    const std::span<std::byte> room = connection.reader.room();
    const std::size_t size = connection.stream->read(room);
    if (size != 0) {
        connection.reader.filled(size);
        connection.last_received = now_;
    } else if (connection.stream->state() == pipeline::StreamState::kClosed) {
        lose(connection);
        return;
    } else if (now_ - connection.last_received >= silence_) {
        ++counts_.silent;
        lose(connection);
        return;
    }
    SoupPacket packet;
    while (!connection.dead && !connection.closing) {
        const FrameStatus status = connection.reader.next(packet);
        if (status == FrameStatus::kNone) return;
        if (status == FrameStatus::kBroken) {
            malformed(connection);
        } else {
            take(connection, packet);
        }
    }
}

void SoupServer::take(Connection& connection, const SoupPacket& packet) {
    switch (packet.type) {
        case kSoupLogin:
            if (connection.user) break;
            on_login(connection, packet.bytes);
            return;
        case kSoupUnsequenced:
            if (!connection.user) break;
            listener_.on_request(*connection.user, packet.payload());
            return;
        case kSoupLogout: lose(connection); return;
        case kSoupClientHeartbeat:
        case kSoupDebug: return;
        default: break;
    }
    malformed(connection);
}

void SoupServer::on_login(Connection& connection, std::span<const std::byte> bytes) {
    SoupLogin login;
    std::uint64_t sequence = 0;
    if (!decode(bytes, login) || !parse_soup_number(login.sequence, sequence)) {
        malformed(connection);
        return;
    }
    const std::optional<std::size_t> index = find_user(login);
    if (!index) {
        refuse(connection, kSoupNotAuthorized);
        return;
    }
    User& user = users_[*index];
    const std::uint64_t end = user.messages.size() + 1;
    const std::string_view wanted = trimmed(login.session);
    const bool gone = sequence != 0 && sequence < user.messages.first();
    if (ended_ || gone || sequence > end || (!wanted.empty() && wanted != trimmed(session_))) {
        refuse(connection, kSoupNoSuchSession);
        return;
    }
    // The client has come back before its old connection was seen to be gone.
    if (user.connection != nullptr) lose(*user.connection);
    connection.user = index;
    connection.next = sequence == 0 ? end : sequence;
    connection.resend_until = end;
    user.connection = &connection;
    ++counts_.logins;
    SoupAccepted accepted;
    accepted.session = session_;
    accepted.sequence = soup_number(connection.next);
    std::array<std::byte, 2 + kWireSize<SoupAccepted>> packet;
    encode_packet(accepted, packet.data());
    connection.out.insert(connection.out.end(), packet.begin(), packet.end());
    connection.last_sent = now_;
    pump(connection);
    flush(connection);
}

std::optional<std::size_t> SoupServer::find_user(const SoupLogin& login) const {
    for (std::size_t i = 0; i < users_.size(); ++i)
        if (same(trimmed(users_[i].name), trimmed(login.user)) &&
            same(trimmed(users_[i].password), trimmed(login.password)))
            return i;
    return std::nullopt;
}

void SoupServer::refuse(Connection& connection, char reason) {
    ++counts_.refused;
    const auto payload = static_cast<std::byte>(reason);
    put(connection, kSoupRejected, {&payload, 1});
    connection.closing = true;
    flush(connection);
}

void SoupServer::put(Connection& connection, char type, std::span<const std::byte> payload) {
    const std::size_t at = connection.out.size();
    connection.out.resize(at + kSoupHeaderSize);
    put_soup_header(connection.out.data() + at, type, payload.size());
    connection.out.insert(connection.out.end(), payload.begin(), payload.end());
    connection.last_sent = now_;
}

void SoupServer::pump(Connection& connection) {
    if (!connection.user) return;
    SoupStore& messages = users_[*connection.user].messages;
    while (!connection.closing && connection.next <= messages.size() &&
           connection.out.size() - connection.out_head < kAhead) {
        const std::span<const std::byte> bytes = messages.read(connection.next);
        if (bytes.empty()) {  // it can be had no more
            connection.closing = true;
            break;
        }
        const std::size_t size = kSoupHeaderSize + bytes.size();
        std::optional<std::size_t> cut;
        if (cut_) cut = cut_(*connection.user, connection.next, size);
        put(connection, kSoupSequenced, bytes);
        if (cut) {
            ++counts_.cut;
            connection.out.resize(connection.out.size() - size + std::min(*cut, size));
            connection.closing = true;
        }
        if (connection.next++ < connection.resend_until) ++counts_.resent;
    }
}

void SoupServer::beat(Connection& connection) {
    if (!connection.user || connection.closing || now_ - connection.last_sent < heartbeat_) return;
    put(connection, kSoupServerHeartbeat, {});
}

void SoupServer::flush(Connection& connection) {
    const std::span rest = std::span(connection.out).subspan(connection.out_head);
    if (!rest.empty()) connection.out_head += connection.stream->write(rest);
    if (connection.out_head == connection.out.size()) {
        connection.out.clear();
        connection.out_head = 0;
        if (connection.closing) lose(connection);
    }
}

void SoupServer::lose(Connection& connection) {
    if (connection.dead) return;
    connection.dead = true;
    connection.stream->close();
    if (!connection.user) return;
    ++counts_.lost;
    users_[*connection.user].connection = nullptr;
    listener_.on_disconnect(*connection.user);
}

void SoupServer::malformed(Connection& connection) {
    ++counts_.malformed;
    lose(connection);
}

void SoupServer::append(std::size_t user, std::span<const std::byte> message) {
    User& owner = users_[user];
    owner.messages.append(message);
    if (owner.connection == nullptr) return;
    Connection& connection = *owner.connection;
    pump(connection);
    flush(connection);
}

void SoupServer::drop(std::size_t user) {
    if (Connection* connection = users_[user].connection) {
        ++counts_.cut;
        lose(*connection);
    }
}

void SoupServer::end_session() {
    ended_ = true;
    for (const auto& connection : connections_) {
        if (connection->dead || connection->closing) continue;
        while (connection->user && connection->next <= messages(*connection->user) &&
               !connection->closing) {
            pump(*connection);
            flush(*connection);
            if (connection->dead || connection->out_head < connection->out.size()) break;
        }
        if (connection->dead) continue;
        put(*connection, kSoupEndOfSession, {});
        connection->closing = true;
        flush(*connection);
    }
}

}  // namespace sluice::adapters::ouch
