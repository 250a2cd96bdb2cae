// What the journal's tests share: a folder of their own, events that say their number, and the
// files' bytes.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

#include <gtest/gtest.h>

#include <sluice/adapters/journal/crc32c.hpp>
#include <sluice/adapters/journal/journal.hpp>
#include <sluice/adapters/journal/journal_error.hpp>
#include <sluice/adapters/journal/journal_reader.hpp>
#include <sluice/adapters/journal/packed_line.hpp>
#include <sluice/adapters/journal/recovery.hpp>

namespace sluice::test_journal {

namespace journal = adapters::journal;
using pipeline::Event;

// A field of a line, as its bytes say.
template <class T>
T at(const journal::Line& line, std::size_t offset) {
    T value;
    std::memcpy(&value, line.data() + offset, sizeof value);
    return value;
}

class TempFolder {
  public:
    TempFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "sluice-journal-XXXXXX");
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
        path_ = name;
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
        return path_ / name;
    }

  private:
    std::filesystem::path path_;
};

inline journal::JournalHeader sample_header() {
    journal::JournalHeader header;
    header.session = "morning \"A\"";
    header.configuration = "[engine]\nplacement = \"fused\"  # für alle\n";
    header.started = core::time_from_ns<core::LocalTime>(1'700'000'000'123'456'789);
    header.host = "box-7";
    header.build = "0.1.0 g++ 12.2";
    pipeline::Instrument future;
    future.symbol = "ESH4.GLBX";
    future.asset_class = pipeline::AssetClass::kFuture;
    future.tick_size = core::PriceDelta::from_raw(250'000'000);
    future.multiplier = core::Quantity::from_units(50);
    future.time_zone = "America/Chicago";
    header.instruments = {pipeline::Instrument{"IBM"}, future};
    return header;
}

// Record n of a test, from 0: mostly trades, an order's cancellation every seventh.
inline Event numbered(std::uint64_t n) {
    const auto time = core::time_from_ns<core::StreamTime>(1'000'000 + static_cast<int>(n));
    const core::SymbolId symbol{static_cast<std::uint16_t>(n % 2)};
    if (n % 7 == 6) return Event::cancel(time, core::Sequence{n}, symbol, core::OrderId{n});
    pipeline::Trade trade{};
    trade.price = core::Price::from_raw(static_cast<std::int64_t>(n) * 1'000'003);
    trade.quantity = core::Quantity::from_raw(static_cast<std::int64_t>(n));
    Event event = Event::trade(time, symbol, trade);
    event.place(core::Sequence{n}, 0);
    return event;
}

// Byte by byte but for the ring's stamp.
inline bool same(const Event& one, const Event& other) {
    Event a = one;
    Event b = other;
    Event::RingStamp::of(a) = 0;
    Event::RingStamp::of(b) = 0;
    return std::memcmp(static_cast<const void*>(&a), static_cast<const void*>(&b), sizeof a) == 0;
}

inline void record(journal::Journal& journal, std::uint64_t first, std::uint64_t count) {
    for (std::uint64_t n = first; n < first + count; ++n)
        while (!journal.tap().record(numbered(n))) std::this_thread::yield();
}

// How many records the reader gives; each must be the numbered one.
inline std::uint64_t expect_numbered(journal::JournalReader& reader) {
    std::uint64_t n = 0;
    for (auto block = reader.next(); !block.empty(); block = reader.next()) {
        for (const Event& event : block) {
            if (!same(event, numbered(n))) {
                ADD_FAILURE() << "record " << n << " is another";
                return n;
            }
            ++n;
        }
    }
    EXPECT_EQ(n, reader.records());
    return n;
}

inline std::string bytes_of(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}
inline void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream file{path, std::ios::binary | std::ios::trunc};
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    ASSERT_TRUE(file.flush());
}

// A journal's folder written line by line, without a journal's thread: what stands in which line is
// the test's to say.
class HandWritten {
  public:
    HandWritten(std::filesystem::path folder, std::uint64_t segment_lines,
                std::uint32_t version = journal::kFormatVersion)
        : folder_(std::move(folder)), segment_lines_(segment_lines) {
        header_ = sample_header();
        header_.version = version;
        header_.journal_id = 77;
        header_.segment_bytes = (1 + segment_lines) * journal::kLineBytes;
        json_ = journal::write_header(header_);
        write_bytes(folder_ / "header.json", json_);
    }
    void add(journal::Line line) {
        if (lines_ % segment_lines_ == 0) {
            flush();
            journal::SegmentHeader header{};
            header.version = header_.version;
            header.segment = segment_ = static_cast<std::uint32_t>(lines_ / segment_lines_ + 1);
            header.journal_id = header_.journal_id;
            header.first_line = lines_;
            header.segment_bytes = header_.segment_bytes;
            header.header_bytes = static_cast<std::uint32_t>(json_.size());
            header.header_crc = journal::crc32c(0, std::as_bytes(std::span{json_}));
            append(journal::make_segment_header(header));
        }
        journal::seal_line(header_.journal_id, lines_++, line.data());
        append(line);
    }
    void end(std::uint64_t records) {
        add(journal::make_end(header_.journal_id, lines_, records, journal::Ending::kClosed));
    }
    // To the disk; also after the last line.
    void flush() {
        if (!bytes_.empty()) write_bytes(folder_ / journal::segment_name(segment_), bytes_);
        bytes_.clear();
    }

  private:
    void append(const journal::Line& line) {
        bytes_.append(reinterpret_cast<const char*>(line.data()), line.size());
    }

    std::filesystem::path folder_;
    std::uint64_t segment_lines_;
    journal::JournalHeader header_;
    std::string json_;
    std::string bytes_;
    std::uint32_t segment_ = 0;
    std::uint64_t lines_ = 0;
};

inline bool await(const auto& condition) {
    for (int i = 0; i < 5'000; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return false;
}

}  // namespace sluice::test_journal
