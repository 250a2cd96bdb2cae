// A changed byte is found wherever it is, and a torn tail is cut off at whatever length.
#include <fcntl.h>
#include <sys/stat.h>

#include <sluice/adapters/journal/layout.hpp>

#include "journal_test_support.hpp"

namespace {

using namespace sluice;
using namespace sluice::test_journal;

constexpr std::uint64_t kSegmentRecords = 3;
constexpr std::uint64_t kRecords = 7;  // segments of 3, 3, 1 and the end

// A small journal that was closed, a record a line, and what its files held.
class ClosedJournal : public testing::Test {
  protected:
    ClosedJournal() {
        journal::JournalOptions options;
        options.segment_bytes = 64 * (1 + kSegmentRecords);
        journal::Journal written{folder_.path(), sample_header(), options};
        for (std::uint64_t n = 0; n < kRecords; ++n) {
            record(written, n, 1);
            EXPECT_TRUE(await([&] { return written.written() == n + 1; }));
        }
        written.close();
    }

    [[nodiscard]] std::filesystem::path segment(std::uint32_t number) const {
        return folder_ / journal::segment_name(number);
    }
    void blank(std::uint32_t number, std::size_t line) const {
        std::string bytes = bytes_of(segment(number));
        bytes.replace(line * 64, 64, 64, '\0');
        write_bytes(segment(number), bytes);
    }
    // Takes the end away, as if the writer had died.
    void unclose() const { blank(3, 2); }

    TempFolder folder_;
};

TEST_F(ClosedJournal, with_any_byte_of_a_record_changed_is_refused_naming_the_place) {
    for (std::uint32_t number = 1; number <= 3; ++number) {
        const std::string whole = bytes_of(segment(number));
        const std::size_t records_end = number == 3 ? 128 : whole.size();
        for (std::size_t at = 64; at < records_end; ++at) {
            std::string changed = whole;
            changed[at] = static_cast<char>(changed[at] ^ (1 << at % 8));
            write_bytes(segment(number), changed);
            try {
                const journal::JournalReader reader{folder_.path()};
                ADD_FAILURE() << "segment " << number << " byte " << at << " passed";
            } catch (const journal::JournalDamage& damage) {
                EXPECT_EQ(damage.where(), segment(number));
                EXPECT_EQ(damage.offset(), at / 64 * 64);
                EXPECT_EQ(damage.record(), (number - 1) * kSegmentRecords + at / 64 - 1);
            }
        }
        write_bytes(segment(number), whole);
    }
    journal::JournalReader reader{folder_.path()};
    EXPECT_EQ(expect_numbered(reader), kRecords);
}

TEST_F(ClosedJournal, with_any_byte_of_a_header_changed_is_refused) {
    for (const std::filesystem::path& path :
         {segment(1), segment(2), segment(3), folder_ / "header.json"}) {
        const std::string whole = bytes_of(path);
        const std::size_t end = path.extension() == ".json" ? whole.size() : 64;
        for (std::size_t at = 0; at < end; ++at) {
            std::string changed = whole;
            changed[at] = static_cast<char>(changed[at] ^ (1 << at % 8));
            write_bytes(path, changed);
            EXPECT_THROW(journal::JournalReader{folder_.path()}, journal::JournalError)
                << path << " byte " << at;
        }
        write_bytes(path, whole);
    }
}

TEST_F(ClosedJournal, whose_end_was_changed_no_longer_passes_for_closed) {
    const std::string whole = bytes_of(segment(3));
    ASSERT_EQ(whole.size(), 3 * 64U);
    for (std::size_t at = 128; at < whole.size(); ++at) {
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ (1 << at % 8));
        write_bytes(segment(3), changed);
        journal::JournalReader reader{folder_.path()};
        EXPECT_EQ(reader.ending(), journal::Ending::kNone) << at;
        EXPECT_EQ(reader.torn_bytes(), 64U);
        EXPECT_EQ(expect_numbered(reader), kRecords);
    }
}

TEST_F(ClosedJournal, with_a_byte_after_its_end_is_refused) {
    const std::string whole = bytes_of(segment(3));
    for (const std::size_t extra : {1U, 63U, 64U}) {
        std::string longer = whole + std::string(extra, '\0');
        write_bytes(segment(3), longer);
        EXPECT_NO_THROW(journal::JournalReader{folder_.path()});
        longer.back() = '\x01';
        write_bytes(segment(3), longer);
        EXPECT_THROW(journal::JournalReader{folder_.path()}, journal::JournalDamage);
    }
}

TEST_F(ClosedJournal, with_records_swapped_repeated_or_missing_is_refused) {
    const std::string whole = bytes_of(segment(1));
    const auto line = [&whole](std::size_t n) { return whole.substr(n * 64, 64); };
    for (const std::string& bytes :
         {line(0) + line(2) + line(1) + line(3), line(0) + line(1) + line(1) + line(3),
          line(0) + line(2) + line(3), line(0) + line(1) + line(2)}) {
        write_bytes(segment(1), bytes);
        EXPECT_THROW(journal::JournalReader{folder_.path()}, journal::JournalDamage);
    }
    write_bytes(segment(1), bytes_of(segment(2)));
    EXPECT_THROW(journal::JournalReader{folder_.path()}, journal::JournalError);
    write_bytes(segment(1), whole);
    std::filesystem::remove(segment(2));
    EXPECT_THROW(journal::JournalReader{folder_.path()}, journal::JournalError);
}

TEST_F(ClosedJournal, with_a_blank_line_before_its_end_is_refused) {
    blank(3, 1);
    EXPECT_THROW(journal::JournalReader{folder_.path()}, journal::JournalDamage);
}

// Every length that the last segment can be cut to, end included.
TEST_F(ClosedJournal, cut_at_any_length_keeps_its_whole_records_and_is_recovered) {
    const std::string whole = bytes_of(segment(3));
    for (std::size_t length = 0; length < whole.size(); ++length) {
        write_bytes(segment(3), whole.substr(0, length));
        const std::uint64_t left = length < 128 ? 6 : 7;
        std::uint64_t torn = 0;
        {
            journal::JournalReader reader{folder_.path()};
            EXPECT_EQ(reader.ending(), journal::Ending::kNone);
            EXPECT_EQ(expect_numbered(reader), left) << length;
            torn = reader.torn_bytes();
            EXPECT_EQ(torn, length % 64) << length;
        }
        const journal::Recovery result = journal::recover(folder_.path());
        EXPECT_EQ(result.records, left);
        EXPECT_EQ(result.torn_bytes, torn);
        journal::JournalReader reader{folder_.path()};
        EXPECT_EQ(reader.ending(), journal::Ending::kRecovered);
        EXPECT_EQ(reader.torn_bytes(), 0U);
        EXPECT_EQ(expect_numbered(reader), left);
        EXPECT_EQ(journal::recover(folder_.path()).torn_bytes, 0U);
    }
}

TEST_F(ClosedJournal, that_lost_its_end_and_then_a_byte_in_the_middle_is_refused) {
    unclose();
    std::string bytes = bytes_of(segment(2));
    bytes[70] = static_cast<char>(bytes[70] ^ 1);
    write_bytes(segment(2), bytes);
    EXPECT_THROW(journal::recover(folder_.path()), journal::JournalDamage);
    EXPECT_EQ(bytes_of(segment(2)), bytes);
}

TEST_F(ClosedJournal, that_lost_power_is_cut_at_the_first_line_that_never_was_written) {
    unclose();
    blank(2, 2);
    const journal::Recovery result = journal::recover(folder_.path());
    EXPECT_EQ(result.records, 4U);
    EXPECT_EQ(result.torn_bytes, 3 * 64U);  // lines 2 and 3 of segment 2, record 6
    journal::JournalReader reader{folder_.path()};
    EXPECT_EQ(expect_numbered(reader), 4U);
    EXPECT_EQ(reader.ending(), journal::Ending::kRecovered);
    EXPECT_FALSE(std::filesystem::exists(segment(3)));
}

TEST_F(ClosedJournal, never_loses_more_than_two_segments_to_a_blank_line) {
    unclose();
    blank(1, 2);  // long on the disk when segment 3 was begun
    EXPECT_THROW(journal::recover(folder_.path()), journal::JournalDamage);
}

// Several records a line, as when they come fast; segments of 3 lines.
class PackedJournal : public testing::Test {
  protected:
    static constexpr std::uint64_t kLines = 7;

    explicit PackedJournal(std::uint32_t version = journal::kFormatVersion) {
        HandWritten written{folder_.path(), kSegmentRecords, version};
        journal::LinePacker packer{2};
        std::uint64_t n = 0;
        for (std::uint64_t number = 0; number < kLines; ++number) {
            if (number % kSegmentRecords == 0) packer.restart();
            first_.push_back(n);
            std::array<std::byte, journal::kLineBytes + journal::kPackerSlack> bytes;
            packer.begin(bytes.data());
            while (packer.add(numbered(n))) ++n;
            EXPECT_GT(packer.count(), 1U);
            packer.finish();
            journal::Line line;
            std::copy_n(bytes.begin(), line.size(), line.begin());
            written.add(line);
        }
        first_.push_back(n);
        written.end(n);
        written.flush();
    }
    [[nodiscard]] std::filesystem::path segment(std::uint64_t index) const {
        return folder_ / journal::segment_name(static_cast<std::uint32_t>(index + 1));
    }

    TempFolder folder_;
    std::vector<std::uint64_t> first_;  // record of each line; then the count of all
};

TEST_F(PackedJournal, comes_back_record_for_record) {
    journal::JournalReader reader{folder_.path()};
    EXPECT_EQ(expect_numbered(reader), first_.back());
    EXPECT_EQ(reader.ending(), journal::Ending::kClosed);
}

TEST_F(PackedJournal, with_any_bit_of_a_line_changed_is_refused_naming_the_place) {
    for (std::uint64_t number = 0; number < kLines; ++number) {
        const std::filesystem::path path = segment(number / kSegmentRecords);
        const std::string whole = bytes_of(path);
        const std::size_t offset = (number % kSegmentRecords + 1) * 64;
        for (std::size_t bit = 0; bit < 64 * 8; ++bit) {
            std::string changed = whole;
            changed[offset + bit / 8] =
                static_cast<char>(changed[offset + bit / 8] ^ (1 << bit % 8));
            write_bytes(path, changed);
            try {
                const journal::JournalReader reader{folder_.path()};
                ADD_FAILURE() << "line " << number << " bit " << bit << " passed";
            } catch (const journal::JournalDamage& damage) {
                EXPECT_EQ(damage.where(), path);
                EXPECT_EQ(damage.offset(), offset);
                EXPECT_EQ(damage.record(), first_[number]);
            }
        }
        write_bytes(path, whole);
    }
}

TEST_F(PackedJournal, cut_at_any_length_keeps_its_whole_lines_and_is_recovered) {
    const std::string whole = bytes_of(segment(2));
    ASSERT_EQ(whole.size(), 3 * 64U);
    for (std::size_t length = 0; length < whole.size(); ++length) {
        write_bytes(segment(2), whole.substr(0, length));
        const std::uint64_t left = first_[length < 128 ? 6 : 7];
        {
            journal::JournalReader reader{folder_.path()};
            EXPECT_EQ(reader.ending(), journal::Ending::kNone);
            EXPECT_EQ(expect_numbered(reader), left) << length;
            EXPECT_EQ(reader.torn_bytes(), length % 64) << length;
        }
        EXPECT_EQ(journal::recover(folder_.path()).records, left);
        journal::JournalReader reader{folder_.path()};
        EXPECT_EQ(reader.ending(), journal::Ending::kRecovered);
        EXPECT_EQ(expect_numbered(reader), left);
    }
}

TEST_F(PackedJournal, whose_end_counts_other_records_than_there_are_is_refused) {
    std::string bytes = bytes_of(segment(2));
    const journal::Line end =
        journal::make_end(77, kLines, first_.back() + 1, journal::Ending::kClosed);
    bytes.replace(128, 64, reinterpret_cast<const char*>(end.data()), 64);
    write_bytes(segment(2), bytes);
    EXPECT_THROW(journal::JournalReader{folder_.path()}, journal::JournalDamage);
}

class PackedJournalOfOld : public PackedJournal {
  protected:
    PackedJournalOfOld() : PackedJournal(journal::kFormatVersionAlone) {}
};

TEST_F(PackedJournalOfOld, is_refused_because_its_version_had_no_packed_lines) {
    EXPECT_THROW(journal::JournalReader{folder_.path()}, journal::JournalDamage);
}

TEST(JournalOfOld, with_a_record_a_line_is_still_read_and_recovered) {
    const TempFolder folder;
    HandWritten written{folder.path(), 3, journal::kFormatVersionAlone};
    for (std::uint64_t n = 0; n < 8; ++n) {
        journal::Line line;
        const Event event = numbered(n);
        std::memcpy(line.data(), &event, line.size());
        written.add(line);
    }
    written.flush();
    {
        journal::JournalReader reader{folder.path()};
        EXPECT_EQ(expect_numbered(reader), 8U);
        EXPECT_EQ(reader.header().version, 1U);
    }
    EXPECT_EQ(journal::recover(folder.path()).records, 8U);
    journal::JournalReader reader{folder.path()};
    EXPECT_EQ(expect_numbered(reader), 8U);
    EXPECT_EQ(reader.ending(), journal::Ending::kRecovered);
}

TEST(JournalReader, says_when_there_is_no_journal) {
    const TempFolder folder;
    EXPECT_THROW(journal::JournalReader{folder.path()}, journal::JournalError);
    EXPECT_THROW(journal::JournalReader{folder / "none"}, journal::JournalError);
    EXPECT_THROW(journal::recover(folder.path()), journal::JournalError);
}

}  // namespace
