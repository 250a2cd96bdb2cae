#include "farm_search.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <utility>

#include <unistd.h>

#include <sluice/adapters/farm/farm_host.hpp>
#include <sluice/adapters/farm/farm_worker.hpp>
#include <sluice/research/performance.hpp>
#include <sluice/tools/arguments.hpp>

#include "farm_jobs.hpp"

namespace sluice::tools {
namespace {

namespace farm = adapters::farm;

constexpr std::size_t kSetsAtOnce = 256;  // in the memory of one process
constexpr const char* kSecret = "SLUICE_FARM_SECRET";

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

std::string secret() {
    const std::string value = environment(kSecret);
    if (value.find('\n') != std::string::npos)
        throw UsageError(std::string(kSecret) + " must be one line");
    return value;
}

[[noreturn]] void refuse_open(const std::string& address) {
    throw UsageError(
        "--farm " + address +
        ": who can reach this address could join; give the search and its workers the same " +
        std::string(kSecret) + " in their environment");
}

int socket_of(const std::string& take_at) {
    if (take_at.starts_with("fd:")) {
        const int socket = std::atoi(take_at.c_str() + 3);
        const std::string where = farm::address_of(socket);  // refuses what is none
        if (secret().empty() && !where.starts_with("127.")) refuse_open(where);
        return socket;
    }
    if (secret().empty() && !take_at.starts_with("127.") && !take_at.starts_with("localhost:"))
        refuse_open(take_at);
    return farm::listen_at(take_at);
}

class Farm final : public SetFarm {
  public:
    Farm(int listening, farm::FarmRules rules, const std::atomic<bool>& stop)
        : host_(listening, std::move(rules)), stop_(stop) {}

    bool run(const StoredMarketOptions& range, std::uint64_t checksum, bool stressed,
             std::span<const CandidateSet> sets, const Here& here, const Take& take) override {
        if (sets.empty()) return true;
        // A chunk of ticks is decoded once for all sets of a job, so as few jobs as there are hands.
        const std::size_t hands = host_.hands();
        const std::size_t size =
            std::clamp((sets.size() + hands - 1) / hands, std::size_t{1}, kSetsAtOnce);
        std::vector<std::string> jobs;
        for (std::size_t first = 0; first < sets.size(); first += size) {
            FarmJob job{range.from, range.to, range.trust_checksums, stressed, checksum, {}};
            const auto some = sets.subspan(first, std::min(size, sets.size() - first));
            job.sets.assign(some.begin(), some.end());
            jobs.push_back(job_text(job));
        }
        const auto do_here = [&](const std::string& text) -> std::optional<std::string> {
            const std::vector<RanSet> found = here(parse_job(text).sets);
            if (found.empty()) return std::nullopt;
            return answer_text(found);
        };
        const auto hand_over = [&](std::size_t job, const std::string& answer) {
            take(job * size, parse_answer(answer));
        };
        return host_.work(jobs, do_here, hand_over, stop_);
    }

  private:
    farm::FarmHost host_;
    const std::atomic<bool>& stop_;
};

bool is_one_of_several_ranks() {
    // Of Open MPI, of MPICH and its kin, of Slurm with PMIx.
    for (const char* size : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"})
        if (std::atoi(environment(size).c_str()) > 1) return true;
    return !environment("PMIX_RANK").empty() &&
           std::atoi(environment("SLURM_STEP_NUM_TASKS").c_str()) > 1;
}

// As they were given, the program's name first.
std::vector<std::string> own_arguments() {
    std::ifstream file{"/proc/self/cmdline", std::ios::binary};
    std::ostringstream all;
    all << file.rdbuf();
    const std::string text = all.str();
    std::vector<std::string> out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\0', at), text.size());
        out.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

}  // namespace

void enter_farm_of_ranks(const FarmOptions& options) {
    if (!options.take_at.empty() || !options.join.empty() || !is_one_of_several_ranks()) return;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe");
    const std::string starter = (program.parent_path() / "sluice-mpi").string();
    std::vector<std::string> arguments = own_arguments();
    arguments.insert(arguments.begin(), starter);
    arguments.at(1) = program.string();
    std::vector<char*> texts;
    for (std::string& argument : arguments) texts.push_back(argument.data());
    texts.push_back(nullptr);
    (void)::execv(starter.c_str(), texts.data());
    throw UsageError("this is one of several ranks, and " + starter +
                     ", which makes a farm of them, is not there: build with -DSLUICE_MPI=ON "
                     "(libopenmpi-dev), or start the workers with --join (docs/guides/farm.md)");
}

std::unique_ptr<SetFarm> make_farm(const FarmOptions& options, std::string task,
                                   const std::atomic<bool>& stop) {
    if (options.take_at.empty()) return nullptr;
    const auto say = [](const std::string& text) { std::cerr << "sluice: " + text + "\n"; };
    return std::make_unique<Farm>(socket_of(options.take_at),
                                  farm::FarmRules{secret(), std::move(task), say}, stop);
}

void work_for_search(const FarmOptions& options, std::string task, const StoredMarketOptions& range,
                     const std::function<pipeline::Settings(const CandidateSet&)>& settings_of,
                     research::Arena& arena, pipeline::RunControl& control) {
    std::optional<StoredMarket> market;
    StoredMarketOptions opened = range;
    const auto run = [&](const std::string& text) -> std::optional<std::string> {
        const FarmJob job = parse_job(text);
        const bool is_new = !market || opened.from != job.from || opened.to != job.to;
        if (is_new) {
            opened.from = job.from;
            opened.to = job.to;
            opened.trust_checksums = job.trust_checksums;
            market.emplace(opened, settings_of({}));
        }
        std::vector<pipeline::Settings> sets;
        for (const CandidateSet& set : job.sets) {
            sets.push_back(settings_of(set));
            if (job.stressed) sets.back() = research::stressed(std::move(sets.back()));
        }
        // The stream's checksum holds for one set, the champion: a set's own reports move the numbers of
        // the ticks behind them.
        if (is_new) sets.push_back(settings_of({}));
        std::vector<RanSet> found = run_sets(*market, std::move(sets), arena, control);
        if (found.empty()) return std::nullopt;
        const std::uint64_t checksum = found.back().data_checksum;
        if (is_new) found.pop_back();
        if (is_new && checksum != job.checksum)
            throw std::runtime_error("its store " + opened.store.string() +
                                     " holds other data than the search's");
        return answer_text(found);
    };
    farm::Joining joining;
    joining.addresses = parse_list(options.join, "--join");
    joining.secret = secret();
    joining.task = std::move(task);
    farm::work_for(joining, run, control.stop);
}

}  // namespace sluice::tools
