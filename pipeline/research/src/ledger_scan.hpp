// Reads a ledger through an open file, verifying each line against the one before and all of them
// against the head.
#pragma once

#include <optional>

#include <sluice/research/ledger.hpp>

#include "ledger_head.hpp"

namespace sluice::research {

// `file` is read from its start, whatever its offset. `head` must have been read before: lines may
// be added behind it at any time. Without a head only an empty ledger is whole.
[[nodiscard]] LedgerState scan_ledger(int file, const std::filesystem::path& path,
                                      const std::optional<LedgerHead>& head,
                                      const LedgerVisitor& visit);

// `what`, with the system's reason `error` (errno).
[[nodiscard]] LedgerError system_error(int error, const std::filesystem::path& path,
                                       const std::string& what);

}  // namespace sluice::research
