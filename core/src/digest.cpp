#include <sluice/core/digest.hpp>

#include <array>
#include <new>

#include <xxhash.h>

namespace sluice::core {

struct Digest::State {
    XXH3_state_t* xxh = XXH3_createState();

    State() {
        if (xxh == nullptr) throw std::bad_alloc{};
        XXH3_128bits_reset(xxh);
    }
    ~State() { XXH3_freeState(xxh); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
};

Digest::Digest() : state_(std::make_unique<State>()) {}
Digest::~Digest() = default;

void Digest::add(std::uint64_t value) noexcept {
    std::array<unsigned char, 8> bytes{};
    for (unsigned i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<unsigned char>(value >> (8 * i));
    XXH3_128bits_update(state_->xxh, bytes.data(), bytes.size());
}

void Digest::add(std::string_view text) noexcept {
    add(static_cast<std::uint64_t>(text.size()));
    XXH3_128bits_update(state_->xxh, text.data(), text.size());
}

std::string Digest::hex() const {
    constexpr const char* kDigits = "0123456789abcdef";
    const XXH128_hash_t hash = XXH3_128bits_digest(state_->xxh);
    std::string out;
    for (const std::uint64_t half : {hash.high64, hash.low64}) {
        for (int shift = 60; shift >= 0; shift -= 4) out.push_back(kDigits[half >> shift & 0xFU]);
    }
    return out;
}

}  // namespace sluice::core
