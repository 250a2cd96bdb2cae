#include <sluice/adapters/dbn/dbn_import.hpp>

#include <algorithm>
#include <cstring>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include <sluice/adapters/dbn/dbn_decoder.hpp>

#include "dbn_input.hpp"

namespace sluice::adapters::dbn {
namespace {

namespace fs = std::filesystem;
using pipeline::ImportError;
using pipeline::ImportFault;
using pipeline::ImportReport;

constexpr std::size_t kBufferSize = std::size_t{1} << 20U;

// The metadata, read from the front of the file, or those that the options give.
[[nodiscard]] DbnMetadata read_head(DbnInput& input, const DbnOptions& options) {
    if (options.fragment) {
        DbnMetadata out;
        out.version = options.fragment->version;
        out.dataset = options.fragment->dataset;
        return out;
    }
    std::byte prelude[kPreludeSize];
    const std::size_t got = input.read(prelude);
    std::uint8_t version = 0;
    const std::size_t length = read_prelude({prelude, got}, version, input.where());
    // Grows with what is there, so that a false length costs no memory.
    std::vector<std::byte> body;
    while (body.size() < length) {
        const std::size_t before = body.size();
        body.resize(std::min(length, before + kBufferSize));
        const std::size_t part = input.read(std::span(body).subspan(before));
        if (part != body.size() - before)
            throw ImportError(ImportFault::kDamaged, input.where() +
                                                         ": ends inside its metadata. "
                                                         "Fetch it again.");
    }
    return read_metadata(version, body, input.where());
}

void check_fragment(const DbnOptions& options) {
    if (!options.fragment) return;
    const DbnFragment& fragment = *options.fragment;
    if (fragment.version < kOldestVersion || fragment.version > kNewestVersion)
        throw ImportError(ImportFault::kBadOption, "fragment version " +
                                                       std::to_string(fragment.version) +
                                                       ": DBN has the versions 1, 2 and 3.");
    if (fragment.dataset.empty())
        throw ImportError(ImportFault::kBadOption,
                          "a fragment needs the name of its data set, for example GLBX.MDP3.");
}

class Import {
  public:
    Import(pipeline::TickSink& sink, pipeline::ReferenceSink* reference, const DbnOptions& options)
        : sink_(sink), reference_(reference), options_(options) {}

    [[nodiscard]] ImportReport& report() noexcept { return report_; }
    void add_total(std::uint64_t bytes) noexcept { progress_.bytes_total += bytes; }
    // False when the caller asked for an end.
    [[nodiscard]] bool run(const fs::path& path);

  private:
    [[nodiscard]] bool decode(DbnInput& input, DbnDecoder& decoder);
    [[nodiscard]] bool tick(std::uint64_t rows, std::uint64_t bytes) {
        progress_.rows = rows_before_ + rows;
        progress_.bytes = bytes_before_ + bytes;
        if (!options_.progress || options_.progress(progress_)) return true;
        report_.cancelled = true;
        return false;
    }

    pipeline::TickSink& sink_;
    pipeline::ReferenceSink* reference_;
    const DbnOptions& options_;
    ImportReport report_;
    pipeline::ImportProgress progress_;
    std::uint64_t rows_before_ = 0;  // of the files before
    std::uint64_t bytes_before_ = 0;
    InstrumentBook book_;
};

bool Import::decode(DbnInput& input, DbnDecoder& decoder) {
    std::vector<std::byte> buffer(kBufferSize);
    std::size_t kept = 0;
    std::uint64_t told = 0;
    for (;;) {
        const std::size_t got = input.read(std::span(buffer).subspan(kept));
        if (got == 0) break;
        const std::span<const std::byte> bytes(buffer.data(), kept + got);
        const std::size_t used = decoder.feed(bytes);
        kept = bytes.size() - used;
        std::memmove(buffer.data(), buffer.data() + used, kept);
        if (decoder.rows() - told >= pipeline::kProgressRows) {
            told = decoder.rows();
            if (!tick(told, input.consumed())) return false;
        }
    }
    if (kept != 0)
        throw ImportError(ImportFault::kDamaged,
                          input.where() + ": record " + std::to_string(decoder.rows() + 1) +
                              " is longer than the file. Fetch the file again.");
    return true;
}

bool Import::run(const fs::path& path) {
    DbnInput input(path);
    DbnMetadata metadata = read_head(input, options_);
    DbnDecoder decoder({input.where(), path.filename().string(), input.fingerprint(sink_)},
                       std::move(metadata), sink_, reference_, book_, options_, report_);
    if (!decode(input, decoder)) return false;
    input.check_unchanged();
    decoder.commit();
    const bool go_on = tick(decoder.rows(), input.size());
    rows_before_ += decoder.rows();
    bytes_before_ += input.size();
    return go_on;
}

[[nodiscard]] bool is_readable_name(const fs::path& path, const DbnOptions& options) {
    const std::string name = path.filename().string();
    if (options.fragment) return name.ends_with(".frag") || name.ends_with(".frag.zst");
    return name.ends_with(".dbn") || name.ends_with(".dbn.zst");
}

// Definitions before what they define; otherwise by path. Damaged files show when they are read.
[[nodiscard]] bool holds_definitions(const fs::path& path, const DbnOptions& options) {
    if (options.fragment) return path.filename().string().find("definition") != std::string::npos;
    DbnInput input(path);
    return read_head(input, options).schema == kSchemaDefinition;
}

[[nodiscard]] std::vector<fs::path> list_folder(const fs::path& folder, const DbnOptions& options,
                                                ImportReport& report) {
    std::vector<fs::path> out;
    try {
        for (const auto& entry : fs::recursive_directory_iterator(folder)) {
            if (!entry.is_regular_file()) continue;
            if (is_readable_name(entry.path(), options))
                out.push_back(entry.path());
            else
                ++report.files_ignored;
        }
    } catch (const fs::filesystem_error& error) {
        throw ImportError(ImportFault::kMissing, folder.string() + ": " + error.code().message());
    }
    if (out.empty())
        throw ImportError(ImportFault::kUnsupported,
                          folder.string() + ": holds no " +
                              (options.fragment ? "*.frag or *.frag.zst" : "*.dbn or *.dbn.zst") +
                              " file.");
    std::sort(out.begin(), out.end());
    std::stable_partition(out.begin(), out.end(),
                          [&](const fs::path& path) { return holds_definitions(path, options); });
    return out;
}

}  // namespace

ImportReport import_dbn(const fs::path& path, pipeline::TickSink& sink,
                        pipeline::ReferenceSink* reference, const DbnOptions& options) {
    check_fragment(options);
    Import import(sink, reference, options);
    std::vector<fs::path> files;
    std::error_code error;
    if (fs::is_directory(path, error)) {
        files = list_folder(path, options, import.report());
    } else {
        if (!fs::exists(path, error))
            throw ImportError(ImportFault::kMissing, path.string() + ": no such file or folder");
        files.push_back(path);
    }
    for (const fs::path& file : files) {
        const std::uintmax_t size = fs::file_size(file, error);
        if (!error) import.add_total(size);
    }
    for (const fs::path& file : files)
        if (!import.run(file)) break;
    return std::move(import.report());
}

}  // namespace sluice::adapters::dbn
