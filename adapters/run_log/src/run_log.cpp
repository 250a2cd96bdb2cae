#include <sluice/adapters/run_log/run_log.hpp>

#include <vector>

#include <date/date.h>
#include <spdlog/async.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <sluice/core/decimal.hpp>

namespace sluice::adapters::run_log {

namespace {

using pipeline::Event;
using pipeline::EventKind;

// Messages that may wait for the writer; a full queue holds the recorder's thread back, which the
// never-dropping ring in front of it absorbs.
constexpr std::size_t kQueuedMessages = 8192;

spdlog::level::level_enum spdlog_level(Level level) {
    switch (level) {
        case Level::kDebug: return spdlog::level::debug;
        case Level::kInfo: return spdlog::level::info;
        case Level::kWarning: return spdlog::level::warn;
        case Level::kError: return spdlog::level::err;
    }
    return spdlog::level::info;
}

std::string iso_time(core::StreamTime time) {
    return date::format("%FT%TZ", date::sys_time<core::Nanos>{time.time_since_epoch()});
}

}  // namespace

struct RunLog::State {
    std::vector<std::string> symbols;
    std::shared_ptr<spdlog::async_logger> logger;
    // Goes first: its end writes what is queued and joins the thread that uses the logger.
    std::shared_ptr<spdlog::details::thread_pool> pool;

    [[nodiscard]] const char* name(core::SymbolId symbol) const {
        const std::size_t i = core::index_of(symbol);
        return i < symbols.size() ? symbols[i].c_str() : "-";
    }
    // " in ACME", nothing for the whole session.
    [[nodiscard]] std::string in(core::SymbolId symbol) const {
        return symbol == core::kNoSymbol ? std::string{} : std::string{" in "} + name(symbol);
    }
};

RunLog::RunLog(const std::filesystem::path& file, const pipeline::InstrumentTable& instruments,
               bool terminal, WhenFull when_full)
    : state_(std::make_unique<State>()) {
    for (const pipeline::Instrument& instrument : instruments)
        state_->symbols.push_back(instrument.symbol);
    std::vector<spdlog::sink_ptr> sinks;
    try {
        sinks.push_back(std::make_shared<spdlog::sinks::basic_file_sink_mt>(file.string(), true));
    } catch (const spdlog::spdlog_ex& error) {
        throw std::runtime_error(file.string() + ": cannot be written (" + error.what() +
                                 "); choose a folder that you may write to");
    }
    if (terminal) {
        auto console = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
        console->set_level(spdlog::level::warn);
        sinks.push_back(std::move(console));
    }
    state_->pool = std::make_shared<spdlog::details::thread_pool>(kQueuedMessages, 1);
    state_->logger = std::make_shared<spdlog::async_logger>(
        "run", sinks.begin(), sinks.end(), state_->pool,
        when_full == WhenFull::kWait ? spdlog::async_overflow_policy::block
                                     : spdlog::async_overflow_policy::overrun_oldest);
    state_->logger->set_level(spdlog::level::debug);
    state_->logger->flush_on(spdlog::level::warn);  // after a crash, at least these are there
    state_->logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %L %v", spdlog::pattern_time_type::utc);
}

RunLog::~RunLog() {
    const std::size_t lost = state_->pool->overrun_counter();
    if (lost != 0)
        state_->logger->warn("{} earlier lines are missing: the disk did not take them in time",
                             lost);
    state_->logger->flush();
}

void RunLog::write(Level level, std::string_view message) {
    state_->logger->log(spdlog_level(level), "{}", message);
}

void RunLog::take(const Event& event) {
    spdlog::async_logger& log = *state_->logger;
    const char* symbol = state_->name(event.symbol());
    switch (event.kind()) {
        case EventKind::kApproved: {
            const pipeline::ApprovedOrder& order = event.approved();
            log.debug("{} order {} {} {} {} {} {} at {}{}", iso_time(event.time()),
                      static_cast<std::uint64_t>(order.id()), symbol,
                      pipeline::to_string(order.side()), core::to_string(order.quantity()),
                      pipeline::to_string(order.type()), pipeline::to_string(order.time_in_force()),
                      core::to_string(order.limit()), order.is_replacement() ? " (replaces)" : "");
            break;
        }
        case EventKind::kReport:
            log.debug(
                "{} report {} {} {} {} at {} {}", iso_time(event.time()),
                static_cast<std::uint64_t>(event.report().order), symbol,
                pipeline::to_string(event.exec_kind()), core::to_string(event.report().quantity),
                core::to_string(event.report().price), pipeline::to_string(event.reject_reason()));
            break;
        case EventKind::kRefusal:
            log.info("{} refused {} {} at {}: {} ({} against {})", iso_time(event.time()), symbol,
                     core::to_string(event.refusal().quantity),
                     core::to_string(event.refusal().price),
                     pipeline::to_string(event.refusal_reason()), event.refusal().observed,
                     event.refusal().limit);
            break;
        case EventKind::kIncident:
            log.error("{} incident {} {} order {}", iso_time(event.time()), symbol,
                      pipeline::to_string(event.incident_kind()),
                      static_cast<std::uint64_t>(event.incident().order));
            break;
        case EventKind::kHalt:
            log.warn("{} entries halted{}: {}", iso_time(event.time()), state_->in(event.symbol()),
                     pipeline::to_string(event.halt_reason()));
            break;
        case EventKind::kResume:
            log.warn("{} entries resumed{}: {}", iso_time(event.time()), state_->in(event.symbol()),
                     pipeline::to_string(event.halt_reason()));
            break;
        case EventKind::kRestore:
            log.info("{} from an earlier session: {} {}{}", iso_time(event.time()),
                     pipeline::to_string(event.risk_item()),
                     core::to_string(event.risk_mark().value.money()),
                     event.risk_mark().breached != 0 ? ", breached" : "");
            break;
        case EventKind::kParameter:
            log.info("{} parameter {} of strategy {} is {} (version {})", iso_time(event.time()),
                     event.parameter().parameter, event.parameter().strategy,
                     event.parameter().value, event.parameter().version);
            break;
        case EventKind::kCharged:
            log.info("{} {}{}: {}{}", iso_time(event.time()),
                     pipeline::to_string(event.charged().kind), state_->in(event.symbol()),
                     core::to_string(event.charged().amount.money()),
                     event.charged().currency == pipeline::kAccountCurrency
                         ? std::string{}
                         : " of entry " + std::to_string(event.charged().currency) +
                               " of account.rates");
            break;
        case EventKind::kRate:
            log.info("{} rate: entry {} of account.rates is now {}", iso_time(event.time()),
                     event.rate().currency, core::to_string(event.rate().rate));
            break;
        case EventKind::kRegime:
            log.info("{} regime of {}: {}, was {}", iso_time(event.time()), symbol,
                     pipeline::to_string(event.regime().now),
                     pipeline::to_string(event.regime().before));
            break;
        case EventKind::kStop: log.info("{} stop", iso_time(event.time())); break;
        case EventKind::kEnd: log.info("{} books closed", iso_time(event.time())); break;
        default: break;
    }
}

}  // namespace sluice::adapters::run_log
