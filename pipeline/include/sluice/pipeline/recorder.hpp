// Turns the events that reach the end of the pipeline into the record of the run: rows, counts and
// the digest. Runs on its own thread, off the hot path, and may allocate.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include <sluice/core/digest.hpp>
#include <sluice/pipeline/hot/portfolio.hpp>
#include <sluice/pipeline/run_record.hpp>

namespace sluice::pipeline {

class Recorder {
  public:
    explicit Recorder(const InstrumentTable& instruments);

    void take(const Event& event);

    // The final books and the checksum of the input close the digest; moves the rows out.
    void finish(const Portfolio& books, std::uint64_t stream_checksum, RunRecord& record);

    // So far; for display while the run goes on. Same thread as take().
    [[nodiscard]] const RunRecord& record() const noexcept { return record_; }

  private:
    void take_order(const Event& event);
    void take_report(const Event& event);
    void take_refusal(const Event& event);
    void digest_head(const Event& event);

    RunRecord record_;
    core::Digest digest_;
    std::unordered_map<std::uint64_t, std::size_t> order_row_;  // by order id
    std::vector<Quantity> positions_;
};

}  // namespace sluice::pipeline
