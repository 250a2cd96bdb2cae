#include <sluice/pipeline/instrument.hpp>

#include <array>

namespace sluice::pipeline {
namespace {

constexpr std::array<const char*, kAssetClassCount> kNames = {"equity", "forex", "cfd",   "crypto",
                                                              "future", "index", "option"};

}  // namespace

const char* to_string(AssetClass asset_class) noexcept {
    return kNames[static_cast<std::size_t>(asset_class)];
}

std::optional<AssetClass> parse_asset_class(std::string_view text) noexcept {
    for (std::size_t i = 0; i < kNames.size(); ++i)
        if (text == kNames[i]) return static_cast<AssetClass>(i);
    return std::nullopt;
}

}  // namespace sluice::pipeline
