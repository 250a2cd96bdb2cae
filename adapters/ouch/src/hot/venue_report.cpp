#include <sluice/adapters/ouch/hot/venue_report.hpp>

namespace sluice::adapters::ouch {

using Kind = VenueReport::Kind;
using pipeline::RejectReason;

TokenText::TokenText(std::string_view prefix) noexcept
    : blank_(padded<14>(prefix)), prefix_size_(std::min(prefix.size(), kPrefixMax)) {
    for (std::size_t i = prefix_size_; i < blank_.size(); ++i) end_ *= 10;
}

v42::Token TokenText::text(std::uint64_t number) const noexcept {
    v42::Token token = blank_;
    for (std::size_t i = token.size(); i > prefix_size_; number /= 10)
        token[--i] = static_cast<char>('0' + number % 10);
    return token;
}

std::uint64_t TokenText::number(const v42::Token& token) const noexcept {
    if (std::memcmp(token.data(), blank_.data(), prefix_size_) != 0) return 0;
    std::uint64_t number = 0;
    for (std::size_t i = prefix_size_; i < token.size(); ++i) {
        if (token[i] < '0' || token[i] > '9') return 0;
        number = number * 10 + static_cast<std::uint64_t>(token[i] - '0');
    }
    return number;
}

namespace {

// What the messages of both versions have under the same names.
template <class Message>
void fill(const Message& m, VenueReport& report) noexcept {
    report.time = m.time;
    if constexpr (requires { m.shares; }) report.shares = m.shares;
    if constexpr (requires { m.price; }) report.price = m.price;
    if constexpr (requires { m.match; }) report.match = m.match;
    if constexpr (requires { m.state; }) report.alive = m.state != 'D';
}

template <class Message>
bool read42(std::span<const std::byte> bytes, const TokenText& tokens, Kind kind,
            VenueReport& report) noexcept {
    Message m;
    if (!decode(bytes, m)) return false;
    report.kind = kind;
    fill(m, report);
    if constexpr (requires { m.token; }) report.number = tokens.number(m.token);
    if constexpr (std::is_same_v<Message, v42::venue::Rejected>) {
        report.reason = reject_reason42(m.reason);
    } else if constexpr (requires { m.reason; }) {
        report.letter = m.reason;
    }
    return true;
}

template <class Message>
bool read50(std::span<const std::byte> bytes, Kind kind, VenueReport& report) noexcept {
    Message m;
    v50::Tags tags;
    if (!decode_appended(bytes, m, tags)) return false;
    report.kind = kind;
    fill(m, report);
    if constexpr (requires { m.ref; }) report.number = m.ref;
    if constexpr (requires { m.next_ref; }) report.number = m.next_ref;
    if constexpr (std::is_same_v<Message, v50::venue::Rejected>) {
        report.reason = reject_reason50(m.reason);
    } else if constexpr (requires { m.reason; }) {
        report.letter = m.reason;
    }
    return true;
}

}  // namespace

[[gnu::hot]] bool read_report42(std::span<const std::byte> message, const TokenText& tokens,
                                VenueReport& report) noexcept {
    namespace m = v42::venue;
    report = {};
    if (message.empty()) return false;
    switch (static_cast<char>(message[0])) {
        case 'A': return read42<m::Accepted>(message, tokens, Kind::kAccepted, report);
        case 'E': return read42<m::Executed>(message, tokens, Kind::kExecuted, report);
        case 'C': return read42<m::Canceled>(message, tokens, Kind::kReduced, report);
        case 'U': return read42<m::Replaced>(message, tokens, Kind::kReplaced, report);
        case 'J': return read42<m::Rejected>(message, tokens, Kind::kRejected, report);
        case 'D': return read42<m::AiqCanceled>(message, tokens, Kind::kReduced, report);
        case 'I': return read42<m::CancelRejected>(message, tokens, Kind::kCancelRejected, report);
        case 'B': return read42<m::Broken>(message, tokens, Kind::kBroken, report);
        case 'G': return read42<m::ExecutedAtReference>(message, tokens, Kind::kExecuted, report);
        case 'P': return read42<m::CancelPending>(message, tokens, Kind::kNothing, report);
        case 'T': return read42<m::PriorityUpdate>(message, tokens, Kind::kNothing, report);
        case 'M': return read42<m::Modified>(message, tokens, Kind::kNothing, report);
        case 'S': return read42<m::SystemEvent>(message, tokens, Kind::kNothing, report);
        default: return false;
    }
}

[[gnu::hot]] bool read_report50(std::span<const std::byte> message, VenueReport& report) noexcept {
    namespace m = v50::venue;
    report = {};
    if (message.empty()) return false;
    switch (static_cast<char>(message[0])) {
        case 'A': return read50<m::Accepted>(message, Kind::kAccepted, report);
        case 'E': return read50<m::Executed>(message, Kind::kExecuted, report);
        case 'C': return read50<m::Canceled>(message, Kind::kReduced, report);
        case 'U': return read50<m::Replaced>(message, Kind::kReplaced, report);
        case 'J': return read50<m::Rejected>(message, Kind::kRejected, report);
        case 'D': return read50<m::AiqCanceled>(message, Kind::kReduced, report);
        case 'I': return read50<m::CancelRejected>(message, Kind::kCancelRejected, report);
        case 'B': return read50<m::Broken>(message, Kind::kBroken, report);
        case 'Q': return read50<m::AccountQueryResponse>(message, Kind::kNextNumber, report);
        case 'P': return read50<m::CancelPending>(message, Kind::kNothing, report);
        case 'T': return read50<m::PriorityUpdate>(message, Kind::kNothing, report);
        case 'M': return read50<m::Modified>(message, Kind::kNothing, report);
        case 'R': return read50<m::Restated>(message, Kind::kNothing, report);
        case 'X': return read50<m::MassCancelResponse>(message, Kind::kNothing, report);
        case 'G': return read50<m::DisableResponse>(message, Kind::kNothing, report);
        case 'K': return read50<m::EnableResponse>(message, Kind::kNothing, report);
        case 'S': return read50<m::SystemEvent>(message, Kind::kNothing, report);
        default: return false;
    }
}

RejectReason reject_reason42(char letter) noexcept {
    switch (letter) {
        case 'H': return RejectReason::kHalted;
        case 'C': return RejectReason::kVenueClosed;
        case 'S': return RejectReason::kUnknownSymbol;
        case 'X': return RejectReason::kBadPrice;
        case 'Z':  // beyond the safety threshold
        case 'N':  // minimum quantity
        case 'm': return RejectReason::kBadQuantity;
        default: return RejectReason::kOther;
    }
}

RejectReason reject_reason50(std::uint16_t code) noexcept {
    switch (code) {
        case 0x0002: return RejectReason::kVenueClosed;
        case 0x0007: return RejectReason::kHalted;
        case 0x0017: return RejectReason::kUnknownSymbol;
        case 0x001D: return RejectReason::kBadPrice;
        case 0x000D:
        case 0x0013:
        case 0x001E:
        case 0x0031: return RejectReason::kBadQuantity;
        default: return RejectReason::kOther;
    }
}

std::uint16_t reject_code50(char letter) noexcept {
    switch (letter) {
        case 'C': return 0x0002;
        case 'H': return 0x0007;
        case 'N': return 0x000D;
        case 'S': return 0x0017;
        case 'X': return 0x001D;
        case 'Z': return 0x001E;
        default: return 0x000F;
    }
}

}  // namespace sluice::adapters::ouch
