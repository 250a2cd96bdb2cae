#include <sluice/pipeline/calendar_choice.hpp>

#include <string_view>

namespace sluice::pipeline {
namespace {

[[nodiscard]] bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// "ESZ13" and "ESH4" are contracts of "ES": a month's letter and the year at the end.
[[nodiscard]] std::string_view contract_root(std::string_view contract) noexcept {
    std::size_t end = contract.size();
    while (end > 0 && is_digit(contract[end - 1])) --end;
    constexpr std::string_view kMonths = "FGHJKMNQUVXZ";
    const bool is_contract = end < contract.size() && end > 1 &&
                             kMonths.find(contract[end - 1]) != std::string_view::npos;
    return is_contract ? contract.substr(0, end - 1) : contract;
}

}  // namespace

std::vector<std::string> calendar_candidates(const Instrument& instrument) {
    const std::string_view symbol = instrument.symbol;
    const std::size_t dot = symbol.rfind('.');
    const bool has_venue =
        dot != std::string_view::npos && instrument.asset_class != AssetClass::kEquity;
    std::string market = "usa";
    if (has_venue) {
        market.clear();
        for (const char c : symbol.substr(dot + 1))
            market.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c);
    }
    std::string_view name = has_venue ? symbol.substr(0, dot) : symbol;
    if (instrument.asset_class == AssetClass::kFuture) name = contract_root(name);
    const std::string all = std::string(to_string(instrument.asset_class)) + "-" + market;
    return {all + "-" + std::string(name), all};
}

}  // namespace sluice::pipeline
