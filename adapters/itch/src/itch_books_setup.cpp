#include <algorithm>
#include <stdexcept>

#include <sluice/adapters/itch/hot/itch_books.hpp>

namespace sluice::adapters::itch {

namespace {

std::size_t checked(std::size_t books, BooksCapacity capacity) {
    if (books > 4'096) throw std::invalid_argument("ItchBooks: at most 4,096 books");
    if (capacity.orders == 0 || capacity.orders > std::size_t{1} << 28U)
        throw std::invalid_argument("ItchBooks: orders must be 1..2^28");
    if (capacity.levels == 0 || capacity.levels > std::size_t{1} << 18U)
        throw std::invalid_argument("ItchBooks: levels must be 1..2^18");
    return capacity.orders;
}

}  // namespace

ItchBooks::ItchBooks(std::size_t books, BooksCapacity capacity)
    : order_capacity_(checked(books, capacity)),
      // At least sixteen lines, so that there is something to spread over.
      mask_(std::bit_ceil(std::max<std::size_t>(64, 2 * order_capacity_)) - 1),
      shift_(static_cast<unsigned>(64 - std::countr_one(mask_ >> 2U))),
      block_((mask_ + 1) * sizeof(Slot)), slots_(static_cast<Slot*>(block_.data())),
      levels_block_((2 * books * capacity.levels + 1) * sizeof(LevelSlot)),
      levels_(static_cast<LevelSlot*>(levels_block_.data())) {
    books_.reserve(books);
    for (std::size_t i = 0; i < books; ++i)
        books_.push_back({Ladder(pipeline::Side::kBuy, capacity.levels),
                          Ladder(pipeline::Side::kSell, capacity.levels),
                          {}});
}

}  // namespace sluice::adapters::itch
