// The DBN importer on files made here, record by record.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "dbn_test_support.hpp"

namespace sluice::tests {
namespace {

using pipeline::ImportFault;
using testing::ElementsAre;
using testing::HasSubstr;

const MemorySink::Key kEs{"ESH4.GLBX", kDay};

class DbnEveryVersion : public testing::TestWithParam<std::uint8_t> {};
INSTANTIATE_TEST_SUITE_P(Versions, DbnEveryVersion, testing::Values(1, 2, 3));

TEST_P(DbnEveryVersion, files_orders_with_every_field_as_the_venue_sent_it) {
    std::string bytes = dbn_head(GetParam(), 0);
    append_bytes(bytes, mbo('A', 'B', 5, 0xFFFF'FFFF'FFFF'FFFE, 0x80 | 0x20 | 0x08 | 0x04));
    append_bytes(bytes, mbo('C', 'A', 6, 2, 0));
    DbnRun run;
    const auto report = run.import(bytes);
    EXPECT_EQ(report.tables_written, 1U);
    EXPECT_EQ(report.rows_stored, 2U);
    const pipeline::OrderColumns& orders = run.sink.orders.at(kEs);
    EXPECT_THAT(orders.time_ns, ElementsAre(kDayNs + 5, kDayNs + 6));
    EXPECT_THAT(orders.received_ns, ElementsAre(kDayNs + 55, kDayNs + 56));
    EXPECT_THAT(orders.order, ElementsAre(-2, 2));
    EXPECT_THAT(orders.price_raw, ElementsAre(4'800'250'000'000, 4'800'250'000'000));
    EXPECT_THAT(orders.quantity_raw, ElementsAre(300'000'000, 300'000'000));
    EXPECT_THAT(orders.sequence, ElementsAre(99, 99));
    EXPECT_THAT(orders.action, ElementsAre('A', 'C'));
    EXPECT_THAT(orders.side, ElementsAre('B', 'A'));
    EXPECT_THAT(orders.flags, ElementsAre(pipeline::kRowEventEnd | pipeline::kRowSnapshot |
                                              pipeline::kRowBadTime | pipeline::kRowGapBefore,
                                          0));
    EXPECT_EQ(run.sink.instruments.at(kEs).time_zone, "UTC");
    EXPECT_EQ(run.sink.sources.at(kEs).rows, 2U);
}

TEST(DbnImport, reads_the_same_from_a_compressed_file_of_several_frames) {
    std::string plain = dbn_head(3, 0);
    for (std::uint64_t i = 0; i < 40'000; ++i)
        append_bytes(plain, mbo('A', 'B', static_cast<std::int64_t>(i), i));
    DbnRun a;
    DbnRun b;
    ASSERT_EQ(a.import(plain).rows_stored, 40'000U);
    const std::size_t cut = 1'000'001;
    ASSERT_EQ(
        b.import(compressed(plain.substr(0, cut)) + compressed(plain.substr(cut)), "x.dbn.zst")
            .rows_stored,
        40'000U);
    EXPECT_EQ(a.sink.orders, b.sink.orders);
}

TEST(DbnImport, files_a_snapshot_under_the_day_it_was_received_and_keeps_the_time_of_its_orders) {
    std::string bytes = dbn_head(3, 0);
    dbn::MboRecord yesterday = mbo('A', 'B', 0, 1, 0x28);
    yesterday.header.ts_event = static_cast<std::uint64_t>(kDayNs - 3'600'000'000'000);
    yesterday.ts_recv = static_cast<std::uint64_t>(kDayNs);
    append_bytes(bytes, yesterday);
    DbnRun run;
    (void)run.import(bytes);
    EXPECT_THAT(run.sink.orders.at(kEs).time_ns, ElementsAre(kDayNs - 3'600'000'000'000));
}

TEST(DbnImport, gives_the_clearing_of_a_book_neither_price_nor_size) {
    std::string bytes = dbn_head(3, 0);
    dbn::MboRecord clear = mbo('R', 'N', 0);
    clear.price = dbn::kNoPrice;
    clear.size = 0;
    append_bytes(bytes, clear);
    DbnRun run;
    (void)run.import(bytes);
    EXPECT_THAT(run.sink.orders.at(kEs).price_raw, ElementsAre(0));
    EXPECT_THAT(run.sink.orders.at(kEs).action, ElementsAre('R'));
}

TEST(DbnImport, files_each_row_under_its_own_utc_date) {
    std::string bytes = dbn_head(3, 4, {{"ESH4", 20'240'101, 20'240'104}});
    for (const std::int64_t day : {0, -1, 0, 1})
        append_bytes(bytes, trade(dbn::kTrades, 'T', 'A', day * 86'400'000'000'000));
    DbnRun run;
    EXPECT_EQ(run.import(bytes).tables_written, 3U);
    EXPECT_EQ(run.sink.trades.at(kEs).size(), 2U);
    EXPECT_EQ(run.sink.trades.at({"ESH4.GLBX", *pipeline::parse_iso_date("2024-01-01")}).size(),
              1U);
}

TEST(DbnImport, tells_the_aggressor_of_a_trade_by_its_side) {
    std::string bytes = dbn_head(3, 4);
    for (const char side : {'B', 'A', 'N'}) append_bytes(bytes, trade(dbn::kTrades, 'T', side, 1));
    DbnRun run;
    (void)run.import(bytes);
    const auto& trades = run.sink.trades.at(kEs);
    EXPECT_THAT(trades.flags,
                ElementsAre(pipeline::kRowEventEnd | pipeline::kRowBuyer,
                            pipeline::kRowEventEnd | pipeline::kRowSeller, pipeline::kRowEventEnd));
    EXPECT_THAT(trades.conditions, ElementsAre(0x1'0080, 0x1'0080, 0x1'0080));
    EXPECT_THAT(trades.sequence, ElementsAre(100, 100, 100));
}

TEST(DbnImport, makes_a_quote_of_each_best_level_and_a_trade_of_each_trade) {
    std::string bytes = dbn_head(2, 1);
    append_bytes(bytes, mbp1(dbn::kMbp1, 'A', 'B', 1));
    dbn::Mbp1Record no_ask = mbp1(dbn::kMbp1, 'T', 'A', 2);
    no_ask.level.ask_price = dbn::kNoPrice;
    append_bytes(bytes, no_ask);
    DbnRun run;
    EXPECT_EQ(run.import(bytes).tables_written, 2U);
    const auto& quotes = run.sink.quotes.at(kEs);
    EXPECT_THAT(quotes.bid_raw, ElementsAre(4'800'000'000'000, 4'800'000'000'000));
    EXPECT_THAT(quotes.ask_raw, ElementsAre(4'800'500'000'000, 0));
    EXPECT_THAT(quotes.ask_size_raw, ElementsAre(1'200'000'000, 0));
    EXPECT_THAT(run.sink.trades.at(kEs).time_ns, ElementsAre(kDayNs + 2));
}

TEST(DbnImport, takes_the_end_of_the_interval_as_the_time_of_a_sampled_quote) {
    std::string bytes = dbn_head(3, 18);
    dbn::Mbp1Record sampled = mbp1(dbn::kBbo1s, '\0', 'N', 0);
    sampled.event.header.ts_event = dbn::kNoTime;  // no trade yet
    sampled.event.ts_recv = static_cast<std::uint64_t>(kDayNs + 1'000'000'000);
    append_bytes(bytes, sampled);
    DbnRun run;
    (void)run.import(bytes);
    EXPECT_THAT(run.sink.quotes.at(kEs).time_ns, ElementsAre(kDayNs + 1'000'000'000));
    EXPECT_TRUE(run.sink.trades.empty());
}

TEST(DbnImport, makes_of_ten_levels_one_snapshot_that_ends_with_its_last_row) {
    std::string bytes = dbn_head(3, 2);
    dbn::Mbp10Record record{};
    record.event = trade(dbn::kMbp10, 'A', 'B', 1);
    record.event.header.length = sizeof record / dbn::kLengthUnit;
    record.event.flags = 0;
    for (dbn::BookLevel& level : record.levels) level = {dbn::kNoPrice, dbn::kNoPrice, 0, 0, 0, 0};
    append_bytes(bytes, record);  // an empty book
    record.event.sequence = 101;
    record.levels[0] = {10, 20, 1, 2, 1, 1};
    record.levels[1] = {9, dbn::kNoPrice, 3, 0, 1, 0};
    append_bytes(bytes, record);
    DbnRun run;
    EXPECT_EQ(run.import(bytes).tables_written, 2U);
    constexpr std::uint8_t kInside = pipeline::kRowSnapshot;
    constexpr std::uint8_t kLast = pipeline::kRowSnapshot | pipeline::kRowEventEnd;
    const auto& levels = run.sink.levels.at(kEs);
    EXPECT_THAT(levels.price_raw, ElementsAre(0, 10, 9, 20));
    EXPECT_THAT(levels.quantity_raw, ElementsAre(0, 100'000'000, 300'000'000, 200'000'000));
    EXPECT_THAT(levels.side, ElementsAre('B', 'B', 'B', 'A'));
    EXPECT_THAT(levels.flags, ElementsAre(kLast, kInside, kInside, kLast));
    EXPECT_THAT(levels.sequence, ElementsAre(100, 101, 101, 101));
    EXPECT_THAT(levels.previous, ElementsAre(0, 100, 100, 100));
}

TEST(DbnImport, keeps_hourly_bars_by_year_and_counts_volume_in_whole_units) {
    std::string bytes = dbn_head(3, 7);
    append_bytes(bytes, dbn::OhlcvRecord{header_of<dbn::OhlcvRecord>(dbn::kOhlcv1h, kDayNs), 10, 13,
                                         9, 12, 5});
    DbnRun run;
    (void)run.import(bytes);
    const auto& bars =
        run.sink.bars.at({"ESH4.GLBX", *pipeline::parse_iso_date("2024-01-01"), 3600});
    EXPECT_THAT(bars.high_raw, ElementsAre(13));
    EXPECT_THAT(bars.volume_raw, ElementsAre(500'000'000));
}

TEST(DbnImport, reads_records_that_end_with_the_time_they_were_sent) {
    std::string bytes = dbn_head(3, 0);
    for (int i = 0; i < 3; ++i) {
        dbn::MboRecord record = mbo('A', 'B', i);
        record.header.length = sizeof record / dbn::kLengthUnit + 2;
        append_bytes(bytes, record);
        append_bytes(bytes, std::uint64_t{1});
    }
    DbnRun run;
    EXPECT_EQ(run.import(bytes).rows_stored, 3U);
}

TEST(DbnImport, counts_and_names_the_types_that_it_leaves_out) {
    std::string bytes = dbn_head(3, 0xFFFF);
    std::string statistics(80, '\0');
    statistics[0] = 20;
    statistics[1] = 0x18;
    bytes += statistics + statistics;
    append_bytes(bytes, mbo('A', 'B', 0));
    DbnRun run;
    const auto report = run.import(bytes);
    EXPECT_EQ(report.rows_stored, 1U);
    EXPECT_EQ(report.rows_skipped, 2U);
    ASSERT_EQ(report.bad_rows.size(), 1U);
    EXPECT_THAT(describe(report.bad_rows[0]), HasSubstr("type 24"));
    EXPECT_EQ(run.sink.sources.at(kEs).rows, 3U);
}

TEST(DbnImport, names_instruments_as_the_records_of_a_live_recording_say) {
    std::string bytes = dbn_head(3, 0xFFFF, {});
    dbn::SymbolMappingV2 mapping{};
    mapping.header = header_of<dbn::SymbolMappingV2>(dbn::kSymbolMapping, kDayNs);
    std::strcpy(mapping.symbol_in, "ES.FUT");
    std::strcpy(mapping.symbol_out, "ESH4");
    append_bytes(bytes, mapping);
    append_bytes(bytes, mbo('A', 'B', 0));
    DbnRun run;
    EXPECT_EQ(run.import(bytes).rows_stored, 1U);
    EXPECT_EQ(run.sink.orders.at(kEs).size(), 1U);
}

TEST(DbnImport, finds_the_symbol_of_an_instrument_that_was_asked_for_by_number) {
    std::string bytes = dbn_head(1, 0, {{"7", 20'240'102, 20'240'103, "ESH4"}}, 0);
    append_bytes(bytes, mbo('A', 'B', 0));
    DbnRun run;
    EXPECT_EQ(run.import(bytes).rows_stored, 1U);
    EXPECT_EQ(run.sink.orders.count(kEs), 1U);
}

TEST(DbnImport, refuses_an_instrument_that_the_metadata_do_not_name_on_that_day) {
    std::string bytes = dbn_head(3, 0, {{"ESH4", 20'240'103, 20'240'104}});
    append_bytes(bytes, mbo('A', 'B', 0));
    EXPECT_THAT(DbnRun().refusal(bytes, ImportFault::kBadRow),
                HasSubstr("row 1: the metadata give"));
}

TEST(DbnImport, refuses_a_record_longer_than_the_file) {
    std::string bytes = dbn_head(3, 0);
    append_bytes(bytes, mbo('A', 'B', 0));
    append_bytes(bytes, mbo('A', 'B', 1));
    for (const std::size_t missing : {1U, 40U, 55U})
        EXPECT_THAT(
            DbnRun().refusal(bytes.substr(0, bytes.size() - missing), ImportFault::kDamaged),
            HasSubstr("record 2 is longer than the file"));
}

TEST(DbnImport, refuses_a_record_shorter_than_its_header) {
    std::string bytes = dbn_head(3, 0) + std::string(56, '\0');
    bytes[bytes.size() - 56] = 3;
    EXPECT_THAT(DbnRun().refusal(bytes, ImportFault::kDamaged), HasSubstr("record 1 has 12 bytes"));
}

TEST(DbnImport, refuses_a_record_shorter_than_its_type) {
    std::string bytes = dbn_head(3, 1);
    dbn::TradeRecord cut = trade(dbn::kMbp1, 'A', 'B', 0);
    append_bytes(bytes, cut);
    EXPECT_THAT(DbnRun().refusal(bytes, ImportFault::kBadRow), HasSubstr("shorter than the 80"));
}

TEST(DbnImport, refuses_every_prefix_of_a_head_without_reading_beyond_it) {
    const std::string whole = dbn_head(3, 0);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        DbnRun run;
        EXPECT_THROW((void)run.import(whole.substr(0, size)), pipeline::ImportError) << size;
    }
}

TEST(DbnImport, refuses_a_list_that_claims_more_than_the_metadata_hold) {
    for (const std::size_t at : {112U, 187U, 195U}) {
        std::string bytes = dbn_head(3, 0);
        const std::uint32_t many = 0xFFFF'FFFF;
        std::memcpy(bytes.data() + at, &many, sizeof many);
        EXPECT_THAT(DbnRun().refusal(bytes, ImportFault::kDamaged), HasSubstr("longer than"));
    }
}

TEST(DbnImport, refuses_other_versions_fragments_and_the_older_container_by_name) {
    std::string newer = dbn_head(3, 0);
    newer[3] = 4;
    EXPECT_THAT(DbnRun().refusal(newer, ImportFault::kUnsupported), HasSubstr("DBN version 4"));
    std::string fragment;
    append_bytes(fragment, mbo('A', 'B', 0));
    EXPECT_THAT(DbnRun().refusal(fragment, ImportFault::kUnsupported),
                HasSubstr("fragment without metadata"));
    const std::string dbz("\x51\x2A\x4D\x18\0\0\0\0", 8);
    EXPECT_THAT(DbnRun().refusal(dbz, ImportFault::kUnsupported), HasSubstr("DBZ"));
}

TEST(DbnImport, reads_a_fragment_whose_version_and_data_set_are_given) {
    std::string bytes;
    append_bytes(bytes, mbo('A', 'B', 0));
    DbnRun run;
    run.options.fragment = dbn::DbnFragment{1, "GLBX.MDP3"};
    EXPECT_EQ(run.import(compressed(bytes), "x.frag.zst").rows_stored, 1U);
    EXPECT_EQ(run.sink.orders.count({"7.GLBX", kDay}), 1U);
}

TEST(DbnImport, refuses_compressed_data_that_are_cut_off_or_corrupt) {
    std::string bytes = dbn_head(3, 0);
    for (std::uint64_t i = 0; i < 1'000; ++i) append_bytes(bytes, mbo('A', 'B', 1, i * 77'777));
    const std::string whole = compressed(bytes);
    EXPECT_THAT(DbnRun().refusal(whole.substr(0, whole.size() - 1), ImportFault::kDamaged),
                HasSubstr("cut off"));
    std::string corrupt = whole;
    corrupt[whole.size() / 2] = static_cast<char>(~corrupt[whole.size() / 2]);
    DbnRun run;
    EXPECT_THROW((void)run.import(corrupt), pipeline::ImportError);
    EXPECT_TRUE(run.sink.sources.empty());
}

TEST(DbnImport, skips_bad_rows_when_told_to_and_reports_each) {
    std::string bytes = dbn_head(3, 4);
    append_bytes(bytes, trade(dbn::kTrades, 'T', 'A', 0));
    dbn::TradeRecord bad = trade(dbn::kTrades, 'T', 'A', 1);
    bad.price = dbn::kNoPrice;
    append_bytes(bytes, bad);
    bad.price = -1;
    append_bytes(bytes, bad);
    bad = trade(dbn::kTrades, 'Q', 'A', 1);
    append_bytes(bytes, bad);
    bad = trade(dbn::kTrades, 'T', 'X', 1);
    append_bytes(bytes, bad);
    bad = trade(dbn::kTrades, 'T', 'A', 1);
    bad.header.ts_event = dbn::kNoTime;
    append_bytes(bytes, bad);
    DbnRun run;
    EXPECT_THAT(run.refusal(bytes, ImportFault::kBadRow), HasSubstr("row 2: has no price"));
    run.options.on_bad_row = pipeline::OnBadRow::kSkip;
    const auto report = run.import(bytes);
    EXPECT_EQ(report.rows_stored, 1U);
    EXPECT_EQ(report.rows_skipped, 5U);
    EXPECT_EQ(report.bad_rows.size(), 5U);
    EXPECT_EQ(report.bad_rows.back().row, 6U);
    EXPECT_EQ(run.sink.sources.at(kEs).rows, 6U);
}

TEST(DbnImport, does_not_mix_the_books_of_two_publishers) {
    std::string bytes = dbn_head(3, 0);
    append_bytes(bytes, mbo('A', 'B', 0));
    dbn::MboRecord other = mbo('A', 'B', 1);
    other.header.publisher_id = 2;
    append_bytes(bytes, other);
    EXPECT_THAT(DbnRun().refusal(bytes, ImportFault::kBadRow), HasSubstr("second publisher"));
}

TEST(DbnImport, tells_an_instrument_by_its_definition_also_to_the_other_files_of_a_folder) {
    dbn::DefinitionV3 es{};
    es.header = header_of<dbn::DefinitionV3>(dbn::kDefinition, kDayNs);
    es.min_price_increment = 250'000'000;
    es.display_factor = 10'000'000;
    es.min_price_increment_amount = 125'000'000;
    es.unit_of_measure_qty = 50'000'000'000;
    es.instrument_class = 'F';
    std::strcpy(es.currency, "USD");
    std::strcpy(es.raw_symbol, "ESH4");
    std::string definitions = dbn_head(3, 9);
    append_bytes(definitions, es);
    std::string orders = dbn_head(3, 0);
    append_bytes(orders, mbo('A', 'B', 0));
    DbnRun run;
    write_file(run.folder / "a.mbo.dbn", orders);
    write_file(run.folder / "z.definition.dbn", definitions);
    write_file(run.folder / "readme.txt", "no data");
    const auto report = dbn::import_dbn(run.folder.path(), run.sink, &run.reference, run.options);
    EXPECT_EQ(report.files_ignored, 1U);
    EXPECT_EQ(report.tables_written, 2U);
    const pipeline::Instrument& defined = run.reference.instruments.at("ESH4.GLBX");
    EXPECT_EQ(defined.tick_size.raw(), 250'000'000);
    EXPECT_EQ(defined.multiplier, core::Quantity::from_units(50));
    EXPECT_EQ(defined.asset_class, pipeline::AssetClass::kFuture);
    EXPECT_EQ(run.sink.instruments.at(kEs), defined);
}

TEST(DbnImport, gives_no_rows_to_a_store_that_holds_the_tables_of_the_file) {
    std::string bytes = dbn_head(3, 1);
    append_bytes(bytes, mbp1(dbn::kMbp1, 'T', 'B', 1));
    append_bytes(bytes, mbp1(dbn::kMbp1, 'T', 'B', 2));
    TempFolder folder;
    write_file(folder / "x.dbn", bytes);
    FullSink sink;
    const auto report = dbn::import_dbn(folder / "x.dbn", sink, nullptr);
    EXPECT_EQ(report.tables_unchanged, 2U);
    EXPECT_EQ(report.rows_stored, 0U);
    const std::string source = " of " + std::to_string(bytes.size());
    EXPECT_THAT(sink.asked, ElementsAre("ESH4.GLBX quotes" + source, "ESH4.GLBX trades" + source));
}

TEST(DbnImport, stops_when_asked_to_and_stores_nothing_of_the_file_in_hand) {
    std::string bytes = dbn_head(3, 0);
    for (std::uint64_t i = 0; i < 200'000; ++i) append_bytes(bytes, mbo('A', 'B', 1, i));
    DbnRun run;
    std::uint64_t calls = 0;
    run.options.progress = [&](const pipeline::ImportProgress& at) {
        EXPECT_LE(at.bytes, at.bytes_total);
        return ++calls < 2;
    };
    EXPECT_TRUE(run.import(bytes).cancelled);
    EXPECT_EQ(calls, 2U);
    EXPECT_TRUE(run.sink.orders.empty());
}

TEST(DbnImport, keeps_every_row_of_more_instruments_than_its_memory_holds) {
    constexpr std::uint32_t kInstruments = 3'000;
    std::vector<Mapping> mappings;
    for (std::uint32_t i = 1; i <= kInstruments; ++i)
        mappings.push_back({"S" + std::to_string(i), 20'240'102, 20'240'103, std::to_string(i)});
    std::string bytes = dbn_head(2, 4, mappings);
    for (int turn = 0; turn < 20; ++turn) {
        for (std::uint32_t i = 1; i <= kInstruments; ++i) {
            dbn::TradeRecord record = trade(dbn::kTrades, 'T', 'A', turn);
            record.header.instrument_id = i;
            append_bytes(bytes, record);
        }
    }
    DbnRun run;
    run.options.rows_in_memory = 1;
    EXPECT_EQ(run.import(bytes).rows_stored, 20U * kInstruments);
    for (const auto& [key, trades] : run.sink.trades) {
        ASSERT_EQ(trades.size(), 20U);
        for (std::size_t i = 0; i < 20; ++i)
            ASSERT_EQ(trades.time_ns[i], kDayNs + static_cast<std::int64_t>(i));
    }
}

RC_GTEST_PROP(DbnImport, ends_in_a_report_or_an_error_whatever_bytes_are_changed, ()) {
    std::string bytes = dbn_head(*rc::gen::inRange<std::uint8_t>(1, 4), 0);
    for (int i = 0; i < 5; ++i) append_bytes(bytes, mbo('A', 'B', i));
    for (int i = 0; i < 3; ++i) {
        const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
        bytes[at] = static_cast<char>(*rc::gen::inRange(-128, 128));
    }
    DbnRun run;
    run.options.on_bad_row = pipeline::OnBadRow::kSkip;
    try {
        const auto report = run.import(bytes);
        RC_ASSERT(report.rows_stored + report.rows_skipped <= 7U);
    } catch (const pipeline::ImportError&) {
        RC_ASSERT(run.sink.sources.empty());
    }
}

}  // namespace
}  // namespace sluice::tests
