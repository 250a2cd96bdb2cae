#include <sluice/adapters/generator/generate.hpp>

#include <chrono>
#include <exception>
#include <set>
#include <utility>

#include <date/tz.h>

#include <sluice/adapters/generator/instrument_market.hpp>

#include "quoted_levels.hpp"

namespace sluice::adapters::generator {
namespace {

using core::StreamTime;
using pipeline::Date;
using pipeline::ImportError;
using pipeline::ImportFault;

// Raised whenever the same seed gives other ticks.
constexpr const char* kModel = "sluice market model 1";
constexpr const char* kZone = "America/New_York";
constexpr auto kOpen = std::chrono::hours{9} + std::chrono::minutes{30};
constexpr auto kClose = std::chrono::hours{16};

struct Session {
    Date date;
    StreamTime open;
    StreamTime close;
};

void require(bool holds, const std::string& message) {
    if (!holds) throw ImportError(ImportFault::kBadOption, message);
}

void check(const GeneratorOptions& options) {
    require(!options.symbols.empty() && options.symbols.size() <= kMaxInstruments,
            "instruments: 1 to " + std::to_string(kMaxInstruments) + " are possible");
    std::set<std::string> seen;
    for (const std::string& symbol : options.symbols) {
        require(!symbol.empty(), "instruments: a name is empty");
        require(seen.insert(symbol).second, "instruments: '" + symbol + "' is named twice");
    }
    require(options.days >= 1 && options.days <= kMaxDays,
            "days: 1 to " + std::to_string(kMaxDays) + " are possible");
    require(options.trades_per_day >= 1 && options.trades_per_day <= kMaxTradesPerDay,
            "trades per day: 1 to " + std::to_string(kMaxTradesPerDay) + " are possible");
    require(options.levels <= kMaxLevels,
            "levels: 0 to " + std::to_string(kMaxLevels) + " are possible");
    require(options.start.ok() && options.start.year() >= std::chrono::year{1970} &&
                options.start.year() < std::chrono::year{2100},
            "start: a date from 1970 to 2099 is needed");
}

[[nodiscard]] std::vector<Session> sessions_of(const GeneratorOptions& options) {
    const date::time_zone* zone = nullptr;
    try {
        zone = date::locate_zone(kZone);
    } catch (const std::exception& error) {
        throw ImportError(ImportFault::kBadOption,
                          std::string("time zone ") + kZone + ": " + error.what());
    }
    std::vector<Session> out;
    for (std::chrono::sys_days day{options.start}; out.size() < options.days;
         day += std::chrono::days{1}) {
        const std::chrono::weekday weekday{day};
        if (weekday == std::chrono::Saturday || weekday == std::chrono::Sunday) continue;
        const date::local_days local{day.time_since_epoch()};
        const auto utc = [&](std::chrono::minutes of_day) {
            const core::Nanos since = zone->to_sys(local + of_day).time_since_epoch();
            return StreamTime{since};
        };
        out.push_back({Date{day}, utc(kOpen), utc(kClose)});
    }
    return out;
}

}  // namespace

pipeline::ImportReport generate_market(pipeline::TickSink& sink, const GeneratorOptions& options) {
    check(options);
    const std::vector<Session> sessions = sessions_of(options);
    pipeline::ImportReport report;
    pipeline::ImportProgress progress;
    progress.bytes_total = sessions.size() * options.symbols.size();
    for (std::size_t index = 0; index < options.symbols.size(); ++index) {
        InstrumentMarket market(options.seed, index, options.trades_per_day);
        pipeline::Instrument instrument;
        instrument.symbol = options.symbols[index];
        instrument.time_zone = kZone;
        instrument.generated = true;
        const std::string recipe =
            std::string(kModel) + "; seed=" + std::to_string(options.seed) +
            "; instrument=" + std::to_string(index) +
            "; trades_per_day=" + std::to_string(options.trades_per_day) +
            "; start=" + pipeline::iso_date(options.start) +
            (options.levels == 0 ? std::string{} : "; levels=" + std::to_string(options.levels));
        for (const Session& session : sessions) {
            const GeneratedDay made = market.next_day(session.open, session.close);
            std::uint64_t rows = made.trades.size() + made.quotes.size();
            pipeline::DayTables day{
                session.date, {made.trades, made.quotes}, made.truth, recipe, {}};
            pipeline::LevelColumns levels;
            if (options.levels != 0) {
                levels = levels_behind(made.quotes, options.levels, instrument.tick_size.raw());
                rows += levels.size();
                day.tables.emplace_back(levels);
            }
            const std::uint64_t tables = day.tables.size();
            day.source = {"sluice generate",
                          sink.fingerprint(recipe + "; day=" + pipeline::iso_date(session.date)),
                          rows};
            if (sink.put(instrument, day) == pipeline::PutOutcome::kUnchanged) {
                report.tables_unchanged += tables;
            } else {
                report.tables_written += tables;
                report.rows_stored += rows;
            }
            progress.rows += rows;
            ++progress.bytes;
            if (options.progress && !options.progress(progress)) {
                report.cancelled = true;
                return report;
            }
        }
    }
    return report;
}

}  // namespace sluice::adapters::generator
