// The side of a farm that has the work: it hands jobs to the workers that have joined, and does jobs
// itself. A worker that goes costs the job it was at, which the next one takes; without workers all is
// done here. Answers are handed over in the order of the jobs, whoever made them and when.
//
// Threads  One that drives, calls everything; inside, one that accepts and one a worker.
// Bounds   A job a worker at a time. A worker that has said nothing for kSilentMost is given up.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <sluice/adapters/farm/link.hpp>

namespace sluice::adapters::farm {

inline constexpr int kBeatEverySeconds = 2;
inline constexpr int kSilentMostSeconds = 20;

struct FarmRules {
    std::string secret;  // who does not know it is not let in
    std::string task;    // what both have to be at work on: a worker with another one is refused
    std::function<void(const std::string&)> say;  // who came and went; from any thread
};

class FarmHost {
  public:
    // `listening`: a socket that listens; taken over.
    FarmHost(int listening, FarmRules rules);
    ~FarmHost();
    FarmHost(const FarmHost&) = delete;
    FarmHost& operator=(const FarmHost&) = delete;

    // Who can work now, this process too.
    [[nodiscard]] std::size_t hands() const;

    // Does one job in this process; nothing: stopped.
    using Here = std::function<std::optional<std::string>(const std::string& job)>;
    // In the order of the jobs, each once.
    using Take = std::function<void(std::size_t job, const std::string& answer)>;
    // False when it was stopped before all were done. Throws what `here` and `take` throw.
    [[nodiscard]] bool work(std::span<const std::string> jobs, const Here& here, const Take& take,
                            const std::atomic<bool>& stop);

  private:
    struct Worker {
        explicit Worker(int socket) : link(socket) {}
        Link link;
        std::string name;
        bool joined = false;
        bool gone = false;
        std::jthread thread;
    };

    void accept_all();
    void serve(Worker& worker);
    [[nodiscard]] bool let_in(Worker& worker);
    void do_jobs(Worker& worker);
    // Empty when it is lost; beats are passed over.
    [[nodiscard]] std::optional<std::string> answer_of(Worker& worker, std::string& why);
    void reap();

    FarmRules rules_;
    int listening_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    // Under the mutex.
    std::list<Worker> workers_;
    std::deque<std::size_t> open_;  // jobs that nobody is at
    std::span<const std::string> jobs_;
    std::vector<std::optional<std::string>> answers_;
    std::uint64_t round_ = 0;  // an answer of an earlier one, that was stopped, is dropped
    bool closing_ = false;

    std::jthread accepting_;
};

}  // namespace sluice::adapters::farm
