// A farm hands jobs to whoever has joined, takes the answers in the order of the jobs, and loses nothing
// with a worker but what that was at.
#include <sluice/adapters/farm/farm_host.hpp>
#include <sluice/adapters/farm/farm_worker.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

namespace sluice::adapters::farm {
namespace {

using namespace std::chrono_literals;

class FarmTest : public testing::Test {
  protected:
    FarmTest() : socket_(listen_at("127.0.0.1:0")), address_(address_of(socket_)) {
        host_ = std::make_unique<FarmHost>(
            socket_, FarmRules{"secret", "task", [this](const std::string& text) {
                                   const std::lock_guard<std::mutex> lock{saying_};
                                   said_ += text + "\n";
                               }});
    }
    ~FarmTest() override { host_.reset(); }

    [[nodiscard]] Joining joining() const { return {{address_}, "secret", "task", 10}; }
    // A worker until the farm ends.
    std::jthread worker(Job job) {
        return std::jthread{[this, job = std::move(job)] {
            std::atomic<bool> stop{false};
            work_for(joining(), job, stop);
        }};
    }
    // The thread that speaks of a lost worker may do so after the jobs are done.
    void await_said(const std::string& text) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
        while (said().find(text) == std::string::npos && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        EXPECT_NE(said().find(text), std::string::npos) << said();
    }
    void await_hands(std::size_t count) const {
        for (int i = 0; i < 5'000 && host_->hands() != count; ++i) std::this_thread::sleep_for(1ms);
        ASSERT_EQ(host_->hands(), count);
    }
    [[nodiscard]] std::string said() {
        const std::lock_guard<std::mutex> lock{saying_};
        return said_;
    }
    static std::vector<std::string> jobs(std::size_t count) {
        std::vector<std::string> out;
        for (std::size_t i = 0; i < count; ++i) out.push_back(std::to_string(i));
        return out;
    }
    // Runs the jobs; what was taken, in the order of taking.
    [[nodiscard]] std::vector<std::string> run(std::size_t count, const FarmHost::Here& here) {
        std::vector<std::string> out;
        const std::vector<std::string> all = jobs(count);
        const bool done = host_->work(
            all, here,
            [&](std::size_t job, const std::string& answer) {
                EXPECT_EQ(job, out.size());
                out.push_back(answer);
            },
            stop_);
        EXPECT_TRUE(done);
        return out;
    }
    static std::vector<std::string> answers(std::size_t count) {
        std::vector<std::string> out;
        for (std::size_t i = 0; i < count; ++i) out.push_back("answer " + std::to_string(i));
        return out;
    }

    int socket_;
    std::string address_;
    std::mutex saying_;
    std::string said_;
    std::atomic<bool> stop_{false};
    std::unique_ptr<FarmHost> host_;
};

std::optional<std::string> answer(const std::string& job) { return "answer " + job; }

TEST_F(FarmTest, does_all_itself_without_workers) {
    EXPECT_EQ(run(7, answer), answers(7));
    EXPECT_EQ(run(0, answer), answers(0));
}

TEST_F(FarmTest, shares_jobs_and_takes_answers_in_their_order) {
    std::atomic<int> elsewhere{0};
    const Job slow = [&](const std::string& job) {
        ++elsewhere;
        std::this_thread::sleep_for(std::chrono::milliseconds{job.size() % 2});
        return answer(job);
    };
    const std::jthread one = worker(slow);
    const std::jthread two = worker(slow);
    await_hands(3);
    for (int round = 0; round < 5; ++round) {
        EXPECT_EQ(run(40,
                      [](const std::string& job) {
                          std::this_thread::sleep_for(1ms);
                          return answer(job);
                      }),
                  answers(40));
    }
    EXPECT_GT(elsewhere.load(), 10);
    host_.reset();
}

TEST_F(FarmTest, gives_to_others_what_a_lost_worker_was_at) {
    // It takes a job and is gone: what a kill of its process looks like from here.
    Link lost{connect_to(address_)};
    ASSERT_TRUE(lost.send(Kind::kHello, "secret\ntask"));
    ASSERT_EQ(lost.receive()->kind, Kind::kWelcome);
    await_hands(2);
    std::jthread dying{[&lost] {
        EXPECT_EQ(lost.receive()->kind, Kind::kJob);
        lost.hang_up();
    }};
    EXPECT_EQ(run(3,
                  [&](const std::string& job) {
                      if (dying.joinable()) dying.join();  // so that it has got one
                      return answer(job);
                  }),
              answers(3));
    await_said("is gone; the others take what it was at");
    await_hands(1);
}

TEST_F(FarmTest, says_why_a_worker_cannot_go_on) {
    std::jthread broken{[this] {
        std::atomic<bool> stop{false};
        EXPECT_THROW(work_for(
                         joining(),
                         [](const std::string&) -> std::optional<std::string> {
                             throw std::runtime_error("its store holds other data");
                         },
                         stop),
                     std::runtime_error);
    }};
    await_hands(2);
    EXPECT_EQ(run(3,
                  [&](const std::string& job) {
                      if (broken.joinable()) broken.join();
                      return answer(job);
                  }),
              answers(3));
    await_said("its store holds other data");
}

TEST_F(FarmTest, lets_in_who_knows_the_secret_and_has_the_same_task) {
    std::atomic<bool> stop{false};
    Joining wrong = joining();
    wrong.secret = "guess";
    EXPECT_THROW(work_for(wrong, answer, stop), FarmError);
    wrong = joining();
    wrong.task = "another";
    EXPECT_THROW(work_for(wrong, answer, stop), FarmError);
    wrong = joining();
    wrong.addresses = {"127.0.0.1:1"};
    wrong.within_seconds = 0;
    EXPECT_THROW(work_for(wrong, answer, stop), FarmError);
    EXPECT_EQ(host_->hands(), 1U);
    EXPECT_THROW((void)listen_at("nowhere"), FarmError);
    EXPECT_THROW((void)connect_to("127.0.0.1:"), FarmError);
}

TEST_F(FarmTest, stops_in_the_middle_and_can_go_on_afterwards) {
    std::atomic<bool> begun{false};
    std::atomic<bool> go_on{false};
    const std::jthread waiting = worker([&](const std::string& job) {
        begun = true;
        while (!go_on) std::this_thread::sleep_for(1ms);
        return answer(job);
    });
    await_hands(2);
    const std::vector<std::string> all = jobs(4);
    std::size_t taken = 0;
    EXPECT_FALSE(host_->work(
        all,
        [&](const std::string& job) {
            while (!begun) std::this_thread::sleep_for(1ms);
            stop_ = job == "1";
            return answer(job);
        },
        [&](std::size_t, const std::string&) { ++taken; }, stop_));
    EXPECT_EQ(taken, 0U) << "the worker is still at the first";
    stop_ = false;
    go_on = true;
    EXPECT_EQ(run(5, answer), answers(5)) << "the late answer belongs to the round before";
    host_.reset();
}

}  // namespace
}  // namespace sluice::adapters::farm
