#include "table_builder.hpp"

#include <algorithm>
#include <limits>
#include <string_view>
#include <type_traits>

namespace sluice::adapters::tick_store {
namespace {

// Half of the int64 range: differences of two stored times cannot overflow.
constexpr std::int64_t kTimeLimit = std::int64_t{1} << 62;

// Columns by the role that their name gives them.
[[nodiscard]] bool is_size(std::string_view name) noexcept {
    return name == "quantity" || name == "volume" || name == "open_interest" ||
           name.ends_with("_size");
}
[[nodiscard]] bool is_price(std::string_view name) noexcept {
    return name == "price" || name == "open" || name == "high" || name == "low" ||
           name == "close" ||
           (!is_size(name) && (name.starts_with("bid") || name.starts_with("ask")));
}

template <class Columns>
void check_rows(const Columns& columns, std::uint64_t rows_before, bool (&present)[kMaxColumns],
                const std::string& where) {
    const std::size_t rows = columns.size();
    std::size_t i = 0;
    Columns::each(columns, [&](const char* name, const auto& column, bool optional) {
        const bool here = optional && column.empty() && rows != 0 ? false : true;
        const std::string what = std::string("column '") + name + "' ";
        if (here && column.size() != rows)
            throw bad_table(where, what + "differs in length from the others");
        if (rows_before != 0 && rows != 0 && here != present[i])
            throw bad_table(where, what + "is given for some rows and not for others");
        if (rows != 0) present[i] = here;
        ++i;
        using Value = typename std::remove_cvref_t<decltype(column)>::value_type;
        if constexpr (std::is_same_v<Value, std::int64_t>) {
            if (is_size(name) &&
                !std::all_of(column.begin(), column.end(), [](std::int64_t v) { return v >= 0; }))
                throw bad_table(where, what + "has a negative value");
            // Vendors write "no price" as an end of the range.
            if (is_price(name) && !std::all_of(column.begin(), column.end(), [](std::int64_t v) {
                    return v != std::numeric_limits<std::int64_t>::max() &&
                           v != std::numeric_limits<std::int64_t>::min();
                }))
                throw bad_table(where, what + "has a value that no price has");
        }
    });
}

}  // namespace

StoreError bad_table(const std::string& where, const std::string& what) {
    return {StoreFault::kBadTable, where, what, "Nothing was stored; mend the source"};
}

TableBuilder::TableBuilder(TableKey key, const std::shared_ptr<SpillFile>& spill) {
    info_.key = key;
    for (std::size_t i = 0; i < spec().size(); ++i) columns_.emplace_back(spill);
}

void TableBuilder::note_times(std::span<const std::int64_t> times, const std::string& where) {
    if (info_.rows == 0) least_ = greatest_ = previous_ = times.front();
    for (const std::int64_t time : times) {
        least_ = std::min(least_, time);
        greatest_ = std::max(greatest_, time);
        info_.out_of_order += time < previous_ ? 1U : 0U;
        previous_ = time;
    }
    if (least_ < -kTimeLimit || greatest_ > kTimeLimit)
        throw bad_table(where, "a time out of range");
    info_.first = core::time_from_ns<StreamTime>(least_);
    info_.last = core::time_from_ns<StreamTime>(greatest_);
}

template <class Columns>
void TableBuilder::append_columns(const Columns& columns, const std::string& where) {
    bool present[kMaxColumns] = {};
    if (info_.rows != 0)
        for (std::size_t i = 0; i < columns_.size(); ++i) present[i] = columns_[i].size() != 0;
    check_rows(columns, info_.rows, present, where);
    if (columns.size() == 0) return;
    std::size_t i = 0;
    Columns::each(columns, [&](const char*, const auto& column, bool) {
        if (i == 0) {
            if constexpr (std::is_same_v<typename std::remove_cvref_t<decltype(column)>::value_type,
                                         std::int64_t>)
                note_times(column, where);
        }
        columns_[i++].append(std::as_bytes(std::span(column)));
    });
    info_.rows += columns.size();
}

void TableBuilder::append(const pipeline::TableChunk& chunk, const std::string& where) {
    std::visit([&](const auto* columns) { append_columns(*columns, where); }, chunk.columns());
}

void TableBuilder::append(const TruthColumns& truth, const std::string& where) {
    append_columns(truth, where);
}

}  // namespace sluice::adapters::tick_store
