#include <sluice/adapters/tick_store/reference_store.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <system_error>

#include "day_file.hpp"
#include "reference_file.hpp"

namespace sluice::adapters::tick_store {
namespace {

namespace fs = std::filesystem;
using pipeline::CorporateActions;
using pipeline::Instrument;
using pipeline::PutOutcome;
using pipeline::SessionCalendar;

// Dates count days since 1970-01-01.
[[nodiscard]] std::int64_t to_days(Date date) {
    return std::chrono::sys_days{date}.time_since_epoch().count();
}
[[nodiscard]] Date from_days(std::int64_t days) {
    return Date{std::chrono::sys_days{std::chrono::days{static_cast<int>(days)}}};
}

template <class Row, class Field>
[[nodiscard]] std::vector<std::int64_t> column(const std::vector<Row>& rows, Field&& field) {
    std::vector<std::int64_t> out;
    out.reserve(rows.size());
    for (const Row& row : rows) out.push_back(field(row));
    return out;
}

[[nodiscard]] ReferenceFile file_of(const CorporateActions& actions) {
    ReferenceFile out;
    const auto& a = actions.adjustments;
    out.numbers["adjustment_date"] = column(a, [](const auto& r) { return to_days(r.date); });
    out.numbers["price_factor"] = column(a, [](const auto& r) { return r.price_factor; });
    out.numbers["split_factor"] = column(a, [](const auto& r) { return r.split_factor; });
    out.numbers["reference_price"] = column(a, [](const auto& r) { return r.reference_raw; });
    const auto& t = actions.tickers;
    out.numbers["ticker_date"] = column(t, [](const auto& r) { return to_days(r.date); });
    for (const pipeline::TickerRow& row : t) {
        out.texts["ticker"].push_back(row.ticker);
        out.texts["ticker_exchange"].push_back(row.exchange);
    }
    return out;
}
[[nodiscard]] CorporateActions actions_of(const ReferenceFile& file) {
    CorporateActions out;
    const std::size_t rows = file.rows("adjustment_date");
    for (std::size_t i = 0; i < rows; ++i)
        out.adjustments.push_back({from_days(file.number("adjustment_date", rows)[i]),
                                   file.number("price_factor", rows)[i],
                                   file.number("split_factor", rows)[i],
                                   file.number("reference_price", rows)[i]});
    const std::size_t tickers = file.rows("ticker_date");
    for (std::size_t i = 0; i < tickers; ++i)
        out.tickers.push_back({from_days(file.number("ticker_date", tickers)[i]),
                               file.text("ticker", tickers)[i],
                               file.text("ticker_exchange", tickers)[i]});
    return out;
}

[[nodiscard]] ReferenceFile file_of(const SessionCalendar& calendar) {
    ReferenceFile out;
    out.attributes["name"] = calendar.name;
    out.attributes["time_zone"] = calendar.time_zone;
    for (const char* name :
         {"session_weekday", "session_phase", "session_open_s", "session_close_s"})
        out.numbers[name] = {};
    for (std::size_t day = 0; day < calendar.week.size(); ++day) {
        for (const pipeline::SessionSpan& span : calendar.week[day]) {
            out.numbers["session_weekday"].push_back(static_cast<std::int64_t>(day));
            out.numbers["session_phase"].push_back(static_cast<std::int64_t>(span.phase));
            out.numbers["session_open_s"].push_back(span.open_s);
            out.numbers["session_close_s"].push_back(span.close_s);
        }
    }
    out.numbers["holiday"] = column(calendar.holidays, to_days);
    const auto put = [&out](const std::string& name, const auto& rows) {
        out.numbers[name + "_date"] = column(rows, [](const auto& r) { return to_days(r.date); });
        out.numbers[name + "_at_s"] =
            column(rows, [](const auto& r) { return std::int64_t{r.at_s}; });
    };
    put("early_close", calendar.early_closes);
    put("late_open", calendar.late_opens);
    return out;
}
[[nodiscard]] SessionCalendar calendar_of(const ReferenceFile& file) {
    SessionCalendar out;
    out.name = file.attribute("name");
    out.time_zone = file.attribute("time_zone");
    const std::size_t spans = file.rows("session_weekday");
    for (std::size_t i = 0; i < spans; ++i) {
        const std::int64_t day = file.number("session_weekday", spans)[i];
        const std::int64_t phase = file.number("session_phase", spans)[i];
        if (day < 0 || day > 6 || phase < 0 || phase > 2)
            throw StoreError(StoreFault::kDamaged, file.path.string(),
                             "a session of a day or phase that does not exist",
                             "Import the reference data again");
        out.week[static_cast<std::size_t>(day)].push_back(
            {static_cast<pipeline::SessionPhase>(phase),
             static_cast<std::int32_t>(file.number("session_open_s", spans)[i]),
             static_cast<std::int32_t>(file.number("session_close_s", spans)[i])});
    }
    const std::size_t holidays = file.rows("holiday");
    for (const std::int64_t day : file.number("holiday", holidays))
        out.holidays.push_back(from_days(day));
    const auto get = [&file](const std::string& name) {
        std::vector<pipeline::SessionException> rows;
        const std::size_t count = file.rows(name + "_date");
        for (std::size_t i = 0; i < count; ++i)
            rows.push_back({from_days(file.number(name + "_date", count)[i]),
                            static_cast<std::int32_t>(file.number(name + "_at_s", count)[i])});
        return rows;
    };
    out.early_closes = get("early_close");
    out.late_opens = get("late_open");
    return out;
}

[[nodiscard]] ReferenceFile file_of(const std::vector<Instrument>& instruments) {
    ReferenceFile out;
    out.numbers["tick_size"] = column(instruments, [](const auto& i) { return i.tick_size.raw(); });
    out.numbers["lot_size"] = column(instruments, [](const auto& i) { return i.lot_size.raw(); });
    out.numbers["multiplier"] =
        column(instruments, [](const auto& i) { return i.multiplier.raw(); });
    for (const Instrument& instrument : instruments) {
        out.texts["symbol"].push_back(instrument.symbol);
        out.texts["currency"].push_back(instrument.currency);
        out.texts["time_zone"].push_back(instrument.time_zone);
        out.texts["asset_class"].emplace_back(to_string(instrument.asset_class));
    }
    return out;
}
[[nodiscard]] std::vector<Instrument> instruments_of(const ReferenceFile& file) {
    std::vector<Instrument> out;
    const std::size_t rows = file.rows("tick_size");
    for (std::size_t i = 0; i < rows; ++i) {
        Instrument instrument;
        instrument.symbol = file.text("symbol", rows)[i];
        instrument.currency = file.text("currency", rows)[i];
        instrument.time_zone = file.text("time_zone", rows)[i];
        const auto asset_class = pipeline::parse_asset_class(file.text("asset_class", rows)[i]);
        if (!asset_class)
            throw StoreError(StoreFault::kDamaged, file.path.string(),
                             "an asset class that does not exist",
                             "Import the reference data again");
        instrument.asset_class = *asset_class;
        instrument.tick_size = core::PriceDelta::from_raw(file.number("tick_size", rows)[i]);
        instrument.lot_size = core::Quantity::from_raw(file.number("lot_size", rows)[i]);
        instrument.multiplier = core::Quantity::from_raw(file.number("multiplier", rows)[i]);
        out.push_back(std::move(instrument));
    }
    return out;
}

template <class Value, class Held>
[[nodiscard]] PutOutcome replace(const fs::path& path, const Value& value,
                                 const std::optional<Held>& held,
                                 const pipeline::Provenance& source) {
    if (held && *held == value) return PutOutcome::kUnchanged;
    file_of(value).write(path, source);
    return PutOutcome::kWritten;
}

template <class Make>
[[nodiscard]] auto read_if_held(const fs::path& path, Make&& make)
    -> std::optional<decltype(make(ReferenceFile{}))> {
    std::error_code error;
    if (!fs::exists(path, error)) return std::nullopt;
    return make(ReferenceFile::read(path));
}

}  // namespace

fs::path ReferenceStore::path(const char* kind, const std::string& name) const {
    fs::path out = folder_ / ".reference";
    if (*kind != '\0') out /= kind;
    return out / (folder_of(name) + ".h5");
}

std::optional<CorporateActions> ReferenceStore::actions(const std::string& symbol) const {
    return read_if_held(path("actions", symbol), actions_of);
}
std::optional<SessionCalendar> ReferenceStore::calendar(const std::string& name) const {
    return read_if_held(path("calendars", name), calendar_of);
}
std::vector<Instrument> ReferenceStore::instruments() const {
    return read_if_held(path("", "instruments"), instruments_of)
        .value_or(std::vector<Instrument>{});
}
std::vector<std::string> ReferenceStore::calendars() const {
    std::vector<std::string> out;
    std::error_code error;
    for (fs::directory_iterator it(folder_ / ".reference/calendars", error), end;
         !error && it != end; it.increment(error))
        if (it->path().extension() == ".h5") out.push_back(symbol_of(it->path().stem().string()));
    std::sort(out.begin(), out.end());
    return out;
}

PutOutcome ReferenceStore::put_actions(const std::string& symbol, const CorporateActions& actions,
                                       const pipeline::Provenance& source) {
    return replace(path("actions", symbol), actions, this->actions(symbol), source);
}
PutOutcome ReferenceStore::put_calendar(const SessionCalendar& calendar,
                                        const pipeline::Provenance& source) {
    return replace(path("calendars", calendar.name), calendar, this->calendar(calendar.name),
                   source);
}
PutOutcome ReferenceStore::put_instruments(const std::vector<Instrument>& instruments,
                                           const pipeline::Provenance& source) {
    const std::vector<Instrument> held = this->instruments();
    std::map<std::string, Instrument> merged;
    for (const auto* list : {&held, &instruments})
        for (const Instrument& instrument : *list) merged[instrument.symbol] = instrument;
    std::vector<Instrument> all;
    all.reserve(merged.size());
    for (auto& [symbol, instrument] : merged) all.push_back(std::move(instrument));
    return replace(path("", "instruments"), all, std::optional(held), source);
}

}  // namespace sluice::adapters::tick_store
