#pragma once
// A small schema with every type of key, for the configuration's tests and its fuzzer.

#include <sluice/core/config/schema.hpp>
#include <sluice/core/fixed.hpp>
#include <sluice/core/time.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::core::config::sample {

enum class Placement : std::uint8_t { kFused, kSplit };

struct Risk {
    Quantity max_position{};
    Quantity max_order_size{};
    Money max_loss{};
    std::uint32_t max_orders = 0;
    Nanos rate_window{};
    double tolerance = 0.0;
    std::int64_t fee = 0;  // in 1/100 of a cent
    friend bool operator==(const Risk&, const Risk&) = default;
};

struct Session {
    Nanos open{};
    Nanos close{};
    std::vector<Nanos> frames{};
    std::vector<std::string> tags{};
    friend bool operator==(const Session&, const Session&) = default;
};

struct Strategy {
    std::string kind{};
    std::string name{};
    Price weight{};
    int fast = 0;
    int slow = 0;
    double width = 0.0;
    friend bool operator==(const Strategy&, const Strategy&) = default;
};

struct Instrument {
    std::string symbol{};
    Price tick{};
    friend bool operator==(const Instrument&, const Instrument&) = default;
};

struct Settings {
    std::string run_name{};
    bool record = false;
    Placement placement{};
    Risk risk{};
    Session session{};
    std::vector<Strategy> strategies{};
    std::vector<Instrument> instruments{};
    friend bool operator==(const Settings&, const Settings&) = default;
};

inline void declare_sections(Schema<Settings>& schema) {
    schema.section("", "What the run is.")
        .text("run_name", {.max_bytes = 40, .fallback = "demo", .doc = "Names the run's folder."},
              &Settings::run_name)
        .boolean("record", {.fallback = true, .doc = "Whether the stream is recorded."},
                 &Settings::record)
        .choice("placement",
                {.options = {{"fused", Placement::kFused, "all stages in one thread"},
                             {"split", Placement::kSplit, "one thread per group"}},
                 .fallback = Placement::kFused,
                 .doc = "Where the stages run."},
                &Settings::placement);
    schema.section("risk", "Limits of the one gate.")
        .decimal("max_position",
                 {.unit = "units",
                  .min = "0",
                  .max = "1000000",
                  .fallback = "1000",
                  .doc = "Largest position in one instrument, long or short."},
                 &Settings::risk, &Risk::max_position)
        .decimal(
            "max_order_size",
            {.unit = "units",
             .min = "0",
             .max = "1000000",
             .fallback = "100.5",
             .doc = "Largest single order."},
            [](Settings & s) -> auto& { return s.risk.max_order_size; })
        .decimal("max_loss",
                 {.unit = "USD",
                  .min = "0",
                  .max = "1000000000000",
                  .fallback = "2500.75",
                  .doc = "Loss in one day at which trading stops."},
                 &Settings::risk, &Risk::max_loss)
        .integer("max_orders",
                 {.unit = "orders",
                  .min = 1,
                  .max = 10'000,
                  .fallback = 50,
                  .doc = "Orders within one rate window."},
                 &Settings::risk, &Risk::max_orders)
        .real("tolerance",
              {.unit = "sigma",
               .min = -4.0,
               .max = 4.0,
               .fallback = 0.25,
               .doc = "Distance from the model that is still accepted."},
              &Settings::risk, &Risk::tolerance)
        .decimal(
            "fee",
            {.unit = "USD",
             .min = "-1",
             .max = "1",
             .fallback = "0.0035",
             .scale = 10'000,
             .doc = "Paid per unit; negative is a rebate."},
            [](Settings& s, std::int64_t raw) { s.risk.fee = raw; },
            [](const Settings& s) { return s.risk.fee; });
    schema.section("risk.rate", "How orders are counted.")
        .duration(
            "window",
            {.min = "1ms", .max = "1h", .fallback = "1s", .doc = "Length of the rate window."},
            &Settings::risk, &Risk::rate_window);
    schema.section("session", "Opening hours.")
        .time_of_day("open", {.fallback = "09:30", .doc = "First tick that is used."},
                     &Settings::session, &Session::open)
        .time_of_day("close", {.fallback = "16:00", .doc = "Last tick that is used."},
                     &Settings::session, &Session::close)
        .durations("frames",
                   {.min = "1s",
                    .max = "1d",
                    .min_count = 1,
                    .max_count = 4,
                    .fallback = {"1m", "5m"},
                    .doc = "Lengths of the bars."},
                   &Settings::session, &Session::frames)
        .texts("tags", {.max_count = 3, .fallback = {"a"}, .doc = "Labels on the report."},
               &Settings::session, &Session::tags);
}

inline void declare_tables(Schema<Settings>& schema) {
    auto strategies =
        schema.tables("strategy", "What trades.", {.max_count = 3}, &Settings::strategies);
    strategies.kind("kind",
                    {.options = {{"trend", "trend", "Follows a move."},
                                 {"revert", "revert", "Bets on a return."}},
                     .doc = "What the strategy does."},
                    &Strategy::kind);
    strategies
        .text("name",
              {.min_bytes = 1,
               .max_bytes = 20,
               .fallback = "mine",
               .required = true,
               .doc = "Names the strategy."},
              &Strategy::name)
        .decimal("weight", {.min = "0", .max = "1", .fallback = "1", .doc = "Share of the vote."},
                 &Strategy::weight);
    strategies.when("trend")
        .integer("fast",
                 {.unit = "bars", .min = 1, .max = 500, .fallback = 10, .doc = "Short average."},
                 &Strategy::fast)
        .integer("slow",
                 {.unit = "bars", .min = 2, .max = 1000, .fallback = 50, .doc = "Long average."},
                 &Strategy::slow)
        .rule({"fast", "slow"}, "{0} is not below {1}: the averages would never cross",
              [](const Strategy& s) { return s.fast < s.slow; });
    strategies.when("revert").real(
        "width", {.unit = "sigma", .min = 0.1, .max = 10.0, .fallback = 2.0, .doc = "Band width."},
        &Strategy::width);
    strategies.unique("name").entry("kind = \"trend\"\nname = \"main\"");

    schema.tables("instrument", "What is traded.", {}, &Settings::instruments)
        .text("symbol",
              {.min_bytes = 1,
               .max_bytes = 12,
               .fallback = "IBM",
               .required = true,
               .doc = "As the store names it."},
              &Instrument::symbol)
        .decimal("tick",
                 {.unit = "USD",
                  .min = "0.0001",
                  .max = "100",
                  .fallback = "0.01",
                  .doc = "Smallest price step."},
                 &Instrument::tick);
}

inline void declare_rules(Schema<Settings>& schema) {
    schema.rule(
        {"risk.max_order_size", "risk.max_position"},
        "{0} is larger than {1}: the largest order could never be sent",
        [](const Settings& s) { return s.risk.max_order_size.raw() <= s.risk.max_position.raw(); });
    schema.rule({"session.open", "session.close"}, [](const Settings& s) {
        return s.session.open.count() < s.session.close.count() ? "" : "{0} is not before {1}";
    });
}

inline Schema<Settings> make_schema() {
    Schema<Settings> schema("Sample configuration.");
    declare_sections(schema);
    declare_tables(schema);
    declare_rules(schema);
    return schema;
}

/// The schema, built once.
inline const Schema<Settings>& schema() {
    static const Schema<Settings> instance = make_schema();
    return instance;
}

}  // namespace sluice::core::config::sample
