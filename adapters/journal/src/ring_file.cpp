#include "ring_file.hpp"

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <sluice/adapters/journal/crc32c.hpp>
#include <sluice/adapters/journal/journal_error.hpp>
#include <sluice/adapters/journal/layout.hpp>

#include "files.hpp"

namespace sluice::adapters::journal {
namespace {

struct RingHeader {
    std::array<char, 8> magic;
    std::uint64_t journal_id;
    std::uint64_t capacity;
    std::uint32_t crc;
    std::uint32_t unused;
};
static_assert(sizeof(RingHeader) == 32);
constexpr std::array<char, 8> kRingMagic{'S', 'L', 'U', 'J', 'R', 'N', 'G', '1'};

RingHeader header_for(std::uint64_t journal_id, std::uint64_t capacity) {
    RingHeader header{kRingMagic, journal_id, capacity, 0, 0};
    header.crc = crc32c(0, std::as_bytes(std::span{&header, 1}).first(24));
    return header;
}

std::byte* map(const FileDescriptor& file, std::size_t bytes, int protection,
               const std::filesystem::path& path) {
    void* memory = ::mmap(nullptr, bytes, protection, MAP_SHARED | MAP_POPULATE, file.get(), 0);
    if (memory == MAP_FAILED) throw failed("map the journal's ring", path, errno);
    return static_cast<std::byte*>(memory);
}

}  // namespace

RingFile RingFile::create(const std::filesystem::path& path, std::uint64_t journal_id,
                          std::size_t capacity) {
    const FileDescriptor file = open_file(path, O_RDWR | O_CREAT | O_EXCL);
    const std::size_t bytes = kRingPage + capacity * sizeof(pipeline::Event);
    // Reserved now: a page that cannot be had later would end the process at its first use.
    const int error = ::posix_fallocate(file.get(), 0, static_cast<off_t>(bytes));
    if (error != 0) {
        ::unlink(path.c_str());
        throw failed("reserve the journal's ring", path, error);
    }
    std::byte* memory = nullptr;
    try {
        memory = map(file, bytes, PROT_READ | PROT_WRITE, path);
    } catch (const JournalError&) {
        ::unlink(path.c_str());
        throw;
    }
    RingFile ring{memory, capacity};
    // No slot holds a record yet: the lap before the first.
    for (std::size_t slot = 0; slot < capacity; ++slot)
        std::memset(ring.slots().data() + slot * kLineBytes + kCrcOffset, 0xFF, 4);
    const RingHeader header = header_for(journal_id, capacity);
    std::memcpy(memory, &header, sizeof header);
    return ring;
}

RingFile RingFile::open(const std::filesystem::path& path, std::uint64_t journal_id) {
    const FileDescriptor file = open_file(path, O_RDONLY);
    const std::uint64_t size = size_of(file, path);
    const auto refuse = [&path](const char* problem) {
        throw JournalError(problem, path, "remove it to recover from the segments alone");
    };
    RingHeader header{};
    if (read_at(file, std::as_writable_bytes(std::span{&header, 1}), 0, path) != sizeof header)
        refuse("a ring file cut short");
    if (header.capacity > kRingCapacityMax || !std::has_single_bit(header.capacity) ||
        size != kRingPage + header.capacity * sizeof(pipeline::Event))
        refuse("a ring file of the wrong size");
    const RingHeader expected = header_for(journal_id, header.capacity);
    if (std::memcmp(&header, &expected, sizeof header) != 0)
        refuse("a damaged ring file, or another journal's");
    return {map(file, static_cast<std::size_t>(size), PROT_READ, path),
            static_cast<std::size_t>(header.capacity)};
}

RingFile::RingFile(RingFile&& other) noexcept
    : memory_(std::exchange(other.memory_, nullptr)), capacity_(other.capacity_) {}

RingFile::~RingFile() {
    if (memory_ != nullptr) ::munmap(memory_, kRingPage + capacity_ * sizeof(pipeline::Event));
}

std::uint32_t RingFile::lap_of(std::uint64_t record) const noexcept {
    std::uint32_t lap = 0;
    std::memcpy(&lap, memory_ + kRingPage + (record & (capacity_ - 1)) * kLineBytes + kCrcOffset,
                sizeof lap);
    return lap;
}

bool RingFile::holds(std::uint64_t record) const noexcept {
    return lap_of(record) == static_cast<std::uint32_t>(record / capacity_);
}

bool RingFile::is_past(std::uint64_t record) const noexcept {
    // Laps wrap at 2^32; half of them count as later. A slot not yet used says one lap less.
    const auto distance = lap_of(record) - static_cast<std::uint32_t>(record / capacity_);
    return distance != 0 && distance < 0x8000'0000U;
}

pipeline::Event RingFile::event(std::uint64_t record) const noexcept {
    pipeline::Event event;
    std::memcpy(static_cast<void*>(&event),
                memory_ + kRingPage + (record & (capacity_ - 1)) * kLineBytes, kLineBytes);
    return event;
}

}  // namespace sluice::adapters::journal
