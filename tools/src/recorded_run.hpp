// A run by its folder: what it was over, the commands that it gave, and the same run again under a
// watcher. Of replays and paper sessions over the store that they read, of live sessions over their
// journal.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <sluice/pipeline/command_bytes.hpp>
#include <sluice/pipeline/instrument.hpp>
#include <sluice/pipeline/settings.hpp>
#include <sluice/proofs/order_trail.hpp>

namespace sluice::tools {

class RecordedRun {
  public:
    // `folder`: of a finished run. `store`: where its store lies now; empty: where it lay then.
    // Throws std::runtime_error that says what is missing, and the errors of folder and journal.
    RecordedRun(const std::filesystem::path& folder, const std::filesystem::path& store);

    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }
    [[nodiscard]] bool is_live() const noexcept { return !journal_.empty(); }
    // The store or the journal.
    [[nodiscard]] const std::filesystem::path& source() const noexcept {
        return is_live() ? journal_ : store_;
    }
    [[nodiscard]] const pipeline::Settings& settings() const noexcept { return settings_; }
    [[nodiscard]] const pipeline::InstrumentTable& instruments() const noexcept {
        return instruments_;
    }
    // First and last tick of a run over a store; "" for a live one.
    [[nodiscard]] const std::string& from() const noexcept { return from_; }
    [[nodiscard]] const std::string& to() const noexcept { return to_; }
    // Of each order in the order they were given, the opening one first.
    using Commands = std::map<std::uint64_t, std::vector<pipeline::CommandBytes>>;
    [[nodiscard]] const Commands& commands() const noexcept { return commands_; }

    // Runs it again, all of it; what was made is with the watcher. Throws std::runtime_error where the
    // data are not those of the run. Of a run that was interrupted, what was decided from its last
    // tick on hung on the wall clock: such commands are left out, on both sides.
    void again(proofs::OrderWatcher& watcher);
    [[nodiscard]] Commands made(const proofs::OrderWatcher& watcher) const;

  private:
    void read_summary();
    void read_store();
    void read_journal();
    void again_over_store(proofs::OrderWatcher& watcher);
    void again_over_journal(proofs::OrderWatcher& watcher) const;

    std::filesystem::path folder_;
    std::filesystem::path store_;
    std::filesystem::path journal_;
    std::vector<std::string> symbols_;
    std::string from_;
    std::string to_;
    std::string checksum_;
    std::uint64_t ticks_ = 0;
    bool interrupted_ = false;
    core::StreamTime end_ = core::StreamTime::max();  // commands before it can be made again
    pipeline::Settings settings_;
    pipeline::InstrumentTable instruments_;
    Commands commands_;
};

// 16 hexadecimal digits.
[[nodiscard]] std::string checksum_text(std::uint64_t checksum);

}  // namespace sluice::tools
