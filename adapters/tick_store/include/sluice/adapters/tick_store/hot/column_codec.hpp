// Packs a column of the tick store, chunk by chunk, for reading at the speed of memory.
//
// Pure functions of their arguments: any thread, no allocation, no exceptions, no state. Every
// input round-trips exactly. Decoding checks all it reads against what it was given: damaged bytes
// give false or other values, never an access outside the spans. Cost on one 2.3 GHz core with
// AVX2: about 0.35 ns a value decoded and added up, 8 ns encoded (perf/store.md).
//
// One packed chunk, byte by byte. Integers are little-endian; nothing is aligned.
//
//   0  u8   layout, 1
//   1  u8   bytes of a value: 8 (int64), 4 (uint32) or 1 (uint8)
//   2  u16  0
//   4  u32  values in the chunk
//   8       the blocks: one for every 1,024 values, the last one with what is left
//
// A block begins with its mode. Mode 0 is the values as they are. The other modes pack groups of
// 256 values, the last one filled up with zeros, each with its own number of bits:
//
//   Lane packing of 256 numbers of w bits, 32 * w bytes: words of the value's own size B, in rows
//   of n = 256 / B of them (4, 8 or 32). Number i belongs to lane i % n and has the bits from
//   (i / n) * w on, counted from the lowest bit of the lane's word in row 0 up.
//
//   int64, mode 1 (frame) and 2 (strides)              uint32, mode 1 (frame)
//   0   u8     mode                                     0  u8     mode
//   1   u8     shift, 0..63                             1  u8[3]  0
//   2   u8[2]  0                                        4  u8[4]  bits w of each group, 0..32
//   4   u8[4]  bits w of each group, 0..64              8  u32    base
//   8   u32    factor, at least 1                       12        groups: value = base + q
//   12  i64    base
//   20  i64[4] start, in mode 2 only                    uint32 and uint8, mode 2 (dictionary)
//   then groups of numbers q with, modulo 2^64,         0  u8     mode
//     mode 1: v[i] = base + (q[i] * factor << shift)    1  u8     bits w of all groups: 0, 1, 2, 4
//     mode 2: v[i] = v[i-4] + base                      2  u8     entries, 1..2^w
//                    + (q[i] * factor << shift)         3  u8     0
//     where v[-4..-1] is start. A factor other          4         the entries, values
//     than 1 implies w <= 32.                           then      groups: value = entry[q]
//
// `factor << shift` is a divisor of all values less the base: prices are multiples of the tick,
// quantities of 1e8 or of a lot, times often of a millisecond. Strides of four, not one, so that
// a decoder adds whole vectors. A group absent from a short block has w = 0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sluice::adapters::tick_store {

inline constexpr std::size_t kChunkValues = 16384;  // of a column in the store
inline constexpr std::size_t kBlockValues = 1024;

enum class ColumnWidth : std::uint8_t { kOne = 1, kFour = 4, kEight = 8 };

// Which code decodes. Both give the same values; the portable one is for hosts without AVX2.
enum class CodecPath : std::uint8_t { kFastest, kPortable };

struct ColumnHeader {
    ColumnWidth width;
    std::uint32_t values;
};

// What a packed chunk says of itself. False when it is none, or too short for its own count.
[[nodiscard]] bool read_column_header(std::span<const std::byte> in, ColumnHeader& out) noexcept;

// The most bytes that encode_column() writes for so many values.
[[nodiscard]] std::size_t encode_bound(std::size_t values, ColumnWidth width) noexcept;

// T is std::int64_t, std::uint32_t or std::uint8_t. Returns the bytes written; 0, and nothing
// written, when `out` is shorter than encode_bound() or `in` longer than 2^32 - 1 values.
template <class T>
[[nodiscard]] std::size_t encode_column(std::span<const T> in, std::span<std::byte> out) noexcept;

// Decodes a whole chunk. False when `in` is damaged, is of another type, has not exactly
// out.size() values, or has bytes to spare; `out` then holds anything.
template <class T>
[[nodiscard]] bool decode_column(std::span<const std::byte> in, std::span<T> out,
                                 CodecPath path = CodecPath::kFastest) noexcept;

// Decodes a chunk block by block, for readers that keep to the first-level cache. One thread.
template <class T>
class ColumnCursor {
  public:
    // `chunk` must outlive the cursor. A chunk of another type is damaged from the start.
    explicit ColumnCursor(std::span<const std::byte> chunk,
                          CodecPath path = CodecPath::kFastest) noexcept;

    // Writes the next block's values to the front of `out` and returns how many: kBlockValues, or
    // fewer in the last block; 0 at the end and, with damaged() set, where the bytes are wrong.
    [[nodiscard]] std::size_t next(std::span<T, kBlockValues> out) noexcept;

    [[nodiscard]] std::size_t values_left() const noexcept { return values_left_; }
    [[nodiscard]] std::size_t bytes_left() const noexcept { return left_.size(); }
    [[nodiscard]] bool damaged() const noexcept { return damaged_; }

  private:
    std::span<const std::byte> left_;
    std::size_t values_left_ = 0;
    CodecPath path_;
    bool damaged_ = false;
};

}  // namespace sluice::adapters::tick_store
