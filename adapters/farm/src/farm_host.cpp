#include <sluice/adapters/farm/farm_host.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <new>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sluice::adapters::farm {
namespace {

constexpr std::size_t kHelloRoom = 4096;        // bytes, beside secret and task
constexpr std::ptrdiff_t kWorkersMost = 1024;   // connected at once
constexpr std::chrono::milliseconds kLook{20};  // for a stop, while others work

std::string peer_of(int socket) {
    sockaddr_in where{};
    socklen_t size = sizeof where;
    std::array<char, INET_ADDRSTRLEN> text{};
    if (::getpeername(socket, static_cast<sockaddr*>(static_cast<void*>(&where)), &size) != 0 ||
        ::inet_ntop(AF_INET, &where.sin_addr, text.data(), text.size()) == nullptr)
        return "somewhere";
    return std::string(text.data()) + ":" + std::to_string(ntohs(where.sin_port));
}

// Takes as long for a right one as for a wrong one.
bool same_secret(std::string_view given, std::string_view wanted) noexcept {
    unsigned differs = given.size() == wanted.size() ? 0U : 1U;
    for (std::size_t i = 0; i < std::min(given.size(), wanted.size()); ++i)
        differs |= static_cast<unsigned>(given[i] ^ wanted[i]);
    return differs == 0;
}

}  // namespace

FarmHost::FarmHost(int listening, FarmRules rules)
    : rules_(std::move(rules)), listening_(listening), accepting_([this] { accept_all(); }) {}

FarmHost::~FarmHost() {
    {
        const std::lock_guard<std::mutex> lock{mutex_};
        closing_ = true;
        for (Worker& worker : workers_) worker.link.hang_up();
    }
    (void)::shutdown(listening_, SHUT_RDWR);
    changed_.notify_all();
    accepting_.join();
    workers_.clear();  // joins their threads
    (void)::close(listening_);
}

std::size_t FarmHost::hands() const {
    const std::lock_guard<std::mutex> lock{mutex_};
    return 1 + static_cast<std::size_t>(
                   std::count_if(workers_.begin(), workers_.end(),
                                 [](const Worker& w) { return w.joined && !w.gone; }));
}

void FarmHost::accept_all() {
    for (;;) {
        const int socket = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) std::this_thread::sleep_for(kLook);  // gone again, or too many are open
        const std::lock_guard<std::mutex> lock{mutex_};
        if (closing_) {
            if (socket >= 0) (void)::close(socket);
            return;
        }
        if (socket < 0) continue;
        if (std::count_if(workers_.begin(), workers_.end(),
                          [](const Worker& w) { return !w.gone; }) >= kWorkersMost) {
            (void)::close(socket);
            continue;
        }
        workers_.emplace_back(socket);
        Worker& worker = workers_.back();
        worker.name = peer_of(socket);
        worker.thread = std::jthread{[this, &worker] { serve(worker); }};
    }
}

void FarmHost::serve(Worker& worker) {
    worker.link.receive_within(kSilentMostSeconds);
    try {
        if (let_in(worker)) do_jobs(worker);
    } catch (const std::bad_alloc&) {
        rules_.say("a worker at " + worker.name + " was sent away: no memory for what it says");
    }
    worker.link.hang_up();
    const std::lock_guard<std::mutex> lock{mutex_};
    worker.gone = true;
}

bool FarmHost::let_in(Worker& worker) {
    // Of somebody not known yet: no more than a right one has.
    const std::optional<Message> hello =
        worker.link.receive(rules_.secret.size() + rules_.task.size() + kHelloRoom);
    if (!hello || hello->kind != Kind::kHello) return false;
    const auto end = hello->text.find('\n');
    if (end == std::string::npos || !same_secret(hello->text.substr(0, end), rules_.secret)) {
        rules_.say("a worker at " + worker.name + " does not know the secret and was sent away");
        (void)worker.link.send(Kind::kRefused, "it has another secret");
        return false;
    }
    if (hello->text.substr(end + 1) != rules_.task) {
        rules_.say("a worker at " + worker.name +
                   " is another program, or has another configuration, and was sent away");
        (void)worker.link.send(Kind::kRefused,
                               "it is another program, or has another configuration");
        return false;
    }
    if (!worker.link.send(Kind::kWelcome, "")) return false;
    const std::lock_guard<std::mutex> lock{mutex_};
    worker.joined = true;
    changed_.notify_all();
    return true;
}

std::optional<std::string> FarmHost::answer_of(Worker& worker, std::string& why) {
    for (;;) {
        std::optional<Message> message = worker.link.receive();
        if (!message) {
            why = "is gone";
            return std::nullopt;
        }
        if (message->kind == Kind::kAnswer) return std::move(message->text);
        if (message->kind == Kind::kBeat) continue;
        why = "cannot go on: " + message->text;
        return std::nullopt;
    }
}

void FarmHost::do_jobs(Worker& worker) {
    std::unique_lock<std::mutex> lock{mutex_};
    while (!closing_) {
        if (open_.empty()) {
            // Beats gather meanwhile; the next answer_of() passes over them.
            changed_.wait(lock);
            continue;
        }
        const std::size_t job = open_.front();
        open_.pop_front();
        const std::uint64_t round = round_;
        const std::string text = jobs_[job];
        lock.unlock();
        std::string why = "is gone";
        std::optional<std::string> answer;
        if (worker.link.send(Kind::kJob, text)) answer = answer_of(worker, why);
        lock.lock();
        if (closing_) return;
        if (answer && round == round_) answers_[job] = std::move(*answer);
        if (!answer) {
            worker.gone = true;
            if (round == round_) open_.push_front(job);
        }
        changed_.notify_all();
        if (answer) continue;
        lock.unlock();
        rules_.say("the worker at " + worker.name + " " + why + "; the others take what it was at");
        return;
    }
}

// Threads of workers that are gone; the mutex is not held.
void FarmHost::reap() {
    std::list<Worker> gone;
    {
        const std::lock_guard<std::mutex> lock{mutex_};
        for (auto at = workers_.begin(); at != workers_.end();) {
            const auto next = std::next(at);
            if (at->gone) gone.splice(gone.end(), workers_, at);
            at = next;
        }
    }
}

bool FarmHost::work(std::span<const std::string> jobs, const Here& here, const Take& take,
                    const std::atomic<bool>& stop) {
    reap();
    std::unique_lock<std::mutex> lock{mutex_};
    // However this ends, nobody looks at the jobs any more.
    struct Over {
        FarmHost& farm;
        std::unique_lock<std::mutex>& lock;
        ~Over() {
            if (!lock.owns_lock()) lock.lock();
            ++farm.round_;
            farm.open_.clear();
            farm.jobs_ = {};
        }
    } const over{*this, lock};
    jobs_ = jobs;
    answers_.assign(jobs.size(), std::nullopt);
    for (std::size_t i = 0; i < jobs.size(); ++i) open_.push_back(i);
    changed_.notify_all();
    std::size_t taken = 0;
    while (taken < jobs.size()) {
        if (answers_[taken]) {
            const std::string answer = std::move(*answers_[taken]);
            lock.unlock();
            take(taken++, answer);
            lock.lock();
            continue;
        }
        if (stop.load(std::memory_order_relaxed)) return false;  // relaxed: a flag on its own
        if (open_.empty()) {
            (void)changed_.wait_for(lock, kLook);
            continue;
        }
        // From the other end than the workers: what comes first is handed over first.
        const std::size_t job = open_.back();
        open_.pop_back();
        lock.unlock();
        std::optional<std::string> answer = here(jobs[job]);
        lock.lock();
        if (!answer) return false;
        answers_[job] = std::move(*answer);
    }
    return true;
}

}  // namespace sluice::adapters::farm
