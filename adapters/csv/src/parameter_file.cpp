#include <sluice/adapters/csv/parameter_file.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <sstream>

#include <sluice/adapters/csv/csv_records.hpp>
#include <sluice/adapters/csv/csv_rows.hpp>

namespace sluice::adapters::csv {

namespace {

using pipeline::PlanError;
using pipeline::PlannedChange;

constexpr std::array<std::string_view, 4> kColumns{"time", "strategy", "parameter", "value"};
using Places = std::array<std::size_t, kColumns.size()>;

Places places_of(const std::vector<std::string_view>& header, std::string_view name) {
    Places places{};
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
        const auto found = std::find(header.begin(), header.end(), kColumns[i]);
        if (found == header.end())
            throw PlanError(std::string(name) + ": its first line names no column '" +
                            std::string(kColumns[i]) + "'; it needs time,strategy,parameter,value");
        places[i] = static_cast<std::size_t>(found - header.begin());
    }
    return places;
}

PlannedChange change_of(const std::vector<std::string_view>& fields, const Places& places,
                        const std::string& where) {
    for (const std::size_t place : places)
        if (place >= fields.size())
            throw PlanError(where + ": " + std::to_string(fields.size()) +
                            " fields, fewer than the first line names");
    PlannedChange change;
    change.where = where;
    std::int64_t ns = 0;
    const std::string_view time = fields[places[0]];
    if (!parse_time(time, TimeFormat::kIso8601, ns))
        throw PlanError(where + ": '" + std::string(time) +
                        "' is no time; write 2013-10-08T14:30:00Z");
    change.time = core::time_from_ns<core::StreamTime>(ns);
    change.strategy = fields[places[1]];
    change.parameter = fields[places[2]];
    const std::string_view value = fields[places[3]];
    const auto [end, fault] =
        std::from_chars(value.data(), value.data() + value.size(), change.value);
    if (fault != std::errc{} || end != value.data() + value.size() || !std::isfinite(change.value))
        throw PlanError(where + ": '" + std::string(value) + "' is no number");
    return change;
}

}  // namespace

std::vector<PlannedChange> read_parameter_text(std::string_view text, std::string_view name) {
    CsvRecords records{text};
    std::vector<PlannedChange> out;
    Places places{};
    bool started = false;
    while (records.next()) {
        const std::string where = std::string(name) + ", line " + std::to_string(records.line());
        if (records.fault() != RecordFault::kOk)
            throw PlanError(where + ": " + describe(records.fault()));
        if (records.text().empty()) continue;
        if (!started) {
            places = places_of(records.fields(), name);
            started = true;
        } else {
            out.push_back(change_of(records.fields(), places, where));
        }
    }
    if (!started)
        throw PlanError(std::string(name) +
                        " is empty; its first line is time,strategy,parameter,value");
    return out;
}

std::vector<PlannedChange> read_parameter_file(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    if (!in || !text)
        throw PlanError(file.string() + " cannot be read; check that it is there and readable");
    return read_parameter_text(text.str(), file.string());
}

}  // namespace sluice::adapters::csv
