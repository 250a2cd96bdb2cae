// Making and ending the UDP ends; what they do in between is in hot/udp.cpp.
#include <cerrno>

#include <sluice/adapters/net/hot/udp_receiver.hpp>
#include <sluice/adapters/net/hot/udp_responder.hpp>
#include <sluice/adapters/net/hot/udp_sender.hpp>
#include <sluice/adapters/net/net_error.hpp>

#include "hot/socket_address.hpp"

namespace sluice::adapters::net {

namespace {

void connect_to(const Socket& socket, const Address& to) {
    const sockaddr_in where = to_sockaddr(to);
    if (::connect(socket.fd(), general(where), sizeof where) != 0)
        throw_system_error("send UDP to", to_text(to), errno);
}

void leave_by(const Socket& socket, std::uint32_t interface, const Address& to) {
    ip_mreqn request{};
    request.imr_address.s_addr = htonl(interface);
    if (::setsockopt(socket.fd(), IPPROTO_IP, IP_MULTICAST_IF, &request, sizeof request) != 0)
        throw_system_error("send to " + to_text(to) + " by interface", host_text(interface), errno);
}

void check_destination(const Address& to) {
    if (to.port == 0)
        throw AddressError(to_text(to) + " has port 0, which cannot be sent to; name a port");
}

}  // namespace

UdpReceiver::UdpReceiver(const Address& address, std::uint32_t interface,
                         const ReceiveOptions& options)
    : socket_{open_udp_socket()}, buffer_{std::make_unique<DatagramBuffer>()} {
    bind_for_datagrams(socket_, address, interface, options);
    address_ = local_address(socket_);
}

UdpReceiver::~UdpReceiver() = default;

UdpSender::UdpSender(const Address& to, std::uint32_t interface)
    : socket_{open_udp_socket()}, to_{to} {
    check_destination(to);
    if (to.is_multicast() && interface != 0) leave_by(socket_, interface, to);
    connect_to(socket_, to);
}

UdpSender::~UdpSender() = default;

UdpResponder::UdpResponder(const Address& address, const ReceiveOptions& options)
    : socket_{open_udp_socket()}, buffer_{std::make_unique<DatagramBuffer>()} {
    bind_for_datagrams(socket_, address, 0, options);
    address_ = local_address(socket_);
}

UdpResponder::~UdpResponder() = default;

UdpRequester::UdpRequester(const Address& to, const ReceiveOptions& options)
    : socket_{open_udp_socket()}, buffer_{std::make_unique<DatagramBuffer>()} {
    check_destination(to);
    bind_for_datagrams(socket_, {}, 0, options);
    connect_to(socket_, to);
}

UdpRequester::~UdpRequester() = default;

}  // namespace sluice::adapters::net
