#include <sluice/adapters/run_folder/comparison.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <sluice/adapters/run_folder/atomic_file.hpp>

#include "summary_tree.hpp"

namespace sluice::adapters::run_folder {
namespace {

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return std::string{text.substr(first, text.find_last_not_of(" \t\r") - first + 1)};
}

// Without a comment; `depth` counts the brackets that are open at its end.
std::string code_of(std::string_view line, int& depth) {
    char quote = '\0';
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quote != '\0') {
            if (c == '\\' && quote == '"') ++i;
            if (c == quote) quote = '\0';
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '#') {
            return trimmed(line.substr(0, i));
        } else if (c == '[' || c == ']') {
            depth += c == '[' ? 1 : -1;
        }
    }
    return trimmed(line);
}

std::string unquoted(const std::string& text) {
    const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    return quoted ? text.substr(1, text.size() - 2) : text;
}

std::string contents(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    std::ostringstream text;
    if (in) text << in.rdbuf();
    if (!in)
        throw RunFolderError("cannot read what a run should have left", file,
                             "name the folder of a run that has ended, such as "
                             "runs/20240102-090000-backtest");
    return text.str();
}

// Keys of the array of tables that is read, until its name is known.
class Flattener {
  public:
    void open(std::string section, bool is_table) {
        close();
        section_ = std::move(section);
        in_table_ = is_table;
    }
    void add(const std::string& key, std::string value) {
        const std::string path = section_.empty() ? key : section_ + "." + key;
        if (in_table_)
            table_.emplace_back(key, std::move(value));
        else
            out_[path] = std::move(value);
    }
    std::map<std::string, std::string> take() {
        close();
        return std::move(out_);
    }

  private:
    void close() {
        const auto named = std::find_if(table_.begin(), table_.end(),
                                        [](const auto& entry) { return entry.first == "name"; });
        std::string name =
            named == table_.end() ? std::to_string(++unnamed_) : unquoted(named->second);
        for (auto& [key, value] : table_) out_[section_ + "." + name + "." + key] = value;
        table_.clear();
    }

    std::map<std::string, std::string> out_;
    std::string section_;
    bool in_table_ = false;
    std::vector<std::pair<std::string, std::string>> table_;
    int unnamed_ = 0;
};

}  // namespace

std::map<std::string, std::string> flat_settings(const std::string& toml) {
    Flattener flat;
    std::size_t number = 0;
    for (std::size_t at = 0; at < toml.size();) {
        const auto next_line = [&](int& depth) {
            const std::size_t end = std::min(toml.find('\n', at), toml.size());
            std::string line = code_of(std::string_view{toml}.substr(at, end - at), depth);
            at = end + 1;
            ++number;
            return line;
        };
        int depth = 0;
        std::string line = next_line(depth);
        if (line.empty()) continue;
        if (line.front() == '[') {
            const bool is_table = line.starts_with("[[");
            const std::size_t width = is_table ? 2 : 1;
            if (line.size() < 2 * width || depth != 0)
                throw std::invalid_argument("line " + std::to_string(number) + ": " + line);
            flat.open(line.substr(width, line.size() - 2 * width), is_table);
            continue;
        }
        while (depth > 0 && at < toml.size()) line += " " + next_line(depth);
        const std::size_t equals = line.find('=');
        if (equals == std::string::npos)
            throw std::invalid_argument("line " + std::to_string(number) + ": " + line);
        flat.add(trimmed(std::string_view{line}.substr(0, equals)),
                 trimmed(std::string_view{line}.substr(equals + 1)));
    }
    return flat.take();
}

RunReading read_run(const std::filesystem::path& folder) {
    RunReading out;
    out.folder = folder;
    out.summary = contents(folder / "summary.json");
    const Json tree = Json::parse(out.summary, nullptr, false);
    if (!tree.is_object() || !tree.contains("digest") || !tree.contains("books"))
        throw RunFolderError("this is no summary of a run", folder / "summary.json",
                             "name the folder of a run that has ended");
    try {
        out.settings = flat_settings(contents(folder / "config.toml"));
    } catch (const std::invalid_argument& error) {
        throw RunFolderError("this is no configuration of a run: " + std::string(error.what()),
                             folder / "config.toml", "name the folder of a run as it was left");
    }
    return out;
}

}  // namespace sluice::adapters::run_folder
