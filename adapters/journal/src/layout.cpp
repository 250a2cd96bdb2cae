#include <sluice/adapters/journal/layout.hpp>

#include <cmath>
#include <cstdio>
#include <span>

#include <sluice/adapters/journal/crc32c.hpp>

namespace sluice::adapters::journal {
namespace {

constexpr std::array<char, 8> kSegmentMagic{'S', 'L', 'U', 'J', '\r', '\n', '\x1A', '\n'};
constexpr std::array<char, 8> kEndMagic{'S', 'L', 'U', 'J', 'E', 'N', 'D', '1'};
constexpr std::size_t kReplacesOffset = 45;  // the one bool of an approved order
constexpr core::Money kMostCharge = core::Money::from_units(1'000'000'000'000'000);

std::uint32_t crc_around(std::uint32_t before, const std::byte* line) noexcept {
    const std::uint32_t head = crc32c(before, {line, kCrcOffset});
    return crc32c(head, {line + kCrcOffset + 4, kLineBytes - kCrcOffset - 4});
}

// Within what the books can count.
bool is_charge(const pipeline::Event& event, bool known) noexcept {
    using pipeline::ChargeBasis;
    const pipeline::Charge& charge = event.charge();
    if (static_cast<std::size_t>(charge.kind) >= pipeline::kChargeKindCount ||
        static_cast<std::size_t>(charge.basis) >= pipeline::kChargeBasisCount || charge.parts == 0)
        return false;
    const core::Int128 value = charge.value.money().raw();
    if (charge.currency >= pipeline::kMaxCurrencies) return false;
    if (charge.basis == ChargeBasis::kAmount)
        return (known || event.symbol() == core::kNoSymbol) && value <= kMostCharge.raw() &&
               value >= -kMostCharge.raw();
    return known && value <= pipeline::kRateScale && value >= -pipeline::kRateScale;
}

bool is_rate(const pipeline::ExchangeRate& rate) noexcept {
    return rate.currency != pipeline::kAccountCurrency &&
           rate.currency < pipeline::kMaxCurrencies && rate.rate >= pipeline::kLeastExchangeRate &&
           rate.rate <= pipeline::kMostExchangeRate;
}

bool is_command(const pipeline::Event& event) noexcept {
    using pipeline::EventKind;
    if (event.kind() == EventKind::kCancel) return true;
    if (event.kind() != EventKind::kApproved) return false;
    const pipeline::ApprovedOrder& order = event.approved();
    std::uint8_t replaces = 0;  // never read as a bool before it is known to be one
    std::memcpy(&replaces, reinterpret_cast<const std::byte*>(&event) + kReplacesOffset, 1);
    return order.side() <= pipeline::Side::kSell &&
           order.type() <= pipeline::OrderType::kTrailing &&
           order.time_in_force() <= pipeline::TimeInForce::kFok && replaces <= 1 &&
           order.symbol() == event.symbol();
}

}  // namespace

std::uint32_t line_crc(std::uint64_t journal_id, std::uint64_t number,
                       const std::byte* line) noexcept {
    return crc32c_line(journal_id, number, line);
}

void seal_line(std::uint64_t journal_id, std::uint64_t number, std::byte* line) noexcept {
    const std::uint32_t crc = line_crc(journal_id, number, line);
    std::memcpy(line + kCrcOffset, &crc, sizeof crc);
}

void seal_lines(std::uint64_t journal_id, std::uint64_t first, std::byte* lines,
                std::size_t count) noexcept {
    for (std::size_t i = 0; i < count; ++i)
        seal_line(journal_id, first + i, lines + i * kLineBytes);
}

bool is_sealed(std::uint64_t journal_id, std::uint64_t number, const std::byte* line) noexcept {
    std::uint32_t crc = 0;
    std::memcpy(&crc, line + kCrcOffset, sizeof crc);
    return crc == line_crc(journal_id, number, line);
}

bool is_blank(const std::byte* line) noexcept {
    std::array<std::uint64_t, kLineBytes / 8> words;
    std::memcpy(words.data(), line, kLineBytes);
    std::uint64_t any = 0;
    for (const std::uint64_t word : words) any |= word;
    return any == 0;
}

Line make_segment_header(SegmentHeader header) noexcept {
    header.magic = kSegmentMagic;
    header.unused = 0;
    header.unused_2 = 0;
    Line line;
    std::memcpy(line.data(), &header, kLineBytes);
    const std::uint32_t crc = crc_around(0, line.data());
    std::memcpy(line.data() + kCrcOffset, &crc, sizeof crc);
    return line;
}

Line make_end(std::uint64_t journal_id, std::uint64_t number, std::uint64_t records,
              Ending ending) noexcept {
    EndLine end{};
    end.magic = kEndMagic;
    end.records = records;
    end.ending = static_cast<std::uint32_t>(ending);
    Line line;
    std::memcpy(line.data(), &end, kLineBytes);
    seal_line(journal_id, number, line.data());
    return line;
}

Ending ending_of(const std::byte* line) noexcept {
    EndLine end;
    std::memcpy(&end, line, kLineBytes);
    if (end.magic != kEndMagic || line[kKindOffset] != std::byte{}) return Ending::kNone;
    if (end.ending != static_cast<std::uint32_t>(Ending::kRecovered)) return Ending::kClosed;
    return Ending::kRecovered;
}

std::uint64_t records_of_end(const std::byte* line) noexcept {
    std::uint64_t records = 0;
    std::memcpy(&records, line + offsetof(EndLine, records), sizeof records);
    return records;
}

bool is_record(const pipeline::Event& event, std::size_t instruments) noexcept {
    using pipeline::EventKind;
    const bool known = core::index_of(event.symbol()) < instruments;
    switch (event.kind()) {
        case EventKind::kTrade:
        case EventKind::kQuote: return known;
        case EventKind::kReport:
            // A report for an order that was never sent names no instrument either.
            return (known || (event.symbol() == core::kNoSymbol &&
                              event.report().order == core::OrderId::kNone)) &&
                   static_cast<std::size_t>(event.exec_kind()) < pipeline::kExecKindCount;
        case EventKind::kHalt:
        case EventKind::kResume:
            return (known || event.symbol() == core::kNoSymbol) &&
                   (event.flags() & ~pipeline::kFlagSampled) <
                       static_cast<int>(pipeline::kHaltReasonCount);
        case EventKind::kRestore: return event.flags() < pipeline::kRiskItemCount;
        case EventKind::kApproved:
        case EventKind::kCancel: return known && is_command(event);
        case EventKind::kParameter: return std::isfinite(event.parameter().value);
        case EventKind::kCharge: return is_charge(event, known);
        case EventKind::kRate: return is_rate(event.rate());
        default: return pipeline::is_sequenced(event.kind());
    }
}

std::string segment_name(std::uint32_t segment) {
    std::array<char, 24> name{};
    std::snprintf(name.data(), name.size(), "%06u.sluj", segment);
    return name.data();
}

}  // namespace sluice::adapters::journal
