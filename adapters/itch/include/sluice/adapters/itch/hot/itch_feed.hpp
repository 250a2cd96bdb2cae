// ItchFeed: a live market from MoldUDP64 and ITCH 5.0, as trades and quotes of the instruments that
// are followed.
//
// Threads   One: the sequencer's.
// Bounds    Given at construction, see ItchFeedOptions. Nothing allocates afterwards.
// Cost      bench/itch_bench.cpp has it per message. A datagram costs a virtual call and a stamp.
//
//   lines ──> MoldArbiter ──> ItchMessage ──> ItchBooks ──> kTrade, kQuote
//                                                  └──────> Conflation, under overload
//
// A poll returns the events of one datagram as soon as there are any. Under overload it takes what
// has arrived, up to `datagrams_max`, and returns what Conflation leaves of it.
//
// A quote leaves when the best price or its shares have changed after a whole message; an empty
// side has price 0. A trade leaves for E, for C and P, and for Q (crosses), when they are printable
// and of at least one share; one that changes the top of the book comes before the quote.
//
// A feed that starts within the session asks for all messages since its beginning, where it can;
// their trades and quotes leave with the times they had, while state() is kGap. Once messages are
// lost, or did not fit, the books are not known to be right any more, and state() stays kWaiting.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <sluice/adapters/itch/hot/conflation.hpp>
#include <sluice/adapters/itch/hot/itch_books.hpp>
#include <sluice/adapters/itch/hot/mold_arbiter.hpp>
#include <sluice/adapters/itch/itch_messages.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/live_feed.hpp>
#include <sluice/pipeline/net.hpp>

namespace sluice::adapters::itch {

struct ItchFeedOptions {
    MoldOptions mold;              // `lines` follows from ItchLines
    std::int64_t midnight_ns = 0;  // of the exchange's day, since the epoch, UTC
    BooksCapacity books;
    // Datagrams taken without once finding the lines empty, before what further ones bring is
    // conflated.
    std::size_t conflate_after = 64;
    std::size_t datagrams_max = 1024;  // that a poll takes; the rest wait for the next
    std::size_t events_max = 8192;     // handed on one by one in a poll; then it conflates too
    std::uint64_t silent_ns = 3'000'000'000;  // three heartbeats
    // Go on when messages were lost: the books may then hold what is gone, and lack what is there.
    bool live_after_loss = false;
};

// All but `a` may be null. Replies to requests may also arrive on `a` or `b`.
struct ItchLines {
    pipeline::DatagramReceiver* a = nullptr;
    pipeline::DatagramReceiver* b = nullptr;
    pipeline::DatagramSender* requests = nullptr;
    pipeline::DatagramReceiver* replies = nullptr;
};

class ItchFeed final : public pipeline::LiveFeed {
  public:
    // Follows every instrument of the table: its symbol is the exchange's stock, of 1 to 8
    // characters. std::invalid_argument for another, for one named twice, and for an option out of
    // range. The lines have to outlive the feed.
    ItchFeed(const pipeline::InstrumentTable& instruments, const ItchLines& lines,
             const ItchFeedOptions& options);
    ~ItchFeed() override;

    [[nodiscard, gnu::hot]] std::span<pipeline::Event> poll(std::uint64_t now) noexcept override;
    [[nodiscard]] pipeline::FeedState state() const noexcept override { return state_; }
    [[nodiscard]] const pipeline::FeedCounts& counts() const noexcept override { return counts_; }

    // Of the exchange's messages H: T trading, H halted, P paused, Q quotation only; ' ' before the
    // first.
    [[nodiscard]] char trading_state(core::SymbolId symbol) const noexcept {
        return followed_[core::index_of(symbol)].trading_state;
    }
    // Whether the exchange has named the instrument in its directory.
    [[nodiscard]] bool listed(core::SymbolId symbol) const noexcept {
        return followed_[core::index_of(symbol)].locate != 0;
    }
    // Of the last message S; ' ' before the first.
    [[nodiscard]] char system_event() const noexcept { return system_event_; }
    [[nodiscard]] const ItchBooks& books() const noexcept { return books_; }
    // Every message up to here was seen, and every order found room.
    [[nodiscard]] bool whole() const noexcept { return counts_.lost == 0 && full_ == 0; }

  private:
    struct Followed {
        StockName name{};
        std::uint16_t locate = 0;
        char trading_state = ' ';
        ItchBooks::Top top;   // as it was after the last message
        ItchBooks::Top sent;  // as it was when a quote left last
    };
    static constexpr std::uint16_t kNoBook = 0xFFFF;

    // How the arbiter hands messages over.
    struct Sink {
        ItchFeed& feed;
        void operator()(std::span<const std::byte> message, std::uint64_t stamp) const noexcept {
            feed.on_message(message, stamp);
        }
        // Starts loading what an order message's order needs.
        void ahead(const std::byte* message, std::size_t size) const noexcept {
            if (size < itch_size('D')) return;
            const ItchMessage next({message, size});
            feed.books_.prefetch(feed.book_of_[next.locate()], next.order());
        }
    };

    void drain(std::uint64_t now) noexcept;
    [[nodiscard]] bool take_one(pipeline::DatagramReceiver& from, std::size_t line,
                                std::uint64_t now) noexcept;
    void on_message(std::span<const std::byte> bytes, std::uint64_t stamp) noexcept;
    [[nodiscard]] BookOutcome on_order(const ItchMessage& message, std::uint16_t book,
                                       std::uint64_t stamp) noexcept;
    [[nodiscard]] BookOutcome on_execution(const ItchMessage& message, std::uint16_t book,
                                           std::uint64_t stamp) noexcept;
    [[gnu::cold, gnu::noinline]] void on_rare_slow(const ItchMessage& message,
                                                   std::uint64_t stamp) noexcept;
    [[gnu::cold, gnu::noinline]] void on_directory_slow(const ItchMessage& message) noexcept;
    [[gnu::cold, gnu::noinline]] void count_slow(BookOutcome outcome) noexcept;
    void trade(const ItchMessage& message, std::uint16_t book, std::uint64_t shares,
               std::uint32_t price, std::uint64_t stamp) noexcept;
    void quote(std::uint16_t book, std::int64_t time_ns, std::uint64_t stamp) noexcept;
    void put_trade(const Conflation::Kept& kept) noexcept;
    void put_quote(std::uint16_t book, std::int64_t time_ns, std::uint64_t stamp,
                   std::uint8_t flags) noexcept;
    [[gnu::cold, gnu::noinline]] void flush_slow() noexcept;
    void settle(std::uint64_t now) noexcept;
    [[nodiscard]] std::int64_t time_of(const ItchMessage& message) const noexcept {
        return options_.midnight_ns + static_cast<std::int64_t>(message.time_ns());
    }

    ItchFeedOptions options_;
    std::uint64_t silent_ticks_;
    ItchLines lines_;
    MoldArbiter arbiter_;
    ItchBooks books_;
    Conflation conflation_;
    std::vector<Followed> followed_;      // by SymbolId
    std::vector<std::uint16_t> book_of_;  // by locate
    std::vector<pipeline::Event> events_;
    std::size_t events_count_ = 0;
    bool conflating_ = false;
    bool replies_due_ = false;
    std::size_t turn_ = 0;     // the line to look at next
    std::size_t taken_ = 0;    // datagrams of this poll
    std::size_t backlog_ = 0;  // datagrams since the lines were empty
    std::uint64_t place_ = 0;
    char system_event_ = ' ';
    std::uint64_t malformed_ = 0;
    std::uint64_t unknown_ = 0;
    std::uint64_t conflated_ = 0;
    std::uint64_t full_ = 0;
    pipeline::FeedState state_ = pipeline::FeedState::kWaiting;
    pipeline::FeedCounts counts_;
};

}  // namespace sluice::adapters::itch
