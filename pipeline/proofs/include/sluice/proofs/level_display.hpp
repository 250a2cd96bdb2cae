// What full book updates show, as steps for the ledger of fill_audit.hpp: the venue's published rule of
// sequence once more, apart from pipeline/hot/level_book.hpp, so that neither is checked against itself.
// One thread, off the hot path; keeps the events that wait for a snapshot.
//
// An event covers the changes after `previous` up to `sequence`. On a book as of change n it is left out when
// sequence <= n, applied when previous <= n, and otherwise changes are missing: nothing is displayed until a
// snapshot, to which events kept since then are applied.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include <sluice/pipeline/book_tables.hpp>
#include <sluice/proofs/fill_audit.hpp>

namespace sluice::proofs {

class LevelDisplay {
  public:
    // Appends what a complete event of rows has changed to `out`.
    void add(const pipeline::LevelRow& row, std::vector<ShownLevels>& out);

  private:
    struct Venue {  // one of its events
        std::int64_t time_ns = 0;
        std::int64_t sequence = 0;
        std::int64_t previous = 0;
        bool snapshot = false;
        std::vector<ShownLevels::Change> changes;
    };

    void end_event(std::vector<ShownLevels>& out);
    void apply(const Venue& event, std::vector<ShownLevels>& out);
    void lose(std::int64_t time_ns, std::vector<ShownLevels>& out);

    Venue now_;
    bool in_event_ = false;
    bool broken_ = false;  // the event in hand has a row that cannot be
    bool live_ = false;
    bool after_snapshot_ = false;
    std::int64_t sequence_ = 0;
    std::deque<Venue> waiting_;
};

}  // namespace sluice::proofs
