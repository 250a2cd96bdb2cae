// RowQueue: rows on their way to a sink that may have to wait, such as files on a disk that hangs. The
// recorder must not wait with it: its ring would fill, and what fills that ring is the hot path.
//
// Threads   take(): the recorder's, and after it the caller's of run_engine(). The sink is called on
//           a thread of the queue's own, from finish() on by who calls take().
// Bounds    `most` rows wait. Those that come when it is full are lost and counted; where a journal
//           is kept, a replay of it makes them again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <thread>
#include <variant>
#include <vector>

#include <sluice/pipeline/row_sink.hpp>

namespace sluice::pipeline {

class RowQueue final : public RowSink {
  public:
    static constexpr std::size_t kRowsMost = std::size_t{1} << 18U;  // about 40 MB

    explicit RowQueue(RowSink& sink, std::size_t most = kRowsMost);
    ~RowQueue() override;

    void take(const OrderRecord& row) noexcept override { put(row); }
    void take(const FillRecord& row) noexcept override { put(row); }
    void take(const RefusalRecord& row) noexcept override { put(row); }
    void take(const IncidentRecord& row) noexcept override { put(row); }
    void take(const EquityPoint& row) noexcept override { put(row); }
    void take(const IntentRecord& row) noexcept override { put(row); }
    void take(const ParameterRecord& row) noexcept override { put(row); }
    void take(const RegimeRecord& row) noexcept override { put(row); }
    void take(const ChargeRecord& row) noexcept override { put(row); }
    void take(const RateRecord& row) noexcept override { put(row); }

    // Returns when the sink has all of them, and how many were lost.
    std::uint64_t finish();

  private:
    using Row = std::variant<OrderRecord, FillRecord, RefusalRecord, IncidentRecord, EquityPoint,
                             IntentRecord, ParameterRecord, RegimeRecord, ChargeRecord, RateRecord>;

    template <class R>
    void put(const R& row) noexcept;
    void run(const std::stop_token& stop);
    void hand_on();

    RowSink& sink_;
    const std::size_t most_;
    std::mutex mutex_;
    std::vector<Row> waiting_;  // with the mutex
    std::uint64_t lost_ = 0;    // with the mutex
    std::vector<Row> under_way_;
    std::jthread thread_;
};

}  // namespace sluice::pipeline
