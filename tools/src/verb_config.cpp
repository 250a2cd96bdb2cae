// `sluice config`: write a documented default, check a file, explain a key.
#include <fstream>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include <sluice/core/config/diagnostics.hpp>
#include <sluice/pipeline/settings_schema.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/configuration.hpp>
#include <sluice/tools/verbs.hpp>

namespace sluice::tools {

namespace {

int write_default(const std::string& file, bool force) {
    const pipeline::SettingsSchema schema = pipeline::make_settings_schema();
    if (file.empty()) {
        schema.write_default(std::cout);
        return 0;
    }
    if (!force && std::ifstream{file}.good())
        throw UsageError(file + " exists already; choose another name or add --force");
    std::ofstream out{file};
    schema.write_default(out);
    out.flush();
    if (!out)
        throw std::runtime_error(file +
                                 ": cannot be written; choose a folder that you may write to");
    std::cout << "Wrote " << file << ". Check it with: sluice config check " << file << "\n";
    return 0;
}

int check(const std::string& file, const std::vector<std::string>& set, bool json) {
    const pipeline::Settings settings = load_settings(file, set);
    const std::string hash = pipeline::make_settings_schema().fingerprint(settings);
    if (json) {
        const nlohmann::ordered_json out{
            {"file", file}, {"ok", true}, {"configuration_hash", hash}};
        std::cout << out.dump(2) << "\n";
    } else {
        std::cout << file << ": ok, configuration " << hash << "\n";
    }
    return 0;
}

int explain(const std::string& key) {
    const auto explanation = pipeline::make_settings_schema().explain(key);
    if (!explanation.known) throw UsageError(explanation.text);
    std::cout << explanation.text << "\n";
    return 0;
}

}  // namespace

void add_config(CLI::App& app, Action& action) {
    CLI::App* command =
        app.add_subcommand("config", "Write a documented default, check a file, explain a key");
    command->require_subcommand(1);

    auto file = std::make_shared<std::string>();
    auto force = std::make_shared<bool>(false);
    CLI::App* write = command->add_subcommand("default", "Print or write the documented default");
    write->add_option("file", *file, "Where to; standard output when left out");
    write->add_flag("--force", *force, "Overwrite the file");
    write->callback([&action, file, force] {
        action = [file, force] { return write_default(*file, *force); };
    });

    auto set = std::make_shared<std::vector<std::string>>();
    auto json = std::make_shared<bool>(false);
    CLI::App* checking = command->add_subcommand("check", "Check a file and name every fault");
    checking->add_option("file", *file, "The file")->required();
    checking->add_option("--set", *set, "Set a key over the file: section.key=value");
    checking->add_flag("--json", *json, "Report as JSON");
    checking->callback([&action, file, set, json] {
        action = [file, set, json] { return check(*file, *set, *json); };
    });

    auto key = std::make_shared<std::string>();
    CLI::App* explaining = command->add_subcommand("explain", "Explain a key or a section");
    explaining->add_option("key", *key, "Such as risk.max_position, or risk")->required();
    explaining->callback([&action, key] { action = [key] { return explain(*key); }; });
}

}  // namespace sluice::tools
