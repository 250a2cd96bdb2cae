#include <sluice/adapters/net/faulty_byte_stream.hpp>

#include <algorithm>
#include <utility>

#include "fault_rates.hpp"

namespace sluice::adapters::net {

StreamFaultCounts& StreamFaultCounts::operator+=(const StreamFaultCounts& other) noexcept {
    read += other.read;
    written += other.written;
    disconnects += other.disconnects;
    short_writes += other.short_writes;
    stalls += other.stalls;
    return *this;
}

FaultyByteStream::FaultyByteStream(std::unique_ptr<pipeline::ByteStream> behind,
                                   const StreamFaults& faults, std::uint64_t seed,
                                   StreamFaultCounts* total)
    : behind_{std::move(behind)}, faults_{faults}, dice_{seed}, total_{total} {
    check_rate(faults.disconnect, "disconnect");
    check_rate(faults.short_write, "short write");
    check_rate(faults.stall, "stall");
}

void FaultyByteStream::connect() noexcept {
    if (behind_->state() == pipeline::StreamState::kClosed) passed_ = 0;
    behind_->connect();
}

pipeline::StreamState FaultyByteStream::state() noexcept { return behind_->state(); }

void FaultyByteStream::close() noexcept { behind_->close(); }

std::size_t FaultyByteStream::allowed(std::size_t size) const noexcept {
    if (faults_.disconnect_after == 0) return size;
    return static_cast<std::size_t>(
        std::min<std::uint64_t>(size, faults_.disconnect_after - passed_));
}

bool FaultyByteStream::is_stalled(std::uint32_t& calls_left) noexcept {
    if (calls_left == 0) return false;
    --calls_left;
    return true;
}

void FaultyByteStream::account(StreamFaultCounts change) noexcept {
    counts_ += change;
    if (total_ != nullptr) *total_ += change;
}

void FaultyByteStream::break_off() noexcept {
    account({.disconnects = 1});
    behind_->close();
}

std::size_t FaultyByteStream::read(std::span<std::byte> into) noexcept {
    if (is_stalled(read_stall_)) return 0;
    std::size_t taken = behind_->read(into.first(allowed(into.size())));
    if (taken == 0) return 0;  // no bytes, no dice: an idle connection is left alone
    const bool breaks = dice_.happens(faults_.disconnect);
    const std::uint64_t part = dice_.up_to(taken);
    if (breaks) taken = static_cast<std::size_t>(part - 1);
    passed_ += taken;
    account({.read = taken});
    if (breaks || (faults_.disconnect_after != 0 && passed_ == faults_.disconnect_after)) {
        break_off();
    } else if (dice_.happens(faults_.stall)) {
        read_stall_ = faults_.stall_calls;
        account({.stalls = 1});
    }
    return taken;
}

std::size_t FaultyByteStream::write(std::span<const std::byte> bytes) noexcept {
    if (bytes.empty() || is_stalled(write_stall_)) return 0;
    if (behind_->state() != pipeline::StreamState::kOpen) return 0;
    const bool breaks = dice_.happens(faults_.disconnect);
    const bool is_short = dice_.happens(faults_.short_write);
    std::size_t given = allowed(bytes.size());
    const std::uint64_t part = dice_.up_to(given);
    if (breaks || is_short) given = static_cast<std::size_t>(part - 1);
    const std::size_t written = given == 0 ? 0 : behind_->write(bytes.first(given));
    passed_ += written;
    account({.written = written, .short_writes = is_short && !breaks ? 1U : 0U});
    if (breaks || (faults_.disconnect_after != 0 && passed_ == faults_.disconnect_after)) {
        break_off();
    } else if (dice_.happens(faults_.stall)) {
        write_stall_ = faults_.stall_calls;
        account({.stalls = 1});
    }
    return written;
}

FaultyListener::FaultyListener(pipeline::StreamListener& behind, const StreamFaults& faults,
                               std::uint64_t seed)
    : behind_{behind}, faults_{faults}, seeds_{seed} {}

std::unique_ptr<pipeline::ByteStream> FaultyListener::accept() {
    std::unique_ptr<pipeline::ByteStream> taken = behind_.accept();
    if (taken == nullptr) return nullptr;
    ++accepted_;
    return std::make_unique<FaultyByteStream>(std::move(taken), faults_, seeds_.roll(), &counts_);
}

}  // namespace sluice::adapters::net
