#include <sluice/adapters/binance/binance_import.hpp>

#include <zlib.h>

#include <gmock/gmock.h>

#include "tick_store_test_support.hpp"

namespace sluice::tests {
namespace {

using adapters::binance::BinanceOptions;
using adapters::binance::import_binance;
using adapters::binance::instrument_for;
using adapters::binance::Market;
using pipeline::ImportError;
using pipeline::ImportFault;
using pipeline::ImportReport;
using pipeline::OnBadRow;
using testing::ElementsAre;
using testing::HasSubstr;

// 2024-01-02 00:00:00 and later, as the recorder and as the venue write it.
std::string received(std::int64_t us) { return std::to_string(kDayNs + us * 1000) + " "; }
std::string stamp(std::int64_t ms) { return std::to_string(kDayNs / 1'000'000 + ms); }

std::string depth(std::int64_t us, std::int64_t ms, std::int64_t first, std::int64_t last,
                  const std::string& bids, const std::string& asks) {
    return received(us) + R"({"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":)" +
           stamp(ms) + R"(,"s":"BTCUSDT","U":)" + std::to_string(first) + R"(,"u":)" +
           std::to_string(last) + R"(,"b":[)" + bids + R"(],"a":[)" + asks + "]}}\n";
}
std::string snapshot(std::int64_t us, std::int64_t last, const std::string& bids,
                     const std::string& asks) {
    return received(us) + R"({"lastUpdateId":)" + std::to_string(last) + R"(,"bids":[)" + bids +
           R"(],"asks":[)" + asks + "]}\n";
}
std::string ticker(std::int64_t us, std::int64_t id) {
    return received(us) + R"({"stream":"btcusdt@bookTicker","data":{"u":)" + std::to_string(id) +
           R"(,"s":"BTCUSDT","b":"100.10","B":"2.5","a":"100.20","A":"0.00000001"}})" + "\n";
}
std::string trade_line(std::int64_t us, std::int64_t ms, std::int64_t id, bool buyer_is_maker) {
    return received(us) + R"({"stream":"btcusdt@trade","data":{"e":"trade","E":)" + stamp(ms) +
           R"(,"s":"BTCUSDT","t":)" + std::to_string(id) +
           R"(,"p":"61800.30","q":"0.006","T":1,"m":)" + (buyer_is_maker ? "true" : "false") +
           "}}\n";
}
std::string gzip(const std::string& text) {
    std::string out(compressBound(text.size()) + 64, '\0');
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string in = text;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

// Remembers how much it was given at once.
class ChunkSink final : public pipeline::TickSink {
  public:
    [[nodiscard]] std::string fingerprint(std::string_view) const override { return {}; }
    [[nodiscard]] bool holds(const pipeline::Instrument&, pipeline::Date, pipeline::TableKey,
                             const std::string&) override {
        return false;
    }
    pipeline::PutOutcome put(const pipeline::Instrument&, const pipeline::DayTables&) override {
        return pipeline::PutOutcome::kUnchanged;
    }
    [[nodiscard]] std::unique_ptr<pipeline::DayWriter> open_day(const pipeline::Instrument&,
                                                                pipeline::Date) override {
        return std::make_unique<Day>(sizes);
    }
    std::vector<std::size_t> sizes;

  private:
    class Day final : public pipeline::DayWriter {
      public:
        explicit Day(std::vector<std::size_t>& sizes) : sizes_(sizes) {}
        void append(const pipeline::TableChunk& chunk) override { sizes_.push_back(chunk.size()); }
        pipeline::PutOutcome commit(const pipeline::Provenance&) override {
            return pipeline::PutOutcome::kUnchanged;
        }

      private:
        std::vector<std::size_t>& sizes_;
    };
};

class BinanceImport : public testing::Test {
  protected:
    ImportReport import(const std::string& bytes, BinanceOptions options = {},
                        const std::string& name = "spot/btcusdt_20240102.gz") {
        write_file(folder_ / name, bytes);
        return import_binance(folder_ / name, sink_, options);
    }
    // The fault and the message of an import that fails; nothing may be stored by it.
    std::string refusal(const std::string& bytes, ImportFault fault, BinanceOptions options = {},
                        const std::string& name = "spot/btcusdt_20240102.gz") {
        const std::size_t stored = sink_.sources.size();
        try {
            (void)import(bytes, std::move(options), name);
        } catch (const ImportError& error) {
            EXPECT_EQ(error.fault(), fault) << error.what();
            EXPECT_EQ(sink_.sources.size(), stored);
            return error.what();
        }
        ADD_FAILURE() << "was imported";
        return {};
    }
    // Of a line in between two good ones.
    std::string bad_row(const std::string& line) {
        return refusal(ticker(1, 1) + line + "\n" + ticker(2, 2), ImportFault::kBadRow);
    }
    const pipeline::LevelColumns& levels() { return sink_.levels[{kSpot, kDay}]; }
    const pipeline::QuoteColumns& quotes() { return sink_.quotes[{kSpot, kDay}]; }
    const pipeline::TradeColumns& trades() { return sink_.trades[{kSpot, kDay}]; }

    static constexpr const char* kSpot = "BTCUSDT.BINANCE";
    TempFolder folder_;
    MemorySink sink_;
};

TEST_F(BinanceImport, stores_depth_and_snapshot_as_levels_with_the_venues_numbers) {
    const ImportReport report = import(
        depth(5, 1200, 41, 45, R"(["100.1","0.5"],["99.90","0.00000000"])", R"(["100.2","1"])") +
        snapshot(9, 44, R"(["100.0","3"])", R"(["100.3","4"])"));
    EXPECT_EQ(report.tables_written, 1U);
    EXPECT_EQ(report.rows_stored, 5U);
    constexpr auto kEnd = pipeline::kRowEventEnd;
    constexpr auto kSnap = pipeline::kRowSnapshot;
    EXPECT_THAT(levels().price_raw, ElementsAre(100'100'000'000, 99'900'000'000, 100'200'000'000,
                                                100'000'000'000, 100'300'000'000));
    EXPECT_THAT(levels().quantity_raw,
                ElementsAre(50'000'000, 0, 100'000'000, 300'000'000, 400'000'000));
    EXPECT_THAT(levels().sequence, ElementsAre(45, 45, 45, 44, 44));
    EXPECT_THAT(levels().previous, ElementsAre(40, 40, 40, 44, 44));
    EXPECT_THAT(levels().side, ElementsAre('B', 'B', 'A', 'B', 'A'));
    EXPECT_THAT(levels().flags, ElementsAre(0, 0, kEnd, kSnap, kSnap | kEnd));
    EXPECT_EQ(levels().time_ns.front(), kDayNs + 1'200'000'000);
    EXPECT_EQ(levels().received_ns.front(), kDayNs + 5'000);
    EXPECT_EQ(levels().time_ns.back(), kDayNs + 9'000);  // has no time of the venue
}

TEST_F(BinanceImport, stores_tickers_as_quotes_and_trades_with_their_aggressor) {
    (void)import(ticker(7, 900) + trade_line(8, 30, 55, true) + trade_line(9, 31, 56, false));
    EXPECT_THAT(quotes().bid_raw, ElementsAre(100'100'000'000));
    EXPECT_THAT(quotes().ask_size_raw, ElementsAre(1));
    EXPECT_THAT(quotes().sequence, ElementsAre(900));
    EXPECT_THAT(quotes().time_ns, ElementsAre(kDayNs + 7'000));
    EXPECT_THAT(trades().price_raw, ElementsAre(61'800'300'000'000, 61'800'300'000'000));
    EXPECT_THAT(trades().quantity_raw, ElementsAre(600'000, 600'000));
    EXPECT_THAT(trades().sequence, ElementsAre(55, 56));
    EXPECT_THAT(trades().flags, ElementsAre(pipeline::kRowSeller, pipeline::kRowBuyer));
    EXPECT_THAT(trades().time_ns, ElementsAre(kDayNs + 30'000'000, kDayNs + 31'000'000));
    EXPECT_THAT(trades().received_ns, ElementsAre(kDayNs + 8'000, kDayNs + 9'000));
}

TEST_F(BinanceImport, ties_usd_m_events_by_pu) {
    const std::string line =
        received(5) + R"({"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":)" + stamp(1) +
        R"(,"T":1,"s":"BTCUSDT","U":10,"u":20,"pu":7,"b":[["1","2"]],"a":[]}})";
    (void)import(line + "\n", {}, "usdm/btcusdt_20240102.gz");
    const auto& stored = sink_.levels[{"BTCUSDT-PERP.BINANCE", kDay}];
    EXPECT_THAT(stored.previous, ElementsAre(7));
    EXPECT_THAT(stored.sequence, ElementsAre(20));
    EXPECT_THAT(bad_row(line), HasSubstr("row 2: pu: spot has none. Is this a USD-M capture?"));
    EXPECT_THAT(refusal(depth(1, 1, 5, 6, "", R"(["1","2"])"), ImportFault::kBadRow,
                        {.market = Market::kUsdM}),
                HasSubstr("Is this a spot capture?"));
}

TEST_F(BinanceImport, joins_events_over_those_without_levels) {
    (void)import(depth(1, 1, 1, 5, R"(["1","2"])", "") + depth(2, 2, 6, 8, "", "") +
                 depth(3, 3, 9, 9, "", "") + depth(4, 4, 10, 12, R"(["1","3"])", "") +
                 depth(5, 5, 13, 14, "", "") + depth(6, 6, 16, 17, R"(["1","4"])", ""));
    EXPECT_THAT(levels().sequence, ElementsAre(5, 12, 17));
    EXPECT_THAT(levels().previous, ElementsAre(0, 5, 15));  // 15 is missing
}

TEST_F(BinanceImport, reads_gzip_of_several_members_and_plain_text_alike) {
    (void)import(gzip(ticker(1, 1)) + gzip(ticker(2, 2) + ticker(3, 3)));
    EXPECT_THAT(quotes().sequence, ElementsAre(1, 2, 3));
    (void)import(ticker(4, 4) + received(5) + ticker(5, 5).substr(received(5).size()), {},
                 "spot/plain.txt");
    EXPECT_THAT(quotes().sequence, ElementsAre(1, 2, 3, 4, 5));
}

TEST_F(BinanceImport, files_rows_by_the_date_of_receipt_and_by_symbol) {
    const std::string other = R"({"stream":"ethusdt@bookTicker","data":{"u":3,"s":"ETHUSDT",)"
                              R"("b":"1","B":"1","a":"2","A":"1"}})";
    const ImportReport report = import(trade_line(86'399'900'000, 86'400'100, 5, true) +
                                       trade_line(86'400'000'000, 86'399'900, 6, true) +
                                       ticker(86'399'900'000, 6) + received(7) + other + "\n");
    EXPECT_EQ(report.tables_written, 4U);
    EXPECT_EQ(quotes().size(), 1U);
    EXPECT_THAT(trades().sequence, ElementsAre(5));  // though the venue is past midnight
    const pipeline::Date next = std::chrono::year{2024} / std::chrono::January / 3;
    EXPECT_THAT((sink_.trades[{kSpot, next}].sequence), ElementsAre(6));
    EXPECT_EQ((sink_.quotes[{"ETHUSDT.BINANCE", kDay}].size()), 1U);
    EXPECT_EQ((sink_.sources[{kSpot, next}].rows), 4U);
    EXPECT_EQ((sink_.sources[{kSpot, next}].name), "btcusdt_20240102.gz");
}

TEST_F(BinanceImport, understands_event_times_in_microseconds) {
    std::string line = trade_line(1, 5, 1, true);
    line.replace(line.find(stamp(5)), stamp(5).size(), stamp(5) + "123");
    (void)import(line);
    EXPECT_THAT(trades().time_ns, ElementsAre(kDayNs + 5'123'000));
}

TEST_F(BinanceImport, gives_the_sink_no_more_than_64_ki_rows_at_a_time) {
    std::string side;
    for (int i = 1; i <= 80'000; ++i)
        side += (i == 1 ? "[\"" : ",[\"") + std::to_string(i) + R"(","1"])";
    write_file(folder_ / "spot/btcusdt.gz", gzip(snapshot(1, 1, side, "")));
    ChunkSink sink;
    const ImportReport report = import_binance(folder_ / "spot/btcusdt.gz", sink);
    EXPECT_THAT(sink.sizes, ElementsAre(65'536U, 80'000U - 65'536U));
    EXPECT_EQ(report.tables_unchanged, 1U);
    EXPECT_EQ(report.rows_stored, 0U);
}

TEST_F(BinanceImport, reports_its_progress_and_stores_all_rows_in_order) {
    std::string text;
    for (int i = 0; i < 70'000; ++i) text += ticker(i, i + 1);
    std::uint64_t calls = 0;
    BinanceOptions options;
    options.progress = [&calls](const pipeline::ImportProgress& progress) {
        EXPECT_LE(progress.bytes, progress.bytes_total);
        return ++calls > 0;
    };
    EXPECT_EQ(import(gzip(text), options).rows_stored, 70'000U);
    EXPECT_EQ(calls, 2U);
    ASSERT_EQ(quotes().size(), 70'000U);
    for (std::size_t i = 0; i < quotes().size(); ++i)
        ASSERT_EQ(quotes().sequence[i], static_cast<std::int64_t>(i) + 1);
}

TEST_F(BinanceImport, stores_nothing_when_it_is_told_to_end) {
    std::string text;
    for (int i = 0; i < 70'000; ++i) text += ticker(i, i + 1);
    BinanceOptions options;
    options.progress = [](const pipeline::ImportProgress&) { return false; };
    EXPECT_TRUE(import(text, options).cancelled);
    EXPECT_TRUE(sink_.sources.empty());
}

TEST_F(BinanceImport, says_what_is_wrong_with_a_row_and_where) {
    EXPECT_THAT(bad_row(""), HasSubstr("btcusdt_20240102.gz: row 2: does not begin with"));
    EXPECT_THAT(bad_row("12x {}"), HasSubstr("receive time"));
    EXPECT_THAT(bad_row("99999999999999999999 {}"), HasSubstr("receive time"));
    EXPECT_THAT(bad_row("12"), HasSubstr("receive time"));
    EXPECT_THAT(bad_row("12 "), HasSubstr("JSON: "));
    EXPECT_THAT(bad_row("12 {\"stream\":\"a@trade\""), HasSubstr("JSON: "));
    EXPECT_THAT(bad_row("12 []"), HasSubstr("JSON: "));
    EXPECT_THAT(bad_row("12 {} {}"), HasSubstr("JSON: "));
    EXPECT_THAT(bad_row(R"(12 {"result":null,"id":1})"), HasSubstr("neither a stream's message"));
    EXPECT_THAT(bad_row(R"(12 {"stream":"a@aggTrade","data":{"s":"A"}})"), HasSubstr("only depth"));
    EXPECT_THAT(bad_row(R"(12 {"stream":"a@trade","data":{"s":"../A"}})"),
                HasSubstr("s: not a sy"));
    EXPECT_THAT(bad_row(R"(12 {"stream":"a@trade","data":{"s":"A","E":-1}})"), HasSubstr("E: not"));
    EXPECT_THAT(bad_row(R"(12 {"stream":"a@trade","data":{"s":"A","E":1}})"), HasSubstr("t: miss"));
}

TEST_F(BinanceImport, refuses_numbers_that_a_row_cannot_hold_exactly) {
    const auto with = [this](const char* from, const char* to) {
        std::string line = trade_line(1, 1, 1, true);
        line.pop_back();
        line.replace(line.find(from), std::string(from).size(), to);
        return bad_row(line);
    };
    EXPECT_THAT(with("0.006", "0.000000001"), HasSubstr("q: "));
    EXPECT_THAT(with("0.006", "-1"), HasSubstr("q: is negative"));
    EXPECT_THAT(with("61800.30", "1e5"), HasSubstr("p: "));
    EXPECT_THAT(with("61800.30", "99999999999"), HasSubstr("p: "));
    EXPECT_THAT(with("\"61800.30\"", "61800.30"), HasSubstr("p: missing, or not of its kind"));
    EXPECT_THAT(with("true", "1"), HasSubstr("m: missing"));
}

TEST_F(BinanceImport, refuses_depth_that_contradicts_itself) {
    const auto line = [](std::string text) { return text.substr(0, text.size() - 1); };
    EXPECT_THAT(bad_row(line(depth(1, 1, 9, 8, "", ""))), HasSubstr("U, u, pu: out of order"));
    EXPECT_THAT(bad_row(line(depth(1, 1, 8, 9, R"(["1"])", ""))), HasSubstr("b: a level is not"));
    EXPECT_THAT(bad_row(line(depth(1, 1, 8, 9, "", R"(["1","x"])"))), HasSubstr("a: "));
    EXPECT_THAT(bad_row(line(snapshot(1, 9, "", ""))), HasSubstr("a snapshot without levels"));
}

TEST_F(BinanceImport, leaves_out_and_counts_bad_rows_when_told_to) {
    const ImportReport report =
        import(ticker(1, 1) + "rubbish\r\n" + ticker(2, 2), {.on_bad_row = OnBadRow::kSkip});
    EXPECT_EQ(report.rows_skipped, 1U);
    ASSERT_EQ(report.bad_rows.size(), 1U);
    EXPECT_EQ(report.bad_rows.front().row, 2U);
    EXPECT_EQ(report.bad_rows.front().text, "rubbish");
    EXPECT_THAT(quotes().sequence, ElementsAre(1, 2));
    EXPECT_EQ((sink_.sources[{kSpot, kDay}].rows), 3U);
}

TEST_F(BinanceImport, refuses_an_archive_that_ends_early_or_is_damaged) {
    std::string text;
    for (int i = 0; i < 5'000; ++i) text += ticker(i * 7919 % 5000, i + 1);
    std::string whole = gzip(text);
    EXPECT_THAT(refusal(whole.substr(0, whole.size() / 2), ImportFault::kDamaged),
                HasSubstr("the archive ends early"));
    EXPECT_THAT(refusal(whole.substr(0, whole.size() - 3), ImportFault::kDamaged),
                HasSubstr("the archive ends early"));
    whole[whole.size() - 6] = static_cast<char>(whole[whole.size() - 6] + 1);  // its checksum
    EXPECT_THAT(refusal(whole, ImportFault::kDamaged), HasSubstr("Copy or record the file again"));
    EXPECT_THAT(refusal("", ImportFault::kDamaged), HasSubstr("is empty"));
}

TEST_F(BinanceImport, refuses_a_line_longer_than_any_message_and_goes_on_after_it) {
    const std::string text =
        ticker(1, 1) + std::string(std::size_t{5} << 20U, 'x') + "\n" + ticker(2, 2);
    EXPECT_THAT(refusal(gzip(text), ImportFault::kBadRow), HasSubstr("longer than any message"));
    EXPECT_EQ(import(gzip(text), {.on_bad_row = OnBadRow::kSkip}).rows_skipped, 1U);
    EXPECT_THAT(quotes().sequence, ElementsAre(1, 2));
}

TEST_F(BinanceImport, asks_for_the_market_and_the_snapshots_symbol_when_no_name_says_them) {
    EXPECT_THAT(refusal(ticker(1, 1), ImportFault::kBadOption, {}, "captures/btcusdt.gz"),
                HasSubstr("spot or usdm?"));
    EXPECT_THAT(refusal(snapshot(1, 1, R"(["1","2"])", ""), ImportFault::kBadRow, {}, "spot/-.gz"),
                HasSubstr("name its symbol"));
    (void)import(snapshot(1, 1, R"(["1","2"])", ""),
                 {.market = Market::kUsdM, .snapshot_symbol = "ETHUSDT"}, "captures/-.gz");
    EXPECT_EQ((sink_.levels[{"ETHUSDT-PERP.BINANCE", kDay}].size()), 1U);
    EXPECT_THROW((void)import("", {.snapshot_symbol = "eth usdt"}), ImportError);
    EXPECT_THROW((void)import_binance(folder_ / "spot/none.gz", sink_), ImportError);
}

TEST_F(BinanceImport, refuses_a_file_of_too_many_days) {
    std::string text;
    for (std::int64_t day = 0; day < 400; ++day) text += ticker(day * 86'400'000'000, day + 1);
    EXPECT_THAT(refusal(text, ImportFault::kUnsupported), HasSubstr("more than 366 instruments"));
}

TEST_F(BinanceImport, reads_every_capture_below_a_folder_and_counts_the_rest) {
    write_file(folder_ / "all/spot/btcusdt_1.gz", gzip(ticker(1, 1)));
    write_file(folder_ / "all/usdm/btcusdt_1.gz", gzip(ticker(1, 2)));
    write_file(folder_ / "all/notes.txt", "x");
    const ImportReport report = import_binance(folder_ / "all", sink_);
    EXPECT_EQ(report.tables_written, 2U);
    EXPECT_EQ(report.files_ignored, 1U);
    EXPECT_THAT((sink_.quotes[{"BTCUSDT-PERP.BINANCE", kDay}].sequence), ElementsAre(2));
    fs::create_directories(folder_ / "none");
    EXPECT_THROW((void)import_binance(folder_ / "none", sink_), ImportError);
}

TEST_F(BinanceImport, knows_the_instruments_by_their_names) {
    const pipeline::Instrument spot = instrument_for("ETHBTC", Market::kSpot);
    EXPECT_EQ(spot.symbol, "ETHBTC.BINANCE");
    EXPECT_EQ(spot.currency, "BTC");
    EXPECT_EQ(spot.time_zone, "UTC");
    EXPECT_EQ(spot.asset_class, pipeline::AssetClass::kCrypto);
    EXPECT_EQ(instrument_for("BTCUSDT", Market::kUsdM).symbol, "BTCUSDT-PERP.BINANCE");
    const pipeline::Instrument dated = instrument_for("BTCUSDT_240927", Market::kUsdM);
    EXPECT_EQ(dated.symbol, "BTCUSDT_240927.BINANCE");
    EXPECT_EQ(dated.currency, "USDT");
    pipeline::Instrument given;
    given.currency = "EUR";
    (void)import(ticker(1, 1), {.instrument = given});
    EXPECT_EQ((sink_.instruments[{kSpot, kDay}].currency), "EUR");
    EXPECT_EQ((sink_.instruments[{kSpot, kDay}].symbol), kSpot);
}

}  // namespace
}  // namespace sluice::tests
