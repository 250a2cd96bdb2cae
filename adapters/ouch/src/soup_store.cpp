#include <sluice/adapters/ouch/soup_store.hpp>

#include <utility>

namespace sluice::adapters::ouch {

void SoupStore::append(std::span<const std::byte> message) {
    if (current_.ends.size() == kBlockMessages) {
        if (!previous_.ends.empty() && !put_away(previous_)) {
            places_.emplace_back();
            first_ = places_.size() * kBlockMessages + 1;
        }
        std::swap(previous_, current_);
        current_.bytes.clear();
        current_.ends.clear();
    }
    current_.bytes.insert(current_.bytes.end(), message.begin(), message.end());
    current_.ends.push_back(static_cast<std::uint32_t>(current_.bytes.size()));
    ++size_;
}

// A block in the file: where its messages end, then its messages.
bool SoupStore::put_away(const Block& block) {
    if (file_ == nullptr) file_.reset(std::tmpfile());
    const std::size_t bytes = block.bytes.size();
    if (file_ == nullptr || ::fseeko(file_.get(), static_cast<off_t>(file_size_), SEEK_SET) != 0 ||
        std::fwrite(block.ends.data(), sizeof(std::uint32_t), kBlockMessages, file_.get()) !=
            kBlockMessages ||
        std::fwrite(block.bytes.data(), 1, bytes, file_.get()) != bytes ||
        std::fflush(file_.get()) != 0)
        return false;
    places_.push_back({file_size_, bytes});
    file_size_ += kBlockMessages * sizeof(std::uint32_t) + bytes;
    return true;
}

bool SoupStore::load(std::size_t number) {
    if (loaded_number_ == number) return true;
    loaded_number_.reset();
    const Place place = places_[number];
    loaded_.ends.resize(kBlockMessages);
    loaded_.bytes.resize(place.bytes);
    if (file_ == nullptr ||
        ::fseeko(file_.get(), static_cast<off_t>(place.offset), SEEK_SET) != 0 ||
        std::fread(loaded_.ends.data(), sizeof(std::uint32_t), kBlockMessages, file_.get()) !=
            kBlockMessages ||
        std::fread(loaded_.bytes.data(), 1, place.bytes, file_.get()) != place.bytes)
        return false;
    loaded_number_ = number;
    return true;
}

std::span<const std::byte> SoupStore::read(std::uint64_t number) {
    if (number < first_) return {};
    const std::size_t block = (number - 1) / kBlockMessages;
    const std::size_t at = (number - 1) % kBlockMessages;
    if (block < places_.size()) return load(block) ? loaded_.message(at) : std::span<std::byte>{};
    // The one that grows is the last; the one before it is full or not there yet.
    const std::size_t last = (size_ - 1) / kBlockMessages;
    return block == last ? current_.message(at) : previous_.message(at);
}

}  // namespace sluice::adapters::ouch
