#include "overrides.hpp"

#include "suggest.hpp"

#include <charconv>
#include <utility>

namespace sluice::core::config {

namespace {

/// "strategy[2].fast" taken apart; a plain key has no index.
struct Target {
    std::string_view table;
    std::size_t index = 0;
    std::string_view key;
};

std::optional<Target> parse_table_target(std::string_view path) noexcept {
    const auto open = path.find('[');
    const auto close = path.find("].", open == std::string_view::npos ? 0 : open);
    if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
    Target target{path.substr(0, open), 0, path.substr(close + 2)};
    const std::string_view digits = path.substr(open + 1, close - open - 1);
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, target.index);
    if (digits.empty() || stop != end || error != std::errc{}) return std::nullopt;
    return target;
}

void put(Node& table, std::string_view key, Node value) {
    if (Member* member = table.find(key); member != nullptr) {
        member->where = value.where;
        member->value = std::move(value);
        return;
    }
    const Position where = value.where;
    table.members.push_back({std::string(key), where, std::move(value)});
}

/// Gives every node of a value that the command line brought its place.
void set_origin(Node& node) {
    node.where = {std::string(kCommandLine), 0, 0};
    for (auto& element : node.elements) set_origin(element);
    for (auto& member : node.members) {
        member.where = node.where;
        set_origin(member.value);
    }
}

bool is_list(ValueType type) noexcept {
    return type == ValueType::kDurationList || type == ValueType::kTextList;
}

bool takes_bare_text(ValueType type) noexcept {
    return type == ValueType::kText || type == ValueType::kChoice || type == ValueType::kDuration ||
           type == ValueType::kTimeOfDay || is_list(type);
}

Node text_node(std::string_view text) {
    Node node;
    node.kind = Node::Kind::kText;
    node.text = text;
    return node;
}

Node split_list(std::string_view text) {
    Node list;
    list.kind = Node::Kind::kArray;
    while (!text.empty()) {
        const auto comma = text.find(',');
        list.elements.push_back(text_node(text.substr(0, comma)));
        text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    }
    return list;
}

class Overrides {
  public:
    Overrides(const SchemaSpec& schema, Node& root, std::vector<Diagnostic>& faults)
        : schema_(schema), root_(root), faults_(faults) {}

    void apply(std::string_view override_text) {
        const auto equals = override_text.find('=');
        if (equals == std::string_view::npos || equals == 0) {
            add(ErrorKind::kSyntax, {},
                "'" + printable(override_text) + "' is no override; write section.key=value");
            return;
        }
        const std::string_view path = override_text.substr(0, equals);
        const std::string_view text = override_text.substr(equals + 1);
        if (const auto target = parse_table_target(path)) {
            apply_to_table(path, *target, text);
        } else if (const KeySpec* key = schema_.find_key(path); key != nullptr) {
            if (auto value = parse_value(path, key->type, text)) put_at(path, std::move(*value));
        } else {
            add(ErrorKind::kUnknownKey, path, unknown_key_message(schema_, path));
        }
    }

  private:
    void add(ErrorKind kind, std::string_view path, std::string message) {
        faults_.push_back(
            {kind, {std::string(kCommandLine), 0, 0}, printable(path), std::move(message)});
    }

    void apply_to_table(std::string_view path, const Target& target, std::string_view text) {
        const TablesSpec* tables = schema_.find_tables(target.table);
        if (tables == nullptr) {
            add(ErrorKind::kUnknownKey, path, unknown_key_message(schema_, target.table));
            return;
        }
        Member* array = root_.find(target.table);
        if (array == nullptr) {
            put(root_, target.table, default_tables(*tables));
            array = root_.find(target.table);
        }
        if (array->value.kind != Node::Kind::kArray)
            return;  // the file's own fault, reported there
        auto& items = array->value.elements;
        if (target.index >= items.size()) {
            add(ErrorKind::kOutOfRange, path,
                "'" + printable(path) + "': there are " + std::to_string(items.size()) +
                    " tables [[" + std::string(target.table) + "]], counted from 0");
            return;
        }
        // Whether the table's kind has this key is found when the table is read.
        if (auto value = parse_value(path, type_in(*tables, target.key), text)) {
            put(items[target.index], target.key, std::move(*value));
        }
    }

    /// The type of the first key of this name that any kind has; integer where none has, so that the
    /// text is read as TOML.
    static ValueType type_in(const TablesSpec& tables, std::string_view name) {
        if (const KeySpec* key = tables.common.find(name); key != nullptr) return key->type;
        for (const auto& kind : tables.kinds) {
            if (const KeySpec* key = kind->find(name); key != nullptr) return key->type;
        }
        return ValueType::kInteger;
    }

    std::optional<Node> parse_value(std::string_view path, ValueType type, std::string_view text) {
        const bool spelt_as_toml =
            !text.empty() && (text.front() == '"' || text.front() == '\'' || text.front() == '[');
        if (takes_bare_text(type) && !spelt_as_toml) {
            Node node = is_list(type) ? split_list(text) : text_node(text);
            set_origin(node);
            return node;
        }
        std::vector<Diagnostic> faults;
        auto parsed =
            parse_document({std::string(kCommandLine), "v = " + std::string(text)}, faults);
        if (!parsed || !faults.empty() || parsed->members.size() != 1) {
            add(ErrorKind::kSyntax, path,
                "'" + printable(path) + "': \"" + printable(text) + "\" is no TOML value; a text " +
                    "with special characters needs quotes");
            return std::nullopt;
        }
        set_origin(parsed->members.front().value);
        return std::move(parsed->members.front().value);
    }

    /// `path` is a key of the schema, so its depth is bounded by that.
    void put_at(std::string_view path, Node value) {
        Node* table = &root_;
        for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
            const std::string_view head = path.substr(0, dot);
            if (table->find(head) == nullptr) {
                Node empty;
                empty.where = value.where;
                put(*table, head, std::move(empty));
            }
            table = &table->find(head)->value;
            if (table->kind != Node::Kind::kTable) return;  // the file's own fault, reported there
            path.remove_prefix(dot + 1);
        }
        put(*table, path, std::move(value));
    }

    const SchemaSpec& schema_;
    Node& root_;
    std::vector<Diagnostic>& faults_;
};

/// Default tables are the schema's, not the file's: they have no place.
void clear_origin(Node& node) {
    node.where = {};
    for (auto& element : node.elements) clear_origin(element);
    for (auto& member : node.members) {
        member.where = {};
        clear_origin(member.value);
    }
}

}  // namespace

void apply_overrides(const SchemaSpec& schema, const std::vector<std::string>& overrides,
                     Node& root, std::vector<Diagnostic>& faults) {
    Overrides target(schema, root, faults);
    for (const auto& text : overrides) target.apply(text);
}

Node default_tables(const TablesSpec& tables) {
    Node array;
    array.kind = Node::Kind::kArray;
    for (const auto& text : tables.default_entries) {
        std::vector<Diagnostic> faults;
        auto table = parse_document({"default [[" + tables.common.path + "]]", text}, faults);
        if (!table || !faults.empty()) throw SchemaError(to_string(faults.front()));
        clear_origin(*table);
        array.elements.push_back(std::move(*table));
    }
    return array;
}

}  // namespace sluice::core::config
