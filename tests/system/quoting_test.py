"""Market making live, against the simulated venue: it quotes, moves its quotes, is filled, leaves
nothing open, and its journal replays to the same orders."""

import csv
import signal
import time

import support

CONFIGURATION = """
[clock]
beat = "50ms"

[bars]
timeframes = ["100ms"]
price = "mid"

[[strategy]]
kind = "market_making"
name = "maker"
timeframe = "100ms"
symbols = ["SIM1"]
size = 100
volatility = 5

[[strategy]]
kind = "trend_following"
name = "trend"
timeframe = "100ms"
fast = 20
slow = 50

[risk]
max_position = 500
max_orders_per_second = 100

[engine]
idle = "backoff"
cores = "none"

[live]
silence = "2s"
"""


class Quoting(support.SystemTest):
    def session(self, *venue_arguments):
        ports = self.folder / "venue.json"
        venue = support.start("venue", "--ports-file", ports, "--rate", 3000, "--json",
                              *venue_arguments, cwd=self.folder)
        self.addCleanup(venue.kill)
        for _ in range(500):
            if ports.exists():
                break
            time.sleep(0.02)
        self.write("live.toml", CONFIGURATION)
        ended = support.finish(support.start(
            "run", "--venue", "venue.json", "--config", "live.toml", "--out", "runs", "--json",
            "--duration", "5s", cwd=self.folder))
        self.assertEqual(0, ended.status, ended)
        venue.send_signal(signal.SIGINT)
        self.assertEqual(0, support.finish(venue).status)
        return ended.json()

    def assert_explains(self, summary):
        explained = self.sluice("explain", summary["folder"], "--random", 50, "--json").json()
        self.assertEqual([], explained["differing"])
        with open(self.folder / summary["folder"] / "orders.csv") as file:
            order = next(row for row in csv.DictReader(file) if row["symbol"] == "SIM1")
        one = self.sluice("explain", summary["folder"], order["order_id"], "--json").json()
        self.assertEqual("100", one["trail"]["quote"]["size"])
        self.assertTrue(one["again"]["same"], one["again"])
        self.assertIn("Wanted: quote of 100 around", self.sluice(
            "explain", summary["folder"], order["order_id"]).out)

    def assert_replays(self, summary):
        for placement in ("fused", "bars", "split"):
            again = self.sluice("replay", "--journal", summary["folder"], "--placement", placement,
                                "--out", "replays", "--json").json()
            self.assertTrue(again["journal"]["same"], again["journal"])
            self.assertEqual(summary["digest"], again["digest"], placement)

    def test_quotes_are_replaced_and_filled_and_none_stays_open(self):
        summary = self.session("--seed", "5")
        self.assertGreater(summary["orders"]["replaces"], 3, summary["orders"])
        self.assertGreater(summary["fills"], 0, summary)
        self.assertEqual(0, summary["incidents"]["total"], summary["incidents"])
        self.assert_replays(summary)
        self.assert_explains(summary)
        with open(self.folder / summary["folder"] / "orders.csv") as file:
            orders = list(csv.DictReader(file))
        self.assertEqual({"buy", "sell"}, {order["side"] for order in orders})
        ended = {"filled", "cancelled", "expired", "rejected"}
        self.assertEqual(set(), {order["status"] for order in orders} - ended)
        quoted = [order for order in orders if order["symbol"] == "SIM1"]
        self.assertEqual({"limit"}, {order["type"] for order in quoted})
        for order in quoted:
            self.assertLessEqual(float(order["filled"]), float(order["quantity"]))

    def test_a_faulty_venue_changes_nothing_of_that(self):
        self.assert_replays(self.session(
            "--seed", "7", "--partial-fills", 0.3, "--reject-rate", 0.05, "--cancel-rate", 0.05,
            "--disconnect-every", 2000, "--late-reports", "0.1:5ms"))


if __name__ == "__main__":
    support.main()
