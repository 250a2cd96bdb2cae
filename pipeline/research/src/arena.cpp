#include <sluice/research/arena.hpp>

#include <algorithm>

#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

namespace sluice::research {

struct Arena::State {
    explicit State(std::size_t threads)
        : most(tbb::global_control::max_allowed_parallelism, threads),
          arena(static_cast<int>(threads)) {}
    tbb::global_control most;  // else TBB has no more threads than the host has cores
    tbb::task_arena arena;
};

Arena::Arena(std::size_t threads)
    : state_(std::make_unique<State>(std::max<std::size_t>(threads, 1))) {}
Arena::~Arena() = default;

void Arena::each(std::size_t count, const std::function<void(std::size_t)>& part) {
    state_->arena.execute([&] {
        // One part at a time: they may differ in length, and are long beside the handing out.
        tbb::parallel_for(std::size_t{0}, count, part, tbb::simple_partitioner{});
    });
}

}  // namespace sluice::research
