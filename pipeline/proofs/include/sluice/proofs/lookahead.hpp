// Proves, by trying, that no decision hangs on what comes after it: decisions up to a moment have to
// be the same, to the bit, whatever is done to the ticks after it. Many random moments, each under
// every alteration; all instruments at once.
//
// A decision counts as made at the event that caused it, not at the time it carries: a bar that
// ends at noon is decided by the first tick or beat past noon. Up to that event the two streams are
// the same, so their sequence numbers are as well, and by these decisions are held against each
// other. Whatever moves the numbers, such as a report that comes sooner, is a difference itself.
//
// One thread drives; each run has the threads of its engine. Cost: for a tape of N ticks about
// moments x alterations x N/2 ticks. Memory: the tape, and 64 bytes a decision of the whole run.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <sluice/pipeline/market_source.hpp>
#include <sluice/proofs/alteration.hpp>
#include <sluice/proofs/decision.hpp>
#include <sluice/proofs/progress.hpp>

namespace sluice::proofs {

// Runs an engine over a source, to its end; the observer sees what it records.
using RunOnce = std::function<void(pipeline::MarketSource&, pipeline::RecordObserver&)>;
// The source as it was known at `until`: with no tick after it, and nothing else of later.
using Reopen = std::function<std::unique_ptr<pipeline::MarketSource>(pipeline::StreamTime until)>;

struct LookaheadOptions {
    std::uint64_t moments = 100;
    std::uint64_t seed = 1;
    // Altered ticks that follow a moment: those within `tail_time`, and no fewer than `tail_ticks`.
    pipeline::Nanos tail_time{300'000'000'000};
    std::size_t tail_ticks = 16'384;
    Reopen reopen{};  // none: kReopened is left out
    Progress progress{};
};

// The first decision that came out otherwise.
struct Difference {
    Alteration alteration{};
    pipeline::StreamTime moment;                 // decisions up to it should not have changed
    std::optional<pipeline::Event> decided{};    // over the whole tape; nothing: one too many
    std::optional<pipeline::Event> otherwise{};  // with the ticks after the moment altered
};

struct AlterationResult {
    std::uint64_t tried = 0;   // moments
    std::uint64_t caught = 0;  // moments with a difference
    std::optional<Difference> first{};
};

struct LookaheadReport {
    std::uint64_t ticks = 0;
    std::uint64_t decisions = 0;  // of the whole run
    std::uint64_t moments = 0;
    std::uint64_t moments_caught = 0;  // under any alteration
    std::uint64_t compared = 0;        // decisions, over all runs
    pipeline::StreamTime first_moment;
    pipeline::StreamTime last_moment;
    bool ended_early = false;
    std::array<AlterationResult, kAlterationCount> by_alteration{};

    [[nodiscard]] bool clean() const noexcept { return moments_caught == 0; }
    [[nodiscard]] const Difference* first() const noexcept;
};

// Moments are drawn from the ticks after the first bar. Throws std::invalid_argument where the
// tape leads to none before its last tick, and what `run` and `reopen` throw.
[[nodiscard]] LookaheadReport prove_lookahead(std::span<const pipeline::Event> tape,
                                              const RunOnce& run, const LookaheadOptions& options);

}  // namespace sluice::proofs
