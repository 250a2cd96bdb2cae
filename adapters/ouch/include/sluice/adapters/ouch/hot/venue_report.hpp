// What a message of the exchange says about an order, whichever version of OUCH it came in.
// Any thread; no allocation.
#pragma once

#include <sluice/adapters/ouch/ouch42_messages.hpp>
#include <sluice/adapters/ouch/ouch50_messages.hpp>
#include <sluice/pipeline/hot/order_types.hpp>

namespace sluice::adapters::ouch {

// A client's name for an order in OUCH 4.2: a prefix that makes it unique for the day, and a number.
class TokenText {
  public:
    // `prefix`: at most kPrefixMax characters.
    static constexpr std::size_t kPrefixMax = 6;
    explicit TokenText(std::string_view prefix) noexcept;

    [[nodiscard]] v42::Token text(std::uint64_t number) const noexcept;
    // 0 when the token is not one of ours.
    [[nodiscard]] std::uint64_t number(const v42::Token& token) const noexcept;
    // The first number that has too many digits.
    [[nodiscard]] std::uint64_t end() const noexcept { return end_; }

  private:
    v42::Token blank_;
    std::size_t prefix_size_;
    std::uint64_t end_ = 1;
};

struct VenueReport {
    enum class Kind : std::uint8_t {
        kNothing,  // nothing that changes an order
        kAccepted,
        kReplaced,
        kReduced,  // `shares` taken off, maybe all
        kExecuted,
        kBroken,
        kRejected,
        kCancelRejected,
        kNextNumber,  // OUCH 5.0: the exchange expects `number` next
    };
    Kind kind = Kind::kNothing;
    bool alive = true;  // kAccepted, kReplaced
    char letter = 0;    // kReduced: why
    pipeline::RejectReason reason{};
    std::uint32_t shares = 0;
    std::uint64_t number = 0;  // of the order; 0: not one of ours
    std::uint64_t price = 0;   // 1e-4
    std::uint64_t match = 0;
    std::uint64_t time = 0;  // ns since midnight
};

// False when the message is not one of the specification's.
[[nodiscard]] bool read_report42(std::span<const std::byte> message, const TokenText& tokens,
                                 VenueReport& report) noexcept;
[[nodiscard]] bool read_report50(std::span<const std::byte> message, VenueReport& report) noexcept;

// The specification's reasons in the engine's words.
[[nodiscard]] pipeline::RejectReason reject_reason42(char letter) noexcept;
[[nodiscard]] pipeline::RejectReason reject_reason50(std::uint16_t code) noexcept;
// The code of OUCH 5.0 for a letter of OUCH 4.2.
[[nodiscard]] std::uint16_t reject_code50(char letter) noexcept;

}  // namespace sluice::adapters::ouch
