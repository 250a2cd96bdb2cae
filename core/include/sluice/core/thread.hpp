#pragma once
// PinnedThread: a named thread on a chosen core that stops when asked and hands its failure over.
//
// Threads   Owned by one thread, which calls everything but the body. The body gets a
//           std::stop_token and returns when a stop is requested.
// Bounds    Names of at most 15 characters reach the kernel; longer ones are cut.
// Cost      Start-up code: allocates, calls the kernel. The constructor returns after the thread
//           is named and pinned, so that what it reports is final.

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace sluice::core {

/// Whether the thread got the core it asked for.
enum class PinResult : std::uint8_t {
    kNotAsked,
    kPinned,
    kNotAvailable,  ///< no such core, or outside what this process may use
    kRefused,       ///< the kernel said no for another reason
};
[[nodiscard]] std::string_view to_string(PinResult result) noexcept;

struct ThreadOptions {
    std::string name;                 ///< as top, gdb and perf show it
    std::optional<std::size_t> core;  ///< logical core number; none: wherever the kernel likes
};

class PinnedThread {
  public:
    using Body = std::function<void(std::stop_token)>;

    /// No thread.
    PinnedThread() noexcept;
    /// Starts `body`. Failing to pin is reported by pin_result(), it does not stop the thread;
    /// std::system_error when the system gives no thread at all.
    PinnedThread(ThreadOptions options, Body body);

    PinnedThread(PinnedThread&& other) noexcept;
    /// Stops and joins what it held before; the exception of that, if any, is dropped.
    PinnedThread& operator=(PinnedThread&& other) noexcept;
    PinnedThread(const PinnedThread&) = delete;
    PinnedThread& operator=(const PinnedThread&) = delete;
    /// Requests a stop and joins. An exception of the body that nobody joined for is dropped.
    ~PinnedThread();

    /// Asks the body to return; does not wait. Harmless when repeated or when there is no thread.
    void request_stop() noexcept;
    /// Waits for the body to end, then rethrows what it threw, once.
    void join();

    [[nodiscard]] bool joinable() const noexcept { return thread_.joinable(); }
    /// Whether the body has returned or thrown.
    [[nodiscard]] bool has_ended() const noexcept;
    [[nodiscard]] PinResult pin_result() const noexcept;

  private:
    struct Shared;  // what the thread and its owner both see; outlives moves of this object
    std::unique_ptr<Shared> shared_;
    std::jthread thread_;
};

/// The logical cores this process may run on, ascending: its affinity mask, which taskset and a
/// cpuset control group narrow. Never empty.
[[nodiscard]] std::vector<std::size_t> available_cores();

/// How many threads may run at once: the cores above, cut down further by the control group's
/// processor quota (cgroup v2 cpu.max, v1 cpu.cfs_quota_us). At least 1.
[[nodiscard]] std::size_t usable_core_count();

/// Binds the calling thread to `core`.
PinResult pin_this_thread(std::size_t core) noexcept;
/// Names the calling thread; cut to 15 characters.
void name_this_thread(std::string_view name) noexcept;

}  // namespace sluice::core
