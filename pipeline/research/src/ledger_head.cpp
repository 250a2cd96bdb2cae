#include "ledger_head.hpp"

#include <fstream>
#include <string_view>

#include <nlohmann/json.hpp>

#include "ledger_line.hpp"

namespace sluice::research {
namespace {

constexpr std::string_view kBeforeCheck = ",\"check\":\"";

std::string checked_part(std::uint64_t lines, const std::string& last_hash) {
    return R"({"format":"sluice.ledger.head/1","lines":)" + std::to_string(lines) + R"(,"last":")" +
           last_hash + "\"";
}

std::optional<LedgerHead> parse_slot(const std::string& text, unsigned slot) {
    const nlohmann::json head = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!head.is_object()) return std::nullopt;
    try {
        LedgerHead out{head.at("lines").get<std::uint64_t>(), head.at("last").get<std::string>(),
                       slot};
        // The check covers the text, so nothing else may stand in the slot.
        if (text != head_text(out.lines, out.last_hash)) return std::nullopt;
        return out;
    } catch (const nlohmann::json::exception&) {
        return std::nullopt;
    }
}

}  // namespace

std::filesystem::path head_path(const std::filesystem::path& ledger) {
    std::filesystem::path out = ledger;
    out += ".head";
    return out;
}

std::string head_text(std::uint64_t lines, const std::string& last_hash) {
    std::string text = checked_part(lines, last_hash);
    const std::string check = sha256_hex(text);
    text.append(kBeforeCheck).append(check).append("\"}");
    text.resize(kHeadSlotBytes - 1, ' ');
    return text + "\n";
}

std::optional<LedgerHead> read_head(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::optional<LedgerHead> newest;
    for (unsigned slot = 0; slot < kHeadSlots; ++slot) {
        std::string text(kHeadSlotBytes, '\0');
        if (!in.read(text.data(), static_cast<std::streamsize>(text.size()))) break;
        const std::optional<LedgerHead> head = parse_slot(text, slot);
        if (head && (!newest || head->lines > newest->lines)) newest = head;
    }
    return newest;
}

}  // namespace sluice::research
