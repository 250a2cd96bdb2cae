// Every simulated fill against an independent ledger of what the market showed: a fill is lawful when it
// kept to the order's terms, at a price that was shown, and out of size that was shown and not used before.
// Knows nothing of how a venue matches; knows one instrument. One thread, off the hot path.
//
//     FillAudit audit{orders, fills};      // of one instrument, the fills in the order of their causes
//     audit.show(row);                     // each print and quote of the record, in its order
//     audit.show(levels);                  // or prints and what full book updates changed, no quotes
//     const FillAuditReport report = audit.finish();
//
// The ledger:
//  - A print's size is there once, over all fills.
//  - At the best price of a side is there what is displayed, less what fills have taken of it. A smaller
//    size takes nothing back: what remains of a level may be what was taken. When the best price gets
//    worse the level is gone, and what is shown there later is new; when it gets better the level still
//    stands behind it.
//  - With full books, each displayed level has its size, less what fills have taken of it, until it goes. A
//    fill is out of one level. While updates are missing, or the best prices meet, nothing is displayed.
//  - A fill is caused by one row of its very moment, or finds what is displayed when its order arrives. A
//    row that came late, with a time before that of the row above, is of both moments.
//  - In a halt nothing trades, from its beginning to the first print from its end on (where none has ever been,
//    to the first quote), and new terms are refused until its end. What was displayed before is gone.
//  - An order for an auction fills at the price of a print of that kind, out of its size.
//  - A stop fills once the record has shown a price that sets it off since the order arrived; what it fills as
//    then has a limit or none.
//  - Its price is that of the row, or the order's own limit once the record has shown that price since the
//    order arrived with its terms.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <sluice/pipeline/hot/order_types.hpp>

namespace sluice::proofs {

// A print (its price and size stand in `bid`) or the best prices from then on; 0: nothing said of that side.
// Units: tables.hpp.
struct ShownRow {
    std::int64_t time_ns;
    bool is_print;
    std::int64_t bid_raw;
    std::int64_t bid_size_raw;
    std::int64_t ask_raw = 0;
    std::int64_t ask_size_raw = 0;
    std::uint32_t conditions = 0;  // of a print, as its exchange's letter
    std::uint8_t exchange = 0;
};
// What one event of a book changed.
struct ShownLevels {
    struct Change {
        bool is_bid;
        std::int64_t price_raw;
        std::int64_t size_raw;  // that stands there now; 0: none
    };
    std::int64_t time_ns;
    bool is_snapshot;  // the changes are all that stands
    bool is_live;      // false: updates are missing
    std::vector<Change> changes;
};
// From `from_ns` to before `to_ns`.
struct AuditedHalt {
    std::int64_t from_ns;
    std::int64_t to_ns;
};

struct AuditedOrder {
    struct Terms {
        // It arrived no sooner and no later; the same where latency is constant.
        std::int64_t earliest_ns;
        std::int64_t latest_ns;
        std::int64_t limit_raw;     // 0: at any price
        std::int64_t quantity_raw;  // in all; 0: a cancel
    };
    pipeline::Side side;
    std::vector<Terms> terms;   // in the order they were sent
    std::int64_t stop_raw = 0;  // of a stop, its price; of several the first to be reached; 0: none
    // Of one for an auction: any of these bits, and that letter unless 0, make a print one of it; 0: none is.
    bool for_auction = false;
    std::uint32_t auction_conditions = 0;
    std::uint8_t auction_exchange = 0;
};
using AuditedOrders = std::map<std::uint64_t, AuditedOrder>;

struct AuditedFill {
    std::uint64_t order;
    std::int64_t cause_ns;  // when the venue executed it
    std::int64_t price_raw;
    std::int64_t quantity_raw;
};

enum class FillFault : std::uint8_t {
    kNone,
    kUnknownOrder,    // the run gave no such order
    kBeforeArrival,   // at a time when it had not arrived
    kAfterCancel,     // or was cancelled
    kBeyondQuantity,  // more than was ordered
    kBeyondLimit,     // a price worse than the limit
    kNotSetOff,       // a stop whose price had not been shown
    kNothingThere,    // no print and no display that it could have traded with
    kUsedUp,          // there was one, but other fills had its size
    kPriceNotShown,   // a price that was neither its row's nor shown since the order came
    kInHalt,          // while the instrument did not trade
    kOutsideAuction,  // an order for one, and no print of such a one
};
inline constexpr std::size_t kFillFaultCount = 12;
[[nodiscard]] const char* to_string(FillFault fault) noexcept;
// What to say of it to a user.
[[nodiscard]] const char* describe(FillFault fault) noexcept;

struct FillViolation {
    AuditedFill fill;
    FillFault fault;
};

struct FillAuditReport {
    std::uint64_t rows = 0;  // of the record
    std::uint64_t fills = 0;
    std::uint64_t by_print = 0;
    std::uint64_t by_display = 0;
    std::int64_t quantity_raw = 0;
    std::int64_t printed_raw = 0;  // of it, out of prints
    std::array<std::uint64_t, kFillFaultCount> faults{};
    std::vector<FillViolation> violations;  // the first few hundred; all are counted

    [[nodiscard]] std::uint64_t faulty() const noexcept {
        std::uint64_t sum = 0;
        for (const std::uint64_t count : faults) sum += count;
        return sum;
    }
    void add(const FillAuditReport& other);
};

class FillAudit {
  public:
    // `orders` must outlive this. `halts` by their beginnings.
    FillAudit(const AuditedOrders& orders, std::vector<AuditedFill> fills,
              std::vector<AuditedHalt> halts = {});

    void show(const ShownRow& row);
    void show(const ShownLevels& levels);  // not with halts
    [[nodiscard]] FillAuditReport finish();

  private:
    // What is known of a price of one side.
    struct Level {
        std::int64_t size_raw = 0;
        std::int64_t taken_raw = 0;  // of what stands there now
    };
    struct BookSide {
        std::int64_t best_raw = 0;  // 0: none yet
        std::map<std::int64_t, Level> levels;
    };
    struct Waiting {
        std::size_t fill;  // its place in fills_
        AuditedOrder::Terms terms;
        bool waits = false;      // for the price of its stop
        bool reached = false;    // something was there, used up or not
        bool had_size = false;   // and had enough, at another price
        bool was_short = false;  // the level of its very price stood there, used up
    };
    using Queue = std::multimap<std::int64_t, Waiting>;  // by cause

    [[nodiscard]] FillFault judge(const AuditedFill& fill, AuditedOrder::Terms& terms) const;
    [[nodiscard]] std::int64_t filled_before(std::uint64_t order, std::int64_t time_ns) const;
    void blame(const AuditedFill& fill, FillFault fault);
    // Takes the halts to the row. False: nothing trades with it, nor did before it.
    [[nodiscard]] bool takes_halts_to(const ShownRow& row, std::int64_t before_ns);
    [[nodiscard]] bool was_halted(std::int64_t time_ns) const;
    void show_quote(const ShownRow& row);
    void show_side(BookSide& side, bool is_bid, std::int64_t price_raw, std::int64_t size_raw);
    void change_level(const ShownLevels::Change& change);
    void replace_levels(const std::vector<ShownLevels::Change>& all);
    // Without levels the best price alone.
    [[nodiscard]] bool explain_by_display(Waiting& waiting);
    [[nodiscard]] bool takes_of(Waiting& waiting, std::int64_t price_raw, Level& level);
    // Lets the fills caused from `first_ns` to `last_ns` have of what is there now.
    void serve(std::int64_t first_ns, std::int64_t last_ns, const ShownRow* print);
    [[nodiscard]] bool explain(Waiting& waiting, const ShownRow* print,
                               std::int64_t& print_left_raw);
    [[nodiscard]] bool is_price_of(const Waiting& waiting, std::int64_t counter_raw) const;
    [[nodiscard]] bool is_set_off(const AuditedOrder& order) const;
    [[nodiscard]] bool shown_since(std::int64_t price_raw, std::int64_t time_ns) const;

    const AuditedOrders& orders_;
    std::vector<AuditedFill> fills_;
    std::map<std::uint64_t, std::vector<std::size_t>> fills_of_;  // by order, in their order
    Queue waiting_;                                               // not explained yet
    std::array<BookSide, 2> sides_;                               // bids, asks
    bool by_levels_ = false;
    std::map<std::int64_t, std::int64_t>
        last_shown_;  // by price: of a print, or the best of a side
    std::map<std::int64_t, std::int64_t> last_stood_;  // by price: of any level
    std::int64_t now_ns_ = INT64_MIN;
    std::vector<AuditedHalt> halts_;
    std::size_t next_halt_ = 0;
    std::vector<AuditedHalt> without_trade_;  // from each one's beginning to its reopening
    std::int64_t halted_until_ns_ = INT64_MIN;
    bool halted_ = false;
    bool has_printed_ = false;
    FillAuditReport report_;
};

}  // namespace sluice::proofs
