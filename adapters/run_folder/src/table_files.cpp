#include <sluice/adapters/run_folder/table_files.hpp>

#include <sluice/adapters/run_folder/csv.hpp>

namespace sluice::adapters::run_folder {

TableFiles::TableFiles(const std::filesystem::path& folder,
                       const pipeline::InstrumentTable& instruments)
    : instruments_(instruments) {
    const auto begin = [&](Table table, const char* name, std::string_view header) {
        tables_[table].file = std::make_unique<AtomicFile>(folder / name);
        tables_[table].file->append(header);
    };
    begin(kOrders, "orders.csv", kOrdersHeader);
    begin(kFills, "fills.csv", kFillsHeader);
    begin(kRefusals, "refusals.csv", kRefusalsHeader);
    begin(kIncidents, "incidents.csv", kIncidentsHeader);
    begin(kEquity, "equity.csv", kEquityHeader);
    begin(kIntents, "intents.csv", kIntentsHeader);
    begin(kParameters, "parameters.csv", kParametersHeader);
    begin(kRegimes, "regimes.csv", kRegimesHeader);
    begin(kCharges, "charges.csv", kChargesHeader);
}

TableFiles::~TableFiles() = default;

template <class Row>
void TableFiles::write(Table table, const Row& row) noexcept {
    Open& open = tables_[table];
    if (open.file == nullptr) return;
    try {
        open.file->append(csv_row(row, instruments_));
    } catch (...) {
        open.failure = std::current_exception();
        open.file.reset();
    }
}
template void TableFiles::write(Table, const pipeline::OrderRecord&) noexcept;
template void TableFiles::write(Table, const pipeline::FillRecord&) noexcept;
template void TableFiles::write(Table, const pipeline::RefusalRecord&) noexcept;
template void TableFiles::write(Table, const pipeline::IncidentRecord&) noexcept;
template void TableFiles::write(Table, const pipeline::EquityPoint&) noexcept;
template void TableFiles::write(Table, const pipeline::IntentRecord&) noexcept;
template void TableFiles::write(Table, const pipeline::ParameterRecord&) noexcept;
template void TableFiles::write(Table, const pipeline::RegimeRecord&) noexcept;
template void TableFiles::write(Table, const pipeline::ChargeRecord&) noexcept;
template void TableFiles::write(Table, const pipeline::RateRecord&) noexcept;

void TableFiles::commit() {
    for (Open& open : tables_) {
        if (open.failure) std::rethrow_exception(open.failure);
        open.file->commit();
    }
}

}  // namespace sluice::adapters::run_folder
