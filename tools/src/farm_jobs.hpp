// What a search hands to the workers of its farm, and what they answer, as texts (JSON): numbers go there
// and come back as they are.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "candidate_runs.hpp"
#include "trial_record.hpp"

namespace sluice::tools {

struct FarmJob {
    core::StreamTime from =
        core::StreamTime::min();  // of the range; store and symbols are the search's
    core::StreamTime to = core::StreamTime::max();
    bool trust_checksums = false;
    bool stressed = false;
    std::uint64_t checksum = 0;  // of the stream under the champion
    std::vector<CandidateSet> sets;
};

[[nodiscard]] std::string job_text(const FarmJob& job);
[[nodiscard]] std::string answer_text(std::span<const RanSet> sets);
// std::runtime_error for a text that is none.
[[nodiscard]] FarmJob parse_job(std::string_view text);
[[nodiscard]] std::vector<RanSet> parse_answer(std::string_view text);

}  // namespace sluice::tools
