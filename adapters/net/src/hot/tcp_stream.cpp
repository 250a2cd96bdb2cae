#include <sluice/adapters/net/hot/tcp_stream.hpp>

#include <cerrno>

#include <netinet/tcp.h>
#include <poll.h>

#include "socket_address.hpp"

namespace sluice::adapters::net {

using pipeline::StreamState;

namespace {

bool is_pause(int error) noexcept { return error == EAGAIN || error == EINTR; }

// A client whose own port was picked equal to the one it knocks at talks to itself; so it happens
// when a port of the system's own range is tried again and again while nobody listens.
bool is_connected_to_itself(int fd) noexcept {
    sockaddr_in here{};
    sockaddr_in there{};
    socklen_t here_size = sizeof here;
    socklen_t there_size = sizeof there;
    if (::getsockname(fd, general(here), &here_size) != 0) return false;
    if (::getpeername(fd, general(there), &there_size) != 0) return false;
    return from_sockaddr(here) == from_sockaddr(there);
}

}  // namespace

void TcpStream::connect() noexcept {
    if (!is_client_ || state_ != StreamState::kClosed) return;
    last_error_ = 0;
    socket_ = Socket{::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!socket_.is_open()) {
        last_error_ = errno;
        return;
    }
    const int on = 1;
    // A refusal costs time, not correctness.
    (void)::setsockopt(socket_.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const sockaddr_in from = to_sockaddr(from_);
    if (from_ != Address{} && ::bind(socket_.fd(), general(from), sizeof from) != 0) {
        lose_slow(errno);
        return;
    }
    const sockaddr_in to = to_sockaddr(to_);
    if (::connect(socket_.fd(), general(to), sizeof to) != 0 && errno != EINPROGRESS) {
        lose_slow(errno);
        return;
    }
    state_ = StreamState::kConnecting;
}

void TcpStream::finish_connect_slow() noexcept {
    pollfd watched{.fd = socket_.fd(), .events = POLLOUT, .revents = 0};
    if (::poll(&watched, 1, 0) <= 0) return;
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(socket_.fd(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    if (error == 0 && is_connected_to_itself(socket_.fd())) error = ECONNREFUSED;
    if (error != 0) {
        lose_slow(error);
        return;
    }
    state_ = StreamState::kOpen;
}

StreamState TcpStream::state() noexcept {
    if (state_ == StreamState::kConnecting) finish_connect_slow();
    if (state_ == StreamState::kOpen && !is_touched_) look_for_end();
    is_touched_ = false;
    return state_;
}

void TcpStream::look_for_end() noexcept {
    std::byte one{};
    const ssize_t size = ::recv(socket_.fd(), &one, 1, MSG_PEEK | MSG_DONTWAIT);
    if (size == 0) {
        lose_slow(0);
    } else if (size < 0 && !is_pause(errno)) {
        lose_slow(errno);
    }
}

std::size_t TcpStream::read(std::span<std::byte> into) noexcept {
    if (state_ != StreamState::kOpen) [[unlikely]] {
        if (state_ == StreamState::kConnecting) finish_connect_slow();
        if (state_ != StreamState::kOpen) return 0;
    }
    if (into.empty()) return 0;  // 0 bytes taken would look like the end
    is_touched_ = true;
    const ssize_t size = ::recv(socket_.fd(), into.data(), into.size(), MSG_DONTWAIT);
    if (size > 0) return static_cast<std::size_t>(size);
    if (size == 0) {
        lose_slow(0);
    } else if (!is_pause(errno)) {
        lose_slow(errno);
    }
    return 0;
}

std::size_t TcpStream::write(std::span<const std::byte> bytes) noexcept {
    if (state_ != StreamState::kOpen) [[unlikely]] {
        if (state_ == StreamState::kConnecting) finish_connect_slow();
        if (state_ != StreamState::kOpen) return 0;
    }
    const ssize_t size =
        ::send(socket_.fd(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size >= 0) [[likely]] {
        is_touched_ = true;
        return static_cast<std::size_t>(size);
    }
    // The peer is gone, but what it sent may still lie here: reading comes upon the end, and a
    // caller who does not read learns of it from state().
    is_touched_ = false;
    return 0;
}

void TcpStream::lose_slow(int error) noexcept {
    last_error_ = error;
    close();
}

void TcpStream::close() noexcept {
    socket_.close();
    state_ = StreamState::kClosed;
    is_touched_ = false;
}

}  // namespace sluice::adapters::net
