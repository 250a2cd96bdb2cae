// lean_import_bench: importing LEAN ticks of equities, beside reading the numbers of the same text.
//
//   lean_import_bench [--rounds N] [--json FILE] [--gate]
//
// The rows are made here. A block is the import of one archive of a million rows, opened, checked
// against its CRC, decoded and handed over in chunks to a sink that keeps nothing. Its entry is
// stored, so that decompression costs a copy; the last contender deflates it, as vendors do. The
// baseline finds the lines with memchr and reads each field with from_chars, and keeps nothing.
// --gate makes the exit status 1 when fewer than 5 million rows a second are imported.

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <stdlib.h>
#include <time.h>
#include <zip.h>

#include <sluice/adapters/lean/lean_import.hpp>

#include "burst.hpp"
#include "report.hpp"

namespace {

using namespace sluice;
namespace fs = std::filesystem;
using bench::Contender;
using bench::Sample;
using bench::Section;

constexpr std::size_t kRows = 1'000'000;
constexpr double kGate_per_s = 5e6;

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

[[nodiscard]] std::string make_trades() {
    constexpr const char* kConditions[] = {"1", "20000020", "2000", "20002020"};
    std::mt19937_64 random(7);
    std::string out;
    for (std::size_t i = 0; i < kRows; ++i) {
        const std::uint64_t r = random();
        out += std::to_string(34'200'000 + i * 23 / 1000) + "," +
               std::to_string(1'670'100 + r % 20'000) + "," + std::to_string(100 + r % 900) + "," +
               static_cast<char>('A' + (r >> 20U) % 26) + "," + kConditions[r >> 30U & 3U] + ",0\n";
    }
    return out;
}
[[nodiscard]] std::string make_quotes() {
    std::mt19937_64 random(8);
    std::string out;
    for (std::size_t i = 0; i < kRows; ++i) {
        const std::uint64_t r = random();
        const std::string side =
            std::to_string(1'670'100 + r % 20'000) + "," + std::to_string(100 + r % 900);
        out += std::to_string(34'200'000 + i * 23 / 1000) + "," +
               (i % 2 == 0 ? side + ",0,0" : "0,0," + side) + ",P,1,0\n";
    }
    return out;
}

[[nodiscard]] fs::path write_zip(const fs::path& path, const std::string& text, bool deflate) {
    fs::create_directories(path.parent_path());
    int error = 0;
    zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error);
    zip_source_t* source =
        archive == nullptr ? nullptr : zip_source_buffer(archive, text.data(), text.size(), 0);
    const zip_int64_t index = source == nullptr ? -1 : zip_file_add(archive, "rows.csv", source, 0);
    if (index < 0 ||
        zip_set_file_compression(archive, static_cast<zip_uint64_t>(index),
                                 deflate ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0) != 0 ||
        zip_close(archive) != 0) {
        std::fprintf(stderr, "cannot write %s\n", path.c_str());
        std::exit(2);
    }
    return path;
}

volatile std::int64_t g_sum = 0;  // so that a scan is not left out

[[nodiscard]] double thread_time_ns() {
    timespec at{};
    (void)::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return static_cast<double>(at.tv_sec) * 1e9 + static_cast<double>(at.tv_nsec);
}

// ns a row of one pass, of this thread's own processor time: what one core does.
template <class Work>
[[nodiscard]] Sample measure(Work&& work) {
    const double start = thread_time_ns();
    work();
    return {(thread_time_ns() - start) / static_cast<double>(kRows), 0};
}

void scan(const std::string& text) {
    std::int64_t sum = 0;
    const char* const end = text.data() + text.size();
    for (const char* at = text.data(); at != end;) {
        const auto* const stop =
            static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
        while (at < stop) {
            std::int64_t value = 0;
            at = std::from_chars(at, stop, value).ptr;
            sum += value;
            while (at < stop && *at++ != ',') {}
        }
        at = stop + 1;
    }
    g_sum = sum;
}

[[nodiscard]] Contender scanning(const std::string& text) {
    return {"memchr and from_chars over the text",
            [&text] { return measure([&] { scan(text); }); },
            {}};
}
[[nodiscard]] Contender importing(const char* name, fs::path path) {
    return {name,
            [path = std::move(path)] {
                NullSink sink;
                const Sample out = measure([&] { (void)adapters::lean::import_lean(path, sink); });
                if (sink.rows != kRows) {
                    std::fprintf(stderr, "only %zu rows arrived\n",
                                 static_cast<std::size_t>(sink.rows));
                    std::exit(2);
                }
                return out;
            },
            {}};
}

[[nodiscard]] Section section(const fs::path& folder, const char* kind, const std::string& text) {
    const fs::path base = folder / "equity/usa/tick";
    const std::string name = std::string("20131007_") + kind + ".zip";
    Section out{std::string("equity ") + kind + " ticks", "scan", false, {}, {}};
    out.contenders.push_back(scanning(text));
    out.contenders.push_back(importing("import", write_zip(base / "stored" / name, text, false)));
    out.contenders.push_back(
        importing("import, decompressing", write_zip(base / "deflated" / name, text, true)));
    return out;
}

}  // namespace

int main(int argc, char** argv) {
    int rounds = 15;
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
            std::fprintf(stderr, "lean_import_bench [--rounds N] [--json FILE] [--gate]\n");
            return 2;
        }
    }
    std::string folder = (fs::temp_directory_path() / "lean-import-bench-XXXXXX").string();
    if (rounds < 1 || ::mkdtemp(folder.data()) == nullptr) return 2;
    const std::string trades = make_trades();
    const std::string quotes = make_quotes();
    std::vector<Section> sections;
    sections.push_back(section(folder, "trade", trades));
    sections.push_back(section(folder, "quote", quotes));
    bool passed = true;
    for (Section& it : sections) {
        bench::run_rounds(it.contenders, rounds, 42);
        bench::print(it);
        const double per_s = 1e9 / bench::median(it.contenders[1], &Sample::p50);
        const bool enough = per_s >= kGate_per_s;
        std::printf("  %.1f million rows a second  %s >= %.0f\n", per_s / 1e6,
                    enough ? "pass" : "FAIL", kGate_per_s / 1e6);
        passed = passed && enough;
    }
    if (json != nullptr) bench::write_json(json, sections, rounds, 0, false);
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    return gate && !passed ? 1 : 0;
}
