// Ends of a wire in memory, and waiting for what the kernel delivers in its own time.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sched.h>

#include <sluice/pipeline/net.hpp>

namespace sluice::net_test {

inline std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span{text.data(), text.size()});
}

inline std::string text_of(std::span<const std::byte> bytes) {
    std::string out;
    for (const std::byte byte : bytes) {
        out += static_cast<char>(byte);
    }
    return out;
}

// Until `done` or a time that only a hang reaches.
template <typename Done>
bool eventually(Done done) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!done()) {
        if (std::chrono::steady_clock::now() > end) return false;
        ::sched_yield();
    }
    return true;
}

inline std::string next_datagram(pipeline::DatagramReceiver& receiver) {
    std::string out;
    eventually([&] {
        out = text_of(receiver.receive());
        return !out.empty();
    });
    return out;
}

// Exactly `size` bytes, fewer when the stream ends before.
inline std::string read_text(pipeline::ByteStream& stream, std::size_t size) {
    std::string out;
    eventually([&] {
        std::vector<std::byte> piece(size - out.size());
        out += text_of(std::span{piece}.first(stream.read(piece)));
        return out.size() == size || stream.state() == pipeline::StreamState::kClosed;
    });
    return out;
}

class RecordingSender final : public pipeline::DatagramSender {
  public:
    bool send(std::span<const std::byte> datagram) noexcept override {
        if (is_refusing) return false;
        sent.push_back(text_of(datagram));
        return true;
    }
    std::vector<std::string> sent;
    bool is_refusing = false;
};

// What a stream in memory was given and has to give; shared, as the stream itself is handed over.
struct Tape {
    std::string written{};
    std::string to_read{};
    int connects = 0;
    pipeline::StreamState state = pipeline::StreamState::kOpen;
};

class TapeStream final : public pipeline::ByteStream {
  public:
    explicit TapeStream(std::shared_ptr<Tape> tape) : tape_{std::move(tape)} {}
    void connect() noexcept override {
        if (tape_->state != pipeline::StreamState::kClosed) return;
        ++tape_->connects;
        tape_->state = pipeline::StreamState::kOpen;
    }
    pipeline::StreamState state() noexcept override { return tape_->state; }
    std::size_t read(std::span<std::byte> into) noexcept override {
        if (tape_->state != pipeline::StreamState::kOpen) return 0;
        const std::size_t size = std::min(into.size(), tape_->to_read.size());
        const auto bytes = bytes_of(tape_->to_read).first(size);
        std::copy(bytes.begin(), bytes.end(), into.begin());
        tape_->to_read.erase(0, size);
        return size;
    }
    std::size_t write(std::span<const std::byte> bytes) noexcept override {
        if (tape_->state != pipeline::StreamState::kOpen) return 0;
        tape_->written += text_of(bytes);
        return bytes.size();
    }
    void close() noexcept override { tape_->state = pipeline::StreamState::kClosed; }

  private:
    std::shared_ptr<Tape> tape_;
};

}  // namespace sluice::net_test
