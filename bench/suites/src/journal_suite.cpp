// The suite `journal`: what a record costs the hot path under each durability, with the journal's own
// thread and files behind it, and how long a record takes to be safe.
//
// Open loop: a tick is due every microsecond whether or not the one before is done, so a stall of the
// journal is in every tick that it delays. A tick goes through the fused stages; the journal's thread
// has the other core.
#include <memory>
#include <utility>

#include <sluice/adapters/journal/journal.hpp>
#include <sluice/core/hot/tsc.hpp>
#include <sluice/pipeline/hot/lane.hpp>

#include "common_task.hpp"
#include "from_section.hpp"
#include "replay_measure.hpp"
#include "suites_here.hpp"

namespace sluice::bench {
namespace {

namespace journal = adapters::journal;
using journal::Durability;
using pipeline::Event;
using pipeline::EventKind;

// Takes the stages' commands and does nothing with them.
struct Nowhere {
    void take(const Event&) noexcept {}
};

class Hot {
  public:
    explicit Hot(const core::TscClock& clock)
        : clock_(clock), settings_(common_task_settings()), instruments_(common_task_instruments()),
          state_(std::make_unique<pipeline::LaneState<Nowhere>>(settings_, instruments_, nowhere_,
                                                                pipeline::Placement{}, records_)),
          lane_(*state_) {}

    // One tick a microsecond; `tap` may be null. Two values a tick: from when it was due until it was
    // done, and what it took alone.
    Sample run(std::span<const CommonTick> ticks, pipeline::JournalTap* tap,
               core::Histogram& from_due) {
        const auto gap = static_cast<std::uint64_t>(clock_.ticks_per_second() * 1e-6);
        std::vector<std::uint64_t> took(ticks.size());
        std::uint64_t due = core::Tsc::now() + gap;
        for (std::size_t i = 0; i < ticks.size(); ++i, due += gap) {
            while (core::Tsc::now() < due) core::cpu_pause();
            const std::uint64_t start = core::Tsc::now();
            one(ticks[i], tap);
            const std::uint64_t end = core::Tsc::now();
            took[i] = end - start;
            from_due.record(clock_.ns_between(due, end));
            if (i % 256 == 0) drain();
        }
        std::sort(took.begin(), took.end());
        const auto ns = [&](std::size_t at) {
            return static_cast<double>(took[at]) * 1e9 / clock_.ticks_per_second();
        };
        return {ns(took.size() / 2), ns(took.size() * 99 / 100)};
    }

  private:
    void one(const CommonTick& tick, pipeline::JournalTap* tap) noexcept {
        Event event = Event::trade(
            core::time_from_ns<core::StreamTime>(tick.time_ns), core::SymbolId{0},
            {core::Price::from_raw(tick.price_e6 * 1000),
             core::Quantity::from_raw(tick.quantity * core::Quantity::kScale), 0, 0, 0});
        event.place(static_cast<core::Sequence>(++sequence_), 0);
        if (tap != nullptr) {
            while (!tap->record(event)) core::cpu_pause();
        }
        lane_.template release<EventKind::kTrade>(event);
        lane_.let_go();
    }
    void drain() noexcept {
        Event event;
        while (records_.try_pop(event)) {}
    }

    core::TscClock clock_;
    pipeline::Settings settings_;
    pipeline::InstrumentTable instruments_;
    Nowhere nowhere_;
    pipeline::EventRing records_{1U << 14U};
    std::unique_ptr<pipeline::LaneState<Nowhere>> state_;
    pipeline::Lane<Nowhere, pipeline::kFused> lane_;
    std::uint64_t sequence_ = 0;
};

// Raises the calling thread for one block and lets it rest as long.
template <class Fn>
Sample at_priority(Fn&& fn) {
    Sample sample{};
    (void)burst(1, [&] {
        const auto start = std::chrono::steady_clock::now();
        sample = fn();
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    });
    return sample;
}

class Blocks {
  public:
    Blocks(const SuiteOptions& options, const core::TscClock& clock,
           const std::filesystem::path& at)
        : clock_(clock), folder_(at), core_(options.cores.back()),
          ticks_(make_common_ticks(options.quick ? 4'000 : 40'000)) {}

    Sample off(core::Histogram& all) {
        Hot hot{clock_};
        return at_priority([&] { return hot.run(ticks_, nullptr, all); });
    }
    Sample on(Durability durability, core::Histogram& all) {
        const auto journal = begin(durability);
        Hot hot{clock_};
        const Sample sample = at_priority([&] { return hot.run(ticks_, &journal->tap(), all); });
        journal->close();
        return sample;
    }
    // From a record until an order that waits for it may leave.
    Sample until_safe(Durability durability, core::Histogram& all) {
        const auto journal = begin(durability);
        pipeline::JournalTap& tap = journal->tap();
        core::Histogram these;
        Event event = Event::timer(core::StreamTime{}, EventKind::kBeat);
        for (int i = 0; i < 50; ++i) {
            const std::uint64_t start = core::Tsc::now();
            while (!tap.record(event)) core::cpu_pause();
            while (!tap.safe(tap.records())) core::cpu_pause();
            these.record(clock_.ns_between(start, core::Tsc::now()));
        }
        journal->close();
        all.merge(these);
        return {static_cast<double>(these.percentile(50)),
                static_cast<double>(these.percentile(99))};
    }

  private:
    std::unique_ptr<journal::Journal> begin(Durability durability) {
        const std::filesystem::path folder = folder_ / ("journal-" + std::to_string(++count_));
        if (count_ > 1)
            std::filesystem::remove_all(folder_ / ("journal-" + std::to_string(count_ - 1)));
        journal::JournalHeader header;
        header.session = "bench";
        header.instruments = common_task_instruments();
        journal::JournalOptions options;
        options.durability = durability;
        options.core = core_;
        return std::make_unique<journal::Journal>(folder, header, options);
    }

    core::TscClock clock_;
    std::filesystem::path folder_;
    std::size_t core_;
    std::vector<CommonTick> ticks_;
    int count_ = 0;
};

Metric added(std::string name, const Contender& with, const Contender& without) {
    Metric metric{std::move(name), "ns", "", {}};
    for (std::size_t i = 0; i < with.samples.size(); ++i)
        metric.rounds.push_back(with.samples[i].p50 - without.samples[i].p50);
    return metric;
}

SuiteResult run(const SuiteOptions& options) {
    (void)core::pin_this_thread(options.cores.front());
    const core::TscClock clock = core::TscClock::calibrate();
    const replay::TempFolder folder(options.folder);
    Blocks blocks(options, clock, folder.path());
    Section section{"a tick a microsecond: its time alone; P99.9 and max from when it was due",
                    "journal off",
                    true,
                    {},
                    {}};
    Section safe{"from a record until its order may leave", "async", true, {}, {}};
    const auto add = [](Section& to, std::string name,
                        std::function<Sample(core::Histogram&)> block) {
        auto all = std::make_shared<core::Histogram>();
        to.contenders.push_back(
            {std::move(name), [block = std::move(block), all] { return block(*all); }, {}, all});
    };
    add(section, "journal off", [&](core::Histogram& all) { return blocks.off(all); });
    for (const Durability durability :
         {Durability::kAsync, Durability::kProcess, Durability::kDisk}) {
        const std::string name{journal::to_string(durability)};
        add(section, name,
            [&blocks, durability](core::Histogram& all) { return blocks.on(durability, all); });
        add(safe, name, [&blocks, durability](core::Histogram& all) {
            return blocks.until_safe(durability, all);
        });
    }
    run_rounds(section.contenders, options.rounds, 11);
    run_rounds(safe.contenders, options.rounds, 12);

    const auto& c = section.contenders;
    SuiteResult result;
    result.metrics.push_back(added("async_ns", c[1], c[0]));
    result.metrics.push_back(added("process_ns", c[2], c[0]));
    result.metrics.push_back(added("disk_ns", c[3], c[0]));
    result.metrics.push_back(absolute_metric("disk_safe_ns", "ns", safe.contenders[2]));
    result.tables.push_back(to_table(section));
    result.tables.push_back(to_table(safe));
    return result;
}

}  // namespace

const Suite kJournalSuite{
    "journal", "what the journal's record costs a tick, and how soon it is safe", 2, 15, &run};

}  // namespace sluice::bench
