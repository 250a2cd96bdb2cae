#include "watchdog.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <memory>
#include <optional>
#include <thread>

#include <sys/stat.h>

#include <sluice/adapters/net/address.hpp>
#include <sluice/adapters/net/hot/tcp_stream.hpp>
#include <sluice/adapters/ouch/watch_page.hpp>

namespace sluice::tools {

namespace {

using namespace adapters;
using pipeline::SessionState;

constexpr std::chrono::milliseconds kEvery{1};
// What the dead engine had still given to its socket may reach the exchange after the first cancels.
constexpr core::Nanos kAgain[] = {std::chrono::milliseconds{50}, std::chrono::milliseconds{250},
                                  std::chrono::seconds{1}};

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
    Watchdog(const WatchdogOptions& options, const std::atomic<bool>& stop,
             const std::function<void(const std::string&)>& say,
             const std::function<void(const WatchdogAction&)>& acted)
        : options_(options), stop_(stop), say_(say), acted_(acted),
          stream_(net::parse_address(options.orders)),
          soup_(stream_, soup_config(options), clock_) {}

    bool run() {
        // relaxed: a flag on its own
        while (!stop_.load(std::memory_order_relaxed)) {
            turn();
            look_for_engine();
            if (page_ && page_->has_ended()) {
                if (!done_) say_("the engine has ended in good order");
                done_ = true;
                if (options_.once) return true;
            } else if (page_ && !done_) {
                if (const char* reason = fault()) {
                    const bool all = act(reason);
                    done_ = true;
                    if (options_.once) return all;
                }
            }
            std::this_thread::sleep_for(kEvery);
        }
        soup_.log_out();
        return true;
    }

  private:
    static ouch::SoupClientConfig soup_config(const WatchdogOptions& options) {
        ouch::SoupClientConfig config;
        config.user = options.user;
        config.password = options.password;
        config.first_sequence = 0;
        config.out_capacity = 1U << 20U;
        return config;
    }

    void turn() {
        soup_.poll(core::Tsc::now());
        while (!soup_.next().empty()) {}
        const SessionState state = soup_.state();
        if (state == state_) return;
        state_ = state;
        if (state == SessionState::kUp) say_("logged in at " + options_.orders);
        if (state == SessionState::kRefused)
            throw std::runtime_error("the exchange refused the watchdog's log-in as " +
                                     options_.user + "; see --user and --password");
    }

    // Of another session than the one it knows.
    void look_for_engine() {
        const std::optional<FileId> id = id_of(options_.heartbeat);
        if (!id || (page_ && *id == id_)) return;
        page_ = std::make_unique<ouch::WatchPage>(options_.heartbeat);
        id_ = *id;
        done_ = false;
        say_("watches the engine of process " + std::to_string(page_->pid()));
    }

    [[nodiscard]] double ms_since_beat() const {
        // relaxed: stands alone
        const std::uint64_t beat = page_->beat().load(std::memory_order_relaxed);
        const std::uint64_t now = core::Tsc::now();
        return now > beat ? static_cast<double>(clock_.to_ns(now - beat)) / 1e6 : 0.0;
    }
    // Why the engine has to be acted for, null when it lives.
    [[nodiscard]] const char* fault() const {
        if (::kill(page_->pid(), 0) != 0 && errno == ESRCH) return "gone";
        const double silence = static_cast<double>(options_.silence.count()) / 1e6;
        return ms_since_beat() > silence ? "silent" : nullptr;
    }

    bool act(const char* reason) {
        WatchdogAction action{reason, 0, ms_since_beat(), 0};
        const auto first = std::chrono::steady_clock::now();
        action.orders = cancel_all();
        action.sent_after_ms = ms_since_beat();
        acted_(action);
        for (const core::Nanos after : kAgain) {
            while (std::chrono::steady_clock::now() - first < after) {
                if (stop_.load(std::memory_order_relaxed)) return false;
                turn();
                std::this_thread::sleep_for(kEvery);
            }
            (void)cancel_all();
        }
        return true;
    }
    // Waits for the log-in as long as it takes: there is nothing better to do.
    std::size_t cancel_all() {
        const ouch::TokenText token{page_->prefix()};
        const std::vector<std::uint64_t> names = page_->open();
        for (const std::uint64_t name : names) {
            while (!(page_->version() == ouch::OuchVersion::k42 ? send42(token, name)
                                                                : send50(name))) {
                if (stop_.load(std::memory_order_relaxed)) return 0;
                turn();
                std::this_thread::sleep_for(std::chrono::microseconds{100});
            }
        }
        turn();
        return names.size();
    }
    bool send42(const ouch::TokenText& token, std::uint64_t name) {
        ouch::v42::client::Cancel message;
        message.token = token.text(name);
        const std::span<std::byte> room = soup_.begin(ouch::kWireSize<ouch::v42::client::Cancel>);
        if (room.empty()) return false;
        ouch::encode(message, room.data());
        soup_.send();
        return true;
    }
    bool send50(std::uint64_t name) {
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

    const WatchdogOptions& options_;
    const std::atomic<bool>& stop_;
    const std::function<void(const std::string&)>& say_;
    const std::function<void(const WatchdogAction&)>& acted_;
    core::TscClock clock_ = core::TscClock::calibrate();
    net::TcpStream stream_;
    ouch::SoupClient soup_;
    SessionState state_ = SessionState::kDown;
    std::unique_ptr<ouch::WatchPage> page_;
    FileId id_;
    bool done_ = false;  // with this engine
};

}  // namespace

bool run_watchdog(const WatchdogOptions& options, const std::atomic<bool>& stop,
                  const std::function<void(const std::string&)>& say,
                  const std::function<void(const WatchdogAction&)>& acted) {
    return Watchdog{options, stop, say, acted}.run();
}

}  // namespace sluice::tools
