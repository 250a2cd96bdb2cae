#include "venue_file.hpp"

#include <fstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include <sluice/adapters/run_folder/atomic_file.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/live_session.hpp>

namespace sluice::tools {

void write_venue_file(const VenueFile& venue, const std::filesystem::path& file) {
    const nlohmann::ordered_json tree{{"feed_a", venue.feed_a},
                                      {"feed_b", venue.feed_b},
                                      {"feed_requests", venue.feed_requests},
                                      {"orders", venue.orders},
                                      {"order_protocol", venue.order_protocol},
                                      {"symbols", venue.symbols},
                                      {"generated", venue.generated}};
    try {
        adapters::run_folder::AtomicFile out{file};
        out.append(tree.dump(2) + "\n");
        out.commit();
    } catch (const adapters::run_folder::RunFolderError& error) {
        throw std::runtime_error("--ports-file " + file.string() + ": " + error.problem() +
                                 "; name a file in a folder that you may write to");
    }
}

VenueFile read_venue_file(const std::filesystem::path& file) {
    std::ifstream in{file};
    if (!in || std::filesystem::is_directory(file))
        throw UsageError(file.string() +
                         " cannot be read; start `sluice venue --ports-file` with that name first, "
                         "or use --venue config");
    const auto tree = nlohmann::json::parse(in, nullptr, false);
    const auto text = [&](const char* key) {
        if (!tree.is_object() || !tree.contains(key) || !tree[key].is_string())
            throw UsageError(file.string() + ": not a file of `sluice venue --ports-file`: no " +
                             key);
        return tree[key].get<std::string>();
    };
    VenueFile out{text("feed_a"), text("feed_b"),         text("feed_requests"),
                  text("orders"), text("order_protocol"), {},
                  false};
    if (out.order_protocol != "ouch42" && out.order_protocol != "ouch50")
        throw UsageError(file.string() + ": order_protocol is '" + out.order_protocol +
                         "', not ouch42 or ouch50");
    if (tree.contains("symbols") && tree["symbols"].is_array())
        for (const auto& symbol : tree["symbols"])
            if (symbol.is_string()) out.symbols.push_back(symbol.get<std::string>());
    out.generated = tree.contains("generated") && tree["generated"].is_boolean() &&
                    tree["generated"].get<bool>();
    return out;
}

void use_venue_file(LiveOptions& options, const std::filesystem::path& file) {
    const VenueFile venue = read_venue_file(file);
    pipeline::LiveSettings& live = options.settings.live;
    live.feed_a = venue.feed_a;
    live.feed_b = venue.feed_b;
    live.feed_requests = venue.feed_requests;
    live.orders = venue.orders;
    live.order_protocol = venue.order_protocol == "ouch42" ? pipeline::OrderProtocol::kOuch42
                                                           : pipeline::OrderProtocol::kOuch50;
    if (options.symbols.empty()) options.symbols = venue.symbols;
    options.generated = venue.generated;
}

}  // namespace sluice::tools
