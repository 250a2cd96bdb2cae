#include <sluice/core/thread.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <fstream>
#include <latch>
#include <utility>

#include <pthread.h>
#include <sched.h>

namespace sluice::core {

namespace {

constexpr std::size_t kNameMax = 15;  // TASK_COMM_LEN less the terminator

// Whole cores granted by the control group, rounded up; nothing where no quota is set.
std::optional<std::size_t> quota_cores() {
    double quota_us = 0;
    double period_us = 0;
    if (std::ifstream v2{"/sys/fs/cgroup/cpu.max"}; v2 >> quota_us >> period_us) {
        // "max <period>" does not parse as a number, so it reads as no quota
    } else {
        std::ifstream quota{"/sys/fs/cgroup/cpu/cpu.cfs_quota_us"};
        std::ifstream period{"/sys/fs/cgroup/cpu/cpu.cfs_period_us"};
        if (!(quota >> quota_us) || !(period >> period_us)) {
            return std::nullopt;
        }
    }
    if (quota_us <= 0 || period_us <= 0) {
        return std::nullopt;  // -1: no quota
    }
    return static_cast<std::size_t>((quota_us + period_us - 1) / period_us);
}

}  // namespace

std::string_view to_string(PinResult result) noexcept {
    switch (result) {
        case PinResult::kNotAsked: return "not asked";
        case PinResult::kPinned: return "pinned";
        case PinResult::kNotAvailable: return "core not available";
        case PinResult::kRefused: return "refused by the kernel";
    }
    return "unknown";
}

std::vector<std::size_t> available_cores() {
    cpu_set_t mask;
    CPU_ZERO(&mask);
    std::vector<std::size_t> cores;
    if (::sched_getaffinity(0, sizeof mask, &mask) == 0) {
        for (std::size_t core = 0; core < CPU_SETSIZE; ++core) {
            if (CPU_ISSET(core, &mask)) {
                cores.push_back(core);
            }
        }
    }
    if (cores.empty()) {  // more cores than the mask holds: fall back on the count
        const std::size_t count = std::max(1U, std::thread::hardware_concurrency());
        for (std::size_t core = 0; core < count; ++core) {
            cores.push_back(core);
        }
    }
    return cores;
}

std::size_t usable_core_count() {
    const std::size_t cores = available_cores().size();
    return std::max<std::size_t>(1, std::min(cores, quota_cores().value_or(cores)));
}

PinResult pin_this_thread(std::size_t core) noexcept {
    if (core >= CPU_SETSIZE) {
        return PinResult::kNotAvailable;
    }
    cpu_set_t mask;
    CPU_ZERO(&mask);
    CPU_SET(core, &mask);
    if (::sched_setaffinity(0, sizeof mask, &mask) == 0) {
        return PinResult::kPinned;
    }
    return errno == EINVAL ? PinResult::kNotAvailable : PinResult::kRefused;
}

void name_this_thread(std::string_view name) noexcept {
    std::array<char, kNameMax + 1> text{};
    std::copy_n(name.begin(), std::min(name.size(), kNameMax), text.begin());
    (void)::pthread_setname_np(::pthread_self(), text.data());  // only a label
}

struct PinnedThread::Shared {
    std::latch ready{1};
    PinResult pin_result = PinResult::kNotAsked;  // written before ready, read after
    std::exception_ptr failure;                   // written before the end, read after join
    std::atomic<bool> has_ended{false};
};

PinnedThread::PinnedThread(ThreadOptions options, Body body) : shared_{std::make_unique<Shared>()} {
    Shared* shared = shared_.get();
    thread_ = std::jthread{
        [shared, options = std::move(options), body = std::move(body)](std::stop_token stop) {
            name_this_thread(options.name);
            if (options.core) {
                shared->pin_result = pin_this_thread(*options.core);
            }
            shared->ready.count_down();
            try {
                body(std::move(stop));
            } catch (...) {
                shared->failure = std::current_exception();
            }
            // release: what the body did is visible to who sees the end; pairs with has_ended()
            shared->has_ended.store(true, std::memory_order_release);
        }};
    shared->ready.wait();
}

PinnedThread::PinnedThread() noexcept = default;
PinnedThread::PinnedThread(PinnedThread&& other) noexcept = default;

PinnedThread& PinnedThread::operator=(PinnedThread&& other) noexcept {
    if (this != &other) {
        thread_ = std::move(other.thread_);  // stops and joins the old thread first
        shared_ = std::move(other.shared_);
    }
    return *this;
}

PinnedThread::~PinnedThread() = default;  // jthread, declared last, stops and joins first

void PinnedThread::request_stop() noexcept { thread_.request_stop(); }

void PinnedThread::join() {
    if (!thread_.joinable()) {
        return;
    }
    thread_.join();
    if (auto failure = std::exchange(shared_->failure, nullptr)) {
        std::rethrow_exception(failure);
    }
}

bool PinnedThread::has_ended() const noexcept {
    // acquire: pairs with the release at the end of the thread
    return shared_ == nullptr || shared_->has_ended.load(std::memory_order_acquire);
}

PinResult PinnedThread::pin_result() const noexcept {
    return shared_ == nullptr ? PinResult::kNotAsked : shared_->pin_result;
}

}  // namespace sluice::core
