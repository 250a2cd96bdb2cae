#include <sluice/core/config/untyped.hpp>

#include "suggest.hpp"

#include <algorithm>

namespace sluice::core::config {

namespace {

std::string line(std::string_view label, std::string_view text) {
    static constexpr std::size_t kLabelColumns = 9;
    std::string result = "  " + std::string(label);
    result.append(kLabelColumns - label.size(), ' ');
    return result + std::string(text) + "\n";
}

std::string explain_key(const KeySpec& key, std::string_view of_kind = "") {
    std::string text = key.path + "\n  " + key.doc + "\n";
    if (!of_kind.empty()) text += line("kind", of_kind);
    text += line("type", to_string(key.type));
    if (!key.unit.empty()) text += line("unit", key.unit);
    if (const std::string range = format_range(key); !range.empty()) text += line("range", range);
    for (const auto& option : key.options) {
        if (!option.doc.empty()) text += line("", option.name + ": " + option.doc);
    }
    return text + (key.required ? line("required", "for example " + format_value(key, key.fallback))
                                : line("default", format_value(key, key.fallback)));
}

std::string list_keys(const GroupSpec& group) {
    std::size_t width = 0;
    for (const auto& key : group.keys) width = std::max(width, key.name.size());
    std::string text;
    for (const auto& key : group.keys) {
        text += "  " + key.name + std::string(width - key.name.size() + 2, ' ') + key.doc + "\n";
    }
    return text;
}

std::string explain_section(const GroupSpec& section) {
    const std::string head =
        section.path.empty() ? "(above the first section)" : "[" + section.path + "]";
    return head + "  " + section.doc + "\n" + list_keys(section);
}

std::string explain_tables(const TablesSpec& tables) {
    std::string text =
        "[[" + tables.common.path + "]]  " + tables.common.doc + "\n" + list_keys(tables.common);
    for (std::size_t i = 0; i < tables.kinds.size(); ++i) {
        text += "with " + tables.kind_key + " = \"" + tables.kind_names[i] + "\"  " +
                tables.kinds[i]->doc + "\n" + list_keys(*tables.kinds[i]);
    }
    return text;
}

/// Every key of this name, since two kinds may each have one.
std::string explain_table_key(const TablesSpec& tables, std::string_view name) {
    if (const KeySpec* key = tables.common.find(name); key != nullptr) return explain_key(*key);
    std::string text;
    for (std::size_t i = 0; i < tables.kinds.size(); ++i) {
        const KeySpec* key = tables.kinds[i]->find(name);
        if (key != nullptr) text += explain_key(*key, tables.kind_names[i]);
    }
    return text;
}

std::string explain_all(const SchemaSpec& schema) {
    std::string text = schema.title + "\n";
    for (const auto& section : schema.sections) text += "\n" + explain_section(*section);
    for (const auto& tables : schema.tables) text += "\n" + explain_tables(*tables);
    return text;
}

/// The sections below `path`, where it is one or holds some.
std::string explain_sections_under(const SchemaSpec& schema, std::string_view path) {
    const std::string below = std::string(path) + ".";
    std::string text;
    for (const auto& section : schema.sections) {
        if (section->path == path || section->path.compare(0, below.size(), below) == 0) {
            text += explain_section(*section);
        }
    }
    return text;
}

}  // namespace

Explanation explain(const SchemaSpec& schema, std::string_view path) {
    if (path.empty()) return {true, explain_all(schema)};
    if (const KeySpec* key = schema.find_key(path); key != nullptr) {
        return {true, explain_key(*key)};
    }
    if (std::string text = explain_sections_under(schema, path); !text.empty()) return {true, text};
    const auto dot = path.find('.');
    // "strategy[0].fast", as diagnostics name it, is explained like "strategy.fast".
    const std::string_view head = path.substr(0, std::min(dot, path.find('[')));
    if (const TablesSpec* tables = schema.find_tables(head); tables != nullptr) {
        if (dot == std::string_view::npos) return {true, explain_tables(*tables)};
        const std::string_view name = path.substr(dot + 1);
        if (std::string text = explain_table_key(*tables, name); !text.empty()) return {true, text};
        return {false, unknown_table_key_message(*tables, nullptr, path, name) + "\n"};
    }
    return {false, unknown_key_message(schema, path) + "\n"};
}

}  // namespace sluice::core::config
