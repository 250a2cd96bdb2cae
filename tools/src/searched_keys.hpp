// The keys of the configuration that a search or a sweep gives many values, and what it may try.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sluice/research/space.hpp>

namespace sluice::tools {

// All sets go over one stream, so what makes the stream is not theirs. UsageError, with `option`.
void check_may_vary(std::string_view option, const std::string& key);

class SearchedKeys {
  public:
    // Of "strategy[0].fast=2:20", a range of whole numbers; "=0.1:2.5", of real ones; ":log" behind
    // either: equal shares for equal ratios; "=a|b|c", names. UsageError.
    explicit SearchedKeys(const std::vector<std::string>& given);

    [[nodiscard]] const std::vector<std::string>& keys() const noexcept { return keys_; }
    [[nodiscard]] const research::Space& space() const noexcept { return space_; }
    // By key, as the configuration reads it; the same text for the same point.
    [[nodiscard]] std::vector<std::string> values(const research::Point& point) const;
    // The point of such texts; none when they are not within the ranges.
    [[nodiscard]] std::optional<research::Point> point(
        const std::vector<std::string>& values) const;

  private:
    std::vector<std::string> keys_;
    std::vector<std::vector<std::string>> names_;  // of a category's values; else empty
    research::Space space_;
};

}  // namespace sluice::tools
