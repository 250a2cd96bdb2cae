// The documented form of a configuration.

#include <sluice/core/config/untyped.hpp>

#include <algorithm>
#include <ostream>

namespace sluice::core::config {

namespace {

constexpr std::size_t kCommentColumns = 98;

/// `# ` before each line, broken at spaces.
void write_comment(std::ostream& out, std::string_view text, std::string_view before = "") {
    while (!text.empty()) {
        std::size_t end = text.size();
        if (end > kCommentColumns) {
            end = text.rfind(' ', kCommentColumns);
            if (end == std::string_view::npos || end == 0) end = text.find(' ');
            if (end == std::string_view::npos) end = text.size();
        }
        out << before << "# " << text.substr(0, end) << '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

std::string facts_of(const KeySpec& key) {
    std::string text(to_string(key.type));
    const std::string range = format_range(key);  // names the unit itself
    if (range.empty() && !key.unit.empty()) text += " in " + key.unit;
    if (!range.empty()) text += ", " + range;
    return text + (key.required ? ", required" : ", default " + format_value(key, key.fallback));
}

void write_key(std::ostream& out, const KeySpec& key, const Value& value,
               std::string_view before = "") {
    write_comment(out, key.doc, before);
    for (const auto& option : key.options) {
        if (!option.doc.empty()) write_comment(out, "  " + option.name + ": " + option.doc, before);
    }
    write_comment(out, facts_of(key), before);
    out << before << key.name << " = " << format_value(key, value) << '\n';
}

void write_section(std::ostream& out, const GroupSpec& section, const void* settings) {
    out << '\n';
    write_comment(out, section.doc);
    if (!section.path.empty()) out << '[' << section.path << "]\n";
    for (const auto& key : section.keys) write_key(out, key, key.fetch(settings));
}

/// An array without tables has to be said before the first header.
void write_empty_arrays(std::ostream& out, const SchemaSpec& schema, const void* settings) {
    for (const auto& tables : schema.tables) {
        if (tables->count(settings) != 0) continue;
        out << '\n';
        write_comment(out, tables->common.doc);
        write_comment(out, "None. To have some, drop this line and follow the example at the end.");
        out << tables->common.path << " = []\n";
    }
}

/// One commented table for each kind that the settings do not show.
void write_examples(std::ostream& out, const TablesSpec& tables, const void* settings) {
    const std::size_t count = tables.count(settings);
    const auto write_example = [&](const GroupSpec* kind, std::string_view kind_name) {
        out << '\n';
        write_comment(
            out, "An example, not in use" + (kind == nullptr ? std::string{} : ": " + kind->doc));
        out << "# [[" << tables.common.path << "]]\n";
        for (const KeySpec* key : keys_of(tables, kind)) {
            const bool is_kind = key->name == tables.kind_key;
            write_key(out, *key, is_kind ? Value{std::string(kind_name)} : key->fallback, "# ");
        }
    };
    if (tables.kinds.empty()) {
        if (count == 0) write_example(nullptr, "");
        return;
    }
    for (std::size_t k = 0; k < tables.kinds.size(); ++k) {
        bool shown = false;
        for (std::size_t i = 0; i < count; ++i) {
            shown = shown || kind_of(tables, tables.at(settings, i)) == tables.kinds[k].get();
        }
        if (!shown) write_example(tables.kinds[k].get(), tables.kind_names[k]);
    }
}

void write_tables(std::ostream& out, const TablesSpec& tables, const void* settings) {
    const std::size_t count = tables.count(settings);
    for (std::size_t i = 0; i < count; ++i) {
        const void* const item = tables.at(settings, i);
        out << '\n';
        if (i == 0) write_comment(out, tables.common.doc);
        out << "[[" << tables.common.path << "]]\n";
        for (const KeySpec* key : keys_of(tables, kind_of(tables, item))) {
            write_key(out, *key, key->fetch(item));
        }
    }
    write_examples(out, tables, settings);
}

}  // namespace

void write(const SchemaSpec& schema, const void* settings, std::ostream& out) {
    write_comment(out, schema.title);
    if (const GroupSpec* root = schema.find_section(""); root != nullptr) {
        write_section(out, *root, settings);
    }
    write_empty_arrays(out, schema, settings);
    for (const auto& section : schema.sections) {
        if (!section->path.empty()) write_section(out, *section, settings);
    }
    for (const auto& tables : schema.tables) write_tables(out, *tables, settings);
}

}  // namespace sluice::core::config
