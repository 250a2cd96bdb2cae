#include <algorithm>
#include <stdexcept>

#include <sluice/adapters/itch/hot/itch_feed.hpp>

namespace sluice::adapters::itch {

namespace {

ItchFeedOptions checked(ItchFeedOptions options, const ItchLines& lines) {
    if (lines.a == nullptr) throw std::invalid_argument("ItchFeed: line a is needed");
    if (options.conflate_after == 0 || options.datagrams_max == 0 || options.events_max == 0)
        throw std::invalid_argument(
            "ItchFeed: conflate_after, datagrams_max and events_max must not be 0");
    if (options.events_max > std::size_t{1} << 24U)
        throw std::invalid_argument("ItchFeed: events_max must be at most 2^24");
    // A time of day is below 2^48 ns and must not leave the range of the sum.
    if (options.midnight_ns < 0 || options.midnight_ns > std::int64_t{1} << 62U)
        throw std::invalid_argument("ItchFeed: midnight_ns must be 0..2^62");
    options.mold.lines = lines.b != nullptr ? 2 : 1;
    return options;
}

StockName stock_name(const std::string& symbol) {
    StockName out;
    if (symbol.empty() || symbol.size() > out.size())
        throw std::invalid_argument("ItchFeed: the stock \"" + symbol +
                                    "\" does not have 1 to 8 characters");
    out.fill(' ');
    std::copy(symbol.begin(), symbol.end(), out.begin());
    return out;
}

}  // namespace

ItchFeed::ItchFeed(const pipeline::InstrumentTable& instruments, const ItchLines& lines,
                   const ItchFeedOptions& options)
    : options_(checked(options, lines)),
      silent_ticks_(static_cast<std::uint64_t>(std::min(
          9e18, static_cast<double>(options.silent_ns) / 1e9 * options.mold.ticks_per_second))),
      lines_(lines), arbiter_(options_.mold, lines.requests),
      books_(instruments.size(), options.books), conflation_(instruments.size()),
      book_of_(0x10000, kNoBook),
      // Two of the message that reaches the limit, and what conflation leaves.
      events_(options.events_max + 2 + instruments.size() * Conflation::kEventsPerBook) {
    for (const pipeline::Instrument& instrument : instruments) {
        Followed followed;
        followed.name = stock_name(instrument.symbol);
        const auto same = [&](const Followed& other) { return other.name == followed.name; };
        if (std::any_of(followed_.begin(), followed_.end(), same))
            throw std::invalid_argument("ItchFeed: the stock \"" + instrument.symbol +
                                        "\" is named twice");
        followed_.push_back(followed);
    }
}

ItchFeed::~ItchFeed() = default;

}  // namespace sluice::adapters::itch
