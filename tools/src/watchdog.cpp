#include "watchdog.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <sluice/adapters/net/address.hpp>
#include <sluice/adapters/net/hot/tcp_stream.hpp>
#include <sluice/adapters/ouch/watch_page.hpp>

namespace sluice::tools {

namespace {

using namespace adapters;
using pipeline::SessionState;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kEvery{1};
// What the dead engine had still given to its socket may reach the exchange after the first cancels.
constexpr core::Nanos kAgain[] = {std::chrono::milliseconds{50}, std::chrono::milliseconds{250},
                                  std::chrono::seconds{1}};
// Without a log-in for so long, it says so.
constexpr std::chrono::seconds kUnheard{2};

using Say = std::function<void(const std::string&)>;

// The log-in of its own at the exchange, over which another's orders are cancelled.
class Canceller {
  public:
    Canceller(const WatchdogOptions& options, const core::TscClock& clock, const Say& say)
        : where_(options.orders), user_(options.user), say_(say),
          stream_(net::parse_address(options.orders)), soup_(stream_, config_of(options), clock) {}

    // Keeps the connection. Throws when the log-in is refused.
    void turn() {
        soup_.poll(core::Tsc::now());
        while (!soup_.next().empty()) {}
        const SessionState state = soup_.state();
        if (state == SessionState::kRefused)
            throw std::runtime_error("the exchange at " + where_ +
                                     " refused the watchdog's log-in as " + user_ +
                                     "; see --user and --password, and that it lists this user as "
                                     "one that cancels for the engine's");
        if (state == SessionState::kUp && state_ != state) say_("logged in at " + where_);
        if (state != SessionState::kUp && state_ == SessionState::kUp) {
            say_("the connection to " + where_ + " is lost; it is tried again");
            down_since_ = Clock::now();
        }
        state_ = state;
        if (state == SessionState::kUp) {
            said_down_ = false;
        } else if (!said_down_ && Clock::now() - down_since_ > kUnheard) {
            said_down_ = true;
            say_("no log-in at " + where_ + " yet" + why() +
                 ": nothing can be cancelled until there is one; is the venue running, and is this "
                 "its address for orders? It is tried again");
        }
    }
    [[nodiscard]] bool has_ended() const noexcept { return state_ == SessionState::kEnded; }
    // False when it did not leave: no log-in, or what was sent before has to go first.
    [[nodiscard]] bool cancel(const ouch::WatchPage& page, std::uint64_t name) {
        return page.version() == ouch::OuchVersion::k42 ? cancel42(page, name) : cancel50(name);
    }
    void log_out() noexcept { soup_.log_out(); }

  private:
    static ouch::SoupClientConfig config_of(const WatchdogOptions& options) {
        ouch::SoupClientConfig config;
        config.user = options.user;
        config.password = options.password;
        config.first_sequence = 0;
        config.reconnect_max = std::chrono::milliseconds{500};
        config.out_capacity = 1U << 20U;
        return config;
    }
    [[nodiscard]] std::string why() const {
        const int error = stream_.last_error();
        return error == 0 ? "" : " (" + std::generic_category().message(error) + ")";
    }
    bool cancel42(const ouch::WatchPage& page, std::uint64_t name) {
        ouch::v42::client::Cancel message;
        message.token = ouch::TokenText{page.prefix()}.text(name);
        const std::span<std::byte> room = soup_.begin(ouch::kWireSize<ouch::v42::client::Cancel>);
        if (room.empty()) return false;
        ouch::encode(message, room.data());
        soup_.send();
        return true;
    }
    bool cancel50(std::uint64_t name) {
        ouch::v50::client::Cancel message;
        message.ref = static_cast<std::uint32_t>(name);
        std::array<std::byte, ouch::kWireSize<ouch::v50::client::Cancel> + ouch::v50::kAppendageMax>
            bytes{};
        const std::size_t size = ouch::v50::encode_appended(message, {}, bytes.data());
        const std::span<std::byte> room = soup_.begin(size);
        if (room.empty()) return false;
        std::copy_n(bytes.begin(), size, room.begin());
        soup_.send();
        return true;
    }

    std::string where_;
    std::string user_;
    const Say& say_;
    net::TcpStream stream_;
    ouch::SoupClient soup_;
    SessionState state_ = SessionState::kDown;
    Clock::time_point down_since_ = Clock::now();
    bool said_down_ = false;
};

// One engine: its page, and its process.
class Engine {
  public:
    explicit Engine(const std::filesystem::path& heartbeat)
        : page_(heartbeat), process_(static_cast<int>(::syscall(SYS_pidfd_open, page_.pid(), 0))),
          status_(::open(("/proc/" + std::to_string(page_.pid()) + "/stat").c_str(),
                         O_RDONLY | O_CLOEXEC)) {}
    ~Engine() {
        for (const int fd : {process_, status_})
            if (fd >= 0) ::close(fd);
    }
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    [[nodiscard]] const ouch::WatchPage& page() const noexcept { return page_; }
    // Waits for its process to end, and no longer than `most`; whether it has, or is about to. Its
    // parent need not have asked after it.
    [[nodiscard]] bool is_gone(std::chrono::milliseconds most) const noexcept {
        if (process_ < 0) {  // a kernel without such handles, or it was gone before
            if (::kill(page_.pid(), 0) != 0 && errno == ESRCH) return true;
            std::this_thread::sleep_for(most);
            return is_dying();
        }
        pollfd end{process_, POLLIN, 0};
        return ::poll(&end, 1, static_cast<int>(most.count())) > 0 || is_dying();
    }
    // 0 until it runs.
    [[nodiscard]] std::uint64_t beat() const noexcept {
        return page_.beat().load(std::memory_order_relaxed);  // relaxed: stands alone
    }

  private:
    // A killed process is gone only when its memory has been given back, tens of milliseconds later.
    // That it is on its way is a bit of its flags: proc(5), stat, the seventh field after the name.
    [[nodiscard]] bool is_dying() const noexcept {
        constexpr unsigned long kExiting = 4;  // PF_EXITING
        if (status_ < 0) return false;
        std::array<char, 512> text{};
        const ssize_t size = ::pread(status_, text.data(), text.size() - 1, 0);
        if (size <= 0) return size < 0 && errno == ESRCH;
        const char* at = ::strrchr(text.data(), ')');  // the name may hold anything
        for (int field = 0; at != nullptr && field < 7; ++field) at = ::strchr(at + 1, ' ');
        return at != nullptr && (::strtoul(at, nullptr, 10) & kExiting) != 0;
    }

    ouch::WatchPage page_;
    int process_;
    int status_;
};

struct FileId {
    dev_t device = 0;
    ino_t inode = 0;
    friend bool operator==(const FileId&, const FileId&) = default;
};
std::optional<FileId> id_of(const std::filesystem::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) return std::nullopt;
    return FileId{status.st_dev, status.st_ino};
}

class Watchdog {
  public:
    Watchdog(const WatchdogOptions& options, const std::atomic<bool>& stop, const Say& say,
             const std::function<void(const WatchdogAction&)>& acted)
        : options_(options), stop_(stop), say_(say), acted_(acted), venue_(options, clock_, say_) {}

    bool run() {
        bool all = true;
        while (!is_over()) {
            venue_.turn();
            look_for_engine();
            const bool watches = engine_ && !done_;
            const bool gone = watches && engine_->is_gone(kEvery);
            if (!watches) {
                std::this_thread::sleep_for(kEvery);
            } else if (engine_->page().has_ended()) {
                say_("the engine has ended in good order");
                done_ = true;
            } else if (gone) {
                all = act("gone") && all;
                done_ = true;
            } else {
                all = look_for_silence() && all;
            }
            if (options_.once && (done_ || silent_)) break;
        }
        if (venue_.has_ended()) say_("the exchange has ended its session");
        venue_.log_out();
        return all;
    }

  private:
    [[nodiscard]] bool is_over() const noexcept {
        return stop_.load(std::memory_order_relaxed) ||  // relaxed: a flag on its own
               venue_.has_ended();
    }

    // Of another session than the one it knows.
    void look_for_engine() {
        const std::optional<FileId> id = id_of(options_.heartbeat);
        if (!id || id == id_) return;
        try {
            engine_ = std::make_unique<Engine>(options_.heartbeat);
        } catch (const std::system_error& error) {
            if (error.code().value() == ENOENT) return;  // it has just been removed
            say_(std::string("the heartbeat cannot be read: ") + error.what());
            engine_.reset();
        } catch (const std::runtime_error& error) {
            say_(error.what());
            engine_.reset();
        }
        id_ = id;
        done_ = false;
        silent_ = false;
        if (engine_) say_("watches the engine of process " + std::to_string(engine_->page().pid()));
    }

    // False when an order may have been left open.
    bool look_for_silence() {
        const std::uint64_t beat = engine_->beat();
        if (silent_) {
            if (beat == silent_beat_) return true;
            say_("the engine moves again; it is watched as before");
            silent_ = false;
        }
        const double most = static_cast<double>(options_.silence.count()) / 1e6;
        // A beat from the future is of a clock that is no more.
        if (beat == 0 || std::abs(ms_since_beat()) <= most) return true;
        silent_ = true;
        silent_beat_ = beat;
        return act("silent");
    }
    [[nodiscard]] double ms_since_beat() const {
        const std::uint64_t beat = engine_->beat();
        const std::uint64_t now = core::Tsc::now();
        if (beat == 0) return 0.0;
        return now > beat ? static_cast<double>(clock_.to_ns(now - beat)) / 1e6
                          : -static_cast<double>(clock_.to_ns(beat - now)) / 1e6;
    }

    bool act(const char* reason) {
        WatchdogAction action{reason, 0, ms_since_beat(), 0};
        const auto first = Clock::now();
        action.orders = cancel_all();
        action.sent_after_ms = ms_since_beat();
        acted_(action);
        for (const core::Nanos after : kAgain) {
            while (Clock::now() - first < after) {
                if (is_over()) return false;
                if (silent_ && engine_->beat() != silent_beat_) return true;
                venue_.turn();
                std::this_thread::sleep_for(kEvery);
            }
            (void)cancel_all();
        }
        return true;
    }
    // Waits for the log-in as long as it takes: there is nothing better to do.
    std::size_t cancel_all() {
        const std::vector<std::uint64_t> names = engine_->page().open();
        std::size_t sent = 0;
        for (const std::uint64_t name : names) {
            while (!venue_.cancel(engine_->page(), name)) {
                if (is_over()) return sent;
                venue_.turn();
                std::this_thread::sleep_for(std::chrono::microseconds{100});
            }
            ++sent;
        }
        venue_.turn();
        return sent;
    }

    const WatchdogOptions& options_;
    const std::atomic<bool>& stop_;
    const Say& say_;
    const std::function<void(const WatchdogAction&)>& acted_;
    core::TscClock clock_ = core::TscClock::calibrate();
    Canceller venue_;
    std::unique_ptr<Engine> engine_;
    std::optional<FileId> id_;  // of its page
    bool done_ = false;         // with this engine
    bool silent_ = false;       // it has been acted for; it may move again
    std::uint64_t silent_beat_ = 0;
};

}  // namespace

bool run_watchdog(const WatchdogOptions& options, const std::atomic<bool>& stop,
                  const std::function<void(const std::string&)>& say,
                  const std::function<void(const WatchdogAction&)>& acted) {
    return Watchdog{options, stop, say, acted}.run();
}

}  // namespace sluice::tools
