#include <sluice/tools/interrupt.hpp>

#include <csignal>

#include <unistd.h>

namespace sluice::tools {

namespace {

std::atomic<std::atomic<bool>*> g_stop{nullptr};
static_assert(std::atomic<std::atomic<bool>*>::is_always_lock_free,
              "a signal handler may only use lock-free atomics");

constexpr int kExitInterrupted = 130;  // 128 + SIGINT, as shells report it

extern "C" void on_interrupt(int) {
    // acquire: pairs with the release in the guard
    std::atomic<bool>* stop = g_stop.load(std::memory_order_acquire);
    // relaxed: the flag stands alone
    if (stop == nullptr || stop->exchange(true, std::memory_order_relaxed)) _exit(kExitInterrupted);
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

}  // namespace sluice::tools
