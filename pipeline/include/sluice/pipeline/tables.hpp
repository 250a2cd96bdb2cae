// The tables of a tick store: one struct of columns for each kind.
//
// Values are raw counts: times in ns since the epoch (UTC), prices in 1e-9, quantities in 1e-8
// (docs/formats/tick-store.md). Row order is arrival order and all columns of a table have the same
// length. Plain data: any thread, no invariants; a sink checks what it is given.
//
// Each struct has `kKind`, `Row`, size(), append(row), and
//     Columns::each(columns, f)   f(name in the store, column, is optional), the time first
// which is the one declaration that the store, the exporters and the checks read.
#pragma once

#include <sluice/pipeline/bar_tables.hpp>
#include <sluice/pipeline/book_tables.hpp>
#include <sluice/pipeline/tick_tables.hpp>

namespace sluice::pipeline {

template <class Columns>
void reserve(Columns& columns, std::size_t rows) {
    Columns::each(columns, [rows](const char*, auto& column, bool optional) {
        if (!optional) column.reserve(rows);
    });
}
template <class Columns>
void clear(Columns& columns) {
    Columns::each(columns, [](const char*, auto& column, bool) { column.clear(); });
}

}  // namespace sluice::pipeline
