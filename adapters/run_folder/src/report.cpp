#include <sluice/adapters/run_folder/report.hpp>

#include <string_view>

#include <sluice/adapters/run_folder/text.hpp>

#include "assets.hpp"
#include "report_series.hpp"
#include "template.hpp"

namespace sluice::adapters::run_folder {
namespace {

// The whole configuration is in config.toml; beyond this the report shows its beginning.
constexpr std::size_t kConfigurationBytesMax = 200'000;

// JSON inside <script> must not be able to end it ("</script>", "<!--"). The characters occur in
// strings only, where \u escapes mean the same.
std::string escaped_for_script(const std::string& json) {
    std::string out;
    out.reserve(json.size() + 1024);
    for (const char c : json) {
        switch (c) {
            case '<': out += "\\u003c"; break;
            case '>': out += "\\u003e"; break;
            case '&': out += "\\u0026"; break;
            default: out.push_back(c);
        }
    }
    return out;
}

// dygraphs' files without the lines that name an address: the banner (its full licence text stands
// in the report instead) and the source map, which a browser's tools would try to fetch.
std::string without_address_lines(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        const bool banner = line.substr(0, 12) == "/*! @license";
        const bool source_map = line.find("# sourceMappingURL=") < 8;
        if (!banner && !source_map) out.append(line).push_back('\n');
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::string data_of(const pipeline::RunRecord& record) {
    Json tree = report_series(record);
    tree["summary"] = summary_tree(record);
    const bool whole = record.configuration.size() <= kConfigurationBytesMax;
    tree["configuration"] = whole ? record.configuration
                                  : record.configuration.substr(0, kConfigurationBytesMax) +
                                        "\n# ... the rest is in config.toml, beside this report";
    return escaped_for_script(dump(tree, -1));
}

std::string value_of(std::string_view name, const pipeline::RunRecord& record) {
    if (name == "title") {
        return escaped_html("Sluice " + record.verb + ", " + record.data_label +
                            (record.events > 0 ? ", " + date_and_time(record.from) : ""));
    }
    if (name == "dygraphs_licence") return std::string{assets::dygraphs_licence()};
    if (name == "dygraphs_css") return without_address_lines(assets::dygraphs_css());
    if (name == "dygraphs_js") return without_address_lines(assets::dygraphs_js());
    if (name == "report_css") return std::string{assets::report_css()};
    if (name == "report_js") {
        std::string out{assets::format_js()};
        return out.append(assets::tables_js())
            .append(assets::time_axis_js())
            .append(assets::charts_js());
    }
    if (name == "data") return data_of(record);
    return {};
}

}  // namespace

std::string report_html(const pipeline::RunRecord& record) {
    return filled(assets::report_html(),
                  [&](std::string_view name) { return value_of(name, record); });
}

}  // namespace sluice::adapters::run_folder
