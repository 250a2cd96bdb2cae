// One session against an exchange on a wire, and the same session again from its journal.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sluice/core/time.hpp>
#include <sluice/pipeline/hot/journal_sequencer.hpp>
#include <sluice/pipeline/settings.hpp>
#include <sluice/tools/session.hpp>

namespace sluice::tools {

struct LiveOptions {
    std::vector<std::string> symbols;            // the exchange's stocks, at least one
    std::optional<std::filesystem::path> store;  // tick and lot sizes come from there
    std::optional<core::Nanos> duration;         // none: until the exchange ends or an interrupt
    pipeline::Settings settings;
    bool generated = false;  // Sluice makes the exchange's prices: whatever shows them says so
};

// Where the exchange is, from the file that `sluice venue --ports-file` has written. Throws
// UsageError that names the file and what is wrong in it.
void use_venue_file(LiveOptions& options, const std::filesystem::path& file);

// Until the exchange ends the session, the time is over, or an interrupt. The folder of the run
// holds the journal beside what every run leaves. Throws the errors of sockets, journal and folder.
[[nodiscard]] SessionResult run_live_session(const LiveOptions& options);

struct JournalReplay {
    SessionResult result;
    pipeline::JournalCheck check;
    std::string recorded_digest;  // of the session's own summary; empty when there is none
    std::string recovery;         // what had to be mended first; empty: nothing
    [[nodiscard]] bool same() const {
        return check.same() && (recorded_digest.empty() || recorded_digest == result.record.digest);
    }
};

// `journal`: the folder of a run, or the journal in it. The session's own configuration holds;
// `placement` may be another, empty: fused. The replay leaves a folder of its own in `out`. Throws
// JournalError and JournalDamage.
[[nodiscard]] JournalReplay replay_journal(const std::filesystem::path& journal,
                                           const std::string& placement, const std::string& out);

}  // namespace sluice::tools
