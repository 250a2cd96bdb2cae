#include <sluice/tools/live_session.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>

#include <sys/mman.h>

#include <sluice/adapters/itch/hot/itch_feed.hpp>
#include <sluice/adapters/journal/journal.hpp>
#include <sluice/adapters/net/address.hpp>
#include <sluice/adapters/net/hot/tcp_stream.hpp>
#include <sluice/adapters/net/hot/udp_receiver.hpp>
#include <sluice/adapters/net/hot/udp_responder.hpp>
#include <sluice/adapters/net/hot/uring_udp_receiver.hpp>
#include <sluice/adapters/ouch/hot/ouch_session.hpp>
#include <sluice/adapters/ouch/watch_page.hpp>
#include <sluice/adapters/run_folder/run_folder.hpp>
#include <sluice/adapters/run_log/run_log.hpp>
#include <sluice/adapters/tick_store/tick_store.hpp>
#include <sluice/pipeline/live_engine.hpp>
#include <sluice/pipeline/local_time.hpp>
#include <sluice/pipeline/row_queue.hpp>
#include <sluice/pipeline/timer_plan.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/interrupt.hpp>

#include "charge_files.hpp"
#include "live_display.hpp"
#include "metrics_rows.hpp"
#include "operator_state.hpp"
#include "session_parts.hpp"

namespace sluice::tools {

namespace {

using namespace adapters;
using run_log::Level;

// Defaults are those of a US equity; a store that knows the symbol knows better.
pipeline::InstrumentTable find_instruments(const LiveOptions& options) {
    if (options.symbols.empty())
        throw UsageError("a live session needs --symbols: the exchange lists more than one trades");
    if (options.settings.bracket.enabled())
        throw UsageError(
            "bracket.stop_loss_bps, bracket.take_profit_bps: a live session cannot have brackets, "
            "as "
            "OUCH has neither stops nor reduce-only orders; set both to 0, or trade on paper");
    if (pipeline::is_for_auction(options.settings.execution.time_in_force))
        throw UsageError(
            "execution.time_in_force: a live session cannot send orders for auctions; write gtc, "
            "day, ioc or fok, or trade on paper");
    std::optional<tick_store::TickStore> store;
    if (options.store) store.emplace(tick_store::TickStore::open(*options.store));
    pipeline::InstrumentTable out;
    for (const std::string& symbol : options.symbols) {
        pipeline::Instrument instrument;
        if (store) {
            instrument = store->describe(symbol).instrument;
        } else {
            instrument.symbol = symbol;
            instrument.currency = options.settings.account.currency;
        }
        instrument.generated = instrument.generated || options.generated;
        out.push_back(instrument);
    }
    return out;
}

std::int64_t midnight_ns(const std::string& zone, core::LocalTime now) {
    pipeline::LocalDates dates{zone};
    pipeline::LocalClock clock{zone};
    const pipeline::Date today = dates.of(core::ns_since_epoch(now));
    const auto days = std::chrono::sys_days{today}.time_since_epoch().count();
    return clock.to_utc_nearest(std::int64_t{days} * pipeline::kNsPerDay);
}

// The market data's sockets, and the feed over them.
class FeedDoor {
  public:
    FeedDoor(const pipeline::LiveSettings& live, const pipeline::InstrumentTable& instruments,
             std::int64_t midnight)
        : a_(receiver(live, live.feed_a)),
          b_(live.feed_b.empty() ? nullptr : receiver(live, live.feed_b)),
          requests_(live.feed_requests.empty() ? nullptr
                                               : std::make_unique<net::UdpRequester>(
                                                     net::parse_address(live.feed_requests))),
          feed_(instruments, {a_.get(), b_.get(), requests_.get(), requests_.get()},
                feed_options(live, midnight)) {}

    [[nodiscard]] itch::ItchFeed& feed() noexcept { return feed_; }

  private:
    static std::unique_ptr<pipeline::DatagramReceiver> receiver(const pipeline::LiveSettings& live,
                                                                const std::string& address) {
        if (live.sockets == pipeline::SocketKind::kUring)
            return std::make_unique<net::UringUdpReceiver>(net::parse_address(address),
                                                           feed_interface(live));
        return std::make_unique<net::UdpReceiver>(net::parse_address(address),
                                                  feed_interface(live));
    }
    static std::uint32_t feed_interface(const pipeline::LiveSettings& live) {
        return live.feed_interface.empty() ? 0 : net::parse_host(live.feed_interface);
    }
    static itch::ItchFeedOptions feed_options(const pipeline::LiveSettings& live,
                                              std::int64_t midnight) {
        itch::ItchFeedOptions options;
        options.midnight_ns = midnight;
        options.mold.ticks_per_second = core::TscClock::calibrate().ticks_per_second();
        options.conflate_after = static_cast<std::size_t>(live.conflate_after);
        options.silent_ns = static_cast<std::uint64_t>(live.silence.count());
        return options;
    }

    std::unique_ptr<pipeline::DatagramReceiver> a_;
    std::unique_ptr<pipeline::DatagramReceiver> b_;
    std::unique_ptr<net::UdpRequester> requests_;
    itch::ItchFeed feed_;
};

ouch::OuchVersion version_of(const pipeline::Settings& settings) {
    return settings.live.order_protocol == pipeline::OrderProtocol::kOuch42
               ? ouch::OuchVersion::k42
               : ouch::OuchVersion::k50;
}

ouch::OuchSessionConfig session_config(const pipeline::Settings& settings,
                                       const pipeline::InstrumentTable& instruments,
                                       std::int64_t midnight, core::LocalTime now,
                                       std::span<ouch::TokenRecord> names) {
    ouch::OuchSessionConfig config;
    config.names = names;
    config.version = version_of(settings);
    config.soup.user = settings.live.user;
    config.soup.password = settings.live.password;
    config.soup.first_sequence = 0;  // the reports of an earlier session are not this one's
    for (const pipeline::Instrument& instrument : instruments)
        config.symbols.push_back(instrument.symbol);
    config.max_orders = static_cast<std::size_t>(settings.execution.max_open_orders);
    config.day_start_ns = midnight;
    // Unique for the day, and rising from session to session: the milliseconds since midnight leave
    // room for a thousand names each. 5.0 asks the exchange for its number, which has 32 bits.
    if (config.version == ouch::OuchVersion::k42)
        config.first_number =
            static_cast<std::uint64_t>((core::ns_since_epoch(now) - midnight) / 1'000'000) * 1'000 +
            1;
    return config;
}

journal::JournalOptions journal_options(const pipeline::JournalSettings& settings) {
    journal::JournalOptions options;
    options.durability = settings.durability == pipeline::JournalDurability::kAsync
                             ? journal::Durability::kAsync
                         : settings.durability == pipeline::JournalDurability::kProcess
                             ? journal::Durability::kProcess
                             : journal::Durability::kDisk;
    options.ring_capacity = static_cast<std::size_t>(settings.ring_capacity);
    return options;
}

// A disk that refuses for so long is given up: the session goes on without entries.
constexpr std::chrono::seconds kJournalPatience{5};

// Watches the journal and the time from outside the hot threads.
class Watchman {
  public:
    Watchman(const journal::Journal& journal, run_log::RunLog& log,
             std::optional<core::Nanos> duration, pipeline::RunControl& control,
             const pipeline::LiveMetrics& metrics)
        : journal_(journal), log_(log), control_(control), metrics_(metrics),
          started_(Clock::now()), duration_(duration) {}

    // The time asked for was over; nobody interrupted the session.
    [[nodiscard]] bool is_over() const noexcept { return over_; }

    void look() {
        const auto now = Clock::now();
        // relaxed: a flag on its own
        if (duration_ && now - started_ >= *duration_ &&
            !control_.stop.load(std::memory_order_relaxed)) {
            over_ = true;
            control_.stop.store(true, std::memory_order_relaxed);
        }
        // relaxed: for display only
        if (!refused_ &&
            metrics_.session.load(std::memory_order_relaxed) == pipeline::SessionState::kRefused) {
            refused_ = true;
            log_.write(Level::kError, "the venue refused the log-in: no order can be sent");
        }
        if (journal_.state() != journal::JournalState::kFailing) {
            failing_since_.reset();
            return;
        }
        if (!failing_since_) {
            failing_since_ = now;
            log_.write(Level::kError, "the journal cannot be written: " + journal_.message());
        }
        if (now - *failing_since_ > kJournalPatience)
            // release: pairs with the acquire of the sequencer
            failed.store(true, std::memory_order_release);
    }

    std::atomic<bool> failed{false};

  private:
    using Clock = std::chrono::steady_clock;
    const journal::Journal& journal_;
    run_log::RunLog& log_;
    pipeline::RunControl& control_;
    const pipeline::LiveMetrics& metrics_;
    Clock::time_point started_;
    std::optional<core::Nanos> duration_;
    std::optional<Clock::time_point> failing_since_;
    bool over_ = false;
    bool refused_ = false;
};

void lock_memory(bool wanted, run_log::RunLog& log) {
    if (!wanted) return;
    if (::mlockall(MCL_CURRENT | MCL_FUTURE) != 0)
        log.write(Level::kWarning,
                  "memory could not be locked: a page fault may delay an order; raise the limit "
                  "(ulimit -l unlimited), or set live.lock_memory to false");
}

// What is written down of them: everything but the secret.
pipeline::Settings without_password(pipeline::Settings settings) {
    settings.live.password.clear();
    return settings;
}

}  // namespace

SessionResult run_live_session(const LiveOptions& options) {
    pipeline::Settings settings = with_weights(options.settings);
    settings.report.state_folder = state_folder_of(settings, true).string();
    const pipeline::InstrumentTable instruments = on_terms_of(settings, find_instruments(options));
    const ChargeEntries entries = read_charges(settings);
    std::string warning;
    const pipeline::Placement placement = place(settings, true, warning);
    const core::LocalTime now = core::read_local_clock();
    const auto from = core::time_from_ns<core::StreamTime>(core::ns_since_epoch(now));
    constexpr core::Nanos kLongest{std::chrono::hours{24 * 7}};
    pipeline::TimerPlan timers = pipeline::make_timer_plan(settings.clock, from, from + kLongest);
    pipeline::Settings as_traded = settings;
    as_traded.data.adjust = pipeline::AdjustmentMode::kNone;  // that of a store's prices
    const pipeline::ChargePlan charges = plan_charges(entries, as_traded, instruments, timers);
    timers.charges = charges.charges;
    const std::int64_t midnight = midnight_ns(settings.live.zone, now);

    OperatorState operators{settings.report.state_folder};
    FeedDoor feed{settings.live, instruments, midnight};
    net::TcpStream stream{net::parse_address(settings.live.orders)};
    const ouch::WatchPage watched{operators.folder().heartbeat(), version_of(settings),
                                  ouch::OuchSessionConfig{}.token_prefix,
                                  static_cast<std::size_t>(settings.execution.max_open_orders)};
    ouch::OuchSession session{stream,
                              session_config(settings, instruments, midnight, now, watched.names()),
                              core::TscClock::calibrate()};

    pipeline::RunControl control;
    const InterruptGuard guard{control.stop};
    const auto folder = run_folder::RunFolder::create(settings.report.folder, "live", now);
    const std::string configuration = configuration_text(without_password(settings));
    folder.write_configuration(configuration);
    keep_weights(folder, settings);
    keep_entries(folder.path(), entries);
    run_folder::TableFiles tables{folder.path(), instruments};
    SessionResult result;
    {
        run_log::RunLog log{folder.log_path(), instruments, true,
                            run_log::RunLog::WhenFull::kLoseOldest};
        journal::JournalHeader header;
        header.session = folder.path().filename().string();
        header.configuration = configuration;
        header.instruments = instruments;
        header.started = now;
        header.host = host_text();
        header.build = program_text();
        journal::Journal journal{folder.path() / "journal", header,
                                 journal_options(settings.journal)};
        log.write(Level::kInfo, "live, feed " + settings.live.feed_a + ", orders " +
                                    settings.live.orders + ", placement " +
                                    pipeline::describe_cuts(placement.cuts) + ", journal by " +
                                    journal.access());
        if (!warning.empty()) log.write(Level::kWarning, warning);
        pipeline::RowQueue rows{tables};
        const auto closing =
            operators.open(folder.path().filename().string(), settings, instruments, from, log);
        control.inbox = operators.inbox();
        control.beat = &watched.beat();
        const pipeline::EngineSetup setup{settings,
                                          instruments,
                                          placement,
                                          std::move(timers),
                                          pipeline::Pacer{},
                                          {&log, operators.observer()},
                                          &rows};
        lock_memory(settings.live.lock_memory, log);
        pipeline::LiveMetrics metrics;
        Watchman watchman{journal, log, options.duration, control, metrics};
        LiveDisplay display{metrics};
        MetricsRows stretches{folder.path() / "metrics.csv", metrics, log};
        result.record = run_beside(
            [&] {
                return pipeline::run_live(setup,
                                          {feed.feed(), session, &journal.tap(), &watchman.failed},
                                          control, metrics);
            },
            [&] {
                watchman.look();
                display.show();
            });
        watched.end();  // what is open now is so by the settings
        if (const std::string trouble = operators.close(); !trouble.empty()) {
            result.record.warnings.push_back(trouble);
            result.failed = true;
        }
        stretches.finish();
        const std::uint64_t lost_rows = rows.finish();
        if (watchman.is_over()) result.record.interrupted = false;
        if (feed.feed().state() == pipeline::FeedState::kEnded)
            log.write(Level::kInfo, "the exchange has ended its session, or begun another");
        bool journal_is_whole = !result.record.live->journal_failed;
        try {
            journal.close();
        } catch (const std::exception& error) {
            journal_is_whole = false;
            result.record.warnings.push_back(std::string("the journal is not whole: ") +
                                             error.what());
        }
        if (lost_rows > 0) {
            result.record.warnings.push_back(
                std::to_string(lost_rows) +
                " rows are missing from the tables, whose disk did not take them in time" +
                (journal_is_whole ? "; sluice replay --journal makes all of them again" : ""));
            result.failed = true;
        }
    }
    if (!warning.empty()) result.record.warnings.push_back(warning);
    for (std::string& unused : unused_multipliers(settings, instruments))
        result.record.warnings.push_back(std::move(unused));
    warn_of_left_out(result.record, entries, charges);
    if (session.state() == pipeline::SessionState::kRefused)
        result.record.warnings.push_back(
            "the venue refused the log-in as " + settings.live.user +
            "; see live.user and live.password, or it has begun another session");
    else if (result.record.live->session.connects == 0)
        result.record.warnings.push_back("no log-in at " + settings.live.orders +
                                         " in the whole session: is the venue running there?");
    if (result.record.live->feed.datagrams == 0)
        result.record.warnings.push_back("no market data came on " + settings.live.feed_a +
                                         ": is it what the venue sends to?");
    else
        for (const pipeline::InstrumentRecord& row : result.record.by_instrument)
            if (row.trades + row.quotes == 0)
                result.record.warnings.push_back(instruments[core::index_of(row.symbol)].symbol +
                                                 ": no tick came; does the exchange list it?");
    if (result.record.live->unanswered > 0)
        result.record.warnings.push_back(
            std::to_string(result.record.live->unanswered) +
            " orders had no answer when the session ended; they may be open at the venue");
    save_weights(settings, result.record);
    describe_run(result.record, "live", settings.live.orders, without_password(settings));
    result.record.data_label = "live";
    result.folder = folder.path();
    result.failed = result.failed || session.state() == pipeline::SessionState::kRefused ||
                    strategy_failed(result.record);
    try {
        folder.write(result.record, tables);
    } catch (const std::exception& error) {  // the session has been: what it did is still shown
        result.record.warnings.push_back(std::string("its folder is not whole: ") + error.what());
        result.failed = true;
    }
    return result;
}

}  // namespace sluice::tools
