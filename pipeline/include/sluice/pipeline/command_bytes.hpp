// An order command as the record of a run holds it: 48 bytes, little-endian, the same on every
// machine, with nothing in it of when it was measured.
//
//    0  8  time, ns since the epoch, UTC       24  8  limit, raw (1e-9); 0: none
//    8  8  sequence of its cause               32  8  quantity, raw (1e-8); 0 of a cancel
//   16  8  order id                            40  2  symbol    42  1  side      43  1  type
//                                              44  1  time in force
//                                              45  1  0 opens, 1 replaces, 2 cancels
//                                              46  2  0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <sluice/pipeline/hot/event.hpp>

namespace sluice::pipeline {

using CommandBytes = std::array<std::uint8_t, 48>;

[[nodiscard]] inline bool is_command(const Event& event) noexcept {
    return event.kind() == EventKind::kApproved || event.kind() == EventKind::kCancel;
}

// Of an event for which is_command() holds.
[[nodiscard]] inline CommandBytes command_bytes(const Event& event) noexcept {
    CommandBytes out{};
    const auto put = [&out](std::size_t at, std::uint64_t value, std::size_t bytes) {
        for (std::size_t i = 0; i < bytes; ++i)
            out[at + i] = static_cast<std::uint8_t>(value >> (8U * i));
    };
    put(0, static_cast<std::uint64_t>(core::ns_since_epoch(event.time())), 8);
    put(8, static_cast<std::uint64_t>(event.sequence()), 8);
    put(40, core::index_of(event.symbol()), 2);
    if (event.kind() == EventKind::kCancel) {
        put(16, static_cast<std::uint64_t>(event.cancel().order), 8);
        put(45, 2, 1);
        return out;
    }
    const ApprovedOrder& order = event.approved();
    put(16, static_cast<std::uint64_t>(order.id()), 8);
    put(24, static_cast<std::uint64_t>(order.limit().raw()), 8);
    put(32, static_cast<std::uint64_t>(order.quantity().raw()), 8);
    put(42, static_cast<std::uint64_t>(order.side()), 1);
    put(43, static_cast<std::uint64_t>(order.type()), 1);
    put(44, static_cast<std::uint64_t>(order.time_in_force()), 1);
    put(45, order.is_replacement() ? 1 : 0, 1);
    put(46, order.flags() | static_cast<std::uint64_t>(order.distance_bps()) << 2U, 2);
    return out;
}

[[nodiscard]] inline std::uint64_t order_of(const CommandBytes& command) noexcept {
    std::uint64_t id = 0;
    for (std::size_t i = 0; i < 8; ++i) id |= std::uint64_t{command[16 + i]} << (8U * i);
    return id;
}
[[nodiscard]] inline bool opens(const CommandBytes& command) noexcept { return command[45] == 0; }

}  // namespace sluice::pipeline
