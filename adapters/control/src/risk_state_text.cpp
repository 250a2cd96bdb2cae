#include <sluice/adapters/control/control_error.hpp>
#include <sluice/adapters/control/risk_state.hpp>

#include <nlohmann/json.hpp>

#include <sluice/core/decimal.hpp>
#include <sluice/core/digest.hpp>

namespace sluice::adapters::control {

namespace {

using nlohmann::ordered_json;
using pipeline::HaltReason;

constexpr const char* kSchema = "sluice.risk_state/1";

std::string checksum(const ordered_json& tree) {
    core::Digest digest;
    digest.add(std::string_view{tree.dump()});
    return digest.hex();
}

ordered_json level(const RiskState::Level& from) {
    return {{"value", core::to_string(from.value)}, {"breached", from.breached}};
}

// [-]units[.seventeen decimals], as core::to_string() writes it.
core::Money money(const std::string& text) {
    constexpr std::size_t kDecimals = 17;
    const bool negative = text.starts_with('-');
    const std::string digits = negative ? text.substr(1) : text;
    const std::size_t point = digits.find('.');
    std::string fraction = point == std::string::npos ? "" : digits.substr(point + 1);
    std::int64_t whole = 0;
    std::int64_t part = 0;
    if (fraction.size() > kDecimals) throw std::invalid_argument(text);
    fraction.append(kDecimals - fraction.size(), '0');
    const auto read = [&](const std::string& from, std::int64_t& to) {
        if (from.empty() || from.find_first_not_of("0123456789") != std::string::npos ||
            core::parse_decimal(from, 1, to) != core::DecimalError::kOk)
            throw std::invalid_argument(text);
    };
    read(digits.substr(0, point), whole);
    read(fraction, part);
    const core::Int128 raw = static_cast<core::Int128>(whole) * core::Money::kScale + part;
    return core::Money::from_raw(negative ? -raw : raw);
}

std::optional<RiskState::Level> level_of(const ordered_json& tree, const char* key) {
    if (!tree.contains(key)) return std::nullopt;
    return RiskState::Level{money(tree.at(key).at("value").get<std::string>()),
                            tree.at(key).at("breached").get<bool>()};
}

HaltReason reason_of(const std::string& name) {
    for (std::size_t i = 0; i < pipeline::kHaltReasonCount; ++i)
        if (name == to_string(static_cast<HaltReason>(i))) return static_cast<HaltReason>(i);
    throw std::invalid_argument(name);
}

RiskState read(const ordered_json& tree) {
    RiskState state;
    state.session = tree.at("session").get<std::string>();
    state.stream_ns = tree.at("stream_ns").get<std::int64_t>();
    for (const ordered_json& h : tree.at("holds"))
        state.holds.push_back({h.at("id").get<std::string>(),
                               reason_of(h.at("reason").get<std::string>()),
                               h.at("symbol").get<std::string>(), h.at("text").get<std::string>(),
                               h.at("since_ns").get<std::int64_t>()});
    if (tree.contains("equity")) state.equity = money(tree.at("equity").get<std::string>());
    state.day_start = level_of(tree, "day_start");
    state.peak = level_of(tree, "peak");
    state.window = level_of(tree, "window");
    for (const ordered_json& d : tree.at("day_peaks"))
        state.day_peaks[d.at(0).get<std::int64_t>()] = money(d.at(1).get<std::string>());
    return state;
}

}  // namespace

std::string to_text(const RiskState& state) {
    ordered_json tree{{"schema", kSchema},
                      {"session", state.session},
                      {"stream_ns", state.stream_ns},
                      {"holds", ordered_json::array()}};
    for (const Hold& h : state.holds)
        tree["holds"].push_back({{"id", h.id},
                                 {"reason", to_string(h.reason)},
                                 {"symbol", h.symbol},
                                 {"text", h.text},
                                 {"since_ns", h.since_ns}});
    if (state.equity) tree["equity"] = core::to_string(*state.equity);
    if (state.day_start) tree["day_start"] = level(*state.day_start);
    if (state.peak) tree["peak"] = level(*state.peak);
    if (state.window) tree["window"] = level(*state.window);
    tree["day_peaks"] = ordered_json::array();
    for (const auto& [day, value] : state.day_peaks)
        tree["day_peaks"].push_back({day, core::to_string(value)});
    tree["checksum"] = checksum(tree);
    return tree.dump(1) + "\n";
}

RiskState parse_risk_state(std::string_view text, const std::string& where) {
    const auto damaged = [&](const std::string& what) {
        return ControlError(where + " is damaged (" + what +
                            "), so what may not be traded is not known and nothing is. Look at "
                            "it; when its holds are known to be over, move it away and start "
                            "again: drawdowns then begin anew");
    };
    ordered_json tree = ordered_json::parse(text, nullptr, false);
    if (!tree.is_object()) throw damaged("no JSON");
    if (tree.value("schema", "") != kSchema)
        throw damaged("its schema is not " + std::string(kSchema));
    const std::string claimed = tree.value("checksum", "");
    tree.erase("checksum");
    if (claimed != checksum(tree)) throw damaged("its checksum does not fit");
    try {
        return read(tree);
    } catch (const std::exception& error) {
        throw damaged(error.what());
    }
}

}  // namespace sluice::adapters::control
