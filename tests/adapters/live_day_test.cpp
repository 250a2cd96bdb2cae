// A day that is recorded while others read it, and while the power goes.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <thread>

#include <sluice/adapters/tick_store/store_source.hpp>
#include <sluice/adapters/tick_store/store_writer.hpp>

#include "adapters/tick_store_test_support.hpp"

namespace sluice::tests {
namespace {

using adapters::tick_store::StoreError;
using adapters::tick_store::StoreFault;
using adapters::tick_store::StoreSource;
using adapters::tick_store::StoreWriter;
using adapters::tick_store::TickStore;

class LiveDay : public testing::Test {
  protected:
    [[nodiscard]] pipeline::TradeColumns held() const {
        return TickStore::open(folder_.path()).read<pipeline::TradeColumns>("X", kDay);
    }
    TempFolder folder_;
    pipeline::Instrument instrument_ = instrument_named("X");
};

TEST_F(LiveDay, shows_what_was_published_and_seals_it_into_one_file) {
    StoreWriter writer(folder_.path());
    auto day = writer.open_live_day(instrument_, kDay);
    day->append(trades_at({1, 2}));
    EXPECT_TRUE(TickStore::open(folder_.path()).symbols().empty()) << "nothing is published yet";
    day->publish();
    EXPECT_EQ(held(), trades_at({1, 2}));
    day->publish();  // nothing new
    day->append(trades_at({3}, 1'002));
    day->publish();
    day->append(trades_at({4}, 1'003));
    EXPECT_EQ(held(), trades_at({1, 2, 3}));
    EXPECT_EQ(TickStore::open(folder_.path()).describe("X").days.size(), 2U);

    StoreSource source(TickStore::open(folder_.path()), {"X"});
    EXPECT_EQ(source.size_hint(), 3U) << "a recording is replayed as far as it is published";

    day->seal();
    EXPECT_EQ(held(), trades_at({1, 2, 3, 4}));
    EXPECT_EQ(TickStore::open(folder_.path()).describe("X").days.size(), 1U);
}

TEST_F(LiveDay, is_taken_up_where_it_was_cut_off) {
    {
        StoreWriter writer(folder_.path());
        auto day = writer.open_live_day(instrument_, kDay);
        day->append(trades_at({1}));
        day->publish();
        day->append(trades_at({9}));  // lost: it was never published
    }
    StoreWriter writer(folder_.path());
    auto day = writer.open_live_day(instrument_, kDay);
    day->append(trades_at({2}, 1'001));
    day->seal();
    EXPECT_EQ(held(), trades_at({1, 2}));
}

TEST_F(LiveDay, does_not_mix_with_an_import_of_the_same_day) {
    StoreWriter writer(folder_.path());
    auto day = writer.open_live_day(instrument_, kDay);
    day->append(trades_at({1}));
    day->publish();
    const auto trades = trades_at({5});
    const auto import = [&] {
        writer.put(instrument_, {kDay, {trades}, {}, {}, {"file", "aa", 1}});
    };
    EXPECT_EQ(error_of<StoreError>(import).fault(), StoreFault::kConflict);
    day->seal();
    EXPECT_EQ(error_of<StoreError>([&] {
                  static_cast<void>(writer.open_live_day(instrument_, kDay));
              }).fault(),
              StoreFault::kConflict);
}

// Kills a recorder at a random moment, many times over: what it had published is there and whole,
// and the next one goes on from it.
TEST_F(LiveDay, survives_being_killed_at_any_moment) {
    std::mt19937 random(5);
    std::int64_t sure = 0;  // rows that must be there
    for (int round = 0; round < 200; ++round) {
        int told[2];
        ASSERT_EQ(::pipe(told), 0);
        const ::pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            StoreWriter writer(folder_.path());
            auto day = writer.open_live_day(instrument_, kDay);
            std::int64_t rows = 0;
            try {
                rows = static_cast<std::int64_t>(held().size());
            } catch (const StoreError&) {
                // Nothing was published before.
            }
            for (;;) {
                day->append(trades_at({rows}, 1'000 + rows));
                ++rows;
                day->publish();
                if (::write(told[1], &rows, sizeof rows) != sizeof rows) ::_exit(1);
            }
        }
        ::close(told[1]);
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 20'000));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        for (std::int64_t rows = 0; ::read(told[0], &rows, sizeof rows) == sizeof rows;)
            sure = rows;
        ::close(told[0]);
        if (sure == 0) continue;
        const auto trades = held();
        ASSERT_GE(static_cast<std::int64_t>(trades.size()), sure) << "round " << round;
        for (std::size_t i = 0; i < trades.size(); ++i)
            ASSERT_EQ(trades.price_raw[i], 1'000 + static_cast<std::int64_t>(i));
        for (const auto& file : TickStore::open(folder_.path()).files("X")) TickStore::verify(file);
        if (round % 40 == 39) {  // start over, so that the parts stay few
            StoreWriter writer(folder_.path());
            writer.open_live_day(instrument_, kDay)->seal();
            fs::remove_all(folder_ / "X");
            sure = 0;
        }
    }
}

}  // namespace
}  // namespace sluice::tests
