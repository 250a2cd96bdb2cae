#include <sluice/tools/interrupt.hpp>

#include <csignal>

#include <unistd.h>

namespace sluice::tools {

namespace {

std::atomic<std::atomic<bool>*> g_stop{nullptr};
static_assert(std::atomic<std::atomic<bool>*>::is_always_lock_free,
              "a signal handler may only use lock-free atomics");

std::atomic<std::atomic<bool>*> g_kill{nullptr};

constexpr int kExitInterrupted = 130;  // 128 + SIGINT, as shells report it

extern "C" void on_interrupt(int) {
    // acquire: pairs with the release in the guard
    std::atomic<bool>* stop = g_stop.load(std::memory_order_acquire);
    // relaxed: the flag stands alone
    if (stop == nullptr || stop->exchange(true, std::memory_order_relaxed)) _exit(kExitInterrupted);
}

extern "C" void on_kill(int) {
    // acquire: pairs with the release in the guard
    if (std::atomic<bool>* kill = g_kill.load(std::memory_order_acquire); kill != nullptr)
        kill->store(true, std::memory_order_relaxed);  // relaxed: a flag on its own
}

void install(void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

InterruptGuard::InterruptGuard(std::atomic<bool>& stop) {
    // release: the flag is ready before the handler can see it
    g_stop.store(&stop, std::memory_order_release);
    install(&on_interrupt);
}

InterruptGuard::~InterruptGuard() {
    install(SIG_DFL);
    g_stop.store(nullptr, std::memory_order_release);  // release: as above
}

KillSignalGuard::KillSignalGuard(std::atomic<bool>& kill) {
    g_kill.store(&kill, std::memory_order_release);  // release: as above
    struct sigaction action {};
    action.sa_handler = &on_kill;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    sigaction(SIGUSR1, &action, nullptr);
}

KillSignalGuard::~KillSignalGuard() {
    // Ignored from now on: one that comes as the session ends must not look like a crash.
    struct sigaction action {};
    action.sa_handler = SIG_IGN;
    sigaction(SIGUSR1, &action, nullptr);
    g_kill.store(nullptr, std::memory_order_release);  // release: as above
}

}  // namespace sluice::tools
