// The port through which others watch a run: each event that reaches the recorder, on the
// recorder's thread, off the hot path. A log, a database or a page implements it.
#pragma once

#include <sluice/pipeline/hot/event.hpp>

namespace sluice::pipeline {

class RecordObserver {
  public:
    RecordObserver() = default;
    RecordObserver(const RecordObserver&) = delete;
    RecordObserver& operator=(const RecordObserver&) = delete;
    virtual ~RecordObserver() = default;

    virtual void take(const Event& event) = 0;
};

}  // namespace sluice::pipeline
