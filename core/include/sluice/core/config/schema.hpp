#pragma once
// The schema of a configuration: every key declared once, with its type, unit, range, default and
// documentation; from that one declaration come the loader, the documented default file, `explain`
// and the fingerprint. Build it on one thread at start-up; then it is read-only and any thread may
// use it. Not for the hot path: loading allocates and throws.
//
//   Schema<Settings> schema("Engine configuration");
//   schema.section("risk", "Limits of the one gate")
//       .decimal("max_position", {.unit = "units", .min = "0", .max = "1000000",
//                                 .fallback = "1000", .doc = "Largest position, long or short."},
//                &Settings::risk, &Risk::max_position)
//       .duration("rate_window", {.min = "1ms", .max = "1h", .fallback = "1s",
//                                 .doc = "Window over which orders are counted."},
//                 [](Settings& s) -> auto& { return s.risk.rate_window; });
//   const auto loaded = schema.load_file("engine.toml", {"risk.max_position=500"});
//
// A file that leaves an array of tables out gets its default entries; one that has any `[[array]]`
// gets exactly those, and `array = []` means none.

#include <sluice/core/config/diagnostics.hpp>
#include <sluice/core/config/section.hpp>
#include <sluice/core/config/untyped.hpp>

#include <concepts>
#include <filesystem>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::core::config {

template <class Settings>
struct Loaded {
    Settings settings;
    Origins origins;  // of what was given; see origin_of()

    /// Where a key was written; a Position that is_default() where nobody did.
    [[nodiscard]] Position origin_of(std::string_view path) const {
        const auto found = origins.find(path);
        return found == origins.end() ? Position{} : found->second;
    }
};

template <std::default_initializable Settings>
class Schema {
  public:
    explicit Schema(std::string_view title) : spec_(std::make_unique<SchemaSpec>()) {
        spec_->title = title;
    }

    /// Declares `[path]`, which may be dotted; "" holds the keys above the first header.
    Section<Settings> section(std::string_view path, std::string_view doc) {
        return {*spec_, add_section(*spec_, path, doc)};
    }

    /// Declares `[[name]]`, read into the std::vector that `where` leads to.
    template <class... Where>
    auto tables(std::string_view name, std::string_view doc, TablesBounds bounds, Where... where) {
        using Item = typename FieldOf<Settings, Where...>::value_type;
        const Path<Settings, Where...> place(where...);
        const auto items = [place](void* s) -> auto& {
            return place.of(*static_cast<Settings*>(s));
        };
        const auto view = [place](const void* s) -> const auto& {
            return place.get(*static_cast<const Settings*>(s));
        };
        TablesSpec& spec = add_tables(*spec_, name, doc);
        spec.min_count = bounds.min_count;
        spec.max_count = bounds.max_count;
        spec.clear = [items](void* s) { items(s).clear(); };
        spec.append = [items](void* s) -> void* { return &items(s).emplace_back(); };
        spec.count = [view](const void* s) { return view(s).size(); };
        spec.at = [view](const void* s, std::size_t i) -> const void* { return &view(s)[i]; };
        return Tables<Item>(*spec_, spec);
    }

    /// A condition across sections; `keys` are full paths, and the first that was given rather than
    /// left at its default is where a violation is reported.
    template <std::predicate<const Settings&> Holds>
    void rule(std::vector<std::string> keys, std::string message, Holds holds) {
        add_rule(*spec_,
                 make_rule<Settings>(std::move(keys), std::move(message), std::move(holds)));
    }
    /// The same where the message depends on the values: `verdict(const Settings&)` returns it, or
    /// an empty string where all is well.
    template <class Verdict>
    void rule(std::vector<std::string> keys, Verdict verdict) {
        add_rule(*spec_, RuleSpec{std::move(keys), [verdict](const void* s) {
                                      return std::string(verdict(*static_cast<const Settings*>(s)));
                                  }});
    }

    /// Defaults, then the file, then the overrides. Throws ConfigError with every fault found.
    [[nodiscard]] Loaded<Settings> load_file(const std::filesystem::path& file,
                                             const std::vector<std::string>& overrides = {}) const {
        std::vector<Diagnostic> faults;
        const Document document = read_document(file, faults);
        if (!faults.empty()) throw ConfigError(std::move(faults));
        return load_document(document, overrides);
    }
    /// The same from a text; `name` stands for the file in messages.
    [[nodiscard]] Loaded<Settings> load_text(std::string_view text, std::string_view name,
                                             const std::vector<std::string>& overrides = {}) const {
        return load_document({std::string(name), std::string(text)}, overrides);
    }
    /// The faults of a text, without throwing; empty where it would load.
    [[nodiscard]] std::vector<Diagnostic> check_text(
        std::string_view text, std::string_view name,
        const std::vector<std::string>& overrides = {}) const {
        Settings settings{};
        return load(*spec_, &settings, {std::string(name), std::string(text)}, overrides)
            .diagnostics;
    }
    /// Every key at its default; throws ConfigError where required tables have no default.
    [[nodiscard]] Settings defaults() const { return load_text("", "defaults").settings; }

    /// The documented default file: valid TOML that loads back to defaults().
    void write_default(std::ostream& out) const { write(defaults(), out); }
    /// The configuration as used, in the same form.
    void write(const Settings& settings, std::ostream& out) const {
        config::write(*spec_, &settings, out);
    }

    [[nodiscard]] Explanation explain(std::string_view path) const {
        return config::explain(*spec_, path);
    }
    [[nodiscard]] std::string canonical_text(const Settings& settings) const {
        return config::canonical_text(*spec_, &settings);
    }
    /// Names the settings: equal exactly for equal values, whatever file they came from.
    [[nodiscard]] std::string fingerprint(const Settings& settings) const {
        return config::fingerprint(*spec_, &settings);
    }
    [[nodiscard]] const SchemaSpec& spec() const noexcept { return *spec_; }

  private:
    [[nodiscard]] Loaded<Settings> load_document(const Document& document,
                                                 const std::vector<std::string>& overrides) const {
        Loaded<Settings> loaded{};
        Outcome outcome = load(*spec_, &loaded.settings, document, overrides);
        if (!outcome.diagnostics.empty()) throw ConfigError(std::move(outcome.diagnostics));
        loaded.origins = std::move(outcome.origins);
        return loaded;
    }

    std::unique_ptr<SchemaSpec> spec_;  // on the heap: sections point into it
};

}  // namespace sluice::core::config
