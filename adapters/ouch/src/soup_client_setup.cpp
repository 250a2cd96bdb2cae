// Start-up half of the client: its memory and its settings.
#include <sluice/adapters/ouch/hot/soup_client.hpp>

#include <stdexcept>

namespace sluice::adapters::ouch {

namespace {

// Room that requests leave for a log-out and a heartbeat.
constexpr std::size_t kOutLeast = 1024;

template <std::size_t kSize>
std::array<char, kSize> fit(const std::string& text, const char* what) {
    if (text.size() > kSize)
        throw std::invalid_argument(std::string(what) + " '" + text + "' has more than " +
                                    std::to_string(kSize) + " characters");
    return padded<kSize>(text);
}

std::uint64_t to_ticks(core::Nanos time, const core::TscClock& clock) {
    return static_cast<std::uint64_t>(static_cast<double>(time.count()) * 1e-9 *
                                      clock.ticks_per_second());
}

}  // namespace

SoupClient::SoupClient(pipeline::ByteStream& stream, const SoupClientConfig& config,
                       const core::TscClock& clock)
    : heartbeat_(to_ticks(config.heartbeat, clock)),
      silence_(to_ticks(config.server_silence, clock)),
      login_timeout_(to_ticks(config.login_timeout, clock)),
      reconnect_min_(to_ticks(config.reconnect_min, clock)),
      reconnect_max_(to_ticks(config.reconnect_max, clock)), stream_(stream),
      out_(std::max(config.out_capacity, kOutLeast)), next_(config.first_sequence) {
    login_.user = fit<6>(config.user, "user");
    login_.password = fit<10>(config.password, "password");
    login_.session = soup_session(trimmed(fit<10>(config.session, "session")));
}

}  // namespace sluice::adapters::ouch
