#include "suggest.hpp"

#include <sluice/core/config/diagnostics.hpp>
#include <sluice/core/config/nearest.hpp>

namespace sluice::core::config {

namespace {

constexpr std::size_t kMaxListed = 16;

std::string quoted(std::string_view name) { return "'" + printable(name) + "'"; }

std::string list_names(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < kMaxListed; ++i) {
        text += (i == 0 ? "" : ", ") + names[i];
    }
    return names.size() > kMaxListed ? text + ", ..." : text;
}

}  // namespace

std::string section_names(const SchemaSpec& schema) {
    std::vector<std::string> names;
    for (const auto& section : schema.sections) {
        if (!section->path.empty()) names.push_back("[" + section->path + "]");
    }
    for (const auto& tables : schema.tables) names.push_back("[[" + tables->common.path + "]]");
    return list_names(names);
}

std::string unknown_key_message(const SchemaSpec& schema, std::string_view path) {
    const std::string start = "unknown key " + quoted(path);
    std::vector<std::string> candidates = schema.key_paths();
    for (const auto& section : schema.sections) candidates.push_back(section->path);
    for (const auto& tables : schema.tables) candidates.push_back(tables->common.path);
    const std::string near = nearest(path, candidates);
    if (!near.empty()) return start + "; did you mean '" + near + "'?";
    const auto dot = path.rfind('.');
    const GroupSpec* section =
        dot == std::string_view::npos ? nullptr : schema.find_section(path.substr(0, dot));
    if (section == nullptr) return start + "; the sections are " + section_names(schema);
    std::vector<std::string> names;
    for (const auto& key : section->keys) names.push_back(key.name);
    return start + "; [" + section->path + "] has " + list_names(names);
}

std::string unknown_table_key_message(const TablesSpec& tables, const GroupSpec* kind,
                                      std::string_view path, std::string_view name) {
    const std::string start = "unknown key " + quoted(path);
    for (std::size_t i = 0; i < tables.kinds.size(); ++i) {
        if (tables.kinds[i].get() == kind || tables.kinds[i]->find(name) == nullptr) continue;
        return start + "; only a table of kind \"" + tables.kind_names[i] + "\" has it";
    }
    std::vector<std::string> names;
    for (const KeySpec* key : keys_of(tables, kind)) names.push_back(key->name);
    const std::string near = nearest(name, names);
    if (near.empty()) return start + "; this table has " + list_names(names);
    return start + "; did you mean '" + std::string(path.substr(0, path.size() - name.size())) +
           near + "'?";
}

}  // namespace sluice::core::config
