// The bytes of a journal, against values that others computed and offsets written down.
#include <array>
#include <cmath>
#include <cstring>

#include <sluice/adapters/journal/crc32c.hpp>
#include <sluice/adapters/journal/layout.hpp>

#include "journal_test_support.hpp"

namespace {

using namespace sluice;
using namespace sluice::test_journal;

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span{text}); }

TEST(JournalCrc, agrees_with_the_vectors_of_rfc_3720_and_the_check_value) {
    std::array<char, 32> pattern{};
    for (const auto crc : {journal::crc32c, journal::crc32c_portable}) {
        EXPECT_EQ(crc(0, bytes("123456789")), 0xE3069283U);
        pattern.fill(0);
        EXPECT_EQ(crc(0, std::as_bytes(std::span{pattern})), 0x8A9136AAU);
        pattern.fill('\xFF');
        EXPECT_EQ(crc(0, std::as_bytes(std::span{pattern})), 0x62A8AB43U);
        for (std::size_t i = 0; i < pattern.size(); ++i) pattern[i] = static_cast<char>(i);
        EXPECT_EQ(crc(0, std::as_bytes(std::span{pattern})), 0x46DD794EU);
        EXPECT_EQ(crc(crc(0, bytes("1234")), bytes("56789")), 0xE3069283U);
    }
}

TEST(JournalCrc, is_the_same_with_and_without_the_instruction_at_every_length) {
    const std::string text = "a text of some length, to be cut at every place there is in it";
    for (std::size_t length = 0; length <= text.size(); ++length) {
        const auto piece = bytes(text).first(length);
        EXPECT_EQ(journal::crc32c(7, piece), journal::crc32c_portable(7, piece)) << length;
    }
}

TEST(JournalLayout, puts_a_segment_headers_fields_where_the_format_says) {
    journal::SegmentHeader header{};
    header.version = journal::kFormatVersion;
    header.segment = 3;
    header.journal_id = 0x1122334455667788U;
    header.first_line = 2'000'000;
    header.segment_bytes = 67'108'864;
    header.header_bytes = 900;
    header.header_crc = 0xCAFEF00DU;
    const journal::Line line = journal::make_segment_header(header);
    EXPECT_EQ(std::memcmp(line.data(), "SLUJ\r\n\x1A\n", 8), 0);
    EXPECT_EQ(at<std::uint32_t>(line, 8), 2U);
    EXPECT_EQ(at<std::uint32_t>(line, 12), 3U);
    EXPECT_EQ(at<std::uint64_t>(line, 16), 0x1122334455667788U);
    EXPECT_EQ(at<std::uint64_t>(line, 24), 2'000'000U);
    EXPECT_EQ(at<std::uint64_t>(line, 32), 67'108'864U);
    EXPECT_EQ(at<std::uint32_t>(line, 40), 900U);
    EXPECT_EQ(at<std::uint32_t>(line, 44), 0xCAFEF00DU);
    EXPECT_EQ(at<std::uint64_t>(line, 48), 0U);
    std::string covered(60, '\0');
    std::memcpy(covered.data(), line.data(), 56);
    EXPECT_EQ(at<std::uint32_t>(line, 56), journal::crc32c_portable(0, bytes(covered)));
}

TEST(JournalLayout, seals_a_record_with_its_place_and_its_journal) {
    Event event = numbered(5);
    auto* line = reinterpret_cast<std::byte*>(&event);
    journal::seal_line(99, 5, line);
    std::string covered(76, '\0');
    covered[0] = 99;
    covered[8] = 5;
    std::memcpy(covered.data() + 16, line, 56);
    std::memcpy(covered.data() + 72, line + 60, 4);
    EXPECT_EQ(Event::RingStamp::of(event), journal::crc32c_portable(0, bytes(covered)));
    EXPECT_TRUE(journal::is_sealed(99, 5, line));
    EXPECT_FALSE(journal::is_sealed(99, 6, line));
    EXPECT_FALSE(journal::is_sealed(98, 5, line));
}

TEST(JournalLayout, lets_only_events_pass_that_can_be_indexed_by) {
    const auto with = [](Event event, std::size_t offset, int value) {
        const auto byte = static_cast<std::uint8_t>(value);
        std::memcpy(reinterpret_cast<std::byte*>(&event) + offset, &byte, 1);
        return event;
    };
    const Event trade = numbered(1);
    EXPECT_TRUE(journal::is_record(trade, 2));
    EXPECT_FALSE(journal::is_record(trade, 1));    // an instrument that is not there
    EXPECT_FALSE(journal::is_record(Event{}, 2));  // no kind
    const int cancel = static_cast<int>(pipeline::EventKind::kCancel);
    const int bar = static_cast<int>(pipeline::EventKind::kBar);
    EXPECT_FALSE(journal::is_record(with(trade, 62, bar), 2));  // derived, never journaled
    EXPECT_FALSE(journal::is_record(with(trade, 62, 200), 2));
    EXPECT_TRUE(journal::is_record(with(trade, 62, cancel), 2));
    const auto report = Event::report({}, core::SymbolId{0}, pipeline::ExecKind::kFill,
                                      pipeline::RejectReason::kNone, {});
    EXPECT_TRUE(journal::is_record(report, 2));
    EXPECT_FALSE(journal::is_record(with(report, 63, 0x0F), 2));  // no such execution
    const auto halt = Event::halt({}, pipeline::EventKind::kHalt, pipeline::HaltReason::kFeed);
    EXPECT_TRUE(journal::is_record(halt, 0));
    EXPECT_FALSE(journal::is_record(with(halt, 63, 7), 0));
    pipeline::ParameterChange change;
    change.value = 12;
    EXPECT_TRUE(journal::is_record(Event::parameter({}, change), 0));
    change.value = std::nan("");
    EXPECT_FALSE(journal::is_record(Event::parameter({}, change), 0));
    pipeline::Charge charge;
    EXPECT_TRUE(journal::is_record(Event::charge({}, core::kNoSymbol, charge), 0));
    charge.basis = pipeline::ChargeBasis::kValue;
    charge.value = pipeline::PackedMoney{core::Money::from_raw(pipeline::kRateScale)};
    EXPECT_FALSE(journal::is_record(Event::charge({}, core::kNoSymbol, charge), 1));
    EXPECT_TRUE(journal::is_record(Event::charge({}, core::SymbolId{0}, charge), 1));
    charge.value = pipeline::PackedMoney{core::Money::from_raw(pipeline::kRateScale + 1)};
    EXPECT_FALSE(journal::is_record(Event::charge({}, core::SymbolId{0}, charge), 1));
    charge.value = {};
    charge.parts = 0;  // to be divided by
    EXPECT_FALSE(journal::is_record(Event::charge({}, core::SymbolId{0}, charge), 1));
    charge = {};
    charge.currency = pipeline::kMaxCurrencies;
    EXPECT_FALSE(journal::is_record(Event::charge({}, core::kNoSymbol, charge), 1));
    const auto rate = [](std::size_t currency, std::int64_t raw) {
        return journal::is_record(Event::rate({}, static_cast<pipeline::CurrencyId>(currency),
                                              core::Price::from_raw(raw)),
                                  0);
    };
    EXPECT_TRUE(rate(1, pipeline::kLeastExchangeRate.raw()));
    EXPECT_TRUE(rate(1, pipeline::kMostExchangeRate.raw()));
    EXPECT_FALSE(rate(1, pipeline::kMostExchangeRate.raw() + 1));
    EXPECT_FALSE(rate(1, pipeline::kLeastExchangeRate.raw() - 1));
    EXPECT_FALSE(rate(pipeline::kAccountCurrency, pipeline::kLeastExchangeRate.raw()));
    EXPECT_FALSE(rate(pipeline::kMaxCurrencies, pipeline::kMostExchangeRate.raw()));
}

TEST(JournalLayout, lets_no_bytes_pass_for_an_approved_order_that_are_none) {
    const Event cancel = numbered(13);
    Event approved = cancel;
    const auto set = [&approved](std::size_t offset, std::uint8_t value) {
        std::memcpy(reinterpret_cast<std::byte*>(&approved) + offset, &value, 1);
    };
    set(62, static_cast<std::uint8_t>(pipeline::EventKind::kApproved));
    EXPECT_FALSE(journal::is_record(approved, 2));  // of another instrument
    set(40, static_cast<std::uint8_t>(core::index_of(cancel.symbol())));
    set(41, 0);
    for (std::size_t offset = 42; offset < 46; ++offset) set(offset, 0);
    EXPECT_TRUE(journal::is_record(approved, 2));
    set(45, 1);
    EXPECT_TRUE(journal::is_record(approved, 2));
    EXPECT_TRUE(approved.approved().is_replacement());
    for (const std::size_t offset : {42U, 43U, 44U, 45U}) {
        set(offset, 5);
        EXPECT_FALSE(journal::is_record(approved, 2)) << offset;
        set(offset, 0);
    }
}

TEST(JournalHeader, comes_back_as_it_was_written) {
    journal::JournalHeader header = sample_header();
    header.durability = journal::Durability::kDisk;
    header.journal_id = 0x00FF00FF00FF00FFU;
    header.segment_bytes = 4096;
    header.ring_file = "ring";
    EXPECT_EQ(journal::read_header(journal::write_header(header), "x"), header);
}

TEST(JournalLayout, puts_an_ends_fields_where_the_format_says) {
    const journal::Line line = journal::make_end(99, 5, 23, journal::Ending::kRecovered);
    EXPECT_EQ(std::memcmp(line.data(), "SLUJEND1", 8), 0);
    EXPECT_EQ(at<std::uint64_t>(line, 8), 23U);
    EXPECT_EQ(at<std::uint32_t>(line, 16), 2U);
    EXPECT_EQ(at<std::uint32_t>(line, 60), 0U);
    EXPECT_TRUE(journal::is_sealed(99, 5, line.data()));
    EXPECT_EQ(journal::ending_of(line.data()), journal::Ending::kRecovered);
    EXPECT_EQ(journal::records_of_end(line.data()), 23U);
}

TEST(JournalHeader, says_its_formats_version_and_refuses_one_it_does_not_know) {
    journal::JournalHeader header = sample_header();
    header.segment_bytes = 4096;
    header.version = 1;
    EXPECT_EQ(journal::read_header(journal::write_header(header), "x").version, 1U);
    header.version = 3;
    try {
        (void)journal::read_header(journal::write_header(header), "x");
        ADD_FAILURE() << "a version of the future passed";
    } catch (const journal::JournalError& error) {
        EXPECT_NE(std::string{error.what()}.find("sluice.journal/3"), std::string::npos);
    }
}

TEST(JournalHeader, refuses_every_text_that_is_cut_short) {
    journal::JournalHeader header = sample_header();
    header.segment_bytes = 4096;
    const std::string text = journal::write_header(header);
    for (std::size_t length = 0; length + 2 < text.size(); ++length)
        EXPECT_THROW((void)journal::read_header(text.substr(0, length), "x"), journal::JournalError)
            << length;
}

}  // namespace
