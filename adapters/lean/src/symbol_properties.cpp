#include <algorithm>
#include <utility>

#include <sluice/adapters/lean/lean_reference.hpp>
#include <sluice/core/config/units.hpp>

#include "lean_path.hpp"
#include "reference_rows.hpp"

namespace sluice::adapters::lean {
namespace {

constexpr std::size_t kMaxText = 40;

// False when the text is no number above zero; the database writes small ones as 5e-05. A step
// finer than the type holds is no fault of the row: it leaves the row marked.
template <class Fixed>
[[nodiscard]] bool read_step(std::string_view text, Fixed& out, bool& holdable) {
    using core::config::ParseStatus;
    const auto parsed = core::config::parse_decimal(text, Fixed::kScale);
    if (parsed.status == ParseStatus::kTooPrecise || parsed.status == ParseStatus::kOverflow) {
        holdable = false;
        return true;
    }
    out = Fixed::from_raw(parsed.value);
    return parsed.ok() && parsed.value > 0;
}

}  // namespace

PropertiesTable PropertiesTable::parse(std::string_view text, const RowPolicy& policy) {
    PropertiesTable out;
    bool header = true;
    each_row(text, policy, [&](std::string_view line) -> std::string {
        if (std::exchange(header, false) && line.starts_with("market,")) return {};
        const auto fields = split_fields(line);
        if (fields.size() < 8) return "fewer than eight columns";
        if (fields[0].empty() || fields[1].empty() || fields[2].empty() ||
            std::max({fields[0].size(), fields[1].size(), fields[2].size()}) > kMaxText)
            return "market, symbol or type is empty or longer than 40 characters";
        if (fields[4].empty() || fields[4].size() > 16) return "no currency";
        SymbolProperties row;
        row.market = lower_case(fields[0]);
        row.symbol = upper_case(fields[1]);
        row.type = lower_case(fields[2]);
        row.currency = fields[4];
        if (!read_step(fields[5], row.multiplier, row.holdable) ||
            !read_step(fields[6], row.tick_size, row.holdable) ||
            !read_step(fields[7], row.lot_size, row.holdable))
            return "multiplier, price step or lot size is not a number above zero";
        Key key{row.market, row.symbol, row.type};
        if (!out.by_key_.emplace(std::move(key), out.rows_.size()).second)
            return "named a second time";
        out.rows_.push_back(std::move(row));
        return {};
    });
    return out;
}

const SymbolProperties* PropertiesTable::find(std::string_view market, std::string_view symbol,
                                              std::string_view type) const {
    Key key{market, symbol, type};
    auto found = by_key_.find(key);
    if (found == by_key_.end()) {
        std::get<1>(key) = "[*]";
        found = by_key_.find(key);
    }
    return found == by_key_.end() ? nullptr : &rows_[found->second];
}

}  // namespace sluice::adapters::lean
