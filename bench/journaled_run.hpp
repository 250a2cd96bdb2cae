// The whole pipeline, fused, with every event and command on record in a journal as a live session
// has it: its ring, its thread on the other core, its files. For the suite `pipeline`.
//
// A pass begins with an empty ring and lasts many times as long as the ring takes to fill, so a
// journal that is slower than the pipeline makes the ticks wait. What counts is the time of all ticks.
// The journal is begun and ended outside that time, as a session does, and has to hold every record.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>

#include <sluice/adapters/journal/journal.hpp>
#include <sluice/adapters/journal/journal_reader.hpp>
#include <sluice/core/idle.hpp>
#include <sluice/pipeline/hot/journal_tap.hpp>

#include "burst.hpp"
#include "common_task.hpp"
#include "pipeline_run.hpp"
#include "staged_lane.hpp"

namespace sluice::bench {

namespace journal = adapters::journal;

// What is on record of a run: every sequenced event and every command, as live. Each record that had
// to wait for room in the ring is counted.
class CountedTap {
  public:
    explicit CountedTap(pipeline::JournalTap& tap) : tap_(tap) {}
    SLUICE_ALWAYS_INLINE void record(const Event& event) noexcept {
        if (!tap_.record(event)) [[unlikely]]
            record_slow(event);
    }
    [[nodiscard]] std::uint64_t waits() const noexcept { return waits_; }

  private:
    [[gnu::cold, gnu::noinline]] void record_slow(const Event& event) noexcept {
        ++waits_;
        while (!tap_.record(event)) core::cpu_pause();
    }
    pipeline::JournalTap& tap_;
    std::uint64_t waits_ = 0;
};

class JournaledVenue : public SimVenue {
  public:
    JournaledVenue(const pipeline::Settings& settings, const pipeline::InstrumentTable& instruments,
                   CountedTap& tap)
        : SimVenue(settings, instruments), tap_(tap) {}
    void take(const Event& command) noexcept {
        tap_.record(command);
        SimVenue::take(command);
    }

  private:
    CountedTap& tap_;
};

template <class Inner>
class JournaledLane {
  public:
    static constexpr bool kSplit = false;
    template <class State, class... More>
    JournaledLane(State& state, CountedTap& tap, More&... more)
        : inner_(state, more...), tap_(tap) {}

    template <EventKind kKnown>
    SLUICE_ALWAYS_INLINE void release(Event& event) noexcept {
        tap_.record(event);
        inner_.template release<kKnown>(event);
    }
    std::size_t take_commands() noexcept { return 0; }
    void sync() noexcept {}
    [[nodiscard]] bool flat() const noexcept { return inner_.flat(); }

  private:
    Inner inner_;
    CountedTap& tap_;
};

class JournaledRun {
  public:
    // Of the last pass.
    struct Account {
        std::uint64_t records = 0;
        std::uint64_t bytes = 0;  // of the segments, ended
        std::uint64_t waits = 0;  // for room in the ring
    };

    JournaledRun(std::filesystem::path folder, std::size_t core_a, std::size_t core_b,
                 std::optional<SpinProbe> spin)
        : folder_(std::move(folder)), core_a_(core_a), core_b_(core_b), spin_(spin) {}

    // A tick through everything.
    Sample block(std::span<const CommonTick> ticks) {
        return measure(ticks.size(),
                       [&](CountedTap& tap, const Written&) { return pass(ticks, tap); });
    }
    // Ticks put on record as fast as the journal takes them, until all are in the file: what a record
    // costs the journal's thread.
    Sample saturate(std::span<const CommonTick> ticks) {
        return measure(ticks.size(), [&](CountedTap& tap, const Written& written) {
            CommonTaskSource source{ticks};
            const auto start = std::chrono::steady_clock::now();
            std::uint64_t sequence = 0;
            for (auto some = source.next_block(); !some.empty(); some = source.next_block()) {
                for (Event& event : some) {
                    event.place(static_cast<core::Sequence>(++sequence), 0);
                    tap.record(event);
                }
            }
            while (written() != sequence) core::cpu_pause();
            return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        });
    }
    [[nodiscard]] bool has_priority() const noexcept { return has_priority_; }
    [[nodiscard]] const Account& last() const noexcept { return last_; }

  private:
    using Written = std::function<std::uint64_t()>;

    // `work` returns the seconds that `ticks` ticks took.
    template <class Work>
    Sample measure(std::size_t ticks, Work&& work) {
        (void)core::pin_this_thread(core_a_);
        std::filesystem::remove_all(folder_);
        journal::JournalHeader header;
        header.session = "bench";
        header.instruments = common_task_instruments();
        journal::JournalOptions options;
        options.core = core_b_;
        // Raised before: the journal's threads are born with the priority of the one that begins it.
        has_priority_ = raise_this_thread(true) && has_priority_;
        journal::Journal journal{folder_, header, options};
        CountedTap tap{journal.tap()};
        const double seconds = work(tap, [&journal] { return journal.written(); });
        (void)raise_this_thread(false);
        std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
        journal.close();
        account(journal, tap);
        const double ns = seconds * 1e9 / static_cast<double>(ticks);
        return {ns, ns};
    }

    double pass(std::span<const CommonTick> ticks, CountedTap& tap) {
        const pipeline::Settings settings = common_task_settings();
        const pipeline::InstrumentTable instruments = common_task_instruments();
        JournaledVenue venue{settings, instruments, tap};
        CommonTaskSource source{ticks};
        constexpr std::size_t kAll = pipeline::kStageCount;
        if (!spin_) {
            using Inner = pipeline::Lane<JournaledVenue, pipeline::kFused, kAll>;
            return run_lane<JournaledLane<Inner>>(source, instruments, settings, venue, tap)
                .seconds;
        }
        using Inner = StagedLane<JournaledVenue, kAll, const SpinProbe>;
        const SpinProbe spin = *spin_;
        return run_lane<JournaledLane<Inner>>(source, instruments, settings, venue, tap, spin)
            .seconds;
    }

    // Every record is read back: a time in which some were lost would be worth nothing.
    void account(journal::Journal& journal, const CountedTap& tap) {
        last_ = {journal.tap().records(), 0, tap.waits()};
        for (const auto& entry : std::filesystem::directory_iterator{folder_})
            if (entry.path().extension() == ".sluj") last_.bytes += entry.file_size();
        const journal::JournalReader reader{folder_};
        if (reader.records() != last_.records || reader.ending() != journal::Ending::kClosed)
            throw std::runtime_error("the journal of a measured pass lacks records");
    }

    std::filesystem::path folder_;
    std::size_t core_a_;
    std::size_t core_b_;
    std::optional<SpinProbe> spin_;
    bool has_priority_ = true;
    Account last_;
};

}  // namespace sluice::bench
