#include <sluice/adapters/net/hot/udp_receiver.hpp>
#include <sluice/adapters/net/hot/udp_responder.hpp>
#include <sluice/adapters/net/hot/udp_sender.hpp>

#include "datagram_calls.hpp"
#include "socket_address.hpp"

namespace sluice::adapters::net {

std::span<const std::byte> UdpReceiver::receive() noexcept {
    return take_datagram(socket_.fd(), *buffer_);
}

bool UdpSender::send(std::span<const std::byte> datagram) noexcept {
    return give_datagram(socket_.fd(), datagram);
}

std::span<const std::byte> UdpRequester::receive() noexcept {
    return take_datagram(socket_.fd(), *buffer_);
}

bool UdpRequester::send(std::span<const std::byte> datagram) noexcept {
    return give_datagram(socket_.fd(), datagram);
}

std::span<const std::byte> UdpResponder::receive() noexcept {
    sockaddr_in from{};
    socklen_t from_size = sizeof from;
    const ssize_t size = ::recvfrom(socket_.fd(), buffer_->data(), buffer_->size(), MSG_DONTWAIT,
                                    general(from), &from_size);
    if (size <= 0) return {};
    peer_ = from_sockaddr(from);
    return std::span{*buffer_}.first(static_cast<std::size_t>(size));
}

bool UdpResponder::send(std::span<const std::byte> datagram) noexcept {
    if (peer_.port == 0) return false;
    const sockaddr_in to = to_sockaddr(peer_);
    return ::sendto(socket_.fd(), datagram.data(), datagram.size(), MSG_DONTWAIT, general(to),
                    sizeof to) >= 0;
}

}  // namespace sluice::adapters::net
