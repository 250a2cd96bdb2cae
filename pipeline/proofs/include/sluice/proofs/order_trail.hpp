// What lies behind one order, gathered while its run is run again: the tick that set it off, the
// bars and their ticks, what each strategy said, the intent, the books and the limits it was held to.
// And every command of the run, to be held against the record.
//
// A watcher of ObservedLane: one thread, the one that runs. Memory: 48 bytes a command, and of one
// instrument the bars and ticks that are kept.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include <sluice/pipeline/command_bytes.hpp>
#include <sluice/pipeline/settings.hpp>
#include <sluice/proofs/observed_lane.hpp>

namespace sluice::proofs {

// A limit as the gate compared it; in the unit of its configuration key.
struct LimitRow {
    std::string key;
    double observed = 0;
    double limit = 0;
};

// The books just before the order.
struct Books {
    core::Quantity position;  // of its instrument, signed
    core::Price mark;
    core::Money cash;
    core::Money equity;
    core::Money gross_exposure;
};

struct StrategyRow {
    std::string name;
    std::string kind;
    core::Nanos timeframe{};
    std::string activity{};  // the bars by activity that it sees instead; else empty
    double weight = 0;       // in the score, with what symbol and performance make of it
    double strength = 0;     // in [-1, 1]
    bool ready = false;
    std::vector<pipeline::Event> bars;  // its last ones, oldest first
    std::uint64_t bars_seen = 0;
};

struct OrderTrail {
    pipeline::Event order;                  // kApproved
    std::optional<pipeline::Event> cause;   // the sequenced event that it carries the number of
    std::optional<pipeline::Event> intent;  // the last one of its instrument
    std::optional<pipeline::Event> quote;   // where that is quoted: the last kQuoteIntent
    Books books{};
    std::vector<LimitRow> limits;
    std::vector<StrategyRow> strategies;
    std::vector<pipeline::Event> ticks;  // of the last bars and since, oldest first, the cause last
};

class OrderWatcher {
  public:
    // Gathers nothing but commands.
    explicit OrderWatcher(const pipeline::Settings& settings);
    // Gathers the trail of the order with that opening command too.
    OrderWatcher(const pipeline::Settings& settings, const pipeline::CommandBytes& target,
                 std::size_t bars_kept);

    void sequenced(const pipeline::Event& event, const pipeline::Portfolio& portfolio);
    void ordered(const pipeline::Event& event, const ObservedStages<pipeline::SignalStage>& stages);
    void sent(const pipeline::Event& command);
    void recorded(const pipeline::Event& event);

    // Commands in order: as the recorder sees them, and as they left for the venue.
    [[nodiscard]] const std::vector<pipeline::CommandBytes>& commands() const noexcept {
        return recorded_;
    }
    [[nodiscard]] const std::vector<pipeline::CommandBytes>& sent_commands() const noexcept {
        return sent_;
    }
    // Nothing where the run made no such order.
    [[nodiscard]] const std::optional<OrderTrail>& trail() const noexcept { return trail_; }

  private:
    struct Seen {
        std::uint64_t count = 0;
        std::deque<pipeline::Event> bars;  // the last ones
    };

    void take_bar(const pipeline::Event& bar);
    void keep_tick(const pipeline::Event& tick);
    [[nodiscard]] std::vector<LimitRow> limits_of(const pipeline::ApprovedOrder& order,
                                                  const pipeline::Portfolio& portfolio) const;

    const pipeline::Settings& settings_;
    std::size_t bars_kept_ = 0;
    std::uint64_t target_ = 0;           // order id; 0: none
    std::uint64_t target_sequence_ = 0;  // of its cause
    pipeline::SymbolId symbol_ = core::kNoSymbol;
    core::StreamTime first_tick_ = core::StreamTime::max();  // kept from here on
    std::vector<Seen> seen_;                                 // by timeframe
    std::deque<pipeline::Event> ticks_;
    std::optional<pipeline::Event> cause_;
    std::optional<pipeline::Event> intent_;
    std::optional<pipeline::Event> quote_;
    std::deque<core::StreamTime> order_times_;  // within the last second
    core::Money day_start_equity_;
    std::vector<pipeline::CommandBytes> recorded_;
    std::vector<pipeline::CommandBytes> sent_;
    std::optional<OrderTrail> trail_;
};

}  // namespace sluice::proofs
