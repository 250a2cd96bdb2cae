// The tables of a run as CSV (RFC 4180, comma, "\n"): a header row, ISO-8601 UTC times with
// nanoseconds, exact decimals, symbols by name. Columns: docs/formats/run-folder.md.
// Any thread, off the hot path. Each function writes one table to `out`, a row at a time.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <sluice/pipeline/run_record.hpp>

namespace sluice::adapters::run_folder {

// Takes each piece of text in order; may throw, and what it throws passes through.
using TextSink = std::function<void(std::string_view)>;

// Quoted when it holds a comma, a quote or a line end; quotes inside are doubled. Nothing else is
// changed, so the text reads back as it was.
[[nodiscard]] std::string csv_field(std::string_view text);

void write_orders_csv(const pipeline::RunRecord& record, const TextSink& out);
void write_fills_csv(const pipeline::RunRecord& record, const TextSink& out);
void write_refusals_csv(const pipeline::RunRecord& record, const TextSink& out);
void write_incidents_csv(const pipeline::RunRecord& record, const TextSink& out);
void write_equity_csv(const pipeline::RunRecord& record, const TextSink& out);

}  // namespace sluice::adapters::run_folder
