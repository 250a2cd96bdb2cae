#include "recorded_run.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include <sluice/adapters/csv/parameter_file.hpp>
#include <sluice/adapters/journal/journal_reader.hpp>
#include <sluice/adapters/run_folder/command_file.hpp>
#include <sluice/adapters/sim_venue/hot/sim_venue.hpp>
#include <sluice/pipeline/parameter_schedule.hpp>
#include <sluice/proofs/rerun.hpp>
#include <sluice/tools/arguments.hpp>
#include <sluice/tools/configuration.hpp>

#include "charge_files.hpp"
#include "journal_stream.hpp"
#include "session_parts.hpp"
#include "stored_market.hpp"

namespace sluice::tools {

namespace {

namespace fs = std::filesystem;
using adapters::journal::JournalReader;
using pipeline::CommandBytes;
using pipeline::Event;

// As many ticks of a source as a run took. A run that was interrupted stops there.
class CutSource final : public pipeline::MarketSource {
  public:
    CutSource(pipeline::MarketSource& source, std::uint64_t ticks, bool interrupted,
              pipeline::RunControl& control)
        : source_(source), left_(ticks), interrupted_(interrupted), control_(control) {}

    [[nodiscard]] std::span<Event> next_block() noexcept override {
        auto block = left_ == 0 ? std::span<Event>{} : source_.next_block();
        if (block.size() > left_) block = block.first(static_cast<std::size_t>(left_));
        left_ -= block.size();
        for (const Event& tick : block) last_ = std::max(last_, tick.time());
        // relaxed: read by this thread
        if (block.empty() && interrupted_) control_.stop.store(true, std::memory_order_relaxed);
        return block;
    }
    [[nodiscard]] std::uint64_t size_hint() const noexcept override { return left_; }
    [[nodiscard]] std::uint64_t left() const noexcept { return left_; }
    // The greatest time so far.
    [[nodiscard]] core::StreamTime last() const noexcept { return last_; }

  private:
    pipeline::MarketSource& source_;
    std::uint64_t left_;
    bool interrupted_;
    pipeline::RunControl& control_;
    core::StreamTime last_ = core::StreamTime::min();
};

core::StreamTime time_of(const CommandBytes& command) noexcept {
    std::uint64_t ns = 0;
    for (std::size_t i = 8; i-- > 0;) ns = ns << 8U | command[i];
    return core::time_from_ns<core::StreamTime>(static_cast<std::int64_t>(ns));
}

// Those before `end`.
RecordedRun::Commands by_order(const std::vector<CommandBytes>& commands, core::StreamTime end) {
    RecordedRun::Commands out;
    for (const CommandBytes& command : commands)
        if (time_of(command) < end) out[pipeline::order_of(command)].push_back(command);
    return out;
}

}  // namespace

std::string checksum_text(std::uint64_t checksum) {
    constexpr const char* kDigits = "0123456789abcdef";
    std::string out(16, '0');
    for (std::size_t i = 16; i-- > 0; checksum >>= 4U) out[i] = kDigits[checksum & 15U];
    return out;
}

RecordedRun::RecordedRun(const fs::path& folder, const fs::path& store)
    : folder_(folder), store_(store) {
    if (!fs::is_directory(folder_))
        throw std::runtime_error(folder_.string() +
                                 ": no such folder; name the folder of a run, as `replay` and "
                                 "`run` print it");
    if (fs::exists(folder_ / "journal" / "header.json")) {
        journal_ = folder_ / "journal";
    } else {
        read_summary();
    }
    if (is_live()) {
        read_journal();
    } else {
        read_store();
    }
}

void RecordedRun::read_summary() {
    const fs::path path = folder_ / "summary.json";
    std::ifstream file{path};
    const auto tree = nlohmann::json::parse(file, nullptr, false);
    if (!file || !tree.is_object() || tree.value("schema", "") != "sluice.summary/1")
        throw std::runtime_error(path.string() +
                                 ": not there or no summary of a run; only a finished run can be "
                                 "run again");
    const auto& run = tree.at("run");
    const fs::path recorded = run.value("store", "");
    if (run.value("data", "").rfind("live session", 0) == 0) {
        journal_ = recorded;
        return;
    }
    if (store_.empty()) store_ = recorded;
    if (run.at("from").is_null())
        throw std::runtime_error(folder_.string() + ": the run met no ticks, so it gave no orders");
    from_ = run.at("from");
    to_ = run.at("to");
    interrupted_ = run.value("interrupted", false);
    checksum_ = run.value("data_checksum", "");
    ticks_ = tree.at("ticks").at("total");
    // Updates of full books are events of the source too.
    if (tree.contains("market"))
        for (const auto& book : tree.at("market").at("instruments"))
            ticks_ += book.at("updates").get<std::uint64_t>();
    for (const auto& instrument : tree.at("instruments"))
        symbols_.push_back(instrument.at("symbol"));
}

void RecordedRun::read_store() {
    if (checksum_.empty())
        throw std::runtime_error(folder_.string() +
                                 ": the run has no checksum of its data on record: it is of an "
                                 "older version; run it again");
    if (!fs::is_directory(store_))
        throw std::runtime_error(store_.string() +
                                 ": the run's store is not there; call from where the run was "
                                 "made, or say where it lies now with --store");
    settings_ = load_settings((folder_ / "config.toml").string(), {});
    if (!settings_.account.entries.empty())
        settings_.account.entries = (folder_ / kKeptEntries).string();
    restore_weights(settings_, folder_);
    commands_ = by_order(adapters::run_folder::read_commands(folder_), end_);
    const auto store = adapters::tick_store::TickStore::open(store_);
    for (const std::string& symbol : symbols_)
        instruments_.push_back(store.describe(symbol).instrument);
    instruments_ = on_terms_of(settings_, std::move(instruments_));
}

void RecordedRun::read_journal() {
    JournalReader reader{journal_};
    settings_ =
        load_recorded_settings(reader.header().configuration, (journal_ / "header.json").string());
    restore_weights(settings_, journal_.parent_path());
    instruments_ = reader.header().instruments;
    std::vector<CommandBytes> commands;
    for (auto block = reader.next(); !block.empty(); block = reader.next())
        for (const Event& record : block)
            if (pipeline::is_command(record)) commands.push_back(pipeline::command_bytes(record));
    commands_ = by_order(commands, end_);
}

void RecordedRun::again(proofs::OrderWatcher& watcher) {
    if (is_live()) {
        again_over_journal(watcher);
    } else {
        again_over_store(watcher);
    }
}

void RecordedRun::again_over_store(proofs::OrderWatcher& watcher) {
    StoredMarketOptions options;
    options.store = store_;
    options.symbols = symbols_;
    options.from = parse_time(from_, "run.from of the summary");
    options.to = parse_time(to_, "run.to of the summary") + core::Nanos{1};
    const StoredMarket market{options, settings_};
    const auto source = market.open();
    pipeline::RunControl control;
    CutSource cut{*source, ticks_, interrupted_, control};
    adapters::sim_venue::SimVenue venue{settings_, market.instruments()};
    // What was planned is what came: changes after the end are no part of the run.
    pipeline::TimerPlan timers = market.timers();
    timers.changes = pipeline::plan_changes(
        adapters::csv::read_parameter_file(folder_ / "parameters.csv"), settings_.signals);
    const proofs::RerunResult result = proofs::rerun(settings_, market.instruments(), venue, cut,
                                                     std::move(timers), control, watcher);
    const std::string now = checksum_text(result.checksum);
    if (now != checksum_ || cut.left() != 0)
        throw std::runtime_error(
            store_.string() + ": holds other data than the run was over (checksum " + now +
            ", on record " + checksum_ +
            "); the store has changed since, so the run's decisions cannot be made again: say "
            "with --store where the data of then are");
    if (!interrupted_) return;
    end_ = cut.last();
    commands_ = by_order(adapters::run_folder::read_commands(folder_), end_);
}

void RecordedRun::again_over_journal(proofs::OrderWatcher& watcher) const {
    JournalReader reader{journal_};
    JournalStream records{reader};
    (void)proofs::rerun_journal(settings_, instruments_, records, watcher);
    records.rethrow();
}

RecordedRun::Commands RecordedRun::made(const proofs::OrderWatcher& watcher) const {
    return by_order(is_live() ? watcher.sent_commands() : watcher.commands(), end_);
}

}  // namespace sluice::tools
