// Start-up half of the session: its memory and its settings.
#include <sluice/adapters/ouch/hot/ouch_session.hpp>

#include <limits>
#include <stdexcept>

namespace sluice::adapters::ouch {

namespace {

constexpr std::size_t kMatchesPerOrder = 16;
constexpr std::size_t kRequestMax = 128;  // bytes of any request with its header

// After a reconnect every open order can have a request and a cancel that have to go out at once.
SoupClientConfig with_room(SoupClientConfig soup, std::size_t max_orders) {
    soup.out_capacity = std::max(soup.out_capacity, 2 * max_orders * kRequestMax);
    return soup;
}

std::vector<v42::Stock> stocks(const std::vector<std::string>& symbols) {
    std::vector<v42::Stock> out;
    for (const std::string& symbol : symbols) {
        if (symbol.size() > v42::Stock{}.size())
            throw std::invalid_argument("symbol '" + symbol + "' has more than 8 characters");
        out.push_back(padded<8>(symbol));
    }
    return out;
}

void check(const OuchSessionConfig& config) {
    if (config.token_prefix.size() > TokenText::kPrefixMax)
        throw std::invalid_argument("token prefix '" + config.token_prefix +
                                    "' has more than 6 characters");
    if (config.firm.size() > v42::Firm{}.size())
        throw std::invalid_argument("firm '" + config.firm + "' has more than 4 characters");
    if (config.first_number == 0) throw std::invalid_argument("order numbers begin at 1");
    if (!config.names.empty() && !std::has_single_bit(config.names.size()))
        throw std::invalid_argument("the memory for names is no power of two of them");
    if (config.max_orders == 0) throw std::invalid_argument("max_orders is 0");
}

}  // namespace

OuchSession::OuchSession(pipeline::ByteStream& stream, const OuchSessionConfig& config,
                         const core::TscClock& clock)
    : soup_(stream, with_room(config.soup, config.max_orders), clock),
      tokens_(config.names.empty() ? TokenTable{kNamesPerOrder * config.max_orders}
                                   : TokenTable{config.names}),
      orders_(config.max_orders), matches_(kMatchesPerOrder * config.max_orders),
      symbols_(stocks(config.symbols)), events_(std::max<std::size_t>(config.events, 16)),
      token_text_(config.token_prefix), next_number_(config.first_number),
      end_number_(config.version == OuchVersion::k42 ? token_text_.end()
                                                     : std::numeric_limits<std::uint32_t>::max()),
      day_start_ns_(config.day_start_ns), firm_(padded<4>(config.firm)), version_(config.version),
      capacity_(config.capacity), display_(config.display),
      query_(config.query_account && config.version == OuchVersion::k50), resend_(config.resend) {
    check(config);
}

OuchSession::~OuchSession() = default;

}  // namespace sluice::adapters::ouch
