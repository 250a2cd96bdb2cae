// Start-up half of the venue's books: takes their memory.
#include <sluice/adapters/sim_venue/hot/venue_book.hpp>

namespace sluice::adapters::sim_venue {

VenueBook::VenueBook(std::size_t levels)
    : book_({.levels = levels}), taken_{Ladder{pipeline::Side::kBuy, kTakenMost},
                                        Ladder{pipeline::Side::kSell, kTakenMost}} {}

}  // namespace sluice::adapters::sim_venue
