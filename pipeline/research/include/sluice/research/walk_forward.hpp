// Walk-forward windows: train on what came before, test on what follows, move on. Rolling windows
// keep the size of the training, anchored ones always start at the first row.
//
//   |---- train ----|- gap -|-- test --|
//            |---- train ----|- gap -|-- test --|        moved on by `step`
//
// The gap is purge + embargo rows that belong to neither: `purge` as far as a row's outcome reaches
// ahead (a label of h bars: h), `embargo` for what lingers beyond that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <sluice/research/purged_split.hpp>

namespace sluice::research {

struct WalkForwardPlan {
    std::size_t train = 0;  // rows; of an anchored plan: of the first window
    std::size_t test = 0;
    std::size_t step = 0;  // rows from one test to the next; 0: as many as the test holds
    std::size_t purge = 0;
    std::size_t embargo = 0;
    bool anchored = false;
    bool keep_short = false;  // a last test that is cut short by the end of the range counts
};

struct WalkForwardWindow {
    LabelRange train;
    LabelRange test;
};

// Windows over `rows` rows. Throws std::invalid_argument, with the numbers, when a size is zero, when
// not even one window fits, or when tests would overlap (a row judged twice): step < test.
[[nodiscard]] std::vector<WalkForwardWindow> walk_forward_windows(std::size_t rows,
                                                                  const WalkForwardPlan& plan);

// The same over labels, purged by the bars they occupy instead of by a count of rows (purge must be
// 0): training labels that end before the test's first bar less `embargo` bars.
[[nodiscard]] std::vector<PurgedSplit> purged_walk_forward(std::span<const LabelSpan> labels,
                                                           const WalkForwardPlan& plan);

}  // namespace sluice::research
