#include <sluice/adapters/run_folder/csv.hpp>

#include <initializer_list>

#include <sluice/adapters/run_folder/text.hpp>
#include <sluice/core/decimal.hpp>

namespace sluice::adapters::run_folder {
namespace {

using core::to_string;
using pipeline::RunRecord;

// One line, reused row after row.
class Row {
  public:
    explicit Row(const TextSink& out) : out_(out) {}

    // Text from outside: quoted as needed.
    Row& text(std::string_view value) { return raw(csv_field(value)); }
    // Times, numbers and our own words: never in need of quotes.
    Row& raw(std::string_view value) {
        if (!first_) line_.push_back(',');
        first_ = false;
        line_.append(value);
        return *this;
    }
    void end() {
        line_.push_back('\n');
        out_(line_);
        line_.clear();
        first_ = true;
    }

  private:
    const TextSink& out_;
    std::string line_;
    bool first_ = true;
};

std::string order_id(core::OrderId id) { return std::to_string(static_cast<std::uint64_t>(id)); }

// Empty for kNoSymbol: a column of names holds no placeholder.
std::string name_of(const RunRecord& record, core::SymbolId symbol) {
    return symbol == core::kNoSymbol ? std::string{} : symbol_name(record, symbol);
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

void write_orders_csv(const RunRecord& record, const TextSink& out) {
    out("time,order_id,symbol,side,type,time_in_force,quantity,limit_price,filled,status,"
        "replaces\n");
    Row row{out};
    for (const auto& order : record.order_rows) {
        row.raw(iso8601(order.time)).raw(order_id(order.id)).text(name_of(record, order.symbol));
        row.raw(to_string(order.side)).raw(to_string(order.type)).raw(to_string(order.tif));
        row.raw(to_string(order.quantity));
        row.raw(order.type == pipeline::OrderType::kMarket ? "" : to_string(order.limit));
        row.raw(to_string(order.filled))
            .text(order.status)
            .raw(std::to_string(order.replaces))
            .end();
    }
}

void write_fills_csv(const RunRecord& record, const TextSink& out) {
    out("time,order_id,symbol,side,quantity,price,commission,position_after\n");
    Row row{out};
    for (const auto& fill : record.fill_rows) {
        row.raw(iso8601(fill.time)).raw(order_id(fill.order)).text(name_of(record, fill.symbol));
        row.raw(to_string(fill.side)).raw(to_string(fill.quantity)).raw(to_string(fill.price));
        row.raw(to_string(fill.commission)).raw(to_string(fill.position_after)).end();
    }
}

void write_refusals_csv(const RunRecord& record, const TextSink& out) {
    out("time,symbol,reason,quantity,price,observed,limit\n");
    Row row{out};
    for (const auto& refusal : record.refusal_rows) {
        row.raw(iso8601(refusal.time)).text(name_of(record, refusal.symbol));
        row.raw(to_string(refusal.reason)).raw(to_string(refusal.quantity));
        row.raw(to_string(refusal.price));
        row.raw(shortest(refusal.observed)).raw(shortest(refusal.limit)).end();
    }
}

void write_incidents_csv(const RunRecord& record, const TextSink& out) {
    out("time,symbol,kind,order_id,quantity\n");
    Row row{out};
    for (const auto& incident : record.incident_rows) {
        row.raw(iso8601(incident.time)).text(name_of(record, incident.symbol));
        row.raw(to_string(incident.kind));
        row.raw(incident.order == core::OrderId::kNone ? "" : order_id(incident.order));
        row.raw(to_string(incident.quantity)).end();
    }
}

void write_equity_csv(const RunRecord& record, const TextSink& out) {
    out("time,equity,realised,drawdown\n");
    Row row{out};
    core::Money peak = record.capital;
    for (const auto& point : record.equity_points) {
        if (point.equity > peak) peak = point.equity;
        row.raw(iso8601(point.time)).raw(to_string(point.equity)).raw(to_string(point.realised));
        row.raw(to_string(peak - point.equity)).end();
    }
}

}  // namespace sluice::adapters::run_folder
