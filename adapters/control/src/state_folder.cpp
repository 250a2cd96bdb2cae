#include <sluice/adapters/control/state_folder.hpp>

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sluice::adapters::control {

namespace fs = std::filesystem;

namespace {

ControlError failed(const std::string& doing, const fs::path& where, int error) {
    return ControlError("cannot " + doing + " " + where.string() + " (" +
                        std::generic_category().message(error) +
                        "); see that this user may write there and the disk has room, or name "
                        "another folder with report.state_folder or --state");
}

struct File {
    int fd;
    ~File() {
        if (fd >= 0) ::close(fd);
    }
};

void write_all(int fd, std::string_view text, const fs::path& where) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw failed("write", where, errno);
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

void flush(const fs::path& what, int flags) {
    const File file{::open(what.c_str(), flags | O_CLOEXEC)};
    if (file.fd < 0 || ::fsync(file.fd) != 0) throw failed("flush", what, errno);
}

}  // namespace

StateFolder::StateFolder(fs::path path) : path_(std::move(path)) {
    std::error_code error;
    fs::create_directories(commands(), error);
    if (error) throw failed("make the state folder", path_, error.value());
}

StateFolder::~StateFolder() { unlock(); }

bool StateFolder::try_lock() {
    if (lock_ >= 0) return true;
    const fs::path file = path_ / "lock";
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) throw failed("open", file, errno);
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        const int error = errno;
        ::close(fd);
        if (error == EWOULDBLOCK) return false;
        throw failed("lock", file, error);
    }
    lock_ = fd;
    return true;
}

void StateFolder::unlock() noexcept {
    if (lock_ >= 0) ::close(lock_);
    lock_ = -1;
}

RiskState StateFolder::load() const {
    const std::optional<std::string> text = read_whole(state_file());
    return text ? parse_risk_state(*text, state_file().string()) : RiskState{};
}

void StateFolder::save(const RiskState& state) const {
    write_whole(state_file(), to_text(state), true);
}

std::optional<std::string> StateFolder::emergency_stop() const {
    struct stat status {};
    if (::stat(stop_file().c_str(), &status) != 0) {
        if (errno == ENOENT) return std::nullopt;
        return "the state folder cannot be looked into (" + std::generic_category().message(errno) +
               ")";
    }
    try {
        std::string text = read_whole(stop_file()).value_or("");
        return text.substr(0, std::min<std::size_t>(text.find('\n'), 200));
    } catch (const ControlError&) {
        return std::string{};
    }
}

// It is there before it is on the disk, for which nobody waits.
void StateFolder::make_emergency_stop(const std::string& text) const {
    write_whole(stop_file(), text + "\n", false);
    flush(stop_file(), O_RDONLY);
    flush(path_, O_RDONLY | O_DIRECTORY);
}

void write_whole(const fs::path& target, std::string_view text, bool durable) {
    fs::path temporary = target;
    temporary += "." + std::to_string(::getpid()) + ".tmp";
    {
        const File file{::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)};
        if (file.fd < 0) throw failed("make", temporary, errno);
        write_all(file.fd, text, temporary);
        if (durable && ::fsync(file.fd) != 0) throw failed("flush", temporary, errno);
    }
    if (::rename(temporary.c_str(), target.c_str()) != 0) throw failed("replace", target, errno);
    if (durable) flush(target.parent_path(), O_RDONLY | O_DIRECTORY);
}

std::optional<std::string> read_whole(const fs::path& path) {
    constexpr std::size_t kMost = 16U << 20U;
    const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (file.fd < 0 && errno == ENOENT) return std::nullopt;
    if (file.fd < 0) throw failed("read", path, errno);
    std::string out;
    std::array<char, 1U << 16U> block{};
    for (;;) {
        const ssize_t got = ::read(file.fd, block.data(), block.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw failed("read", path, errno);
        if (got == 0) return out;
        out.append(block.data(), static_cast<std::size_t>(got));
        if (out.size() > kMost) throw failed("read all of", path, EFBIG);
    }
}

}  // namespace sluice::adapters::control
