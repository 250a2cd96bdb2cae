#include <sluice/adapters/dbn/dbn_rows.hpp>

namespace sluice::adapters::dbn {

const char* describe(RowFault fault) noexcept {
    switch (fault) {
        case RowFault::kOk: return "ok";
        case RowFault::kTime: return "has no time, or one beyond the year 2116";
        case RowFault::kPrice: return "has no price";
        case RowFault::kNegativePrice:
            return "has a price below zero, which its table does not hold";
        case RowFault::kSize: return "has no size";
        case RowFault::kVolume: return "has a volume of more than 92,233,720,368";
        case RowFault::kAction: return "has an action that the schema does not have";
        case RowFault::kSide: return "has a side other than A, B and N";
        case RowFault::kBar: return "is a bar whose open or close lies outside its low and high";
    }
    return "unknown";
}

}  // namespace sluice::adapters::dbn
