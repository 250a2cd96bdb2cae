#include <sluice/adapters/run_folder/comparison.hpp>

#include <algorithm>
#include <ostream>
#include <set>

#include "page.hpp"
#include "summary_tree.hpp"

namespace sluice::adapters::run_folder {
namespace {

struct Figure {
    const char* label;
    const char* pointer;  // into the summary (RFC 6901)
    enum class Kind { kText, kMoney, kNumber, kShare, kCount } kind;
};

constexpr Figure kFigures[] = {
    {"verb", "/run/verb", Figure::Kind::kText},
    {"data", "/run/data", Figure::Kind::kText},
    {"from", "/run/from", Figure::Kind::kText},
    {"to", "/run/to", Figure::Kind::kText},
    {"currency", "/books/currency", Figure::Kind::kText},
    {"ticks", "/ticks/total", Figure::Kind::kCount},
    {"orders", "/orders/sent", Figure::Kind::kCount},
    {"refused", "/refusals/total", Figure::Kind::kCount},
    {"fills", "/fills", Figure::Kind::kCount},
    {"profit and loss", "/books/pnl", Figure::Kind::kMoney},
    {"commission", "/books/commission", Figure::Kind::kMoney},
    {"charges", "/books/charges/total", Figure::Kind::kMoney},
    {"equity", "/books/equity", Figure::Kind::kMoney},
    {"worst drawdown, by tick", "/books/max_drawdown", Figure::Kind::kMoney},
    {"total return", "/performance/returns/total_return", Figure::Kind::kShare},
    {"annual return", "/performance/returns/annual_return", Figure::Kind::kShare},
    {"volatility", "/performance/returns/annual_volatility", Figure::Kind::kShare},
    {"Sharpe", "/performance/returns/sharpe", Figure::Kind::kNumber},
    {"Sortino", "/performance/returns/sortino", Figure::Kind::kNumber},
    {"Calmar", "/performance/returns/calmar", Figure::Kind::kNumber},
    {"deepest drawdown", "/performance/returns/max_drawdown", Figure::Kind::kShare},
    {"its periods", "/performance/returns/max_drawdown_periods", Figure::Kind::kCount},
    {"tail ratio", "/performance/returns/tail_ratio", Figure::Kind::kNumber},
    {"alpha", "/performance/benchmark/alpha", Figure::Kind::kShare},
    {"beta", "/performance/benchmark/beta", Figure::Kind::kNumber},
    {"exposure", "/performance/exposure/gross", Figure::Kind::kShare},
    {"turnover a year", "/performance/turnover", Figure::Kind::kNumber},
    {"round trips", "/performance/trades/trades", Figure::Kind::kCount},
    {"win rate", "/performance/trades/win_rate", Figure::Kind::kShare},
    {"profit factor", "/performance/trades/profit_factor", Figure::Kind::kNumber},
    {"expectancy", "/performance/trades/expectancy", Figure::Kind::kNumber},
};

Json value_at(const Json& summary, const char* pointer) {
    const Json::json_pointer where{pointer};
    return summary.contains(where) ? summary.at(where) : Json(nullptr);
}

std::string text_of(const Json& value, Figure::Kind kind) {
    if (value.is_null()) return "-";
    if (value.is_string()) {
        const std::string text = value.get<std::string>();
        if (kind != Figure::Kind::kMoney) return printable(text);
        return fixed(std::strtod(text.c_str(), nullptr), 2, "");
    }
    if (value.is_number_unsigned() && kind == Figure::Kind::kCount)
        return grouped(value.get<std::uint64_t>());
    if (!value.is_number()) return printable(value.dump());
    const double number = value.get<double>();
    return kind == Figure::Kind::kShare ? fixed(100 * number, 3, " %") : fixed(number, 3, "");
}

std::vector<Json> values_of(const std::vector<Json>& summaries, const Figure& figure) {
    std::vector<Json> out;
    out.reserve(summaries.size());
    for (const Json& summary : summaries) out.push_back(value_at(summary, figure.pointer));
    return out;
}

// Of keys that some of the runs do not have, the value is null there.
struct Setting {
    std::string key;
    std::vector<Json> values;
};

std::vector<Setting> differing(const std::vector<RunReading>& runs) {
    std::set<std::string> keys;
    for (const RunReading& run : runs)
        for (const auto& [key, value] : run.settings) keys.insert(key);
    std::vector<Setting> out;
    for (const std::string& key : keys) {
        Setting setting{key, {}};
        for (const RunReading& run : runs) {
            const auto found = run.settings.find(key);
            setting.values.emplace_back(found == run.settings.end() ? Json(nullptr)
                                                                    : Json(found->second));
        }
        const bool same = std::all_of(setting.values.begin(), setting.values.end(),
                                      [&](const Json& v) { return v == setting.values.front(); });
        if (!same) out.push_back(std::move(setting));
    }
    return out;
}

std::vector<Json> summaries(const std::vector<RunReading>& runs) {
    std::vector<Json> out;
    out.reserve(runs.size());
    for (const RunReading& run : runs) out.push_back(Json::parse(run.summary));
    return out;
}

std::vector<std::string> digests(const std::vector<Json>& all) {
    std::vector<std::string> out;
    out.reserve(all.size());
    for (const Json& summary : all)
        out.push_back(text_of(summary.at("digest"), Figure::Kind::kText));
    return out;
}

bool all_same(const std::vector<std::string>& texts) {
    return std::all_of(texts.begin(), texts.end(),
                       [&](const std::string& t) { return t == texts.front(); });
}

// A name for each column, told apart by the folder alone where that is enough.
std::string column(const RunReading& run) {
    const std::filesystem::path name =
        run.folder.has_filename() ? run.folder.filename() : run.folder.parent_path().filename();
    return printable(name.string());
}

}  // namespace

std::string comparison_json(const std::vector<RunReading>& runs) {
    const std::vector<Json> all = summaries(runs);
    Json folders = Json::array();
    for (const RunReading& run : runs) folders.push_back(run.folder.string());
    Json settings = Json::object();
    for (const Setting& setting : differing(runs)) settings[setting.key] = setting.values;
    Json results = Json::object();
    for (const Figure& figure : kFigures)
        results[std::string(figure.pointer).substr(1)] = values_of(all, figure);
    const std::vector<std::string> of_all = digests(all);
    return dump(Json{{"schema", "sluice.comparison/1"},
                     {"runs", folders},
                     {"settings_that_differ", settings},
                     {"results", results},
                     {"digests", of_all},
                     {"same_digest", all_same(of_all)}},
                2);
}

void print_comparison(std::ostream& out, const std::vector<RunReading>& runs, bool colour) {
    Page page{out, colour};
    const std::vector<Json> all = summaries(runs);
    std::vector<std::string> header{""};
    for (const RunReading& run : runs) header.push_back(column(run));

    page.heading("Settings that differ");
    const std::vector<Setting> settings = differing(runs);
    if (settings.empty()) out << "  none\n";
    TextTable keys(header);
    for (const Setting& setting : settings) {
        std::vector<std::string> row{printable(setting.key)};
        for (const Json& value : setting.values) row.push_back(text_of(value, Figure::Kind::kText));
        keys.add(std::move(row));
    }
    if (!settings.empty()) page.table(keys);

    page.heading("Results");
    TextTable results(header);
    for (const Figure& figure : kFigures) {
        const std::vector<Json> values = values_of(all, figure);
        const auto is_null = [](const Json& value) { return value.is_null(); };
        if (std::all_of(values.begin(), values.end(), is_null)) continue;
        std::vector<std::string> row{figure.label};
        for (const Json& value : values) row.push_back(text_of(value, figure.kind));
        // What all were run over is said once: it can be long.
        if (figure.kind == Figure::Kind::kText &&
            std::equal(row.begin() + 2, row.end(), row.begin() + 1))
            page.line(row[0], row[1]);
        else
            results.add(std::move(row));
    }
    std::vector<std::string> row{"digest"};
    const std::vector<std::string> of_all = digests(all);
    for (const std::string& digest : of_all) row.push_back(digest.substr(0, 16));
    results.add(std::move(row));
    page.table(results);
    out << (all_same(of_all) ? "  The digests are the same: the runs decided the same.\n"
                             : "  The digests differ.\n");
}

}  // namespace sluice::adapters::run_folder
