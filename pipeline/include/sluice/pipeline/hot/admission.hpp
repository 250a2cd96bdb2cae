// What may enter the stream: a tick is admitted, or refused with a reason and counted.
// Sequencer's thread only; a few compares per tick.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <sluice/core/attributes.hpp>
#include <sluice/pipeline/hot/event.hpp>
#include <sluice/pipeline/hot/tick_run.hpp>

namespace sluice::pipeline {

struct AdmissionCounts {
    // Ticks that came, by instrument, refused ones included.
    struct Seen {
        std::uint64_t trades = 0;
        std::uint64_t quotes = 0;
    };
    std::vector<Seen> seen;
    std::uint64_t off_session = 0;
    std::uint64_t suspicious = 0;
    std::uint64_t invalid = 0;
    std::uint64_t out_of_order = 0;
};

class Admission {
  public:
    Admission(bool use_suspicious, std::size_t instruments)
        : refused_flags_(use_suspicious ? 0 : kFlagSuspicious) {
        counts_.seen.resize(instruments);
    }

    void set_session_open(bool open) noexcept { session_open_ = open; }

    // kTrade or kQuote.
    template <EventKind kKnown>
    [[nodiscard]] SLUICE_ALWAYS_INLINE bool admit(const Event& event) noexcept {
        constexpr bool trade = kKnown == EventKind::kTrade;
        AdmissionCounts::Seen& seen = counts_.seen[core::index_of(event.symbol())];
        (trade ? seen.trades : seen.quotes) += 1;
        const bool well_formed = trade ? valid(event.trade(), event.flags()) : valid(event.quote());
        if (well_formed && session_open_ && (event.flags() & refused_flags_) == 0) [[likely]]
            return true;
        refuse_slow(well_formed);
        return false;
    }
    // Of a trade that was refused: whether for its time alone.
    [[nodiscard]] bool is_off_session(const Event& trade) const noexcept {
        return !session_open_ && valid(trade.trade(), trade.flags()) &&
               (trade.flags() & refused_flags_) == 0;
    }
    // A tick that cannot be of now: refused as invalid.
    [[gnu::cold, gnu::noinline]] void refuse_time_slow(const Event& event) noexcept {
        AdmissionCounts::Seen& seen = counts_.seen[core::index_of(event.symbol())];
        (event.kind() == EventKind::kTrade ? seen.trades : seen.quotes) += 1;
        ++counts_.invalid;
    }
    void count_out_of_order() noexcept { ++counts_.out_of_order; }

    // Whether ordinary trades are admitted at this time, and the ticks of such a run.
    [[nodiscard]] bool admits_runs() const noexcept { return session_open_; }
    void count_run(const TickRun& run) noexcept {
        counts_.seen[core::index_of(run.symbol)].trades += run.size;
    }

    [[nodiscard]] const AdmissionCounts& counts() const noexcept { return counts_; }
    // Gives the counts away; the object is done.
    [[nodiscard]] AdmissionCounts take_counts() noexcept { return std::move(counts_); }

  private:
    [[gnu::cold, gnu::noinline]] void refuse_slow(bool well_formed) noexcept {
        (!well_formed    ? counts_.invalid
         : session_open_ ? counts_.suspicious
                         : counts_.off_session) += 1;
    }
    // A bar of little volume still has four prices: some of its trades are of nothing.
    [[nodiscard]] static bool valid(const Trade& trade, std::uint8_t flags) noexcept {
        return trade.price.raw() > 0 && (trade.quantity.raw() > 0 || (trade.quantity.raw() == 0 &&
                                                                      (flags & kFlagFromBar) != 0));
    }
    // One side may be absent (zero price); a present one needs no size, but none is negative, and
    // a two-sided row must not be crossed.
    [[nodiscard]] static bool valid(const Quote& quote) noexcept {
        const bool bid = quote.bid.raw() > 0;
        const bool ask = quote.ask.raw() > 0;
        return (bid || ask) && quote.bid.raw() >= 0 && quote.ask.raw() >= 0 &&
               quote.bid_size.raw() >= 0 && quote.ask_size.raw() >= 0 &&
               !(bid && ask && quote.bid > quote.ask);
    }

    std::uint8_t refused_flags_;
    bool session_open_ = true;
    AdmissionCounts counts_;
};

// A running checksum over every admitted tick, so that the digest of a run names its input too.
// NH hashing (Black et al., UMAC, 1999): sums of 64 x 64 bit products, cheap and order-keyed by
// the sequence number.
class StreamChecksum {
  public:
    template <EventKind kKnown>
    SLUICE_ALWAYS_INLINE void add(const Event& event) noexcept {
        const auto time = static_cast<std::uint64_t>(core::ns_since_epoch(event.time()));
        const std::uint64_t place =
            static_cast<std::uint64_t>(event.sequence()) << 16U | core::index_of(event.symbol());
        if constexpr (kKnown == EventKind::kTrade) {
            const Trade& t = event.trade();
            mix(raw(t.price) + (place ^ kKeys[0]),
                std::rotl(raw(t.quantity), 32) ^ time ^ kKeys[1]);
        } else {
            const Quote& q = event.quote();
            mix(raw(q.bid) + (place ^ kKeys[2]), std::rotl(raw(q.bid_size), 32) ^ time ^ kKeys[3]);
            mix(raw(q.ask) + (place ^ kKeys[4]), std::rotl(raw(q.ask_size), 32) ^ time ^ kKeys[5]);
        }
    }
    void add_level(const Event& event) noexcept {
        const LevelUpdate& level = event.level();
        const auto time = static_cast<std::uint64_t>(core::ns_since_epoch(event.time()));
        const std::uint64_t place =
            static_cast<std::uint64_t>(event.sequence()) << 16U | core::index_of(event.symbol());
        mix(raw(level.price) + (place ^ kKeys[1]),
            std::rotl(raw(level.quantity), 32) ^ time ^ kKeys[4]);
        mix(static_cast<std::uint64_t>(level.sequence) + (place ^ kKeys[3]),
            std::rotl(static_cast<std::uint64_t>(level.previous), 32) ^ event.flags() ^ kKeys[0]);
    }
    // The same sum as of its ticks one by one.
    void add_run(const TickRun& run) noexcept;
    [[nodiscard]] std::uint64_t value() const noexcept { return sum_; }

  private:
    static constexpr std::uint64_t kKeys[6] = {
        0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB,
        0xD6E8FEB86659FD93, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB,
    };

    template <class Fixed>
    [[nodiscard]] static std::uint64_t raw(Fixed value) noexcept {
        return static_cast<std::uint64_t>(value.raw());
    }
    void mix(std::uint64_t a, std::uint64_t b) noexcept {
        const core::Uint128 product = static_cast<core::Uint128>(a) * b;
        sum_ += static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    }

    std::uint64_t sum_ = 0;
};

}  // namespace sluice::pipeline
