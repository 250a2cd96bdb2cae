#include <sluice/adapters/net/faulty_datagram_sender.hpp>

#include <algorithm>
#include <utility>

#include "fault_rates.hpp"

namespace sluice::adapters::net {

FaultyDatagramSender::FaultyDatagramSender(pipeline::DatagramSender& behind,
                                           const DatagramFaults& faults, std::uint64_t seed)
    : behind_{behind}, faults_{faults}, dice_{seed} {
    check_rate(faults.loss, "loss");
    check_rate(faults.duplicate, "duplicate");
    check_rate(faults.reorder, "reorder");
}

bool FaultyDatagramSender::send(std::span<const std::byte> datagram) noexcept {
    ++counts_.given;
    // Rolled whether needed or not, so that a fault switched off leaves the others where they were.
    const bool is_lost = dice_.happens(faults_.loss);
    const bool is_doubled = dice_.happens(faults_.duplicate);
    const bool is_reordered = dice_.happens(faults_.reorder);
    const std::uint64_t overtaken_by = dice_.up_to(faults_.reorder_by);
    bool is_taken = true;
    if (falls_silent()) {
        ++counts_.silenced;
    } else if (is_lost) {
        ++counts_.lost;
    } else {
        counts_.reordered += is_reordered ? 1 : 0;
        counts_.duplicated += is_doubled ? 1 : 0;
        for (int copies = is_doubled ? 2 : 1; copies > 0; --copies) {
            if (is_reordered || faults_.delay > 0) {
                hold(datagram, is_reordered ? overtaken_by : 0);
            } else {
                is_taken = dispatch(datagram) && is_taken;
            }
        }
    }
    release_due();
    return is_taken;
}

bool FaultyDatagramSender::falls_silent() noexcept {
    if (is_silent_) return true;
    if (faults_.silence_every == 0) return false;
    const std::uint64_t round = faults_.silence_every + faults_.silence_for;
    return (counts_.given - 1) % round >= faults_.silence_every;
}

bool FaultyDatagramSender::dispatch(std::span<const std::byte> datagram) noexcept {
    if (behind_.send(datagram)) {
        ++counts_.sent;
        return true;
    }
    ++counts_.refused;
    return false;
}

void FaultyDatagramSender::hold(std::span<const std::byte> datagram, std::uint64_t overtaken_by) {
    Held held{.due = counts_.given + faults_.delay + overtaken_by,
              .is_last = overtaken_by > 0,
              .bytes = {datagram.begin(), datagram.end()}};
    const auto place =
        std::upper_bound(held_.begin(), held_.end(), held, [](const Held& a, const Held& b) {
            return std::pair{a.due, a.is_last} < std::pair{b.due, b.is_last};
        });
    held_.insert(place, std::move(held));
}

void FaultyDatagramSender::release_due() noexcept {
    auto next = held_.begin();
    for (; next != held_.end() && next->due <= counts_.given; ++next) {
        if (is_silent_) {
            ++counts_.silenced;
        } else {
            (void)dispatch(next->bytes);
        }
    }
    held_.erase(held_.begin(), next);
}

void FaultyDatagramSender::flush() noexcept {
    for (const Held& held : held_) {
        (void)dispatch(held.bytes);
    }
    held_.clear();
}

}  // namespace sluice::adapters::net
