// Making and ending what takes through io_uring; what it does in between is in hot/uring_inbox.cpp.
#include <bit>
#include <cerrno>
#include <string>
#include <system_error>

#include <sys/socket.h>

#include <sluice/adapters/net/hot/uring_udp_receiver.hpp>
#include <sluice/adapters/net/net_error.hpp>

#include "hot/uring_ring.hpp"

namespace sluice::adapters::net {

namespace {

constexpr unsigned kSubmissions = 4;  // one standing receive, set up now and then
constexpr std::size_t kEntryBytes = sizeof(io_uring_buf);

[[noreturn]] void throw_uring_error(const char* call, int error) {
    throw NetError(std::string("cannot receive through io_uring: ") + call + ": " +
                   std::error_code(error, std::generic_category()).message() +
                   "; it needs Linux 6.1 and kernel.io_uring_disabled = 0 (sysctl), and a "
                   "container that allows it: choose the plain receive instead");
}

std::size_t entries_bytes(const UringOptions& options) {
    const std::size_t bytes = options.buffers * kEntryBytes;
    return (bytes + core::AlignedBlock::kPage - 1) / core::AlignedBlock::kPage *
           core::AlignedBlock::kPage;
}

const UringOptions& checked(const UringOptions& options) {
    if (!std::has_single_bit(options.buffers) || options.buffers > 32768)
        throw NetError("io_uring: " + std::to_string(options.buffers) +
                       " buffers; choose a power of two up to 32768");
    if (options.buffer_bytes == 0) throw NetError("io_uring: buffers of 0 bytes");
    return options;
}

}  // namespace

UringInbox::Ring::Ring(int socket, const UringOptions& options)
    : fd{socket}, buffer_bytes{options.buffer_bytes}, mask{io_uring_buf_ring_mask(options.buffers)},
      block{entries_bytes(options) + std::size_t{options.buffers} * options.buffer_bytes},
      entries{static_cast<io_uring_buf_ring*>(block.data())}, data{static_cast<std::byte*>(
                                                                       block.data()) +
                                                                   entries_bytes(options)} {
    io_uring_params params{};
    // Disabled at first, so that the thread that polls, not this one, becomes the ring's owner.
    params.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN |
                   IORING_SETUP_R_DISABLED | IORING_SETUP_CQSIZE;
    params.cq_entries = 2U * options.buffers;
    if (const int made = io_uring_queue_init_params(kSubmissions, &ring, &params); made < 0)
        throw_uring_error("io_uring_setup", -made);
    io_uring_buf_reg registration{};
    registration.ring_addr = reinterpret_cast<std::uintptr_t>(entries);
    registration.ring_entries = options.buffers;
    registration.bgid = kBufferGroup;
    if (const int given = io_uring_register_buf_ring(&ring, &registration, 0); given < 0) {
        io_uring_queue_exit(&ring);
        throw_uring_error("io_uring_register_buf_ring", -given);
    }
    io_uring_buf_ring_init(entries);
    for (std::uint16_t i = 0; i < options.buffers; ++i) {
        give(i);
    }
}

UringInbox::Ring::~Ring() { io_uring_queue_exit(&ring); }

namespace {

bool is_stream(int fd) {
    int type = 0;
    socklen_t size = sizeof type;
    if (::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0)
        throw_uring_error("getsockopt", errno);
    return type == SOCK_STREAM;
}

}  // namespace

UringInbox::UringInbox(int fd, const UringOptions& options)
    : ring_{std::make_unique<Ring>(fd, checked(options))}, buffer_bytes_{options.buffer_bytes},
      mask_{static_cast<std::uint16_t>(options.buffers - 1)}, is_stream_{is_stream(fd)} {}

UringInbox::~UringInbox() = default;

namespace {

Socket bound(const Address& address, std::uint32_t interface, const ReceiveOptions& options) {
    Socket socket = open_udp_socket();
    bind_for_datagrams(socket, address, interface, options);
    return socket;
}

}  // namespace

UringUdpReceiver::UringUdpReceiver(const Address& address, std::uint32_t interface,
                                   const ReceiveOptions& options, const UringOptions& uring)
    : socket_{bound(address, interface, options)}, address_{local_address(socket_)},
      buffer_bytes_{uring.buffer_bytes}, inbox_{socket_.fd(), uring} {}

UringUdpReceiver::~UringUdpReceiver() = default;

}  // namespace sluice::adapters::net
