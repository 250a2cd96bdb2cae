#include <sluice/adapters/itch/hot/mold_arbiter.hpp>

namespace sluice::adapters::itch {

namespace {

constexpr std::uint64_t kSequenceMax = std::uint64_t{1} << 62U;
// A number further ahead than this is no gap but nonsense; a packet without messages has less credit.
constexpr std::uint64_t kJumpMax = std::uint64_t{1} << 32U;
constexpr std::uint64_t kEmptyJumpMax = std::uint64_t{1} << 24U;

std::uint64_t elapsed(std::uint64_t since, std::uint64_t now) noexcept {
    return now > since ? now - since : 0;
}

}  // namespace

bool MoldArbiter::accept(std::span<const std::byte> datagram, MoldHeader& header,
                         std::uint64_t now) noexcept {
    if (session_changed_ || !read_mold_header(datagram, header) || header.sequence == 0 ||
        header.sequence > kSequenceMax || !mold_blocks_fit(datagram, header)) [[unlikely]] {
        ++counts_.malformed;
        return false;
    }
    if (!heard_) [[unlikely]]
        synchronise_slow(header);
    if (header.session != options_.session) [[unlikely]] {
        // A stray, unless our own session has fallen silent.
        if (elapsed(last_heard_, now) > options_.give_up_ns) session_changed_ = true;
        ++counts_.malformed;
        return false;
    }
    const std::uint64_t jump_max = header.has_messages() ? kJumpMax : kEmptyJumpMax;
    if (header.sequence > next_ && header.sequence - next_ > jump_max) [[unlikely]] {
        ++counts_.malformed;
        return false;
    }
    last_heard_ = now;
    return true;
}

void MoldArbiter::synchronise_slow(const MoldHeader& header) noexcept {
    if (options_.session == mold_session("")) options_.session = header.session;
    if (header.session != options_.session) return;
    heard_ = true;
    // With a channel for requests all from 1 on can still be had.
    if (requests_ == nullptr) {
        counts_.lost += header.sequence - next_;
        next_ = header.sequence;
        end_ = next_;
    }
}

// A packet ahead of its turn.
void MoldArbiter::keep_slow(std::span<const std::byte> datagram, const MoldHeader& header,
                            std::uint64_t stamp) noexcept {
    const std::byte* at = datagram.data() + kMoldHeader;
    bool is_new = false;
    for (std::uint64_t i = header.sequence; i < header.sequence + header.count; ++i) {
        const std::uint16_t size = core::load_big<std::uint16_t>(at);
        at += kMoldBlockHeader;
        Slot& slot = slots_[i & mask_];
        if (i - next_ >= options_.window || size > slot.data.size()) {
            ++not_kept_;
            is_new = true;
        } else if (!is_kept(i)) {
            slot.stamp = stamp;
            slot.size = size;
            std::memcpy(slot.data.data(), at, size);
            const std::uint64_t place = i & mask_;
            present_[place / 64] |= std::uint64_t{1} << (place % 64);
            ++kept_;
            is_new = true;
        }
        at += size;
    }
    if (!is_new) ++counts_.duplicates;
}

// What has just been handed over from a datagram, [from, next), may have been kept as well.
void MoldArbiter::forget_slow(std::uint64_t from) noexcept {
    const std::uint64_t reach = from + options_.window;  // further on the slots are others'
    for (std::uint64_t i = from; i < next_ && i < reach && kept_ != 0; ++i)
        if (is_kept(i)) clear(i);
}

bool MoldArbiter::passed_by_all_lines() const noexcept {
    for (std::size_t i = 0; i < options_.lines; ++i)
        if (line_end_[i] <= next_) return false;
    return true;
}

// The first kept message in [from, to), or `to`. The range is within the window.
std::uint64_t MoldArbiter::first_kept(std::uint64_t from, std::uint64_t to) const noexcept {
    std::uint64_t i = from;
    while (i < to) {
        const std::uint64_t place = i & mask_;
        const std::uint64_t rest = present_[place / 64] >> (place % 64);
        if (rest != 0) {
            i += static_cast<std::uint64_t>(std::countr_zero(rest));
            return i < to ? i : to;
        }
        i += 64 - place % 64;
    }
    return to;
}

void MoldArbiter::watch_slow(std::uint64_t now) noexcept {
    if (watched_ != next_) {
        watched_ = next_;
        stuck_since_ = now;
    }
    if (next_ >= gap_end_) {
        if (!passed_by_all_lines() && elapsed(stuck_since_, now) < options_.wait_ns) return;
        ++counts_.gaps;
        const std::uint64_t reach = next_ + options_.window;
        gap_end_ = first_kept(next_, end_ < reach ? end_ : reach);
        if (gap_end_ == reach) gap_end_ = end_;
    }
    if (requests_ == nullptr) return;
    if (next_ >= asked_until_ || elapsed(asked_at_, now) >= options_.retry_ns) ask_slow(now);
}

void MoldArbiter::ask_slow(std::uint64_t now) noexcept {
    const std::uint64_t reach = next_ + options_.window;
    const std::uint64_t limit = end_ < reach ? end_ : reach;
    std::uint64_t from = next_;
    for (std::size_t i = 0; i < options_.requests_in_flight && from < limit; ++i) {
        while (from < limit && is_kept(from)) ++from;
        if (from == limit) break;
        const std::uint64_t most = from + options_.request_messages;
        const std::uint64_t to = first_kept(from, most < limit ? most : limit);
        std::array<std::byte, kMoldHeader> request;
        write_mold_header(
            request, MoldHeader{options_.session, from, static_cast<std::uint16_t>(to - from)});
        (void)requests_->send(request);  // one that is not taken is made again after `retry`
        counts_.requested += to - from;
        from = to;
    }
    asked_until_ = from;
    asked_at_ = now;
}

// Whether `next` has moved beyond what is missing.
bool MoldArbiter::give_up_slow(std::uint64_t now) noexcept {
    const std::uint64_t limit = requests_ != nullptr ? options_.give_up_ns : options_.wait_ns;
    if (elapsed(stuck_since_, now) < limit) return false;
    const std::uint64_t reach = next_ + options_.window;
    std::uint64_t to = first_kept(next_, end_ < reach ? end_ : reach);
    if (to == reach) to = end_;
    counts_.lost += to - next_;
    next_ = to;
    return true;
}

}  // namespace sluice::adapters::itch
