// What the tests of the ledger share: a folder that goes away, sample entries, whole files.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <unistd.h>

#include <gtest/gtest.h>

#include <sluice/research/ledger.hpp>

namespace sluice::tests {

inline constexpr core::LocalTime kNoon =
    core::time_from_ns<core::LocalTime>(1'700'000'000'000'000'000);

class LedgerFolder : public testing::Test {
  protected:
    void SetUp() override {
        std::string name =
            (std::filesystem::temp_directory_path() / "sluice-ledger-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::filesystem::path path() const { return folder_ / "trials.ledger"; }
    [[nodiscard]] std::filesystem::path head() const { return folder_ / "trials.ledger.head"; }

    std::filesystem::path folder_;
};

[[nodiscard]] inline research::LedgerEntry trial(std::uint64_t number,
                                                 const std::string& data = "spy-2013") {
    return {kNoon, "trial", data, 1,
            R"({"number":)" + std::to_string(number) + R"(,"sharpe":0.125,"note":"\u00e9 \"x\""})"};
}

[[nodiscard]] inline std::string read_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}
inline void write_file(const std::filesystem::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

// Each with its newline, if it has one.
[[nodiscard]] inline std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> out;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size() - 1) + 1;
        out.push_back(text.substr(start, end - start));
        start = end;
    }
    return out;
}

struct Finding {
    bool whole = true;
    research::LedgerFault fault{};
    std::uint64_t line = 0;
    std::string what;
    research::LedgerState state;
};
[[nodiscard]] inline Finding look_at(const std::filesystem::path& file) {
    Finding out;
    try {
        out.state = research::read_ledger(file);
    } catch (const research::LedgerError& error) {
        out.whole = false;
        out.fault = error.fault();
        out.line = error.line();
        out.what = error.what();
    }
    return out;
}

}  // namespace sluice::tests
