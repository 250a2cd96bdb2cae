// The store's column codec on arbitrary bytes: as a packed chunk, which must do no harm and mean the
// same to both decoders, and as values, which must come back.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include <sluice/adapters/tick_store/hot/column_codec.hpp>

namespace {

using namespace sluice::adapters::tick_store;

constexpr std::size_t kValuesMax = 1U << 16U;

void require(bool holds) {
    if (!holds) __builtin_trap();
}

template <class T>
void decode(std::span<const std::byte> bytes, std::size_t values) {
    std::vector<T> fastest(values);
    std::vector<T> portable(values);
    const bool ok = decode_column(bytes, std::span{fastest});
    require(ok == decode_column(bytes, std::span{portable}, CodecPath::kPortable));
    if (ok) require(fastest == portable);
}

template <class T>
void round_trip(std::span<const std::byte> bytes) {
    std::vector<T> values(bytes.size() / sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
    std::vector<std::byte> packed(encode_bound(values.size(), static_cast<ColumnWidth>(sizeof(T))));
    const std::size_t used = encode_column(std::span<const T>{values}, std::span{packed});
    require(used > 0 && used <= packed.size());
    packed.resize(used);
    packed.shrink_to_fit();
    for (const CodecPath path : {CodecPath::kFastest, CodecPath::kPortable}) {
        std::vector<T> back(values.size());
        require(decode_column(std::span<const std::byte>{packed}, std::span{back}, path));
        require(back == values);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span bytes{static_cast<const std::byte*>(static_cast<const void*>(data)), size};
    ColumnHeader header{};
    if (read_column_header(bytes, header)) {
        const std::size_t values = std::min<std::size_t>(header.values, kValuesMax);
        switch (header.width) {
            case ColumnWidth::kEight: decode<std::int64_t>(bytes, values); break;
            case ColumnWidth::kFour: decode<std::uint32_t>(bytes, values); break;
            case ColumnWidth::kOne: decode<std::uint8_t>(bytes, values); break;
        }
    }
    round_trip<std::int64_t>(bytes);
    round_trip<std::uint32_t>(bytes);
    round_trip<std::uint8_t>(bytes);
    return 0;
}
