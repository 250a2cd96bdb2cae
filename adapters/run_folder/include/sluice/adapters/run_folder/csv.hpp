// The tables of a run as CSV (RFC 4180, comma, "\n"): a header row, ISO-8601 UTC times with
// nanoseconds, exact decimals, symbols by name. Columns: docs/formats/run-folder.md.
// Any thread, off the hot path.
#pragma once

#include <string>
#include <string_view>

#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/run_rows.hpp>

namespace sluice::adapters::run_folder {

// Quoted when it holds a comma, a quote or a line end; quotes inside are doubled. Nothing else is
// changed, so the text reads back as it was.
[[nodiscard]] std::string csv_field(std::string_view text);

// The header rows, with their line ends.
inline constexpr std::string_view kOrdersHeader =
    "time,order_id,symbol,side,type,time_in_force,quantity,limit_price,filled,status,replaces\n";
inline constexpr std::string_view kFillsHeader =
    "time,order_id,symbol,side,quantity,price,commission,position_after\n";
inline constexpr std::string_view kRefusalsHeader =
    "time,symbol,reason,quantity,price,observed,limit\n";
inline constexpr std::string_view kIncidentsHeader = "time,symbol,kind,order_id,quantity\n";
inline constexpr std::string_view kEquityHeader = "time,equity,realised,drawdown\n";
inline constexpr std::string_view kIntentsHeader =
    "time,symbol,target,score,confidence,agreement,behind,age,regime,parameter_version\n";
inline constexpr std::string_view kParametersHeader = "time,strategy,parameter,value,version\n";
inline constexpr std::string_view kRegimesHeader = "time,symbol,before,now\n";
inline constexpr std::string_view kChargesHeader =
    "time,kind,symbol,currency,amount,price,rate,parts,after_fills\n";

// One row with its line end.
[[nodiscard]] std::string csv_row(const pipeline::OrderRecord& row,
                                  const pipeline::InstrumentTable& instruments);
[[nodiscard]] std::string csv_row(const pipeline::FillRecord& row,
                                  const pipeline::InstrumentTable& instruments);
[[nodiscard]] std::string csv_row(const pipeline::RefusalRecord& row,
                                  const pipeline::InstrumentTable& instruments);
[[nodiscard]] std::string csv_row(const pipeline::IncidentRecord& row,
                                  const pipeline::InstrumentTable& instruments);
[[nodiscard]] std::string csv_row(const pipeline::EquityPoint& row,
                                  const pipeline::InstrumentTable& instruments);
[[nodiscard]] std::string csv_row(const pipeline::IntentRecord& row,
                                  const pipeline::InstrumentTable& instruments);
[[nodiscard]] std::string csv_row(const pipeline::ParameterRecord& row,
                                  const pipeline::InstrumentTable& instruments);
[[nodiscard]] std::string csv_row(const pipeline::RegimeRecord& row,
                                  const pipeline::InstrumentTable& instruments);
[[nodiscard]] std::string csv_row(const pipeline::ChargeRecord& row,
                                  const pipeline::InstrumentTable& instruments);
[[nodiscard]] std::string csv_row(const pipeline::RateRecord& row,
                                  const pipeline::InstrumentTable& instruments);

}  // namespace sluice::adapters::run_folder
