// The ports of a wire: datagrams and byte streams, polled, never blocking.
// A protocol's code sees these only; adapters/net implements them over sockets, tests in memory.
// Each object belongs to one thread. One virtual call a datagram or a read, none per message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace sluice::pipeline {

class DatagramReceiver {
  public:
    DatagramReceiver() = default;
    DatagramReceiver(const DatagramReceiver&) = delete;
    DatagramReceiver& operator=(const DatagramReceiver&) = delete;
    virtual ~DatagramReceiver() = default;

    // The next datagram that has arrived, empty when none has. Valid until the next call.
    [[nodiscard]] virtual std::span<const std::byte> receive() noexcept = 0;
};

class DatagramSender {
  public:
    DatagramSender() = default;
    DatagramSender(const DatagramSender&) = delete;
    DatagramSender& operator=(const DatagramSender&) = delete;
    virtual ~DatagramSender() = default;

    // False when the system did not take it; a datagram may be lost at any time after that too.
    virtual bool send(std::span<const std::byte> datagram) noexcept = 0;
};

enum class StreamState : std::uint8_t { kClosed, kConnecting, kOpen };

class ByteStream {
  public:
    ByteStream() = default;
    ByteStream(const ByteStream&) = delete;
    ByteStream& operator=(const ByteStream&) = delete;
    virtual ~ByteStream() = default;

    // Starts to connect; on a stream that was accepted, and while not closed, it does nothing.
    virtual void connect() noexcept = 0;
    // Learns of a finished connect or a close by the peer; read() and write() do as well.
    [[nodiscard]] virtual StreamState state() noexcept = 0;
    // Bytes taken, 0 when none are there or the stream is not open.
    [[nodiscard]] virtual std::size_t read(std::span<std::byte> into) noexcept = 0;
    // Bytes the system took, fewer than given when its buffer is full, 0 when not open.
    [[nodiscard]] virtual std::size_t write(std::span<const std::byte> bytes) noexcept = 0;
    virtual void close() noexcept = 0;
};

class StreamListener {
  public:
    StreamListener() = default;
    StreamListener(const StreamListener&) = delete;
    StreamListener& operator=(const StreamListener&) = delete;
    virtual ~StreamListener() = default;

    // A connection that has come, null when none has. May allocate: not for a hot thread.
    [[nodiscard]] virtual std::unique_ptr<ByteStream> accept() = 0;
};

}  // namespace sluice::pipeline
