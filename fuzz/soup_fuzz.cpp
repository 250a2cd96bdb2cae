// SoupBinTCP on arbitrary bytes, at both ends. The client is fed a hostile server's bytes and must
// hand out the same messages however they are cut; the server is fed a hostile client's.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <sluice/adapters/ouch/hot/soup_client.hpp>
#include <sluice/adapters/ouch/soup_server.hpp>

namespace {

using namespace sluice;
using namespace adapters::ouch;

void require(bool holds) {
    if (!holds) __builtin_trap();
}

// Gives its bytes `step` at a time, then is closed; swallows what is written.
class Feed final : public pipeline::ByteStream {
  public:
    Feed(std::span<const std::byte> bytes, std::size_t step) : bytes_(bytes), step_(step) {}
    void connect() noexcept override {}
    pipeline::StreamState state() noexcept override {
        return closed_ || bytes_.empty() ? pipeline::StreamState::kClosed
                                         : pipeline::StreamState::kOpen;
    }
    std::size_t read(std::span<std::byte> into) noexcept override {
        if (closed_) return 0;
        const std::size_t size = std::min({into.size(), bytes_.size(), step_});
        std::memcpy(into.data(), bytes_.data(), size);
        bytes_ = bytes_.subspan(size);
        return size;
    }
    std::size_t write(std::span<const std::byte> bytes) noexcept override {
        return closed_ ? 0 : bytes.size() - bytes.size() / 3;
    }
    void close() noexcept override { closed_ = true; }

  private:
    std::span<const std::byte> bytes_;
    std::size_t step_;
    bool closed_ = false;
};

struct Heard {
    std::string messages;
    std::uint64_t malformed;
    std::uint64_t next;
    friend bool operator==(const Heard&, const Heard&) = default;
};

Heard run_client(std::span<const std::byte> bytes, std::size_t step) {
    Feed feed{bytes, step};
    SoupClientConfig config;
    config.user = "fuzz";
    SoupClient client{feed, config, core::TscClock::from_rate(1e9)};
    Heard heard{};
    for (std::uint64_t now = 1; now < 3 + bytes.size() / step + 4; ++now) {
        client.poll(now);
        for (auto m = client.next(); !m.empty(); m = client.next()) {
            heard.messages += std::to_string(m.size());
            for (const std::byte b : m) heard.messages += static_cast<char>(b);
        }
        if (const auto room = client.begin(7); !room.empty()) client.send();
    }
    client.log_out();
    heard.malformed = client.malformed();
    heard.next = client.next_sequence();
    return heard;
}

class Listener final : public SoupServer::Listener {
  public:
    void on_request(std::size_t user, std::span<const std::byte> message) override {
        require(user < 2);
        server->append(user, message);
    }
    void on_disconnect(std::size_t user) override { require(user < 2); }
    SoupServer* server = nullptr;
};

void run_server(std::span<const std::byte> bytes, std::size_t step) {
    Listener listener;
    SoupServer server{{}, listener};
    listener.server = &server;
    server.add_user("a", "");
    server.add_user("b", "x");
    const std::size_t half = bytes.size() / 2;
    server.add_connection(std::make_unique<Feed>(bytes.first(half), step));
    server.add_connection(std::make_unique<Feed>(bytes.subspan(half), step));
    for (std::int64_t now = 1; now < static_cast<std::int64_t>(4 + bytes.size() / step); ++now)
        server.poll(now * 300'000'000);
    server.end_session();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const auto bytes = std::as_bytes(std::span(data + 1, size - 1));
    if (data[0] % 2 != 0) {
        run_server(bytes, 1U + data[0]);
        return 0;
    }
    require(run_client(bytes, 1U + data[0]) == run_client(bytes, bytes.size()));
    return 0;
}
