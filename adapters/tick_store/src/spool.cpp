#include "spool.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include <xxhash.h>

#include "file_errors.hpp"

namespace sluice::adapters::tick_store {

SpillFile::~SpillFile() {
    if (fd_ >= 0) ::close(fd_);
}

std::uint64_t SpillFile::append(std::span<const std::byte> bytes) {
    if (fd_ < 0) {
        std::string name = (folder_ / ".spill-XXXXXX").string();
        fd_ = ::mkostemp(name.data(), O_CLOEXEC);
        if (fd_ < 0) throw write_failed(folder_, errno);
        ::unlink(name.c_str());
    }
    const std::uint64_t offset = end_;
    if (const int error = write_at(fd_, bytes, offset)) throw write_failed(folder_, error);
    end_ += bytes.size();
    return offset;
}

void SpillFile::read(std::uint64_t offset, std::span<std::byte> out) const {
    while (!out.empty()) {
        const ::ssize_t n = ::pread(fd_, out.data(), out.size(), static_cast<::off_t>(offset));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) throw unreadable(folder_.string());
        offset += static_cast<std::uint64_t>(n);
        out = out.subspan(static_cast<std::size_t>(n));
    }
}

struct ColumnSpool::HashState {
    HashState() { XXH3_64bits_reset(state); }
    ~HashState() { XXH3_freeState(state); }
    HashState(const HashState&) = delete;
    HashState& operator=(const HashState&) = delete;
    XXH3_state_t* state = XXH3_createState();
};

ColumnSpool::ColumnSpool(std::shared_ptr<SpillFile> spill)
    : spill_(std::move(spill)), hash_(std::make_unique<HashState>()) {}
ColumnSpool::ColumnSpool(ColumnSpool&& other) noexcept = default;
ColumnSpool::~ColumnSpool() {
    if (spill_) spill_->in_memory -= memory_.size();
}

void ColumnSpool::append(std::span<const std::byte> bytes) {
    XXH3_64bits_update(hash_->state, bytes.data(), bytes.size());
    memory_.insert(memory_.end(), bytes.begin(), bytes.end());
    size_ += bytes.size();
    spill_->in_memory += bytes.size();
    if (spill_->in_memory <= SpillFile::kMemoryBudget || memory_.size() < kPiece) return;
    extents_.push_back({spill_->append(memory_), memory_.size()});
    spill_->in_memory -= memory_.size();
    memory_ = {};
}

std::uint64_t ColumnSpool::checksum() const { return XXH3_64bits_digest(hash_->state); }

void ColumnSpool::read(std::size_t block,
                       const std::function<void(std::span<const std::byte>)>& take) const {
    if (extents_.empty()) {
        for (std::size_t at = 0; at < memory_.size(); at += block)
            take({memory_.data() + at, std::min(block, memory_.size() - at)});
        return;
    }
    std::vector<std::byte> held;
    const auto add = [&](std::span<const std::byte> bytes) {
        while (!bytes.empty()) {
            const std::size_t n = std::min(block - held.size(), bytes.size());
            held.insert(held.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n));
            bytes = bytes.subspan(n);
            if (held.size() < block) return;
            take(held);
            held.clear();
        }
    };
    std::vector<std::byte> piece;
    for (const Extent& extent : extents_) {
        for (std::uint64_t done = 0; done < extent.size; done += piece.size()) {
            piece.resize(static_cast<std::size_t>(
                std::min<std::uint64_t>(extent.size - done, std::uint64_t{16} * kPiece)));
            spill_->read(extent.offset + done, piece);
            add(piece);
        }
    }
    add(memory_);
    if (!held.empty()) take(held);
}

}  // namespace sluice::adapters::tick_store
