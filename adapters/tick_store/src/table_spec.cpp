#include "table_spec.hpp"

#include <array>
#include <type_traits>

namespace sluice::adapters::tick_store {
namespace {

template <class Value>
[[nodiscard]] constexpr ColumnType type_of() noexcept {
    if constexpr (std::is_same_v<Value, std::int64_t>)
        return ColumnType::kInt64;
    else if constexpr (std::is_same_v<Value, std::uint32_t>)
        return ColumnType::kUint32;
    else
        return ColumnType::kUint8;
}

template <class Columns>
[[nodiscard]] TableSpec make_spec() {
    TableSpec out;
    const Columns none;
    Columns::each(none, [&out](const char* name, const auto& column, bool optional) {
        using Value = typename std::remove_cvref_t<decltype(column)>::value_type;
        out.push_back({name, type_of<Value>(), optional});
    });
    return out;
}

}  // namespace

const TableSpec& spec_of(TableKind kind) {
    static const std::array<TableSpec, pipeline::kTableKindCount> specs = {
        make_spec<pipeline::TradeColumns>(),        make_spec<pipeline::QuoteColumns>(),
        make_spec<pipeline::LevelColumns>(),        make_spec<pipeline::OrderColumns>(),
        make_spec<pipeline::BarColumns>(),          make_spec<pipeline::QuoteBarColumns>(),
        make_spec<pipeline::OpenInterestColumns>(), make_spec<TruthColumns>(),
    };
    return specs[static_cast<std::size_t>(kind)];
}

TruthColumns::TruthColumns(std::span<const pipeline::TruthStretch> truth) {
    for (const pipeline::TruthStretch& stretch : truth) {
        start.push_back(core::ns_since_epoch(stretch.start));
        end.push_back(core::ns_since_epoch(stretch.end));
        regime.push_back(static_cast<std::uint8_t>(stretch.regime));
    }
}

}  // namespace sluice::adapters::tick_store
