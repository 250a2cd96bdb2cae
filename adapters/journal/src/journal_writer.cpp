#include "journal_writer.hpp"

#include <algorithm>
#include <cstring>
#include <exception>
#include <thread>

#include <sluice/adapters/journal/journal_error.hpp>

namespace sluice::adapters::journal {
namespace {

constexpr std::chrono::milliseconds kRepeatEvery{50};
constexpr std::chrono::milliseconds kSegmentPatience{200};
constexpr std::size_t kBatchLines = kBufferBytes / kLineBytes;
// Their CRCs run beside each other, and the lines are still in the first-level cache.
constexpr std::size_t kSealedAtOnce = 32;

}  // namespace

JournalWriter::JournalWriter(core::SpscRing<pipeline::Event>& ring, SegmentFiles& files,
                             SegmentIo& io, const JournalHeader& header, core::IdleStrategy idle)
    : ring_(ring), files_(files), io_(io), journal_id_(header.journal_id),
      segment_lines_(lines_per_segment(header.segment_bytes)),
      flushes_(header.durability == Durability::kDisk), idle_(idle),
      packer_(header.instruments.size()) {
    const int error = io_.aim(files_.current().get());
    if (error != 0) throw failed("write the file", files_.current_path(), error);
}

void JournalWriter::run(const std::stop_token& stop) noexcept {
    core::Idler idler{idle_};
    auto last_progress = Clock::now();
    bool is_stopping = false;
    for (;;) {
        const std::size_t work = do_work();
        if (work == 0 && stop.stop_requested()) {
            const auto now = Clock::now();
            if (!std::exchange(is_stopping, true)) last_progress = now;
            if (is_drained() || now - last_progress > patience_) return;
        } else if (work != 0) {
            is_stopping = false;
        }
        idler.idle(work);
    }
}

std::size_t JournalWriter::do_work() noexcept {
    std::size_t work = collect();
    if (failed_ != 0 && Clock::now() >= repeat_at_) repeat_failed();
    while (has_room()) {
        const std::size_t records = begin_batch();
        if (records == 0) break;
        work += records;
    }
    return work;
}

// Results of writes; records whose batch and all before it are done go back to the ring.
std::size_t JournalWriter::collect() noexcept {
    if (batches_begun_ == batches_done_) return 0;
    std::array<SegmentResult, kBuffers> results;
    // A flush takes a hundred microseconds and more: sleep until it is done, unless told to spin.
    const bool wait = flushes_ && failed_ == 0 && idle_ == core::IdleStrategy::kBackoff;
    const std::size_t count = io_.collect(wait, results);
    for (std::size_t i = 0; i < count; ++i) {
        Batch& batch = batches_[results[i].buffer];
        if (results[i].error == 0) {
            batch.progress = Progress::kDone;
        } else {
            batch.progress = Progress::kFailed;
            ++failed_;
            repeat_at_ = Clock::now() + kRepeatEvery;
            fail(results[i].error, "write the file");
        }
    }
    const std::uint64_t done_before = batches_done_;
    settle();
    return static_cast<std::size_t>(batches_done_ - done_before);
}

void JournalWriter::settle() noexcept {
    std::size_t records = 0;
    for (; batches_done_ != batches_begun_; ++batches_done_) {
        const Batch& batch = batches_[batches_done_ % kBuffers];
        if (batch.progress != Progress::kDone) break;
        records += batch.records;
    }
    if (records == 0) return;
    ring_.release_n(records);
    under_way_ -= records;
    // release: the records are where orders wait for them; pairs with the acquire in safe()
    written_.store(next_ - under_way_, std::memory_order_release);
    if (failed_ == 0) recovered();
}

// The whole batch again, also when only its flush failed: a flush that failed may have made the
// kernel forget that these pages were never written.
void JournalWriter::repeat_failed() noexcept {
    failed_ = 0;
    for (std::uint64_t b = batches_done_; b != batches_begun_; ++b) {
        Batch& batch = batches_[b % kBuffers];
        if (batch.progress != Progress::kFailed) continue;
        batch.progress = Progress::kUnderWay;
        io_.start(batch.write);
    }
}

// Whether another batch may begin, and where: moves on to the next segment when this one is full.
bool JournalWriter::has_room() noexcept {
    const std::uint64_t under_way = batches_begun_ - batches_done_;
    if (failed_ != 0 || under_way >= (flushes_ ? 1U : kBuffers)) return false;
    if (within_ < segment_lines_) return true;
    if (under_way != 0) return false;  // they still go to the file before
    if (!advanced_ && !files_.advance()) {
        if (files_.error() != 0) fail(files_.error(), "make the next segment");
        return false;
    }
    advanced_ = true;  // and stays so should the file not be aimed at now
    const int error = io_.aim(files_.current().get());
    if (error != 0) {
        fail(error, "write the next segment");
        return false;
    }
    advanced_ = false;
    within_ = 0;
    packer_.restart();
    if (files_.flush_error() != 0) fail(files_.flush_error(), "flush a finished segment");
    return true;
}

// Packs, seals and starts one batch; how many records, 0 when the ring holds no more.
std::size_t JournalWriter::begin_batch() noexcept {
    const auto slot = static_cast<unsigned>(batches_begun_ % kBuffers);
    std::byte* const buffer = io_.buffer(slot);
    const auto room =
        static_cast<std::size_t>(std::min<std::uint64_t>(kBatchLines, segment_lines_ - within_));
    std::size_t records = 0;
    std::size_t lines = 0;
    while (lines < room) {
        std::byte* const line = buffer + lines * kLineBytes;
        const std::size_t packed = pack_line(under_way_ + records, line);
        if (packed == 0) break;
        records += packed;
        ++lines;
        if (lines % kSealedAtOnce == 0)
            seal_lines(journal_id_, next_line_ + lines - kSealedAtOnce,
                       line - (kSealedAtOnce - 1) * kLineBytes, kSealedAtOnce);
    }
    if (lines == 0) return 0;
    const std::size_t sealed = lines - lines % kSealedAtOnce;
    seal_lines(journal_id_, next_line_ + sealed, buffer + sealed * kLineBytes, lines - sealed);
    Batch& batch = batches_[slot];
    batch.records = static_cast<std::uint32_t>(records);
    batch.write = {slot, static_cast<std::uint32_t>(lines * kLineBytes), (within_ + 1) * kLineBytes,
                   flushes_};
    batch.progress = Progress::kUnderWay;
    ++batches_begun_;
    under_way_ += records;
    next_ += records;
    next_line_ += lines;
    within_ += lines;
    io_.start(batch.write);
    return records;
}

// Fills one line with what stands in the ring behind the first `skip`; how many records.
std::size_t JournalWriter::pack_line(std::size_t skip, std::byte* line) noexcept {
    packer_.begin(line);
    const pipeline::Event* event = ring_.peek_at(skip);
    if (event == nullptr) return 0;
    if (!packer_.add(*event)) {
        packer_.finish_alone(*event);
        return 1;
    }
    do {
        event = ring_.peek_at(skip + packer_.count());
    } while (event != nullptr && packer_.add(*event));
    packer_.finish();
    return packer_.count();
}

void JournalWriter::fail(int error, const char* doing) noexcept {
    if (state() == JournalState::kFailing && error == last_error_) return;
    last_error_ = error;
    try {
        const std::string text = failed(doing, files_.current_path(), error).what();
        const std::scoped_lock lock{message_mutex_};
        message_ = text;
    } catch (const std::exception&) {
        // No memory for words; the state says enough.
    }
    set_state(JournalState::kFailing);
}

void JournalWriter::recovered() noexcept {
    if (state() == JournalState::kFailing) set_state(JournalState::kWriting);
}

std::string JournalWriter::message() const {
    const std::scoped_lock lock{message_mutex_};
    return message_;
}

void JournalWriter::finish() {
    if (within_ == segment_lines_) {
        const auto deadline = Clock::now() + std::max(patience_, kSegmentPatience);
        while (!advanced_ && !files_.advance()) {
            if (files_.error() != 0 && Clock::now() > deadline)
                throw failed("make the next segment", files_.current_path(), files_.error());
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
        within_ = 0;
    }
    const Line end = make_end(journal_id_, next_line_, next_, Ending::kClosed);
    write_at(files_.current(), end, (within_ + 1) * kLineBytes, files_.current_path());
    files_.finish((within_ + 2) * kLineBytes);
}

}  // namespace sluice::adapters::journal
