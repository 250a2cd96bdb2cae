#include <algorithm>
#include <stdexcept>

#include <sluice/adapters/itch/hot/mold_arbiter.hpp>

namespace sluice::adapters::itch {

namespace {

MoldOptions checked(MoldOptions options) {
    if (options.lines == 0 || options.lines > MoldOptions::kLinesMax)
        throw std::invalid_argument("MoldArbiter: lines must be 1..4");
    if (options.window == 0 || options.window > std::size_t{1} << 24U)
        throw std::invalid_argument("MoldArbiter: window must be 1..2^24 messages");
    if (options.request_messages == 0 || options.request_messages == kMoldEnd)
        throw std::invalid_argument("MoldArbiter: request_messages must be 1..65534");
    if (options.requests_in_flight == 0)
        throw std::invalid_argument("MoldArbiter: requests_in_flight must not be 0");
    if (!(options.ticks_per_second >= 1e6 && options.ticks_per_second <= 1e12))
        throw std::invalid_argument("MoldArbiter: ticks_per_second must be 1e6..1e12");
    options.window = std::max<std::size_t>(64, std::bit_ceil(options.window));
    const double ticks_per_ns = options.ticks_per_second / 1e9;
    for (std::uint64_t* time : {&options.wait_ns, &options.retry_ns, &options.give_up_ns}) {
        const double ticks = static_cast<double>(*time) * ticks_per_ns;
        *time = ticks < 9e18 ? static_cast<std::uint64_t>(ticks) : std::uint64_t{9} << 60U;
    }
    return options;
}

}  // namespace

MoldArbiter::MoldArbiter(const MoldOptions& options, pipeline::DatagramSender* requests)
    : options_(checked(options)), requests_(requests), mask_(options_.window - 1),
      block_(options_.window * sizeof(Slot)), slots_(static_cast<Slot*>(block_.data())),
      present_(options_.window / 64) {}

}  // namespace sluice::adapters::itch
