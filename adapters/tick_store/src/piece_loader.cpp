#include "piece_loader.hpp"

#include <chrono>
#include <system_error>
#include <thread>

#include <sched.h>

#include <sluice/core/idle.hpp>

namespace sluice::adapters::tick_store {
namespace {

// A chunk is asked for every 80 us at full speed: the thread stays awake for longer than that. In a
// paced replay, where it lasts for minutes, it sleeps between looks.
constexpr std::size_t kYieldsAwake = 5'000;  // about a millisecond
constexpr std::chrono::microseconds kNap{500};

}  // namespace

std::uint32_t PieceLoader::add_feed() {
    feeds_.push_back(std::make_unique<Feed>());
    return static_cast<std::uint32_t>(feeds_.size() - 1);
}

TickPiece PieceLoader::defer(std::uint32_t feed, const PieceRows& rows) {
    Feed& of = *feeds_[feed];
    deferred_.push_back({rows, feed, of.pieces++ % std::uint32_t{kBuffers}});
    const auto number = static_cast<std::uint32_t>(deferred_.size());
    if (of.last != 0) piece_of(of.last).next = number;
    of.last = number;
    const TableKind kind = rows.table->key.kind;
    maker_.prepare(kind);
    auto& columns = of.buffers[0].columns;
    if (!columns) columns = std::make_unique<PieceBuffers>(kind);
    TickPiece piece;
    piece.deferred = number;
    piece.end = (rows.last - rows.first) * (rows_per_piece(kind) != kChunkRows ? kTicksPerBar : 1);
    return piece;
}

bool PieceLoader::make_ahead_on(std::size_t core) {
    asked_ = std::make_unique<Ring>(kAskedMost);
    for (const Deferred& piece : deferred_) {
        const TableKind kind = piece.rows.table->key.kind;
        auto& columns = buffer_of(piece).columns;
        if (!columns) columns = std::make_unique<PieceBuffers>(kind);
        ahead_maker_.prepare(kind);
    }
    try {
        ahead_ = core::PinnedThread({.name = "decode", .core = core},
                                    [this](const std::stop_token& stop) { run_ahead(stop); });
    } catch (const std::system_error&) {  // no thread to be had: as without a core
        asked_.reset();
        return false;
    }
    if (ahead_.pin_result() == core::PinResult::kPinned) return true;
    // On a core that it shares with the driving thread it would be in the way.
    ahead_ = core::PinnedThread{};
    asked_.reset();
    return false;
}

void PieceLoader::run_ahead(const std::stop_token& stop) noexcept {
    std::size_t idle = 0;
    while (!stop.stop_requested()) {
        std::uint32_t number = 0;
        if (asked_->try_pop(number)) {
            make_asked(number);
            idle = 0;
        } else if (++idle < kYieldsAwake) {
            (void)::sched_yield();
        } else {
            std::this_thread::sleep_for(kNap);
        }
    }
}

void PieceLoader::make_asked(std::uint32_t number) noexcept {
    const Deferred& piece = piece_of(number);
    Buffer& buffer = buffer_of(piece);
    std::uint32_t asked = word(number, Progress::kAsked);
    // acquire: what the driving thread read there has been read; pairs with release in ask_for()
    if (!buffer.word.compare_exchange_strong(asked, word(number, Progress::kBegun),
                                             std::memory_order_acquire, std::memory_order_relaxed))
        return;
    ahead_maker_.make(piece.rows, *buffer.columns, buffer.made);
    // release: hands the columns over; pairs with acquire in take_ready()
    buffer.word.store(word(number, Progress::kReady), std::memory_order_release);
}

// The buffer is that of the piece before the one in use.
void PieceLoader::ask_for(std::uint32_t number) noexcept {
    Buffer& buffer = buffer_of(piece_of(number));
    // release: gives the buffer away; pairs with acquire in make_asked()
    buffer.word.store(word(number, Progress::kAsked), std::memory_order_release);
    if (asked_->try_push(number) == core::PushResult::kOk) return;
    // relaxed: nobody else has its number
    buffer.word.store(word(number, Progress::kNone), std::memory_order_relaxed);
}

// Whether the other thread has made it; if not, the buffer is the caller's.
bool PieceLoader::take_ready(std::uint32_t number) noexcept {
    Buffer& buffer = buffer_of(piece_of(number));
    std::uint32_t seen = word(number, Progress::kAsked);
    // acquire: the columns, where it has been made; pairs with release in make_asked()
    if (buffer.word.compare_exchange_strong(seen, word(number, Progress::kNone),
                                            std::memory_order_acquire, std::memory_order_acquire))
        return false;
    core::Idler idler{core::IdleStrategy::kBackoff};
    while (seen == word(number, Progress::kBegun)) {
        idler.idle(0);
        // acquire: the columns; pairs with release in make_asked()
        seen = buffer.word.load(std::memory_order_acquire);
    }
    return seen == word(number, Progress::kReady);
}

void PieceLoader::load(TickPiece& piece) noexcept {
    const std::uint32_t number = piece.deferred;
    const Deferred& deferred = piece_of(number);
    Buffer& buffer = buffer_of(deferred);
    if (asked_ == nullptr || !take_ready(number))
        maker_.make(deferred.rows, *buffer.columns, buffer.made);
    const TickPiece& made = buffer.made;
    piece.time = made.time;
    piece.price_or_bid = made.price_or_bid;
    piece.quantity_or_bid_size = made.quantity_or_bid_size;
    piece.ask = made.ask;
    piece.ask_size = made.ask_size;
    piece.conditions = made.conditions;
    piece.exchange = made.exchange;
    piece.flags = made.flags;
    if (asked_ != nullptr && deferred.next != 0) ask_for(deferred.next);
}

}  // namespace sluice::adapters::tick_store
