#include <sluice/adapters/plugin/plugin.hpp>

#include <dlfcn.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string_view>
#include <vector>

namespace sluice::adapters::plugin {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxStateBytes = std::uint64_t{1} << 30U;
constexpr std::uint64_t kMaxStateAlign = 4096;
constexpr std::size_t kMaxNameBytes = 40;

fs::path find(const std::string& given, const fs::path& folder) {
    std::vector<fs::path> places{folder / given};  // an absolute path is what it is
    if (given.find('/') == std::string::npos) {
        places.push_back(folder / (given + ".so"));
        places.push_back(folder / ("lib" + given + ".so"));
    }
    std::string tried;
    for (const fs::path& place : places) {
        std::error_code error;
        if (fs::is_regular_file(place, error)) return fs::canonical(place);
        tried += (tried.empty() ? "" : ", ") + place.string();
    }
    throw PluginError("plugin '" + given + "': there is no such file (looked for " + tried +
                      "); build it, or give its path");
}

std::string sha256_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    const std::string text = bytes.str();
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (!file ||
        EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        throw PluginError("plugin '" + path.string() + "': cannot be read");
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    for (unsigned i = 0; i < size; ++i) {
        out += kDigits[digest[i] >> 4U];
        out += kDigits[digest[i] & 15U];
    }
    return out;
}

// What two builds must agree on before anything else of the table is read.
void check_version(const std::string& where, const SluicePlugin& table) {
    if (table.abi_version != kit::kAbiVersion)
        throw PluginError(where + "was built with version " + std::to_string(table.abi_version) +
                          " of the interface, this program has version " +
                          std::to_string(kit::kAbiVersion) +
                          "; build it again against the kit that was installed with this program");
    if (table.table_bytes != sizeof(SluicePlugin) || table.layout_hash != kit::layout_hash()) {
        std::ostringstream text;
        text << where << "lays out its data otherwise than this program (" << std::hex
             << table.layout_hash << ", the program has " << kit::layout_hash()
             << "); build it again, for this machine's kind and with the kit that was installed "
                "with "
                "this program";
        throw PluginError(text.str());
    }
}

// As names are written in a configuration.
bool is_name(std::string_view name) noexcept {
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
    const auto follows = [&](char c) { return fits(c) || (c >= '0' && c <= '9'); };
    return !name.empty() && name.size() <= kMaxNameBytes && fits(name.front()) &&
           std::all_of(name.begin(), name.end(), follows);
}

void check_name(const std::string& where, const std::string& what, const char* name) {
    if (!is_name(name))
        throw PluginError(where + "names " + what + " '" + name +
                          "'; a name has small letters a-z, digits and _, at most " +
                          std::to_string(kMaxNameBytes) + ", and begins with none of the digits");
}

void check_parameter(const std::string& where, const SluiceParameter& p) {
    if (p.name == nullptr || p.unit == nullptr || p.doc == nullptr || *p.doc == '\0')
        throw PluginError(where + "declares a parameter without name, unit or doc");
    check_name(where, "a parameter", p.name);
    const bool sound = std::isfinite(p.min) && std::isfinite(p.max) && p.min <= p.fallback &&
                       p.fallback <= p.max && p.type <= kSluiceReal;
    if (!sound)
        throw PluginError(where + "declares parameter '" + p.name +
                          "' with a default outside its range, or a range that is none");
}

void check_table(const std::string& where, const SluicePlugin& t) {
    if (t.name == nullptr || t.version == nullptr || t.doc == nullptr || *t.doc == '\0' ||
        t.kit_version == nullptr || t.create == nullptr || t.on_bar == nullptr ||
        t.destroy == nullptr)
        throw PluginError(where +
                          "leaves out a function, its name or its doc; use SLUICE_EXPORT_STRATEGY");
    check_name(where, "itself", t.name);
    if (t.state_bytes == 0 || t.state_bytes > kMaxStateBytes ||
        !std::has_single_bit(t.state_align) || t.state_align > kMaxStateAlign)
        throw PluginError(where + "asks for " + std::to_string(t.state_bytes) +
                          " bytes an instrument, aligned to " + std::to_string(t.state_align) +
                          "; at most 1 GiB and 4096 are given");
    if (t.parameter_count > kit::kMaxParameters ||
        (t.parameter_count != 0 && t.parameters == nullptr))
        throw PluginError(where + "declares " + std::to_string(t.parameter_count) +
                          " parameters; at most " + std::to_string(kit::kMaxParameters) +
                          " can be had");
    for (std::size_t i = 0; i < t.parameter_count; ++i) check_parameter(where, t.parameters[i]);
}

}  // namespace

Plugin::Plugin(const std::string& path_or_name, const fs::path& folder)
    : path_(find(path_or_name, folder)), sha256_(sha256_of(path_)) {
    const std::string where = "plugin '" + path_.string() + "' ";
    if (void* const library = ::dlopen(path_.c_str(), RTLD_NOW | RTLD_LOCAL)) {
        library_ = {library, [](void* open) { ::dlclose(open); }};
    } else {
        const char* const why = ::dlerror();
        throw PluginError(where + "is no shared library that this program can load: " +
                          (why == nullptr ? "no reason given" : why));
    }
    void* const symbol = ::dlsym(library_.get(), kit::kEntrySymbol);
    if (symbol == nullptr)
        throw PluginError(
            where + "is a shared library, but no strategy plugin: it has no symbol '" +
            kit::kEntrySymbol + "'; end its source with SLUICE_EXPORT_STRATEGY(YourClass)");
    table_ = std::bit_cast<SluicePluginEntry>(symbol)();
    if (table_ == nullptr) throw PluginError(where + "returns no table");
    check_version(where, *table_);
    check_table(where, *table_);
}

}  // namespace sluice::adapters::plugin
