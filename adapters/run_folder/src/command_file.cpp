#include <sluice/adapters/run_folder/command_file.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

namespace sluice::adapters::run_folder {

namespace {

using pipeline::CommandBytes;

constexpr const char* kName = "commands.bin";
constexpr std::string_view kMagic = "SLUICE COMMANDS1";
static_assert(kMagic.size() == 16);

}  // namespace

CommandFile::CommandFile(const std::filesystem::path& folder)
    : file_(std::make_unique<AtomicFile>(folder / kName)) {
    file_->append(kMagic);
}

CommandFile::~CommandFile() = default;

void CommandFile::take(const pipeline::Event& event) {
    if (file_ == nullptr || !pipeline::is_command(event)) return;
    const CommandBytes bytes = pipeline::command_bytes(event);
    try {
        file_->append({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    } catch (...) {
        failure_ = std::current_exception();
        file_.reset();
    }
}

void CommandFile::commit() {
    if (failure_) std::rethrow_exception(failure_);
    file_->commit();
}

std::vector<CommandBytes> read_commands(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder / kName;
    std::ifstream in{path, std::ios::binary};
    if (!in)
        throw RunFolderError("cannot read the commands of the run", path,
                             "name the folder of a finished run; one of an older version has no "
                             "such file: run it again");
    std::ostringstream contents;
    contents << in.rdbuf();
    const std::string text = contents.str();
    constexpr std::size_t kSize = std::tuple_size_v<CommandBytes>;
    if (text.compare(0, kMagic.size(), kMagic) != 0 || (text.size() - kMagic.size()) % kSize != 0)
        throw RunFolderError("not a whole file of commands", path, "run it again");
    std::vector<CommandBytes> out((text.size() - kMagic.size()) / kSize);
    auto at = text.begin() + static_cast<std::ptrdiff_t>(kMagic.size());
    for (CommandBytes& command : out)
        for (std::uint8_t& byte : command) byte = static_cast<std::uint8_t>(*at++);
    return out;
}

}  // namespace sluice::adapters::run_folder
