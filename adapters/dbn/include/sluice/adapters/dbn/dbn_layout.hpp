// The records of Databento's DBN encoding, versions 1, 2 and 3, as they lie in a file.
//
// Specification: the "DBN" pages and the schema pages of the vendor's documentation. All numbers
// are little-endian; prices count in 1e-9, sizes are whole, times are ns since the epoch (UTC). A
// record need not be aligned in a file: copy it out with load(). It may be longer than its
// struct: files that were asked for with ts_out add it to the end of each. Fields that are not read are
// `skipped`. Plain data, any thread.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

namespace sluice::adapters::dbn {

static_assert(std::endian::native == std::endian::little, "records are copied as they lie");

template <class T>
[[nodiscard]] inline T load(const std::byte* at) noexcept {
    static_assert(std::is_trivially_copyable_v<T>);
    T out;
    std::memcpy(&out, at, sizeof(T));
    return out;
}

// What stands where there is no value.
inline constexpr std::int64_t kNoPrice = std::numeric_limits<std::int64_t>::max();
inline constexpr std::uint64_t kNoTime = std::numeric_limits<std::uint64_t>::max();
inline constexpr std::uint32_t kNoSize = std::numeric_limits<std::uint32_t>::max();
inline constexpr std::int32_t kNoInt32 = std::numeric_limits<std::int32_t>::max();

inline constexpr std::uint8_t kOldestVersion = 1;
inline constexpr std::uint8_t kNewestVersion = 3;
inline constexpr std::size_t kSymbolLengthV1 = 22;
inline constexpr std::size_t kSymbolLength = 71;  // since version 2
inline constexpr std::size_t kBookDepth = 10;     // of mbp-10

// Record types that are read; others are counted and left out.
enum RecordType : std::uint8_t {
    kTrades = 0x00,  // and the prefix that all market-by-price records share
    kMbp1 = 0x01,    // mbp-1 and tbbo
    kMbp10 = 0x0A,
    kDefinition = 0x13,
    kSymbolMapping = 0x16,
    kSystem = 0x17,  // heartbeats
    kOhlcv1s = 0x20,
    kOhlcv1m = 0x21,
    kOhlcv1h = 0x22,
    kOhlcv1d = 0x23,
    kMbo = 0xA0,
    kCmbp1 = 0xB1,
    kCbbo1s = 0xC0,
    kCbbo1m = 0xC1,
    kTcbbo = 0xC2,
    kBbo1s = 0xC3,
    kBbo1m = 0xC4,
};

// Bits of `flags`.
inline constexpr std::uint8_t kFlagLast = 128;
inline constexpr std::uint8_t kFlagSnapshot = 32;
inline constexpr std::uint8_t kFlagBadTsRecv = 8;
inline constexpr std::uint8_t kFlagMaybeBadBook = 4;

struct RecordHeader {
    std::uint8_t length;  // of the record, in words of four bytes, this header included
    std::uint8_t rtype;
    std::uint16_t publisher_id;
    std::uint32_t instrument_id;
    std::uint64_t ts_event;
};
static_assert(sizeof(RecordHeader) == 16 && offsetof(RecordHeader, ts_event) == 8);
inline constexpr std::size_t kLengthUnit = 4;

struct MboRecord {
    RecordHeader header;
    std::uint64_t order_id;
    std::int64_t price;
    std::uint32_t size;
    std::uint8_t flags;
    std::uint8_t channel_id;
    std::uint8_t action;
    std::uint8_t side;
    std::uint64_t ts_recv;
    std::int32_t ts_in_delta;
    std::uint32_t sequence;
};
static_assert(sizeof(MboRecord) == 56 && offsetof(MboRecord, flags) == 36 &&
              offsetof(MboRecord, ts_recv) == 40 && offsetof(MboRecord, sequence) == 52);

// bbo and cbbo have no action, cmbp-1, tcbbo and cbbo no sequence: those bytes are reserved there.
struct TradeRecord {
    RecordHeader header;
    std::int64_t price;
    std::uint32_t size;
    std::uint8_t action;
    std::uint8_t side;  // of the aggressor
    std::uint8_t flags;
    std::uint8_t depth;
    std::uint64_t ts_recv;
    std::int32_t ts_in_delta;
    std::uint32_t sequence;
};
static_assert(sizeof(TradeRecord) == 48 && offsetof(TradeRecord, action) == 28 &&
              offsetof(TradeRecord, ts_recv) == 32 && offsetof(TradeRecord, sequence) == 44);

struct BookLevel {
    std::int64_t bid_price;
    std::int64_t ask_price;
    std::uint32_t bid_size;
    std::uint32_t ask_size;
    std::uint32_t bid_count;  // consolidated records: the publisher, in the low half
    std::uint32_t ask_count;
};
static_assert(sizeof(BookLevel) == 32);

struct Mbp1Record {
    TradeRecord event;
    BookLevel level;
};
static_assert(sizeof(Mbp1Record) == 80 && offsetof(Mbp1Record, level) == 48);

struct Mbp10Record {
    TradeRecord event;
    BookLevel levels[kBookDepth];  // best first
};
static_assert(sizeof(Mbp10Record) == 368);

struct OhlcvRecord {
    RecordHeader header;  // ts_event is the bar's start
    std::int64_t open;
    std::int64_t high;
    std::int64_t low;
    std::int64_t close;
    std::uint64_t volume;
};
static_assert(sizeof(OhlcvRecord) == 56);

struct DefinitionV1 {
    RecordHeader header;
    std::uint64_t ts_recv;
    std::int64_t min_price_increment;
    std::int64_t display_factor;
    std::byte skipped_1[48];
    std::int64_t unit_of_measure_qty;
    std::int64_t min_price_increment_amount;
    std::byte skipped_2[56];
    std::int32_t contract_multiplier;
    std::byte skipped_3[22];
    char currency[4];
    std::byte skipped_4[10];
    char raw_symbol[kSymbolLengthV1];
    std::byte skipped_5[103];
    char instrument_class;
    std::byte skipped_6[34];
};
static_assert(sizeof(DefinitionV1) == 360 && offsetof(DefinitionV1, unit_of_measure_qty) == 88 &&
              offsetof(DefinitionV1, contract_multiplier) == 160 &&
              offsetof(DefinitionV1, currency) == 186 &&
              offsetof(DefinitionV1, raw_symbol) == 200 &&
              offsetof(DefinitionV1, instrument_class) == 325);

struct DefinitionV2 {
    RecordHeader header;
    std::uint64_t ts_recv;
    std::int64_t min_price_increment;
    std::int64_t display_factor;
    std::byte skipped_1[48];
    std::int64_t unit_of_measure_qty;
    std::int64_t min_price_increment_amount;
    std::byte skipped_2[60];
    std::int32_t contract_multiplier;
    std::byte skipped_3[18];
    char currency[4];
    std::byte skipped_4[10];
    char raw_symbol[kSymbolLength];
    std::byte skipped_5[103];
    char instrument_class;
    std::byte skipped_6[25];
};
static_assert(sizeof(DefinitionV2) == 400 && offsetof(DefinitionV2, contract_multiplier) == 164 &&
              offsetof(DefinitionV2, currency) == 186 &&
              offsetof(DefinitionV2, raw_symbol) == 200 &&
              offsetof(DefinitionV2, instrument_class) == 374);

struct DefinitionV3 {
    RecordHeader header;
    std::uint64_t ts_recv;
    std::int64_t min_price_increment;
    std::int64_t display_factor;
    std::byte skipped_1[40];
    std::int64_t unit_of_measure_qty;
    std::int64_t min_price_increment_amount;
    std::byte skipped_2[80];
    std::int32_t contract_multiplier;
    std::byte skipped_3[44];
    char currency[4];
    std::byte skipped_4[10];
    char raw_symbol[kSymbolLength];
    std::byte skipped_5[178];
    char instrument_class;
    std::byte skipped_6[32];
};
static_assert(sizeof(DefinitionV3) == 520 && offsetof(DefinitionV3, unit_of_measure_qty) == 80 &&
              offsetof(DefinitionV3, contract_multiplier) == 176 &&
              offsetof(DefinitionV3, currency) == 224 &&
              offsetof(DefinitionV3, raw_symbol) == 238 &&
              offsetof(DefinitionV3, instrument_class) == 487);

struct SymbolMappingV1 {
    RecordHeader header;
    char symbol_in[kSymbolLengthV1];
    char symbol_out[kSymbolLengthV1];
    std::byte skipped[20];
};
static_assert(sizeof(SymbolMappingV1) == 80);

struct SymbolMappingV2 {  // and version 3
    RecordHeader header;
    std::uint8_t type_in;
    char symbol_in[kSymbolLength];
    std::uint8_t type_out;
    char symbol_out[kSymbolLength];
    std::byte skipped[16];
};
static_assert(sizeof(SymbolMappingV2) == 176);

}  // namespace sluice::adapters::dbn
