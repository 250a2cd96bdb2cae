#include <sluice/adapters/dbn/dbn_metadata.hpp>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <system_error>
#include <tuple>
#include <utility>

#include <sluice/adapters/dbn/dbn_layout.hpp>
#include <sluice/pipeline/tick_import.hpp>

namespace sluice::adapters::dbn {
namespace {

using pipeline::ImportError;
using pipeline::ImportFault;
using std::chrono::sys_days;

constexpr std::size_t kDatasetSize = 16;
constexpr std::size_t kReservedV1 = 47;
constexpr std::size_t kReserved = 53;
constexpr std::size_t kFixedSize = 100;  // everything before the lists, of any version
constexpr std::uint8_t kByInstrumentId = 0;

// Reads fields one after the other; throws before it would read beyond the end.
class Fields {
  public:
    Fields(std::span<const std::byte> bytes, const std::string& where)
        : left_(bytes), where_(where) {}

    template <class T>
    [[nodiscard]] T number() {
        return load<T>(take(sizeof(T)));
    }
    [[nodiscard]] std::string_view text(std::size_t size) {
        return fixed_text(reinterpret_cast<const char*>(take(size)), size);
    }
    void skip(std::size_t size) { (void)take(size); }
    // A count of things that take at least `size` bytes each.
    [[nodiscard]] std::size_t count(std::size_t size) {
        const auto n = std::size_t{number<std::uint32_t>()};
        if (n > left_.size() / size) fail("a list is longer than the metadata");
        return n;
    }
    [[noreturn]] void fail(const std::string& what) const {
        throw ImportError(ImportFault::kDamaged, where_ + ": " + what + ". Fetch the file again.");
    }

  private:
    const std::byte* take(std::size_t size) {
        if (size > left_.size()) fail("the metadata end in the middle of a field");
        const std::byte* const at = left_.data();
        left_ = left_.subspan(size);
        return at;
    }
    std::span<const std::byte> left_;
    const std::string& where_;
};

[[nodiscard]] std::optional<std::uint32_t> whole_number(std::string_view text) noexcept {
    std::uint32_t out{};
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
    return out;
}

[[nodiscard]] sys_days date_of(std::uint32_t yyyymmdd, const Fields& fields) {
    const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(yyyymmdd / 10'000)},
                                           std::chrono::month{yyyymmdd / 100 % 100},
                                           std::chrono::day{yyyymmdd % 100}};
    if (yyyymmdd / 10'000 > 9'999 || !date.ok())
        fields.fail("a symbol is mapped from or to " + std::to_string(yyyymmdd) +
                    ", which is no date");
    return sys_days{date};
}

// One symbol's mapping: either its number by date, or, asked for by number, its name by date.
void read_mapping(Fields& fields, std::size_t symbol_length, bool by_id, SymbolMap& map) {
    const std::string name(fields.text(symbol_length));
    const std::size_t count = fields.count(symbol_length + 2 * sizeof(std::uint32_t));
    for (std::size_t i = 0; i < count; ++i) {
        const sys_days first = date_of(fields.number<std::uint32_t>(), fields);
        const sys_days end = date_of(fields.number<std::uint32_t>(), fields);
        const std::string_view other = fields.text(symbol_length);
        const auto id = whole_number(by_id ? std::string_view(name) : other);
        const std::string_view symbol = by_id ? other : std::string_view(name);
        // Old files fill the days without a symbol with an empty one.
        if (id && !symbol.empty() && first < end) map.add(*id, first, end, std::string(symbol));
    }
}

}  // namespace

std::string_view fixed_text(const char* field, std::size_t size) noexcept {
    return {field, ::strnlen(field, size)};
}

void SymbolMap::add(std::uint32_t instrument, sys_days first, sys_days end, std::string symbol) {
    intervals_.push_back({instrument, first, end, std::move(symbol)});
}

void SymbolMap::set(std::uint32_t instrument, std::string symbol) {
    current_[instrument] = std::move(symbol);
}

void SymbolMap::sort() {
    std::stable_sort(intervals_.begin(), intervals_.end(),
                     [](const Interval& a, const Interval& b) {
                         return std::tie(a.instrument, a.first) < std::tie(b.instrument, b.first);
                     });
}

std::string_view SymbolMap::find(std::uint32_t instrument, sys_days day) const {
    if (!current_.empty())
        if (const auto found = current_.find(instrument); found != current_.end())
            return found->second;
    const auto after = std::upper_bound(
        intervals_.begin(), intervals_.end(), std::pair{instrument, day},
        [](const std::pair<std::uint32_t, sys_days>& key, const Interval& interval) {
            return key < std::pair{interval.instrument, interval.first};
        });
    if (after == intervals_.begin()) return {};
    const Interval& last = *std::prev(after);
    return last.instrument == instrument && day < last.end ? std::string_view(last.symbol)
                                                           : std::string_view{};
}

std::size_t read_prelude(std::span<const std::byte> prelude, std::uint8_t& version,
                         const std::string& where) {
    if (prelude.size() < kPreludeSize || std::memcmp(prelude.data(), "DBN", 3) != 0)
        throw ImportError(ImportFault::kUnsupported,
                          where +
                              ": does not begin like a DBN file. For a fragment without "
                              "metadata give its version and data set.");
    version = load<std::uint8_t>(prelude.data() + 3);
    if (version < kOldestVersion || version > kNewestVersion)
        throw ImportError(ImportFault::kUnsupported,
                          where + ": DBN version " + std::to_string(version) +
                              "; versions 1, 2 and 3 are read. Ask the vendor for one of them.");
    const std::size_t length = load<std::uint32_t>(prelude.data() + 4);
    if (length < kFixedSize || length > kMetadataMax)
        throw ImportError(ImportFault::kDamaged, where + ": metadata of " + std::to_string(length) +
                                                     " bytes cannot be. Fetch the file again.");
    return length;
}

DbnMetadata read_metadata(std::uint8_t version, std::span<const std::byte> body,
                          const std::string& where) {
    Fields fields(body, where);
    DbnMetadata out;
    out.version = version;
    out.dataset = fields.text(kDatasetSize);
    out.schema = fields.number<std::uint16_t>();
    fields.skip(3 * sizeof(std::uint64_t) + (version == 1 ? sizeof(std::uint64_t) : 0));
    const auto symbology_in = fields.number<std::uint8_t>();
    fields.skip(2);  // symbology out; ts_out, which shows in the length of the records
    const std::size_t symbol_length =
        version == 1 ? kSymbolLengthV1 : std::size_t{fields.number<std::uint16_t>()};
    if (symbol_length == 0) fields.fail("symbols of no length");
    fields.skip(version == 1 ? kReservedV1 : kReserved);
    if (fields.number<std::uint32_t>() != 0)
        fields.fail("the metadata hold a definition of the schema, which no version has");
    for (int list = 0; list < 3; ++list) fields.skip(fields.count(symbol_length) * symbol_length);
    const std::size_t mappings = fields.count(symbol_length + sizeof(std::uint32_t));
    for (std::size_t i = 0; i < mappings; ++i)
        read_mapping(fields, symbol_length, symbology_in == kByInstrumentId, out.symbols);
    out.symbols.sort();
    return out;
}

}  // namespace sluice::adapters::dbn
