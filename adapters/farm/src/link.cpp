#include <sluice/adapters/farm/link.hpp>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sluice::adapters::farm {
namespace {

constexpr int kUnansweredMs =
    30'000;  // what was sent and not confirmed for so long: no one is there

void set(int socket, int level, int name, int value) noexcept {
    (void)::setsockopt(socket, level, name, &value, sizeof value);  // refused: slower, not wrong
}

sockaddr_in resolve(const std::string& address) {
    const auto colon = address.rfind(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == address.size())
        throw FarmError("'" + address + "' is no address of a farm; write host:port");
    addrinfo hints{};
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(address.substr(0, colon).c_str(),
                                    address.substr(colon + 1).c_str(), &hints, &found);
    if (error != 0) throw FarmError("'" + address + "': " + ::gai_strerror(error));
    sockaddr_in out{};
    std::memcpy(&out, found->ai_addr, sizeof out);
    ::freeaddrinfo(found);
    return out;
}

int open_socket() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) throw FarmError(std::string("no socket can be had: ") + std::strerror(errno));
    return fd;
}

[[noreturn]] void fail(int socket, const std::string& what) {
    const int error = errno;
    (void)::close(socket);
    throw FarmError(what + ": " + std::strerror(error));
}

const sockaddr* general(const sockaddr_in& address) {
    return static_cast<const sockaddr*>(static_cast<const void*>(&address));
}

}  // namespace

Link::Link(int socket) noexcept : socket_(socket) {
    set(socket_, IPPROTO_TCP, TCP_NODELAY, 1);
    set(socket_, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(socket_, IPPROTO_TCP, TCP_KEEPIDLE, 10);
    set(socket_, IPPROTO_TCP, TCP_KEEPINTVL, 5);
    set(socket_, IPPROTO_TCP, TCP_KEEPCNT, 4);
    set(socket_, IPPROTO_TCP, TCP_USER_TIMEOUT, kUnansweredMs);
}

Link::~Link() {
    if (socket_ >= 0) (void)::close(socket_);
}

Link::Link(Link&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}

bool Link::send(Kind kind, std::string_view text) noexcept {
    if (text.size() + 1 > kMessageMax) return false;
    const std::lock_guard<std::mutex> lock{sending_};
    std::array<char, 5> head{};
    const std::uint32_t size = htonl(static_cast<std::uint32_t>(text.size() + 1));
    std::memcpy(head.data(), &size, sizeof size);
    head[4] = static_cast<char>(kind);
    for (std::string_view part : {std::string_view{head.data(), head.size()}, text}) {
        while (!part.empty()) {
            const ::ssize_t sent = ::send(socket_, part.data(), part.size(), MSG_NOSIGNAL);
            if (sent < 0 && errno == EINTR) continue;
            if (sent <= 0) return false;
            part.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    return true;
}

bool Link::take(char* into, std::size_t size) noexcept {
    while (size > 0) {
        const ::ssize_t got = ::recv(socket_, into, size, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        into += got;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

std::optional<Message> Link::receive(std::size_t most) {
    std::array<char, 5> head{};
    if (!take(head.data(), head.size())) return std::nullopt;
    std::uint32_t size = 0;
    std::memcpy(&size, head.data(), sizeof size);
    size = ntohl(size);
    if (size == 0 || size > most) return std::nullopt;
    Message out{static_cast<Kind>(head[4]), std::string(size - 1, '\0')};
    if (!take(out.text.data(), out.text.size())) return std::nullopt;
    return out;
}

void Link::receive_within(int seconds) noexcept {
    const timeval limit{seconds, 0};
    (void)::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

void Link::hang_up() noexcept { (void)::shutdown(socket_, SHUT_RDWR); }

int listen_at(const std::string& address) {
    const sockaddr_in where = resolve(address);
    const int fd = open_socket();
    set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (::bind(fd, general(where), sizeof where) != 0 || ::listen(fd, SOMAXCONN) != 0)
        fail(fd, "workers cannot be taken at " + address);
    return fd;
}

int connect_to(const std::string& address) {
    const sockaddr_in where = resolve(address);
    const int fd = open_socket();
    if (::connect(fd, general(where), sizeof where) != 0)
        fail(fd, "no search takes workers at " + address);
    return fd;
}

std::string address_of(int socket) {
    sockaddr_in where{};
    socklen_t size = sizeof where;
    std::array<char, INET_ADDRSTRLEN> text{};
    if (::getsockname(socket, static_cast<sockaddr*>(static_cast<void*>(&where)), &size) != 0 ||
        ::inet_ntop(AF_INET, &where.sin_addr, text.data(), text.size()) == nullptr)
        throw FarmError("descriptor " + std::to_string(socket) + " is no socket that listens");
    return std::string(text.data()) + ":" + std::to_string(ntohs(where.sin_port));
}

}  // namespace sluice::adapters::farm
