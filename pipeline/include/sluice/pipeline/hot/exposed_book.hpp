// The instruments that make up the book at worst: with a position or open orders. Owned by the risk stage;
// all memory at construction.
//
// Their worst cases are kept up to date where positions and orders change, side by side in memory, so that
// an order is judged at the prices of now with a multiplication or three an instrument, and a tick pays
// nothing. Where there are several currencies each sum is of the account's, at the rates of now.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <sluice/pipeline/hot/margin.hpp>
#include <sluice/pipeline/hot/portfolio.hpp>

namespace sluice::pipeline {

// What is asked for of a BookExposure: the gross; that and both nets; everything.
enum class BookSums : std::uint8_t { kGross, kNets, kAll };

class ExposedBook {
  public:
    // No instruments: where no limit goes by the whole book.
    explicit ExposedBook(std::size_t instruments)
        : entries_(instruments), place_(instruments, kAbsent) {}

    [[nodiscard]] bool is_kept() const noexcept { return !place_.empty(); }

    // After a change of position or open orders; both working quantities are positive.
    void update(SymbolId symbol, Quantity position, Quantity working_buy, Quantity working_sell,
                const ContractSize& contract = {}) noexcept {
        const WorstCase worst{position + working_buy, position - working_sell};
        std::uint32_t& place = place_[core::index_of(symbol)];
        if (worst.size().is_zero()) {
            if (place != kAbsent) leave(place);
            return;
        }
        if (place == kAbsent) place = static_cast<std::uint32_t>(count_++);
        Entry& entry = entries_[place];
        entry = {worst.size(), worst, working_buy, worst.size(), symbol};
        if (!contract.is_one()) [[unlikely]]
            entry.scale(contract);
    }

    // Of all instruments but `symbol`, at their marks in `portfolio`. What is not asked for is zero.
    [[nodiscard]] BookExposure without(SymbolId symbol, const Portfolio& portfolio,
                                       BookSums sums = BookSums::kAll) const noexcept {
        BookExposure all;
        sum_without(symbol, portfolio, sums, all);
        return all;
    }
    // The same into `all`, in which what is not asked for stays as it is.
    void sum_without(SymbolId symbol, const Portfolio& portfolio, BookSums sums,
                     BookExposure& all) const noexcept {
        if (!portfolio.currencies().is_one()) [[unlikely]]
            return sum_converted(symbol, portfolio, all);
        if (sums == BookSums::kGross) [[likely]]
            return sum<BookSums::kGross>(symbol, portfolio, all);
        if (sums == BookSums::kNets) return sum<BookSums::kNets>(symbol, portfolio, all);
        sum<BookSums::kAll>(symbol, portfolio, all);
    }

  private:
    static constexpr std::uint32_t kAbsent = UINT32_MAX;

    // Of the underlying, but for the contracts.
    struct Entry {
        Quantity size;  // of the worst case
        WorstCase worst;
        Quantity working_buy;
        Quantity contracts;  // as size
        SymbolId symbol = core::kNoSymbol;

        void scale(const ContractSize& contract) noexcept {
            size = contract.underlying(size);
            worst = {contract.underlying(worst.high), contract.underlying(worst.low)};
            working_buy = contract.underlying(working_buy);
        }
    };

    template <BookSums kSums>
    void sum(SymbolId symbol, const Portfolio& portfolio, BookExposure& out) const noexcept {
        BookExposure all;
        for (std::size_t i = 0; i < count_; ++i) {
            const Entry& e = entries_[i];
            if (e.symbol == symbol) continue;
            const Price mark = portfolio.position(e.symbol).mark;
            all.gross += mark * e.size;
            if constexpr (kSums == BookSums::kGross) continue;
            all.net_high += mark * e.worst.high;
            all.net_low += mark * e.worst.low;
            if constexpr (kSums == BookSums::kNets) continue;
            all.open_buys += mark * e.working_buy;
            all.units += e.contracts;
        }
        out.gross = all.gross;
        if constexpr (kSums == BookSums::kGross) return;
        out.net_high = all.net_high;
        out.net_low = all.net_low;
        if constexpr (kSums == BookSums::kNets) return;
        out.open_buys = all.open_buys;
        out.units = all.units;
    }
    // Everything, each instrument's part rounded to where it counts most.
    SLUICE_NEVER_INLINE void sum_converted(SymbolId symbol, const Portfolio& portfolio,
                                           BookExposure& out) const noexcept {
        const Currencies& rates = portfolio.currencies();
        BookExposure all;
        for (std::size_t i = 0; i < count_; ++i) {
            const Entry& e = entries_[i];
            if (e.symbol == symbol) continue;
            const Price mark = portfolio.position(e.symbol).mark;
            all.gross += rates.at_most(e.symbol, mark * e.size);
            all.net_high += rates.at_most(e.symbol, mark * e.worst.high);
            all.net_low += rates.at_least(e.symbol, mark * e.worst.low);
            all.open_buys += rates.at_most(e.symbol, mark * e.working_buy);
            all.units += e.contracts;
        }
        out = all;
    }
    void leave(std::uint32_t& place) noexcept {
        const Entry& last = entries_[--count_];
        entries_[place] = last;
        place_[core::index_of(last.symbol)] = place;
        place = kAbsent;
    }

    std::vector<Entry> entries_;  // the first count_ of them, in no order
    std::size_t count_ = 0;
    std::vector<std::uint32_t> place_;  // by instrument, in entries_
};

}  // namespace sluice::pipeline
