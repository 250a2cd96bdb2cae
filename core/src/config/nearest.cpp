#include <sluice/core/config/nearest.hpp>

#include <algorithm>

namespace sluice::core::config {

namespace {

std::string_view last_part(std::string_view path) noexcept {
    return path.substr(path.rfind('.') + 1);  // npos + 1 is 0: the whole path
}

std::size_t allowed_edits(std::string_view name) noexcept {
    return std::max<std::size_t>(2, name.size() / 3);
}

/// The candidate whose `part` is nearest to that of `name`, within the allowed edits.
template <class Part>
std::string nearest_by(std::string_view name, const std::vector<std::string>& candidates,
                       Part part) {
    const std::string_view wanted = part(name);
    std::size_t best_distance = allowed_edits(wanted) + 1;
    std::string best;
    for (const auto& candidate : candidates) {
        if (candidate.size() > kMaxComparedBytes) continue;
        const std::string_view offered = part(candidate);
        const std::size_t distance = edit_distance(wanted, offered);
        // Something of the name must remain, or "x" would be near every two-letter key.
        if (distance >= std::max(wanted.size(), offered.size())) continue;
        if (distance < best_distance) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
    // Optimal string alignment over three rows: the one before last is for swaps.
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before_last.swap(last);
        last.swap(row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({replace, last[j] + 1, row[j - 1] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before_last[j - 2] + 1);
            }
        }
    }
    return row[b.size()];
}

std::string nearest(std::string_view name, const std::vector<std::string>& candidates) {
    if (name.empty() || name.size() > kMaxComparedBytes) return {};
    std::string whole = nearest_by(name, candidates, [](std::string_view path) { return path; });
    return whole.empty() ? nearest_by(name, candidates, last_part) : whole;
}

}  // namespace sluice::core::config
