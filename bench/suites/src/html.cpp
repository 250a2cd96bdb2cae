// The report as one page: the template with style, script and the JSON put in.
#include <string>
#include <string_view>

#include <sluice/bench/report.hpp>

#include "page.hpp"

namespace sluice::bench {
namespace {

// JSON inside <script> must not be able to end it.
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

}  // namespace

std::string to_html(const Run& run) {
    // One pass over the template: what is put in is never searched for placeholders again.
    std::string_view rest = page_html();
    std::string out;
    for (;;) {
        const std::size_t open = rest.find("{{");
        if (open == std::string_view::npos) break;
        const std::size_t close = rest.find("}}", open);
        const std::string_view name = rest.substr(open + 2, close - open - 2);
        out.append(rest.substr(0, open));
        if (name == "css") out.append(page_css());
        if (name == "script") out.append(page_script());
        if (name == "data") out.append(escaped_for_script(to_json(run)));
        rest.remove_prefix(close + 2);
    }
    return out.append(rest);
}

}  // namespace sluice::bench
