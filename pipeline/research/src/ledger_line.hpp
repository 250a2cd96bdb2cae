// The text of a ledger's line and what it says.
//
//   {"line":7,"time_ns":...,"kind":"trial","data":"...","trials":1,"body":{...},
//    "prev":"<64 hex>","hash":"<64 hex>"}          on one line, without spaces outside of strings
//
// The hash is the SHA-256 of all bytes of the line before `,"hash":`; `prev` is among them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <sluice/research/ledger.hpp>

namespace sluice::research {

inline constexpr std::size_t kHashDigits = 64;
// What the first line follows.
[[nodiscard]] inline std::string no_hash() { return std::string(kHashDigits, '0'); }

[[nodiscard]] std::string sha256_hex(std::string_view bytes);

// With its newline; `hash` becomes the line's. Throws LedgerError (kEntry) when the entry has no kind,
// its body is no JSON object, a text is no UTF-8, or the line would be too long.
[[nodiscard]] std::string ledger_text(std::uint64_t number, const LedgerEntry& entry,
                                      std::string_view previous, std::string& hash);

// Of a line without its newline, which must be line `number` and follow `previous`: else LedgerError
// (kChanged) that says how it differs.
[[nodiscard]] LedgerLine parse_ledger_line(std::string_view text, std::uint64_t number,
                                           std::string_view previous);

}  // namespace sluice::research
