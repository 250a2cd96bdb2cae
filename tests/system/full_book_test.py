"""Runs against full books (venue.market = "book") as their users make them, and `sluice prove fills` of them:
over a generated market always, over ESH4 order by order and the captures of Binance where the data are."""

import csv
import unittest
from decimal import Decimal

import support
from fills_test import BINANCE, ESH4, Fills

# A strategy of market orders against full books, each far larger than the best size.
LARGE = """
[account]
capital = 1000000000
currency = "{currency}"
[bars]
timeframes = ["1s"]
[[strategy]]
kind = "trend_following"
name = "trend"
timeframe = "1s"
fast = 5
slow = 20
[sizing]
quantity = {quantity}
[risk]
max_position = 1000
max_order_quantity = 1000
max_order_notional = 1000000000
daily_loss = 1000000000
[venue]
market = "book"
"""


class BookFills(Fills):
    BOOK = ["--set", "venue.market=book"]

    def run_large(self, store, currency, quantity, *arguments):
        text = LARGE.format(currency=currency, quantity=quantity)
        return self.replay(store, "--config", self.write("large.toml", text), *arguments)

    def walks(self, summary):
        """Places in fills.csv of two fills of one order and moment, at different prices."""
        with open(self.folder / summary["folder"] / "fills.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        return [(i, i + 1) for i in range(len(rows) - 1)
                if rows[i]["order_id"] == rows[i + 1]["order_id"]
                and rows[i]["time"] == rows[i + 1]["time"]
                and rows[i]["price"] != rows[i + 1]["price"]]


    def plant_beyond_levels(self, run):
        first, second = self.walks(run)[0]

        # A venue that fills more than a level has: most of the second level's, at the first.
        def beyond(rows):
            moved = Decimal(rows[second]["quantity"]) / 2
            rows[first]["quantity"] = str(Decimal(rows[first]["quantity"]) + moved)
            rows[second]["quantity"] = str(moved)
            return rows

        # One that lets be taken again what was taken: the second level's out of the first.
        def again(rows):
            rows[second] = {**rows[second], "price": rows[first]["price"]}
            return rows

        self.planted(run, beyond, "used_up")
        self.planted(run, again, "used_up")


class GeneratedBooks(BookFills):
    LARGE = ["--set", "sizing.quantity=900", "--set", "risk.max_position=2000"]

    def setUp(self):
        super().setUp()
        self.store = support.made_market(self.folder / "store", "--levels", 6, trades_per_day=3000)

    def test_large_orders_walk_and_no_fill_takes_what_was_not_displayed_at_its_level(self):
        run = self.replay(self.store, *self.BOOK, *self.LARGE, "--placement", "fused")
        report = self.assert_clean(run, 10)
        self.assertEqual("levels", report["instruments"][0]["record"])
        self.assertEqual("against the full book", run["market"]["fills"])
        for book in run["market"]["instruments"]:
            self.assertEqual((1, 0, True), (book["snapshots"], book["gaps"], book["whole_at_end"]))
        walks = self.walks(run)
        self.assertGreater(len(walks), 10)
        for placement in ("split", "signals,orders"):
            again = self.replay(self.store, *self.BOOK, *self.LARGE, "--placement", placement)
            self.assertEqual(run["digest"], again["digest"])
        explained = self.sluice("explain", run["folder"], "--random", "20", "--json").json()
        self.assertTrue(explained)
        best = self.replay(self.store, *self.LARGE)
        self.assertEqual([], self.walks(best))
        self.assertNotIn("market", best)

        self.plant_beyond_levels(run)

    def test_nor_do_quotes_of_market_making_in_any_queue(self):
        for queue in ("back", "proportional", "front"):
            self.assert_clean(self.run_maker(self.store, "generated", *self.BOOK, "--set",
                                             f"venue.queue={queue}"), 10)

    def test_a_backtest_names_the_model_in_each_of_its_cases(self):
        cases = self.sluice("backtest", "--store", self.store, *self.BOOK, *self.LARGE, "--out",
                            "runs", "--json").json()["performance"]["fill_cases"]
        self.assertEqual([("back", "book"), ("back", "book"), ("front", "book")],
                         [(case["queue"], case["fill"]) for case in cases])
        for case in cases:
            self.audit({**case, "folder": f"runs/{case['folder']}"})

    def test_what_does_not_go_with_full_books_is_said(self):
        plain = support.made_market(self.folder / "plain", trades_per_day=100)
        self.refused("replay", "--store", plain, *self.BOOK, status=1,
                     says=["no book updates", "SIM1", "venue.market"])
        for other in ("venue.fill=next", "data.bars=true", 'venue.halts=["* 2024-01-02T15:00:00Z '
                      '2024-01-02T16:30:00Z"]'):
            self.refused("replay", "--store", self.store, *self.BOOK, "--set", other, status=2,
                         says=["venue.market", other.split("=")[0]])
        late = self.replay(self.store, *self.BOOK, "--from", "2024-01-02T16:00:00Z")
        self.assertEqual(2, sum("no snapshot" in warning for warning in late["run"]["warnings"]))


@unittest.skipUnless(ESH4.exists(), "ESH4 is not among the data")
class OrderByOrderBooks(BookFills):
    def test_nothing_is_taken_that_was_not_displayed(self):
        self.sluice("import", "dbn", ESH4, "--store", "store", "--tick-size", "0.25",
                    "--multiplier", "50")
        [day] = self.sluice("data", "ticks", "--store", "store", "--levels", "--json").json()["days"]
        self.assertTrue(day["written"])
        for queue in ("back", "front"):
            run = self.run_maker("store", "esh4", *self.BOOK, "--set", f"venue.queue={queue}")
            # The ledger reads the orders, and not the levels that were made of them.
            self.assertEqual("orders", self.assert_clean(run, 20)["instruments"][0]["record"])
        large = self.run_large("store", "USD", 60)
        self.assert_clean(large, 20)
        self.assertGreater(len(self.walks(large)), 5)


@unittest.skipUnless(BINANCE.exists(), "the captures of Binance are not among the data")
class CapturedBooks(BookFills):
    def test_nothing_is_taken_that_was_not_displayed(self):
        for market, tick, symbol in (("spot", "0.01", "BTCUSDT.BINANCE"),
                                     ("usdm", "0.1", "BTCUSDT-PERP.BINANCE")):
            self.sluice("import", "binance", BINANCE / market, "--store", "store", "--tick-size",
                        tick)
            for queue in ("back", "front"):
                run = self.run_maker("store", f"binance_{market}", "--symbols", symbol, *self.BOOK,
                                     "--set", f"venue.queue={queue}")
                self.assertEqual("levels", self.assert_clean(run, 20)["instruments"][0]["record"])
            large = self.run_large("store", "USDT", 25, "--symbols", symbol)
            self.assert_clean(large, 20)
            self.assertGreater(len(self.walks(large)), 20)
            if market == "spot":
                self.sluice("import", "binance", BINANCE / market, "--store", "packed",
                            "--tick-size", tick, "--compress", "packed")
                packed = self.run_large("packed", "USDT", 25, "--symbols", symbol)
                self.assertEqual(large["digest"], packed["digest"])
            self.plant_beyond_levels(large)
            [book] = large["market"]["instruments"]
            self.assertEqual((0, 0, True), (book["gaps"], book["crossed"], book["whole_at_end"]))


if __name__ == "__main__":
    support.main()
