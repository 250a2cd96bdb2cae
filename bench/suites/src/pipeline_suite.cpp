// The suite `pipeline`: the common task fused, whole and stage by stage beside the bare loop, and the
// way from a tick to its order over two threads beside the fresh-line round trip.
#include <stdexcept>
#include <utility>

#include "from_section.hpp"
#include "journaled_run.hpp"
#include "pipeline_measure.hpp"
#include "replay_measure.hpp"
#include "ring_measure.hpp"
#include "round_trip.hpp"
#include "suites_here.hpp"

namespace sluice::bench {
namespace {

constexpr const char* kStageOfStep[] = {"sequencer", "bars", "signals", "risk", "orders"};

std::optional<SpinProbe> spin_of(const Plant& plant, const core::TscClock& clock) {
    if (plant.stage.empty()) return {};
    for (std::size_t k = 0; k < std::size(kStageOfStep); ++k) {
        if (plant.stage != kStageOfStep[k]) continue;
        const auto ticks = static_cast<std::uint64_t>(static_cast<double>(plant.ns) * 1e-9 *
                                                      clock.ticks_per_second());
        return SpinProbe{k == 0 ? SpinProbe::kAtSequencer : k - 1, ticks};
    }
    throw std::invalid_argument("no stage is called \"" + plant.stage + "\"");
}

void require_right_result(std::span<const CommonTick> ticks) {
    const Outcome engine = run_first(pipeline::kStageCount, ticks);
    const BareResult bare = BareLoop::run(ticks);
    if (engine.fills != bare.fills || engine.bars != bare.bars)
        throw std::runtime_error(
            "the pipeline did not trade as the bare loop of the same task did: nothing it measured "
            "would mean anything");
}

// What each stage adds, a round at a time.
void stage_metrics(const std::vector<Contender>& steps, SuiteResult& result) {
    const Contender& bare = steps[0];
    for (std::size_t k = 0; k < std::size(kStageOfStep); ++k) {
        Metric metric{std::string("stage_") + kStageOfStep[k], "x", kStageOfStep[k], {}};
        for (std::size_t round = 0; round < bare.samples.size(); ++round) {
            const double before = k == 0 ? 0 : steps[k].samples[round].p50;
            metric.rounds.push_back((steps[k + 1].samples[round].p50 - before) /
                                    bare.samples[round].p50);
        }
        result.metrics.push_back(std::move(metric));
    }
}

// The whole pipeline with its journal, and the journal alone, beside it in the same rounds.
struct Journaled {
    Journaled(const SuiteOptions& options, std::optional<SpinProbe> spin)
        : folder(options.folder),
          run(folder.path() / "journal", options.cores[0], options.cores[1], spin) {}

    void add_to(Section& section, std::span<const CommonTick> block) {
        section.contenders.push_back({"whole pipeline, journal on",
                                      [this, block] {
                                          const Sample sample = run.block(block);
                                          passes.push_back(run.last());
                                          return sample;
                                      },
                                      {}});
        section.contenders.push_back({"the journal's thread alone, ticks as fast as it takes them",
                                      [this, block] { return run.saturate(block); },
                                      {}});
    }
    // `whole`: without a journal.
    void report(const Section& section, const Contender& whole, SuiteResult& result) {
        const Contender& all_on = section.contenders[section.contenders.size() - 2];
        result.metrics.push_back(absolute_metric("fused_all_on_ns", "ns", all_on));
        Metric cost{"journal_record_ns", "ns", "", {}};
        Metric bytes{"journal_bytes", "B", "", {}};
        Metric waits{"journal_waits", "", "", {}};
        passes.erase(passes.begin());  // the round that does not count
        for (std::size_t i = 0; i < whole.samples.size(); ++i) {
            cost.rounds.push_back(all_on.samples[i].p50 - whole.samples[i].p50);
            bytes.rounds.push_back(static_cast<double>(passes[i].bytes) /
                                   static_cast<double>(passes[i].records));
            waits.rounds.push_back(static_cast<double>(passes[i].waits));
        }
        result.metrics.push_back(std::move(cost));
        result.metrics.push_back(
            absolute_metric("journal_thread_ns", "ns", section.contenders.back()));
        result.metrics.push_back(std::move(bytes));
        result.metrics.push_back(std::move(waits));
        result.real_time = result.real_time && run.has_priority();
    }

    replay::TempFolder folder;
    JournaledRun run;
    std::vector<JournaledRun::Account> passes;
};

void run_fused(const SuiteOptions& options, std::span<const CommonTick> block,
               std::optional<SpinProbe> spin, SuiteResult& result) {
    Section section{"fused, one core, ns a tick", "bare loop", false, {}, {}};
    section.contenders = fused_contenders(block, spin);
    std::optional<Journaled> journaled;
    if (options.cores.size() >= 2) {
        journaled.emplace(options, spin);
        journaled->add_to(section, block);
    } else {
        result.notes.emplace_back("the journal was not measured: its thread needs a second core");
    }
    run_rounds(section.contenders, options.rounds, 1);
    const auto& steps = section.contenders;
    const Contender& whole = steps[pipeline::kStageCount + 1];
    result.metrics.push_back(ratio_metric("fused", whole, steps[0]));
    result.metrics.push_back(absolute_metric("fused_ns", "ns", whole));
    stage_metrics(steps, result);
    if (journaled) journaled->report(section, whole, result);
    result.tables.push_back(to_table(section));
}

void run_residence(std::span<const CommonTick> block, const core::TscClock& clock,
                   std::optional<SpinProbe> spin, int passes, SuiteResult& result) {
    ResidenceProbe residence{clock};
    for (int i = 0; i < passes; ++i) {
        (void)burst(block.size(), [&] {
            const auto start = std::chrono::steady_clock::now();
            measure_residence(block, residence, spin);
            return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        });
    }
    constexpr const char* kNames[] = {"T3 released", "T4 bars", "T5 signals", "T6 risk",
                                      "T7 orders"};
    for (std::size_t k = 0; k < residence.spent().size(); ++k)
        result.hops.push_back({"fused, a tick without an order", kNames[k], residence.spent()[k]});
}

// The round trips, each contender a block of its own rings, books and threads.
class Trips {
  public:
    Trips(ring::Context& context, std::size_t count, std::optional<SpinProbe> spin)
        : context_(context), count_(count), spin_(spin) {}

    enum class Stamps { kLane, kNone, kEveryStage };  // the lane's own, none, ours in its place

    Sample run(bool journal, Stamps which, core::Histogram& all) {
        if (which != Stamps::kEveryStage && !spin_)
            return block<pipeline::Lane<trip::Way, pipeline::kFused, kAll>>(journal, which, all);
        return block<StagedLane<trip::Way, kAll, trip::StampProbe>>(journal, which, all);
    }
    [[nodiscard]] const std::vector<core::Histogram>& hops() const { return hops_; }
    void clear_hops() { hops_.assign(trip::kHops.size(), {}); }

  private:
    static constexpr std::size_t kAll = pipeline::kStageCount;

    template <class BenchLane>
    Sample block(bool journal, Stamps which, core::Histogram& all) {
        const bool stamped = which == Stamps::kEveryStage;
        const auto wire = std::make_unique<trip::Wire>();
        const auto stamps = std::make_unique<trip::Stamps>();
        std::vector<trip::Stamps> kept(stamped ? count_ : 0);
        trip::StampProbe probe;
        if (stamped) probe.stamps = stamps.get();
        if (spin_) probe.spin = &*spin_;
        trip::EngineSide<BenchLane> engine{*wire, journal, probe};
        if (which == Stamps::kNone) engine.leave_out_stamps();
        trip::Driver driver{*wire};
        std::vector<std::uint64_t> trips(count_);
        context_.duo.run([&] { driver.run(trips, probe.stamps, &kept); }, [&] { engine.run(); });
        for (const trip::Stamps& each : kept) note(each);
        return ring::trip_of(trips, context_, all);
    }
    void note(const trip::Stamps& stamps) {
        if (hops_.empty()) clear_hops();
        for (std::size_t k = 0; k < hops_.size(); ++k)
            hops_[k].record(context_.clock.ns_between(stamps[k], stamps[k + 1]));
    }

    ring::Context& context_;
    std::size_t count_;
    std::optional<SpinProbe> spin_;
    std::vector<core::Histogram> hops_;
};

void run_round_trips(const SuiteOptions& options, const core::TscClock& clock,
                     std::optional<SpinProbe> spin, SuiteResult& result) {
    ring::Context context{.duo = {options.cores.at(0), options.cores.at(1)},
                          .clock = clock,
                          .scale = options.quick ? std::size_t{10} : std::size_t{1},
                          .whole_trips = true};
    Trips trips(context, options.quick ? 1'000 : 10'000, spin);
    Section section{"tick to order, two threads, round trip", "fresh lines", true, {}, {}};
    const auto add = [&](const char* name, std::function<Sample(core::Histogram&)> block) {
        auto all = std::make_shared<core::Histogram>();
        section.contenders.push_back(
            {name, [block = std::move(block), all] { return block(*all); }, {}, all});
    };
    add("fresh lines, 8 bytes (floor)", [&](core::Histogram& all) {
        context.all = &all;
        return ring::fresh_line_hop(context);
    });
    add("an event there and back, rings alone", [&](core::Histogram& all) {
        context.all = &all;
        return ring::queue_hop<ring::OurRing<ring::Stamped>, true>(context);
    });
    const auto add_trips = [&](const char* name, bool journal, Trips::Stamps stamps) {
        add(name, [&trips, journal, stamps](core::Histogram& all) {
            return trips.run(journal, stamps, all);
        });
    };
    add_trips("tick to order, journal record on", true, Trips::Stamps::kLane);
    add_trips("tick to order, journal off", false, Trips::Stamps::kLane);
    add_trips("journal on, the lane's own stamps left out", true, Trips::Stamps::kNone);
    add_trips("journal on, stamped at every stage", true, Trips::Stamps::kEveryStage);
    run_rounds(section.contenders, options.rounds, 3);

    const auto& c = section.contenders;
    result.metrics.push_back(ratio_metric("round_trip_p50", c[2], c[0]));
    result.metrics.push_back(ratio_metric("round_trip_p99", c[2], c[0], &Sample::p99));
    result.metrics.push_back(absolute_metric("round_trip_p50_ns", "ns", c[2]));
    Metric stamps{"stamps_ns", "ns", "", {}};
    for (std::size_t i = 0; i < c[2].samples.size(); ++i)
        stamps.rounds.push_back(c[2].samples[i].p50 - c[4].samples[i].p50);
    result.metrics.push_back(std::move(stamps));
    result.real_time = result.real_time && context.duo.has_priority();
    result.tables.push_back(to_table(section));
    for (std::size_t k = 0; k < trips.hops().size(); ++k)
        result.hops.push_back({"two threads, tick to order", trip::kHops[k], trips.hops()[k]});
}

SuiteResult run(const SuiteOptions& options) {
    (void)core::pin_this_thread(options.cores.front());
    const core::TscClock clock = core::TscClock::calibrate();
    const std::optional<SpinProbe> spin = spin_of(options.plant, clock);
    const std::vector<CommonTick> ticks = make_common_ticks(options.quick ? 20'000 : 1'000'000);
    require_right_result(ticks);
    SuiteResult result;
    run_fused(options, ticks, spin, result);
    run_residence(ticks, clock, spin, options.quick ? 2 : 10, result);
    if (options.cores.size() >= 2) {
        run_round_trips(options, clock, spin, result);
    } else {
        result.notes.emplace_back(
            "the round trip over two threads was left out: it needs two cores");
    }
    return result;
}

}  // namespace

const Suite kPipelineSuite{
    "pipeline", "the stages: a tick's cost fused, and tick to order over two threads", 1, 25, &run};

}  // namespace sluice::bench
