#include <sluice/adapters/run_folder/csv.hpp>
#include <sluice/adapters/run_folder/run_folder.hpp>

#include <csignal>
#include <fstream>
#include <set>
#include <sstream>

#include <sys/resource.h>

#include <gtest/gtest.h>

#include "run_folder_sample.hpp"

namespace sluice::adapters::run_folder {
namespace {

namespace fs = std::filesystem;

const pipeline::InstrumentTable kInstruments = test::sample_run({.days = 0}).instruments;
const core::LocalTime kNow = core::time_from_ns<core::LocalTime>(1'381'152'600'000'000'001);

std::string contents(const fs::path& path) {
    std::ostringstream out;
    out << std::ifstream{path, std::ios::binary}.rdbuf();
    return out.str();
}

// No file may grow beyond `bytes` while this lives: what a full disk looks like to a writer.
class FileSizeLimit {
  public:
    explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limited{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limited);
    }
    ~FileSizeLimit() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

  private:
    rlimit before_{};
    void (*handler_)(int);
};

class RunFolderFolder : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "sluice-run-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        root_ = pattern;
    }
    void TearDown() override { fs::remove_all(root_); }

    [[nodiscard]] std::set<std::string> names_in(const fs::path& folder) const {
        std::set<std::string> names;
        for (const auto& entry : fs::directory_iterator(folder))
            names.insert(entry.path().filename().string());
        return names;
    }

    fs::path root_;
};

TEST_F(RunFolderFolder, is_named_by_time_and_verb) {
    const RunFolder folder = RunFolder::create(root_ / "runs", "replay", kNow);
    EXPECT_EQ(folder.path(), root_ / "runs" / "20131007-133000-replay");
    EXPECT_TRUE(fs::is_directory(folder.path()));
    EXPECT_EQ(folder.log_path(), folder.path() / "run.log");
}

TEST_F(RunFolderFolder, a_second_run_in_the_same_second_gets_a_new_name) {
    RunFolder::create(root_, "replay", kNow).write_configuration("a = 1\n");
    EXPECT_EQ(RunFolder::create(root_, "replay", kNow).path().filename(),
              "20131007-133000-replay-2");
    EXPECT_EQ(RunFolder::create(root_, "replay", kNow).path().filename(),
              "20131007-133000-replay-3");
    EXPECT_EQ(RunFolder::create(root_, "run", kNow).path().filename(), "20131007-133000-run");
}

TEST_F(RunFolderFolder, holds_every_file_after_a_run) {
    const RunFolder folder = RunFolder::create(root_, "replay", kNow);
    folder.write_configuration("early = true\n");
    TableFiles tables{folder.path(), kInstruments};
    const auto record = test::sample_run(tables);
    folder.write(record, tables);
    EXPECT_EQ(names_in(folder.path()),
              (std::set<std::string>{"config.toml", "orders.csv", "fills.csv", "refusals.csv",
                                     "incidents.csv", "equity.csv", "intents.csv", "parameters.csv",
                                     "regimes.csv", "charges.csv", "summary.json", "report.html"}));
    EXPECT_EQ(contents(folder.path() / "config.toml"), record.configuration);
    EXPECT_EQ(contents(folder.path() / "summary.json").substr(0, 2), "{\n");
}

TEST_F(RunFolderFolder, says_what_where_and_how_when_it_cannot_be_made) {
    try {
        (void)RunFolder::create("/dev/null/x", "replay", kNow);
        FAIL() << "a folder below a file";
    } catch (const RunFolderError& error) {
        EXPECT_NE(error.problem().find("cannot create"), std::string::npos);
        EXPECT_EQ(error.where(), "/dev/null/x");
        EXPECT_NE(error.remedy().find("report.folder"), std::string::npos);
        EXPECT_NE(std::string{error.what()}.find("/dev/null/x"), std::string::npos);
    }
}

TEST_F(RunFolderFolder, refuses_a_verb_that_would_leave_the_parent) {
    EXPECT_THROW((void)RunFolder::create(root_, "../up", kNow), RunFolderError);
    EXPECT_THROW((void)RunFolder::create(root_, "", kNow), RunFolderError);
    EXPECT_TRUE(names_in(root_).empty());
}

TEST_F(RunFolderFolder, leaves_nothing_half_written_on_a_full_disk) {
    const RunFolder folder = RunFolder::create(root_, "replay", kNow);
    {
        const FileSizeLimit full{64 * 1024};
        TableFiles tables{folder.path(), kInstruments};
        const auto record = test::sample_run(tables);  // it goes on to its end
        EXPECT_THROW(folder.write(record, tables), RunFolderError);
    }
    const auto names = names_in(folder.path());
    EXPECT_EQ(names.count("equity.csv"), 0U) << "the first file too large to be written";
    EXPECT_EQ(names.count("orders.csv"), 1U) << "what fitted before stays";
    for (const auto& name : names) EXPECT_NE(name.front(), '.') << "left behind: " << name;
}

TEST_F(RunFolderFolder, a_run_that_was_cut_off_has_no_table_that_looks_whole) {
    const RunFolder folder = RunFolder::create(root_, "replay", kNow);
    TableFiles tables{folder.path(), kInstruments};
    (void)test::sample_run(tables);
    EXPECT_EQ(
        names_in(folder.path()),
        (std::set<std::string>{".orders.csv.tmp", ".fills.csv.tmp", ".refusals.csv.tmp",
                               ".incidents.csv.tmp", ".equity.csv.tmp", ".intents.csv.tmp",
                               ".parameters.csv.tmp", ".regimes.csv.tmp", ".charges.csv.tmp"}));
    EXPECT_GT(fs::file_size(folder.path() / ".equity.csv.tmp"), 0U) << "rows leave during the run";
}

TEST_F(RunFolderFolder, a_table_holds_its_header_and_every_row) {
    const RunFolder folder = RunFolder::create(root_, "replay", kNow);
    TableFiles tables{folder.path(), kInstruments};
    tests::KeptRows rows;
    (void)test::sample_run(rows, {.days = 1});
    for (const auto& row : rows.kept.orders) tables.take(row);
    tables.commit();
    std::string expected{kOrdersHeader};
    for (const auto& row : rows.kept.orders) expected += csv_row(row, kInstruments);
    EXPECT_EQ(contents(folder.path() / "orders.csv"), expected);
    EXPECT_EQ(contents(folder.path() / "fills.csv"), kFillsHeader) << "a table without a row";
}

TEST_F(RunFolderFolder, an_old_file_stays_until_the_new_one_is_whole) {
    const fs::path target = root_ / "file";
    {
        AtomicFile first{target};
        first.append("old");
        first.commit();
    }
    {
        AtomicFile second{target};
        second.append("new, and never committed");
        EXPECT_EQ(contents(target), "old");
    }
    EXPECT_EQ(contents(target), "old");
    EXPECT_EQ(names_in(root_), std::set<std::string>{"file"});
}

TEST_F(RunFolderFolder, a_folder_that_vanished_is_a_typed_error) {
    const RunFolder folder = RunFolder::create(root_, "replay", kNow);
    fs::remove_all(folder.path());
    try {
        folder.write_configuration("x");
        FAIL() << "a file in a folder that is not there";
    } catch (const RunFolderError& error) {
        EXPECT_NE(error.problem().find("cannot create the file"), std::string::npos);
        EXPECT_EQ(error.where(), folder.path() / "config.toml");
    }
}

}  // namespace
}  // namespace sluice::adapters::run_folder
