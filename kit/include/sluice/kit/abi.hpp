// What passes between the program and a strategy plugin: one table of plain data and C functions.
//
// A plugin exports one symbol, `sluice_plugin`, a function that returns its table. The program reads
// abi_version and table_bytes first, which lie at the same place in every version, and refuses the
// plugin unless both and the layout's hash are its own.
//
// Threads   create and destroy: start-up, before the first event and after the last. on_bar: once for
//           each finished bar of one instrument, never for a tick, by one thread for all objects of a
//           run; a second set of objects may run on another thread at the same time.
// Errors    Nothing is thrown across this boundary; a status says what happened.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {

// Prices in 1e-9 currency units, volume in 1e-8 units of the instrument; the time is the bar's end,
// nanoseconds since the Unix epoch, UTC.
struct SluiceBar {
    std::int64_t open;
    std::int64_t high;
    std::int64_t low;
    std::int64_t close;
    std::int64_t volume;
    std::int64_t time_ns;
};

enum SluiceParameterType : std::uint32_t { kSluiceInteger = 0, kSluiceReal = 1 };

struct SluiceParameter {
    const char* name;
    const char* unit;
    const char* doc;
    double min;  // inclusive, as is max
    double max;
    double fallback;
    std::uint32_t type;
    std::uint32_t reserved;
};

enum SluiceStatus : std::uint32_t {
    kSluiceWarming = 0,  // not enough bars yet: its strength does not count
    kSluiceReady = 1,
    kSluiceThrew = 2,  // the author's code threw; it must not be called again
};

struct SluicePlugin {
    std::uint32_t abi_version;
    std::uint32_t table_bytes;
    std::uint64_t layout_hash;
    const char* kit_version;
    const char* name;     // letters a-z, digits and _; a kind of strategy of this name
    const char* version;  // the author's own
    const char* doc;
    const SluiceParameter* parameters;
    std::uint64_t parameter_count;
    std::uint64_t state_bytes;  // for one instrument
    std::uint64_t state_align;
    // `memory` holds state_bytes at state_align; `values` is one number a parameter, in order. Not
    // kSluiceThrew when it has been made, else `message` (message_bytes long) says why not.
    SluiceStatus (*create)(void* memory, const double* values, char* message,
                           std::uint64_t message_bytes) noexcept;
    SluiceStatus (*on_bar)(void* state, const SluiceBar* bar, double* strength) noexcept;
    void (*destroy)(void* state) noexcept;
};

using SluicePluginEntry = const SluicePlugin* (*)() noexcept;
}

namespace sluice::kit {

inline constexpr std::uint32_t kAbiVersion = 1;
inline constexpr const char* kVersion = "1.0";
inline constexpr const char* kEntrySymbol = "sluice_plugin";
inline constexpr std::size_t kMaxParameters = 16;

// Of sizes and offsets: two builds that would misread each other's tables do not agree on it. FNV-1a.
[[nodiscard]] constexpr std::uint64_t layout_hash() noexcept {
    constexpr std::uint64_t kFacts[] = {
        sizeof(SluiceBar),
        offsetof(SluiceBar, close),
        offsetof(SluiceBar, time_ns),
        sizeof(SluiceParameter),
        offsetof(SluiceParameter, fallback),
        offsetof(SluiceParameter, type),
        sizeof(SluicePlugin),
        offsetof(SluicePlugin, parameters),
        offsetof(SluicePlugin, state_bytes),
        offsetof(SluicePlugin, on_bar),
        alignof(std::max_align_t),
        1'000'000'000,  // units of a price
        100'000'000,    // of a quantity
    };
    std::uint64_t hash = 14695981039346656037ULL;
    for (const std::uint64_t fact : kFacts) {
        for (unsigned shift = 0; shift < 64; shift += 8) {
            hash ^= (fact >> shift) & 0xffU;
            hash *= 1099511628211ULL;
        }
    }
    return hash;
}

}  // namespace sluice::kit

static_assert(sizeof(SluiceBar) == 48 && offsetof(SluicePlugin, abi_version) == 0 &&
              offsetof(SluicePlugin, table_bytes) == 4);
