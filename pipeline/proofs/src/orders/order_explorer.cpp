#include <sluice/proofs/order_explorer.hpp>

#include <array>

#include <sluice/core/random.hpp>

#include "order_scene.hpp"

namespace sluice::proofs {

namespace {

using core::Random;

// How likely each act is beside the others, in the order of Act: answers often, faults seldom.
constexpr std::array<std::int64_t, kActCount> kWeights{6,  4, 12, 2, 6, 4, 1, 1,
                                                       16, 4, 2,  1, 4, 1, 1, 2};

class Explorer {
  public:
    explicit Explorer(const OrderExploreOptions& options)
        : options_(options), scene_(options.make, options.rules, options.brackets) {
        report_.by_act.assign(kActCount, 0);
    }

    OrderExploreReport run() {
        explore_completely();
        for (; !over(); ++report_.random) walk(report_.random);
        return std::move(report_);
    }

  private:
    [[nodiscard]] bool over() const noexcept {
        return report_.violation || report_.ended_early || report_.sequences >= options_.sequences;
    }

    // Depth after depth, as long as the next one may be expected to take up half of what is left.
    void explore_completely() {
        std::uint64_t before = 1;
        for (std::uint64_t depth = 1; depth <= options_.depth && !over(); ++depth) {
            const std::uint64_t first = report_.sequences;
            if (!explore_depth(depth)) return;
            const std::uint64_t leaves = report_.sequences - first;
            report_.complete = report_.sequences;
            report_.complete_depth = depth;
            // The number of things that can happen grows with the depth, so a little more than before.
            const double expected = static_cast<double>(leaves) * static_cast<double>(leaves) /
                                    static_cast<double>(before) * 1.2;
            const std::uint64_t left = options_.sequences - report_.sequences;
            if (expected * 2 > static_cast<double>(left)) return;
            before = leaves;
        }
    }
    // Every sequence of `depth` steps: an odometer whose wheels are what was possible at each.
    bool explore_depth(std::uint64_t depth) {
        std::vector<std::size_t> choice;
        std::vector<std::size_t> choices;
        do {
            if (over()) return false;
            begin();
            for (std::size_t at = 0; at < depth && !scene_.broken(); ++at) {
                scene_.list(false, possible_);
                if (at == choice.size()) choice.push_back(0);
                choices.resize(at);
                choices.push_back(possible_.size());
                take(possible_[choice[at]]);
            }
            choice.resize(choices.size());
            end();
        } while (turn(choice, choices));
        return true;
    }
    [[nodiscard]] static bool turn(std::vector<std::size_t>& choice,
                                   const std::vector<std::size_t>& choices) {
        while (!choice.empty()) {
            if (++choice.back() < choices[choice.size() - 1]) return true;
            choice.pop_back();
        }
        return false;
    }

    void walk(std::uint64_t number) {
        Random random{options_.seed, 1, number};
        begin();
        for (std::uint64_t i = 0; i < options_.depth && !scene_.broken(); ++i) {
            scene_.list(true, possible_);
            take(draw(random));
        }
        end();
    }
    // By weight, and then one of those that are of its act.
    [[nodiscard]] Step draw(Random& random) const {
        std::int64_t sum = 0;
        for (const Step& step : possible_) sum += weight(step);
        std::int64_t at = random.below(sum);
        for (const Step& step : possible_) {
            at -= weight(step);
            if (at < 0) return step;
        }
        return possible_.back();
    }
    [[nodiscard]] static std::int64_t weight(Step step) noexcept {
        return kWeights[static_cast<std::size_t>(step.act)];
    }

    void begin() {
        scene_.restart();
        taken_.clear();
    }
    void take(Step step) {
        taken_.push_back(step);
        ++report_.steps;
        ++report_.by_act[static_cast<std::size_t>(step.act)];
        scene_.apply(step);
    }
    void end() {
        if (!scene_.broken()) scene_.finish();
        ++report_.sequences;
        if (scene_.broken()) report_.violation = shorten();
        if (options_.progress && report_.sequences % 1'000 == 0)
            report_.ended_early = !options_.progress(report_.sequences, options_.sequences);
    }

    // Leaves out each step without which the same rule is still broken, until none can be spared.
    [[nodiscard]] OrderViolation shorten() {
        OrderViolation out{*scene_.broken(), report_.sequences, {}, taken_.size()};
        for (bool shorter = true; shorter;) {
            shorter = false;
            for (std::size_t i = 0; i < taken_.size(); ++i) {
                std::vector<Step> fewer = taken_;
                fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
                if (!breaks(fewer, out.rule)) continue;
                taken_ = fewer;
                shorter = true;
                --i;
            }
        }
        for (const Step step : taken_) out.steps.push_back(describe(step));
        return out;
    }
    [[nodiscard]] bool breaks(const std::vector<Step>& steps, OrderRule rule) {
        scene_.restart();
        for (const Step step : steps) {
            if (scene_.broken()) break;
            if (!scene_.apply(step)) return false;
        }
        if (!scene_.broken()) scene_.finish();
        return scene_.broken() == rule;
    }

    OrderExploreOptions options_;
    OrderScene scene_;
    OrderExploreReport report_;
    std::vector<Step> possible_;
    std::vector<Step> taken_;
};

}  // namespace

OrderExploreReport explore_orders(const OrderExploreOptions& options) {
    return Explorer{options}.run();
}

const std::vector<std::string>& act_names() {
    static const std::vector<std::string> kNames{
        "want",      "beat",       "obey",    "refuse",   "fill",          "fill_all",
        "expire",    "drop",       "deliver", "overtake", "deliver_twice", "disconnect",
        "reconnect", "impossible", "kill",    "release"};
    return kNames;
}

}  // namespace sluice::proofs
