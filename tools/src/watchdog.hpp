// Watches a live engine from a process of its own, and cancels its orders over a log-in of its own when
// the engine is no more: its process is gone without having ended, or has not moved for too long.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include <sluice/core/time.hpp>

namespace sluice::tools {

struct WatchdogOptions {
    std::filesystem::path heartbeat;
    std::string orders;  // "host:port"
    std::string user;
    std::string password;
    core::Nanos silence{std::chrono::seconds{1}};
    bool once = false;  // ends after it has acted, or when the engine has ended in good order
};

struct WatchdogAction {
    std::string reason;         // "gone" or "silent"
    std::size_t orders = 0;     // cancelled
    double found_after_ms = 0;  // since the engine's last beat
    double sent_after_ms = 0;   // the last cancel
};

// Until `stop` is set or the exchange ends its session, or as `once` says. True: nothing was left
// undone. Throws when the exchange refuses the log-in, and the errors of sockets' addresses.
[[nodiscard]] bool run_watchdog(const WatchdogOptions& options, const std::atomic<bool>& stop,
                                const std::function<void(const std::string&)>& say,
                                const std::function<void(const WatchdogAction&)>& acted);

}  // namespace sluice::tools
