#include <sluice/adapters/journal/journal_header.hpp>

#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

#include <sluice/adapters/journal/journal_error.hpp>
#include <sluice/adapters/journal/layout.hpp>
#include <sluice/core/decimal.hpp>
#include <sluice/core/digest.hpp>

namespace sluice::adapters::journal {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kSchema = "sluice.journal/";  // and the format's version

std::string hex_of(std::uint64_t value) {
    std::array<char, 16> digits;
    digits.fill('0');
    std::array<char, 16> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, 16).ptr;
    const auto length = static_cast<std::size_t>(end - text.data());
    std::copy(text.data(), end, digits.data() + (digits.size() - length));
    return {digits.data(), digits.size()};
}

Json json_of(const pipeline::Instrument& instrument) {
    return {{"symbol", instrument.symbol},
            {"asset_class", pipeline::to_string(instrument.asset_class)},
            {"currency", instrument.currency},
            {"time_zone", instrument.time_zone},
            {"tick_size", core::to_string(instrument.tick_size)},
            {"lot_size", core::to_string(instrument.lot_size)},
            {"multiplier", core::to_string(instrument.multiplier)},
            {"generated", instrument.generated}};
}

// Reads one header; every complaint names the file and the field.
class HeaderReader {
  public:
    explicit HeaderReader(const std::filesystem::path& where) : where_(where) {}

    [[noreturn]] void refuse(const std::string& problem) const {
        throw JournalError("damaged journal header: " + problem, where_,
                           "restore the file from a copy");
    }
    [[nodiscard]] std::string text(const Json& object, const char* key) const {
        const auto found = object.find(key);
        if (found == object.end() || !found->is_string())
            refuse(std::string{"no text '"} + key + "'");
        return found->get<std::string>();
    }
    template <class Fixed>
    [[nodiscard]] Fixed fixed(const Json& object, const char* key) const {
        Fixed value;
        const core::DecimalError error = core::parse_fixed(text(object, key), value);
        if (error != core::DecimalError::kOk)
            refuse(std::string{"'"} + key + "': " + core::describe(error));
        return value;
    }
    [[nodiscard]] std::uint64_t hexadecimal(const Json& object, const char* key) const {
        const std::string digits = text(object, key);
        std::uint64_t value = 0;
        const char* end = digits.data() + digits.size();
        if (std::from_chars(digits.data(), end, value, 16).ptr != end || digits.size() != 16)
            refuse(std::string{"'"} + key + "' is no number of 16 hexadecimal digits");
        return value;
    }
    [[nodiscard]] pipeline::Instrument instrument(const Json& object) const {
        if (!object.is_object()) refuse("an instrument is no object");
        pipeline::Instrument result;
        result.symbol = text(object, "symbol");
        result.currency = text(object, "currency");
        result.time_zone = text(object, "time_zone");
        result.tick_size = fixed<core::PriceDelta>(object, "tick_size");
        result.lot_size = fixed<core::Quantity>(object, "lot_size");
        result.multiplier = fixed<core::Quantity>(object, "multiplier");
        if (result.tick_size.raw() <= 0 || result.lot_size.raw() <= 0 ||
            result.multiplier.raw() <= 0)
            refuse("a size of '" + result.symbol + "' is not positive");
        const auto asset_class = pipeline::parse_asset_class(text(object, "asset_class"));
        if (!asset_class) refuse("unknown asset class of '" + result.symbol + "'");
        result.asset_class = *asset_class;
        const auto generated = object.find("generated");
        if (generated == object.end() || !generated->is_boolean())
            refuse("'generated' of '" + result.symbol + "' is neither true nor false");
        result.generated = generated->get<bool>();
        return result;
    }

  private:
    const std::filesystem::path& where_;
};

std::uint32_t version_of(std::string_view schema, const std::filesystem::path& where) {
    for (const std::uint32_t version : {kFormatVersionAlone, kFormatVersion})
        if (schema == std::string{kSchema} + std::to_string(version)) return version;
    throw JournalError("a journal of another version (" + std::string{schema} + ")", where,
                       "use the version of sluice that wrote it");
}

}  // namespace

std::string_view to_string(Durability durability) noexcept {
    switch (durability) {
        case Durability::kAsync: return "async";
        case Durability::kProcess: return "process";
        case Durability::kDisk: return "disk";
    }
    return "async";
}

std::optional<Durability> parse_durability(std::string_view text) noexcept {
    for (const auto durability : {Durability::kAsync, Durability::kProcess, Durability::kDisk})
        if (text == to_string(durability)) return durability;
    return std::nullopt;
}

std::string configuration_digest(std::string_view configuration) {
    core::Digest digest;
    digest.add(configuration);
    return digest.hex();
}

std::string write_header(const JournalHeader& header) {
    Json instruments = Json::array();
    for (const pipeline::Instrument& instrument : header.instruments)
        instruments.push_back(json_of(instrument));
    const Json json{{"schema", std::string{kSchema} + std::to_string(header.version)},
                    {"session", header.session},
                    {"started_ns", core::ns_since_epoch(header.started)},
                    {"host", header.host},
                    {"build", header.build},
                    {"durability", to_string(header.durability)},
                    {"journal_id", hex_of(header.journal_id)},
                    {"segment_bytes", header.segment_bytes},
                    {"ring_file", header.ring_file},
                    {"instruments", std::move(instruments)},
                    {"configuration_digest", configuration_digest(header.configuration)},
                    {"configuration", header.configuration}};
    // What is no UTF-8 in a host's or symbol's name is replaced rather than refused.
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

JournalHeader read_header(std::string_view json, const std::filesystem::path& where) {
    const HeaderReader reader{where};
    const Json object = Json::parse(json, nullptr, false);
    if (!object.is_object()) reader.refuse("not a JSON object");
    JournalHeader header;
    header.version = version_of(reader.text(object, "schema"), where);
    header.session = reader.text(object, "session");
    header.host = reader.text(object, "host");
    header.build = reader.text(object, "build");
    header.ring_file = reader.text(object, "ring_file");
    header.journal_id = reader.hexadecimal(object, "journal_id");
    const auto started = object.find("started_ns");
    if (started == object.end() || !started->is_number_integer())
        reader.refuse("no number 'started_ns'");
    header.started = core::time_from_ns<core::LocalTime>(started->get<std::int64_t>());
    const auto segment = object.find("segment_bytes");
    if (segment == object.end() || !segment->is_number_unsigned())
        reader.refuse("no number 'segment_bytes'");
    header.segment_bytes = segment->get<std::uint64_t>();
    if (header.segment_bytes < kSegmentBytesMin || header.segment_bytes > kSegmentBytesMax ||
        header.segment_bytes % kLineBytes != 0)
        reader.refuse("'segment_bytes' is no size of a segment");
    const auto durability = parse_durability(reader.text(object, "durability"));
    if (!durability) reader.refuse("unknown durability");
    header.durability = *durability;
    const auto instruments = object.find("instruments");
    if (instruments == object.end() || !instruments->is_array() || instruments->size() > 0xFFFF)
        reader.refuse("no list 'instruments'");
    for (const Json& instrument : *instruments)
        header.instruments.push_back(reader.instrument(instrument));
    header.configuration = reader.text(object, "configuration");
    if (reader.text(object, "configuration_digest") != configuration_digest(header.configuration))
        reader.refuse("the configuration does not fit its digest");
    return header;
}

}  // namespace sluice::adapters::journal
