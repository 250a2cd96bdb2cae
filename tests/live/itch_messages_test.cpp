// ITCH 5.0 messages against bytes that we did not make: messages which Nasdaq sent on 22 August
// 2023, as published in the packet collection of the Open Markets Initiative, and, where that has
// none, bytes written out from the specification.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include <sluice/adapters/itch/itch_encoder.hpp>
#include <sluice/adapters/itch/itch_messages.hpp>

#include "itch_support.hpp"

namespace sluice::test_itch {
namespace {

namespace itch = adapters::itch;
using itch::ItchCheck;
using itch::ItchMessage;
using pipeline::ExchangeSymbol;
using pipeline::MarketAction;
using pipeline::MarketUpdate;
using pipeline::Side;

constexpr std::string_view kAdd =
    "4115980000 1f1aced85306 000000000166b53e 42 00000640 49564f4f20202020 000d55ac";
constexpr std::string_view kAddOfFirm =
    "4606ca0000 1f1aced99936 000000000120be75 53 00000064 4341535920202020 0026fd40 464c5455";
constexpr std::string_view kExecuted =
    "4509290002 1f1aced8f061 000000000166929a 00000019 000000000003e63b";
constexpr std::string_view kExecutedAtPrice =
    "4313e40001 1f1aceebb03b 00000000013113de 0000133e 000000000003e65d 4e 00036e20";
constexpr std::string_view kReduced = "5824c50000 1f1acefe785d 0000000002041a00 00000064";
constexpr std::string_view kDeleted = "440d190000 1f1aced840ed 000000000165b51a";
constexpr std::string_view kReplaced =
    "551db30000 1f1aced771e9 0000000000e6897f 000000000145f2c7 00000064 001036c8";
constexpr std::string_view kTrade =
    "5011930002 1f1acee462a9 0000000000000000 42 00000064 474f4f474c202020 001399f8"
    "000000000003e642";
constexpr std::string_view kTrading = "4801d00000 1f9df77c9e20 414d432020202020 54 20 20202020";
constexpr std::string_view kSystem = "5300000000 1f1acedb02f0 51";
// From the specification: round lot 100, test issue.
constexpr std::string_view kDirectory =
    "5200020000 1f1acedb02f0 534c494345202020 51 4e 00000064 4e 43 5a20 54 4e 4e 31 4e 00000000 4e";

// 22 August 2023, 00:00 in New York.
constexpr std::int64_t kMidnight = 1'692'676'800'000'000'000;

struct Published {
    char type;
    std::string_view bytes;
};
// One of every type in the collection.
constexpr std::array kPublished{
    Published{'A', kAdd},
    Published{'F', kAddOfFirm},
    Published{'E', kExecuted},
    Published{'C', kExecutedAtPrice},
    Published{'X', kReduced},
    Published{'D', kDeleted},
    Published{'U', kReplaced},
    Published{'P', kTrade},
    Published{'H', kTrading},
    Published{'S', kSystem},
    Published{'Q',
              "5103d70001 1f1acee15003 0000000000000000 4241432d51202020 00000000"
              "000000000003e63e 4f"},
    Published{'J', "4a2c3d0000 1f1e703b4f95 5a585a5a54202020 00020918 00022344 0001aa90 00000000"},
    Published{'L', "4c0e930000 1f2082daf82d 4d41584d 46474d4320202020 59 4e 41"},
    Published{'I',
              "49193e0000 1f1acede0ab2 0000000000000001 0000000000000000 4e 4d44432020202020"
              "00071610 00071610 00071610 4f 4c"},
    Published{'Y', "5924bd0000 1f1ad5cc18b7 534f504120202020 31"},
    Published{'N', "4e04ea0000 1f1aceceff2f 42495a4420202020 4e"},
};

TEST(ItchMessages, knows_the_size_of_every_published_message) {
    for (const Published& message : kPublished) {
        const Bytes bytes = from_hex(message.bytes);
        EXPECT_EQ(static_cast<char>(bytes[0]), message.type);
        EXPECT_EQ(itch::itch_size(message.type), bytes.size()) << message.type;
        EXPECT_EQ(itch::check_itch(bytes), ItchCheck::kGood) << message.type;
    }
}

TEST(ItchMessages, knows_the_sizes_that_the_specification_gives_to_the_others) {
    EXPECT_EQ(itch::itch_size('R'), 39U);
    EXPECT_EQ(itch::itch_size('V'), 35U);
    EXPECT_EQ(itch::itch_size('W'), 12U);
    EXPECT_EQ(itch::itch_size('K'), 28U);
    EXPECT_EQ(itch::itch_size('h'), 21U);
    EXPECT_EQ(itch::itch_size('B'), 19U);
    EXPECT_EQ(itch::itch_size('O'), 48U);
    EXPECT_EQ(itch::itch_size('Z'), 0U);
}

TEST(ItchMessages, refuses_a_message_that_is_shorter_or_longer_than_its_type) {
    for (const Published& message : kPublished) {
        Bytes bytes = from_hex(message.bytes);
        bytes.push_back(std::byte{0});
        EXPECT_EQ(itch::check_itch(bytes), ItchCheck::kWrongSize) << message.type;
        bytes.erase(bytes.end() - 2, bytes.end());
        EXPECT_EQ(itch::check_itch(bytes), ItchCheck::kWrongSize) << message.type;
    }
    EXPECT_EQ(itch::check_itch({}), ItchCheck::kWrongSize);
    EXPECT_EQ(itch::check_itch(from_hex("5a00")), ItchCheck::kUnknownType);
}

TEST(ItchMessages, reads_orders_as_nasdaq_sent_them) {
    const Bytes add = from_hex(kAdd);
    const ItchMessage a(add);
    EXPECT_EQ(a.type(), 'A');
    EXPECT_EQ(a.locate(), 0x1598);
    EXPECT_EQ(a.tracking(), 0);
    EXPECT_EQ(a.time_ns(), 34'199'999'894'278U);  // 09:29:59.999894278
    EXPECT_EQ(a.order(), 23'508'286U);
    EXPECT_EQ(a.side(), 'B');
    EXPECT_EQ(a.add_shares(), 1'600U);
    EXPECT_EQ(a.add_stock(), (itch::StockName{'I', 'V', 'O', 'O', ' ', ' ', ' ', ' '}));
    EXPECT_EQ(a.add_price(), 873'900U);  // 87.39

    const Bytes executed = from_hex(kExecuted);
    EXPECT_EQ(ItchMessage(executed).order(), 23'499'418U);
    EXPECT_EQ(ItchMessage(executed).taken_shares(), 25U);
    EXPECT_EQ(ItchMessage(executed).match(), 255'547U);

    const Bytes at_price = from_hex(kExecutedAtPrice);
    EXPECT_EQ(ItchMessage(at_price).taken_shares(), 4'926U);
    EXPECT_EQ(ItchMessage(at_price).match(), 255'581U);
    EXPECT_FALSE(ItchMessage(at_price).printable());
    EXPECT_EQ(ItchMessage(at_price).execution_price(), 224'800U);  // 22.48

    const Bytes reduced = from_hex(kReduced);
    EXPECT_EQ(ItchMessage(reduced).order(), 33'823'232U);
    EXPECT_EQ(ItchMessage(reduced).taken_shares(), 100U);

    const Bytes replaced = from_hex(kReplaced);
    EXPECT_EQ(ItchMessage(replaced).order(), 15'108'479U);
    EXPECT_EQ(ItchMessage(replaced).new_order(), 21'361'351U);
    EXPECT_EQ(ItchMessage(replaced).new_shares(), 100U);
    EXPECT_EQ(ItchMessage(replaced).new_price(), 1'062'600U);  // 106.26
}

TEST(ItchMessages, reads_trades_and_states_as_nasdaq_sent_them) {
    const Bytes trade = from_hex(kTrade);
    EXPECT_EQ(ItchMessage(trade).add_shares(), 100U);
    EXPECT_EQ(ItchMessage(trade).add_price(), 1'284'600U);  // 128.46
    EXPECT_EQ(ItchMessage(trade).trade_match(), 255'554U);
    const Bytes trading = from_hex(kTrading);
    EXPECT_EQ(ItchMessage(trading).stock(),
              (itch::StockName{'A', 'M', 'C', ' ', ' ', ' ', ' ', ' '}));
    EXPECT_EQ(ItchMessage(trading).trading_state(), 'T');
    const Bytes system = from_hex(kSystem);
    EXPECT_EQ(ItchMessage(system).system_event(), 'Q');
    const Bytes directory = from_hex(kDirectory);
    EXPECT_EQ(ItchMessage(directory).locate(), 2);
    EXPECT_EQ(ItchMessage(directory).round_lot(), 100U);
}

// What stands at locate n is named n; only these are used.
std::vector<ExchangeSymbol> listed() {
    std::vector<ExchangeSymbol> out(0x2be1);
    const auto name = [&](std::size_t locate, std::string_view stock) {
        ExchangeSymbol& symbol = out[locate - 1];
        symbol.name.fill(' ');
        std::copy(stock.begin(), stock.end(), symbol.name.begin());
    };
    name(0x1598, "IVOO");
    name(0x1193, "GOOGL");
    name(0x01d0, "AMC");
    name(2, "SLICE");
    return out;
}

// As Nasdaq wrote it, but for the tracking number, which is ours to choose.
std::string untracked(std::string_view hex) {
    Bytes bytes = from_hex(hex);
    bytes[3] = bytes[4] = std::byte{0};
    return to_hex(bytes);
}
std::string encoded(const MarketUpdate& update) {
    const itch::ItchEncoder encoder(listed(), kMidnight);
    std::array<std::byte, itch::kItchMessageMax> out{};
    const std::size_t size = encoder.encode(update, out);
    return to_hex(std::span(out).first(size));
}
MarketUpdate update(MarketAction action, std::uint16_t symbol, std::int64_t time) {
    MarketUpdate out;
    out.time_ns = kMidnight + time;
    out.symbol = symbol;
    out.action = action;
    return out;
}

TEST(ItchEncoder, writes_orders_as_nasdaq_does) {
    MarketUpdate add = update(MarketAction::kAdd, 0x1598, 34'199'999'894'278);
    add.order = 23'508'286;
    add.shares = 1'600;
    add.price = 873'900;
    EXPECT_EQ(encoded(add), untracked(kAdd));

    MarketUpdate sell = add;
    sell.side = Side::kSell;
    EXPECT_EQ(encoded(sell).substr(38, 2), "53");

    MarketUpdate reduced = update(MarketAction::kReduced, 0x24c5, 34'200'002'394'205);
    reduced.order = 33'823'232;
    reduced.shares = 100;
    EXPECT_EQ(encoded(reduced), untracked(kReduced));

    MarketUpdate deleted = update(MarketAction::kDeleted, 0x0d19, 34'199'999'889'645);
    deleted.order = 23'442'714;
    EXPECT_EQ(encoded(deleted), untracked(kDeleted));

    MarketUpdate replaced = update(MarketAction::kReplaced, 0x1db3, 34'199'999'836'649);
    replaced.order = 15'108'479;
    replaced.new_order = 21'361'351;
    replaced.shares = 100;
    replaced.price = 1'062'600;
    EXPECT_EQ(encoded(replaced), untracked(kReplaced));
}

TEST(ItchEncoder, writes_executions_and_trades_as_nasdaq_does) {
    MarketUpdate executed = update(MarketAction::kExecuted, 0x0929, 34'199'999'934'561);
    executed.order = 23'499'418;
    executed.shares = 25;
    executed.match = 255'547;
    EXPECT_EQ(encoded(executed), untracked(kExecuted));

    MarketUpdate at_price = update(MarketAction::kExecutedAtPrice, 0x13e4, 34'200'001'163'323);
    at_price.order = 19'993'566;
    at_price.shares = 4'926;
    at_price.match = 255'581;
    at_price.price = 224'800;
    at_price.code = 'N';
    EXPECT_EQ(encoded(at_price), untracked(kExecutedAtPrice));

    MarketUpdate trade = update(MarketAction::kTrade, 0x1193, 34'200'000'684'713);
    trade.order = 77;          // not told
    trade.side = Side::kSell;  // not told either
    trade.shares = 100;
    trade.match = 255'554;
    trade.price = 1'284'600;
    EXPECT_EQ(encoded(trade), untracked(kTrade));
}

TEST(ItchEncoder, writes_the_directory_and_states_as_the_specification_says) {
    MarketUpdate system = update(MarketAction::kSystem, 0, 34'200'000'070'384);
    system.code = 'Q';
    EXPECT_EQ(encoded(system), untracked(kSystem));
    MarketUpdate trading = update(MarketAction::kTrading, 0x01d0, 34'763'322'465'824);
    trading.code = 'T';
    EXPECT_EQ(encoded(trading), untracked(kTrading));
    EXPECT_EQ(encoded(update(MarketAction::kDirectory, 2, 34'200'000'070'384)),
              untracked(kDirectory));
}

TEST(ItchEncoder, refuses_what_itch_cannot_say) {
    EXPECT_EQ(encoded(update(MarketAction::kDeleted, 1, -1)), "");
    EXPECT_EQ(encoded(update(MarketAction::kDeleted, 1, std::int64_t{1} << 48)), "");
    EXPECT_NE(encoded(update(MarketAction::kDeleted, 1, (std::int64_t{1} << 48) - 1)), "");
    EXPECT_EQ(encoded(update(MarketAction::kDeleted, 0, 0)), "");
    EXPECT_EQ(encoded(update(MarketAction::kDeleted, 0x2be2, 0)), "");
    EXPECT_EQ(encoded(update(MarketAction{'Z'}, 1, 0)), "");
}

}  // namespace
}  // namespace sluice::test_itch
