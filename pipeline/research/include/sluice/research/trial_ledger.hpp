// The ledger as the memory of searches: what was evaluated on some data with some code and
// parameters is looked up instead of evaluated again, so that a search that was cut off continues by
// being started again, and nothing counts twice.
//
// A line of kind "trial" stands for one set on the whole range that a search is about; "window" for one on a
// part of it, evaluated by a walk-forward; "verdict" for what was concluded (no trial). The body of the first
// two is {"key", "range": {"symbols", "from", "to"}, "set", "result"}: docs/formats/ledger.md.
// One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sluice/core/time.hpp>
#include <sluice/research/ledger.hpp>
#include <sluice/research/trial.hpp>

namespace sluice::research {

// A stretch of data, [from, to], and what tells it from another: the checksum of its stream.
struct TrialData {
    std::vector<std::string> symbols;
    core::StreamTime from{};
    core::StreamTime to{};
    std::uint64_t checksum = 0;

    // "A,B 2024-01-02T00:00:00 2024-01-05T00:00:00 00112233aabbccdd", as the ledger's data key; times in ns.
    [[nodiscard]] std::string key() const;
};

enum class TrialKind { kTrial, kWindow };

struct NewTrial {
    TrialKind kind = TrialKind::kTrial;
    std::string key;                                       // trial_key()
    std::vector<std::pair<std::string, std::string>> set;  // keys searched over, and their values
    TrialResult result;
};

// A set that was tried on other data.
struct EarlierTrial {
    std::vector<std::string> values;  // by key
    TrialResult result;
};

// What a result depends on beside the data: the program and its whole configuration.
[[nodiscard]] std::string trial_key(std::string_view program, std::string_view configuration);

class TrialLedger {
  public:
    // LedgerError as Ledger's; also for a trial whose body is none.
    TrialLedger(const std::filesystem::path& path, core::LocalTime now);

    // The result on record; null: none. Valid until the next add().
    [[nodiscard]] const TrialResult* find(const TrialData& data, const std::string& key) const;
    // On the disk when this returns.
    void add(const TrialData& data, std::span<const NewTrial> trials, core::LocalTime now);
    void add_verdict(const TrialData& data, const std::string& body, core::LocalTime now);

    // Sets ever tried on data that share an instrument and some time with these: by kind "trial"; a set that
    // several programs or ranges tried counts each time.
    [[nodiscard]] std::uint64_t trials_on(const TrialData& data) const;
    // Sets of those keys, whatever their order, that were tried on other data which ended no later than
    // these: nothing of what follows shows in them. In the order of the ledger.
    [[nodiscard]] std::vector<EarlierTrial> earlier(const TrialData& data,
                                                    const std::vector<std::string>& keys) const;

    [[nodiscard]] const std::string& last_hash() const noexcept { return ledger_.last_hash(); }
    [[nodiscard]] std::uint64_t lines() const noexcept { return ledger_.lines(); }
    // What opening had to mend; empty when nothing.
    [[nodiscard]] const std::string& message() const noexcept { return ledger_.message(); }

  private:
    struct Tried {
        std::vector<std::string> symbols;
        std::int64_t from = 0;
        std::int64_t to = 0;
        std::uint64_t trials = 0;
    };
    struct Set {
        std::string data;
        std::string key;
        std::vector<std::pair<std::string, std::string>> values;
    };
    void remember(const LedgerLine& line);
    void count(const TrialData& data, std::uint64_t trials);

    std::map<std::pair<std::string, std::string>, TrialResult> results_;  // by data and key
    std::map<std::string, Tried> tried_;                                  // by data
    std::vector<Set> sets_;  // of kind "trial", champions left out
    Ledger ledger_;
};

}  // namespace sluice::research
