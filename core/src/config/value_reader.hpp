#pragma once
// Reads one node of a document as the value of one key.

#include "document.hpp"

#include <sluice/core/config/spec.hpp>

#include <optional>
#include <string>

namespace sluice::core::config {

/// Why a node is not a value of its key; `message` goes after the key's path.
struct ValueFault {
    ErrorKind kind;
    std::string message;
};

/// Sets `value` where the node fits the key; otherwise leaves it alone and says why.
[[nodiscard]] std::optional<ValueFault> read_value(const KeySpec& key, const Node& node,
                                                   Value& value);

}  // namespace sluice::core::config
