// The part of the engine that an order lives in, the risk and the order stage, as the explorer drives
// it: events of the stream in, what leaves for the venue out. One thread; nothing here is hot.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::proofs {

// What one event led to, in its order.
struct Said {
    std::vector<pipeline::Event> commands;  // kApproved, kCancel: as they leave at the gateway
    std::vector<pipeline::Event> incidents;

    void clear() noexcept {
        commands.clear();
        incidents.clear();
    }
};

class OrderEngine {
  public:
    OrderEngine() = default;
    OrderEngine(const OrderEngine&) = delete;
    OrderEngine& operator=(const OrderEngine&) = delete;
    virtual ~OrderEngine() = default;

    // An event of the stream, or an intent that a strategy would derive. Adds to `said`.
    virtual void take(const pipeline::Event& event, Said& said) = 0;

    // Of the one instrument that is explored.
    [[nodiscard]] virtual pipeline::Quantity position() const = 0;
    // Orders without a final word, as each of the two stages counts them.
    [[nodiscard]] virtual std::size_t open_orders() const = 0;
    [[nodiscard]] virtual std::size_t live_orders() const = 0;
};

using MakeOrderEngine = std::function<std::unique_ptr<OrderEngine>(const pipeline::Settings&)>;

// The stages themselves, with one instrument.
[[nodiscard]] std::unique_ptr<OrderEngine> make_order_engine(const pipeline::Settings& settings);

}  // namespace sluice::proofs
