// Feeds arbitrary bytes to the configuration checker. What it accepts must survive being written
// and read again; what it refuses must be refused with a place and a reason.

#include "../tests/core/config_sample.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

using sluice::core::config::ConfigError;
using sluice::core::config::sample::schema;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // What follows a zero byte is an override; the rest is the file.
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto split = input.find('\0');
    std::vector<std::string> overrides;
    if (split != std::string_view::npos) overrides.emplace_back(input.substr(split + 1));
    try {
        const auto loaded = schema().load_text(input.substr(0, split), "fuzz", overrides);
        std::ostringstream out;
        schema().write(loaded.settings, out);
        const auto again = schema().load_text(out.str(), "written");
        require(again.settings == loaded.settings);
        require(schema().fingerprint(again.settings) == schema().fingerprint(loaded.settings));
    } catch (const ConfigError& error) {
        require(!error.diagnostics().empty());
        for (const auto& diagnostic : error.diagnostics()) {
            require(diagnostic.where.source == "fuzz" || diagnostic.where.source == "command line");
            require(!diagnostic.message.empty());
        }
    }
    return 0;
}
