#include <sluice/adapters/farm/farm_worker.hpp>

#include <chrono>
#include <exception>
#include <thread>

#include <poll.h>

#include <sluice/adapters/farm/farm_host.hpp>

namespace sluice::adapters::farm {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kAgain{100};
constexpr int kLookMs = 100;

// Let in; a host that refuses is an error, one that does not answer may be another program.
std::optional<Link> try_address(const std::string& address, const Joining& joining,
                                std::string& why) {
    int socket = -1;
    try {
        socket = connect_to(address);
    } catch (const FarmError& error) {
        why = error.what();
        return std::nullopt;
    }
    Link link{socket};
    link.receive_within(kSilentMostSeconds);
    std::optional<Message> answer;
    if (link.send(Kind::kHello, joining.secret + "\n" + joining.task)) answer = link.receive();
    if (answer && answer->kind == Kind::kRefused)
        throw FarmError("the search at " + address + " does not take this worker: " + answer->text);
    if (!answer || answer->kind != Kind::kWelcome) {
        why = "what listens at " + address + " is no search";
        return std::nullopt;
    }
    link.receive_within(0);  // the next job may be long in coming
    return link;
}

Link join(const Joining& joining, const std::atomic<bool>& stop) {
    std::string why = "no address to join was named";
    const auto until = Clock::now() + std::chrono::seconds{joining.within_seconds};
    for (;;) {
        for (const std::string& address : joining.addresses)
            if (std::optional<Link> link = try_address(address, joining, why))
                return std::move(*link);
        if (Clock::now() >= until || stop.load(std::memory_order_relaxed))  // relaxed: a flag alone
            throw FarmError(why);
        std::this_thread::sleep_for(kAgain);
    }
}

// Until asked to end: looks whether the host is there, and while there is a job to do says that this is.
void watch(Link& link, const std::atomic<bool>& busy, std::atomic<bool>& stop,
           const std::stop_token& end) {
    auto beat = Clock::now();
    while (!end.stop_requested()) {
        pollfd host{link.socket(), POLLRDHUP, 0};
        const int ready = ::poll(&host, 1, kLookMs);
        const bool gone = ready > 0 && (host.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
        if (gone) stop.store(true, std::memory_order_relaxed);  // relaxed: a flag on its own
        if (stop.load(std::memory_order_relaxed)) {
            link.hang_up();  // whoever waits for a job need not
            return;
        }
        // relaxed: a beat more or less
        if (!busy.load(std::memory_order_relaxed)) continue;
        if (Clock::now() - beat < std::chrono::seconds{kBeatEverySeconds}) continue;
        beat = Clock::now();
        (void)link.send(Kind::kBeat, "");
    }
}

}  // namespace

void work_for(const Joining& joining, const Job& job, std::atomic<bool>& stop) {
    Link link = join(joining, stop);
    std::atomic<bool> busy{false};
    const std::jthread watching{
        [&link, &busy, &stop](const std::stop_token& end) { watch(link, busy, stop, end); }};
    while (const std::optional<Message> message = link.receive()) {
        if (message->kind != Kind::kJob) break;
        std::optional<std::string> answer;
        busy.store(true, std::memory_order_relaxed);  // relaxed: as above
        try {
            answer = job(message->text);
        } catch (const std::exception& error) {
            (void)link.send(Kind::kFailed, error.what());
            throw;
        }
        busy.store(false, std::memory_order_relaxed);
        if (!answer || !link.send(Kind::kAnswer, *answer)) break;
    }
}

}  // namespace sluice::adapters::farm
