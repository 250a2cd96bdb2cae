// An order's trail for people and for programs.
#pragma once

#include <iosfwd>

#include <nlohmann/json.hpp>

#include <sluice/proofs/order_trail.hpp>

namespace sluice::tools {

// What was on record of an order, and what was made when its run was run again.
struct OrderCheck {
    std::uint64_t order = 0;
    std::vector<pipeline::CommandBytes> recorded;
    std::vector<pipeline::CommandBytes> made;
    [[nodiscard]] bool same() const noexcept { return recorded == made; }
};

// "opens 2013-10-07T13:30:05Z ...", "replaces", "cancels"; and its 48 bytes in hexadecimal.
[[nodiscard]] std::string command_text(const pipeline::CommandBytes& command);
[[nodiscard]] std::string hexadecimal(const pipeline::CommandBytes& command);

// `ticks_shown`: the last so many.
[[nodiscard]] nlohmann::ordered_json trail_json(const proofs::OrderTrail& trail,
                                                const pipeline::InstrumentTable& instruments,
                                                std::size_t ticks_shown);
void print_trail(std::ostream& out, const proofs::OrderTrail& trail,
                 const pipeline::InstrumentTable& instruments, std::size_t ticks_shown);

}  // namespace sluice::tools
