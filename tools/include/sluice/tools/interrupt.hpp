// Signals turned into flags that a run looks at: Ctrl-C, the service manager's stop, emergency stop.
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

// The same for SIGUSR1, the emergency stop: each one sets `kill`.
class KillSignalGuard {
  public:
    explicit KillSignalGuard(std::atomic<bool>& kill);
    ~KillSignalGuard();
    KillSignalGuard(const KillSignalGuard&) = delete;
    KillSignalGuard& operator=(const KillSignalGuard&) = delete;
};

}  // namespace sluice::tools
