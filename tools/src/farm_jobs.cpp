#include "farm_jobs.hpp"

#include <stdexcept>

#include <nlohmann/json.hpp>

namespace sluice::tools {
namespace {

using Json = nlohmann::json;

std::int64_t ns_of(core::StreamTime time) { return time.time_since_epoch().count(); }
core::StreamTime time_of(const Json& ns) {
    return core::StreamTime{core::Nanos{ns.get<std::int64_t>()}};
}

template <class Read>
auto read_as(const char* what, Read&& read) {
    try {
        return read();
    } catch (const std::exception& error) {
        throw std::runtime_error(std::string("what came over the farm's line is no ") + what +
                                 ": " + error.what());
    }
}

}  // namespace

std::string job_text(const FarmJob& job) {
    return Json{{"from", ns_of(job.from)},      {"to", ns_of(job.to)},
                {"trust", job.trust_checksums}, {"stressed", job.stressed},
                {"checksum", job.checksum},     {"sets", job.sets}}
        .dump();
}

FarmJob parse_job(std::string_view text) {
    return read_as("job", [&] {
        const Json tree = Json::parse(text);
        FarmJob job;
        job.from = time_of(tree.at("from"));
        job.to = time_of(tree.at("to"));
        job.trust_checksums = tree.at("trust").get<bool>();
        job.stressed = tree.at("stressed").get<bool>();
        job.checksum = tree.at("checksum").get<std::uint64_t>();
        job.sets = tree.at("sets").get<std::vector<CandidateSet>>();
        return job;
    });
}

std::string answer_text(std::span<const RanSet> sets) {
    Json out = Json::array();
    for (const RanSet& set : sets) {
        Json ends = Json::array();
        for (const core::StreamTime end : set.ends) ends.push_back(ns_of(end));
        out.push_back({{"trial", research::trial_text(set.trial)},
                       {"ends", std::move(ends)},
                       {"checksum", set.data_checksum}});
    }
    return out.dump();
}

std::vector<RanSet> parse_answer(std::string_view text) {
    return read_as("answer", [&] {
        std::vector<RanSet> out;
        for (const Json& tree : Json::parse(text)) {
            RanSet set;
            set.trial = research::trial_of(tree.at("trial").get<std::string>());
            for (const Json& end : tree.at("ends")) set.ends.push_back(time_of(end));
            set.data_checksum = tree.at("checksum").get<std::uint64_t>();
            out.push_back(std::move(set));
        }
        return out;
    });
}

}  // namespace sluice::tools
