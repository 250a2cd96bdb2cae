#include <sluice/adapters/run_folder/csv.hpp>

#include <sluice/adapters/run_folder/text.hpp>
#include <sluice/core/decimal.hpp>

namespace sluice::adapters::run_folder {
namespace {

using core::to_string;
using pipeline::InstrumentTable;

class Line {
  public:
    // Text from outside: quoted as needed.
    Line& text(std::string_view value) { return raw(csv_field(value)); }
    // Times, numbers and our own words: never in need of quotes.
    Line& raw(std::string_view value) {
        if (!line_.empty()) line_.push_back(',');
        line_.append(value);
        return *this;
    }
    [[nodiscard]] std::string end() {
        line_.push_back('\n');
        return std::move(line_);
    }

  private:
    std::string line_;  // begins with a time, so it is empty before its first field only
};

std::string order_id(core::OrderId id) { return std::to_string(static_cast<std::uint64_t>(id)); }

// Empty for kNoSymbol: a column of names holds no placeholder.
std::string name_of(const InstrumentTable& instruments, core::SymbolId symbol) {
    return symbol == core::kNoSymbol ? std::string{} : symbol_name(instruments, symbol);
}

}  // namespace

std::string csv_field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string{text};
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"') out.push_back('"');
        out.push_back(c);
    }
    out.push_back('"');
    return out;
}

std::string csv_row(const pipeline::OrderRecord& row, const InstrumentTable& instruments) {
    Line line;
    line.raw(iso8601(row.time)).raw(order_id(row.id)).text(name_of(instruments, row.symbol));
    line.raw(to_string(row.side)).raw(to_string(row.type)).raw(to_string(row.tif));
    line.raw(to_string(row.quantity));
    line.raw(row.type == pipeline::OrderType::kMarket ? "" : to_string(row.limit));
    line.raw(to_string(row.filled)).text(row.status).raw(std::to_string(row.replaces));
    return line.end();
}

std::string csv_row(const pipeline::FillRecord& row, const InstrumentTable& instruments) {
    Line line;
    line.raw(iso8601(row.time)).raw(order_id(row.order)).text(name_of(instruments, row.symbol));
    line.raw(to_string(row.side)).raw(to_string(row.quantity)).raw(to_string(row.price));
    line.raw(to_string(row.commission)).raw(to_string(row.position_after));
    return line.end();
}

std::string csv_row(const pipeline::RefusalRecord& row, const InstrumentTable& instruments) {
    Line line;
    line.raw(iso8601(row.time)).text(name_of(instruments, row.symbol));
    line.raw(to_string(row.reason)).raw(to_string(row.quantity)).raw(to_string(row.price));
    line.raw(shortest(row.observed)).raw(shortest(row.limit));
    return line.end();
}

std::string csv_row(const pipeline::IncidentRecord& row, const InstrumentTable& instruments) {
    Line line;
    line.raw(iso8601(row.time)).text(name_of(instruments, row.symbol)).raw(to_string(row.kind));
    line.raw(row.order == core::OrderId::kNone ? "" : order_id(row.order));
    line.raw(to_string(row.quantity));
    return line.end();
}

std::string csv_row(const pipeline::EquityPoint& row, const InstrumentTable&) {
    Line line;
    line.raw(iso8601(row.time)).raw(to_string(row.equity)).raw(to_string(row.realised));
    line.raw(to_string(row.drawdown));
    return line.end();
}

std::string csv_row(const pipeline::IntentRecord& row, const InstrumentTable& instruments) {
    const pipeline::Intent& intent = row.intent;
    Line line;
    line.raw(iso8601(row.time)).text(name_of(instruments, row.symbol));
    line.raw(to_string(intent.target)).raw(shortest(intent.score));
    line.raw(shortest(intent.confidence)).raw(shortest(intent.agreement));
    line.raw(std::to_string(intent.behind)).raw(std::to_string(intent.age));
    line.raw(to_string(intent.regime)).raw(std::to_string(intent.parameter_version));
    return line.end();
}

std::string csv_row(const pipeline::ParameterRecord& row, const InstrumentTable&) {
    Line line;
    line.raw(iso8601(row.time)).text(row.strategy).text(row.parameter).raw(shortest(row.value));
    line.raw(std::to_string(row.version));
    return line.end();
}

std::string csv_row(const pipeline::RegimeRecord& row, const InstrumentTable& instruments) {
    Line line;
    line.raw(iso8601(row.time)).text(name_of(instruments, row.symbol));
    line.raw(to_string(row.change.before)).raw(to_string(row.change.now));
    return line.end();
}

std::string csv_row(const pipeline::ChargeRecord& row, const InstrumentTable& instruments) {
    using pipeline::ChargeBasis;
    const pipeline::Charged& charged = row.charged;
    const bool is_share =
        charged.basis == ChargeBasis::kValue || charged.basis == ChargeBasis::kShort;
    Line line;
    line.raw(iso8601(row.time)).raw(to_string(charged.kind));
    line.text(name_of(instruments, row.symbol));
    line.text(row.currency);
    line.raw(to_string(charged.amount.money()));
    line.raw(charged.basis == ChargeBasis::kAmount ? "" : to_string(charged.price));
    line.raw(is_share ? to_string(core::Price::from_raw(charged.rate)) : "");
    line.raw(is_share ? std::to_string(charged.parts) : "");
    line.raw(std::to_string(row.after_fills));
    return line.end();
}

std::string csv_row(const pipeline::RateRecord& row, const InstrumentTable&) {
    Line line;
    line.raw(iso8601(row.time)).raw("rate").raw("").text(row.currency).raw("");
    line.raw(to_string(row.rate)).raw("").raw("").raw(std::to_string(row.after_fills));
    return line.end();
}

}  // namespace sluice::adapters::run_folder
