// Rows on their way to a sink that has to wait: nobody else does, none is lost unseen.
#include <sluice/pipeline/row_queue.hpp>

#include <future>

#include <gtest/gtest.h>

#include "kept_rows.hpp"
#include "support.hpp"

namespace sluice::tests {
namespace {

using pipeline::EquityPoint;
using pipeline::FillRecord;
using pipeline::OrderRecord;
using pipeline::RowQueue;

FillRecord fill(std::int64_t second) {
    FillRecord row;
    row.time = at_second(second);
    return row;
}

TEST(RowQueue, hands_on_all_rows_in_their_order) {
    constexpr std::int64_t kRows = 50'000;
    KeptRows sink;
    RowQueue queue{sink};
    for (std::int64_t i = 0; i < kRows; ++i) {
        queue.take(fill(i));
        if (i % 100 == 0) queue.take(OrderRecord{});
    }
    EXPECT_EQ(queue.finish(), 0U);
    ASSERT_EQ(sink.kept.fills.size(), std::size_t{kRows});
    for (std::int64_t i = 0; i < kRows; ++i)
        ASSERT_EQ(sink.kept.fills[static_cast<std::size_t>(i)].time, at_second(i));
    EXPECT_EQ(sink.kept.orders.size(), std::size_t{kRows / 100});
}

TEST(RowQueue, hands_on_at_once_what_comes_after_the_end) {
    KeptRows sink;
    RowQueue queue{sink};
    EXPECT_EQ(queue.finish(), 0U);
    queue.take(EquityPoint{});
    EXPECT_EQ(sink.kept.equity.size(), 1U);
}

// A disk that hangs until it is let go.
class HungSink final : public pipeline::RowSink {
  public:
    explicit HungSink(std::shared_future<void> disk) : disk_(std::move(disk)) {}
    KeptRows inner;

    void take(const OrderRecord& row) noexcept override { hand_on(row); }
    void take(const FillRecord& row) noexcept override { hand_on(row); }
    void take(const pipeline::RefusalRecord& row) noexcept override { hand_on(row); }
    void take(const pipeline::IncidentRecord& row) noexcept override { hand_on(row); }
    void take(const EquityPoint& row) noexcept override { hand_on(row); }
    void take(const pipeline::IntentRecord& row) noexcept override { hand_on(row); }
    void take(const pipeline::ParameterRecord& row) noexcept override { hand_on(row); }
    void take(const pipeline::RegimeRecord& row) noexcept override { hand_on(row); }
    void take(const pipeline::ChargeRecord& row) noexcept override { hand_on(row); }
    void take(const pipeline::RateRecord& row) noexcept override { hand_on(row); }

  private:
    template <class Row>
    void hand_on(const Row& row) noexcept {
        disk_.wait();
        inner.take(row);
    }
    std::shared_future<void> disk_;
};

TEST(RowQueue, does_not_wait_for_a_sink_that_hangs_and_counts_what_it_had_no_room_for) {
    constexpr std::size_t kMost = 8;
    constexpr std::uint64_t kRows = 100;
    std::promise<void> disk;
    HungSink sink{disk.get_future().share()};
    RowQueue queue{sink, kMost};
    for (std::uint64_t i = 0; i < kRows; ++i) queue.take(fill(0));  // returns, or the test hangs
    disk.set_value();
    const std::uint64_t lost = queue.finish();
    EXPECT_GE(lost, kRows - 2 * kMost) << "as many wait as are under way, at most";
    EXPECT_EQ(sink.inner.kept.fills.size() + lost, kRows);
}

}  // namespace
}  // namespace sluice::tests
