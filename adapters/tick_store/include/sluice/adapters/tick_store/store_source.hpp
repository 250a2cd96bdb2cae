// Replays a range of the store as one stream of trades and quotes, with levels where asked for: the MarketSource of replay and
// backtest.
//
// The constructor does all that may fail or allocate: it opens every file of the range, checks it,
// maps its columns (a mapping costs no memory until its pages are read) and, unless told not to,
// compares every checksum, which reads the range once at memory speed. From then on next_block()
// copies out of the mappings, or out of chunks that it unpacks as it goes, and does not allocate;
// it may ask the kernel to read ahead and to release what has been replayed, at most twice per
// file, and it waits when a chunk is just being made by the thread of `decode_core`. One thread at
// a time. Bound: kMaxDayFiles files in one range.
//
// Bars are replayed as the four trades (of quote bars: quotes) that they speak of: open at the
// start, low and high at the thirds (the high first where the bar closed below its open), close one
// nanosecond before the end; each trade has a quarter of the volume in whole lots, the last one the
// rest too. A trade of nothing moves the price and fills no order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <sluice/adapters/tick_store/tick_store.hpp>
#include <sluice/pipeline/adjustment.hpp>
#include <sluice/pipeline/market_source.hpp>

namespace sluice::adapters::tick_store {

// Linux maps at most 65,530 areas per process by default; this leaves half for everyone else.
inline constexpr std::size_t kMaxDayFiles = 32'768;
// 64 KiB of events: stays in the second-level cache between source and stages.
inline constexpr std::size_t kSourceBlock = 1024;

struct SourceRange {
    StreamTime from = StreamTime::min();  // inclusive
    StreamTime to = StreamTime::max();    // exclusive
};

enum class Checksums : std::uint8_t { kVerify, kTrust };

// What is replayed of each instrument.
inline constexpr std::int32_t kTicksOnly = 0;
inline constexpr std::int32_t kFinest =
    -1;  // ticks where the range has some, else the shortest bars

struct SourceOptions {
    SourceRange range = {};
    Checksums checksums = Checksums::kVerify;
    std::int32_t input = kFinest;  // or the period of the bars to take, in seconds
    // By the corporate actions that the store holds; instruments without any stay as they are.
    pipeline::AdjustmentMode adjust = pipeline::AdjustmentMode::kNone;
    // Levels too: updates of full order books. Every instrument has to have some.
    bool levels = false;
    // Of these only such as were known then; max(): all.
    StreamTime actions_known_at = StreamTime::max();
    // Where the next chunk of each instrument is made ready while this one is replayed: a core that
    // no other busy thread has. None: on the thread that asks for it. The events are the same.
    std::optional<std::size_t> decode_core = {};
};

class StoreSource final : public pipeline::MarketSource {
  public:
    // The place of a symbol in `symbols` is its SymbolId. kUnknownSymbol names the nearest symbol;
    // kEmptyRange names the dates that are held, or an instrument without levels; kTooManyFiles; and all that reading can meet.
    StoreSource(const TickStore& store, const std::vector<std::string>& symbols,
                const SourceOptions& options = {});
    ~StoreSource() override;

    [[nodiscard]] std::span<pipeline::Event> next_block() noexcept override;
    [[nodiscard]] pipeline::TickColumns next_columns() noexcept override;
    [[nodiscard]] std::uint64_t size_hint() const noexcept override;

    // By SymbolId.
    [[nodiscard]] const pipeline::InstrumentTable& instruments() const noexcept;
    // Least and greatest time of the rows in the range; of bars, of their starts.
    [[nodiscard]] StreamTime first() const noexcept;
    [[nodiscard]] StreamTime last() const noexcept;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sluice::adapters::tick_store
