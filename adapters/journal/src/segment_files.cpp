#include "segment_files.hpp"

#include <cerrno>
#include <chrono>

#include <fcntl.h>
#include <unistd.h>

#include <sluice/adapters/journal/journal_error.hpp>

#include "journal_scan.hpp"

namespace sluice::adapters::journal {
namespace {

constexpr std::chrono::milliseconds kRetry{100};

// errno or 0.
int prepare(const FileDescriptor& file, std::uint64_t bytes, const Line& header) noexcept {
    const int error = ::posix_fallocate(file.get(), 0, static_cast<off_t>(bytes));
    if (error != 0) return error;
    if (::pwrite(file.get(), header.data(), kLineBytes, 0) != static_cast<ssize_t>(kLineBytes))
        return errno != 0 ? errno : EIO;
    return ::fsync(file.get()) != 0 ? errno : 0;
}

int flush_folder(const std::filesystem::path& folder) noexcept {
    const FileDescriptor directory{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    return !directory || ::fsync(directory.get()) != 0 ? errno : 0;
}

}  // namespace

SegmentFiles::SegmentFiles(std::filesystem::path folder, const SegmentHeader& expected)
    : folder_(std::move(folder)), expected_(expected) {
    current_ = make(1);
    if (!current_) throw failed("make a segment", current_path(), error());
    thread_ = core::PinnedThread({.name = "journal-files", .core = std::nullopt},
                                 [this](const std::stop_token& stop) { work(stop); });
}

SegmentFiles::~SegmentFiles() { stop(); }

void SegmentFiles::stop() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
}

FileDescriptor SegmentFiles::make(std::uint32_t segment) {
    const std::filesystem::path path = folder_ / segment_name(segment);
    FileDescriptor file{::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644)};
    int error =
        !file ? errno : prepare(file, expected_.segment_bytes, header_line(expected_, segment));
    if (error == 0) error = flush_folder(folder_);
    error_.store(error, std::memory_order_relaxed);  // a report: no pairing
    if (error == 0) return file;
    if (file) ::unlink(path.c_str());
    return {};
}

bool SegmentFiles::advance() noexcept {
    const std::scoped_lock lock{mutex_};
    if (!spare_) return false;
    finished_ = std::move(current_);
    current_ = std::move(spare_);
    ++segment_;
    changed_.notify_one();
    return true;
}

void SegmentFiles::work(const std::stop_token& stop) {
    std::unique_lock lock{mutex_};
    while (!stop.stop_requested()) {
        if (finished_) {
            const FileDescriptor file = std::move(finished_);
            lock.unlock();
            if (::fdatasync(file.get()) != 0)
                flush_error_.store(errno, std::memory_order_relaxed);  // a report: no pairing
            lock.lock();
        } else if (!spare_ && spare_number_ > kSegmentsMax) {
            error_.store(EFBIG, std::memory_order_relaxed);  // a report: no pairing
            changed_.wait(lock, stop, [this] { return bool{finished_}; });
        } else if (!spare_) {
            lock.unlock();
            FileDescriptor file = make(spare_number_);
            lock.lock();
            if (file) {
                spare_ = std::move(file);
                ++spare_number_;
            } else {
                changed_.wait_for(lock, stop, kRetry, [] { return false; });
            }
        } else {
            changed_.wait(lock, stop, [this] { return bool{finished_} || !spare_; });
        }
    }
}

void SegmentFiles::finish(std::uint64_t bytes) {
    stop();
    truncate_to(current_, bytes, current_path());
    sync_file(current_, current_path());
    if (finished_) sync_file(finished_, folder_);
    if (spare_) remove_file(folder_ / segment_name(segment_ + 1));
    sync_folder(folder_);
}

}  // namespace sluice::adapters::journal
