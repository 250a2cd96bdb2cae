// Messages as lists of fields: what is written once per message as a layout is read and written
// here. Any thread; a load or store per field, no allocation.
//
// A message M has a letter `M::kType`, its first byte, and `M::each(m, fields)`, which hands its
// fields to `fields` in the order of the wire: char, unsigned integers (network byte order) and
// std::array<char, N> (text, blanks on the right).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

#include <sluice/core/big_endian.hpp>

namespace sluice::adapters::ouch {

namespace wire_detail {

template <class Field>
inline void put(std::byte*& to, const Field& field) noexcept {
    if constexpr (std::is_same_v<Field, char>) {
        *to = static_cast<std::byte>(field);
    } else if constexpr (std::is_integral_v<Field>) {
        core::store_big(to, field);
    } else {
        std::memcpy(to, field.data(), sizeof field);
    }
    to += sizeof field;
}

template <class Field>
inline void get(const std::byte*& from, Field& field) noexcept {
    if constexpr (std::is_same_v<Field, char>) {
        field = static_cast<char>(*from);
    } else if constexpr (std::is_integral_v<Field>) {
        field = core::load_big<Field>(from);
    } else {
        std::memcpy(field.data(), from, sizeof field);
    }
    from += sizeof field;
}

template <class Message>
[[nodiscard]] consteval std::size_t size_of() {
    Message message{};
    std::size_t size = 1;
    Message::each(message, [&](const auto&... field) { size += (sizeof(field) + ... + 0); });
    return size;
}

}  // namespace wire_detail

// Bytes of the message with its letter.
template <class Message>
inline constexpr std::size_t kWireSize = wire_detail::size_of<Message>();

// Writes kWireSize bytes and returns their number.
template <class Message>
inline std::size_t encode(const Message& message, std::byte* to) noexcept {
    *to++ = static_cast<std::byte>(Message::kType);
    Message::each(message, [&](const auto&... field) { (wire_detail::put(to, field), ...); });
    return kWireSize<Message>;
}

// False when the bytes are fewer than the message has, or of another type; what follows the
// message is not looked at.
template <class Message>
[[nodiscard]] inline bool decode_front(std::span<const std::byte> bytes,
                                       Message& message) noexcept {
    if (bytes.size() < kWireSize<Message> || static_cast<char>(bytes[0]) != Message::kType)
        return false;
    const std::byte* from = bytes.data() + 1;
    Message::each(message, [&](auto&... field) { (wire_detail::get(from, field), ...); });
    return true;
}

// As decode_front(), and nothing may follow.
template <class Message>
[[nodiscard]] inline bool decode(std::span<const std::byte> bytes, Message& message) noexcept {
    return bytes.size() == kWireSize<Message> && decode_front(bytes, message);
}

// Text left-justified and filled up with blanks; cut off when it is too long.
template <std::size_t kSize>
[[nodiscard]] constexpr std::array<char, kSize> padded(std::string_view text) noexcept {
    std::array<char, kSize> out{};
    for (std::size_t i = 0; i < kSize; ++i) out[i] = i < text.size() ? text[i] : ' ';
    return out;
}

// Without the blanks at both ends.
template <std::size_t kSize>
[[nodiscard]] constexpr std::string_view trimmed(const std::array<char, kSize>& text) noexcept {
    std::string_view view{text.data(), kSize};
    while (!view.empty() && view.back() == ' ') view.remove_suffix(1);
    while (!view.empty() && view.front() == ' ') view.remove_prefix(1);
    return view;
}

}  // namespace sluice::adapters::ouch
