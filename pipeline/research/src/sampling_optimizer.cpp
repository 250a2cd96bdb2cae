// `random` and `sobol`: what every other method has to beat.
#include <stdexcept>
#include <utility>

#include <sluice/research/sobol.hpp>

#include "draws.hpp"
#include "methods_here.hpp"

namespace sluice::research {
namespace {

class SamplingOptimizer final : public Optimizer {
  public:
    SamplingOptimizer(const std::string& name, Space space, OptimizerOptions options)
        : Optimizer{name, std::move(space), std::move(options)}, uniform_{name == "random"},
          random_{this->options().seed, kUniformPoints, 0}, sobol_{this->space().size(),
                                                                   this->options().seed} {}

  private:
    Point propose() override {
        for (int refused = 0; refused < kMostRefused; ++refused) {
            Point point = space().from_cube(draw());
            if (allowed(point)) return point;
        }
        throw std::runtime_error("no allowed point among those drawn");
    }
    std::vector<double> draw() {
        ++drawn_;
        if (!uniform_) return sobol_.next();
        std::vector<double> out(space().size());
        for (double& u : out) u = random_.uniform();
        return out;
    }
    [[nodiscard]] std::vector<double> memory() const override {
        return {static_cast<double>(drawn_)};
    }
    void set_memory(std::span<const double> numbers) override {
        if (numbers.size() != 1 || !(numbers[0] >= 0.0 && numbers[0] < 0x1p32))
            throw std::invalid_argument("the saved count of draws is damaged");
        random_ = core::Random{options().seed, kUniformPoints, 0};
        sobol_ = Sobol{space().size(), options().seed};
        drawn_ = 0;
        for (const auto draws = static_cast<std::uint64_t>(numbers[0]); drawn_ < draws;)
            (void)draw();
    }

    bool uniform_;
    core::Random random_;
    Sobol sobol_;
    std::uint64_t drawn_ = 0;
};

}  // namespace

std::unique_ptr<Optimizer> make_sampling_optimizer(const std::string& name, Space space,
                                                   OptimizerOptions options) {
    return std::make_unique<SamplingOptimizer>(name, std::move(space), std::move(options));
}

}  // namespace sluice::research
