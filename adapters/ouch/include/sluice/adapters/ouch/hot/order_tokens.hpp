// Which order a name on the wire belongs to, and which executions have been seen.
// One thread; memory at construction; one probe each.
#pragma once

#include <bit>
#include <span>
#include <vector>

#include <sluice/pipeline/hot/order_types.hpp>

namespace sluice::adapters::ouch {

// One request that made an order or a replacement, as it went out.
struct TokenRecord {
    enum class State : std::uint8_t { kFree, kPending, kLive, kDead };

    std::uint64_t number = 0;    // its name
    std::uint64_t replaces = 0;  // 0: a new order
    std::uint64_t price = 0;     // 1e-4
    pipeline::OrderId order{};
    std::uint32_t shares = 0;
    pipeline::SymbolId symbol{};
    pipeline::Side side{};
    pipeline::TimeInForce tif{};
    State state = State::kFree;
};

// By number. Numbers rise; one whose slot is in use is passed over. The dead stay, so that a late
// report finds its order, until a new number takes their slot.
class TokenTable {
  public:
    explicit TokenTable(std::size_t capacity) : own_(std::bit_ceil(capacity)), slots_(own_) {}
    // In memory of the caller's, a power of two of free records, which another process may read.
    explicit TokenTable(std::span<TokenRecord> memory) : slots_(memory) {}
    TokenTable(TokenTable&&) = default;  // and no copy: its slots would be those of the other

    [[nodiscard]] std::size_t capacity() const noexcept { return slots_.size(); }
    // The first number from `number` on that has a slot, 0 when there is none.
    [[nodiscard]] std::uint64_t next_free(std::uint64_t number) const noexcept {
        for (std::size_t i = 0; i < slots_.size(); ++i, ++number) {
            const TokenRecord& slot = slots_[number & (slots_.size() - 1)];
            if (slot.state == TokenRecord::State::kFree || slot.state == TokenRecord::State::kDead)
                return number;
        }
        return 0;
    }
    TokenRecord& insert(const TokenRecord& record) noexcept {
        return slots_[record.number & (slots_.size() - 1)] = record;
    }
    // The lowest number beyond `after` whose request has had no answer, null when there is none.
    // Looks at every slot: for after a reconnect.
    [[nodiscard]] const TokenRecord* next_pending(std::uint64_t after) const noexcept {
        const TokenRecord* found = nullptr;
        for (const TokenRecord& slot : slots_) {
            if (slot.state != TokenRecord::State::kPending || slot.number <= after) continue;
            if (found == nullptr || slot.number < found->number) found = &slot;
        }
        return found;
    }
    [[nodiscard]] TokenRecord* find(std::uint64_t number) noexcept {
        TokenRecord& slot = slots_[number & (slots_.size() - 1)];
        return number != 0 && slot.number == number ? &slot : nullptr;
    }

  private:
    std::vector<TokenRecord> own_;
    std::span<TokenRecord> slots_;
};

// One order over all its replacements.
struct VenueOrder {
    pipeline::OrderId id = pipeline::OrderId::kNone;
    std::uint64_t live = 0;         // the name it goes by at the exchange
    std::uint64_t replacement = 0;  // asked for and not answered; 0: none
    std::uint32_t total = 0;        // as the engine knows it
    std::uint32_t filled = 0;       // of that
    std::uint32_t open = 0;         // as the exchange knows it
    bool alive = false;
    bool cancelling = false;
};

// By OrderId, whose low bits are unique among the orders that are open.
class VenueOrderTable {
  public:
    explicit VenueOrderTable(std::size_t capacity) : slots_(std::bit_ceil(capacity)) {}

    // Null when an order that is alive has the slot.
    [[nodiscard]] VenueOrder* insert(pipeline::OrderId id) noexcept {
        VenueOrder& slot = at(id);
        if (slot.alive) return nullptr;
        slot = VenueOrder{};
        slot.id = id;
        slot.alive = true;
        return &slot;
    }
    [[nodiscard]] VenueOrder* find(pipeline::OrderId id) noexcept {
        VenueOrder& slot = at(id);
        return slot.id == id && id != pipeline::OrderId::kNone ? &slot : nullptr;
    }
    template <class Fn>
    void for_each(Fn&& fn) noexcept {
        for (VenueOrder& slot : slots_)
            if (slot.alive) fn(slot);
    }

  private:
    [[nodiscard]] VenueOrder& at(pipeline::OrderId id) noexcept {
        return slots_[static_cast<std::uint64_t>(id) & (slots_.size() - 1)];
    }
    std::vector<VenueOrder> slots_;
};

// The executions seen last, so that none counts twice. Four of each bucket are remembered.
class MatchMemory {
  public:
    explicit MatchMemory(std::size_t capacity) : sets_(std::bit_ceil(capacity / 4 + 1)) {}

    // False when this execution of this order has been seen.
    [[nodiscard]] bool is_new(std::uint64_t match, std::uint64_t number) noexcept {
        const std::uint64_t key = match * 0x9E37'79B9'7F4A'7C15U ^ number;
        Set& set = sets_[(key >> 32U) & (sets_.size() - 1)];
        for (const Entry& entry : set.entries)
            if (entry.match == match && entry.number == number) return false;
        set.entries[set.next++ & 3U] = {match, number};
        return true;
    }

  private:
    struct Entry {
        std::uint64_t match = 0;
        std::uint64_t number = 0;  // 0: none
    };
    struct Set {
        Entry entries[4];
        std::uint32_t next = 0;
    };
    std::vector<Set> sets_;
};

}  // namespace sluice::adapters::ouch
