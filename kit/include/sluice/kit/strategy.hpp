// The kit for a strategy of one's own: a class, and one macro that makes a plugin of it.
//
//   class Mine {
//     public:
//       static constexpr const char* kName = "mine";
//       static constexpr const char* kDoc = "what it does, in one line";
//       static constexpr std::array kParameters{sluice::kit::integer("period", "bars", 2, 500, 20,
//                                                                    "Length of the average.")};
//       explicit Mine(const sluice::kit::Values& values);   // start-up: memory is taken here
//       void on_bar(const sluice::kit::Bar& bar);           // no allocation from here on
//       bool ready() const;                                 // enough bars seen
//       double strength() const;                            // [-1, 1]; asked for once it is ready
//   };
//   SLUICE_EXPORT_STRATEGY(Mine)
//
// There is one object per instrument. A bar's prices are exact; bar.close.to_double() is the double,
// and candle_of(bar) is what the indicators of <sluice/kit/indicators.hpp> take.
//
// Rules     on_bar neither allocates, locks, calls the system nor reads a clock: `sluice strategy
//           check` counts allocations. The same bars give the same strengths. An exception takes it
//           out of the run. A class may name its own version: static constexpr const char* kVersion.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <string_view>

#include <sluice/core/overflow.hpp>
#include <sluice/kit/abi.hpp>
#include <sluice/pipeline/hot/bar.hpp>

namespace sluice::kit {

using core::Price;
using core::Quantity;

// open, high, low, close are Price, volume a Quantity. time_ns is the bar's end, since the Unix epoch.
struct Bar : pipeline::Bar {
    std::int64_t time_ns = 0;
};

constexpr SluiceParameter integer(const char* name, const char* unit, std::int64_t min,
                                  std::int64_t max, std::int64_t fallback, const char* doc) {
    return {name,
            unit,
            doc,
            static_cast<double>(min),
            static_cast<double>(max),
            static_cast<double>(fallback),
            kSluiceInteger,
            0};
}
constexpr SluiceParameter real(const char* name, const char* unit, double min, double max,
                               double fallback, const char* doc) {
    return {name, unit, doc, min, max, fallback, kSluiceReal, 0};
}

// The parameters as configured, within their declared ranges; by the order of kParameters.
class Values {
  public:
    explicit constexpr Values(const double* values) noexcept : values_(values) {}
    [[nodiscard]] constexpr double real(std::size_t index) const noexcept { return values_[index]; }
    [[nodiscard]] constexpr std::size_t integer(std::size_t index) const noexcept {
        return static_cast<std::size_t>(values_[index]);
    }

  private:
    const double* values_;
};

template <class S>
concept Strategy = std::constructible_from<S, const Values&> &&
    requires(S strategy, const S& view, const Bar& bar) {
    strategy.on_bar(bar);
    { view.ready() } -> std::same_as<bool>;
    { view.strength() } -> std::convertible_to<double>;
    { S::kName } -> std::convertible_to<const char*>;
    { S::kDoc } -> std::convertible_to<const char*>;
    { S::kParameters.size() } -> std::convertible_to<std::size_t>;
};

namespace detail {

// Ends the process: arithmetic that would go on with a wrong number stops, here as in the engine.
[[noreturn]] inline void stop(const char* kind, const char* what) noexcept {
    std::fprintf(stderr, "sluice plugin: %s: %s\n", kind, what);
    std::abort();
}

inline void say(const char* why, char* message, std::uint64_t bytes) noexcept {
    if (bytes != 0) std::snprintf(message, bytes, "%s", why);
}

template <Strategy S>
SluiceStatus create(void* memory, const double* values, char* message,
                    std::uint64_t bytes) noexcept {
    try {
        new (memory) S(Values{values});
        return kSluiceWarming;
    } catch (const std::exception& error) {
        say(error.what(), message, bytes);
    } catch (...) {
        say("an exception of no standard type", message, bytes);
    }
    return kSluiceThrew;
}

template <Strategy S>
SluiceStatus on_bar(void* state, const SluiceBar* raw, double* strength) noexcept {
    try {
        auto& strategy = *static_cast<S*>(state);
        const Bar bar{
            {Price::from_raw(raw->open), Price::from_raw(raw->high), Price::from_raw(raw->low),
             Price::from_raw(raw->close), Quantity::from_raw(raw->volume)},
            raw->time_ns};
        strategy.on_bar(bar);
        const bool ready = strategy.ready();
        *strength = ready ? static_cast<double>(strategy.strength()) : 0;
        return ready ? kSluiceReady : kSluiceWarming;
    } catch (...) {
        *strength = 0;
        return kSluiceThrew;
    }
}

template <Strategy S>
void destroy(void* state) noexcept {
    static_cast<S*>(state)->~S();
}

template <Strategy S>
constexpr const char* version_of() noexcept {
    if constexpr (requires { S::kVersion; })
        return S::kVersion;
    else
        return "0";
}

template <Strategy S>
inline constexpr SluicePlugin kTable{
    .abi_version = kAbiVersion,
    .table_bytes = sizeof(SluicePlugin),
    .layout_hash = layout_hash(),
    .kit_version = kVersion,
    .name = S::kName,
    .version = version_of<S>(),
    .doc = S::kDoc,
    .parameters = S::kParameters.data(),
    .parameter_count = S::kParameters.size(),
    .state_bytes = sizeof(S),
    .state_align = alignof(S),
    .create = &create<S>,
    .on_bar = &on_bar<S>,
    .destroy = &destroy<S>,
};

}  // namespace detail

}  // namespace sluice::kit

// Once in a plugin, outside every namespace. The two functions are what the engine's headers call when a
// number overflows or an invariant breaks; in the program they lie in a library.
#define SLUICE_EXPORT_STRATEGY(Class)                                                        \
    static_assert(                                                                           \
        ::sluice::kit::Strategy<Class>,                                                      \
        "a strategy has a constructor from Values, on_bar, ready, strength, kName, kDoc "    \
        "and kParameters; see sluice/kit/strategy.hpp");                                     \
    static_assert(Class::kParameters.size() <= ::sluice::kit::kMaxParameters,                \
                  "a strategy has at most 16 parameters");                                   \
    namespace sluice::core {                                                                 \
    [[gnu::visibility("hidden")]] void overflow_slow(const char* what) noexcept {            \
        ::sluice::kit::detail::stop("a number overflows", what);                             \
    }                                                                                        \
    [[gnu::visibility("hidden")]] void broken_invariant_slow(const char* what) noexcept {    \
        ::sluice::kit::detail::stop("an invariant is broken", what);                         \
    }                                                                                        \
    }                                                                                        \
    extern "C" [[gnu::visibility("default")]] const SluicePlugin* sluice_plugin() noexcept { \
        return &::sluice::kit::detail::kTable<Class>;                                        \
    }
