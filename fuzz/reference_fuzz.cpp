// The files that describe instruments, on arbitrary bytes: factor files, map files, the market-hours
// and symbol-properties databases, and the mapping of a CSV file. The first byte picks which. What is
// accepted keeps its promises: dates in order, factors that adjust, calendars that a clock takes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

#include <sluice/adapters/csv/csv_rows.hpp>
#include <sluice/adapters/lean/lean_reference.hpp>
#include <sluice/core/config/diagnostics.hpp>
#include <sluice/pipeline/adjustment.hpp>
#include <sluice/pipeline/session_clock.hpp>

namespace {

using namespace sluice;
namespace lean = adapters::lean;

void require(bool holds) {
    if (!holds) std::abort();
}

void read_factors(std::string_view text, const lean::RowPolicy& policy) {
    const auto rows = lean::parse_factor_file(text, policy);
    for (std::size_t i = 1; i < rows.size(); ++i) require(rows[i - 1].date < rows[i].date);
    try {
        const pipeline::Adjustment adjustment(rows, pipeline::AdjustmentMode::kAll);
        for (const auto& row : rows) {
            std::int64_t scaled{};
            if (adjustment.on(row.date).price.scale(row.reference_raw, scaled))
                require(scaled >= 0);
        }
    } catch (const std::invalid_argument&) {
        // Factors too fine to be held exactly.
    }
}

void read_calendars(std::string_view text) {
    constexpr auto kFrom = core::time_from_ns<core::StreamTime>(1'383'177'600'000'000'000);
    constexpr auto kTo = kFrom + core::Nanos{12 * 86'400'000'000'000};
    const lean::MarketHours hours = lean::MarketHours::parse(text, "fuzz");
    for (const auto& [key, entry] : hours.entries()) {
        const pipeline::SessionClock clock(entry.calendar);
        core::StreamTime last = core::StreamTime::min();
        for (const auto& session : clock.between(kFrom, kTo)) {
            require(session.open < session.close && session.open >= last);
            last = session.close;
        }
    }
}

void read_properties(std::string_view text, const lean::RowPolicy& policy) {
    const auto table = lean::PropertiesTable::parse(text, policy);
    for (const auto& row : table.rows())
        require(!row.holdable ||
                (row.tick_size.raw() > 0 && row.lot_size.raw() > 0 && row.multiplier.raw() > 0));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string where = "fuzz";
    pipeline::ImportReport report;
    const lean::RowPolicy policy{where, pipeline::OnBadRow::kSkip, report};
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    try {
        switch (data[0] % 5U) {
            case 0: read_factors(text, policy); break;
            case 1: (void)lean::parse_map_file(text, policy); break;
            case 2: read_calendars(text); break;
            case 3: read_properties(text, policy); break;
            default: {
                const auto mapping = adapters::csv::parse_mapping(text, where);
                adapters::csv::TimeReader reader(mapping);
                std::int64_t time{};
                (void)reader.read("2013-10-07 13:30:00", time);
            }
        }
    } catch (const pipeline::ImportError&) {
    } catch (const core::config::ConfigError&) {}
    return 0;
}
