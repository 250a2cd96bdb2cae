// Several records in one 64-byte line, each as its difference from what those before it let expect
// (expectation.hpp). docs/formats/journal.md says the same to readers.
//
//    0  records  56  packed, one behind the other; what is left is 0
//   56  crc       4  as of every line
//   60  count     1  records in this line, 1 to 14
//   61  used      1  bytes of them
//   62  mark      1  kPackedMark, where a record that stands alone has its kind
//   63  zero      1  0
//
// A packed record:
//
//    0  widths      4  seven nibbles from the lowest on: time, sequence, five words of payload; then
//                      bit 28: instrument follows, bit 29: kind and flags follow
//    4  instrument  2  or 0: as of the record before
//   ..  kind, flags 2  or 0: as of the record before
//   ..  words          each in as many bytes as its nibble says, little-endian
//
// A word is actual less expected, zig-zag, so that a small difference of either sign is short. Nibble
// 0 to 8: that many bytes. 9 to 15: 1 to 7 bytes, times the word's unit: prices come in millionths,
// quantities in whole ones. Any event comes back to the bit but for the ring's stamp, which is 0.
//
// The journal's thread packs, readers unpack; each has its own object. A segment begins afresh, so
// that it reads without the one before. Cost: perf/journal.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <sluice/adapters/journal/expectation.hpp>
#include <sluice/adapters/journal/layout.hpp>
#include <sluice/pipeline/hot/event.hpp>

namespace sluice::adapters::journal {

inline constexpr std::size_t kPackedBytes = kCrcOffset;
inline constexpr std::size_t kPackedRecordsMax = kPackedBytes / 4;

// How many bytes behind a line its packer may change: those of a record that turns out not to fit.
// Lines are packed in the order in which they lie, so this is where the next ones will be.
inline constexpr std::size_t kPackerSlack = 2 * kLineBytes;

class LinePacker {
  public:
    explicit LinePacker(std::size_t instruments) : expected_(instruments) {}

    // A new segment begins.
    void restart() noexcept {
        expected_.restart();
        kept_size_ = 0;
    }
    // A new line begins, with nothing in it.
    void begin(std::byte* line) noexcept {
        line_ = line;
        used_ = 0;
        count_ = 0;
    }
    // Adds a record to the line. False: it does not fit any more, and what is added next, to another
    // line, is the same record.
    [[nodiscard, gnu::hot]] bool add(const pipeline::Event& event) noexcept;
    // Records in the line.
    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    // Makes the line whole but for its seal. Only when there is a record in it.
    void finish() noexcept;
    // For a record that fits no line packed: it has this one to itself, as it is.
    void finish_alone(const pipeline::Event& event) noexcept;

  private:
    [[nodiscard]] bool is_plain(WordsAt trade, const Expectation::Row& row) const noexcept;
    [[nodiscard]] bool add_plain(WordsAt trade, Expectation::Row& row) noexcept;
    template <class Shape>
    [[nodiscard]] bool add_as(WordsAt words) noexcept;
    [[nodiscard]] bool end_record(const std::byte* to, std::uint32_t widths) noexcept;
    // For the next line: a record's bytes are the same in each.
    void keep(const std::byte* from, std::size_t size) noexcept;
    void put_kept() noexcept;

    Expectation expected_;
    std::byte* line_ = nullptr;
    std::size_t used_ = 0;
    std::size_t count_ = 0;
    std::size_t kept_size_ = 0;  // of the record that did not fit, 0: none
    std::array<std::byte, kLineBytes> kept_{};
};

class LineUnpacker {
  public:
    explicit LineUnpacker(std::size_t instruments) : expected_(instruments) {}

    void restart() noexcept { expected_.restart(); }
    // The records of a sealed line that is no end, packed or alone; none when its bytes are not what
    // its count and widths say. Whether they are records is for is_record() to say. Valid until the
    // next call.
    [[nodiscard]] std::span<const pipeline::Event> unpack(const std::byte* line) noexcept;

  private:
    // The record's bytes, 0 when it does not fit in `room`.
    [[nodiscard]] std::size_t unpack_one(const std::byte* from, std::size_t room,
                                         pipeline::Event& to) noexcept;

    Expectation expected_;
    std::array<pipeline::Event, kPackedRecordsMax> events_;
};

}  // namespace sluice::adapters::journal
