// A venue that does whatever a venue may do, and the line to it: commands and reports wait in their
// order until they are let through. The truth that the engine's books are held against.
#pragma once

#include <cstddef>
#include <vector>

#include <sluice/pipeline/hot/event.hpp>

namespace sluice::proofs {

class ModelVenue {
  public:
    struct Order {
        pipeline::OrderId id{};
        pipeline::Side side{};
        pipeline::Price limit;
        pipeline::Quantity quantity;  // in all
        pipeline::Quantity filled;
        bool reduce_only = false;
        bool leg = false;  // the scene's orders that close are for the day, legs are not
        bool stop = false;

        [[nodiscard]] pipeline::Quantity leaves() const noexcept { return quantity - filled; }
    };

    void clear();
    void take(const pipeline::Event& command) { commands_.push_back(command); }

    [[nodiscard]] bool has_command() const noexcept { return !commands_.empty(); }
    [[nodiscard]] bool has_report() const noexcept { return !reports_.empty(); }
    [[nodiscard]] const std::vector<pipeline::Event>& reports() const noexcept { return reports_; }
    [[nodiscard]] const std::vector<Order>& live() const noexcept { return live_; }
    [[nodiscard]] pipeline::Quantity position() const noexcept { return position_; }

    // The next command is obeyed, or refused for a reason of the venue's own. Where has_command().
    void obey(pipeline::StreamTime now);
    void refuse(pipeline::StreamTime now);
    // How much of it may fill: all that is left, or what there is to close.
    [[nodiscard]] pipeline::Quantity most(const Order& order) const noexcept;
    // Of the live order at `index`, no more than most().
    void fill(std::size_t index, pipeline::Quantity quantity, pipeline::StreamTime now);
    void end(std::size_t index, pipeline::ExecKind kind, pipeline::StreamTime now);
    // The next report, or the one after it, leaves the line.
    [[nodiscard]] pipeline::Event pop_report(std::size_t index = 0);

  private:
    // Cancels what can only reduce where there is nothing to reduce.
    void drop_idle(pipeline::StreamTime now);
    [[nodiscard]] std::size_t find(pipeline::OrderId id) const noexcept;
    [[nodiscard]] pipeline::Event pop_command();
    void report(pipeline::StreamTime now, pipeline::OrderId id, pipeline::ExecKind kind,
                pipeline::Price price = {}, pipeline::Quantity quantity = {});

    std::vector<pipeline::Event> commands_;
    std::vector<pipeline::Event> reports_;
    std::vector<Order> live_;
    pipeline::Quantity position_;
};

}  // namespace sluice::proofs
