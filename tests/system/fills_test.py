"""`sluice prove fills` and `sluice prove queue` as their users call them: over a generated market always,
over ESH4 order by order and the captures of Binance where the data are."""

import csv
import os
import pathlib
import shutil
import unittest
from decimal import Decimal

import support

HERE = pathlib.Path(__file__).resolve().parent
DATA = pathlib.Path(os.environ.get("SLUICE_DATA", HERE.parents[2] / "shared" / "data"))
ESH4 = DATA / "databento" / "esh4-glbx-mdp3-20231225.mbo.dbn.zst"
IBM = DATA / "lean" / "equity" / "usa" / "tick" / "ibm"
BINANCE = DATA / "binance_hftbacktest"


def configuration(name):
    return HERE / "market_making" / f"{name}.toml"


class Fills(support.SystemTest):
    def run_maker(self, store, name, *arguments):
        return self.replay(store, "--config", configuration(name), *arguments)

    def audit(self, summary, status=0):
        report = self.sluice("prove", "fills", summary["folder"], "--json", status=status).json()
        self.assertEqual(summary["fills"], report["fills"])
        self.assertEqual(report["faulty"], sum(report["faults"].values()))
        self.assertEqual(status == 0, report["clean"])
        return report

    def assert_clean(self, summary, at_least):
        report = self.audit(summary)
        self.assertGreaterEqual(report["fills"], at_least, report)
        self.assertEqual(report["fills"], report["by_print"] + report["by_display"])
        self.assertEqual([], report["violations"])
        return report

    def rewrite(self, folder, change):
        """A copy of a run whose fills.csv went through change(rows)."""
        copy = self.folder / "planted"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.folder / folder, copy)
        with open(copy / "fills.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        names = list(rows[0])
        rows = change(rows)
        with open(copy / "fills.csv", "w", newline="") as file:
            writer = csv.DictWriter(file, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return {"folder": "planted", "fills": len(rows)}

    def planted(self, summary, change, fault):
        report = self.audit(self.rewrite(summary["folder"], change), status=1)
        self.assertGreater(report["faults"][fault], 0, report["faults"])
        self.assertIn(fault, [violation["fault"] for violation in report["violations"]])


class GeneratedFills(Fills):
    def setUp(self):
        super().setUp()
        self.store = support.made_market(self.folder / "store", trades_per_day=3000)

    def test_no_fill_of_market_making_takes_what_was_not_there(self):
        for queue in ("back", "proportional", "front"):
            self.assert_clean(self.run_maker(self.store, "generated", "--set",
                                             f"venue.queue={queue}"), 10)

    def test_nor_do_the_stops_of_brackets(self):
        for kind in ("stop", "stop_limit", "trailing"):
            run = self.replay(self.store, "--set", "bracket.stop_loss_bps=15", "--set",
                              "bracket.take_profit_bps=40", "--set", f"bracket.stop={kind}")
            self.assert_clean(run, 10)

    def test_nor_with_slow_paths_and_a_gateway_that_jams(self):
        arguments = ["--set", "venue.feed_latency=2ms", "--set", "venue.response_latency=3ms",
                     "--set", 'venue.order_latencies=["200us", "300us", "5ms", "40ms"]', "--set",
                     "venue.order_interval=1ms"]
        fused = self.run_maker(self.store, "generated", *arguments, "--placement", "fused")
        self.assert_clean(fused, 10)
        split = self.run_maker(self.store, "generated", *arguments, "--placement", "split")
        self.assertEqual(fused["digest"], split["digest"])
        other = self.run_maker(self.store, "generated", *arguments, "--set", "venue.latency_seed=2")
        self.assertNotEqual(fused["digest"], other["digest"])

    def test_nothing_fills_in_a_halt_and_a_fill_planted_there_is_found(self):
        halts = 'venue.halts=["* 2024-01-02T15:00:00Z 2024-01-02T16:30:00Z"]'
        # The session of the generated days is from 14:30 to 21:00.
        free = self.run_maker(self.store, "generated")
        halted = self.run_maker(self.store, "generated", "--set", halts, "--placement", "fused")
        self.assertNotEqual(free["digest"], halted["digest"])
        self.assert_clean(halted, 10)
        split = self.run_maker(self.store, "generated", "--set", halts, "--placement", "split")
        self.assertEqual(halted["digest"], split["digest"])

        def times(summary):
            with open(self.folder / summary["folder"] / "fills.csv", newline="") as file:
                return [fill["time"] for fill in csv.DictReader(file)]

        def within(time):
            # A report of before it may come in its first moments.
            return "2024-01-02T15:00:01" < time < "2024-01-02T16:30:00"

        self.assertTrue(any(map(within, times(free))))
        self.assertFalse(any(map(within, times(halted))))
        # What filled in the run without a halt, as if this one had it.
        with open(self.folder / free["folder"] / "fills.csv", newline="") as file:
            inside = [fill for fill in csv.DictReader(file) if within(fill["time"])]
        earlier = [row for row in times(halted) if row < "2024-01-02T15:00:00"]
        self.assertTrue(earlier)
        self.planted(halted, lambda rows: [{**rows[0], "time": inside[0]["time"]}, *rows[1:]],
                     "in_halt")
        self.refused("replay", "--store", self.store, "--set", 'venue.halts=["SIM1 never"]',
                     status=2, says=["is no halt"])
        self.refused("replay", "--store", self.store, "--set",
                     halts.replace("*", "NOBODY"), status=2, says=["'NOBODY' is no instrument"])

    def test_a_busy_market_makes_commands_late_and_the_same_in_every_placement(self):
        busy = ["--set", "venue.load_latency=3ms", "--set", "venue.load_ticks=1", "--set",
                "venue.load_window=1s", "--set", "venue.load_most=50ms"]
        fused = self.run_maker(self.store, "generated", *busy, "--placement", "fused")
        split = self.run_maker(self.store, "generated", *busy, "--placement", "split")
        self.assertEqual(fused["digest"], split["digest"])
        self.assertNotEqual(fused["digest"], self.run_maker(self.store, "generated")["digest"])
        self.assert_clean(fused, 10)

    def test_rebates_are_earned_and_every_case_of_a_backtest_can_be_audited(self):
        cases = self.sluice("backtest", "--store", self.store, "--config",
                            configuration("generated"), "--set", "venue.commission=maker_taker",
                            "--set", "venue.commission_maker_per_unit=-0.003", "--set",
                            "venue.commission_taker_per_unit=0.003", "--out", "runs",
                            "--json").json()["performance"]["fill_cases"]
        for case in cases:
            self.audit({**case, "folder": f"runs/{case['folder']}"})
            with open(self.folder / "runs" / case["folder"] / "fills.csv", newline="") as file:
                fills = list(csv.DictReader(file))
            paid = {float(fill["commission"]) > 0 for fill in fills}
            self.assertEqual({True, False}, paid, case["case"])  # quotes get crossed on their way, too

    def test_planted_fills_are_found(self):
        summary = self.run_maker(self.store, "generated")
        self.assert_clean(summary, 10)

        def first(**fields):
            return lambda rows: [{**rows[0], **fields}, *rows[1:]]

        self.planted(summary, lambda rows: [rows[0], *rows], "beyond_quantity")
        self.planted(summary, first(order_id="99999999"), "unknown_order")
        self.planted(summary, first(time="2024-01-02T14:30:00.000000001Z"), "before_arrival")
        worse = {"buy": "999999", "sell": "0.01"}
        self.planted(summary, lambda rows: first(price=worse[rows[0]["side"]])(rows),
                     "beyond_limit")
        better = {"buy": "0.01", "sell": "999999"}
        self.planted(summary, lambda rows: first(price=better[rows[0]["side"]])(rows),
                     "price_not_shown")
        said = self.sluice("prove", "fills", "planted", status=1).out
        self.assertIn("a price that was neither quoted nor traded", said)

    def test_a_model_that_fills_whole_whatever_is_displayed_is_found(self):
        """venue.fill = "last" gives up the promise for market orders, and the audit says so."""
        arguments = ["--set", "sizing.quantity=900", "--set", "risk.max_position=2000"]
        self.assert_clean(self.replay(self.store, *arguments), 1)
        summary = self.replay(self.store, *arguments, "--set", "venue.fill=last")
        report = self.audit(summary, status=1)
        self.assertGreater(report["faults"]["used_up"], 0, report["faults"])

    def test_what_cannot_be_audited_is_said(self):
        self.refused("prove", "fills", "nowhere", status=1, says=["nowhere"])
        summary = self.run_maker(self.store, "generated", "--set",
                                 'venue.response_latencies=["1ms", "2ms"]')
        self.refused("prove", "fills", summary["folder"], status=2, says=["response_latencies"])
        self.refused("prove", "queue", "--store", self.store, "--symbol", "SIM1", status=1,
                     says=["order-by-order"])
        self.refused("data", "ticks", "--store", self.store, status=1, says=["order-by-order"])


@unittest.skipUnless(ESH4.exists(), "ESH4 is not among the data")
class OrderByOrder(Fills):
    def setUp(self):
        super().setUp()
        self.sluice("import", "dbn", ESH4, "--store", "store", "--tick-size", "0.25",
                    "--multiplier", "50")
        [day] = self.sluice("data", "ticks", "--store", "store", "--json").json()["days"]
        # One 'T' row an execution, as the data's makers counted them.
        self.assertEqual(2973, day["trades"])
        self.assertTrue(day["written"])
        [again] = self.sluice("data", "ticks", "--store", "store", "--json").json()["days"]
        self.assertFalse(again["written"])

    def test_no_fill_of_market_making_takes_what_was_not_there(self):
        for queue in ("back", "proportional", "front"):
            run = self.run_maker("store", "esh4", "--set", f"venue.queue={queue}")
            report = self.assert_clean(run, 20)
            self.assertEqual("orders", report["instruments"][0]["record"])
            # 50 USD a point, in the engine's books as in an account kept from the fills.
            [future] = run["instruments"]
            self.assertEqual("50", future["multiplier"])
            with open(self.folder / run["folder"] / "fills.csv", encoding="utf-8") as file:
                points = sum(Decimal(row["price"]) * Decimal(row["quantity"])
                             * (-1 if row["side"] == "buy" else 1) for row in csv.DictReader(file))
            points += Decimal(future["position"]) * Decimal(future["mark"])
            self.assertEqual(50 * points - Decimal(run["books"]["commission"]),
                             Decimal(run["books"]["pnl"]))
            account = self.sluice("account", run["folder"], "--json").json()
            self.assertEqual(run["books"]["equity"], account["equity"])

    def test_the_models_of_queues_are_as_far_from_the_truth_as_a_backtest_says(self):
        [day] = self.sluice("prove", "queue", "--store", "store", "--symbol", "ESH4.GLBX",
                            "--json").json()["days"]
        self.assertEqual((2000, 1334), (day["orders"], day["true_fills"]))
        models = {model["queue"]: model for model in day["models"]}
        for model in models.values():
            self.assertEqual(model["fills"], model["both"] + model["model_only"])
            self.assertEqual(day["true_fills"], model["both"] + model["truth_only"])
        # Bounds on both sides, and an estimate between them.
        self.assertEqual(0, models["back"]["model_only"])
        self.assertEqual(0, models["front"]["truth_only"])
        self.assertLess(models["back"]["fills"], models["proportional"]["fills"])
        self.assertLess(models["proportional"]["fills"], models["front"]["fills"])

        cases = self.sluice("backtest", "--store", "store", "--config", configuration("esh4"),
                            "--set", "venue.queue=proportional", "--out", "runs",
                            "--json").json()["performance"]["fill_cases"]
        self.assertEqual(["back", "proportional", "front"], [case["queue"] for case in cases])
        for case in cases:
            self.assertAlmostEqual(models[case["queue"]]["error_percent"],
                                   case["queue_error"]["fills_percent"], delta=0.1)
            self.assertEqual("ESH4.GLBX 2023-12-25", case["queue_error"]["record"])
            self.audit({**case, "folder": f"runs/{case['folder']}"})

@unittest.skipUnless(IBM.exists(), "the ticks of IBM are not among the data")
class RealAuctions(Fills):
    # What the data call the opening and the closing print of exchange N.
    OFFICIAL = {
        "opening": {"2013-10-07": 182.00, "2013-10-08": 181.85, "2013-10-09": 179.52,
                    "2013-10-10": 182.81},
        "closing": {"2013-10-07": 182.01, "2013-10-08": 178.72, "2013-10-09": 181.32,
                    "2013-10-10": 184.77},
    }

    def setUp(self):
        super().setUp()
        self.sluice("import", "lean", *sorted(IBM.glob("*_trade.zip"))[:4], "--store",
                    "store")

    def test_orders_for_an_auction_fill_at_the_official_price_of_their_day(self):
        slow = self.write("slow.toml", '[bars]\ntimeframes = ["30m"]\n[[strategy]]\n'
                          'kind = "trend_following"\nname = "slow"\ntimeframe = "30m"\n'
                          'fast = 2\nslow = 5\n')
        for tif, prices in self.OFFICIAL.items():
            arguments = ["--config", slow, "--set", f"execution.time_in_force={tif}", "--set",
                         "venue.opening_conditions=64", "--set", "venue.closing_conditions=128",
                         "--set", 'venue.auction_exchanges=["IBM=N"]', "--set",
                         "clock.session_enabled=true"]
            fused = self.replay("store", *arguments, "--placement", "fused")
            report = self.assert_clean(fused, 2)
            self.assertEqual(report["fills"], report["by_print"])
            with open(self.folder / fused["folder"] / "fills.csv", newline="") as file:
                fills = list(csv.DictReader(file))
            self.assertGreater(len({fill["time"][:10] for fill in fills}), 1)
            for fill in fills:
                self.assertEqual(prices[fill["time"][:10]], float(fill["price"]), fill)
        split = self.replay("store", *arguments, "--placement", "split")
        self.assertEqual(fused["digest"], split["digest"])
        later = fills[0]["time"].replace("T20:", "T19:")
        self.planted(fused, lambda rows: [{**rows[0], "time": later}, *rows[1:]],
                     "outside_auction")

    def test_without_conditions_or_live_there_is_none(self):
        self.refused("replay", "--store", "store", "--set", "execution.time_in_force=closing",
                     status=2, says=["venue.closing_conditions", "no print is one"])


@unittest.skipUnless(BINANCE.exists(), "the captures of Binance are not among the data")
class Captures(Fills):
    def test_no_fill_of_market_making_takes_what_was_not_there(self):
        for market, tick in (("spot", "0.01"), ("usdm", "0.1")):
            self.sluice("import", "binance", BINANCE / market, "--store", "store", "--tick-size",
                        tick)
        for market, symbol in (("spot", "BTCUSDT.BINANCE"), ("usdm", "BTCUSDT-PERP.BINANCE")):
            for queue in ("back", "front"):
                self.assert_clean(self.run_maker("store", f"binance_{market}", "--symbols", symbol,
                                                 "--set", f"venue.queue={queue}"), 20)


if __name__ == "__main__":
    support.main()
