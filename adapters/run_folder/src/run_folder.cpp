#include <sluice/adapters/run_folder/run_folder.hpp>

#include <cerrno>
#include <string>

#include <sys/stat.h>

#include <sluice/adapters/run_folder/performance_csv.hpp>
#include <sluice/adapters/run_folder/report.hpp>
#include <sluice/adapters/run_folder/summary.hpp>
#include <sluice/adapters/run_folder/text.hpp>

namespace sluice::adapters::run_folder {
namespace {

// More runs than this within one second means that something else is wrong.
constexpr int kMaxSameSecond = 10'000;

bool is_plain_word(std::string_view verb) {
    constexpr std::string_view kAllowed =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    return !verb.empty() && verb.find_first_not_of(kAllowed) == std::string_view::npos;
}

}  // namespace

RunFolder RunFolder::create(const std::filesystem::path& parent, std::string_view verb,
                            core::LocalTime now) {
    if (!is_plain_word(verb))
        throw RunFolderError("cannot name the run folder after '" + printable(verb) + "'", parent,
                             "use letters, digits, '-' and '_'");
    std::error_code error;
    std::filesystem::create_directories(parent, error);
    if (error) throw failed("create the folder for runs", parent, error.value());

    const std::string stem = file_stamp(now) + "-" + std::string{verb};
    for (int attempt = 1; attempt <= kMaxSameSecond; ++attempt) {
        const auto path = parent / (attempt == 1 ? stem : stem + "-" + std::to_string(attempt));
        // mkdir, not create_directory: it alone tells "made by me" from "was there already".
        if (::mkdir(path.c_str(), 0755) == 0) return RunFolder{path};
        if (errno != EEXIST) throw failed("create the run folder", path, errno);
    }
    throw RunFolderError("cannot find a free name for the run folder", parent / stem,
                         "remove old runs there, or choose another folder with report.folder");
}

void RunFolder::write_file(const char* name, std::string_view contents) const {
    AtomicFile file{path_ / name};
    file.append(contents);
    file.commit();
}

void RunFolder::write_configuration(std::string_view toml) const {
    write_file("config.toml", toml);
}

void RunFolder::write(const pipeline::RunRecord& record, TableFiles& tables) const {
    write_configuration(record.configuration);
    tables.commit();
    if (record.performance) {
        write_file("returns.csv", returns_csv(*record.performance));
        write_file("trades.csv", trades_csv(*record.performance, record.instruments));
    }
    write_file("summary.json", summary_json(record) + "\n");
    write_file("report.html", report_html(record));
}

}  // namespace sluice::adapters::run_folder
