// commands.bin: every command that a run gave, in order, to the byte; what `sluice explain` holds a
// decision that is made again against. Format: docs/formats/run-folder.md.
//
// Threads   take(): the recorder's. The others: who made it, before and after the run.
// Errors    The first ends the file; commit() throws it. The run goes on meanwhile.
#pragma once

#include <exception>
#include <filesystem>
#include <memory>
#include <vector>

#include <sluice/adapters/run_folder/atomic_file.hpp>
#include <sluice/pipeline/command_bytes.hpp>
#include <sluice/pipeline/record_observer.hpp>

namespace sluice::adapters::run_folder {

class CommandFile final : public pipeline::RecordObserver {
  public:
    // Begins the file in `folder`. Throws RunFolderError.
    explicit CommandFile(const std::filesystem::path& folder);
    ~CommandFile() override;

    void take(const pipeline::Event& event) override;
    // Puts the file in its place. To be called once.
    void commit();

  private:
    std::unique_ptr<AtomicFile> file_;  // gone after a failure
    std::exception_ptr failure_;
};

// The commands of a run's folder. Throws RunFolderError: not there, not such a file, cut off.
[[nodiscard]] std::vector<pipeline::CommandBytes> read_commands(
    const std::filesystem::path& folder);

}  // namespace sluice::adapters::run_folder
