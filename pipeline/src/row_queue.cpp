#include <sluice/pipeline/row_queue.hpp>

#include <chrono>
#include <new>

namespace sluice::pipeline {

namespace {

// Nobody is woken for a row: the recorder's thread makes no system call for it.
constexpr std::chrono::milliseconds kLookEvery{20};

}  // namespace

RowQueue::RowQueue(RowSink& sink, std::size_t most)
    : sink_(sink), most_(most), thread_([this](const std::stop_token& stop) { run(stop); }) {}

RowQueue::~RowQueue() { finish(); }

template <class R>
void RowQueue::put(const R& row) noexcept {
    const std::scoped_lock lock{mutex_};
    if (!thread_.joinable()) return sink_.take(row);
    if (waiting_.size() >= most_) {
        ++lost_;
        return;
    }
    try {
        waiting_.emplace_back(row);
    } catch (const std::bad_alloc&) {
        ++lost_;
    }
}
template void RowQueue::put(const OrderRecord&) noexcept;
template void RowQueue::put(const FillRecord&) noexcept;
template void RowQueue::put(const RefusalRecord&) noexcept;
template void RowQueue::put(const IncidentRecord&) noexcept;
template void RowQueue::put(const EquityPoint&) noexcept;
template void RowQueue::put(const IntentRecord&) noexcept;
template void RowQueue::put(const ParameterRecord&) noexcept;
template void RowQueue::put(const RegimeRecord&) noexcept;
template void RowQueue::put(const ChargeRecord&) noexcept;
template void RowQueue::put(const RateRecord&) noexcept;

void RowQueue::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        std::this_thread::sleep_for(kLookEvery);
        hand_on();
    }
    hand_on();
}

void RowQueue::hand_on() {
    {
        const std::scoped_lock lock{mutex_};
        std::swap(waiting_, under_way_);
    }
    for (const Row& row : under_way_)
        std::visit([this](const auto& kind) { sink_.take(kind); }, row);
    under_way_.clear();
}

std::uint64_t RowQueue::finish() {
    if (thread_.joinable()) {
        thread_.request_stop();
        thread_.join();
    }
    return lost_;
}

}  // namespace sluice::pipeline
