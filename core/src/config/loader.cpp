// From a document's tree to settings: defaults first, then every key that is given, then the rules.

#include <sluice/core/config/untyped.hpp>

#include "document.hpp"
#include "overrides.hpp"
#include "rules.hpp"
#include "suggest.hpp"
#include "value_reader.hpp"

#include <utility>

namespace sluice::core::config {

namespace {

std::string join(std::string_view prefix, std::string_view name) {
    return prefix.empty() ? std::string(name) : std::string(prefix) + "." + std::string(name);
}

class Loader {
  public:
    Loader(const SchemaSpec& schema, void* settings, std::string_view home,
           std::vector<Diagnostic>& faults)
        : schema_(schema), settings_(settings), home_(home), faults_(faults) {}

    void read(Node& root) {
        for (const auto& section : schema_.sections) {
            for (const auto& key : section->keys) key.store(settings_, key.fallback);
        }
        read_table(root, "");
        for (const auto& tables : schema_.tables) {
            Member* member = root.find(tables->common.path);
            if (member != nullptr) read_tables(*tables, member->value);
        }
        check_rules();
    }
    Origins take_origins() { return std::move(given_.origins); }

  private:
    void add(ErrorKind kind, const Position& where, std::string_view path, std::string message) {
        given_.refused.insert(std::string(path));
        faults_.push_back({kind, where, printable(path), std::move(message)});
    }

    /// Sections nest no deeper than the schema does, since an unknown table is not entered.
    void read_table(const Node& table, const std::string& path) {
        for (const Member& member : table.members) {
            const std::string inner = join(path, member.key);
            // A quoted key may hold dots; it is one name, and no name of the schema has any.
            const bool one_name = member.key.find('.') == std::string::npos;
            const bool is_table = member.value.kind == Node::Kind::kTable;
            if (const KeySpec* key = one_name ? schema_.find_key(inner) : nullptr; key != nullptr) {
                read_key(*key, inner, member, settings_);
            } else if (path.empty() && schema_.find_tables(member.key) != nullptr) {
                continue;  // read by read_tables()
            } else if (one_name && schema_.has_section_under(inner)) {
                if (is_table) {
                    read_table(member.value, inner);
                } else {
                    add(ErrorKind::kWrongType, member.where, inner,
                        "'" + inner + "' is a section, not " +
                            std::string(kind_name(member.value)) + "; write [" + inner +
                            "] and its keys below");
                }
            } else {
                add(ErrorKind::kUnknownKey, member.where, inner,
                    unknown_key_message(schema_, inner));
            }
        }
    }

    bool read_key(const KeySpec& key, const std::string& path, const Member& member, void* owner) {
        Value value;
        if (auto fault = read_value(key, member.value, value)) {
            const Position& where =
                member.value.where.line == 0 ? member.where : member.value.where;
            add(fault->kind, where, path, "'" + path + "' " + fault->message);
            return false;
        }
        key.store(owner, value);
        if (!member.where.is_default()) given_.origins[path] = member.where;
        return true;
    }

    void read_tables(const TablesSpec& tables, const Node& array) {
        const std::string& name = tables.common.path;
        tables.clear(settings_);
        if (array.kind != Node::Kind::kArray) {
            add(ErrorKind::kWrongType, array.where, name,
                "'" + name + "' is an array of tables, not " + std::string(kind_name(array)) +
                    "; begin each table with [[" + name + "]]");
            return;
        }
        if (!array.where.is_default()) given_.origins[name] = array.where;
        const std::size_t count = array.elements.size();
        if (count < tables.min_count || count > tables.max_count) {
            const Position nowhere{std::string(home_), 0, 0};
            add(ErrorKind::kOutOfRange, array.where.is_default() ? nowhere : array.where, name,
                "there are " + std::to_string(count) + " tables [[" + name +
                    "]], but there must be " + std::to_string(tables.min_count) + " to " +
                    std::to_string(tables.max_count));
            if (count > tables.max_count) return;  // bounds what one file can make us hold
        }
        for (std::size_t i = 0; i < count; ++i) {
            read_item(tables, array.elements[i], name + "[" + std::to_string(i) + "]");
        }
        check_unique(tables, array);
    }

    void read_item(const TablesSpec& tables, const Node& node, const std::string& path) {
        void* const item = tables.append(settings_);
        if (node.kind != Node::Kind::kTable) {
            add(ErrorKind::kWrongType, node.where, path,
                "'" + path + "' must be a table, not " + std::string(kind_name(node)));
            return;
        }
        for (const auto& key : tables.common.keys) key.store(item, key.fallback);
        const GroupSpec* kind = nullptr;
        bool kind_known = true;
        if (!tables.kind_key.empty()) {
            kind = read_kind(tables, node, path, item);
            kind_known = kind != nullptr;
        }
        const auto keys = keys_of(tables, kind);
        for (const KeySpec* key : keys) {
            if (key->name != tables.kind_key) key->store(item, key->fallback);
        }
        for (const Member& member : node.members) {
            if (member.key == tables.kind_key) continue;
            const std::string inner = join(path, member.key);
            if (const KeySpec* key = find_in(keys, member.key); key != nullptr) {
                read_key(*key, inner, member, item);
            } else if (kind_known) {  // otherwise the kind's fault is the one to mend first
                add(ErrorKind::kUnknownKey, member.where, inner,
                    unknown_table_key_message(tables, kind, inner, member.key));
            }
        }
        check_required(tables, keys, node, path);
        check_item_rules(tables, kind, path, node, item);
    }

    /// The kind's own keys, null (and a diagnostic) where the table does not say a valid kind.
    const GroupSpec* read_kind(const TablesSpec& tables, const Node& node, const std::string& path,
                               void* item) {
        const KeySpec& key = *tables.common.find(tables.kind_key);
        for (const Member& member : node.members) {
            if (member.key != tables.kind_key) continue;
            if (!read_key(key, join(path, key.name), member, item)) return nullptr;
            return tables.find_kind(member.value.text);
        }
        return nullptr;  // check_required() says so
    }

    static const KeySpec* find_in(const std::vector<const KeySpec*>& keys, std::string_view name) {
        for (const KeySpec* key : keys) {
            if (key->name == name) return key;
        }
        return nullptr;
    }

    void check_required(const TablesSpec& tables, const std::vector<const KeySpec*>& keys,
                        const Node& node, const std::string& path) {
        for (const KeySpec* key : keys) {
            if (!key->required) continue;
            bool found = false;
            for (const Member& member : node.members) found = found || member.key == key->name;
            if (found) continue;
            const std::string inner = join(path, key->name);
            const std::string range =
                key->type == ValueType::kChoice ? ", " + format_range(*key) : "";
            add(ErrorKind::kMissing, node.where, inner,
                "'" + inner + "' is missing: every [[" + tables.common.path +
                    "]] of this kind needs " + key->name + range + " (for example " + key->name +
                    " = " + format_value(*key, key->fallback) + ")");
        }
    }

    void check_unique(const TablesSpec& tables, const Node& array) {
        for (const auto& name : tables.unique_keys) {
            const KeySpec& key = *tables.common.find(name);
            std::map<std::string, std::string> seen;  // value, path
            const std::size_t count = tables.count(settings_);
            for (std::size_t i = 0; i < count; ++i) {
                const std::string path = tables.common.path + "[" + std::to_string(i) + "]." + name;
                if (given_.refused.contains(path)) continue;
                const std::string value = format_value(key, key.fetch(tables.at(settings_, i)));
                const auto [first, fresh] = seen.emplace(value, path);
                if (fresh) continue;
                const auto origin = given_.origins.find(path);
                add(ErrorKind::kDuplicate,
                    origin == given_.origins.end() ? array.elements[i].where : origin->second, path,
                    describe_key(path, given_, home_) + " is " + printable(value) + ", and so is " +
                        describe_key(first->second, given_, home_) + "; give each its own");
            }
        }
    }

    void check_item_rules(const TablesSpec& tables, const GroupSpec* kind, const std::string& path,
                          const Node& node, const void* item) {
        for (const GroupSpec* group : {&std::as_const(tables.common), kind}) {
            if (group == nullptr) continue;
            for (const auto& rule : group->rules) {
                check_rule(rule, path, item, given_, {home_, node.where}, faults_);
            }
        }
    }

    void check_rules() {
        const RuleContext context{home_, {std::string(home_), 0, 0}};
        for (const auto& section : schema_.sections) {
            for (const auto& rule : section->rules) {
                check_rule(rule, section->path, settings_, given_, context, faults_);
            }
        }
        for (const auto& rule : schema_.rules) {
            check_rule(rule, "", settings_, given_, context, faults_);
        }
    }

    const SchemaSpec& schema_;
    void* settings_;
    std::string_view home_;
    std::vector<Diagnostic>& faults_;
    Given given_{};
};

}  // namespace

Outcome load(const SchemaSpec& schema, void* settings, const Document& document,
             const std::vector<std::string>& overrides) {
    Outcome outcome;
    std::optional<Node> root = parse_document(document, outcome.diagnostics);
    if (root) {
        apply_overrides(schema, overrides, *root, outcome.diagnostics);
        for (const auto& tables : schema.tables) {
            if (root->find(tables->common.path) != nullptr) continue;
            root->members.push_back({tables->common.path, {}, default_tables(*tables)});
        }
        Loader loader(schema, settings, document.name, outcome.diagnostics);
        loader.read(*root);
        outcome.origins = loader.take_origins();
    }
    sort_and_limit(outcome.diagnostics);
    return outcome;
}

}  // namespace sluice::core::config
