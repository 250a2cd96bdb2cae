#include <sluice/proofs/lookahead.hpp>

#include <algorithm>
#include <stdexcept>

#include <sluice/proofs/tick_tape.hpp>

namespace sluice::proofs {

using pipeline::Event;
using pipeline::EventKind;
using pipeline::StreamTime;

namespace {

// The whole run: what was decided, and which number each tick got.
struct Whole {
    std::vector<Event> decisions;
    std::vector<std::uint64_t> sequences;
    std::size_t first_tick =
        0;  // the first whose number is not below that of the first bar's cause
};

// Ticks [0, size) come no later than `time`, by the stream's time.
struct Moment {
    std::size_t size = 0;
    StreamTime time;
    std::uint64_t sequence = 0;  // of the last of them that was admitted
};

[[nodiscard]] std::uint64_t sequence_of(const Event& event) noexcept {
    return static_cast<std::uint64_t>(event.sequence());
}

// Before the first bar there is nothing that could look ahead: such moments would prove nothing.
[[nodiscard]] bool is_bar(const Event& event) noexcept { return event.kind() == EventKind::kBar; }

[[nodiscard]] Whole run_whole(std::span<const Event> tape, const RunOnce& run) {
    Whole whole;
    DecisionLog log;
    TapeSource source{tape, {}, true};
    run(source, log);
    whole.decisions = log.decisions();
    whole.sequences = source.sequences();
    const auto first = std::find_if(whole.decisions.begin(), whole.decisions.end(), is_bar);
    if (first == whole.decisions.end())
        throw std::invalid_argument(
            "no bar came of these ticks: take a longer stretch, or shorter bars");
    while (whole.first_tick < tape.size() &&
           whole.sequences[whole.first_tick] < sequence_of(*first))
        ++whole.first_tick;
    return whole;
}

// A random tick, then on to the last one of its time; nothing where that is the tape's last.
[[nodiscard]] std::optional<Moment> draw(std::span<const Event> tape, const Whole& whole,
                                         core::Random& random) {
    const std::size_t from = whole.first_tick;
    Moment moment;
    moment.size = from + static_cast<std::size_t>(
                             random.below(static_cast<std::int64_t>(tape.size() - from)));
    // The greatest time so far: of ticks that go back in time, the stream's.
    for (std::size_t i = 0; i <= moment.size; ++i)
        moment.time = i == 0 ? tape[i].time() : std::max(moment.time, tape[i].time());
    while (moment.size < tape.size() && tape[moment.size].time() <= moment.time) ++moment.size;
    if (moment.size == tape.size()) return std::nullopt;
    for (std::size_t i = moment.size; i > from && moment.sequence == 0; --i)
        moment.sequence = whole.sequences[i - 1];
    if (moment.sequence == 0) return std::nullopt;
    return moment;
}

[[nodiscard]] std::span<const Event> tail_after(std::span<const Event> tape, const Moment& moment,
                                                const LookaheadOptions& options) {
    std::size_t end = std::min(tape.size(), moment.size + options.tail_ticks);
    while (end < tape.size() && tape[end].time() <= moment.time + options.tail_time) ++end;
    return tape.subspan(moment.size, end - moment.size);
}

// Holds what an altered run decides against the whole run's, up to a sequence number.
class Comparison final : public pipeline::RecordObserver {
  public:
    Comparison(const std::vector<Event>& decisions, std::uint64_t last)
        : next_(decisions.data()), last_(last) {
        const auto end = std::partition_point(
            decisions.begin(), decisions.end(),
            [last](const Event& decision) { return sequence_of(decision) <= last; });
        end_ = next_ + (end - decisions.begin());
        size_ = static_cast<std::uint64_t>(end_ - next_);
    }
    void take(const Event& event) override {
        ended_ = ended_ || event.kind() == EventKind::kStop || sequence_of(event) > last_;
        if (ended_ || differs_) return;
        if (next_ == end_) {
            differs_ = true;
            otherwise_ = event;
        } else if (!same_decision(*next_, event)) {
            differs_ = true;
            decided_ = *next_;
            otherwise_ = event;
        } else {
            ++next_;
        }
    }
    // Once the run has ended.
    [[nodiscard]] std::optional<Difference> difference(Alteration alteration,
                                                       StreamTime moment) const {
        if (differs_) return Difference{alteration, moment, decided_, otherwise_};
        if (next_ != end_) return Difference{alteration, moment, *next_, std::nullopt};
        return std::nullopt;
    }
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

  private:
    const Event* next_;
    const Event* end_ = nullptr;
    std::uint64_t last_;
    std::uint64_t size_ = 0;
    bool ended_ = false;
    bool differs_ = false;
    std::optional<Event> decided_;
    std::optional<Event> otherwise_;
};

[[nodiscard]] std::optional<Difference> try_one(std::span<const Event> tape, const Moment& moment,
                                                Alteration alteration, const Whole& whole,
                                                const RunOnce& run, const LookaheadOptions& options,
                                                core::Random& random, LookaheadReport& report) {
    Comparison comparison{whole.decisions, moment.sequence};
    if (alteration == Alteration::kReopened) {
        const auto source = options.reopen(moment.time);
        run(*source, comparison);
    } else {
        const std::vector<Event> tail =
            altered(tail_after(tape, moment, options), alteration, random);
        TapeSource source{tape.first(moment.size), tail};
        run(source, comparison);
    }
    report.compared += comparison.size();
    return comparison.difference(alteration, moment.time);
}

}  // namespace

const Difference* LookaheadReport::first() const noexcept {
    const Difference* earliest = nullptr;
    for (const AlterationResult& result : by_alteration)
        if (result.first && (earliest == nullptr || result.first->moment < earliest->moment))
            earliest = &*result.first;
    return earliest;
}

LookaheadReport prove_lookahead(std::span<const Event> tape, const RunOnce& run,
                                const LookaheadOptions& options) {
    if (tape.empty()) throw std::invalid_argument("there are no ticks to look at");
    const Whole whole = run_whole(tape, run);
    LookaheadReport report;
    report.ticks = tape.size();
    report.decisions = whole.decisions.size();
    core::Random random{options.seed, 0, 0};
    std::vector<Moment> moments;
    // Only draws from the ticks of the last time fail.
    for (std::uint64_t tries = 0; moments.size() < options.moments; ++tries) {
        if (tries == 100 * (options.moments + 1) || whole.first_tick + 1 >= tape.size())
            throw std::invalid_argument(
                "the first bar comes with the last tick: take a longer stretch");
        if (const auto moment = draw(tape, whole, random)) moments.push_back(*moment);
    }
    // In order, so that the first difference found is the earliest.
    std::sort(moments.begin(), moments.end(),
              [](const Moment& a, const Moment& b) { return a.size < b.size; });

    const std::uint64_t all = moments.size() * (options.reopen ? kAlterationCount : 5U);
    std::uint64_t done = 0;
    for (const Moment& moment : moments) {
        bool caught = false;
        for (std::size_t i = 0; i < kAlterationCount; ++i) {
            const auto alteration = static_cast<Alteration>(i);
            if (alteration == Alteration::kReopened && !options.reopen) continue;
            if (options.progress && !options.progress(done++, all)) {
                report.ended_early = true;
                return report;
            }
            AlterationResult& result = report.by_alteration[i];
            auto difference =
                try_one(tape, moment, alteration, whole, run, options, random, report);
            ++result.tried;
            if (!difference) continue;
            caught = true;
            ++result.caught;
            if (!result.first) result.first = std::move(difference);
        }
        if (report.moments++ == 0) report.first_moment = moment.time;
        report.last_moment = moment.time;
        report.moments_caught += caught ? 1U : 0U;
    }
    return report;
}

}  // namespace sluice::proofs
