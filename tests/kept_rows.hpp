// Keeps the rows of a run in memory, for tests that look at them.
#pragma once

#include <vector>

#include <sluice/pipeline/row_sink.hpp>

namespace sluice::tests {

struct Rows {
    std::vector<pipeline::OrderRecord> orders;
    std::vector<pipeline::FillRecord> fills;
    std::vector<pipeline::RefusalRecord> refusals;
    std::vector<pipeline::IncidentRecord> incidents;
    std::vector<pipeline::EquityPoint> equity;
    std::vector<pipeline::IntentRecord> intents;
    std::vector<pipeline::ParameterRecord> parameters;
    std::vector<pipeline::RegimeRecord> regimes;
    std::vector<pipeline::ChargeRecord> charges;
    std::vector<pipeline::RateRecord> rates;
};

class KeptRows final : public pipeline::RowSink {
  public:
    Rows kept;

    void take(const pipeline::OrderRecord& row) noexcept override { kept.orders.push_back(row); }
    void take(const pipeline::FillRecord& row) noexcept override { kept.fills.push_back(row); }
    void take(const pipeline::RefusalRecord& row) noexcept override {
        kept.refusals.push_back(row);
    }
    void take(const pipeline::IncidentRecord& row) noexcept override {
        kept.incidents.push_back(row);
    }
    void take(const pipeline::EquityPoint& row) noexcept override { kept.equity.push_back(row); }
    void take(const pipeline::IntentRecord& row) noexcept override { kept.intents.push_back(row); }
    void take(const pipeline::ParameterRecord& row) noexcept override {
        kept.parameters.push_back(row);
    }
    void take(const pipeline::RegimeRecord& row) noexcept override { kept.regimes.push_back(row); }
    void take(const pipeline::ChargeRecord& row) noexcept override { kept.charges.push_back(row); }
    void take(const pipeline::RateRecord& row) noexcept override { kept.rates.push_back(row); }
};

}  // namespace sluice::tests
