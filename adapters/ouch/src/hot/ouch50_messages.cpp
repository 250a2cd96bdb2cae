#include <sluice/adapters/ouch/ouch50_messages.hpp>

namespace sluice::adapters::ouch::v50 {

namespace {

template <class Value>
void put_tag(std::byte*& to, std::uint8_t tag, const Value& value) noexcept {
    *to++ = static_cast<std::byte>(1 + sizeof value);
    *to++ = static_cast<std::byte>(tag);
    wire_detail::put(to, value);
}

// A value of the wrong length for its tag is as good as none.
template <class Value>
void get_tag(std::span<const std::byte> value, Value& into) noexcept {
    if (value.size() != sizeof into) return;
    const std::byte* from = value.data();
    wire_detail::get(from, into);
}

}  // namespace

bool read_appendage(std::span<const std::byte> bytes, Tags& tags) noexcept {
    if (bytes.empty()) return true;
    if (bytes.size() < 2 || core::load_big<std::uint16_t>(bytes.data()) != bytes.size() - 2)
        return false;
    bytes = bytes.subspan(2);
    while (!bytes.empty()) {
        const auto length = static_cast<std::size_t>(bytes[0]);
        if (length == 0 || length >= bytes.size()) return false;
        const std::span value = bytes.subspan(2, length - 1);
        switch (static_cast<std::uint8_t>(bytes[1])) {
            case kTagFirm: get_tag(value, tags.firm); break;
            case kTagMinQuantity: get_tag(value, tags.min_quantity); break;
            default: break;
        }
        bytes = bytes.subspan(1 + length);
    }
    return true;
}

std::size_t write_appendage(const Tags& tags, std::byte* to) noexcept {
    std::byte* at = to + 2;
    if (!trimmed(tags.firm).empty()) put_tag(at, kTagFirm, tags.firm);
    if (tags.min_quantity != 0) put_tag(at, kTagMinQuantity, tags.min_quantity);
    const auto size = static_cast<std::size_t>(at - to);
    core::store_big(to, static_cast<std::uint16_t>(size - 2));
    return size;
}

}  // namespace sluice::adapters::ouch::v50
