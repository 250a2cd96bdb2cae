// One connection of a farm: whole messages over TCP, a kind and a text each.
//
//   4 bytes  length of what follows, network byte order, at most kMessageMax
//   1 byte   kind
//   the text
//
// One thread receives; several may send. Off the hot path; blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sluice::adapters::farm {

inline constexpr std::size_t kMessageMax = std::size_t{1} << 28U;

class FarmError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

enum class Kind : char {
    kHello = 'H',    // of a worker: the secret, a newline, what it is to work on
    kWelcome = 'W',  // of the host
    kRefused = 'R',  // of the host: why
    kJob = 'J',
    kAnswer = 'A',
    kFailed = 'F',  // of a worker: why there is no answer, nor will be another
    kBeat = 'B',    // of a worker, every kBeatEverySeconds while it is at a job
};

struct Message {
    Kind kind{};
    std::string text;
};

class Link {
  public:
    Link() = default;
    explicit Link(int socket) noexcept;  // takes it over
    ~Link();
    Link(Link&& other) noexcept;
    Link& operator=(Link&&) = delete;

    [[nodiscard]] int socket() const noexcept { return socket_; }

    // False when the other side is gone.
    [[nodiscard]] bool send(Kind kind, std::string_view text) noexcept;
    // Nothing when the other side is gone, silent for longer than receive_within(), or sends what is
    // no message, or one of more than `most` bytes.
    [[nodiscard]] std::optional<Message> receive(std::size_t most = kMessageMax);
    void receive_within(int seconds) noexcept;
    // Wakes whoever receives; any thread.
    void hang_up() noexcept;

  private:
    [[nodiscard]] bool take(char* into, std::size_t size) noexcept;

    int socket_ = -1;
    std::mutex sending_;
};

// "host:port", the host a name or a number (IPv4). FarmError when it is none, or cannot be had.
[[nodiscard]] int listen_at(const std::string& address);
[[nodiscard]] int connect_to(const std::string& address);
// Where a listening socket listens, "0.0.0.0:7000".
[[nodiscard]] std::string address_of(int socket);

}  // namespace sluice::adapters::farm
