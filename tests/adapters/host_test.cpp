// Made-up machines, described by made-up trees of /proc and /sys.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sluice/adapters/host/findings.hpp>

namespace sluice::tests {
namespace {

namespace fs = std::filesystem;
using namespace adapters::host;

class Machine : public testing::Test {
  protected:
    void SetUp() override {
        root_ = fs::temp_directory_path() /
                ("sluice-host-" +
                 std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::remove_all(root_);
        put("sys/devices/system/cpu/online", "0-3\n");
        put("proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu constant_tsc nonstop_tsc avx2\n");
        put("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
    }
    void TearDown() override { fs::remove_all(root_); }

    void put(const std::string& path, const std::string& text) {
        const fs::path file = root_ / path;
        fs::create_directories(file.parent_path());
        std::ofstream{file} << text;
    }
    [[nodiscard]] HostFacts facts() const { return read_host_facts(root_); }
    [[nodiscard]] Finding finding(const std::string& subject,
                                  const std::vector<std::size_t>& hot = {}) const {
        const ProcessLimits all{~std::uint64_t{0}, 99, true, true, true};
        return of(judge(facts(), all, hot, {}), subject);
    }
    [[nodiscard]] static Finding of(const std::vector<Finding>& all, const std::string& subject) {
        const auto found = std::find_if(all.begin(), all.end(),
                                        [&](const Finding& f) { return f.subject == subject; });
        EXPECT_NE(all.end(), found) << subject;
        return found == all.end() ? Finding{} : *found;
    }

  private:
    fs::path root_;
};

TEST(CoreList, reads_what_the_kernel_writes) {
    EXPECT_EQ((std::vector<std::size_t>{0, 1, 2, 5}), parse_core_list("0-2,5\n"));
    EXPECT_EQ((std::vector<std::size_t>{7}), parse_core_list("7"));
    EXPECT_TRUE(parse_core_list("").empty());
    EXPECT_TRUE(parse_core_list("\n").empty());
    EXPECT_TRUE(parse_core_list("99999999999999999999").empty());
    EXPECT_EQ((std::vector<std::size_t>{1}), parse_core_list("1,x"));
}
RC_GTEST_PROP(CoreList, takes_any_text, (const std::string& text)) {
    RC_ASSERT(parse_core_list(text).size() < 5'000'000U);
}

TEST_F(Machine, without_any_file_has_only_absent_facts) {
    const HostFacts none = read_host_facts("/nowhere-at-all");
    EXPECT_TRUE(none.online.empty());
    EXPECT_FALSE(none.swappiness.has_value());
    EXPECT_FALSE(judge(none, {}, {}, {}).empty());
}

TEST_F(Machine, says_which_cores_are_isolated) {
    EXPECT_EQ(Status::kCosts, finding("isolated_cores").status);
    put("sys/devices/system/cpu/isolated", "2-3\n");
    const Finding now = finding("isolated_cores");
    EXPECT_EQ(Status::kGood, now.status);
    EXPECT_NE(std::string::npos, now.found.find("2,3"));
}

TEST_F(Machine, wants_the_tick_off_on_every_hot_core) {
    put("sys/devices/system/cpu/nohz_full", "2\n");
    EXPECT_EQ(Status::kGood, finding("nohz_full", {2}).status);
    EXPECT_EQ(Status::kCosts, finding("nohz_full", {2, 3}).status);
    put("sys/devices/system/cpu/nohz_full", "  (null)\n");  // how some kernels write "none"
    EXPECT_EQ(Status::kCosts, finding("nohz_full", {2}).status);
}

TEST_F(Machine, names_the_governor_that_is_not_performance) {
    EXPECT_EQ(Status::kUnknown, finding("governor").status);
    for (const char* core : {"0", "1", "2", "3"})
        put(std::string("sys/devices/system/cpu/cpu") + core + "/cpufreq/scaling_governor",
            "performance\n");
    EXPECT_EQ(Status::kGood, finding("governor").status);
    put("sys/devices/system/cpu/cpu3/cpufreq/scaling_governor", "powersave\n");
    const Finding one = finding("governor");
    EXPECT_EQ(Status::kCosts, one.status);
    EXPECT_NE(std::string::npos, one.found.find("powersave"));
}

TEST_F(Machine, counts_devices_that_interrupt_the_hot_cores) {
    put("proc/interrupts",
        "           CPU0       CPU2\n"
        " 24:        500          0   PCI-MSI 1-edge   eth0-rx\n"
        " 25:          0         12   PCI-MSI 2-edge   nvme0q1\n"
        "LOC:      90000      91000   Local timer interrupts\n"
        "ERR:          0\n");
    EXPECT_EQ(Status::kGood, finding("interrupts", {1}).status);
    const Finding second = finding("interrupts", {2});
    EXPECT_EQ(Status::kCosts, second.status);
    EXPECT_NE(std::string::npos, second.found.find("(25)"));
}

TEST_F(Machine, distrusts_a_clock_that_is_no_invariant_counter) {
    EXPECT_EQ(Status::kGood, finding("clock").status);
    put("sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet\n");
    EXPECT_EQ(Status::kCosts, finding("clock").status);
    put("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
    put("proc/cpuinfo", "flags\t\t: fpu constant_tsc\n");
    EXPECT_EQ(Status::kCosts, finding("clock").status);
}

TEST_F(Machine, sees_siblings_only_of_hot_cores) {
    put("sys/devices/system/cpu/cpu0/topology/thread_siblings_list", "0,2\n");
    put("sys/devices/system/cpu/cpu2/topology/thread_siblings_list", "0,2\n");
    put("sys/devices/system/cpu/cpu1/topology/thread_siblings_list", "1\n");
    EXPECT_EQ(1U, facts().siblings.size());
    EXPECT_EQ(Status::kCosts, finding("smt", {2}).status);
    EXPECT_EQ(Status::kGood, finding("smt", {1}).status);
}

TEST_F(Machine, leaves_out_idle_states_that_are_switched_off) {
    for (const auto& [state, name, latency, disable] :
         {std::tuple{"state0", "POLL", "0", "0"}, std::tuple{"state1", "C1", "2", "0"},
          std::tuple{"state2", "C6", "133", "1"}}) {
        const std::string at = std::string("sys/devices/system/cpu/cpu0/cpuidle/") + state;
        put(at + "/name", name);
        put(at + "/latency", latency);
        put(at + "/disable", disable);
    }
    EXPECT_EQ(Status::kGood, finding("c_states").status);
    put("sys/devices/system/cpu/cpu0/cpuidle/state2/disable", "0");
    const Finding deep = finding("c_states");
    EXPECT_EQ(Status::kCosts, deep.status);
    EXPECT_NE(std::string::npos, deep.costs.find("133 us"));
}

TEST_F(Machine, reads_memory_swap_and_mitigations) {
    put("sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n");
    put("proc/meminfo", "MemTotal: 100 kB\nSwapTotal:       2097152 kB\n");
    put("proc/sys/vm/swappiness", "60\n");
    put("proc/sys/vm/nr_hugepages", "512\n");
    put("sys/devices/system/cpu/vulnerabilities/meltdown", "Not affected\n");
    put("sys/devices/system/cpu/vulnerabilities/spectre_v2", "Mitigation: Retpolines\n");
    EXPECT_EQ(Status::kCosts, finding("transparent_huge_pages").status);
    EXPECT_EQ(Status::kCosts, finding("swap").status);
    EXPECT_NE(std::string::npos, finding("swap").found.find("2048 MiB"));
    EXPECT_EQ(Status::kGood, finding("huge_pages").status);
    EXPECT_EQ(1U, facts().mitigations.size());
    put("proc/sys/vm/swappiness", "0\n");
    EXPECT_EQ(Status::kGood, finding("swap").status);
}

TEST_F(Machine, tells_steal_time_of_a_virtual_one) {
    EXPECT_EQ(Status::kGood, finding("steal").status);
    put("proc/cpuinfo", "flags\t\t: constant_tsc nonstop_tsc hypervisor\n");
    put("proc/stat", "cpu  600 0 200 100 0 0 0 100 0 0\ncpu0 1 2 3\n");
    EXPECT_EQ(1000U, facts().total_ticks);
    EXPECT_NE(std::string::npos, finding("steal").found.find("10 %"));
}

TEST_F(Machine, says_how_to_mend_whatever_costs) {
    const std::vector<MeasuredJitter> noisy{{0, 3'000, 400, 5, 130, 0.02}};
    for (const Finding& f : judge(facts(), {}, {}, noisy)) {
        if (f.status != Status::kCosts) continue;
        EXPECT_FALSE(f.costs.empty()) << f.subject;
        EXPECT_FALSE(f.mend.empty()) << f.subject;
    }
    const std::vector<MeasuredJitter> calm{{0, 3, 0, 0, 2, 0.00001}};
    EXPECT_EQ(Status::kGood, of(judge(facts(), {}, {}, calm), "jitter_core_0").status);
    EXPECT_EQ(Status::kCosts, of(judge(facts(), {}, {}, noisy), "jitter_core_0").status);
}

}  // namespace
}  // namespace sluice::tests
