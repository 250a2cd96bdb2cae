#include <sluice/adapters/ouch/hot/soup_client.hpp>

namespace sluice::adapters::ouch {

using pipeline::SessionState;
using pipeline::StreamState;

namespace {

constexpr std::size_t kKept = 64;  // for a heartbeat and a log-out when the way out is full

}  // namespace

[[gnu::hot]] void SoupClient::poll(std::uint64_t now) noexcept {
    now_ = now;
    dry_ = true;
    switch (phase_) {
        case Phase::kWaiting: start(); return;
        case Phase::kConnecting: wait_for_connect(); return;
        case Phase::kLogin:
        case Phase::kUp: break;
        case Phase::kRefused:
        case Phase::kEnded:
        case Phase::kLeft: return;
    }
    receive();
    if (!is_connected()) return;
    beat();
    flush();
}

void SoupClient::start() noexcept {
    if (back_off_ != 0 && now_ - since_ < back_off_) return;
    stream_.connect();
    phase_ = Phase::kConnecting;
    since_ = now_;
    wait_for_connect();
}

void SoupClient::wait_for_connect() noexcept {
    switch (stream_.state()) {
        case StreamState::kOpen: log_in(); break;
        case StreamState::kClosed: lose(); break;
        case StreamState::kConnecting:
            if (now_ - since_ >= login_timeout_) lose();
            break;
    }
}

void SoupClient::log_in() noexcept {
    reader_.clear();
    login_.sequence = soup_number(next_);
    out_head_ = 0;
    out_tail_ = encode_packet(login_, out_.data());
    phase_ = Phase::kLogin;
    since_ = last_sent_ = last_received_ = now_;
    flush();
}

void SoupClient::receive() noexcept {
    const std::span<std::byte> room = reader_.room();
    const std::size_t size = room.empty() ? 0 : stream_.read(room);
    if (size != 0) {
        reader_.filled(size);
        last_received_ = now_;
        dry_ = false;
        return;
    }
    // What came before the end is handed out first.
    if (reader_.has_next()) return;
    const bool late = phase_ == Phase::kLogin && now_ - since_ >= login_timeout_;
    if (stream_.state() == StreamState::kClosed || late || now_ - last_received_ >= silence_)
        lose();
}

void SoupClient::beat() noexcept {
    if (now_ - last_sent_ < heartbeat_ || phase_ != Phase::kUp) return;
    if (out_.size() - out_tail_ < kSoupHeaderSize) return;
    put_soup_header(out_.data() + out_tail_, kSoupClientHeartbeat, 0);
    out_tail_ += kSoupHeaderSize;
    last_sent_ = now_;
}

void SoupClient::flush() noexcept {
    if (out_head_ == out_tail_) return;
    out_head_ += stream_.write(std::span(out_).subspan(out_head_, out_tail_ - out_head_));
    if (out_head_ == out_tail_) out_head_ = out_tail_ = 0;
}

void SoupClient::lose() noexcept {
    back_off_ = back_off_ == 0 ? reconnect_min_ : std::min(2 * back_off_, reconnect_max_);
    finish(Phase::kWaiting);
}

void SoupClient::finish(Phase phase) noexcept {
    stream_.close();
    reader_.clear();
    out_head_ = out_tail_ = 0;
    phase_ = phase;
    since_ = now_;
}

[[gnu::hot]] std::span<const std::byte> SoupClient::next() noexcept {
    SoupPacket packet;
    while (is_connected()) {
        const FrameStatus status = reader_.next(packet);
        if (status == FrameStatus::kNone) break;
        if (status == FrameStatus::kBroken) [[unlikely]] {
            ++malformed_;
            lose();
            break;
        }
        if (take(packet)) return packet.payload();
    }
    return {};
}

// Whether the packet brings a message.
bool SoupClient::take(const SoupPacket& packet) noexcept {
    switch (packet.type) {
        case kSoupSequenced:
            if (phase_ != Phase::kUp) break;
            if (stream_at_++ < next_) {
                ++repeated_;
                return false;
            }
            next_ = stream_at_;
            if (packet.payload().empty()) break;
            return true;
        case kSoupAccepted:
            if (phase_ != Phase::kLogin) break;
            on_accepted(packet.bytes);
            return false;
        case kSoupRejected:
            if (phase_ != Phase::kLogin || packet.payload().size() != 1) break;
            refusal_ = static_cast<char>(packet.payload()[0]);
            finish(Phase::kRefused);
            return false;
        case kSoupEndOfSession: finish(Phase::kEnded); return false;
        case kSoupServerHeartbeat:
        case kSoupDebug:
        case kSoupUnsequenced: return false;
        default: break;
    }
    ++malformed_;
    return false;
}

void SoupClient::on_accepted(std::span<const std::byte> bytes) noexcept {
    SoupAccepted accepted;
    std::uint64_t sequence = 0;
    if (!decode(bytes, accepted) || !parse_soup_number(accepted.sequence, sequence) ||
        sequence == 0) {
        ++malformed_;
        lose();
        return;
    }
    if (logins_ != 0 && trimmed(accepted.session) != trimmed(login_.session)) {
        next_ = sequence;  // another session: its numbers have nothing to do with ours
        ++lost_;           // what the old one still had to say will never be heard
    } else if (next_ != 0 && sequence > next_) {
        lost_ += sequence - next_;
    }
    next_ = std::max(next_, sequence);
    stream_at_ = sequence;
    login_.session = accepted.session;
    phase_ = Phase::kUp;
    back_off_ = 0;
    ++logins_;
}

bool SoupClient::reserve(std::size_t size) noexcept {
    if (out_.size() - out_tail_ >= size + kKept) return true;
    if (out_head_ == 0) return false;
    std::memmove(out_.data(), out_.data() + out_head_, out_tail_ - out_head_);
    out_tail_ -= out_head_;
    out_head_ = 0;
    return out_.size() - out_tail_ >= size + kKept;
}

[[gnu::hot]] std::span<std::byte> SoupClient::begin(std::size_t size) noexcept {
    if (phase_ != Phase::kUp || !reserve(kSoupHeaderSize + size)) return {};
    begun_ = size;
    return std::span(out_).subspan(out_tail_ + kSoupHeaderSize, size);
}

[[gnu::hot]] void SoupClient::send() noexcept {
    put_soup_header(out_.data() + out_tail_, kSoupUnsequenced, begun_);
    out_tail_ += kSoupHeaderSize + begun_;
    last_sent_ = now_;
    flush();
}

void SoupClient::log_out() noexcept {
    if (is_connected() && out_.size() - out_tail_ >= kSoupHeaderSize) {
        put_soup_header(out_.data() + out_tail_, kSoupLogout, 0);
        out_tail_ += kSoupHeaderSize;
        flush();
    }
    if (phase_ != Phase::kRefused) finish(Phase::kLeft);  // that it was refused stays known
}

SessionState SoupClient::state() const noexcept {
    switch (phase_) {
        case Phase::kLogin: return SessionState::kLoggingIn;
        case Phase::kUp: return SessionState::kUp;
        case Phase::kRefused: return SessionState::kRefused;
        case Phase::kEnded: return SessionState::kEnded;
        default: return SessionState::kDown;
    }
}

}  // namespace sluice::adapters::ouch
