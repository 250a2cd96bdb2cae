// store_scan_bench: reading columns of ticks and adding their values up, from memory, from HDF5
// columns in one piece, from columns packed by the store's codec, and through HDF5's Blosc filter.
//
//   store_scan_bench [--rounds N] [--day FILE] [--folder DIR] [--json FILE] [--gate]
//
// --day takes the trades of a day file of the store, repeated, in place of generated ticks.
// --folder holds about 1.5 GB of files while it runs. --gate makes the exit status 1 when a target
// of perf/store.md is missed.
//
// Method: bench/burst.hpp. 16.8 million ticks, more than 500 MB; a block reads an eighth of them,
// each round another one, so that nothing is still in a cache from the round before. Files are in
// the page cache and mapped with their pages present.
#include <algorithm>
#include <chrono>
#include <exception>
#include <fstream>
#include <memory>
#include <optional>

#include <sluice/core/hot/tsc.hpp>

#include "burst.hpp"
#include "report.hpp"
#include "store_files.hpp"

namespace {

using namespace sluice;
using adapters::tick_store::ColumnCursor;
using adapters::tick_store::kBlockValues;
using adapters::tick_store::kChunkValues;
using bench::Contender;
using bench::Layout;
using bench::Sample;
using bench::StoreColumns;
using bench::StoreFile;

constexpr std::size_t kSlices = 8;
constexpr std::size_t kTicks = kChunkValues * 1024;
constexpr std::size_t kSliceTicks = kTicks / kSlices;

struct Files {
    StoreColumns columns;
    std::unique_ptr<StoreFile> contiguous;
    std::unique_ptr<StoreFile> packed;
    std::unique_ptr<StoreFile> blosc;  // where its filter is installed
    bool has_priority = true;
    std::vector<std::uint64_t> sums;  // of each slice, as memory has it
    std::size_t tick_bytes = 0;
};

// Nanoseconds that work() takes in one burst, then a pause as long.
template <class Work>
double timed(Files& files, const Work& work) {
    sched_param param{};
    param.sched_priority = 50;
    files.has_priority =
        ::pthread_setschedparam(::pthread_self(), SCHED_FIFO, &param) == 0 && files.has_priority;
    const auto start = std::chrono::steady_clock::now();
    work();
    const auto took = std::chrono::steady_clock::now() - start;
    param.sched_priority = 0;
    (void)::pthread_setschedparam(::pthread_self(), SCHED_OTHER, &param);
    std::this_thread::sleep_for(took);
    return std::chrono::duration<double, std::nano>(took).count();
}

// Calls scan(first row) for the next slice in one burst; the sum has to be the right one.
template <class Scan>
Sample burst(Files& files, std::size_t& turn, const Scan& scan) {
    const std::size_t slice = turn++ % kSlices;
    std::uint64_t sum = 0;
    const double ns = timed(files, [&] { sum = scan(slice * kSliceTicks); }) / kSliceTicks;
    if (sum != files.sums[slice]) bench::give_up("a contender read other values");
    return {ns, ns};
}

// All columns of the rows, some rows at a time as a replay takes them: add(column, row).
template <class Add>
std::uint64_t each_piece(const Files& files, std::size_t first, std::size_t step, const Add& add) {
    std::uint64_t sum = 0;
    for (std::size_t row = first; row < first + kSliceTicks; row += step) {
        for (std::size_t i = 0; i < files.columns.size(); ++i) sum += add(i, row);
    }
    return sum;
}

std::uint64_t scan_memory(const Files& files, std::size_t first) {
    return each_piece(files, first, kChunkValues, [&files](std::size_t i, std::size_t row) {
        const auto& column = files.columns[i];
        return bench::sum_bytes(column.row(row), column.width, kChunkValues);
    });
}

std::uint64_t scan_contiguous(const Files& files, std::size_t first) {
    return each_piece(files, first, kChunkValues, [&files](std::size_t i, std::size_t row) {
        const std::size_t width = files.columns[i].width;
        return bench::sum_bytes(files.contiguous->bytes(i, 0).data() + row * width, width,
                                kChunkValues);
    });
}

template <class T>
std::uint64_t scan_chunk(std::span<const std::byte> chunk) {
    alignas(64) T block[kBlockValues];
    ColumnCursor<T> cursor{chunk};
    std::uint64_t sum = 0;
    while (const std::size_t values = cursor.next(block)) sum += bench::sum(block, values);
    return sum;
}

std::uint64_t scan_packed(const Files& files, std::size_t first) {
    return each_piece(files, first, kChunkValues, [&files](std::size_t i, std::size_t row) {
        const auto chunk = files.packed->bytes(i, row / kChunkValues);
        switch (files.columns[i].width) {
            case 8: return scan_chunk<std::int64_t>(chunk);
            case 4: return scan_chunk<std::uint32_t>(chunk);
            default: return scan_chunk<std::uint8_t>(chunk);
        }
    });
}

std::uint64_t scan_by_hdf5(const Files& files, const StoreFile& file, std::size_t step,
                           std::vector<std::byte>& buffer, std::size_t first) {
    return each_piece(files, first, step, [&](std::size_t i, std::size_t row) {
        const auto& column = files.columns[i];
        file.read(column, i, row, step, buffer.data());
        return bench::sum_bytes(buffer.data(), column.width, step);
    });
}

std::vector<Contender> contenders_of(Files& files) {
    std::vector<Contender> out;
    const auto add = [&](const char* name, auto scan) {
        out.push_back(
            {name,
             [&files, scan, turn = std::size_t{0}]() mutable { return burst(files, turn, scan); },
             {}});
    };
    const auto by_hdf5 = [&](const char* name, const StoreFile& file, std::size_t step) {
        const auto buffer = std::make_shared<std::vector<std::byte>>(step * 8);
        add(name, [&files, &file, step, buffer](std::size_t first) {
            return scan_by_hdf5(files, file, step, *buffer, first);
        });
    };
    add("memory", [&files](std::size_t first) { return scan_memory(files, first); });
    add("one piece, mapped", [&files](std::size_t first) { return scan_contiguous(files, first); });
    add("packed, mapped", [&files](std::size_t first) { return scan_packed(files, first); });
    by_hdf5("one piece, H5Dread", *files.contiguous, 65536);
    by_hdf5("packed, H5Dread and our filter", *files.packed, kChunkValues);
    if (files.blosc) by_hdf5("Blosc-LZ4 with shuffle, H5Dread", *files.blosc, bench::kBloscChunk);
    return out;
}

Files make_files(const std::filesystem::path& folder, const std::string& day) {
    Files files;
    files.columns =
        day.empty() ? bench::generated_columns(kTicks) : bench::columns_of_day(day, kTicks);
    files.tick_bytes = bench::bytes_of_a_tick(files.columns);
    for (std::size_t slice = 0; slice < kSlices; ++slice) {
        files.sums.push_back(scan_memory(files, slice * kSliceTicks));
    }
    const auto make = [&](const char* name, Layout layout) {
        return std::make_unique<StoreFile>(folder / name, layout, files.columns);
    };
    files.contiguous = make("contiguous.h5", Layout::kContiguous);
    files.packed = make("packed.h5", Layout::kPacked);
    if (H5Zfilter_avail(bench::kBloscFilter) > 0) {
        files.blosc = make("blosc.h5", Layout::kBlosc);
    } else {
        std::puts("Blosc's filter is not installed (Debian: hdf5-filter-plugin-blosc-serial)");
    }
    return files;
}

template <class T>
std::size_t pack_chunk(const std::byte* values, std::span<std::byte> out) {
    const void* const typed = values;
    return adapters::tick_store::encode_column(
        std::span<const T>{static_cast<const T*>(typed), kChunkValues}, out);
}

// Nanoseconds a tick to pack all columns: the median of bursts of sixteen chunks.
double packing_ns(Files& files) {
    constexpr std::size_t kPacked = 16 * kChunkValues;
    std::vector<std::byte> out(kChunkValues * 9);
    std::vector<double> bursts;
    const auto pack = [&files, &out](std::size_t row) {
        std::size_t bytes = 0;
        for (const auto& column : files.columns) {
            bytes += column.width == 8   ? pack_chunk<std::int64_t>(column.row(row), out)
                     : column.width == 4 ? pack_chunk<std::uint32_t>(column.row(row), out)
                                         : pack_chunk<std::uint8_t>(column.row(row), out);
        }
        if (bytes == 0) bench::give_up("nothing was packed");
    };
    for (std::size_t first = 0; first + kPacked <= kTicks; first += kTicks / 16) {
        bursts.push_back(timed(files, [&] {
            for (std::size_t row = first; row < first + kPacked; row += kChunkValues) pack(row);
        }));
    }
    return bench::quantile(bursts, 0.5) / kPacked;
}

nlohmann::ordered_json sizes_of(Files& files) {
    const auto raw = static_cast<double>(files.tick_bytes * kTicks);
    nlohmann::ordered_json out{{"ticks", kTicks},
                               {"bytes_of_a_tick", files.tick_bytes},
                               {"packed_of_raw", static_cast<double>(files.packed->stored()) / raw},
                               {"packing_ns_of_a_tick", packing_ns(files)}};
    if (files.blosc) out["blosc_of_raw"] = static_cast<double>(files.blosc->stored()) / raw;
    return out;
}

void print_sizes(const Files& files, const bench::Section& section,
                 const nlohmann::ordered_json& sizes) {
    std::printf("\nsizes %s\n", sizes.dump().c_str());
    for (const Contender& it : section.contenders) {
        std::printf("  %-44s %7.2f GB/s of raw columns\n", it.name.c_str(),
                    static_cast<double>(files.tick_bytes) / bench::median(it, &Sample::p50));
    }
}

// Adds the sizes to the report of the sections.
void add_sizes(const std::string& path, const nlohmann::ordered_json& sizes) {
    auto report = nlohmann::ordered_json::parse(std::ifstream{path});
    report["sizes"] = sizes;
    std::ofstream{path} << report.dump(1) << '\n';
}

// A folder of its own that goes when the program ends.
struct Scratch {
    std::filesystem::path path;
    explicit Scratch(const std::filesystem::path& parent)
        : path{parent / ("store_scan_bench." + std::to_string(::getpid()))} {
        std::filesystem::create_directories(path);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
};

struct Options {
    int rounds = 24;
    std::string day;
    std::filesystem::path folder = std::filesystem::temp_directory_path();
    std::string json;
    bool is_gate = false;
};

std::optional<Options> read_options(int argc, char** argv) {
    Options out;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        const bool has_value = i + 1 < argc;
        if (argument == "--rounds" && has_value) {
            out.rounds = std::max(1, std::atoi(argv[++i]));
        } else if (argument == "--day" && has_value) {
            out.day = argv[++i];
        } else if (argument == "--folder" && has_value) {
            out.folder = argv[++i];
        } else if (argument == "--json" && has_value) {
            out.json = argv[++i];
        } else if (argument == "--gate") {
            out.is_gate = true;
        } else {
            return std::nullopt;
        }
    }
    return out;
}

int run(const Options& options) {
    const Scratch scratch{options.folder};
    Files files = make_files(scratch.path, options.day);
    std::vector<bench::Section> sections;
    const std::string name = options.day.empty() ? "scan, generated ticks" : "scan, a day's trades";
    sections.push_back({name, "memory", false, {{2, 0.9}}, contenders_of(files)});
    bench::run_rounds(sections[0].contenders, options.rounds, 7);
    const auto& all = sections[0].contenders;
    if (files.blosc) {
        sections.push_back({name + ", packed beside Blosc-LZ4",
                            "Blosc-LZ4",
                            false,
                            {{1, 2.0}},
                            {all.back(), all[2], all[4]}});
    }
    bool all_pass = true;
    for (const bench::Section& section : sections) {
        bench::print(section);
        for (const auto& gate : section.gates) all_pass = all_pass && bench::passes(section, gate);
    }
    const nlohmann::ordered_json sizes = sizes_of(files);
    print_sizes(files, sections[0], sizes);
    if (!files.has_priority) std::puts("\nreal-time priority was refused: expect noise");
    if (!options.json.empty()) {
        bench::write_json(options.json.c_str(), sections, options.rounds,
                          core::TscClock::calibrate().ticks_per_second(), files.has_priority);
        add_sizes(options.json, sizes);
    }
    return options.is_gate && !all_pass ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::optional<Options> options = read_options(argc, argv);
    if (!options) {
        std::fputs(
            "usage: store_scan_bench [--rounds N] [--day FILE] [--folder DIR] [--json FILE] "
            "[--gate]\n",
            stderr);
        return 2;
    }
    const std::vector<std::size_t> cores = core::available_cores();
    if (!cores.empty()) (void)core::pin_this_thread(cores.back());
    H5PLprepend(SLUICE_HDF5_FILTERS);
    try {
        return run(*options);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "store_scan_bench: %s\n", error.what());
        return 2;
    }
}
