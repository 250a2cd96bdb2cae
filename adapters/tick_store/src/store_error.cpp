#include <sluice/adapters/tick_store/store_error.hpp>

#include <utility>

namespace sluice::adapters::tick_store {

StoreError::StoreError(StoreFault fault, std::string where, const std::string& what,
                       const std::string& mend)
    : std::runtime_error(where + ": " + what + ". " + mend + "."), fault_(fault),
      where_(std::move(where)) {}

}  // namespace sluice::adapters::tick_store
