// A bounded number of threads (a TBB arena) for work that falls into independent parts. Off the hot
// path: give it the cores that no pinned thread has.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace sluice::research {

class Arena {
  public:
    // `threads` at most, the caller's among them; at least one.
    explicit Arena(std::size_t threads);
    ~Arena();
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    // Calls part(0) to part(count - 1), each once, in any order, and returns when all have; what they
    // did is visible then. Rethrows what one of them threw.
    void each(std::size_t count, const std::function<void(std::size_t)>& part);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sluice::research
