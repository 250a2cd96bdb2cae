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

// A small journal that was closed, and what its files held.
class ClosedJournal : public testing::Test {
  protected:
    ClosedJournal() {
        journal::JournalOptions options;
        options.segment_bytes = 64 * (1 + kSegmentRecords);
        journal::Journal written{folder_.path(), sample_header(), options};
        record(written, 0, kRecords);
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

TEST(JournalReader, says_when_there_is_no_journal) {
    const TempFolder folder;
    EXPECT_THROW(journal::JournalReader{folder.path()}, journal::JournalError);
    EXPECT_THROW(journal::JournalReader{folder / "none"}, journal::JournalError);
    EXPECT_THROW(journal::recover(folder.path()), journal::JournalError);
}

}  // namespace
