#include <fstream>
#include <memory>

#include <nlohmann/json.hpp>

#include <sluice/adapters/journal/journal_error.hpp>
#include <sluice/adapters/journal/journal_reader.hpp>
#include <sluice/adapters/journal/recovery.hpp>
#include <sluice/adapters/run_folder/run_folder.hpp>
#include <sluice/adapters/run_log/run_log.hpp>
#include <sluice/pipeline/live_engine.hpp>
#include <sluice/pipeline/settings_schema.hpp>
#include <sluice/tools/interrupt.hpp>
#include <sluice/tools/live_session.hpp>
#include <sluice/tools/progress.hpp>

#include "journal_stream.hpp"
#include "session_parts.hpp"

namespace sluice::tools {

namespace {

namespace fs = std::filesystem;
using adapters::journal::JournalReader;

fs::path journal_folder(const fs::path& given) {
    return fs::exists(given / "journal" / "header.json") ? given / "journal" : given;
}

// What the session's own summary says it was; empty when there is none.
std::string recorded_digest(const fs::path& journal) {
    std::ifstream file{journal.parent_path() / "summary.json"};
    if (!file) return {};
    const auto tree = nlohmann::json::parse(file, nullptr, false);
    return tree.is_object() ? tree.value("digest", std::string{}) : std::string{};
}

// A session that died has left records in its ring and perhaps half a record in its file.
std::string mend(const fs::path& journal) {
    if (JournalReader{journal}.ending() != adapters::journal::Ending::kNone) return {};
    const auto done = adapters::journal::recover(journal);
    return "the session was not closed: " + std::to_string(done.from_ring) +
           " records were taken from its ring, " + std::to_string(done.torn_bytes) +
           " bytes of half a record cut off";
}

}  // namespace

JournalReplay replay_journal(const fs::path& given, const std::string& placement,
                             const std::string& out) {
    const fs::path journal = journal_folder(given);
    JournalReplay replay;
    replay.recovery = mend(journal);
    JournalReader reader{journal};
    pipeline::Settings settings =
        pipeline::make_settings_schema()
            .load_text(reader.header().configuration, (journal / "header.json").string(), {})
            .settings;
    restore_weights(settings, journal.parent_path());
    settings.engine.placement = placement.empty() ? "fused" : placement;
    settings.engine.cores = "auto";
    if (!out.empty()) settings.report.folder = out;

    replay.recorded_digest = recorded_digest(journal);
    std::string warning;
    const pipeline::Placement where = place(settings, false, warning);
    pipeline::RunControl control;
    const InterruptGuard guard{control.stop};
    const auto folder = adapters::run_folder::RunFolder::create(settings.report.folder, "replay",
                                                                core::read_local_clock());
    folder.write_configuration(configuration_text(settings));
    keep_weights(folder, settings);
    adapters::run_folder::TableFiles tables{folder.path(), reader.header().instruments};
    pipeline::RunRecord& record = replay.result.record;
    {
        adapters::run_log::RunLog log{folder.log_path(), reader.header().instruments, true};
        const pipeline::EngineSetup setup{
            settings, reader.header().instruments, where, {}, pipeline::Pacer{}, {&log}, &tables};
        JournalStream stream{reader};
        ProgressBar bar{"records"};
        const auto total = static_cast<double>(std::max<std::uint64_t>(reader.records(), 1));
        record = run_beside(
            [&] { return pipeline::run_journal(setup, stream, control, replay.check); },
            [&] {
                // relaxed: for display only
                const std::uint64_t taken = control.ticks_taken.load(std::memory_order_relaxed);
                bar.show(static_cast<double>(taken) / total, taken);
            });
        stream.rethrow();
    }
    if (!warning.empty()) record.warnings.push_back(warning);
    if (!replay.recovery.empty()) record.warnings.push_back(replay.recovery);
    if (const std::string recorder = other_version(reader.header().build); !recorder.empty())
        record.warnings.push_back("recorded by another version (" + recorder +
                                  "): it may have decided otherwise on the same stream");
    if (!replay.check.ended)
        record.warnings.push_back(
            "the journal is cut off: the session's process died, or still "
            "runs; books were closed where it ends");
    describe_run(record, "replay", journal.string(), settings);
    record.data_label = "live session " + reader.header().session;
    folder.write(record, tables);
    replay.result.folder = folder.path();
    return replay;
}

}  // namespace sluice::tools
