// Lines of a small CSV file in memory, and the fields of one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <sluice/adapters/lean/lean_reference.hpp>

namespace sluice::adapters::lean {

// Calls f(line) for each line that is neither blank nor a comment; f returns why the line is bad,
// or an empty text. Bad lines follow the policy.
template <class F>
void each_row(std::string_view text, const RowPolicy& policy, F&& f) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    std::uint64_t row = 0;
    while (!text.empty()) {
        const std::size_t stop = text.find('\n');
        std::string_view line = text.substr(0, stop);
        text.remove_prefix(stop == std::string_view::npos ? text.size() : stop + 1);
        ++row;
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (line.empty() || line.front() == '#') continue;
        const std::string why = f(line);
        if (!why.empty())
            pipeline::handle_bad_row({policy.where, {}, row, pipeline::shown_text(line), why},
                                     policy.on_bad_row, policy.report);
    }
}

[[nodiscard]] inline std::vector<std::string_view> split_fields(std::string_view line) {
    std::vector<std::string_view> out;
    for (;;) {
        const std::size_t comma = line.find(',');
        out.push_back(line.substr(0, comma));
        if (comma == std::string_view::npos) return out;
        line.remove_prefix(comma + 1);
    }
}

}  // namespace sluice::adapters::lean
