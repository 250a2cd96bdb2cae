// The columns of each kind of table, in words of the store.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <sluice/pipeline/tables.hpp>
#include <sluice/pipeline/tick_sink.hpp>

namespace sluice::adapters::tick_store {

using pipeline::TableKey;
using pipeline::TableKind;

inline constexpr std::size_t kMaxColumns = 12;

enum class ColumnType : std::uint8_t { kInt64, kUint32, kUint8 };
[[nodiscard]] constexpr std::size_t width_of(ColumnType type) noexcept {
    return type == ColumnType::kInt64 ? 8 : type == ColumnType::kUint32 ? 4 : 1;
}
struct ColumnSpec {
    const char* name;
    ColumnType type;
    bool optional;  // absent from the file where the source had none
};
using TableSpec = std::vector<ColumnSpec>;  // the first is the time
[[nodiscard]] const TableSpec& spec_of(TableKind kind);

// The stretches of a generated market as a table.
struct TruthColumns {
    static constexpr TableKind kKind = TableKind::kTruth;
    std::vector<std::int64_t> start;
    std::vector<std::int64_t> end;
    std::vector<std::uint8_t> regime;

    TruthColumns() = default;
    explicit TruthColumns(std::span<const pipeline::TruthStretch> truth);
    [[nodiscard]] std::size_t size() const noexcept { return start.size(); }
    template <class Self, class F>
    static void each(Self& self, F&& f) {
        f("start", self.start, false);
        f("end", self.end, false);
        f("regime", self.regime, false);
    }
};

}  // namespace sluice::adapters::tick_store
