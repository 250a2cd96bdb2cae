// What the best bid and offer say: spread, microprice, order-flow imbalance. Fed with every change of
// the top of the book that the stream shows.
#pragma once

#include <sluice/core/rolling_sums.hpp>
#include <sluice/core/rolling_window.hpp>
#include <sluice/pipeline/hot/indicators/inputs.hpp>
#include <sluice/pipeline/hot/indicators/readings.hpp>

namespace sluice::pipeline::indicators {

// Ask less bid, in the price's units and in basis points of their middle (0 where that is 0). A
// crossed book has a negative one.
class Spread : public Readings<2> {
  public:
    using Input = BookTop;
    static constexpr std::array<std::string_view, 2> kOutputNames{"spread", "basis_points"};
    Spread() noexcept : Readings(1) {}

    void update(const BookTop& top) noexcept {
        const double spread = top.ask - top.bid;
        const double middle = (top.ask + top.bid) / 2;
        publish(spread, middle == 0 ? 0.0 : 10'000 * spread / middle);
    }
    [[nodiscard]] double basis_points() const noexcept { return output(1); }
};

// The middle weighted by the sizes crosswise, the first step of S. Stoikov, "The micro-price", 2018;
// the middle itself; and the imbalance of the sizes, -1 (all offered) to 1 (all bid). Without any
// size the microprice is the middle.
class Microprice : public Readings<3> {
  public:
    using Input = BookTop;
    static constexpr std::array<std::string_view, 3> kOutputNames{"microprice", "middle",
                                                                  "imbalance"};
    Microprice() noexcept : Readings(1) {}

    void update(const BookTop& top) noexcept {
        const double size = top.bid_size + top.ask_size;
        const double middle = (top.bid + top.ask) / 2;
        if (size > 0)
            publish((top.bid * top.ask_size + top.ask * top.bid_size) / size, middle,
                    (top.bid_size - top.ask_size) / size);
        else
            publish(middle, middle, 0.0);
    }
    [[nodiscard]] double middle() const noexcept { return output(1); }
    [[nodiscard]] double imbalance() const noexcept { return output(2); }
};

// Order-flow imbalance (R. Cont, A. Kukanov, S. Stoikov, "The price impact of order book events",
// 2014): what each change of the top adds to demand less what it adds to supply, and its sum over
// the last n changes. In units of size.
class OrderFlowImbalance : public Readings<2> {
  public:
    using Input = BookTop;
    static constexpr std::array<std::string_view, 2> kOutputNames{"sum", "last"};
    explicit OrderFlowImbalance(std::size_t period)
        : Readings(period + 1), flows_(period), sum_(period) {}

    void update(const BookTop& top) noexcept {
        if (started_) take(flow(before_, top));
        before_ = top;
        started_ = true;
    }
    [[nodiscard]] double last() const noexcept { return output(1); }

    // Of one change.
    [[nodiscard]] static double flow(const BookTop& before, const BookTop& now) noexcept {
        double flow = 0;
        if (now.bid >= before.bid) flow += now.bid_size;
        if (now.bid <= before.bid) flow -= before.bid_size;
        if (now.ask <= before.ask) flow -= now.ask_size;
        if (now.ask >= before.ask) flow += before.ask_size;
        return flow;
    }

  private:
    void take(double flow) noexcept {
        if (sum_.full())
            sum_.replace<double>({flows_.oldest()}, {flow});
        else
            sum_.fill<double>({flow});
        flows_.push(flow);
        if (sum_.full()) publish(sum_[0], flow);
    }
    core::RollingWindow<double> flows_;
    core::RollingSums<1> sum_;
    BookTop before_;
    bool started_ = false;
};

static_assert(Indicator<Spread> && Indicator<Microprice> && Indicator<OrderFlowImbalance>);

}  // namespace sluice::pipeline::indicators
