// The simulated exchange as a process: matching engine and market, the feed on two lines with its
// re-request port, the order port, all on sockets, and the faults between them. Wires the doors
// exchange, itch, ouch and net; what they do is theirs.
//
// Threads   One, which also makes it. Ends when told by a flag, which any thread may set.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <sluice/adapters/exchange/settings.hpp>
#include <sluice/adapters/net/address.hpp>
#include <sluice/adapters/net/faulty_byte_stream.hpp>
#include <sluice/adapters/net/faulty_datagram_sender.hpp>
#include <sluice/adapters/ouch/ouch_server.hpp>
#include <sluice/core/idle.hpp>
#include <sluice/core/time.hpp>

#include "venue_file.hpp"

namespace sluice::tools {

struct VenueReplay {
    std::string store;
    core::StreamTime from = core::StreamTime::min();
    core::StreamTime to = core::StreamTime::max();
    double speed = 1;
};

// One line falls silent for `length` in every `period`; the other one carries on.
struct LineSilence {
    core::Nanos period{0};  // 0: never
    core::Nanos length{0};
};

struct VenueOptions {
    std::uint32_t host = 0x7F000001;  // of the request and the order port
    std::uint32_t feed_to_a = 0x7F000001;
    std::uint32_t feed_to_b = 0x7F000001;
    std::uint16_t itch_port_a = 0;  // 0: one that is free
    std::uint16_t itch_port_b = 0;
    std::uint16_t request_port = 0;
    std::uint16_t ouch_port = 0;
    std::vector<adapters::ouch::OuchUser> users;
    adapters::exchange::ExchangeSettings exchange;
    std::optional<VenueReplay> replay;
    adapters::net::DatagramFaults line_faults;
    LineSilence silence;
    core::Nanos pack{0};  // messages wait for others in their datagram; 0: for those of one turn
    adapters::net::StreamFaults stream_faults;
    std::uint64_t seed = 1;
    core::Nanos duration{0};  // 0: until told to end
    core::IdleStrategy idle = core::IdleStrategy::kBackoff;
};

class VenueProcess {
  public:
    // Binds its ports and makes the market. Throws NetError for a port that cannot be had,
    // std::invalid_argument for what an exchange cannot be, StoreError.
    explicit VenueProcess(const VenueOptions& options);
    ~VenueProcess();
    VenueProcess(const VenueProcess&) = delete;
    VenueProcess& operator=(const VenueProcess&) = delete;

    // Where to reach it, with the ports that were chosen.
    [[nodiscard]] VenueFile addresses() const;
    // Opens, trades, and closes in good order: what rests expires, the end of the session is sent
    // on both lines and to every client, and requests are answered a moment longer.
    void run(const std::atomic<bool>& stop);
    // Everything counted, for people and programs.
    [[nodiscard]] nlohmann::ordered_json summary() const;

  private:
    struct Parts;
    void open();
    // One turn of everything; what it found to do.
    std::size_t turn();
    void close();
    void silence_line();

    VenueOptions options_;
    std::unique_ptr<Parts> parts_;
    std::int64_t now_ns_ = 0;  // since the epoch, never going back
    std::int64_t opened_ns_ = 0;
    std::int64_t ended_ns_ = 0;
    std::size_t open_at_end_ = 0;  // orders of clients
    std::int64_t accept_due_ns_ = 0;
};

}  // namespace sluice::tools
