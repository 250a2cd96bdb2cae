// Reference data beside the ticks of a store:
//
//   <store>/.reference/actions/<SYMBOL>.h5      splits, dividends and ticker changes
//   <store>/.reference/calendars/<name>.h5      sessions, holidays, early closes
//   <store>/.reference/instruments.h5           tick size, lot, multiplier, currency, asset class
//
// Files are replaced atomically, as those of days are. Any thread; errors: StoreError.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sluice/adapters/tick_store/store_error.hpp>
#include <sluice/pipeline/reference.hpp>

namespace sluice::adapters::tick_store {

class ReferenceStore final : public pipeline::ReferenceSink {
  public:
    // Of the store in that folder; makes nothing until something is put.
    explicit ReferenceStore(std::filesystem::path store) : folder_(std::move(store)) {}

    pipeline::PutOutcome put_actions(const std::string& symbol,
                                     const pipeline::CorporateActions& actions,
                                     const pipeline::Provenance& source) override;
    pipeline::PutOutcome put_calendar(const pipeline::SessionCalendar& calendar,
                                      const pipeline::Provenance& source) override;
    // Added to those that are held; one of the same symbol replaces its forerunner.
    pipeline::PutOutcome put_instruments(const std::vector<pipeline::Instrument>& instruments,
                                         const pipeline::Provenance& source) override;

    // Nothing when none is held.
    [[nodiscard]] std::optional<pipeline::CorporateActions> actions(
        const std::string& symbol) const;
    [[nodiscard]] std::optional<pipeline::SessionCalendar> calendar(const std::string& name) const;
    [[nodiscard]] std::vector<pipeline::Instrument> instruments() const;
    // Names of the calendars that are held, sorted.
    [[nodiscard]] std::vector<std::string> calendars() const;

  private:
    [[nodiscard]] std::filesystem::path path(const char* kind, const std::string& name) const;

    std::filesystem::path folder_;
};

}  // namespace sluice::adapters::tick_store
