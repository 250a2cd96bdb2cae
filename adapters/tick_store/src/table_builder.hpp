// One table on its way into a file: its columns so far, checked as they come.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <sluice/adapters/tick_store/tick_store.hpp>

#include "spool.hpp"
#include "table_spec.hpp"

namespace sluice::adapters::tick_store {

[[nodiscard]] StoreError bad_table(const std::string& where, const std::string& what);

class TableBuilder {
  public:
    TableBuilder(TableKey key, const std::shared_ptr<SpillFile>& spill);

    // Adds rows; kBadTable names what is wrong with them: columns of different length, an optional
    // column that comes and goes, a negative size, a time or price that is none.
    void append(const pipeline::TableChunk& chunk, const std::string& where);
    void append(const TruthColumns& truth, const std::string& where);

    [[nodiscard]] TableKey key() const noexcept { return info_.key; }
    [[nodiscard]] const TableSpec& spec() const { return spec_of(info_.key.kind); }
    [[nodiscard]] std::uint64_t rows() const noexcept { return info_.rows; }
    [[nodiscard]] const TableInfo& info() const noexcept { return info_; }
    void set_source(const pipeline::Provenance& source) { info_.source = source; }
    // False for an optional column that the source does not have.
    [[nodiscard]] bool present(std::size_t column) const noexcept {
        return info_.rows == 0 ? !spec()[column].optional : columns_[column].size() != 0;
    }
    [[nodiscard]] const ColumnSpool& column(std::size_t index) const noexcept {
        return columns_[index];
    }

  private:
    template <class Columns>
    void append_columns(const Columns& columns, const std::string& where);
    void note_times(std::span<const std::int64_t> times, const std::string& where);

    TableInfo info_;
    std::int64_t least_ = 0;
    std::int64_t greatest_ = 0;
    std::int64_t previous_ = 0;
    std::vector<ColumnSpool> columns_;
};

}  // namespace sluice::adapters::tick_store
