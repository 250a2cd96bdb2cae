#include <sluice/core/config/untyped.hpp>

#include <xxhash.h>

namespace sluice::core::config {

namespace {

void append_hex(std::string& text, XXH64_hash_t half) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    for (int shift = 60; shift >= 0; shift -= 4) text += kHex[(half >> shift) & 0xfU];
}

}  // namespace

std::string canonical_text(const SchemaSpec& schema, const void* settings) {
    std::map<std::string, std::string> lines;  // in the order of the paths
    for (const auto& section : schema.sections) {
        for (const auto& key : section->keys) {
            lines[key.path] = format_value(key, key.fetch(settings));
        }
    }
    for (const auto& tables : schema.tables) {
        const std::string& name = tables->common.path;
        const std::size_t count = tables->count(settings);
        lines[name] = std::to_string(count);
        for (std::size_t i = 0; i < count; ++i) {
            const void* const item = tables->at(settings, i);
            const std::string prefix = name + "[" + std::to_string(i) + "].";
            for (const KeySpec* key : keys_of(*tables, kind_of(*tables, item))) {
                lines[prefix + key->name] = format_value(*key, key->fetch(item));
            }
        }
    }
    std::string text;
    for (const auto& [path, value] : lines) text += path + " = " + value + "\n";
    return text;
}

std::string fingerprint(const SchemaSpec& schema, const void* settings) {
    const std::string text = canonical_text(schema, settings);
    const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
    std::string hex;
    append_hex(hex, hash.high64);
    append_hex(hex, hash.low64);
    return hex;
}

}  // namespace sluice::core::config
