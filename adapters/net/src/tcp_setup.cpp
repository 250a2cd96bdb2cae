// Making and ending streams, and the listener; what streams do in between is in hot/tcp_stream.cpp.
#include <cerrno>
#include <utility>

#include <netinet/tcp.h>

#include <sluice/adapters/net/hot/tcp_stream.hpp>
#include <sluice/adapters/net/net_error.hpp>
#include <sluice/adapters/net/tcp_listener.hpp>

#include "hot/socket_address.hpp"

namespace sluice::adapters::net {

TcpStream::TcpStream(const Address& to, const Address& from)
    : to_{to}, from_{from}, is_client_{true} {
    if (to.port == 0)
        throw AddressError(to_text(to) + " has port 0, which cannot be connected to; name a port");
}

TcpStream::TcpStream(Socket accepted)
    : socket_{std::move(accepted)}, state_{pipeline::StreamState::kOpen}, is_client_{false} {
    const int on = 1;
    // A refusal costs time, not correctness.
    (void)::setsockopt(socket_.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

TcpStream::~TcpStream() = default;

TcpListener::TcpListener(const Address& address) : socket_{open_tcp_socket()} {
    const int on = 1;
    // Without it a port would stay taken for a minute after its last connection.
    if (::setsockopt(socket_.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0)
        throw_system_error("prepare to listen at", to_text(address), errno);
    bind_socket(socket_, address, "TCP");
    if (::listen(socket_.fd(), SOMAXCONN) != 0)
        throw_system_error("listen at TCP", to_text(address), errno);
    address_ = local_address(socket_);
}

TcpListener::~TcpListener() = default;

std::unique_ptr<pipeline::ByteStream> TcpListener::accept() {
    Socket taken{::accept4(socket_.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (!taken.is_open()) return nullptr;  // none has come, or it has gone again
    return std::make_unique<TcpStream>(std::move(taken));
}

}  // namespace sluice::adapters::net
