#include <sluice/tools/progress.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <unistd.h>

namespace sluice::tools {

namespace {

constexpr std::size_t kBarWidth = 30;
constexpr std::chrono::milliseconds kRedraw{100};

std::string rate_text(double per_second, const std::string& unit) {
    char text[64];
    const bool millions = per_second >= 1e6;
    const bool thousands = per_second >= 1e3;
    std::snprintf(text, sizeof text, "%.1f %s%s/s",
                  per_second / (millions    ? 1e6
                                : thousands ? 1e3
                                            : 1.0),
                  millions    ? "M "
                  : thousands ? "k "
                              : "",
                  unit.c_str());
    return text;
}

}  // namespace

std::string progress_line(double fraction, std::uint64_t count, double seconds,
                          const std::string& unit) {
    const double rate = seconds > 0 ? static_cast<double>(count) / seconds : 0;
    if (fraction < 0) return rate_text(rate, unit);
    fraction = std::clamp(fraction, 0.0, 1.0);
    const auto filled = static_cast<std::size_t>(fraction * static_cast<double>(kBarWidth));
    std::string line = "[" + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "]";
    char text[64];
    std::snprintf(text, sizeof text, " %3.0f %%  ", fraction * 100);
    line += text + rate_text(rate, unit);
    if (fraction > 0.01) {
        const auto left = static_cast<long>(std::lround(seconds * (1 - fraction) / fraction));
        std::snprintf(text, sizeof text, "  %ld:%02ld left", left / 60, left % 60);
        line += text;
    }
    return line;
}

ProgressBar::ProgressBar(std::string unit)
    : unit_(std::move(unit)), terminal_(isatty(STDERR_FILENO) == 1),
      started_(std::chrono::steady_clock::now()) {}

ProgressBar::~ProgressBar() {
    if (drawn_) std::fputs("\r\033[K", stderr);
}

void ProgressBar::show(double fraction, std::uint64_t count) {
    if (!terminal_) return;
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < kRedraw) return;
    last_ = now;
    drawn_ = true;
    const double seconds = std::chrono::duration<double>(now - started_).count();
    std::fprintf(stderr, "\r\033[K%s", progress_line(fraction, count, seconds, unit_).c_str());
    std::fflush(stderr);
}

}  // namespace sluice::tools
