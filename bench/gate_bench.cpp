// What the risk gate costs an order that passes: without the limits that can be left out, with those
// that are on by default, and with all of them, over a book of so many instruments. Through the stage:
// an intent in, an approved order out, and the order's end, so that all runs do the same work beside
// the gate.
//
//   gate_bench [--orders N] [--rounds N] [--limits off|default|all|each] [--instruments N]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <sluice/pipeline/hot/risk_stage.hpp>

namespace {

using namespace sluice::pipeline;
namespace core = sluice::core;

struct Last {
    ApprovedOrder* order;
    std::size_t* approved;
    template <EventKind kKnown>
    void pass(const Event& /*event*/) const noexcept {}
    template <EventKind kKnown = EventKind::kNone>
    [[gnu::noinline]] void emit(const Event& event) const noexcept {
        if (event.kind() != EventKind::kApproved) return;
        std::memcpy(static_cast<void*>(order), &event.approved(), sizeof *order);
        ++*approved;
    }
};

enum class Limits { kOff, kDefault, kAll };

Settings make_settings(Limits which, std::size_t instruments) {
    Settings s;
    s.account.capital = core::Money::from_units(1'000'000'000);
    s.risk.max_orders_per_second = 100'000;
    s.risk.max_order_notional = core::Money::from_units(1'000'000'000);
    s.risk.max_order_quantity = s.risk.max_position = Quantity::from_units(1'000'000);
    if (which == Limits::kOff) {
        s.risk.require_funds = false;
        s.risk.prevent_self_trade = false;
    }
    if (which != Limits::kAll) return s;
    s.risk.max_drawdown_bps = 1'500;
    s.risk.window_drawdown_bps = 1'000;
    s.risk.margin_model = MarginModel::kLeveraged;
    s.risk.liquidation_distance_bps = 500;
    s.risk.max_concentration_bps = 5'000;
    s.risk.max_gross_notional = core::Money::from_units(1'000'000'000);
    s.risk.max_net_notional = core::Money::from_units(1'000'000'000);
    s.risk.duplicate_window = Nanos{900'000'000};
    s.risk.max_messages_per_second = 100'000;
    s.risk.max_instrument_messages_per_second =
        static_cast<std::int64_t>(10'000 / std::max<std::size_t>(1, instruments / 16));
    return s;
}

// Nanoseconds an order; every order passes, or the program ends.
[[gnu::noinline]] double run_orders(RiskStage& stage, std::size_t instruments, std::size_t orders,
                                    std::int64_t& now) {
    alignas(ApprovedOrder) std::byte room[sizeof(ApprovedOrder)]{};
    auto* order = reinterpret_cast<ApprovedOrder*>(room);
    std::size_t approved = 0;
    const Last out{order, &approved};
    const auto started = std::chrono::steady_clock::now();
    for (std::size_t n = 0; n < orders; ++n) {
        now += 1'000'000;
        const auto symbol = static_cast<SymbolId>(n % instruments);
        const auto time = core::time_from_ns<StreamTime>(now);
        const auto held = stage.portfolio().position(symbol).quantity;
        Event cause = Event::timer(time, EventKind::kBeat);
        // Never the same size twice within the window of duplicates.
        const auto more = Quantity::from_units(1 + now / 1'000'000 % 997);
        const Quantity target = held > Quantity::from_units(500)
                                    ? held - Quantity::from_units(400) - more
                                    : held + more;
        stage.on<EventKind::kNone>(Event::intent(cause, symbol, {target, 1.0}), out);
        const Event end =
            Event::report(time, symbol, ExecKind::kFill, RejectReason::kNone,
                          {order->id(), core::Price::from_units(100), order->quantity(), {}});
        stage.on<EventKind::kNone>(end, out);
    }
    const std::chrono::duration<double, std::nano> took =
        std::chrono::steady_clock::now() - started;
    if (approved != orders) {
        std::fprintf(stderr, "%zu of %zu orders passed: the limits are too tight\n", approved,
                     orders);
        std::exit(1);
    }
    return took.count() / static_cast<double>(orders);
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

// What each instrument needs first: a price.
void give_prices(RiskStage& stage, std::size_t instruments) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < instruments; ++i)
        stage.on<EventKind::kNone>(
            Event::trade(core::time_from_ns<StreamTime>(1), static_cast<SymbolId>(i),
                         {core::Price::from_units(100), Quantity::from_units(1), 0, 0, 0}),
            Last{nullptr, &count});
}

struct Subject {
    const char* name;
    std::unique_ptr<RiskStage> stage;
    std::int64_t now = 0;
    std::vector<double> ns{};
};

}  // namespace

int main(int argc, char** argv) {
    std::size_t orders = 200'000;
    std::size_t rounds = 21;
    std::size_t instruments = 16;
    std::string limits = "each";
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string name = argv[i];
        if (name == "--orders") orders = std::stoul(argv[i + 1]);
        if (name == "--rounds") rounds = std::stoul(argv[i + 1]);
        if (name == "--instruments") instruments = std::stoul(argv[i + 1]);
        if (name == "--limits") limits = argv[i + 1];
    }
    const InstrumentTable table(instruments);
    std::vector<Subject> subjects;
    for (const auto& [name, which] :
         {std::pair{"off", Limits::kOff}, {"default", Limits::kDefault}, {"all", Limits::kAll}}) {
        if (limits != "each" && limits != name) continue;
        subjects.push_back(
            {name, std::make_unique<RiskStage>(make_settings(which, instruments), table)});
        give_prices(*subjects.back().stage, instruments);
    }
    for (std::size_t r = 0; r < rounds; ++r)  // alternately
        for (Subject& s : subjects)
            s.ns.push_back(run_orders(*s.stage, instruments, orders, s.now));
    for (const Subject& s : subjects) {
        std::printf("limits %-7s %8.1f ns an order and its fill", s.name, median(s.ns));
        if (&s != &subjects.front())
            std::printf(", %.1f ns more", median(s.ns) - median(subjects.front().ns));
        std::printf("\n");
    }
    return 0;
}
