// journal_bench: what a record in the journal costs the sequencer's thread, beside the same loop
// without a journal in the same rounds; how long an order waits for the disk; and the common task
// through the whole pipeline with every tick on record, back to back.
//
//   journal_bench [--rounds N] [--folder FOLDER] [--json FILE] [--gate]
//
// paced: an event every 2 us; bursts: 512 back to back, then as long as the thread needs to catch
// up. Each event's cost is its own pair of counter stamps; the baseline copies the event into a
// line of memory. --gate makes the exit status 1 when a target of perf/journal.md is missed.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <sched.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include <sluice/adapters/journal/journal.hpp>
#include <sluice/core/hot/tsc.hpp>
#include <sluice/core/idle.hpp>
#include <sluice/core/thread.hpp>

#include "burst.hpp"
#include "journaled_run.hpp"

namespace {

using namespace sluice;
namespace journal = adapters::journal;
using bench::Contender;
using bench::Sample;
using pipeline::Event;

constexpr std::size_t kPacedEvents = 10'000;
constexpr std::uint64_t kPaceNs = 2'000;
constexpr std::size_t kBurst = 512;
constexpr std::size_t kBursts = 20;
constexpr std::size_t kOrders = 200;
constexpr double kTargetNs = 60;

struct Options {
    int rounds = 10;
    std::filesystem::path folder = std::filesystem::temp_directory_path();
    const char* json = nullptr;
    bool gate = false;
};

// What every loop below works on; one thread.
class Bench {
  public:
    explicit Bench(std::filesystem::path folder) : folder_(std::move(folder)) {}
    ~Bench() {
        std::error_code ignored;
        for (std::uint64_t n = 0; n < made_; ++n) std::filesystem::remove_all(name(n), ignored);
    }

    std::unique_ptr<journal::Journal> open(journal::Durability durability) {
        journal::JournalHeader header;
        header.instruments.resize(1);
        header.instruments[0].symbol = "A";
        journal::JournalOptions options;
        options.durability = durability;
        if (core::available_cores().size() > 1) options.core = core::available_cores()[1];
        if (made_ != 0) std::filesystem::remove_all(name(made_ - 1));
        return std::make_unique<journal::Journal>(name(made_++), header, options);
    }

    // ns of each call of `put`, an event every kPaceNs.
    template <class Put>
    Sample paced(Put put) {
        std::vector<std::uint64_t> costs(kPacedEvents);
        const auto pace = static_cast<std::uint64_t>(clock_.ticks_per_second() * 1e-9 * kPaceNs);
        std::uint64_t due = core::Tsc::now() + pace;
        for (std::size_t n = 0; n < kPacedEvents; ++n, due += pace) {
            const Event event = make(n);
            while (core::Tsc::now() < due) core::cpu_pause();
            const std::uint64_t start = core::Tsc::now();
            put(event);
            costs[n] = core::Tsc::now() - start;
        }
        return sample(costs);
    }
    // ns an event within bursts: each burst's mean; `idle` after it.
    template <class Put, class Idle>
    Sample bursts(Put put, Idle idle) {
        std::vector<std::uint64_t> costs(kBursts);
        std::vector<Event> events(kBurst);
        for (std::size_t i = 0; i < kBurst; ++i) events[i] = make(i);
        for (std::uint64_t& cost : costs) {
            const std::uint64_t start = core::Tsc::now();
            for (const Event& event : events) put(event);
            cost = (core::Tsc::now() - start);
            idle();
        }
        Sample whole = sample(costs);
        return {whole.p50 / kBurst, whole.p99 / kBurst};
    }
    // ns from an order's record to the moment it may leave.
    Sample release(journal::Journal& journal) {
        std::vector<std::uint64_t> waits(kOrders);
        for (std::size_t n = 0; n < kOrders; ++n) {
            const std::uint64_t start = core::Tsc::now();
            while (!journal.tap().record(make(n))) core::cpu_pause();
            while (!journal.tap().safe(journal.tap().records())) core::cpu_pause();
            waits[n] = core::Tsc::now() - start;
        }
        return sample(waits);
    }

  private:
    static Event make(std::size_t n) {
        pipeline::Trade trade{};
        trade.price = core::Price::from_raw(static_cast<std::int64_t>(n));
        return Event::trade(core::time_from_ns<core::StreamTime>(static_cast<std::int64_t>(n)),
                            core::SymbolId{0}, trade);
    }
    [[nodiscard]] Sample sample(std::vector<std::uint64_t>& ticks) const {
        std::sort(ticks.begin(), ticks.end());
        const auto ns = [&](std::size_t i) {
            return static_cast<double>(ticks[i]) * 1e9 / clock_.ticks_per_second();
        };
        return {ns(ticks.size() / 2), ns(ticks.size() * 99 / 100)};
    }
    [[nodiscard]] std::filesystem::path name(std::uint64_t n) const {
        return folder_ /
               ("sluice-journal-bench-" + std::to_string(::getpid()) + "-" + std::to_string(n));
    }

    std::filesystem::path folder_;
    std::uint64_t made_ = 0;
    core::TscClock clock_ = core::TscClock::calibrate();
};

struct alignas(core::kCacheLine) Sink {
    std::array<Event, 64> lines;
    std::size_t next = 0;
    void put(const Event& event) noexcept {
        lines[next++ % lines.size()] = event;
        asm volatile("" : : "g"(this) : "memory");
    }
};

void put(journal::Journal& journal, const Event& event) {
    while (!journal.tap().record(event)) core::cpu_pause();
}
void catch_up(journal::Journal& journal) {
    while (journal.written() != journal.tap().records()) ::sched_yield();
}

std::vector<Contender> contenders(Bench& bench, bool bursts) {
    std::vector<Contender> result;
    result.push_back({"no journal",
                      [&bench, bursts] {
                          const auto sink = std::make_unique<Sink>();
                          Sink& to = *sink;
                          const auto put_there = [&to](const Event& event) { to.put(event); };
                          return bursts ? bench.bursts(put_there, [] {}) : bench.paced(put_there);
                      },
                      {}});
    for (const auto durability :
         {journal::Durability::kAsync, journal::Durability::kProcess, journal::Durability::kDisk}) {
        result.push_back({std::string{to_string(durability)},
                          [&bench, bursts, durability] {
                              const auto opened = bench.open(durability);
                              journal::Journal& to = *opened;
                              const auto record = [&to](const Event& event) { put(to, event); };
                              const Sample sample =
                                  bursts ? bench.bursts(record, [&to] { catch_up(to); })
                                         : bench.paced(record);
                              opened->close();
                              return sample;
                          },
                          {}});
    }
    return result;
}

double added(const Contender& base, const Contender& it, double Sample::*field, double q) {
    std::vector<double> values;
    for (std::size_t i = 0; i < it.samples.size(); ++i)
        values.push_back(it.samples[i].*field - base.samples[i].*field);
    return bench::quantile(std::move(values), q);
}

void report(const char* title, const std::vector<Contender>& all, nlohmann::ordered_json& json) {
    std::printf("\n%s, ns an event (added: median of rounds, p10..p90)\n", title);
    for (const Contender& it : all) {
        const double p50 = added(all[0], it, &Sample::p50, 0.5);
        std::printf("  %-12s p50 %7.1f  p99 %8.1f  added %6.1f (%.1f..%.1f)  at p99 %8.1f\n",
                    it.name.c_str(), bench::median(it, &Sample::p50),
                    bench::median(it, &Sample::p99), p50, added(all[0], it, &Sample::p50, 0.1),
                    added(all[0], it, &Sample::p50, 0.9), added(all[0], it, &Sample::p99, 0.5));
        json["results"].push_back({{"section", title},
                                   {"name", it.name},
                                   {"ns_p50", bench::median(it, &Sample::p50)},
                                   {"ns_p99", bench::median(it, &Sample::p99)},
                                   {"added_ns_p50", p50},
                                   {"added_ns_p99", added(all[0], it, &Sample::p99, 0.5)}});
    }
}

// Ticks back to back: the journal's thread has to keep up with the pipeline.
void full_rate(const Options& options, const std::vector<std::size_t>& cores,
               nlohmann::ordered_json& json) {
    if (cores.size() < 2) return;
    const auto ticks = bench::make_common_ticks(1'000'000);
    bench::JournaledRun run{options.folder / ("sluice-journal-rate-" + std::to_string(::getpid())),
                            cores[0],
                            cores[1],
                            {}};
    std::vector<double> bytes;
    std::vector<double> waits;
    std::vector<Contender> all;
    all.push_back({"pipeline, journal on",
                   [&] {
                       const Sample sample = run.block(ticks);
                       bytes.push_back(static_cast<double>(run.last().bytes) /
                                       static_cast<double>(run.last().records));
                       waits.push_back(static_cast<double>(run.last().waits));
                       return sample;
                   },
                   {}});
    all.push_back({"journal's thread alone", [&] { return run.saturate(ticks); }, {}});
    bench::run_rounds(all, options.rounds, 4);
    std::printf("\na million ticks back to back, ns a tick (median of rounds, p10..p90)\n");
    for (const Contender& it : all) {
        std::vector<double> ns;
        for (const Sample& sample : it.samples) ns.push_back(sample.p50);
        std::printf("  %-24s %6.1f (%.1f..%.1f)\n", it.name.c_str(), bench::quantile(ns, 0.5),
                    bench::quantile(ns, 0.1), bench::quantile(ns, 0.9));
        json["results"].push_back({{"section", "back to back"},
                                   {"name", it.name},
                                   {"ns_p50", bench::quantile(ns, 0.5)},
                                   {"ns_p10", bench::quantile(ns, 0.1)},
                                   {"ns_p90", bench::quantile(ns, 0.9)}});
    }
    json["bytes_per_record"] = bench::quantile(bytes, 0.5);
    json["ring_waits_p50"] = bench::quantile(waits, 0.5);
    std::printf("  %.1f bytes a record; the ring was full at %.0f of a million (median)\n",
                bench::quantile(bytes, 0.5), bench::quantile(waits, 0.5));
}

Options parse(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string name = argv[i];
        if (name == "--gate") {
            options.gate = true;
        } else if (i + 1 < argc && name == "--rounds") {
            options.rounds = std::max(1, std::atoi(argv[++i]));
        } else if (i + 1 < argc && name == "--folder") {
            options.folder = argv[++i];
        } else if (i + 1 < argc && name == "--json") {
            options.json = argv[++i];
        } else {
            std::fputs("journal_bench [--rounds N] [--folder FOLDER] [--json FILE] [--gate]\n",
                       stderr);
            std::exit(2);
        }
    }
    return options;
}

}  // namespace

int main(int argc, char** argv) {
    const Options options = parse(argc, argv);
    const std::vector<std::size_t> cores = core::available_cores();  // before this thread has one
    Bench bench{options.folder};
    (void)core::pin_this_thread(core::available_cores().front());
    std::vector<Contender> paced = contenders(bench, false);
    std::vector<Contender> burst = contenders(bench, true);
    std::vector<Contender> release{{"disk",
                                    [&bench] {
                                        const auto opened = bench.open(journal::Durability::kDisk);
                                        return bench.release(*opened);
                                    },
                                    {}}};
    bench::run_rounds(paced, options.rounds, 1);
    bench::run_rounds(burst, options.rounds, 2);
    bench::run_rounds(release, options.rounds, 3);

    nlohmann::ordered_json json{{"rounds", options.rounds}};
    json["access"] = bench.open(journal::Durability::kAsync)->access();
    std::printf("to the file by %s\n", json["access"].get<std::string>().c_str());
    report("paced, one every 2 us", paced, json);
    report("bursts of 512", burst, json);
    const double p50 = bench::median(release[0], &Sample::p50) / 1e3;
    const double p99 = bench::median(release[0], &Sample::p99) / 1e3;
    std::printf("\nan order's wait for the disk: p50 %.0f us, p99 %.0f us\n", p50, p99);
    json["release_us_p50"] = p50;
    json["release_us_p99"] = p99;
    full_rate(options, cores, json);
    if (options.json != nullptr) {
        std::FILE* file = std::fopen(options.json, "w");
        if (file == nullptr || std::fprintf(file, "%s\n", json.dump(1).c_str()) < 0 ||
            std::fclose(file) != 0) {
            std::fprintf(stderr, "cannot write %s\n", options.json);
            return 2;
        }
    }
    const bool passes = added(paced[0], paced[1], &Sample::p50, 0.5) <= kTargetNs;
    std::printf("async at most %.0f ns at p50: %s\n", kTargetNs, passes ? "pass" : "FAIL");
    return options.gate && !passes ? 1 : 0;
}
