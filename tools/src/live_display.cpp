#include "live_display.hpp"

#include <array>
#include <cstdio>

#include <unistd.h>

namespace sluice::tools {

namespace {

const char* name(pipeline::FeedState state) {
    switch (state) {
        case pipeline::FeedState::kWaiting: return "waiting";
        case pipeline::FeedState::kLive: return "live";
        case pipeline::FeedState::kGap: return "gap";
        case pipeline::FeedState::kSilent: return "silent";
        case pipeline::FeedState::kEnded: return "ended";
    }
    return "?";
}
const char* name(pipeline::SessionState state) {
    switch (state) {
        case pipeline::SessionState::kDown: return "down";
        case pipeline::SessionState::kLoggingIn: return "logging in";
        case pipeline::SessionState::kUp: return "up";
        case pipeline::SessionState::kRefused: return "refused";
        case pipeline::SessionState::kEnded: return "ended";
    }
    return "?";
}

double micros(std::uint64_t ns) { return static_cast<double>(ns) / 1000.0; }

}  // namespace

LiveDisplay::LiveDisplay(const pipeline::LiveMetrics& metrics)
    : metrics_(metrics), terminal_(::isatty(STDERR_FILENO) == 1) {}

LiveDisplay::~LiveDisplay() {
    if (drawn_) std::fputs("\r\033[K", stderr);
}

void LiveDisplay::show() {
    const auto now = std::chrono::steady_clock::now();
    if (!terminal_ || now - last_ < std::chrono::milliseconds{500}) return;
    last_ = now;
    drawn_ = true;
    const auto get = [](const auto& value) {
        return value.load(std::memory_order_relaxed);  // relaxed: for display only
    };
    std::array<char, 256> line{};
    std::snprintf(line.data(), line.size(),
                  "\r\033[Kfeed %s, orders %s | %llu ticks, %llu orders, %llu reports | tick to "
                  "order P50 %.1f P99 %.1f us | answer P50 %.0f P99 %.0f us | delay %.0f us",
                  name(get(metrics_.feed)), name(get(metrics_.session)),
                  static_cast<unsigned long long>(get(metrics_.ticks)),
                  static_cast<unsigned long long>(get(metrics_.orders)),
                  static_cast<unsigned long long>(get(metrics_.reports)),
                  micros(get(metrics_.tick_to_order_p50)), micros(get(metrics_.tick_to_order_p99)),
                  micros(get(metrics_.acknowledge_p50)), micros(get(metrics_.acknowledge_p99)),
                  static_cast<double>(get(metrics_.feed_delay)) / 1000.0);
    std::fputs(line.data(), stderr);
}

}  // namespace sluice::tools
