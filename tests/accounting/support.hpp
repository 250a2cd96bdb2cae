// What the tests of the account share: amounts from text, and published lists of another engine.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include <sluice/accounting/account.hpp>
#include <sluice/core/decimal.hpp>

#include "pipeline/support.hpp"

namespace sluice::tests {

[[nodiscard]] inline core::StreamTime day(int number) {
    return core::StreamTime{core::Nanos{number * 86'400'000'000'000LL}};
}

// The texts of every element of that name, thousands separators left out.
[[nodiscard]] inline std::vector<std::string> elements(const std::string& file,
                                                       const std::string& name) {
    std::ifstream in(market_data_folder() / "lean_testdata" / file);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    const std::string text = bytes.str();
    const std::regex element("<" + name + ">([^<]*)</" + name + ">");
    std::vector<std::string> out;
    for (std::sregex_iterator i(text.begin(), text.end(), element), end; i != end; ++i) {
        std::string value = (*i)[1];
        value.erase(std::remove(value.begin(), value.end(), ','), value.end());
        out.push_back(value);
    }
    return out;
}

}  // namespace sluice::tests
