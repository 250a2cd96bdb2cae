#include "config_sample.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

namespace sluice::core::config {
namespace {

using sample::schema;
using sample::Settings;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kQuantityScale = Quantity::kScale;

std::string written(const Settings& settings) {
    std::ostringstream out;
    schema().write(settings, out);
    return out.str();
}

std::int64_t between(std::int64_t low, std::int64_t high) {
    return *rc::gen::inRange<std::int64_t>(low, high + 1);
}

/// Text with everything that needs an escape, and letters beyond ASCII.
std::string some_text(std::size_t min_bytes, std::size_t max_bytes) {
    const auto parts = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
        "a", "Z", "\"", "\\", "\n", "\t", "\x01", "\x7f", "'", "#", "=", "[", "é", "€", " "));
    std::string text;
    for (const auto& part : parts) {
        if (text.size() + part.size() <= max_bytes) text += part;
    }
    return text.size() < min_bytes ? std::string(min_bytes, 'x') : text;
}

double some_real(double low, double high) {
    const auto steps = *rc::gen::arbitrary<std::uint32_t>();
    return low + (high - low) * (static_cast<double>(steps) / 4294967295.0);
}

sample::Strategy some_strategy(std::size_t index) {
    sample::Strategy strategy;
    strategy.kind = *rc::gen::element<std::string>("trend", "revert");
    strategy.name = std::to_string(index) + some_text(0, 19);
    strategy.weight = Price::from_raw(between(0, kSecond));
    if (strategy.kind == "trend") {
        strategy.fast = static_cast<int>(between(1, 500));
        strategy.slow = static_cast<int>(between(strategy.fast + 1, 1000));
    } else {
        strategy.width = some_real(0.1, 10.0);
    }
    return strategy;
}

Settings some_settings() {
    Settings s;
    s.run_name = some_text(0, 40);
    s.record = *rc::gen::arbitrary<bool>();
    s.placement = *rc::gen::element(sample::Placement::kFused, sample::Placement::kSplit);
    s.risk.max_position = Quantity::from_raw(between(0, 1'000'000 * kQuantityScale));
    s.risk.max_order_size = Quantity::from_raw(between(0, s.risk.max_position.raw()));
    s.risk.max_orders = static_cast<std::uint32_t>(between(1, 10'000));
    s.risk.rate_window = Nanos{between(1'000'000, 3'600 * kSecond)};
    s.risk.tolerance = some_real(-4.0, 4.0);
    s.risk.fee = between(-10'000, 10'000);
    s.risk.max_loss = Money::from_raw(static_cast<Int128>(between(0, 1'000'000'000'000'000'000)) *
                                      100'000'000'000);
    s.session.close = Nanos{between(1, 86'400 * kSecond)};
    s.session.open = Nanos{between(0, s.session.close.count() - 1)};
    const auto frames = between(1, 4);
    for (std::int64_t i = 0; i < frames; ++i) {
        s.session.frames.push_back(Nanos{between(kSecond, 86'400 * kSecond)});
    }
    const auto tags = between(0, 3);
    for (std::int64_t i = 0; i < tags; ++i) s.session.tags.push_back(some_text(0, 30));
    const auto strategies = static_cast<std::size_t>(between(0, 3));
    for (std::size_t i = 0; i < strategies; ++i) s.strategies.push_back(some_strategy(i));
    const auto instruments = between(0, 5);
    for (std::int64_t i = 0; i < instruments; ++i) {
        s.instruments.push_back({some_text(1, 12), Price::from_raw(between(100'000, kSecond))});
    }
    return s;
}

TEST(ConfigWriter, the_default_file_loads_back_to_the_defaults) {
    std::ostringstream out;
    schema().write_default(out);
    EXPECT_EQ(schema().load_text(out.str(), "default.toml").settings, schema().defaults())
        << out.str();
}

TEST(ConfigWriter, documents_every_key_with_type_unit_range_and_default) {
    std::ostringstream out;
    schema().write_default(out);
    EXPECT_NE(out.str().find("# Largest position in one instrument, long or short.\n"
                             "# decimal, 0 to 1000000 units, default 1000\n"
                             "max_position = 1000\n"),
              std::string::npos)
        << out.str();
    for (const auto& path : schema().spec().key_paths()) {
        const std::string name = path.substr(path.rfind('.') + 1);
        EXPECT_NE(out.str().find("\n" + name + " = "), std::string::npos) << path;
    }
}

TEST(ConfigWriter, shows_the_kinds_that_are_not_in_use_as_comments) {
    std::ostringstream out;
    schema().write_default(out);
    EXPECT_NE(out.str().find("# [[strategy]]\n"), std::string::npos);
    EXPECT_NE(out.str().find("# width = 2.0\n"), std::string::npos);
    EXPECT_NE(out.str().find("# [[instrument]]\n"), std::string::npos);
}

TEST(ConfigWriter, the_commented_examples_are_themselves_valid) {
    std::ostringstream out;
    schema().write_default(out);
    std::istringstream lines(out.str());
    std::string text;
    bool in_example = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind("# An example", 0) == 0) in_example = true;
        text += (in_example && line.rfind("# ", 0) == 0 ? line.substr(2) : line) + "\n";
    }
    // The prose of an example is a comment no more, so only its assignments and headers are kept.
    std::istringstream again(text);
    std::string plain;
    for (std::string line; std::getline(again, line);) {
        const bool header = !line.empty() && line.front() == '[';
        if (header || line.find(" = ") != std::string::npos) plain += line + "\n";
    }
    plain.replace(plain.find("instrument = []"), 15, "");
    EXPECT_EQ(schema().load_text(plain, "examples").settings.strategies.size(), 2U) << plain;
}

RC_GTEST_PROP(ConfigWriter, any_settings_load_back_unchanged, ()) {
    const Settings settings = some_settings();
    const Settings again = schema().load_text(written(settings), "written").settings;
    RC_ASSERT(again == settings);
    RC_ASSERT(written(again) == written(settings));
    RC_ASSERT(schema().fingerprint(again) == schema().fingerprint(settings));
}

RC_GTEST_PROP(ConfigFingerprint, differs_where_the_settings_differ, ()) {
    const Settings a = some_settings();
    Settings b = some_settings();
    RC_ASSERT((schema().fingerprint(a) == schema().fingerprint(b)) == (a == b));
    b = a;
    b.risk.fee += 1;
    RC_ASSERT(schema().fingerprint(a) != schema().fingerprint(b));
}

TEST(ConfigFingerprint, does_not_depend_on_how_the_file_was_written) {
    const auto a = schema().load_text("[risk]\nmax_orders = 7\nfee = 0.50\n", "a");
    const auto b = schema().load_text("# other\nrisk.fee = 5e-1\n", "b", {"risk.max_orders=7"});
    const std::string name = schema().fingerprint(a.settings);
    EXPECT_EQ(name, schema().fingerprint(b.settings));
    EXPECT_EQ(name.size(), 32U);
    EXPECT_EQ(name.find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(ConfigWriter, refuses_money_finer_than_the_file_can_say) {
    Settings settings = schema().defaults();
    settings.risk.max_loss = Money::from_raw(1);
    EXPECT_THROW((void)written(settings), SchemaError);
}

TEST(ConfigFingerprint, of_a_known_text_never_changes) {
    // Runs on record are named by it: a change here makes them unfindable.
    Schema<Settings> small("Small.");
    small.section("risk", "Limits.")
        .integer("max_orders", {.fallback = 3, .doc = "Orders."}, &Settings::risk,
                 &sample::Risk::max_orders);
    const Settings settings = small.defaults();
    EXPECT_EQ(small.canonical_text(settings), "risk.max_orders = 3\n");
    EXPECT_EQ(small.fingerprint(settings), "5691dcd00a29fb3ba13061647035416e");
}

}  // namespace
}  // namespace sluice::core::config
