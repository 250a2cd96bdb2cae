#pragma once
// Binds a key to the place that stores it: how a settings field converts to and from a neutral
// Value, and how the field is reached. Header-only templates used while a schema is declared.
//
// A place is given as one of
//   - pointers to members, outermost first:  &Settings::risk, &Risk::max_position
//   - an accessor that returns a reference:  [](Settings& s) -> auto& { return s.risk.limit; }
//   - a setter and a getter:                 [](Settings&, T), [](const Settings&) -> T

#include <sluice/core/config/diagnostics.hpp>
#include <sluice/core/config/spec.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace sluice::core::config {

/// A strong type over one int64 (prices, quantities, nanoseconds).
template <class T>
concept RawInt = requires(const T value, std::int64_t raw) {
    { T::from_raw(raw) } -> std::same_as<T>;
    { value.raw() } -> std::same_as<std::int64_t>;
};

/// A fixed-point type over 128 bits (money). A file gives it in millionths of its unit, so that
/// int64 holds up to 9.2e12 of them.
template <class T>
concept WideFixed = requires(const T value) {
    requires sizeof(value.raw()) == 2 * sizeof(std::int64_t);
    { T::from_raw(value.raw()) } -> std::same_as<T>;
    requires T::kScale % 1'000'000 == 0;
};
inline constexpr std::int64_t kWideScale = 1'000'000;

/// Units per one of a fixed-point type; specialise where a type has no kScale of its own.
template <class T>
struct DecimalScale {
    static constexpr std::int64_t kValue = 0;  // unknown: the key must say its scale
};
template <WideFixed T>
struct DecimalScale<T> {
    static constexpr std::int64_t kValue = kWideScale;
};
template <class T>
    requires(!WideFixed<T>)
&&requires { static_cast<std::int64_t>(T::kScale); }
struct DecimalScale<T> {
    static constexpr std::int64_t kValue = static_cast<std::int64_t>(T::kScale);
};

/// How a field's type is stored: `Stored` is one of Value's alternatives. Specialise for others.
template <class T>
struct FieldTraits;

template <>
struct FieldTraits<bool> {
    using Stored = bool;
    static bool from(bool value) { return value; }
    static bool to(bool value) { return value; }
};
template <class T>
    requires(std::integral<T> && !std::same_as<T, bool>)
struct FieldTraits<T> {
    using Stored = std::int64_t;
    static T from(std::int64_t value) { return static_cast<T>(value); }
    static std::int64_t to(T value) { return static_cast<std::int64_t>(value); }
};
template <RawInt T>
struct FieldTraits<T> {
    using Stored = std::int64_t;
    static T from(std::int64_t value) { return T::from_raw(value); }
    static std::int64_t to(const T& value) { return value.raw(); }
};
template <WideFixed T>
struct FieldTraits<T> {
    using Stored = std::int64_t;
    using Raw = decltype(std::declval<const T&>().raw());
    static constexpr Raw kStep = T::kScale / kWideScale;
    static T from(std::int64_t value) { return T::from_raw(value * kStep); }
    static std::int64_t to(const T& value) {
        const auto stored = static_cast<std::int64_t>(value.raw() / kStep);
        if (from(stored) != value)
            throw SchemaError("a setting is finer, or larger, than a file says");
        return stored;
    }
};
template <>
struct FieldTraits<std::chrono::nanoseconds> {
    using Stored = std::int64_t;
    static std::chrono::nanoseconds from(std::int64_t value) {
        return std::chrono::nanoseconds{value};
    }
    static std::int64_t to(std::chrono::nanoseconds value) { return value.count(); }
};
template <>
struct FieldTraits<double> {
    using Stored = double;
    static double from(double value) { return value; }
    static double to(double value) { return value; }
};
template <>
struct FieldTraits<std::string> {
    using Stored = std::string;
    static const std::string& from(const std::string& value) { return value; }
    static const std::string& to(const std::string& value) { return value; }
};
template <>
struct FieldTraits<std::filesystem::path> {
    using Stored = std::string;
    static std::filesystem::path from(const std::string& value) { return value; }
    static std::string to(const std::filesystem::path& value) { return value.string(); }
};
template <class T>
struct FieldTraits<std::vector<T>> {
    using Stored = std::vector<typename FieldTraits<T>::Stored>;
    static std::vector<T> from(const Stored& values) {
        std::vector<T> fields;
        fields.reserve(values.size());
        for (const auto& value : values) fields.push_back(FieldTraits<T>::from(value));
        return fields;
    }
    static Stored to(const std::vector<T>& fields) {
        Stored values;
        values.reserve(fields.size());
        for (const auto& field : fields) values.push_back(FieldTraits<T>::to(field));
        return values;
    }
};

/// A place that is one path to a reference.
template <class Owner, class... Members>
class Path {
  public:
    explicit Path(Members... members) : members_(members...) {}

    decltype(auto) of(Owner& owner) const {
        return std::apply(
            [&owner](auto... step) -> auto& { return walk(owner, step...); }, members_);
    }
    template <class T>
    void set(Owner& owner, T&& value) const {
        of(owner) = std::forward<T>(value);
    }
    // The accessor only forms a reference, so reading through it leaves a const owner as it is.
    const auto& get(const Owner& owner) const { return of(const_cast<Owner&>(owner)); }

  private:
    template <class From, class Step, class... Rest>
    static auto& walk(From& from, Step step, Rest... rest) {
        if constexpr (sizeof...(Rest) == 0) {
            return std::invoke(step, from);
        } else {
            return walk(std::invoke(step, from), rest...);
        }
    }
    std::tuple<Members...> members_;
};

/// A place that is a setter and a getter.
template <class Owner, class Setter, class Getter>
class Accessors {
  public:
    Accessors(Setter setter, Getter getter) : setter_(setter), getter_(getter) {}
    template <class T>
    void set(Owner& owner, T&& value) const {
        setter_(owner, std::forward<T>(value));
    }
    decltype(auto) get(const Owner& owner) const { return getter_(owner); }

  private:
    Setter setter_;
    Getter getter_;
};

template <class Owner, class... Where>
auto make_place(Where... where) {
    static_assert(sizeof...(Where) > 0, "a key needs the place that stores it");
    if constexpr (sizeof...(Where) == 2 && (... && !std::is_member_pointer_v<Where>)) {
        return Accessors<Owner, Where...>(where...);
    } else {
        return Path<Owner, Where...>(where...);
    }
}

/// The type of the field that `Where` leads to.
template <class Owner, class... Where>
using FieldOf = std::remove_cvref_t<
    decltype(make_place<Owner>(std::declval<Where>()...).get(std::declval<const Owner&>()))>;

/// Fills key.store and key.fetch; `from` turns a stored value into the field, `to` is its inverse.
template <class Owner, class Stored, class Place, class From, class To>
void bind(KeySpec& key, Place place, From from, To to) {
    key.store = [place, from](void* owner, const Value& value) {
        place.set(*static_cast<Owner*>(owner), from(std::get<Stored>(value)));
    };
    key.fetch = [place, to](const void* owner) {
        return Value{std::in_place_type<Stored>, to(place.get(*static_cast<const Owner*>(owner)))};
    };
}

/// bind() through FieldTraits of the field's own type.
template <class Owner, class... Where>
void bind_field(KeySpec& key, Where... where) {
    using Traits = FieldTraits<FieldOf<Owner, Where...>>;
    bind<Owner, typename Traits::Stored>(
        key, make_place<Owner>(where...), [](const auto& value) { return Traits::from(value); },
        [](const auto& field) { return Traits::to(field); });
}

}  // namespace sluice::core::config
