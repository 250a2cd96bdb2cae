// One engine, one venue and the line between them, moved a step at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model_venue.hpp"
#include "order_watch.hpp"

namespace sluice::proofs {

// What can happen next. The names are what a person reads in a trace.
enum class Act : std::uint8_t {
    kWant,          // a decision: `argument` is an index of the wanted positions
    kBeat,          // time passes without an answer, and the price moves
    kObey,          // the venue does what the next command says
    kRefuse,        // or refuses it
    kFill,          // one unit of the live order `argument`
    kFillAll,       // all that is left of it
    kExpire,        // the venue ends it
    kDrop,          // the venue cancels it unasked
    kDeliver,       // the next report reaches the engine
    kOvertake,      // a fill does, before the acceptance that was sent first
    kDeliverTwice,  // the next report does, two times
    kDisconnect,    // nothing passes either way
    kReconnect,
    kImpossible,  // a report that no venue may send, `argument` says which
    kKill,
    kRelease,  // the kill switch is let go
};
inline constexpr std::size_t kActCount = 16;

struct Step {
    Act act{};
    std::uint8_t argument = 0;

    friend bool operator==(const Step&, const Step&) = default;
};
[[nodiscard]] std::string describe(Step step);

class OrderScene {
  public:
    // `brackets`: each position has a stop and an order that takes the profit.
    OrderScene(const MakeOrderEngine& make, OrderRuleSet rules, bool brackets);

    // With nothing held and nothing open.
    void restart();
    // What may happen now; `rare` things too.
    void list(bool rare, std::vector<Step>& out) const;
    // False, and nothing has happened, when it cannot happen now.
    bool apply(Step step);
    // The line is up, the venue answers everything, a last decision is made and carried out.
    void finish();

    [[nodiscard]] std::optional<OrderRule> broken() const noexcept { return watch_.broken(); }

  private:
    [[nodiscard]] bool possible(Step step) const;
    void perform(Step step);
    void feed(const pipeline::Event& event);
    void deliver(std::size_t index);
    void want(std::size_t index);
    void beat();
    void hold(pipeline::EventKind kind, pipeline::HaltReason reason);
    void say_impossible(std::uint8_t which);
    // Until nothing is in flight and nothing is live; false when there is no end to it.
    bool settle();

    MakeOrderEngine make_;
    pipeline::Settings settings_;
    std::unique_ptr<OrderEngine> engine_;
    ModelVenue venue_;
    OrderWatch watch_;
    Said said_;
    std::vector<pipeline::Event> leaving_;
    std::size_t wanted_ = 0;
    bool high_ = false;
    bool down_ = false;
    bool killed_ = false;
    pipeline::StreamTime now_;
};

}  // namespace sluice::proofs
