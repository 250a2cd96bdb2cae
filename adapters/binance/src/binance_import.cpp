#include <sluice/adapters/binance/binance_import.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

#include "capture_days.hpp"
#include "capture_lines.hpp"
#include "capture_name.hpp"

namespace sluice::adapters::binance {
namespace {

namespace fs = std::filesystem;
using pipeline::ImportError;
using pipeline::ImportFault;
using pipeline::ImportReport;

// The sink's fingerprint of a file, which is mapped for it: a capture may be larger than memory.
[[nodiscard]] std::string fingerprint_of(const std::string& path, const pipeline::TickSink& sink) {
    const auto fail = [&path] {
        throw ImportError(ImportFault::kMissing, path + ": " + std::strerror(errno));
    };
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) fail();
    struct stat status {};
    void* data = MAP_FAILED;
    const bool known = ::fstat(file, &status) == 0;
    const auto size = known ? static_cast<std::size_t>(status.st_size) : 0;
    if (known && size != 0) data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
    const int error = errno;
    ::close(file);
    errno = error;
    if (!known || (size != 0 && data == MAP_FAILED)) fail();
    if (size == 0) return sink.fingerprint({});
    const auto unmap = [size](void* block) { ::munmap(block, size); };
    const std::unique_ptr<void, decltype(unmap)> hold(data, unmap);
    (void)::madvise(data, size, MADV_SEQUENTIAL);
    return sink.fingerprint({static_cast<const char*>(data), size});
}

class Import {
  public:
    Import(pipeline::TickSink& sink, const BinanceOptions& options)
        : sink_(sink), options_(options) {}

    void add_total(std::uint64_t bytes) noexcept { progress_.bytes_total += bytes; }
    // False when the caller asked for an end.
    [[nodiscard]] bool run(const fs::path& file);
    [[nodiscard]] ImportReport& report() noexcept { return report_; }

  private:
    [[nodiscard]] Market market_for(const fs::path& file) const;
    [[nodiscard]] bool tick() {
        if (!options_.progress || options_.progress(progress_)) return true;
        report_.cancelled = true;
        return false;
    }

    pipeline::TickSink& sink_;
    const BinanceOptions& options_;
    ImportReport report_;
    pipeline::ImportProgress progress_;
};

Market Import::market_for(const fs::path& file) const {
    if (options_.market) return *options_.market;
    std::error_code error;
    const fs::path whole = fs::absolute(file, error);
    if (const auto market = market_of(error ? file : whole)) return *market;
    throw ImportError(ImportFault::kBadOption,
                      file.string() +
                          ": spot or usdm? No folder of its path says so; name the "
                          "market, or keep the file in a folder of that name.");
}

bool Import::run(const fs::path& file) {
    const std::string where = file.string();
    const Market market = market_for(file);
    const std::string snapshot_symbol =
        options_.snapshot_symbol.empty() ? symbol_of(file) : options_.snapshot_symbol;
    const std::uint64_t bytes_before = progress_.bytes;
    CaptureLines lines(file);
    pipeline::Provenance source{file.filename().string(), fingerprint_of(where, sink_), 0};
    CaptureDays days(where, sink_, market, options_.instrument, options_.tick_size);
    CaptureParser parser(market);
    CaptureMessage message;
    std::optional<std::string> only_symbol;  // of the streams so far; empty: there are several
    for (std::string_view line; lines.next(line);) {
        std::string why = lines.too_long() ? std::string("longer than any message of Binance")
                                           : parser.parse(line, message);
        if (why.empty() && message.kind == MessageKind::kSnapshot) {
            // Its streams say it where the file speaks of one instrument only.
            message.symbol =
                options_.snapshot_symbol.empty() && only_symbol && !only_symbol->empty()
                    ? *only_symbol
                    : snapshot_symbol;
            if (message.symbol.empty())
                why =
                    "a snapshot does not say whose it is: name its symbol, or let the file's "
                    "name begin with it";
        }
        if (why.empty() && message.kind != MessageKind::kSnapshot) {
            if (!only_symbol)
                only_symbol = message.symbol;
            else if (*only_symbol != message.symbol)
                only_symbol->clear();
        }
        if (why.empty()) [[likely]]
            days.add(message);
        else
            pipeline::handle_bad_row(
                {where, {}, lines.number(), pipeline::shown_text(line), std::move(why)},
                options_.on_bad_row, report_);
        if (++progress_.rows % pipeline::kProgressRows == 0) {
            progress_.bytes = bytes_before + lines.bytes_read();
            if (!tick()) return false;
        }
    }
    if (lines.number() == 0)
        throw ImportError(ImportFault::kDamaged,
                          where + ": is empty; lines of a capture are needed.");
    source.rows = lines.number();
    progress_.bytes = bytes_before + lines.bytes_read();
    return days.empty() ? tick() : days.commit(source, report_, [this] { return tick(); });
}

// The *.gz below a folder, sorted by path; others are counted.
[[nodiscard]] std::vector<fs::path> list_folder(const fs::path& folder, ImportReport& report) {
    std::vector<fs::path> out;
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
         at.increment(error)) {
        std::error_code ignored;
        if (!at->is_regular_file(ignored)) continue;
        if (at->path().extension() == ".gz")
            out.push_back(at->path());
        else
            ++report.files_ignored;
    }
    if (error) throw ImportError(ImportFault::kMissing, folder.string() + ": " + error.message());
    if (out.empty())
        throw ImportError(ImportFault::kMissing,
                          folder.string() + ": holds no capture; files called *.gz are read.");
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace

ImportReport import_binance(const fs::path& path, pipeline::TickSink& sink,
                            const BinanceOptions& options) {
    if (!options.snapshot_symbol.empty() && !is_symbol(options.snapshot_symbol))
        throw ImportError(ImportFault::kBadOption,
                          "snapshot symbol '" + options.snapshot_symbol +
                              "': capitals, digits and '_' are needed, as in BTCUSDT");
    std::error_code error;
    Import import(sink, options);
    std::vector<fs::path> files;
    if (fs::is_directory(path, error)) {
        files = list_folder(path, import.report());
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

}  // namespace sluice::adapters::binance
