// The books, by hand: examples whose figures a person can check with a pencil.
#include <sluice/pipeline/hot/portfolio.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "support.hpp"

namespace sluice::tests {
namespace {

using pipeline::Portfolio;

class Books : public testing::Test {
  protected:
    void fill(std::int64_t signed_shares, std::string_view at, std::string_view commission = "0",
              std::size_t instrument = 0) {
        books.apply_fill(symbol(instrument), shares(signed_shares), price(at), money(commission));
    }
    bool mark(std::string_view at, std::size_t instrument = 0) {
        return books.mark(symbol(instrument), price(at));
    }
    [[nodiscard]] const Portfolio::Position& held(std::size_t instrument = 0) const {
        return books.position(symbol(instrument));
    }

    Portfolio books{Money::from_units(100'000), 2};
};

TEST_F(Books, of_a_long_position_bought_in_two_parts_and_sold_in_two) {
    fill(100, "10", "1");
    fill(100, "11", "1");
    mark("12");
    EXPECT_EQ(to_string(books.cash()), "97898");  // 100000 - 1000 - 1100 - 2
    EXPECT_EQ(to_string(books.equity()), "100298");
    EXPECT_EQ(to_string(books.unrealised()), "300");
    fill(-50, "12", "1");  // 50 * (12 - 10.5)
    EXPECT_EQ(to_string(books.realised()), "75");
    EXPECT_EQ(to_string(books.unrealised()), "225");
    fill(-150, "9", "1");  // 150 * (9 - 10.5)
    EXPECT_EQ(to_string(books.realised()), "-150");
    EXPECT_EQ(to_string(books.commission()), "4");
    EXPECT_EQ(to_string(books.cash()), "99846");
    EXPECT_EQ(books.equity(), books.cash());
    EXPECT_TRUE(held().quantity.is_zero());
    EXPECT_TRUE(held().basis.is_zero());
    EXPECT_EQ(held().fills, 4U);
}

TEST_F(Books, of_a_short_position_gain_when_the_price_falls) {
    fill(-200, "50");
    EXPECT_EQ(to_string(books.cash()), "110000");
    mark("48");
    EXPECT_EQ(to_string(books.equity()), "100400");
    EXPECT_EQ(to_string(held().unrealised()), "400");
    mark("53");
    EXPECT_EQ(to_string(books.equity()), "99400");
    fill(200, "49");
    EXPECT_EQ(to_string(books.realised()), "200");
    EXPECT_EQ(to_string(books.equity()), "100200");
}

TEST_F(Books, of_a_fill_that_flips_the_position_split_it_into_a_close_and_an_open) {
    fill(100, "10");
    fill(-150, "12");  // closes 100 at +2, opens 50 short at 12
    EXPECT_EQ(to_string(books.realised()), "200");
    EXPECT_EQ(to_string(held().quantity), "-50");
    EXPECT_EQ(to_string(held().basis), "-600");
    mark("12");
    EXPECT_EQ(to_string(books.unrealised()), "0");
    fill(80, "9");  // covers 50 at +3, opens 30 long at 9
    EXPECT_EQ(to_string(books.realised()), "350");
    EXPECT_EQ(to_string(held().basis), "270");
    mark("10");
    EXPECT_EQ(to_string(books.equity()), "100380");
}

TEST_F(Books, keep_the_rest_of_an_uneven_split_in_the_open_part) {
    // Three units for 1e-9 + 2 * 2e-9: a third of that cost is no whole number of units.
    const auto one = Quantity::from_raw(1);
    books.apply_fill(symbol(0), one, Price::from_raw(1), Money{});
    books.apply_fill(symbol(0), one + one, Price::from_raw(2), Money{});
    EXPECT_EQ(held().basis, Money::from_raw(5));
    books.apply_fill(symbol(0), -one, Price::from_raw(2), Money{});
    EXPECT_EQ(held().realised, Money::from_raw(2 - 1));  // 5/3 rounds toward zero
    EXPECT_EQ(held().basis, Money::from_raw(4));
    books.apply_fill(symbol(0), -one - one, Price::from_raw(2), Money{});
    EXPECT_EQ(held().realised, Money::from_raw(1));  // 6 got, 5 paid: nothing was lost
    EXPECT_TRUE(held().basis.is_zero());
}

TEST_F(Books, value_a_position_at_its_fill_until_the_market_says_otherwise) {
    fill(100, "10");
    EXPECT_EQ(to_string(books.equity()), "100000");
    EXPECT_TRUE(mark("10.5"));
    EXPECT_EQ(to_string(books.equity()), "100050");
    EXPECT_FALSE(mark("77", 1)) << "an instrument that is not held changes nothing";
    EXPECT_EQ(to_string(books.equity()), "100050");
}

TEST_F(Books, value_a_fill_at_the_market_not_at_its_own_price) {
    mark("10");
    fill(100, "10.2");
    EXPECT_EQ(to_string(books.equity()), "99980");
    EXPECT_EQ(to_string(books.unrealised()), "-20");
}

TEST_F(Books, keep_instruments_apart_and_sum_exposure_without_sign) {
    fill(100, "10", "0.5", 0);
    fill(-30, "200", "0.25", 1);
    mark("11", 0);
    mark("190", 1);
    EXPECT_EQ(to_string(books.gross_exposure()), "6800");  // 1100 + 5700
    EXPECT_EQ(to_string(held(0).unrealised()), "100");
    EXPECT_EQ(to_string(held(1).unrealised()), "300");
    EXPECT_EQ(to_string(held(1).commission), "0.25");
    EXPECT_EQ(to_string(books.equity()), "100399.25");
}

TEST_F(Books, remember_the_peak_and_the_deepest_fall_from_a_peak) {
    fill(100, "100");
    for (const char* at : {"110", "105", "108", "104"}) mark(at);  // 101000 down to 100400
    EXPECT_EQ(to_string(books.peak_equity()), "101000");
    EXPECT_EQ(to_string(books.max_drawdown()), "600");
    for (const char* at : {"120", "115"}) mark(at);  // a shallower fall from a higher peak
    EXPECT_EQ(to_string(books.peak_equity()), "102000");
    EXPECT_EQ(to_string(books.max_drawdown()), "600");
    mark("80");
    EXPECT_EQ(to_string(books.max_drawdown()), "4000");
    EXPECT_EQ(to_string(books.peak_equity()), "102000");
}

TEST_F(Books, count_a_fall_below_the_capital_as_drawdown_from_it) {
    fill(100, "100", "7");
    EXPECT_EQ(to_string(books.max_drawdown()), "7");
    EXPECT_EQ(to_string(books.peak_equity()), "100000");
}

std::vector<std::string> elements(const std::string& file, const std::string& name) {
    std::ifstream in(market_data_folder() / "lean_testdata" / file);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    const std::string text = bytes.str();
    const std::regex element("<" + name + ">([^<]*)</" + name + ">");
    std::vector<std::string> out;
    for (std::sregex_iterator i(text.begin(), text.end(), element), end; i != end; ++i)
        out.push_back((*i)[1]);
    return out;
}

// A published list of fills, and the equity that another engine had after each of them.
TEST_F(Books, of_a_published_list_of_fills_show_the_published_equity) {
    if (!std::filesystem::exists(market_data_folder() / "lean_testdata/test_cash_fills.xml"))
        GTEST_SKIP() << "no published fills at " << market_data_folder()
                     << "; name the folder of the market data in SLUICE_DATA";
    const auto prices = elements("test_cash_fills.xml", "FillPrice");
    const auto sizes = elements("test_cash_fills.xml", "FillQuantity");
    const auto equity = elements("test_cash_equity.xml", "decimal");
    ASSERT_EQ(prices.size(), sizes.size());
    ASSERT_EQ(equity.size(), prices.size() + 1) << "the first is before any fill";
    EXPECT_EQ(books.equity(), money(equity.front()));
    ASSERT_GT(prices.size(), 10U);
    for (std::size_t i = 0; i < prices.size(); ++i) {
        mark(prices[i]);
        books.apply_fill(symbol(0), quantity(sizes[i]), price(prices[i]), Money{});
        EXPECT_EQ(books.equity(), money(equity[i + 1])) << "after fill " << i + 1;
    }
}

}  // namespace
}  // namespace sluice::tests
