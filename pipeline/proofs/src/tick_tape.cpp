#include <sluice/proofs/tick_tape.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace sluice::proofs {

using pipeline::Event;

namespace {

constexpr std::size_t kBlock = 1024;

}  // namespace

std::vector<Event> read_tape(pipeline::MarketSource& source, std::size_t most) {
    std::vector<Event> tape;
    tape.reserve(std::min<std::size_t>(source.size_hint(), most));
    for (auto block = source.next_block(); !block.empty(); block = source.next_block()) {
        if (block.size() > most - tape.size())
            throw std::length_error("more than " + std::to_string(most) +
                                    " ticks, which is as many as are held in memory; take a "
                                    "shorter stretch with --from and --to, or fewer symbols");
        tape.insert(tape.end(), block.begin(), block.end());
    }
    return tape;
}

TapeSource::TapeSource(std::span<const Event> head, std::span<const Event> tail,
                       bool keep_sequences)
    : head_(head), tail_(tail), block_(kBlock), sequences_(keep_sequences ? head.size() : 0) {}

std::vector<Event> TapeSource::whole() const {
    std::vector<Event> out{head_.begin(), head_.end()};
    out.insert(out.end(), tail_.begin(), tail_.end());
    return out;
}

void TapeSource::keep_block() noexcept {
    const std::size_t end = std::min(next_, sequences_.size());
    for (std::size_t i = first_; i < end; ++i)
        sequences_[i] = static_cast<std::uint64_t>(block_[i - first_].sequence());
}

std::span<Event> TapeSource::next_block() noexcept {
    keep_block();
    first_ = next_;
    const bool in_head = next_ < head_.size();
    const auto from = in_head ? head_.subspan(next_) : tail_.subspan(next_ - head_.size());
    std::size_t n = std::min(from.size(), kBlock);
    std::copy_n(from.begin(), n, block_.begin());
    // A block goes on from head to tail: whoever looked ahead within one would look into the tail.
    if (in_head && n < kBlock) {
        const std::size_t more = std::min(tail_.size(), kBlock - n);
        std::copy_n(tail_.begin(), more, block_.begin() + static_cast<std::ptrdiff_t>(n));
        n += more;
    }
    next_ += n;
    return {block_.data(), n};
}

}  // namespace sluice::proofs
