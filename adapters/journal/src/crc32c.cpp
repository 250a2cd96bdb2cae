#include <sluice/adapters/journal/crc32c.hpp>

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace sluice::adapters::journal {
namespace {

constexpr std::uint32_t kPolynomial = 0x82F63B78U;  // 0x1EDC6F41 with its bits reversed

constexpr std::array<std::uint32_t, 256> make_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = (value >> 1U) ^ ((value & 1U) != 0 ? kPolynomial : 0U);
        table[i] = value;
    }
    return table;
}
constexpr std::array<std::uint32_t, 256> kTable = make_table();

#if defined(__x86_64__)
[[gnu::target("sse4.2")]] std::uint32_t crc32c_instruction(
    std::uint32_t before, std::span<const std::byte> bytes) noexcept {
    std::uint64_t crc = ~before;
    while (bytes.size() >= sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), sizeof word);
        crc = _mm_crc32_u64(crc, word);
        bytes = bytes.subspan(sizeof word);
    }
    auto rest = static_cast<std::uint32_t>(crc);
    for (const std::byte byte : bytes) rest = _mm_crc32_u8(rest, static_cast<std::uint8_t>(byte));
    return ~rest;
}

// Straight through: a line's CRC takes about 33 cycles from end to end, and those of several lines run
// beside each other.
[[gnu::target("sse4.2")]] std::uint32_t crc32c_line_instruction(std::uint64_t a, std::uint64_t b,
                                                                const std::byte* line) noexcept {
    std::uint64_t words[7];
    std::memcpy(words, line, sizeof words);
    std::uint32_t tail = 0;
    std::memcpy(&tail, line + 60, sizeof tail);
    std::uint64_t crc = _mm_crc32_u64(_mm_crc32_u64(0xFFFF'FFFFU, a), b);
    for (const std::uint64_t word : words) crc = _mm_crc32_u64(crc, word);
    return ~_mm_crc32_u32(static_cast<std::uint32_t>(crc), tail);
}
#endif

// Whether the processor has the instruction.
bool has_instruction() noexcept {
#if defined(__x86_64__)
    static const bool has = __builtin_cpu_supports("sse4.2");
    return has;
#else
    return false;
#endif
}

}  // namespace

std::uint32_t crc32c_portable(std::uint32_t before, std::span<const std::byte> bytes) noexcept {
    std::uint32_t crc = ~before;
    for (const std::byte byte : bytes)
        crc = (crc >> 8U) ^ kTable[(crc ^ static_cast<std::uint32_t>(byte)) & 0xFFU];
    return ~crc;
}

std::uint32_t crc32c(std::uint32_t before, std::span<const std::byte> bytes) noexcept {
#if defined(__x86_64__)
    if (has_instruction()) return crc32c_instruction(before, bytes);
#endif
    return crc32c_portable(before, bytes);
}

namespace {
std::uint32_t crc32c_line_portable(std::uint64_t a, std::uint64_t b,
                                   const std::byte* line) noexcept {
    const std::array<std::uint64_t, 2> words{a, b};
    const std::uint32_t first = crc32c_portable(0, std::as_bytes(std::span{words}));
    return crc32c_portable(crc32c_portable(first, {line, 56}), {line + 60, 4});
}
}  // namespace

std::uint32_t crc32c_line(std::uint64_t a, std::uint64_t b, const std::byte* line) noexcept {
#if defined(__x86_64__)
    if (has_instruction()) return crc32c_line_instruction(a, b, line);
#endif
    return crc32c_line_portable(a, b, line);
}

}  // namespace sluice::adapters::journal
