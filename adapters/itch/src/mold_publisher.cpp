#include <sluice/adapters/itch/mold_publisher.hpp>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace sluice::adapters::itch {

MoldPublisher::MoldPublisher(const PublisherOptions& options,
                             std::span<const pipeline::ExchangeSymbol> symbols,
                             std::vector<pipeline::DatagramSender*> lines)
    : options_(options), encoder_(symbols, options.midnight_ns), lines_(std::move(lines)) {
    constexpr std::size_t kLeast = kMoldHeader + kMoldBlockHeader + kItchMessageMax;
    if (options.packet_max < kLeast || options.packet_max > 65'507)
        throw std::invalid_argument("MoldPublisher: packet_max must be 72..65,507 bytes");
    // A packet's messages must still be there when it is sent.
    if (options.kept_messages < options.packet_max)
        throw std::invalid_argument("MoldPublisher: kept_messages must be at least packet_max");
    if (options.heartbeat_ns <= 0)
        throw std::invalid_argument("MoldPublisher: heartbeat_ns must be above 0");
    if (options.pack_ns < 0 || options.pack_ns >= options.heartbeat_ns)
        throw std::invalid_argument("MoldPublisher: pack_ns must be 0 or more, below heartbeat_ns");
    kept_.resize(options.kept_messages);
    packet_.resize(options.packet_max);
}

void MoldPublisher::on_update(const pipeline::MarketUpdate& update) noexcept {
    std::array<std::byte, kItchMessageMax> message;
    const std::size_t size = ended_ ? 0 : encoder_.encode(update, message);
    if (size == 0) {
        ++counts_.refused;
        return;
    }
    const std::size_t block = kMoldBlockHeader + size;
    if (kMoldHeader + unsent_bytes_ + block > options_.packet_max) send_pending();
    Kept& kept = kept_[next_ % kept_.size()];
    kept.size = static_cast<std::uint16_t>(size);
    std::memcpy(kept.data.data(), message.data(), size);
    ++next_;
    unsent_bytes_ += block;
    ++counts_.messages;
}

void MoldPublisher::flush(std::int64_t now_ns) noexcept {
    const bool waits = unsent_from_ != next_ && packs_on(now_ns);
    if (unsent_from_ != next_ && !waits) send_pending();
    if (sent_since_flush_ || !started_) {
        started_ = true;
        sent_since_flush_ = false;
        quiet_since_ = now_ns;
    } else if (!waits && now_ns - quiet_since_ >= options_.heartbeat_ns) {
        send_empty(ended_ ? kMoldEnd : kMoldHeartbeat);
        quiet_since_ = now_ns;
    }
}

void MoldPublisher::end(std::int64_t now_ns) noexcept {
    if (unsent_from_ != next_) send_pending();
    ended_ = true;
    send_empty(kMoldEnd);
    quiet_since_ = now_ns;
}

std::size_t MoldPublisher::serve_requests(pipeline::DatagramReceiver& requests,
                                          pipeline::DatagramSender& reply) noexcept {
    std::size_t answered = 0;
    for (std::size_t i = 0; i < options_.requests_max; ++i) {
        const std::span<const std::byte> request = requests.receive();
        if (request.empty()) break;
        if (answer(request, reply)) ++answered;
    }
    return answered;
}

bool MoldPublisher::answer(std::span<const std::byte> request,
                           pipeline::DatagramSender& reply) noexcept {
    MoldHeader header;
    if (request.size() != kMoldHeader || !read_mold_header(request, header) ||
        header.session != options_.session || header.sequence == 0 || header.count == 0) {
        ++counts_.malformed;
        return false;
    }
    ++counts_.requests;
    const std::uint64_t oldest = next_ > kept_.size() ? next_ - kept_.size() : 1;
    if (header.sequence < oldest || header.sequence >= next_) {
        ++counts_.gone;
        return false;
    }
    const std::uint64_t there = next_ - header.sequence;
    const std::uint16_t count = pack(header.sequence, std::min<std::uint64_t>(header.count, there));
    counts_.replayed += count;
    if (!reply.send({packet_.data(), packet_size_})) ++counts_.unsent;
    return true;
}

std::uint16_t MoldPublisher::pack(std::uint64_t from, std::uint64_t count) noexcept {
    packet_size_ = kMoldHeader;
    std::uint16_t packed = 0;
    while (packed < count) {
        const Kept& kept = kept_[(from + packed) % kept_.size()];
        if (packet_size_ + kMoldBlockHeader + kept.size > options_.packet_max) break;
        core::store_big(packet_.data() + packet_size_, kept.size);
        packet_size_ += kMoldBlockHeader;
        std::memcpy(packet_.data() + packet_size_, kept.data.data(), kept.size);
        packet_size_ += kept.size;
        ++packed;
    }
    write_mold_header(std::span<std::byte, kMoldHeader>(packet_.data(), kMoldHeader),
                      {options_.session, from, packed});
    return packed;
}

bool MoldPublisher::packs_on(std::int64_t now_ns) noexcept {
    if (!waits_) {
        waits_ = true;
        waits_since_ = now_ns;
    }
    return now_ns - waits_since_ < options_.pack_ns;
}

void MoldPublisher::send_pending() noexcept {
    waits_ = false;
    // Fits, because on_update() sends before it would not.
    unsent_from_ += pack(unsent_from_, next_ - unsent_from_);
    unsent_bytes_ = 0;
    ++counts_.packets;
    send_to_all({packet_.data(), packet_size_});
}

void MoldPublisher::send_empty(std::uint16_t count) noexcept {
    std::array<std::byte, kMoldHeader> packet;
    write_mold_header(packet, {options_.session, next_, count});
    ++counts_.heartbeats;
    send_to_all(packet);
}

void MoldPublisher::send_to_all(std::span<const std::byte> packet) noexcept {
    sent_since_flush_ = true;
    for (pipeline::DatagramSender* line : lines_)
        if (!line->send(packet)) ++counts_.unsent;
}

}  // namespace sluice::adapters::itch
