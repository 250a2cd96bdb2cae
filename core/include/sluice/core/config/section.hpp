#pragma once
// Handles through which a schema is declared: Section for `[section]` and for the keys of a table,
// Tables for `[[array]]`. Both are two pointers into the schema; copy them freely while it lives.
// Every member throws SchemaError where the declaration is wrong.

#include <sluice/core/config/diagnostics.hpp>
#include <sluice/core/config/field.hpp>
#include <sluice/core/config/keys.hpp>
#include <sluice/core/config/spec.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::core::config {

/// A rule from a predicate: `message` where it does not hold, with "{0}" … for the keys.
template <class Owner, class Holds>
[[nodiscard]] RuleSpec make_rule(std::vector<std::string> keys, std::string message, Holds holds) {
    return {std::move(keys), [message = std::move(message), holds](const void* owner) {
                return holds(*static_cast<const Owner*>(owner)) ? std::string{} : message;
            }};
}

/// The keys of one section, or of one kind of table. Members return the section, to be chained.
template <class Owner>
class Section {
  public:
    Section(SchemaSpec& schema, GroupSpec& group) : schema_(&schema), group_(&group) {}

    template <class... Where>
    Section boolean(std::string_view name, const BoolKey& key, Where... where) {
        return add(make_key(name, key), where...);
    }
    template <class... Where>
    Section integer(std::string_view name, const IntegerKey& key, Where... where) {
        using Limits = std::numeric_limits<FieldOf<Owner, Where...>>;
        auto low = std::numeric_limits<std::int64_t>::min();
        auto high = std::numeric_limits<std::int64_t>::max();
        if constexpr (Limits::is_specialized) {
            if (std::cmp_greater(Limits::min(), low))
                low = static_cast<std::int64_t>(Limits::min());
            if (std::cmp_less(Limits::max(), high)) high = static_cast<std::int64_t>(Limits::max());
        }
        return add(make_key(name, key, low, high), where...);
    }
    template <class... Where>
    Section decimal(std::string_view name, const DecimalKey& key, Where... where) {
        return add(make_key(name, key, DecimalScale<FieldOf<Owner, Where...>>::kValue), where...);
    }
    template <class... Where>
    Section real(std::string_view name, const RealKey& key, Where... where) {
        return add(make_key(name, key), where...);
    }
    template <class... Where>
    Section text(std::string_view name, const TextKey& key, Where... where) {
        return add(make_key(name, key), where...);
    }
    template <class... Where>
    Section duration(std::string_view name, const DurationKey& key, Where... where) {
        return add(make_key(name, key), where...);
    }
    template <class... Where>
    Section time_of_day(std::string_view name, const TimeOfDayKey& key, Where... where) {
        return add(make_key(name, key), where...);
    }
    template <class... Where>
    Section durations(std::string_view name, const DurationListKey& key, Where... where) {
        return add(make_key(name, key), where...);
    }
    template <class... Where>
    Section texts(std::string_view name, const TextListKey& key, Where... where) {
        return add(make_key(name, key), where...);
    }

    /// One of several names, stored as the field's own type (an enumeration, or a string).
    template <class... Where>
    Section choice(std::string_view name, const ChoiceKey<FieldOf<Owner, Where...>>& key,
                   Where... where) {
        using Field = FieldOf<Owner, Where...>;
        std::vector<Option> options;
        std::vector<std::pair<std::string, Field>> values;
        for (const auto& option : key.options) {
            options.push_back({std::string(option.name), std::string(option.doc)});
            values.emplace_back(std::string(option.name), option.value);
        }
        const auto to_name = [values](const Field& field) -> std::string {
            for (const auto& [text, value] : values) {
                if (value == field) return text;
            }
            throw SchemaError("a choice holds a value that has no name");
        };
        const auto to_value = [values](const std::string& wanted) -> Field {
            for (const auto& [text, value] : values) {
                if (text == wanted) return value;
            }
            throw SchemaError("no option is named " + wanted);
        };
        KeySpec spec =
            make_choice(name, std::move(options), to_name(key.fallback), key.required, key.doc);
        bind<Owner, std::string>(spec, make_place<Owner>(where...), to_value, to_name);
        add_key(*schema_, *group_, std::move(spec));
        return *this;
    }

    /// `holds(const Owner&)` must be true of every accepted configuration. `keys` are names within
    /// this section; in `message`, "{0}" becomes the first key with its place, and so on.
    template <std::predicate<const Owner&> Holds>
    Section rule(std::vector<std::string> keys, std::string message, Holds holds) {
        add_rule(*group_, make_rule<Owner>(std::move(keys), std::move(message), std::move(holds)));
        return *this;
    }

  protected:
    SchemaSpec& schema() const noexcept { return *schema_; }

  private:
    template <class... Where>
    Section add(KeySpec key, Where... where) {
        bind_field<Owner>(key, where...);
        add_key(*schema_, *group_, std::move(key));
        return *this;
    }

    SchemaSpec* schema_;
    GroupSpec* group_;
};

/// How many tables an array may hold.
struct TablesBounds {
    std::size_t min_count = 0;
    std::size_t max_count = 64;
};

/// An array of tables. As a Section it declares the keys that every table has.
template <class Item>
class Tables : public Section<Item> {
  public:
    Tables(SchemaSpec& schema, TablesSpec& tables)
        : Section<Item>(schema, tables.common), tables_(&tables) {}

    /// The key that selects what other keys a table has; every table must give it. Its options are
    /// the kinds, in the order in which when() then declares them.
    template <class... Where>
    Tables kind(std::string_view name, ChoiceKey<FieldOf<Item, Where...>> key, Where... where) {
        if (!tables_->kind_key.empty()) throw SchemaError("tables have one key for their kind");
        key.required = true;
        if (!key.options.empty()) key.fallback = key.options.front().value;
        tables_->kind_key = name;
        for (const auto& option : key.options) add_kind(*tables_, option.name, option.doc);
        this->choice(name, key, where...);
        return *this;
    }
    /// Declares the keys of one kind.
    [[nodiscard]] Section<Item> when(std::string_view kind) {
        for (std::size_t i = 0; i < tables_->kinds.size(); ++i) {
            if (tables_->kind_names[i] == kind) return {this->schema(), *tables_->kinds[i]};
        }
        throw SchemaError("no kind is named " + std::string(kind));
    }
    /// No two tables may have the same value of this key.
    Tables unique(std::string_view name) {
        if (tables_->common.find(name) == nullptr) {
            throw SchemaError("unique() names a key that is not declared: " + std::string(name));
        }
        tables_->unique_keys.emplace_back(name);
        return *this;
    }
    /// A table that is there where the file has none of this array; the TOML text of its body.
    Tables entry(std::string_view toml) {
        tables_->default_entries.emplace_back(toml);
        return *this;
    }

  private:
    TablesSpec* tables_;
};

}  // namespace sluice::core::config
