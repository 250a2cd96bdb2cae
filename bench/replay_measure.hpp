// Replay from the tick store measured, for replay_bench and for the suite `replay`: the common task
// end to end beside the bare loop and beside the same ticks in memory, bars as input, and the merge
// of many instruments. Method: burst.hpp and perf/replay.md.
#pragma once

#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <sluice/adapters/tick_store/store_source.hpp>
#include <sluice/adapters/tick_store/store_writer.hpp>

#include "bare_loop.hpp"
#include "burst.hpp"
#include "common_task.hpp"
#include "pipeline_run.hpp"

namespace sluice::bench::replay {

namespace fs = std::filesystem;
using adapters::tick_store::Checksums;
using adapters::tick_store::Compression;
using adapters::tick_store::SourceRange;
using adapters::tick_store::StoreSource;
using adapters::tick_store::StoreWriter;
using adapters::tick_store::TickStore;

inline constexpr std::size_t kBlockTicks = 1'000'000;
inline constexpr std::size_t kMerged = 50;
inline constexpr std::int64_t kDayNs = 86'400'000'000'000;

class TempFolder {
  public:
    explicit TempFolder(const std::string& parent) {
        std::string name = parent + "/replay_bench-XXXXXX";
        if (::mkdtemp(name.data()) == nullptr)
            throw std::runtime_error(parent + ": no folder can be made there");
        path_ = name;
    }
    ~TempFolder() {
        std::error_code error;
        fs::remove_all(path_, error);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    [[nodiscard]] const fs::path& path() const noexcept { return path_; }

  private:
    fs::path path_;
};

[[nodiscard]] inline pipeline::Instrument instrument(const std::string& symbol) {
    pipeline::Instrument out = common_task_instruments().front();
    out.symbol = symbol;
    out.time_zone = "UTC";
    return out;
}

inline void append(pipeline::TradeColumns& to, const CommonTick& tick) {
    to.append(
        {tick.time_ns, tick.price_e6 * 1000, tick.quantity * core::Quantity::kScale, 0, 0, 0});
}

// Stores trades of each UTC day under `symbol`; `take(i)` says whether tick i is among them.
template <class Take>
void store_ticks(StoreWriter& writer, const std::string& symbol, std::span<const CommonTick> ticks,
                 Take&& take) {
    pipeline::TradeColumns day;
    std::int64_t now = ticks.front().time_ns / kDayNs;
    const auto flush = [&] {
        if (day.size() == 0) return;
        const pipeline::Date date{std::chrono::sys_days{std::chrono::days{now}}};
        writer.put(instrument(symbol), {date, {day}, {}, {}, {"replay_bench", symbol, day.size()}});
        clear(day);
    };
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        if (!take(i)) continue;
        const CommonTick& tick = ticks[i];
        if (tick.time_ns / kDayNs != now) {
            flush();
            now = tick.time_ns / kDayNs;
        }
        append(day, tick);
    }
    flush();
}

inline void store_bars(StoreWriter& writer, std::size_t bars) {
    pipeline::BarColumns day;
    std::int64_t time = 1'704'067'200'000'000'000;
    std::int64_t price = 10'000'000'000'000;
    for (std::size_t i = 0; i < bars; ++i, time += 1'000'000'000) {
        const auto step = static_cast<std::int64_t>((i * 2'654'435'761U) % 2001) * 1'000'000;
        const std::int64_t close = price + step - 1'000'000'000;
        day.append({time, price, std::max(price, close) + 1'000'000,
                    std::min(price, close) - 1'000'000, close, 400'000'000});
        price = close;
        if ((time + 1'000'000'000) % kDayNs == 0 || i + 1 == bars) {
            const pipeline::Date date{std::chrono::sys_days{std::chrono::days{time / kDayNs}}};
            writer.put(instrument("BARS"), {date, {{day, 1}}, {}, {}, {"replay_bench", "b", 1}});
            clear(day);
        }
    }
}

[[nodiscard]] inline core::StreamTime at(std::int64_t ns) {
    return core::time_from_ns<core::StreamTime>(ns);
}

// A pass over what the source gives and nothing more: the cost of the store and the merge alone.
[[nodiscard]] inline double drain(StoreSource& source) {
    const auto start = std::chrono::steady_clock::now();
    std::uint64_t sum = 0;
    for (auto block = source.next_block(); !block.empty(); block = source.next_block())
        sum += static_cast<std::uint64_t>(core::ns_since_epoch(block.back().time()));
    volatile std::uint64_t keep = sum;
    (void)keep;
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

class Bench {
  public:
    Bench(std::size_t ticks, const fs::path& folder, std::size_t block_ticks = kBlockTicks,
          std::size_t bars = 2'000'000)
        : ticks_(make_common_ticks(ticks)), folder_(folder), block_ticks_(block_ticks),
          bars_(bars) {
        StoreWriter plain(folder_ / "plain");
        store_ticks(plain, "TASK", ticks_, [](std::size_t) { return true; });
        store_bars(plain, bars_);
        for (std::size_t k = 0; k < kMerged; ++k) {
            merged_.push_back("M" + std::to_string(k));
            // Hashed, so that which instrument is next cannot be predicted.
            store_ticks(
                plain, merged_.back(), std::span(ticks_).first(ticks_.size() / 4),
                [k](std::size_t i) { return (i * 0x9E3779B97F4A7C15ULL >> 33U) % kMerged == k; });
        }
        StoreWriter packed(folder_ / "packed", {.compression = Compression::kPacked});
        store_ticks(packed, "TASK", ticks_, [](std::size_t) { return true; });
    }

    // The whole range through the whole pipeline, and whether the right thing came of it.
    [[nodiscard]] bool check(bool say) const {
        bool right = true;
        const BareResult bare = BareLoop::run(ticks_);
        for (const char* store : {"plain", "packed"}) {
            StoreSource source = open(store, {"TASK"}, {});
            const Outcome outcome = run_stages<4>(source, source.instruments());
            if (say)
                std::printf("%-7s %zu ticks: %llu bars, %llu fills, profit %s, %.1f M ticks/s\n",
                            store, ticks_.size(), static_cast<unsigned long long>(outcome.bars),
                            static_cast<unsigned long long>(outcome.fills), outcome.profit.c_str(),
                            static_cast<double>(ticks_.size()) / outcome.seconds / 1e6);
            right &= outcome.fills == bare.fills && outcome.bars == bare.bars;
        }
        if (say)
            std::printf("bars    %zu bars in: %.1f M bars/s\n", bars_, bars_per_second() / 1e6);
        return right;
    }
    // Bars as input instead of ticks.
    [[nodiscard]] double bars_per_second() const {
        StoreSource bars = open("plain", {"BARS"}, {});
        return static_cast<double>(bars_) / run_stages<4>(bars, bars.instruments()).seconds;
    }

    // `decode_core`: one beside that of this thread, for the contender that has chunks made ahead.
    [[nodiscard]] std::vector<Contender> contenders(std::optional<std::size_t> decode_core = {}) {
        std::vector<Contender> out;
        out.push_back({"bare loop, memory",
                       [this] {
                           const auto block = next_block();
                           return burst(block.size(), [block] {
                               const auto start = std::chrono::steady_clock::now();
                               volatile double profit = BareLoop::run(block).profit;
                               (void)profit;
                               return std::chrono::duration<double>(
                                          std::chrono::steady_clock::now() - start)
                                   .count();
                           });
                       },
                       {}});
        out.push_back({"pipeline, memory",
                       [this] {
                           CommonTaskSource source{next_block()};
                           return burst(source.size_hint(), [&] {
                               return run_stages<4>(source, common_task_instruments()).seconds;
                           });
                       },
                       {}});
        for (const char* store : {"plain", "packed"})
            out.push_back({std::string("pipeline, ") + store + " store",
                           [this, store] {
                               StoreSource source = open(store, {"TASK"}, range(next_block()));
                               return burst(source.size_hint(), [&] {
                                   return run_stages<4>(source, source.instruments()).seconds;
                               });
                           },
                           {}});
        if (decode_core)
            out.push_back({"pipeline, packed store, made ahead",
                           [this, decode_core] {
                               StoreSource source =
                                   open("packed", {"TASK"}, range(next_block()), decode_core);
                               return burst(source.size_hint(), [&] {
                                   return run_stages<4>(source, source.instruments()).seconds;
                               });
                           },
                           {}});
        for (const char* store : {"plain", "packed"})
            out.push_back({std::string("events alone, ") + store + " store",
                           [this, store] {
                               StoreSource source = open(store, {"TASK"}, range(next_block()));
                               return burst(source.size_hint(), [&] { return drain(source); });
                           },
                           {}});
        out.push_back({"events alone, 50 instruments merged",
                       [this] {
                           StoreSource source = open("plain", merged_, range(next_block(4)));
                           return burst(source.size_hint(), [&] { return drain(source); });
                       },
                       {}});
        return out;
    }

  private:
    [[nodiscard]] StoreSource open(const char* store, const std::vector<std::string>& symbols,
                                   SourceRange range,
                                   std::optional<std::size_t> decode_core = {}) const {
        return StoreSource(
            TickStore::open(folder_ / store), symbols,
            {.range = range, .checksums = Checksums::kTrust, .decode_core = decode_core});
    }
    [[nodiscard]] static SourceRange range(std::span<const CommonTick> ticks) {
        return {at(ticks.front().time_ns), at(ticks.back().time_ns + 1)};
    }
    // The next million ticks, of the first `share`-th of them all.
    [[nodiscard]] std::span<const CommonTick> next_block(std::size_t share = 1) {
        const std::size_t most = ticks_.size() / share;
        const std::size_t blocks = std::max<std::size_t>(1, most / block_ticks_);
        const std::size_t first = (next_++ % blocks) * block_ticks_;
        return std::span(ticks_).subspan(first, std::min(block_ticks_, most - first));
    }

    std::vector<CommonTick> ticks_;
    fs::path folder_;
    std::size_t block_ticks_;
    std::size_t bars_;
    std::vector<std::string> merged_;
    std::size_t next_ = 0;
};

}  // namespace sluice::bench::replay
