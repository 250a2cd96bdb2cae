#include "ledger_scan.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <unistd.h>

#include "ledger_line.hpp"

namespace sluice::research {
namespace {

constexpr std::size_t kReadBytes = 1U << 20U;

std::string named(const std::filesystem::path& path) { return "ledger " + path.string() + ": "; }

class Scan {
  public:
    Scan(const std::filesystem::path& path, const std::optional<LedgerHead>& head,
         const LedgerVisitor& visit)
        : path_(path), head_(head), visit_(visit) {
        state_.last_hash = no_hash();
    }

    // The next bytes of the file.
    void take(std::string_view bytes) {
        while (!bytes.empty()) {
            const std::size_t end = bytes.find('\n');
            const std::string_view part = bytes.substr(0, end);
            if (pending_.size() + part.size() >= kLedgerLineMax) fail_long();
            pending_.append(part);
            if (end == std::string_view::npos) return;
            take_line();
            bytes.remove_prefix(end + 1);
        }
    }

    LedgerState finish() {
        state_.torn_bytes = pending_.size();
        if (!head_) {
            if (state_.lines == 0 && pending_.empty()) return std::move(state_);
            throw LedgerError(LedgerFault::kHead, 0,
                              named(path_) + "its head file " + head_path(path_).string() +
                                  " is missing or damaged, so lines may have been cut off");
        }
        if (state_.lines < head_->lines) fail_short();
        return std::move(state_);
    }

  private:
    void take_line() {
        LedgerLine line;
        try {
            line = parse_ledger_line(pending_, state_.lines + 1, state_.last_hash);
        } catch (const LedgerError& error) {
            throw LedgerError(error.fault(), error.line(), named(path_) + error.what());
        }
        if (line.number == 1) check_header(line);
        if (head_ && line.number == head_->lines && line.hash != head_->last_hash)
            throw LedgerError(LedgerFault::kChanged, line.number,
                              named(path_) + "line " + std::to_string(line.number) +
                                  " is not the one that the head file knows: the lines up to it "
                                  "were written anew");
        state_.lines = line.number;
        state_.bytes += pending_.size() + 1;
        state_.last_hash = line.hash;
        if (line.number > 1) {
            TrialCount& count = state_.counts[line.entry.data_key];
            ++count.lines;
            count.trials += line.entry.trials;
        }
        pending_.clear();
        if (visit_) visit_(line);
    }

    void check_header(const LedgerLine& line) const {
        if (line.entry.kind == "ledger" &&
            line.entry.body == R"({"format":")" + std::string(kLedgerFormat) + R"("})")
            return;
        throw LedgerError(LedgerFault::kChanged, 1,
                          named(path_) + "line 1 is no header of " + std::string(kLedgerFormat));
    }

    [[noreturn]] void fail_long() const {
        throw LedgerError(LedgerFault::kChanged, state_.lines + 1,
                          named(path_) + "line " + std::to_string(state_.lines + 1) +
                              " was changed: it is longer than any line may be");
    }

    [[noreturn]] void fail_short() const {
        const std::uint64_t first = state_.lines + 1;
        std::string what = "line " + std::to_string(first);
        if (head_->lines > first) what += " and what follows up to " + std::to_string(head_->lines);
        what += pending_.empty()
                    ? " was cut off"
                    : " was cut off after " + std::to_string(pending_.size()) + " bytes of it";
        throw LedgerError(LedgerFault::kCutOff, first, named(path_) + what);
    }

    const std::filesystem::path& path_;
    const std::optional<LedgerHead>& head_;
    const LedgerVisitor& visit_;
    std::string pending_;  // the line begun
    LedgerState state_;
};

}  // namespace

LedgerError system_error(int error, const std::filesystem::path& path, const std::string& what) {
    const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
    return {full ? LedgerFault::kDiskFull : LedgerFault::kDisk, 0,
            named(path) + what + ": " + std::system_category().message(error)};
}

LedgerState scan_ledger(int file, const std::filesystem::path& path,
                        const std::optional<LedgerHead>& head, const LedgerVisitor& visit) {
    Scan scan(path, head, visit);
    std::string bytes(kReadBytes, '\0');
    ::off_t offset = 0;
    while (true) {
        const ::ssize_t got = ::pread(file, bytes.data(), bytes.size(), offset);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw system_error(errno, path, "cannot be read");
        if (got == 0) return scan.finish();
        scan.take(std::string_view(bytes).substr(0, static_cast<std::size_t>(got)));
        offset += got;
    }
}

}  // namespace sluice::research
