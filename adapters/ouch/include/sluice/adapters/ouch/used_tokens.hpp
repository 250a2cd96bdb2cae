// UsedTokens: the names that a client of OUCH 4.2 has used; none may be used again.
// One thread. Names that end in a number that rises one by one take no room, others a node each.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <sluice/core/number_set.hpp>

namespace sluice::adapters::ouch {

class UsedTokens {
  public:
    [[nodiscard]] bool contains(std::string_view token) const {
        const auto [name, number] = split(token);
        const auto found = numbers_.find(name);
        return found != numbers_.end() && found->second.contains(number);
    }
    void insert(std::string_view token) {
        const auto [name, number] = split(token);
        core::NumberSet& numbers = numbers_[name];
        if (!numbers.contains(number)) numbers.insert(number);
    }

  private:
    // What stands before the digits, and how many there are: "A7" is not "A07".
    [[nodiscard]] static std::pair<std::string, std::uint64_t> split(std::string_view token) {
        while (!token.empty() && token.back() == ' ') token.remove_suffix(1);
        std::size_t digits = 0;
        while (digits < token.size() && digits < kDigitsMax &&
               token[token.size() - 1 - digits] >= '0' && token[token.size() - 1 - digits] <= '9')
            ++digits;
        std::uint64_t number = 0;
        for (const char c : token.substr(token.size() - digits))
            number = number * 10 + static_cast<std::uint64_t>(c - '0');
        std::string name{token.substr(0, token.size() - digits)};
        name.push_back(static_cast<char>(digits));
        return {std::move(name), number};
    }

    static constexpr std::size_t kDigitsMax = 18;
    std::map<std::string, core::NumberSet> numbers_;
};

}  // namespace sluice::adapters::ouch
