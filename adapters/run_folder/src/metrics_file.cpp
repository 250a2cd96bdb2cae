#include <sluice/adapters/run_folder/metrics_file.hpp>

#include <cerrno>

#include <sluice/adapters/run_folder/atomic_file.hpp>
#include <sluice/adapters/run_folder/text.hpp>

namespace sluice::adapters::run_folder {
namespace {

constexpr const char* kHeader =
    "time,ticks,datagrams,messages,gaps,requested,lost,conflated,orders,reports,halts,"
    "journal_waits,rss_bytes,"
    "send_count,send_p50_ns,send_p99_ns,send_p999_ns,send_max_ns,"
    "answer_count,answer_p50_ns,answer_p99_ns,answer_p999_ns,answer_max_ns,"
    "delay_count,delay_p50_ns,delay_p99_ns,delay_p999_ns,delay_max_ns,"
    "ahead_count,ahead_max_ns\n";

void put(std::ostream& out, const pipeline::LatencySpan& span) {
    out << ',' << span.count << ',' << span.p50_ns << ',' << span.p99_ns << ',' << span.p999_ns
        << ',' << span.max_ns;
}

}  // namespace

MetricsFile::MetricsFile(const std::filesystem::path& target)
    : out_{target, std::ios::binary | std::ios::trunc} {
    out_ << kHeader << std::flush;
    if (!out_) throw failed("create the file", target, errno);
}

bool MetricsFile::append(const pipeline::LiveStretch& s, std::uint64_t rss_bytes) {
    const auto end = core::time_from_ns<core::StreamTime>(static_cast<std::int64_t>(s.end_ns));
    out_ << iso8601(end);
    for (const std::uint64_t value :
         {s.ticks, s.feed.datagrams, s.feed.messages, s.feed.gaps, s.feed.requested, s.feed.lost,
          s.feed.conflated, s.orders, s.reports, s.halts, s.journal_waits, rss_bytes})
        out_ << ',' << value;
    put(out_, s.tick_to_order);
    put(out_, s.acknowledge);
    put(out_, s.feed_delay);
    out_ << ',' << s.feed_ahead << ',' << s.feed_ahead_max_ns << '\n' << std::flush;
    return static_cast<bool>(out_);
}

}  // namespace sluice::adapters::run_folder
