// The journal's reader and recovery on arbitrary bytes. The first byte picks what they replace in a
// small journal: the second segment as it is, its lines with their CRCs made right (so that what
// lies behind the CRC is reached), the header, or the ring that a dead process left. Whatever is
// read must be a record; what recovery leaves must read as whole, and recovering again must change
// nothing. Or the bytes are events, which must come back to the bit from packed lines.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include <sluice/adapters/journal/crc32c.hpp>
#include <sluice/adapters/journal/journal_error.hpp>
#include <sluice/adapters/journal/journal_reader.hpp>
#include <sluice/adapters/journal/layout.hpp>
#include <sluice/adapters/journal/packed_line.hpp>
#include <sluice/adapters/journal/recovery.hpp>

namespace {

using namespace sluice;
namespace journal = adapters::journal;

void require(bool holds) {
    if (!holds) __builtin_trap();
}

constexpr std::uint64_t kId = 42;
constexpr std::uint64_t kSegmentRecords = 4;
constexpr std::uint64_t kSegmentBytes = (1 + kSegmentRecords) * journal::kLineBytes;
constexpr std::size_t kRingSlots = 8;

struct Workshop {
    Workshop() {
        std::string name = "/dev/shm/sluice-fuzz-XXXXXX";
        require(::mkdtemp(name.data()) != nullptr);
        folder = name;
        journal::JournalHeader header;
        header.instruments.resize(2);
        header.instruments[0].symbol = "A";
        header.instruments[1].symbol = "B";
        header.configuration = "[engine]\n";
        header.journal_id = kId;
        header.segment_bytes = kSegmentBytes;
        header.durability = journal::Durability::kProcess;
        header.ring_file = "ring";
        header_json = journal::write_header(header);
    }
    ~Workshop() { std::filesystem::remove_all(folder); }
    std::filesystem::path folder;
    std::string header_json;
};

void put(const std::filesystem::path& path, const std::string& bytes) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    require(file >= 0 &&
            ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    ::close(file);
}

std::string text_of(const journal::Line& line) {
    return {reinterpret_cast<const char*>(line.data()), line.size()};
}

std::uint32_t version_of(const std::string& header_json) {
    return header_json.find("sluice.journal/1") != std::string::npos ? journal::kFormatVersionAlone
                                                                     : journal::kFormatVersion;
}

std::string segment_header(std::uint32_t segment, const std::string& header_json) {
    journal::SegmentHeader header{};
    header.segment = segment;
    header.journal_id = kId;
    header.version = version_of(header_json);
    header.first_line = (segment - 1) * kSegmentRecords;
    header.segment_bytes = kSegmentBytes;
    header.header_bytes = static_cast<std::uint32_t>(header_json.size());
    header.header_crc = journal::crc32c(0, std::as_bytes(std::span{header_json}));
    return text_of(journal::make_segment_header(header));
}

std::string sealed(std::string lines, std::uint64_t first) {
    for (std::size_t at = 0; at + journal::kLineBytes <= lines.size(); at += journal::kLineBytes)
        journal::seal_line(kId, first + at / journal::kLineBytes,
                           reinterpret_cast<std::byte*>(lines.data()) + at);
    return lines;
}

using PackedLine = std::array<std::byte, journal::kLineBytes + journal::kPackerSlack>;

// One trade a line; every other line packed where the version has such lines.
std::string trades(std::size_t count, std::uint32_t version) {
    std::string lines;
    const pipeline::Event trade = pipeline::Event::trade({}, core::SymbolId{1}, {});
    journal::LinePacker packer{2};
    for (std::size_t i = 0; i < count; ++i) {
        PackedLine line{};
        packer.begin(line.data());
        if (i % 2 == 0 && version != journal::kFormatVersionAlone) {
            require(packer.add(trade));
            packer.finish();
        } else {
            packer.finish_alone(trade);
        }
        lines.append(reinterpret_cast<const char*>(line.data()), journal::kLineBytes);
    }
    return lines;
}

// Fills a line as the journal's thread does, from `at` on, which moves on.
PackedLine pack_line(journal::LinePacker& packer, std::span<const pipeline::Event> events,
                     std::size_t& at) {
    PackedLine line{};
    packer.begin(line.data());
    const std::size_t first = at;
    while (at < events.size() && packer.add(events[at])) ++at;
    require(packer.count() == at - first);
    if (at == first) {
        packer.finish_alone(events[at++]);
    } else {
        packer.finish();
    }
    return line;
}

void round_trip(const std::string& bytes) {
    std::vector<pipeline::Event> events;
    for (std::size_t at = 0; at + sizeof(pipeline::Event) <= bytes.size();
         at += sizeof(pipeline::Event)) {
        pipeline::Event event;
        std::memcpy(static_cast<void*>(&event), bytes.data() + at, sizeof event);
        std::memset(reinterpret_cast<std::byte*>(&event) + journal::kCrcOffset, 0, 4);
        if (journal::is_record(event, 2)) events.push_back(event);
    }
    journal::LinePacker packer{2};
    journal::LineUnpacker unpacker{2};
    for (std::size_t at = 0; at < events.size();) {
        const std::size_t first = at;
        PackedLine line = pack_line(packer, events, at);
        journal::seal_line(kId, first, line.data());
        const auto back = unpacker.unpack(line.data());
        require(back.size() == at - first);
        require(std::memcmp(back.data(), events.data() + first, back.size_bytes()) == 0);
    }
}

std::string ring_with(const std::string& slots) {
    std::string bytes(4096, '\0');
    const std::uint64_t capacity = kRingSlots;
    std::memcpy(bytes.data(), "SLUJRNG1", 8);
    std::memcpy(bytes.data() + 8, &kId, 8);
    std::memcpy(bytes.data() + 16, &capacity, 8);
    const std::uint32_t crc = journal::crc32c(0, std::as_bytes(std::span{bytes}).first(24));
    std::memcpy(bytes.data() + 24, &crc, 4);
    bytes += slots;
    bytes.resize(4096 + kRingSlots * journal::kLineBytes, '\xFF');
    return bytes;
}

std::uint64_t read_all(const std::filesystem::path& folder) {
    journal::JournalReader reader{folder};
    std::uint64_t count = 0;
    for (auto block = reader.next(); !block.empty(); block = reader.next()) {
        for (const pipeline::Event& event : block)
            require(journal::is_record(event, reader.header().instruments.size()));
        count += block.size();
    }
    require(count == reader.records());
    return count;
}

void lay_out(const Workshop& workshop, unsigned mode, const std::string& bytes) {
    const std::filesystem::path& folder = workshop.folder;
    std::filesystem::remove(folder / "ring");
    for (std::uint32_t n = 3; n <= 6; ++n)
        std::filesystem::remove(folder / journal::segment_name(n));
    const std::string& json = mode == 2 ? bytes : workshop.header_json;
    std::string second = segment_header(2, json);
    if (mode == 0) second = bytes;
    if (mode == 1) second += sealed(bytes, kSegmentRecords);
    put(folder / "header.json", json);
    put(folder / journal::segment_name(1),
        segment_header(1, json) + sealed(trades(kSegmentRecords, version_of(json)), 0));
    put(folder / journal::segment_name(2), second);
    if (mode == 3) put(folder / "ring", ring_with(bytes.substr(0, kRingSlots * 64)));
    if (mode == 4) put(folder / "ring", bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Workshop workshop;
    if (size == 0) return 0;
    const std::string bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
    const unsigned mode = data[0] % 6U;
    if (mode == 5) {
        round_trip(bytes);
        return 0;
    }
    lay_out(workshop, mode, bytes);
    try {
        const std::uint64_t before = read_all(workshop.folder);
        const journal::Recovery first = journal::recover(workshop.folder);
        require(first.records == before + first.from_ring);
        require(read_all(workshop.folder) == first.records);
        require(journal::JournalReader{workshop.folder}.ending() != journal::Ending::kNone);
        const journal::Recovery again = journal::recover(workshop.folder);
        require(again.records == first.records && again.torn_bytes == 0 && again.from_ring == 0);
    } catch (const journal::JournalError&) {
        // Refused, with a reason.
    }
    return 0;
}
