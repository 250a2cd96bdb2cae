// An account beside what the venue, or a broker's statement, says of it: every discrepancy by name.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sluice/accounting/account.hpp>

namespace sluice::accounting {

struct StatedPosition {
    Quantity quantity;
    std::optional<Price> average_price{};  // compared where it is stated, to the last decimal
};

// What is not listed is stated to be zero.
struct Statement {
    std::map<std::string, StatedPosition> positions;
    std::optional<Amounts> cash;  // not compared where the statement says nothing of cash
};

enum class DiscrepancyKind : std::uint8_t {
    kMissingThere,  // we hold it, the statement does not
    kMissingHere,   // the statement holds it, we do not
    kQuantity,
    kAveragePrice,
    kCash,
};
[[nodiscard]] const char* to_string(DiscrepancyKind kind) noexcept;

struct Discrepancy {
    DiscrepancyKind kind;
    std::string subject;  // the instrument or the currency
    std::string ours;     // exact decimals
    std::string theirs;
    std::string difference;  // theirs less ours
};

// Empty when both agree. Positions by name, then cash by currency.
[[nodiscard]] std::vector<Discrepancy> reconcile(const Account& account,
                                                 const Statement& statement);

// What a unit of the position has cost, rounded half away from zero to 1e-9; zero without a position.
[[nodiscard]] Price average_price(const Holding& holding);

}  // namespace sluice::accounting
