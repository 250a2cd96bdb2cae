// The books under random fills, marks and charges, against a recomputation from the list of fills in
// integers of 512 bits: exact to the last unit of 1e-17.
#include <sluice/pipeline/hot/portfolio.hpp>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>

#include "core/wide_int.hpp"
#include "support.hpp"

namespace sluice::tests {
namespace {

using core::wide::Int512;
using pipeline::Charge;
using pipeline::ChargeBasis;
using pipeline::ChargeKind;
using pipeline::PackedMoney;
using pipeline::Portfolio;

constexpr std::size_t kHeldInstruments = 3;

Int512 wide(Money money) { return core::wide::of(money.raw()); }

struct Fill {
    std::size_t instrument = 0;
    std::int64_t quantity = 0;  // signed
    std::int64_t price = 0;
    std::int64_t commission = 0;
};

// A share, a future, and a contract of half a unit, which comes in pairs.
constexpr std::array<std::int64_t, kHeldInstruments> kFactor{1, 50, 1};
constexpr std::array<std::int64_t, kHeldInstruments> kPart{1, 1, 2};

pipeline::InstrumentTable contracts() {
    pipeline::InstrumentTable table(kHeldInstruments);
    for (std::size_t i = 0; i < kHeldInstruments; ++i) {
        table[i].multiplier = Quantity::from_raw(Quantity::kScale * kFactor[i] / kPart[i]);
        table[i].lot_size = Quantity::from_raw(kPart[i]);
    }
    return table;
}

// What the books have to show, from all fills of a run at once. Quantities are of the underlying.
class Ledger {
  public:
    explicit Ledger(const Int512& capital) : capital_(capital), marks_(kHeldInstruments, 0) {}

    void add(const Fill& fill) {
        fills_.push_back(fill);
        if (marks_[fill.instrument] == 0) marks_[fill.instrument] = fill.price;
    }
    void mark(std::size_t instrument, std::int64_t price) { marks_[instrument] = price; }

    [[nodiscard]] Int512 position(std::size_t instrument) const {
        Int512 sum = 0;
        for (const Fill& f : fills_) {
            if (f.instrument == instrument) sum += f.quantity;
        }
        return sum;
    }
    [[nodiscard]] Int512 cash() const {
        Int512 sum = capital_;
        for (const Fill& f : fills_) sum -= Int512{f.price} * f.quantity + f.commission;
        return sum + charges_;
    }
    [[nodiscard]] Int512 equity() const {
        Int512 sum = cash();
        for (std::size_t i = 0; i < kHeldInstruments; ++i) sum += position(i) * marks_[i];
        return sum;
    }
    [[nodiscard]] Int512 commission() const {
        Int512 sum = 0;
        for (const Fill& f : fills_) sum += f.commission;
        return sum;
    }
    // Of so much: the money, or what the position pays by unit or by share, cut to a whole unit.
    Int512 charge(std::size_t instrument, const Charge& charge) {
        const Int512 held = position(instrument);
        const Int512 price = charge.price.is_zero() ? marks_[instrument] : charge.price.raw();
        Int512 amount = wide(charge.value.money());
        if (charge.basis == ChargeBasis::kUnit) amount = held * charge.price.raw();
        if (charge.basis == ChargeBasis::kValue || charge.basis == ChargeBasis::kShort) {
            const bool pays = charge.basis == ChargeBasis::kValue || held < 0;
            const Int512 whole = Int512{boost::multiprecision::abs(held)} * price * charge.rate() /
                                 (Int512{1'000'000'000} * charge.parts);
            const bool receives = charge.basis == ChargeBasis::kValue && held < 0;
            amount = !pays ? Int512{0} : receives ? whole : Int512{-whole};
        }
        charges_ += amount;
        return amount;
    }
    [[nodiscard]] const Int512& charges() const { return charges_; }
    [[nodiscard]] Int512 gross() const {
        Int512 sum = 0;
        for (std::size_t i = 0; i < kHeldInstruments; ++i)
            sum += Int512{boost::multiprecision::abs(position(i))} * marks_[i];
        return sum;
    }
    // Realised profit of an instrument at average cost: the cost of the part that is closed is its
    // share of the whole, cut to a whole unit.
    [[nodiscard]] Int512 realised(std::size_t instrument) const {
        Int512 held = 0;
        Int512 cost = 0;
        Int512 profit = 0;
        for (const Fill& f : fills_) {
            if (f.instrument != instrument) continue;
            const Int512 size = f.quantity;
            if (held * size >= 0) {
                held += size;
                cost += size * f.price;
                continue;
            }
            const Int512 most = boost::multiprecision::abs(held);
            const Int512 asked = boost::multiprecision::abs(size);
            const Int512 closed = std::min(most, asked);
            const Int512 gone = cost * closed / most;  // toward zero
            const int side = held > 0 ? 1 : -1;
            profit += side * closed * f.price - gone;
            cost -= gone;
            const Int512 opened = (asked - closed) * -side;
            cost += opened * f.price;
            held += size;
        }
        return profit;
    }

  private:
    Int512 capital_;
    std::vector<Fill> fills_;
    std::vector<std::int64_t> marks_;
    Int512 charges_ = 0;
};

rc::Gen<std::int64_t> any_price() {
    return rc::gen::oneOf(rc::gen::inRange<std::int64_t>(1, 10),
                          rc::gen::inRange<std::int64_t>(1, 1'000'000'000'000),
                          rc::gen::inRange<std::int64_t>(1, 1'000'000'000'000'000'000));
}
// Small ones make flips and exact closes, large ones need the 128 bits.
rc::Gen<std::int64_t> any_size() {
    return rc::gen::suchThat(
        rc::gen::oneOf(
            rc::gen::inRange<std::int64_t>(-4, 5),
            rc::gen::inRange<std::int64_t>(-10'000'000'000, 10'000'000'001),
            rc::gen::inRange<std::int64_t>(-1'000'000'000'000'000, 1'000'000'000'000'001)),
        [](std::int64_t size) { return size != 0; });
}

rc::Gen<Charge> any_charge() {
    return rc::gen::exec([] {
        Charge out;
        out.kind = static_cast<ChargeKind>(*rc::gen::inRange<int>(0, pipeline::kChargeKindCount));
        out.basis =
            static_cast<ChargeBasis>(*rc::gen::inRange<int>(0, pipeline::kChargeBasisCount));
        const bool shares = out.basis >= ChargeBasis::kValue;
        const std::int64_t most = shares ? pipeline::kRateScale : 1'000'000'000'000'000;
        out.value = PackedMoney{Money::from_raw(*rc::gen::inRange(-most, most + 1))};
        if (!shares || *rc::gen::arbitrary<bool>()) out.price = Price::from_raw(*any_price());
        out.parts = *rc::gen::element<std::uint16_t>(1, 365);
        return out;
    });
}

void check(const Portfolio& books, const Ledger& ledger, const Int512& capital) {
    RC_ASSERT(wide(books.cash()) == ledger.cash());
    RC_ASSERT(wide(books.equity()) == ledger.equity());
    RC_ASSERT(wide(books.commission()) == ledger.commission());
    RC_ASSERT(wide(books.gross_exposure()) == ledger.gross());

    Int512 worth = wide(books.cash());
    Int512 realised = 0;
    Int512 unrealised = 0;
    Int512 commission = 0;
    for (std::size_t i = 0; i < kHeldInstruments; ++i) {
        const Portfolio::Position& p = books.position(symbol(i));
        RC_ASSERT(Int512{p.underlying.raw()} == ledger.position(i));
        RC_ASSERT(Int512{p.quantity.raw()} * kFactor[i] == ledger.position(i) * kPart[i]);
        RC_ASSERT(wide(p.realised) == ledger.realised(i));
        if (p.quantity.is_zero()) RC_ASSERT(p.basis.is_zero());
        worth += Int512{p.underlying.raw()} * p.mark.raw();
        realised += wide(p.realised);
        unrealised += wide(p.unrealised());
        commission += wide(p.commission);
    }
    // The two identities that the books promise.
    RC_ASSERT(wide(books.equity()) == worth);
    Int512 charges = 0;
    for (const Money each : books.charges(core::kNoSymbol)) charges += wide(each);
    for (std::size_t i = 0; i < kHeldInstruments; ++i)
        for (const Money each : books.charges(symbol(i))) charges += wide(each);
    RC_ASSERT(charges == ledger.charges());
    RC_ASSERT(wide(books.charges()) == charges);
    RC_ASSERT(wide(books.equity()) - capital == realised + unrealised - commission + charges);
    RC_ASSERT(wide(books.realised()) == realised);
    RC_ASSERT(wide(books.unrealised()) == unrealised);
}

RC_GTEST_PROP(Portfolio, balances_to_the_last_unit_after_every_fill_mark_and_charge, ()) {
    const Money capital = Money::from_units(*rc::gen::inRange<std::int64_t>(0, 1'000'000));
    Portfolio books{capital, contracts()};
    Ledger ledger{wide(capital)};
    std::vector<Int512> curve{wide(capital)};
    const auto steps = *rc::gen::inRange(0, 60);
    for (int step = 0; step < steps; ++step) {
        const auto instrument = *rc::gen::inRange<std::size_t>(0, kHeldInstruments);
        const auto price = *any_price();
        if (*rc::gen::inRange(0, 4) == 0) {
            const Charge charge = *any_charge();
            const bool whole = charge.basis == ChargeBasis::kAmount && *rc::gen::arbitrary<bool>();
            const pipeline::Charged charged =
                books.apply_charge(whole ? core::kNoSymbol : symbol(instrument), charge);
            RC_ASSERT(wide(charged.amount.money()) == ledger.charge(instrument, charge));
        } else if (*rc::gen::inRange(0, 3) == 0) {
            const bool held = !books.position(symbol(instrument)).quantity.is_zero();
            RC_ASSERT(books.mark(symbol(instrument), Price::from_raw(price)) == held);
            ledger.mark(instrument, price);
        } else {
            // One in five closes exactly what is held.
            const auto open = books.position(symbol(instrument)).quantity.raw();
            const bool close = open != 0 && *rc::gen::inRange(0, 5) == 0;
            const std::int64_t part = kPart[instrument];
            Fill fill{instrument, close ? -open : *any_size() * part, price,
                      *rc::gen::inRange<std::int64_t>(-1000, 1'000'000'000'000'000)};
            books.apply_fill(symbol(instrument), Quantity::from_raw(fill.quantity),
                             Price::from_raw(price), Money::from_raw(fill.commission));
            fill.quantity = fill.quantity / part * kFactor[instrument];
            ledger.add(fill);
        }
        check(books, ledger, wide(capital));
        curve.push_back(ledger.equity());
    }

    Int512 peak = curve.front();
    Int512 drawdown = 0;
    for (std::size_t i = 0; i < curve.size(); ++i) {
        peak = std::max(peak, curve[i]);
        for (std::size_t j = i; j < curve.size(); ++j)
            drawdown = std::max(drawdown, Int512{curve[i] - curve[j]});
    }
    RC_ASSERT(wide(books.peak_equity()) == peak);
    RC_ASSERT(wide(books.max_drawdown()) == drawdown);
}

}  // namespace
}  // namespace sluice::tests
