// dbn_import_bench: decoding DBN records from memory into column chunks, beside copying the same
// bytes and beside reading one field of each record.
//
//   dbn_import_bench [--rounds N] [--json FILE] [--gate]
//
// The records are made here. A block is one pass over 14 MiB of them, given to the decoder in the
// 1 MiB pieces that the importer reads; a sink takes every chunk and keeps nothing. --gate makes
// the exit status 1 when mbo is decoded at fewer than 20 million records a second.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <pthread.h>
#include <sched.h>

#include <sluice/adapters/dbn/dbn_decoder.hpp>

#include "burst.hpp"
#include "report.hpp"

namespace {

using namespace sluice;
namespace dbn = adapters::dbn;
using bench::Contender;
using bench::Sample;
using bench::Section;

constexpr std::size_t kRecords = std::size_t{1} << 18U;
constexpr std::size_t kPiece = std::size_t{1} << 20U;
constexpr double kGate_per_s = 20e6;
constexpr std::int64_t kDay_ns = 1'704'153'600'000'000'000;

class NullSink final : public pipeline::TickSink {
  public:
    std::uint64_t rows = 0;

    [[nodiscard]] std::string fingerprint(std::string_view) const override { return "bench"; }
    [[nodiscard]] bool holds(const pipeline::Instrument&, pipeline::Date, pipeline::TableKey,
                             const std::string&) override {
        return false;
    }
    pipeline::PutOutcome put(const pipeline::Instrument&, const pipeline::DayTables&) override {
        return pipeline::PutOutcome::kWritten;
    }
    [[nodiscard]] std::unique_ptr<pipeline::DayWriter> open_day(const pipeline::Instrument&,
                                                                pipeline::Date) override {
        return std::make_unique<Day>(*this);
    }

  private:
    class Day final : public pipeline::DayWriter {
      public:
        explicit Day(NullSink& sink) : sink_(sink) {}
        void append(const pipeline::TableChunk& chunk) override { sink_.rows += chunk.size(); }
        pipeline::PutOutcome commit(const pipeline::Provenance&) override {
            return pipeline::PutOutcome::kWritten;
        }

      private:
        NullSink& sink_;
    };
};

template <class Record>
void put(std::vector<std::byte>& to, std::size_t i, const Record& record) {
    std::memcpy(to.data() + i * sizeof(Record), &record, sizeof(Record));
}
[[nodiscard]] dbn::RecordHeader header(std::size_t size, std::uint8_t rtype, std::size_t i,
                                       std::uint32_t instruments) {
    // As a feed interleaves them: a few records of one, then another.
    const auto instrument =
        static_cast<std::uint32_t>(i / 3 * 2'654'435'761U >> 7U) % instruments + 1;
    return {static_cast<std::uint8_t>(size / dbn::kLengthUnit), rtype, 1, instrument,
            static_cast<std::uint64_t>(kDay_ns) + i * 1'000};
}

[[nodiscard]] std::vector<std::byte> make_mbo(std::uint32_t instruments) {
    constexpr char kActions[] = {'A', 'A', 'C', 'C', 'M', 'T', 'F', 'C'};
    std::mt19937_64 random(7);
    std::vector<std::byte> out(kRecords * sizeof(dbn::MboRecord));
    for (std::size_t i = 0; i < kRecords; ++i) {
        const std::uint64_t r = random();
        put(out, i,
            dbn::MboRecord{header(sizeof(dbn::MboRecord), dbn::kMbo, i, instruments), r,
                           static_cast<std::int64_t>(4'800'000'000'000 + r % 64 * 250'000'000),
                           static_cast<std::uint32_t>(1 + r % 9),
                           static_cast<std::uint8_t>(r % 2 * 0x80), 0,
                           static_cast<std::uint8_t>(kActions[r >> 8U & 7U]),
                           static_cast<std::uint8_t>(r >> 16U & 1U ? 'A' : 'B'),
                           static_cast<std::uint64_t>(kDay_ns) + i * 1'000 + 300, 200,
                           static_cast<std::uint32_t>(i)});
    }
    return out;
}
[[nodiscard]] std::vector<std::byte> make_mbp1() {
    std::mt19937_64 random(8);
    std::vector<std::byte> out(kRecords * sizeof(dbn::Mbp1Record));
    for (std::size_t i = 0; i < kRecords; ++i) {
        const std::uint64_t r = random();
        const auto price = static_cast<std::int64_t>(4'800'000'000'000 + r % 64 * 250'000'000);
        put(out, i,
            dbn::Mbp1Record{{header(sizeof(dbn::Mbp1Record), dbn::kMbp1, i, 1), price, 2,
                             static_cast<std::uint8_t>(r % 8 == 0 ? 'T' : 'A'), 'B', 0x80, 0,
                             static_cast<std::uint64_t>(kDay_ns) + i * 1'000 + 300, 200,
                             static_cast<std::uint32_t>(i)},
                            {price, price + 250'000'000, 10, 11, 3, 4}});
    }
    return out;
}

bool g_has_priority = true;
volatile std::uint64_t g_sum = 0;  // so that a scan is not left out

// ns a record of one pass at real-time priority, where the host allows it, then a pause as long.
template <class Work>
[[nodiscard]] Sample measure(Work&& work) {
    sched_param param{};
    param.sched_priority = 50;
    g_has_priority =
        ::pthread_setschedparam(::pthread_self(), SCHED_FIFO, &param) == 0 && g_has_priority;
    const auto start = std::chrono::steady_clock::now();
    work();
    const auto took = std::chrono::steady_clock::now() - start;
    param.sched_priority = 0;
    (void)::pthread_setschedparam(::pthread_self(), SCHED_OTHER, &param);
    std::this_thread::sleep_for(took);
    const double ns = std::chrono::duration<double, std::nano>(took).count();
    return {ns / static_cast<double>(kRecords), 0};
}

[[nodiscard]] Sample decode(const std::vector<std::byte>& records, std::uint32_t instruments) {
    NullSink sink;
    dbn::DbnOptions options;
    dbn::DbnMetadata metadata;
    metadata.version = 3;
    metadata.dataset = "GLBX.MDP3";
    const auto first = std::chrono::sys_days{std::chrono::year{2024} / 1 / 1};
    for (std::uint32_t i = 1; i <= instruments; ++i)
        metadata.symbols.add(i, first, first + std::chrono::days{9}, "S" + std::to_string(i));
    metadata.symbols.sort();
    dbn::InstrumentBook book;
    pipeline::ImportReport report;
    dbn::DbnDecoder decoder({"bench", "bench", "bench"}, std::move(metadata), sink, nullptr, book,
                            options, report);
    const Sample out = measure([&] {
        const std::span<const std::byte> bytes(records);
        for (std::size_t at = 0; at < bytes.size();)
            at += decoder.feed(bytes.subspan(at, std::min(kPiece, bytes.size() - at)));
        decoder.commit();
    });
    if (sink.rows < kRecords) {
        std::fprintf(stderr, "only %zu rows arrived\n", static_cast<std::size_t>(sink.rows));
        std::exit(2);
    }
    return out;
}

[[nodiscard]] Contender copying(const std::vector<std::byte>& records) {
    return {"memcpy of the same bytes",
            [&records] {
                static std::vector<std::byte> to;
                to.resize(records.size());
                return measure([&] { std::memcpy(to.data(), records.data(), records.size()); });
            },
            {}};
}
[[nodiscard]] Contender scanning(const std::vector<std::byte>& records, std::size_t size) {
    return {"sum of one field of each record",
            [&records, size] {
                return measure([&] {
                    std::uint64_t sum = 0;
                    for (std::size_t at = 0; at < records.size(); at += size)
                        sum += dbn::load<std::uint64_t>(records.data() + at + 24);
                    g_sum = sum;
                });
            },
            {}};
}

}  // namespace

int main(int argc, char** argv) {
    int rounds = 41;
    const char* json = nullptr;
    bool gate = false;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--rounds" && i + 1 < argc) {
            rounds = std::atoi(argv[++i]);
        } else if (argument == "--json" && i + 1 < argc) {
            json = argv[++i];
        } else if (argument == "--gate") {
            gate = true;
        } else {
            std::fprintf(stderr, "usage: dbn_import_bench [--rounds N] [--json FILE] [--gate]\n");
            return 2;
        }
    }
    const std::vector<std::byte> one = make_mbo(1);
    const std::vector<std::byte> many = make_mbo(400);
    const std::vector<std::byte> quotes = make_mbp1();
    std::vector<Section> sections;
    sections.push_back({"mbo", "memcpy", false, {}, {}});
    sections[0].contenders.push_back(copying(one));
    sections[0].contenders.push_back(scanning(one, sizeof(dbn::MboRecord)));
    sections[0].contenders.push_back(
        {"decode, one instrument", [&] { return decode(one, 1); }, {}});
    sections[0].contenders.push_back(
        {"decode, 400 instruments in turn", [&] { return decode(many, 400); }, {}});
    sections.push_back({"mbp-1, an eighth trades", "memcpy", false, {}, {}});
    sections[1].contenders.push_back(copying(quotes));
    sections[1].contenders.push_back(
        {"decode, one instrument", [&] { return decode(quotes, 1); }, {}});
    for (Section& section : sections) {
        bench::run_rounds(section.contenders, rounds, 7);
        bench::print(section);
    }
    const double per_s = 1e9 / bench::median(sections[0].contenders[2], &Sample::p50);
    std::printf("\nmbo: %.1f million records a second%s\n", per_s / 1e6,
                g_has_priority ? "" : " (without real-time priority)");
    if (json != nullptr) bench::write_json(json, sections, rounds, 0, g_has_priority);
    return gate && per_s < kGate_per_s ? 1 : 0;
}
