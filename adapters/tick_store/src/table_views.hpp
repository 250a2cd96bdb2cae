// The tables of one put() as views over the caller's columns, checked on the way.
#pragma once

#include <string>
#include <vector>

#include "day_file.hpp"

namespace sluice::adapters::tick_store {

struct TruthColumns {
    std::vector<std::int64_t> start;
    std::vector<std::int64_t> end;
    std::vector<std::uint8_t> regime;

    explicit TruthColumns(std::span<const pipeline::TruthStretch> truth) {
        for (const pipeline::TruthStretch& stretch : truth) {
            start.push_back(core::ns_since_epoch(stretch.start));
            end.push_back(core::ns_since_epoch(stretch.end));
            regime.push_back(static_cast<std::uint8_t>(stretch.regime));
        }
    }
};

[[nodiscard]] StoreError bad_table(const std::string& where, const std::string& what);

// Views of what `day` gives; valid while `day` and `truth` live. kBadTable names what is wrong:
// columns of different length, a price, size or time that no market has.
[[nodiscard]] std::vector<TableView> views_of(const pipeline::DayTables& day,
                                              const TruthColumns& truth, const std::string& where);

}  // namespace sluice::adapters::tick_store
