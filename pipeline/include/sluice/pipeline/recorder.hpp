// Turns the events that reach the end of the pipeline into the record of the run: rows, counts and
// the digest. Runs on its own thread, off the hot path, and may allocate.
//
// Bounds    The orders that are open, and what RunSeries keeps; rows leave for the sink at once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <sluice/core/digest.hpp>
#include <sluice/pipeline/hot/order_state.hpp>
#include <sluice/pipeline/hot/portfolio.hpp>
#include <sluice/pipeline/quality_watch.hpp>
#include <sluice/pipeline/row_sink.hpp>
#include <sluice/pipeline/run_record.hpp>
#include <sluice/pipeline/settings.hpp>

namespace sluice::pipeline {

class Recorder {
  public:
    // Whether the record's series are kept, for a report.
    enum class Curves : bool { kNone, kDrawn };
    // `rows`: null when nobody keeps them.
    Recorder(const Settings& settings, const InstrumentTable& instruments, RowSink* rows,
             Curves curves = Curves::kDrawn);

    void take(const Event& event);

    // The final books and the checksum of the input close the digest. The rows of orders that are
    // still open leave.
    void finish(const Portfolio& books, std::uint64_t stream_checksum, RunRecord& record);

  private:
    struct OpenOrder {
        OrderRecord row;
        OrderState state;
    };

    void take_order(const Event& event);
    void take_report(const Event& event);
    void follow(OpenOrder& order, const Event& event);
    void take_refusal(const Event& event);
    void take_incident(const Event& event);
    void take_parameter(const Event& event);
    void take_charge(const Event& event);
    void take_charged(const Event& event);
    void take_rate(const Event& event);
    // None of the run has no name.
    [[nodiscard]] std::string currency_name(std::uint64_t currency) const;
    void take_equity(const Event& event);
    void digest_head(const Event& event);
    void leave_open_orders();
    template <class Row>
    void leave(const Row& row);

    RowSink* rows_;
    std::vector<StrategySettings> strategies_;
    std::vector<std::string> currencies_;  // by their places in the run's table
    std::optional<QualityWatch> quality_;  // where the configuration asks for it
    RunRecord record_;
    core::Digest digest_;
    std::unordered_map<std::uint64_t, OpenOrder> open_;  // by order id
    std::vector<Quantity> positions_;
    core::Money peak_;  // of the equity points and the capital
};

}  // namespace sluice::pipeline
