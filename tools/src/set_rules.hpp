// What the values of a set have to be to each other, "strategy[0].fast < strategy[0].slow": a set that is
// not so is not proposed, and costs no evaluation.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace sluice::tools {

class SetRules {
  public:
    // Of "a < b", "a <= 0.5*b", "3*a >= 10"; each side a number, a key, or a number times a key. UsageError
    // for anything else, and for keys that are not among `keys`.
    SetRules(const std::vector<std::string>& given, const std::vector<std::string>& keys);

    // Values by key; UsageError for one that a rule names and that is no number.
    [[nodiscard]] bool allow(const std::vector<std::string>& values) const;
    [[nodiscard]] bool empty() const noexcept { return rules_.empty(); }

  private:
    static constexpr std::size_t kNumber = static_cast<std::size_t>(-1);
    struct Term {
        double factor = 1;          // or the number itself
        std::size_t key = kNumber;  // of the keys
    };
    struct Rule {
        Term left;
        Term right;
        bool strict = false;
    };  // left < or <= right

    [[nodiscard]] static Term term_of(const std::string& given, std::string text,
                                      const std::vector<std::string>& keys);
    [[nodiscard]] double value_of(const Term& term, const std::vector<std::string>& values) const;

    std::vector<Rule> rules_;
    std::vector<std::string> keys_;
};

}  // namespace sluice::tools
