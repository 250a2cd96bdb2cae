// net_bench: ways to take what arrives on a socket, beside each other: a spinning recv, a spinning
// recvmmsg, and io_uring's standing receive.
//
//   net_bench [--rounds N] [--json FILE]
//
// One way of a 64-byte datagram from send() to user memory on another core, and the round trip of
// 64 bytes over TCP whose both ends take the same way. Loopback; needs two cores.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>

#include <sluice/adapters/net/hot/tcp_stream.hpp>
#include <sluice/adapters/net/hot/udp_receiver.hpp>
#include <sluice/adapters/net/hot/udp_sender.hpp>
#include <sluice/adapters/net/hot/uring_inbox.hpp>
#include <sluice/adapters/net/hot/uring_udp_receiver.hpp>
#include <sluice/adapters/net/net_error.hpp>
#include <sluice/adapters/net/tcp_listener.hpp>
#include <sluice/core/hot/tsc.hpp>

#include "burst.hpp"
#include "report.hpp"

namespace {

using namespace sluice;
using namespace sluice::adapters::net;
using bench::Contender;
using bench::Sample;
using bench::Section;

constexpr std::size_t kDatagrams = 1500;
constexpr std::uint64_t kPaceNs = 20'000;
constexpr std::size_t kEchoes = 1500;
constexpr std::size_t kBytes = 64;

using Message = std::array<std::byte, kBytes>;

struct Context {
    bench::Duo duo;
    core::TscClock clock;
};

[[noreturn]] void out_of_order() {
    std::fputs("net_bench: a message was lost, cut or changed\n", stderr);
    std::abort();
}

Sample sample_of(std::vector<std::uint64_t>& ticks, const core::TscClock& clock) {
    std::sort(ticks.begin(), ticks.end());
    const auto ns = [&](std::size_t i) { return static_cast<double>(clock.to_ns(ticks[i])); };
    return {.p50 = ns(ticks.size() / 2), .p99 = ns(ticks.size() * 99 / 100)};
}

Address any_port() { return parse_address("127.0.0.1:0"); }

// As UdpReceiver, but up to 16 datagrams a call.
class RecvmmsgReceiver final : public pipeline::DatagramReceiver {
  public:
    explicit RecvmmsgReceiver(const Address& address) : socket_{address} {
        for (std::size_t i = 0; i < kBatch; ++i) {
            pieces_[i] = {.iov_base = buffers_[i].data(), .iov_len = buffers_[i].size()};
            headers_[i].msg_hdr.msg_iov = &pieces_[i];
            headers_[i].msg_hdr.msg_iovlen = 1;
        }
    }
    std::span<const std::byte> receive() noexcept override {
        if (next_ == filled_) {
            const int taken =
                ::recvmmsg(socket_.fd(), headers_.data(), kBatch, MSG_DONTWAIT, nullptr);
            next_ = 0;
            filled_ = taken > 0 ? static_cast<std::size_t>(taken) : 0;
            if (filled_ == 0) return {};
        }
        const std::size_t i = next_++;
        return std::span{buffers_[i]}.first(headers_[i].msg_len);
    }
    [[nodiscard]] const Address& address() const noexcept { return socket_.address(); }

  private:
    static constexpr std::size_t kBatch = 16;
    UdpReceiver socket_;
    std::array<std::array<std::byte, 2048>, kBatch> buffers_{};
    std::array<iovec, kBatch> pieces_{};
    std::array<mmsghdr, kBatch> headers_{};
    std::size_t next_ = 0;
    std::size_t filled_ = 0;
};

// The stamp in the datagram is taken just before send(); the way ends when the receiver has it.
template <typename Receiver>
Sample one_way(Context& context) {
    Receiver receiver{any_port()};
    UdpSender sender{receiver.address()};
    std::vector<std::uint64_t> ways(kDatagrams);
    const auto pace = static_cast<std::uint64_t>(static_cast<double>(kPaceNs) * 1e-9 *
                                                 context.clock.ticks_per_second());
    context.duo.run(
        [&] {
            Message message{};
            std::uint64_t due = core::Tsc::now() + 50 * pace;  // the other end polls by then
            for (std::size_t n = 0; n < kDatagrams; ++n, due += pace) {
                std::uint64_t now = core::Tsc::now();
                while (now < due) now = core::Tsc::now();
                std::memcpy(message.data(), &now, sizeof now);
                if (!sender.send(message)) out_of_order();
            }
        },
        [&] {
            std::uint64_t* const way = ways.data();
            for (std::size_t n = 0; n < kDatagrams; ++n) {
                std::span<const std::byte> taken = receiver.receive();
                while (taken.empty()) taken = receiver.receive();
                const std::uint64_t now = core::Tsc::now();
                std::uint64_t sent = 0;
                if (taken.size() != kBytes) out_of_order();
                std::memcpy(&sent, taken.data(), sizeof sent);
                way[n] = now > sent ? now - sent : 0;
            }
        });
    return sample_of(ways, context.clock);
}

struct Connection {
    TcpListener listener{any_port()};
    TcpStream client{listener.address()};
    std::unique_ptr<pipeline::ByteStream> server;
    Connection() {
        client.connect();
        while (server == nullptr) server = listener.accept();
        while (client.state() != pipeline::StreamState::kOpen) {}
    }
    [[nodiscard]] TcpStream& accepted() { return static_cast<TcpStream&>(*server); }
};

// Takes whole messages: what came by spinning reads.
class ReadEnd {
  public:
    explicit ReadEnd(TcpStream& stream) : stream_{stream} {}
    void take(Message& into) noexcept {
        for (std::size_t have = 0; have < kBytes;) {
            have += stream_.read(std::span{into}.subspan(have));
        }
    }

  private:
    TcpStream& stream_;
};

// The same through io_uring.
class UringEnd {
  public:
    explicit UringEnd(TcpStream& stream) : inbox_{stream.fd()} {}
    void take(Message& into) noexcept {
        for (std::size_t have = 0; have < kBytes;) {
            const std::span<const std::byte> piece = inbox_.take();
            if (piece.size() > kBytes - have) out_of_order();
            std::copy(piece.begin(), piece.end(), into.begin() + static_cast<long>(have));
            have += piece.size();
        }
    }

  private:
    UringInbox inbox_;
};

template <typename End>
Sample echo(Context& context) {
    Connection connection;
    std::vector<std::uint64_t> trips(kEchoes);
    End near{connection.client};
    End far{connection.accepted()};
    context.duo.run(
        [&] {
            Message message{};
            Message answer{};
            for (std::size_t n = 0; n < kEchoes; ++n) {
                const std::uint64_t start = core::Tsc::now();
                std::memcpy(message.data(), &start, sizeof start);
                if (connection.client.write(message) != kBytes) out_of_order();
                near.take(answer);
                trips[n] = core::Tsc::now() - start;
                if (answer != message) out_of_order();
            }
        },
        [&] {
            Message message{};
            for (std::size_t n = 0; n < kEchoes; ++n) {
                far.take(message);
                if (connection.server->write(message) != kBytes) out_of_order();
            }
        });
    return sample_of(trips, context.clock);
}

bool has_uring() {
    try {
        const UringUdpReceiver probe{any_port()};
        return true;
    } catch (const NetError& error) {
        std::printf("left out: %s\n", error.what());
        return false;
    }
}

std::vector<Section> make_sections(Context& context) {
    const auto block = [&context](const char* name, Sample (*run)(Context&)) {
        return Contender{name, [&context, run] { return run(context); }, {}};
    };
    std::vector<Contender> datagrams{block("recv, spinning", one_way<UdpReceiver>),
                                     block("recvmmsg of 16, spinning", one_way<RecvmmsgReceiver>)};
    std::vector<Contender> streams{block("recv, spinning", echo<ReadEnd>)};
    if (has_uring()) {
        datagrams.push_back(block("io_uring multishot, spinning", one_way<UringUdpReceiver>));
        streams.push_back(block("io_uring multishot, spinning", echo<UringEnd>));
    }
    return {{"UDP, 64 bytes, one way, one in 20 us", "recv", true, {}, std::move(datagrams)},
            {"TCP, 64 bytes, round trip", "recv", true, {}, std::move(streams)}};
}

}  // namespace

int main(int argc, char** argv) {
    int rounds = 25;
    const char* json = nullptr;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument == "--rounds" && i + 1 < argc) {
            rounds = std::max(1, std::atoi(argv[++i]));
        } else if (argument == "--json" && i + 1 < argc) {
            json = argv[++i];
        } else {
            std::fputs("usage: net_bench [--rounds N] [--json FILE]\n", stderr);
            return 2;
        }
    }
    const std::vector<std::size_t> cores = core::available_cores();
    if (cores.size() < 2) {
        std::fputs("net_bench: needs two cores, this process may use one\n", stderr);
        return 77;  // "skipped" to ctest and automake
    }
    Context context{.duo = {cores[0], cores[1]}, .clock = core::TscClock::calibrate()};
    std::vector<Section> sections = make_sections(context);
    for (Section& section : sections) {
        bench::run_rounds(section.contenders, rounds, 7);
        bench::print(section);
    }
    if (!context.duo.has_priority()) std::puts("\nreal-time priority was refused: expect noise");
    if (json != nullptr) {
        bench::write_json(json, sections, rounds, context.clock.ticks_per_second(),
                          context.duo.has_priority());
    }
}
