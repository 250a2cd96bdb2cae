// Ctrl-C and the service manager's stop, turned into a flag that a run looks at.
#pragma once

#include <atomic>

namespace sluice::tools {

// While one lives, SIGINT and SIGTERM set `stop` instead of ending the process; a second one ends
// it at once (exit status 130). One at a time.
class InterruptGuard {
  public:
    explicit InterruptGuard(std::atomic<bool>& stop);
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;
};

}  // namespace sluice::tools
