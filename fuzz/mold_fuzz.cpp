// MoldArbiter on arbitrary datagrams { line 1, size 1, bytes }, and MoldPublisher's answers on
// arbitrary requests. What is handed over must follow on what came before without a hole that is not
// counted.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <sluice/adapters/itch/hot/mold_arbiter.hpp>
#include <sluice/adapters/itch/mold_publisher.hpp>

namespace {

using namespace sluice;
namespace itch = adapters::itch;

void require(bool holds) {
    if (!holds) __builtin_trap();
}

class CheckingSender final : public pipeline::DatagramSender {
  public:
    bool send(std::span<const std::byte> datagram) noexcept override {
        itch::MoldHeader header;
        require(itch::read_mold_header(datagram, header));
        require(header.sequence != 0 && header.count != 0);
        require(datagram.size() == itch::kMoldHeader || itch::mold_blocks_fit(datagram, header));
        ++sent;
        return sent % 3 != 0;
    }
    std::size_t sent = 0;
};

class OneDatagram final : public pipeline::DatagramReceiver {
  public:
    std::span<const std::byte> datagram;
    [[nodiscard]] std::span<const std::byte> receive() noexcept override {
        return std::exchange(datagram, {});
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    itch::MoldOptions options;
    options.window = 64;
    options.request_messages = static_cast<std::uint16_t>(1 + data[0] % 8);
    options.requests_in_flight = 1 + (data[0] >> 3U) % 4;
    options.wait_ns = 3;
    options.retry_ns = 5;
    options.give_up_ns = 20;
    CheckingSender requests;
    itch::MoldArbiter arbiter(options, (data[0] & 0x80U) != 0 ? &requests : nullptr);

    itch::PublisherOptions publishing;
    publishing.session = itch::MoldSession{};
    publishing.packet_max = 72;
    publishing.kept_messages = 72;
    itch::MoldPublisher publisher(publishing, {}, {});
    for (int i = 0; i < 100; ++i) {
        pipeline::MarketUpdate update;
        update.action = pipeline::MarketAction::kSystem;
        publisher.on_update(update);
    }

    std::uint64_t handed = 0;
    const auto sink = [&](std::span<const std::byte> message, std::uint64_t) {
        for (const std::byte b : message) handed += static_cast<std::uint64_t>(b) & 0U;
        ++handed;
    };
    std::uint64_t now = 1;
    OneDatagram line;
    CheckingSender replies;
    for (std::size_t at = 1; at + 2 <= size; ++now) {
        const std::size_t length = std::min<std::size_t>(data[at + 1], size - at - 2);
        const std::span<const std::byte> datagram(reinterpret_cast<const std::byte*>(data + at + 2),
                                                  length);
        const std::size_t from = data[at] % 3;
        at += 2 + length;
        arbiter.take(from == 2 ? itch::MoldArbiter::kReplies : from, datagram, now, now, sink);
        if (from == 0) arbiter.keep_time(now, sink);
        line.datagram = datagram;
        publisher.serve_requests(line, replies);
        require(arbiter.counts().messages == handed);
        require(arbiter.next() == 1 + handed + arbiter.counts().lost);
    }
    return 0;
}
