#include "ledger_line.hpp"

#include <array>

#include <openssl/evp.h>
#include <nlohmann/json.hpp>

namespace sluice::research {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kBeforeHash = ",\"hash\":\"";
constexpr std::string_view kAfterHash = "\"}";

[[noreturn]] void refuse(const std::string& why) {
    throw LedgerError(LedgerFault::kEntry, 0, "the ledger does not take this entry: " + why);
}

[[noreturn]] void changed(std::uint64_t number, const std::string& why) {
    throw LedgerError(LedgerFault::kChanged, number, "line " + std::to_string(number) + " " + why);
}

// Of a line; its body stands one level deeper.
constexpr int kDepthMax = 64;

// Nothing of a text that is no JSON or nests deeper than that: writing it out again would take a stack
// frame a level.
Json parse(std::string_view text, int depth_max) {
    bool deep = false;
    Json out = Json::parse(
        text,
        [&deep, depth_max](int depth, Json::parse_event_t, Json&) {
            deep = deep || depth > depth_max;
            return !deep;
        },
        /*allow_exceptions=*/false);
    return deep ? Json() : out;
}

Json body_of(const LedgerEntry& entry) {
    Json body = parse(entry.body, kDepthMax - 1);
    if (!body.is_object()) refuse("its body is no JSON object of modest depth");
    return body;
}

void check_place(const Json& line, std::uint64_t number, std::string_view previous) {
    const auto claimed = line.at("line").get<std::uint64_t>();
    if (claimed > number)
        changed(number, "holds line " + std::to_string(claimed) +
                            ": lines before it were removed or moved");
    if (claimed < number)
        changed(number, "holds line " + std::to_string(claimed) + ": it was repeated or moved");
    if (line.at("prev").get<std::string>() != previous)
        changed(number,
                "does not follow the line before it: that one was replaced, or this one "
                "belongs to another ledger");
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("SHA-256 is not to be had");
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    for (unsigned i = 0; i < size; ++i) {
        out += kDigits[digest[i] >> 4U];
        out += kDigits[digest[i] & 15U];
    }
    return out;
}

std::string ledger_text(std::uint64_t number, const LedgerEntry& entry, std::string_view previous,
                        std::string& hash) {
    if (entry.kind.empty()) refuse("it has no kind");
    Json line;
    line["line"] = number;
    line["time_ns"] = core::ns_since_epoch(entry.time);
    line["kind"] = entry.kind;
    line["data"] = entry.data_key;
    line["trials"] = entry.trials;
    line["body"] = body_of(entry);
    line["prev"] = previous;
    std::string text;
    try {
        text = line.dump();
    } catch (const nlohmann::json::exception&) {
        refuse("a text in it is no UTF-8");
    }
    text.pop_back();  // the closing brace
    hash = sha256_hex(text);
    text.append(kBeforeHash).append(hash).append(kAfterHash).append("\n");
    if (text.size() > kLedgerLineMax)
        refuse("its line would have " + std::to_string(text.size()) + " bytes, more than " +
               std::to_string(kLedgerLineMax));
    return text;
}

LedgerLine parse_ledger_line(std::string_view text, std::uint64_t number,
                             std::string_view previous) {
    constexpr std::size_t kTail = kBeforeHash.size() + kHashDigits + kAfterHash.size();
    if (text.size() <= kTail) changed(number, "was changed: it is too short");
    const std::string_view hashed = text.substr(0, text.size() - kTail);
    const std::string_view tail = text.substr(hashed.size());
    const std::string_view hash = tail.substr(kBeforeHash.size(), kHashDigits);
    if (!tail.starts_with(kBeforeHash) || !tail.ends_with(kAfterHash) || sha256_hex(hashed) != hash)
        changed(number, "was changed: its hash is not that of its text");
    const Json line = parse(text, kDepthMax);
    if (!line.is_object()) changed(number, "is no JSON object, though its hash is right");
    try {
        check_place(line, number, previous);
        return {number,
                {core::time_from_ns<core::LocalTime>(line.at("time_ns").get<std::int64_t>()),
                 line.at("kind").get<std::string>(), line.at("data").get<std::string>(),
                 line.at("trials").get<std::uint64_t>(), line.at("body").dump()},
                std::string(hash)};
    } catch (const nlohmann::json::exception&) {
        changed(number, "lacks a field, though its hash is right");
    }
}

}  // namespace sluice::research
