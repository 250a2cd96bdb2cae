#include <sluice/adapters/ouch/soup_frames.hpp>

namespace sluice::adapters::ouch {

SoupNumber soup_number(std::uint64_t number) noexcept {
    SoupNumber text = padded<20>("");
    std::size_t at = text.size();
    do {
        text[--at] = static_cast<char>('0' + number % 10);
        number /= 10;
    } while (number != 0);
    return text;
}

bool parse_soup_number(const SoupNumber& text, std::uint64_t& number) noexcept {
    number = 0;
    for (const char c : trimmed(text)) {
        if (c < '0' || c > '9' || __builtin_mul_overflow(number, std::uint64_t{10}, &number) ||
            __builtin_add_overflow(number, static_cast<std::uint64_t>(c - '0'), &number))
            return false;
    }
    return true;
}

SoupSession soup_session(std::string_view name) noexcept {
    SoupSession out = padded<10>("");
    name = name.substr(0, out.size());
    std::copy(name.begin(), name.end(), out.end() - static_cast<std::ptrdiff_t>(name.size()));
    return out;
}

std::span<std::byte> FrameReader::room() noexcept {
    if (head_ == tail_) {
        clear();
    } else if (head_ != 0) {
        std::memmove(bytes_.data(), bytes_.data() + head_, tail_ - head_);
        tail_ -= head_;
        head_ = 0;
    }
    return std::span(bytes_).subspan(tail_);
}

bool FrameReader::has_next() const noexcept {
    return tail_ - head_ >= 2 &&
           tail_ - head_ >= 2 + std::size_t{core::load_big<std::uint16_t>(bytes_.data() + head_)};
}

FrameStatus FrameReader::next(SoupPacket& packet) noexcept {
    if (!has_next()) return FrameStatus::kNone;
    const std::size_t length = core::load_big<std::uint16_t>(bytes_.data() + head_);
    if (length == 0) [[unlikely]]
        return FrameStatus::kBroken;
    packet.bytes = std::span(bytes_).subspan(head_ + 2, length);
    packet.type = static_cast<char>(packet.bytes[0]);
    head_ += 2 + length;
    return FrameStatus::kPacket;
}

}  // namespace sluice::adapters::ouch
