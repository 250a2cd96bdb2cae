#include <sluice/pipeline/trading_phases.hpp>

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include <date/date.h>

namespace sluice::pipeline {

namespace {

// ISO 8601 with a zone: 2013-10-07T15:00:00Z, 2013-10-07T11:00:00.5-04:00.
bool parse_moment(const std::string& text, StreamTime& out) {
    for (const char* format : {"%FT%TZ", "%FT%T%Ez"}) {
        std::istringstream in{text};
        date::sys_time<Nanos> time;
        in >> date::parse(format, time);
        if (in.fail() || in.peek() != std::istringstream::traits_type::eof()) continue;
        out = StreamTime{time.time_since_epoch()};
        return true;
    }
    return false;
}

PlannedHalt parse_halt(const std::string& entry) {
    std::istringstream in{entry};
    std::string from;
    std::string to;
    std::string more;
    PlannedHalt halt;
    if (!(in >> halt.symbol >> from >> to) || in >> more || !parse_moment(from, halt.from) ||
        !parse_moment(to, halt.to))
        throw std::invalid_argument(
            "'" + entry +
            "' is no halt; write a symbol or *, when it begins and when it ends, such as IBM "
            "2013-10-07T15:00:00Z 2013-10-07T15:05:00Z");
    if (halt.to <= halt.from)
        throw std::invalid_argument("'" + entry + "' ends before it has begun");
    return halt;
}

template <class Read>
std::string fault_of(Read&& read) {
    try {
        read();
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return {};
}

}  // namespace

std::vector<PlannedHalt> planned_halts(const VenueSettings& settings) {
    std::vector<PlannedHalt> out;
    out.reserve(settings.halts.size());
    for (const std::string& entry : settings.halts) out.push_back(parse_halt(entry));
    std::stable_sort(out.begin(), out.end(),
                     [](const PlannedHalt& a, const PlannedHalt& b) { return a.from < b.from; });
    return out;
}

std::string halted_stranger(const VenueSettings& settings, const InstrumentTable& instruments) {
    for (const PlannedHalt& halt : planned_halts(settings)) {
        const bool known = std::any_of(instruments.begin(), instruments.end(),
                                       [&](const auto& i) { return halt.is_of(i.symbol); });
        if (!known) return halt.symbol;
    }
    return {};
}

AuctionPrints auction_prints(const VenueSettings& settings, TimeInForce tif,
                             std::string_view symbol) {
    AuctionPrints out;
    out.conditions =
        tif == TimeInForce::kOpening ? settings.opening_conditions : settings.closing_conditions;
    for (const std::string& entry : settings.auction_exchanges) {
        const std::size_t equals = entry.rfind('=');
        if (equals == std::string::npos || equals == 0 || equals + 2 != entry.size())
            throw std::invalid_argument("'" + entry +
                                        "' is not SYMBOL=LETTER, such as IBM=N, with the letter "
                                        "of an exchange in the data");
        if (entry.compare(0, equals, symbol) == 0)
            out.exchange = static_cast<std::uint8_t>(entry.back());
    }
    return out;
}

std::string halts_fault(const VenueSettings& settings) {
    return fault_of([&] { (void)planned_halts(settings); });
}

std::string auctions_fault(const VenueSettings& settings) {
    return fault_of([&] { (void)auction_prints(settings, TimeInForce::kOpening, {}); });
}

}  // namespace sluice::pipeline
