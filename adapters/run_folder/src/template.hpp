// Pages with placeholders, {{name}}. Private to the library.
#pragma once

#include <string>
#include <string_view>

namespace sluice::adapters::run_folder {

[[nodiscard]] inline std::string escaped_html(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out.push_back(c);
        }
    }
    return out;
}

// One pass over the template: what is put in is never searched for placeholders again.
template <class ValueOf>
[[nodiscard]] std::string filled(std::string_view page, ValueOf&& value_of) {
    std::string out;
    for (;;) {
        const std::size_t open = page.find("{{");
        if (open == std::string_view::npos) break;
        const std::size_t close = page.find("}}", open);
        out.append(page.substr(0, open));
        out.append(value_of(page.substr(open + 2, close - open - 2)));
        page.remove_prefix(close + 2);
    }
    return out.append(page);
}

}  // namespace sluice::adapters::run_folder
