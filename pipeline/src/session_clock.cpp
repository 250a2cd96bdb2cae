#include <sluice/pipeline/session_clock.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include <sluice/pipeline/tick_import.hpp>

namespace sluice::pipeline {
namespace {

constexpr std::int32_t kDay_s = 86'400;
constexpr std::int64_t kNsPerSecond = 1'000'000'000;

struct Window {
    std::int32_t open_s;
    std::int32_t close_s;
};

[[nodiscard]] std::optional<std::int32_t> exception_on(const std::vector<SessionException>& list,
                                                       Date date) {
    const auto found =
        std::lower_bound(list.begin(), list.end(), date,
                         [](const SessionException& e, Date d) { return e.date < d; });
    if (found == list.end() || found->date != date) return std::nullopt;
    return found->at_s;
}

void append_within(const SessionSpan& span, Window window, std::vector<SessionSpan>& out) {
    const SessionSpan cut{span.phase, std::max(span.open_s, window.open_s),
                          std::min(span.close_s, window.close_s)};
    if (cut.open_s < cut.close_s) out.push_back(cut);
}

// Whether a post-market begins where the regular session of the day ends.
[[nodiscard]] bool follows_regular(const SessionSpan& span,
                                   const std::vector<SessionSpan>& day) noexcept {
    return span.phase == SessionPhase::kPostMarket &&
           std::any_of(day.begin(), day.end(), [&span](const SessionSpan& other) {
               return other.phase == SessionPhase::kRegular && other.close_s == span.open_s;
           });
}

[[nodiscard]] std::vector<SessionSpan> with_early_close(const std::vector<SessionSpan>& day,
                                                        std::int32_t at_s) {
    std::vector<SessionSpan> out;
    for (const SessionSpan& span : day) {
        if (span.phase != SessionPhase::kPostMarket) {
            append_within(span, {0, at_s}, out);
        } else {
            SessionSpan post = span;
            if (post.open_s > at_s && follows_regular(span, day)) post.open_s = at_s;
            out.push_back(post);
        }
    }
    return out;
}

[[nodiscard]] std::vector<SessionSpan> with_late_open(const std::vector<SessionSpan>& day,
                                                      std::int32_t at_s) {
    std::vector<SessionSpan> out;
    for (const SessionSpan& span : day) append_within(span, {at_s, kDay_s}, out);
    return out;
}

template <class List, class Less>
void sort_list(List& list, Less less) {
    std::sort(list.begin(), list.end(), less);
}

}  // namespace

SessionClock::SessionClock(SessionCalendar calendar) : calendar_(std::move(calendar)) {
    (void)find_time_zone(calendar_.time_zone);
    for (const std::vector<SessionSpan>& day : calendar_.week) {
        std::int32_t last = 0;
        for (const SessionSpan& span : day) {
            if (span.open_s < last || span.close_s <= span.open_s || span.close_s > kDay_s)
                throw ImportError(ImportFault::kBadOption,
                                  "calendar '" + calendar_.name +
                                      "': its sessions overlap, are empty or leave the day.");
            last = span.close_s;
        }
    }
    const auto by_date = [](const SessionException& a, const SessionException& b) {
        return a.date < b.date;
    };
    sort_list(calendar_.holidays, std::less<Date>{});
    sort_list(calendar_.early_closes, by_date);
    sort_list(calendar_.late_opens, by_date);
}

std::vector<SessionSpan> SessionClock::spans_on(Date date) const {
    if (std::binary_search(calendar_.holidays.begin(), calendar_.holidays.end(), date)) return {};
    const std::chrono::weekday weekday{std::chrono::sys_days{date}};
    const std::vector<SessionSpan>& day = calendar_.week[weekday.c_encoding()];
    const auto early = exception_on(calendar_.early_closes, date);
    const auto late = exception_on(calendar_.late_opens, date);
    if (early && late && *early < *late) {
        // Closed between the two.
        std::vector<SessionSpan> out;
        for (const SessionSpan& span : day) append_within(span, {0, *early}, out);
        for (const SessionSpan& span : day) append_within(span, {*late, kDay_s}, out);
        return out;
    }
    std::vector<SessionSpan> out = early ? with_early_close(day, *early) : day;
    return late ? with_late_open(out, *late) : out;
}

std::vector<SessionInterval> SessionClock::between(core::StreamTime from,
                                                   core::StreamTime to) const {
    std::vector<SessionInterval> out;
    if (!(from < to)) return out;
    LocalClock clock(calendar_.time_zone);
    LocalDates dates(calendar_.time_zone);
    // A session that opened the day before may reach into the range and merge with the next.
    auto day = std::chrono::sys_days{dates.of(core::ns_since_epoch(from))} - std::chrono::days{1};
    const auto last = std::chrono::sys_days{dates.of(core::ns_since_epoch(to))};
    for (std::int64_t n = 0; day <= last + std::chrono::days{1} && n < kMaxDays;
         day += std::chrono::days{1}, ++n) {
        const Date date{day};
        const std::int64_t midnight_s = std::int64_t{day.time_since_epoch().count()} * kDay_s;
        const auto utc = [&](std::int32_t at_s) {
            return core::time_from_ns<core::StreamTime>(
                clock.to_utc_nearest((midnight_s + at_s) * kNsPerSecond));
        };
        for (const SessionSpan& span : spans_on(date)) {
            const SessionInterval next{utc(span.open_s), utc(span.close_s), span.phase, date};
            if (!(next.open < next.close)) continue;  // within an hour that the clock skips
            if (!out.empty() && out.back().phase == next.phase && out.back().close == next.open)
                out.back().close = next.close;
            else
                out.push_back(next);
        }
    }
    std::erase_if(out, [&](const SessionInterval& s) { return s.close <= from || s.open >= to; });
    return out;
}

}  // namespace sluice::pipeline
