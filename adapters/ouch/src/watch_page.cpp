#include <sluice/adapters/ouch/watch_page.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sluice::adapters::ouch {

namespace {

constexpr std::uint64_t kMagic = 0x3148'4354'5755'4C53;  // "SLUWTCH1", little-endian
constexpr std::size_t kNamesAt = 128;

struct File {
    int fd;
    ~File() {
        if (fd >= 0) ::close(fd);
    }
};

namespace fs = std::filesystem;

// Memory proper where there is some: a page that a disk writes back would fault now and then.
fs::path place_for(const fs::path& file) {
    const std::string name =
        "sluice-" + std::to_string(::getpid()) + "-" + std::to_string(core::Tsc::now()) + ".watch";
    if (::access("/dev/shm", W_OK) == 0) return fs::path{"/dev/shm"} / name;
    return fs::absolute(file.parent_path()) / name;
}
// Of a session that died.
void remove_memory(const fs::path& file) {
    std::error_code ignored;
    const fs::path memory = fs::read_symlink(file, ignored);
    if (memory.extension() == ".watch") fs::remove(memory, ignored);
}

[[noreturn]] void fail(const std::filesystem::path& file) {
    throw std::system_error(errno, std::generic_category(), file.string());
}

}  // namespace

struct WatchPage::Head {
    std::atomic<std::uint64_t> magic;
    std::int32_t pid;
    std::uint32_t version;
    std::uint64_t names;
    std::atomic<std::uint64_t> beat;
    std::atomic<std::uint32_t> ended;
    std::array<char, 6> prefix;
};

WatchPage::WatchPage(const std::filesystem::path& file, OuchVersion version,
                     const std::string& prefix, std::size_t max_orders) {
    static_assert(sizeof(Head) <= kNamesAt && std::is_trivially_copyable_v<TokenRecord>);
    static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
    const std::size_t names = std::bit_ceil(kNamesPerOrder * max_orders);
    remove_memory(file);
    memory_ = place_for(file);
    const File made{::open(memory_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644)};
    const std::size_t bytes = kNamesAt + names * sizeof(TokenRecord);
    if (made.fd < 0 || ::ftruncate(made.fd, static_cast<off_t>(bytes)) != 0) fail(memory_);
    map(made.fd, bytes, PROT_READ | PROT_WRITE);
    head_->pid = ::getpid();
    head_->version = version == OuchVersion::k42 ? 42 : 50;
    head_->names = names;
    std::copy_n(prefix.begin(), std::min(prefix.size(), head_->prefix.size()),
                head_->prefix.begin());
    names_ = {reinterpret_cast<TokenRecord*>(reinterpret_cast<std::byte*>(head_) + kNamesAt),
              names};
    std::uninitialized_default_construct(names_.begin(), names_.end());
    // release: a reader that finds the magic finds the rest; pairs with the acquire below
    head_->magic.store(kMagic, std::memory_order_release);
    // A watchdog sees the whole of it or the one before.
    const fs::path link = file.string() + ".tmp";
    (void)::unlink(link.c_str());
    if (::symlink(memory_.c_str(), link.c_str()) != 0 || ::rename(link.c_str(), file.c_str()) != 0)
        fail(file);
}

WatchPage::WatchPage(const std::filesystem::path& file) {
    const File opened{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    struct stat status {};
    if (opened.fd < 0 || ::fstat(opened.fd, &status) != 0) fail(file);
    const auto bytes = static_cast<std::size_t>(status.st_size);
    if (bytes <= kNamesAt) throw std::runtime_error(file.string() + " is no heartbeat");
    map(opened.fd, bytes, PROT_READ);
    // acquire: pairs with the release above
    if (head_->magic.load(std::memory_order_acquire) != kMagic ||
        !std::has_single_bit(head_->names) ||
        head_->names > (bytes - kNamesAt) / sizeof(TokenRecord))
        throw std::runtime_error(file.string() + " is no heartbeat, or one of another version");
    names_ = {reinterpret_cast<TokenRecord*>(reinterpret_cast<std::byte*>(head_) + kNamesAt),
              head_->names};
}

WatchPage::~WatchPage() {
    if (!memory_.empty()) (void)::unlink(memory_.c_str());
    if (head_ != nullptr) (void)::munmap(static_cast<void*>(head_), bytes_);
}

void WatchPage::map(int fd, std::size_t bytes, int protection) {
    void* const memory = ::mmap(nullptr, bytes, protection, MAP_SHARED | MAP_POPULATE, fd, 0);
    if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
    head_ = static_cast<Head*>(memory);
    bytes_ = bytes;
}

std::atomic<std::uint64_t>& WatchPage::beat() const noexcept { return head_->beat; }
void WatchPage::end() const noexcept {
    head_->ended.store(1, std::memory_order_release);  // release: pairs with has_ended()
}
bool WatchPage::has_ended() const noexcept {
    return head_->ended.load(std::memory_order_acquire) != 0;  // acquire: pairs with end()
}
int WatchPage::pid() const noexcept { return head_->pid; }
OuchVersion WatchPage::version() const noexcept {
    return head_->version == 42 ? OuchVersion::k42 : OuchVersion::k50;
}
std::string WatchPage::prefix() const {
    const auto end = std::find(head_->prefix.begin(), head_->prefix.end(), '\0');
    return {head_->prefix.begin(), end};
}

std::vector<std::uint64_t> WatchPage::open() const {
    std::vector<std::uint64_t> out;
    for (const TokenRecord& record : names_)
        if (record.number != 0 && (record.state == TokenRecord::State::kPending ||
                                   record.state == TokenRecord::State::kLive))
            out.push_back(record.number);
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace sluice::adapters::ouch
