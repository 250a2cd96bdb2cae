// ItchFeed on arbitrary messages: the input is cut into blocks { size 1, bytes } which arrive in
// order on one line. The first byte picks how many come in a datagram and when a poll conflates.
// Whatever they say, every event must be one that the sequencer can take, and the books must add up.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <sluice/adapters/itch/hot/itch_feed.hpp>

namespace {

using namespace sluice;
namespace itch = adapters::itch;
using pipeline::Side;

void require(bool holds) {
    if (!holds) __builtin_trap();
}

class Line final : public pipeline::DatagramReceiver {
  public:
    std::vector<std::vector<std::byte>> waiting;
    [[nodiscard]] std::span<const std::byte> receive() noexcept override {
        if (next_ == waiting.size()) return {};
        return waiting[next_++];
    }

  private:
    std::size_t next_ = 0;
};

std::vector<std::byte> packet(std::uint64_t sequence, std::uint16_t count,
                              std::span<const std::byte> blocks) {
    std::vector<std::byte> out(itch::kMoldHeader);
    itch::write_mold_header(std::span<std::byte, itch::kMoldHeader>(out.data(), itch::kMoldHeader),
                            {itch::mold_session("FUZZ"), sequence, count});
    out.insert(out.end(), blocks.begin(), blocks.end());
    return out;
}

void check(const itch::ItchBooks& books, std::uint16_t book) {
    for (const Side side : {Side::kBuy, Side::kSell}) {
        std::uint32_t before = 0;
        for (std::size_t i = 0; i < books.depth(book, side); ++i) {
            const auto level = books.level(book, side, i);
            require(level.shares > 0 && level.price > 0);
            require(i == 0 || (side == Side::kBuy ? level.price < before : level.price > before));
            before = level.price;
        }
    }
    const auto top = books.top(book);
    require((top.bid == 0) == (books.depth(book, Side::kBuy) == 0));
    require((top.ask == 0) == (books.depth(book, Side::kSell) == 0));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::size_t per_packet = 1 + data[0] % 4;
    Line line;
    std::uint64_t sequence = 1;
    std::vector<std::byte> blocks;
    std::uint16_t count = 0;
    const auto close = [&] {
        if (count != 0) line.waiting.push_back(packet(sequence, count, blocks));
        sequence += count;
        blocks.clear();
        count = 0;
    };
    for (std::size_t at = 1; at < size;) {
        const std::size_t length = std::min<std::size_t>(data[at] % 64, size - at - 1);
        blocks.push_back(std::byte{0});
        blocks.push_back(static_cast<std::byte>(length));
        const auto* from = reinterpret_cast<const std::byte*>(data + at + 1);
        blocks.insert(blocks.end(), from, from + length);
        at += 1 + length;
        if (++count == per_packet) close();
    }
    close();

    pipeline::InstrumentTable instruments(2);
    instruments[0].symbol = "A";
    instruments[1].symbol = "BB";
    itch::ItchFeedOptions options;
    options.books = {16, 4};
    options.mold.window = 64;
    options.conflate_after = 1 + (data[0] >> 2U) % 8;
    options.datagrams_max = 16;
    options.events_max = 1 + (data[0] >> 5U);
    itch::ItchFeed feed(instruments, {&line, nullptr, nullptr, nullptr}, options);
    std::uint64_t now = 1;
    for (std::size_t i = 0; i <= line.waiting.size(); ++i) {
        for (const pipeline::Event& event : feed.poll(++now)) {
            require(core::index_of(event.symbol()) < 2);
            if (event.kind() == pipeline::EventKind::kTrade) {
                require(event.trade().price.raw() > 0 && event.trade().quantity.raw() > 0);
            } else {
                const pipeline::Quote& quote = event.quote();
                require(quote.bid.raw() > 0 || quote.ask.raw() > 0);
                require((quote.bid.raw() > 0) == (quote.bid_size.raw() > 0));
                require((quote.ask.raw() > 0) == (quote.ask_size.raw() > 0));
            }
        }
    }
    require(feed.counts().messages + 1 == sequence);
    require(feed.books().resting() <= 16);
    for (const std::uint16_t book : {std::uint16_t{0}, std::uint16_t{1}}) check(feed.books(), book);
    return 0;
}
