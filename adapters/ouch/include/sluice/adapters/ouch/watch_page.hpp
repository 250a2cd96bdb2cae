// What a live engine shows a watchdog in another process: that it is alive, and which orders it may
// have at the exchange. A link to a file in /dev/shm, which the engine writes without a system call.
//
//    0  magic      8  "SLUWTCH1"; written last
//    8  pid        4  of the engine
//   12  version    4  42 or 50: how orders are named
//   16  names      8  slots, a power of two
//   24  beat       8  TSC, stored by the engine's first thread about every 20 us; 0 until it runs
//   32  ended      4  the engine has ended in good order: nobody has to act
//   36  prefix     6  of 4.2 tokens
//  128  TokenRecord[names], the session's own table
//
// Threads  The engine's first one writes beat and table, another process reads. A record is read while
//          it may change only when the engine hangs: a cancel for a name that is no more is ignored.
// Errors   The constructors throw std::system_error and std::runtime_error.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <sluice/adapters/ouch/hot/ouch_session.hpp>

namespace sluice::adapters::ouch {

class WatchPage {
  public:
    // The engine's: made anew, for `max_orders` open orders.
    WatchPage(const std::filesystem::path& file, OuchVersion version, const std::string& prefix,
              std::size_t max_orders);
    // A watchdog's: as it is. Throws when there is none, or it is no such file.
    explicit WatchPage(const std::filesystem::path& file);
    ~WatchPage();
    WatchPage(const WatchPage&) = delete;
    WatchPage& operator=(const WatchPage&) = delete;

    [[nodiscard]] std::span<TokenRecord> names() const noexcept { return names_; }
    [[nodiscard]] std::atomic<std::uint64_t>& beat() const noexcept;
    void end() const noexcept;

    [[nodiscard]] bool has_ended() const noexcept;
    [[nodiscard]] int pid() const noexcept;
    [[nodiscard]] OuchVersion version() const noexcept;
    [[nodiscard]] std::string prefix() const;
    // Names of orders that may be open at the exchange.
    [[nodiscard]] std::vector<std::uint64_t> open() const;

  private:
    struct Head;
    void map(int fd, std::size_t bytes, int protection);

    Head* head_ = nullptr;
    std::size_t bytes_ = 0;
    std::filesystem::path memory_;  // the engine's
    std::span<TokenRecord> names_;
};

}  // namespace sluice::adapters::ouch
