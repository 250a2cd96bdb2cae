// TableFiles: the tables of a run, written while it goes on. Until commit() their names are those of
// unfinished files, so what a crash leaves of them is seen to be a beginning only.
//
// Threads   take(): the recorder's. The others: who made it, before and after the run.
// Bounds    One fixed buffer a table, whatever the number of rows.
// Errors    The first of a table ends that table; commit() throws it. The run goes on meanwhile.
#pragma once

#include <array>
#include <exception>
#include <filesystem>
#include <memory>

#include <sluice/adapters/run_folder/atomic_file.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/row_sink.hpp>

namespace sluice::adapters::run_folder {

class TableFiles final : public pipeline::RowSink {
  public:
    // Begins orders.csv, fills.csv, refusals.csv, incidents.csv, equity.csv, intents.csv,
    // parameters.csv, regimes.csv and charges.csv in `folder`. Throws RunFolderError.
    TableFiles(const std::filesystem::path& folder, const pipeline::InstrumentTable& instruments);
    ~TableFiles() override;

    void take(const pipeline::OrderRecord& row) noexcept override { write(kOrders, row); }
    void take(const pipeline::FillRecord& row) noexcept override { write(kFills, row); }
    void take(const pipeline::RefusalRecord& row) noexcept override { write(kRefusals, row); }
    void take(const pipeline::IncidentRecord& row) noexcept override { write(kIncidents, row); }
    void take(const pipeline::EquityPoint& row) noexcept override { write(kEquity, row); }
    void take(const pipeline::IntentRecord& row) noexcept override { write(kIntents, row); }
    void take(const pipeline::ParameterRecord& row) noexcept override { write(kParameters, row); }
    void take(const pipeline::RegimeRecord& row) noexcept override { write(kRegimes, row); }
    void take(const pipeline::ChargeRecord& row) noexcept override { write(kCharges, row); }
    // Among the charges: a run's own account is kept in the order of both.
    void take(const pipeline::RateRecord& row) noexcept override { write(kCharges, row); }

    // Puts the tables in their places, in the order above, up to the first that could not be
    // written: throws what was wrong with it. To be called once.
    void commit();

  private:
    enum Table : std::size_t {
        kOrders,
        kFills,
        kRefusals,
        kIncidents,
        kEquity,
        kIntents,
        kParameters,
        kRegimes,
        kCharges,
        kTables
    };
    struct Open {
        std::unique_ptr<AtomicFile> file;  // gone after a failure
        std::exception_ptr failure;
    };

    template <class Row>
    void write(Table table, const Row& row) noexcept;

    pipeline::InstrumentTable instruments_;
    std::array<Open, kTables> tables_;
};

}  // namespace sluice::adapters::run_folder
