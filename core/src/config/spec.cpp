#include <sluice/core/config/spec.hpp>

#include <sluice/core/config/diagnostics.hpp>
#include <sluice/core/config/units.hpp>

#include <algorithm>

namespace sluice::core::config {

namespace {

[[noreturn]] void refuse(std::string_view path, std::string_view reason) {
    throw SchemaError("'" + std::string(path) + "': " + std::string(reason));
}

/// A bare TOML key in the house's spelling.
bool is_name(std::string_view name) noexcept {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

bool is_path(std::string_view path) noexcept {
    for (;;) {
        const auto dot = path.find('.');
        if (!is_name(path.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        path.remove_prefix(dot + 1);
    }
}

bool is_one_line(std::string_view text) noexcept {
    return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
}

void check_doc(std::string_view path, std::string_view doc) {
    if (!is_one_line(doc)) refuse(path, "needs one line of documentation");
}

void check_key(const GroupSpec& group, const KeySpec& key) {
    if (!is_name(key.name)) refuse(key.path, "a key is spelt in a-z, 0-9 and _");
    check_doc(key.path, key.doc);
    if (group.find(key.name) != nullptr) refuse(key.path, "is declared twice");
    if (!key.unit.empty() && !is_one_line(key.unit)) refuse(key.path, "its unit is not one line");
    if (key.required && !group.in_tables) refuse(key.path, "only a table's key may be required");
    if (key.type == ValueType::kDecimal && decimal_places(key.scale) < 0) {
        refuse(key.path, "its scale is not a power of ten");
    }
    if (const std::string fault = range_fault(key, key.fallback); !fault.empty()) {
        refuse(key.path, "its default " + fault);
    }
}

std::string prefix_of(const GroupSpec& group) {
    return group.path.empty() ? std::string{} : group.path + ".";
}

}  // namespace

std::string_view to_string(ValueType type) noexcept {
    switch (type) {
        case ValueType::kBoolean: return "boolean";
        case ValueType::kInteger: return "integer";
        case ValueType::kDecimal: return "decimal";
        case ValueType::kReal: return "real";
        case ValueType::kText: return "text";
        case ValueType::kChoice: return "choice";
        case ValueType::kDuration: return "duration";
        case ValueType::kTimeOfDay: return "time of day";
        case ValueType::kDurationList: return "list of durations";
        case ValueType::kTextList: return "list of texts";
    }
    return "unknown";
}

const KeySpec* GroupSpec::find(std::string_view wanted) const noexcept {
    const auto found = std::find_if(keys.begin(), keys.end(),
                                    [wanted](const KeySpec& key) { return key.name == wanted; });
    return found == keys.end() ? nullptr : &*found;
}

const GroupSpec* TablesSpec::find_kind(std::string_view kind) const noexcept {
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        if (kind_names[i] == kind) return kinds[i].get();
    }
    return nullptr;
}

const GroupSpec* SchemaSpec::find_section(std::string_view path) const noexcept {
    for (const auto& section : sections) {
        if (section->path == path) return section.get();
    }
    return nullptr;
}

const TablesSpec* SchemaSpec::find_tables(std::string_view name) const noexcept {
    for (const auto& array : tables) {
        if (array->common.path == name) return array.get();
    }
    return nullptr;
}

const KeySpec* SchemaSpec::find_key(std::string_view path) const noexcept {
    const auto dot = path.rfind('.');
    const bool at_root = dot == std::string_view::npos;
    const GroupSpec* section = find_section(at_root ? "" : path.substr(0, dot));
    return section == nullptr ? nullptr : section->find(at_root ? path : path.substr(dot + 1));
}

bool SchemaSpec::has_section_under(std::string_view path) const noexcept {
    return std::any_of(sections.begin(), sections.end(), [path](const auto& section) {
        const std::string_view own = section->path;
        return own == path || (own.size() > path.size() && own.substr(0, path.size()) == path &&
                               own[path.size()] == '.');
    });
}

std::vector<std::string> SchemaSpec::key_paths() const {
    std::vector<std::string> paths;
    for (const auto& section : sections) {
        for (const auto& key : section->keys) paths.push_back(key.path);
    }
    return paths;
}

GroupSpec& add_section(SchemaSpec& schema, std::string_view path, std::string_view doc) {
    if (!path.empty() && !is_path(path)) refuse(path, "a section is spelt in a-z, 0-9, _ and dots");
    check_doc(path, doc);
    if (schema.find_section(path) != nullptr) refuse(path, "is declared twice");
    for (auto head = path;; head = head.substr(0, head.rfind('.'))) {
        if (schema.find_key(head) != nullptr) refuse(head, "is both a key and a section");
        if (schema.find_tables(head) != nullptr) refuse(head, "is both an array and a section");
        if (head.rfind('.') == std::string_view::npos) break;
    }
    auto& section = schema.sections.emplace_back(std::make_unique<GroupSpec>());
    section->path = path;
    section->doc = doc;
    return *section;
}

TablesSpec& add_tables(SchemaSpec& schema, std::string_view name, std::string_view doc) {
    if (!is_name(name)) refuse(name, "an array of tables is spelt in a-z, 0-9 and _");
    check_doc(name, doc);
    if (schema.find_tables(name) != nullptr || schema.has_section_under(name) ||
        schema.find_key(name) != nullptr) {
        refuse(name, "is declared twice");
    }
    auto& tables = schema.tables.emplace_back(std::make_unique<TablesSpec>());
    tables->common.path = name;
    tables->common.doc = doc;
    tables->common.in_tables = true;
    return *tables;
}

GroupSpec& add_kind(TablesSpec& tables, std::string_view kind, std::string_view doc) {
    check_doc(kind, doc);
    if (tables.find_kind(kind) != nullptr) refuse(kind, "is declared twice");
    auto& group = tables.kinds.emplace_back(std::make_unique<GroupSpec>());
    tables.kind_names.emplace_back(kind);
    group->path = tables.common.path;
    group->doc = doc;
    group->in_tables = true;
    return *group;
}

void add_key(SchemaSpec& schema, GroupSpec& group, KeySpec key) {
    key.path = prefix_of(group) + key.name;
    check_key(group, key);
    if (group.in_tables) {
        // A kind's keys join the common ones in one table, so neither may hide the other.
        const TablesSpec* tables = schema.find_tables(group.path);
        for (const auto& kind : tables->kinds) {
            if (&group == &tables->common && kind->find(key.name) != nullptr) {
                refuse(key.path, "is declared twice");
            }
        }
        if (&group != &tables->common && tables->common.find(key.name) != nullptr) {
            refuse(key.path, "is declared twice");
        }
    } else if (schema.has_section_under(key.path) || schema.find_tables(key.path) != nullptr) {
        refuse(key.path, "is both a key and a section");
    }
    group.keys.push_back(std::move(key));
}

void add_rule(GroupSpec& group, RuleSpec rule) {
    for (const auto& name : rule.keys) {
        // A kind's rule may name common keys; those are declared first and are checked when it runs.
        if (!group.in_tables && group.find(name) == nullptr) {
            refuse(name, "a rule names it, but it is not declared in '" + group.path + "'");
        }
    }
    group.rules.push_back(std::move(rule));
}

void add_rule(SchemaSpec& schema, RuleSpec rule) {
    for (const auto& path : rule.keys) {
        if (schema.find_key(path) == nullptr && schema.find_tables(path) == nullptr) {
            refuse(path, "a rule names it, but it is not declared");
        }
    }
    schema.rules.push_back(std::move(rule));
}

std::vector<const KeySpec*> keys_of(const TablesSpec& tables, const GroupSpec* kind) {
    std::vector<const KeySpec*> keys;
    for (const auto& key : tables.common.keys) keys.push_back(&key);
    if (kind != nullptr) {
        for (const auto& key : kind->keys) keys.push_back(&key);
    }
    return keys;
}

const GroupSpec* kind_of(const TablesSpec& tables, const void* item) {
    const KeySpec* key = tables.common.find(tables.kind_key);
    return key == nullptr ? nullptr : tables.find_kind(std::get<std::string>(key->fetch(item)));
}

}  // namespace sluice::core::config
