// How the time and the memory of a replay grow with its length, for replay_bench --growth.
//
// The ticks of the common task are written to a plain store a day at a time, so that making them
// takes the memory of a day. Then the first tenth and the whole are replayed through the whole
// pipeline, in turns. Time is that of the thread: over seconds, the clock on the wall shows
// what else runs on the machine. Memory is the most that the process had resident during the
// pass, mapped columns included.
#pragma once

#include <time.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>

#include "replay_measure.hpp"

namespace sluice::bench::replay {

class Growth {
  public:
    struct Pass {
        double seconds;
        double peak_mib;
        std::uint64_t fills;
    };

    // Ten times `tenth` ticks.
    Growth(std::size_t tenth, const fs::path& folder) : folder_(folder) {
        StoreWriter writer(folder_);
        pipeline::TradeColumns day;
        CommonTicks ticks;
        std::int64_t now = 0;
        const auto flush = [&] {
            if (day.size() == 0) return;
            const pipeline::Date date{std::chrono::sys_days{std::chrono::days{now}}};
            writer.put(instrument("TASK"), {date, {day}, {}, {}, {"replay_bench", "growth", 1}});
            clear(day);
        };
        for (std::size_t i = 0; i < 10 * tenth; ++i) {
            const CommonTick tick = ticks.next();
            if (tick.time_ns / kDayNs != now) flush();
            now = tick.time_ns / kDayNs;
            if (i == tenth) tenth_ends_ = tick.time_ns;
            append(day, tick);
        }
        flush();
    }

    [[nodiscard]] Pass tenth() const { return pass({.to = at(tenth_ends_)}); }
    [[nodiscard]] Pass whole() const { return pass({}); }

  private:
    // One bar in 600 ticks, and little else: enough for four hundred million.
    static constexpr std::size_t kRecordsMost = std::size_t{1} << 20U;

    [[nodiscard]] Pass pass(SourceRange range) const {
        StoreSource source(TickStore::open(folder_), {"TASK"},
                           {.range = range, .checksums = Checksums::kTrust});
        std::ofstream{"/proc/self/clear_refs"} << 5;  // the peak begins anew
        const double start = thread_seconds();
        const pipeline::Settings settings = common_task_settings();
        SimVenue venue{settings, source.instruments()};
        const Outcome outcome =
            run_lane<pipeline::Lane<SimVenue, pipeline::kFused, 4>, kRecordsMost>(
                source, source.instruments(), settings, venue);
        return {thread_seconds() - start, peak_mib(), outcome.fills};
    }
    [[nodiscard]] static double thread_seconds() {
        timespec now{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
    }
    // "VmHWM:	  123456 kB"
    [[nodiscard]] static double peak_mib() {
        std::ifstream status{"/proc/self/status"};
        for (std::string line; std::getline(status, line);)
            if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
        return 0;
    }

    fs::path folder_;
    std::int64_t tenth_ends_ = 0;
};

// Whether ten times the ticks took at most 10.5 times as long, by the median of the rounds.
inline bool report_growth(std::size_t tenth, const fs::path& folder, int rounds) {
    const Growth growth(tenth, folder);
    (void)growth.tenth();
    std::vector<double> times;
    for (int i = 0; i < rounds; ++i) {
        const Growth::Pass part = growth.tenth();
        const Growth::Pass all = growth.whole();
        times.push_back(all.seconds / part.seconds);
        std::printf(
            "%zu ticks: %.3f s, %.0f MiB, %llu fills; ten times as many: %.3f s, %.0f MiB\n", tenth,
            part.seconds, part.peak_mib, static_cast<unsigned long long>(part.fills), all.seconds,
            all.peak_mib);
    }
    const double ratio = quantile(times, 0.5);
    std::printf("%.2f times as long\n", ratio);
    return ratio <= 10.5;
}

}  // namespace sluice::bench::replay
