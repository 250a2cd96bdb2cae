// The two databases beside an archive, found by walking up from it, and what they say about an
// instrument. One thread; each database is read once.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include <sluice/adapters/lean/lean_reference.hpp>
#include <sluice/pipeline/instrument.hpp>

#include "lean_path.hpp"

namespace sluice::adapters::lean {

[[nodiscard]] const char* name_of(Security security) noexcept;

// The zone and the steps of a table: from the databases, where they know it, else by its kind.
// `ticker` is that of the databases: a future's root.
[[nodiscard]] pipeline::Instrument make_instrument(Security security, const std::string& market,
                                                   const std::string& ticker,
                                                   const MarketHours* hours,
                                                   const PropertiesTable* properties);

class LeanDatabases {
  public:
    // Throws ImportError for a database that cannot be read.
    [[nodiscard]] pipeline::Instrument instrument(const LeanFile& file);

  private:
    struct Root {
        std::unique_ptr<MarketHours> hours;
        std::unique_ptr<PropertiesTable> properties;
    };
    [[nodiscard]] const Root& root_of(const std::filesystem::path& folder);
    [[nodiscard]] static Root read_root(const std::filesystem::path& root);

    std::map<std::filesystem::path, const Root*> by_folder_;
    std::map<std::filesystem::path, Root> roots_;  // the empty path: none found
};

}  // namespace sluice::adapters::lean
