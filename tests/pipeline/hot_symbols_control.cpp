// What the check of the hot path's symbols must catch: one of each kind, planted. Compiled as the
// hot path is, never linked.
#include <cstdio>
#include <mutex>
#include <vector>

namespace sluice::tests {

int* planted_allocation() { return new int{1}; }
void planted_lock(std::mutex& mutex) { mutex.lock(); }
int planted_throw(const std::vector<int>& values, std::size_t index) { return values.at(index); }
void planted_output(double value) { std::printf("%f\n", value); }

}  // namespace sluice::tests
