// The port through which the rows of a run leave while it goes on: a session of days has no room
// for them. Called on the recorder's thread, off the hot path, and on the caller's of run_engine()
// once the recorder has ended. Does not throw: what cannot be kept is a matter for the end of the
// run, which must not come sooner because of it.
#pragma once

#include <sluice/pipeline/run_rows.hpp>

namespace sluice::pipeline {

class RowSink {
  public:
    RowSink() = default;
    RowSink(const RowSink&) = delete;
    RowSink& operator=(const RowSink&) = delete;
    virtual ~RowSink() = default;

    // Once an order is final, in the order in which they end; at the end of the run those that are
    // still open, by id.
    virtual void take(const OrderRecord& row) noexcept = 0;
    // The others in the order of the stream.
    virtual void take(const FillRecord& row) noexcept = 0;
    virtual void take(const RefusalRecord& row) noexcept = 0;
    virtual void take(const IncidentRecord& row) noexcept = 0;
    virtual void take(const EquityPoint& row) noexcept = 0;
    virtual void take(const IntentRecord& row) noexcept = 0;
    virtual void take(const ParameterRecord& row) noexcept = 0;
    virtual void take(const RegimeRecord& row) noexcept = 0;
    virtual void take(const ChargeRecord& row) noexcept = 0;
    virtual void take(const RateRecord& row) noexcept = 0;
};

}  // namespace sluice::pipeline
