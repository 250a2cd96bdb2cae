#include "lean_databases.hpp"

#include <system_error>

namespace sluice::adapters::lean {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHoursFile = "market-hours/market-hours-database.json";
constexpr const char* kPropertiesFile = "symbol-properties/symbol-properties-database.csv";

[[nodiscard]] std::string default_zone(Security security, const std::string& market) {
    if (security == Security::kEquity) return "America/New_York";
    if (security == Security::kIndex) return "America/Chicago";
    if (market == "fxcm") return "Etc/GMT+5";
    return "UTC";
}

// Smallest steps by kind, for what no database lists.
void set_default_steps(Security security, pipeline::Instrument& out) {
    using core::PriceDelta;
    using core::Quantity;
    switch (security) {
        case Security::kEquity:
        case Security::kIndex: break;  // 0.01 and 1
        case Security::kForex:
            out.tick_size = PriceDelta::from_raw(10'000);  // 0.00001
            break;
        case Security::kCfd:
            out.tick_size = PriceDelta::from_raw(1'000'000);  // 0.001
            break;
        case Security::kCrypto:
        case Security::kCryptoFuture:
            out.lot_size = Quantity::from_raw(1);  // 0.00000001
            break;
        case Security::kFuture: break;
    }
}

// What a pair is quoted in; "USD" when the name is no pair.
[[nodiscard]] std::string default_currency(Security security, const std::string& ticker) {
    const bool pair = security == Security::kForex || security == Security::kCrypto ||
                      security == Security::kCryptoFuture;
    return pair && ticker.size() == 6 ? ticker.substr(3) : "USD";
}

}  // namespace

const char* name_of(Security security) noexcept {
    switch (security) {
        case Security::kEquity: return "equity";
        case Security::kForex: return "forex";
        case Security::kCfd: return "cfd";
        case Security::kCrypto: return "crypto";
        case Security::kCryptoFuture: return "cryptofuture";
        case Security::kFuture: return "future";
        case Security::kIndex: return "index";
    }
    return "unknown";
}

pipeline::Instrument make_instrument(Security security, const std::string& market,
                                     const std::string& ticker, const MarketHours* hours,
                                     const PropertiesTable* properties) {
    pipeline::Instrument out;
    out.symbol = store_symbol(security, market, ticker);
    out.asset_class = asset_class_of(security);
    const auto* const entry =
        hours == nullptr ? nullptr : hours->find(name_of(security), market, ticker);
    out.time_zone = entry == nullptr ? default_zone(security, market) : entry->data_zone;
    out.currency = default_currency(security, ticker);
    set_default_steps(security, out);
    const auto* const row =
        properties == nullptr ? nullptr : properties->find(market, ticker, name_of(security));
    if (row != nullptr && row->holdable) {
        out.currency = row->currency;
        out.tick_size = row->tick_size;
        out.lot_size = row->lot_size;
        out.multiplier = row->multiplier;
    }
    return out;
}

LeanDatabases::Root LeanDatabases::read_root(const fs::path& root) {
    Root out;
    std::error_code error;
    if (const fs::path file = root / kHoursFile; fs::exists(file, error))
        out.hours = std::make_unique<MarketHours>(
            MarketHours::parse(pipeline::read_source_file(file.string()), file.string()));
    if (const fs::path file = root / kPropertiesFile; fs::exists(file, error)) {
        const std::string where = file.string();
        // Instruments are looked up in what is readable; importing the file itself is strict.
        pipeline::ImportReport unread;
        out.properties = std::make_unique<PropertiesTable>(PropertiesTable::parse(
            pipeline::read_source_file(where), {where, pipeline::OnBadRow::kSkip, unread}));
    }
    return out;
}

const LeanDatabases::Root& LeanDatabases::root_of(const fs::path& folder) {
    if (const auto known = by_folder_.find(folder); known != by_folder_.end())
        return *known->second;
    fs::path root = fs::absolute(folder).lexically_normal();
    std::error_code error;
    while (!fs::exists(root / kHoursFile, error) && !fs::exists(root / kPropertiesFile, error)) {
        const fs::path parent = root.parent_path();
        if (parent == root) {
            root.clear();
            break;
        }
        root = parent;
    }
    auto found = roots_.find(root);
    if (found == roots_.end())
        found = roots_.emplace(root, root.empty() ? Root{} : read_root(root)).first;
    by_folder_[folder] = &found->second;
    return found->second;
}

pipeline::Instrument LeanDatabases::instrument(const LeanFile& file) {
    const Root& root = root_of(file.path.parent_path());
    return make_instrument(file.security, file.market, file.ticker, root.hours.get(),
                           root.properties.get());
}

}  // namespace sluice::adapters::lean
