"""What a run says of itself agrees with itself: the summary with the tables, the tables with the
books, and every sum to the last digit."""

import collections
import csv
import json
import pathlib
import re
import shutil
import tempfile
from decimal import Decimal, getcontext

import support

getcontext().prec = 60  # all sums exact: money has at most 39 digits

SIGN = {"buy": 1, "sell": -1}
FINAL = {"filled", "cancelled", "expired", "rejected"}
SETTINGS = {
    "default": [],
    "limit orders that are repriced": [
        "execution.order_type=limit", "execution.limit_offset_ticks=-3",
        "execution.reprice_after=5s", "risk.max_price_distance_bps=5"],
    "small funds": ["account.capital=3000", "risk.daily_loss=1000"],
    "a daily loss that flattens": ["risk.daily_loss=60", "risk.on_daily_loss=flatten"],
    "immediate orders, retried": [
        "execution.time_in_force=ioc", "sizing.quantity=900", "execution.retry_after=10s",
        "account.capital=10000000", "venue.commission=basis_points", "venue.commission_bps=0.37",
        "venue.commission_minimum=0.013"],
    "a session of two hours": ["clock.session_enabled=true", "clock.session_close=11:30",
                               "execution.time_in_force=day"],
    "a slow venue": ["venue.order_latency=1s", "venue.response_latency=3s"],
    "contracts": [
        'account.multipliers=["SIM1=50", "SIM2=0.25"]', "account.capital=10000000",
        "risk.max_order_notional=10000000", "risk.daily_loss=100000",
        "venue.commission=maker_taker", "venue.commission_taker_bps=0.37",
        "venue.commission_taker_per_unit=1.25"],
    "several bars, of midpoints": ['bars.timeframes=["10s", "1m", "1h"]', "bars.price=mid"],
}


class Run:
    """A finished run: its summary and its tables, numbers as exact decimals."""

    def __init__(self, folder):
        self.folder = folder
        self.summary = json.loads((folder / "summary.json").read_text())
        for name in ("orders", "fills", "refusals", "incidents", "equity"):
            with open(folder / f"{name}.csv", newline="", encoding="utf-8") as file:
                setattr(self, name, list(csv.DictReader(file)))

    def money(self, key):
        return Decimal(self.summary["books"][key])


class Summaries(support.SystemTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = pathlib.Path(tempfile.mkdtemp(prefix="sluice-test-"))
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        cls.store = support.made_market(folder / "store", "--days", 2)
        cls.runs = {}
        for name, settings in SETTINGS.items():
            chosen = [part for setting in settings for part in ("--set", setting)]
            made = support.finish(support.start("replay", "--store", "store", "--out", "runs",
                                                "--json", *chosen, cwd=folder))
            if made.status != 0:
                raise RuntimeError(f"no run to look at:\n{made}")
            cls.runs[name] = Run(folder / made.json()["folder"])

    def test_what_is_printed_is_what_is_kept(self):
        printed = self.replay(self.store)
        kept = Run(self.folder / printed.pop("folder")).summary
        self.assertEqual(kept, printed)

    def test_every_tick_is_accounted_for(self):
        for name, run in self.runs.items():
            with self.subTest(name):
                ticks = run.summary["ticks"]
                self.assertEqual(ticks["total"], ticks["used"] + ticks["late"] + ticks["refused"])
                self.assertEqual(ticks["total"], ticks["trades"] + ticks["quotes"])
                self.assertEqual(ticks["refused"], sum(ticks["refused_by_reason"].values()))
                for kind in ("trades", "quotes"):
                    self.assertEqual(ticks[kind], sum(i[kind] for i in run.summary["instruments"]))

    def test_the_tables_have_the_rows_that_the_summary_counts(self):
        for name, run in self.runs.items():
            with self.subTest(name):
                summary = run.summary
                self.assertEqual(summary["orders"]["sent"], len(run.orders))
                self.assertEqual(summary["orders"]["replaces"],
                                 sum(int(row["replaces"]) for row in run.orders))
                self.assertEqual(summary["fills"], len(run.fills))
                self.assertEqual(summary["fills"], summary["reports"]["by_kind"]["fill"])
                self.assertEqual(summary["reports"]["total"],
                                 sum(summary["reports"]["by_kind"].values()))
                for table, rows, key in (("refusals", run.refusals, "reason"),
                                         ("incidents", run.incidents, "kind")):
                    counted = collections.Counter(row[key] for row in rows)
                    stated = summary[table]["by_" + key]
                    self.assertEqual(stated, {name: counted.get(name, 0) for name in stated})
                    self.assertEqual(summary[table]["total"], len(rows))

    def test_orders_and_fills_agree_quantity_by_quantity(self):
        for name, run in self.runs.items():
            with self.subTest(name):
                filled = collections.Counter()
                held = collections.Counter()
                orders = {row["order_id"]: row for row in run.orders}
                self.assertEqual(len(run.orders), len(orders), "order ids are unique")
                for fill in run.fills:
                    order = orders[fill["order_id"]]
                    self.assertEqual(order["symbol"], fill["symbol"])
                    self.assertEqual(order["side"], fill["side"])
                    self.assertLess(order["time"], fill["time"])
                    filled[fill["order_id"]] += Decimal(fill["quantity"])
                    held[fill["symbol"]] += SIGN[fill["side"]] * Decimal(fill["quantity"])
                    self.assertEqual(held[fill["symbol"]], Decimal(fill["position_after"]))
                for number, order in orders.items():
                    self.assertEqual(filled[number], Decimal(order["filled"]))
                    self.assertLessEqual(filled[number], Decimal(order["quantity"]))
                    self.assertIn(order["status"], FINAL, "nothing is open after the end")
                    if order["status"] == "filled":
                        self.assertEqual(filled[number], Decimal(order["quantity"]))
                for row in run.summary["instruments"]:
                    self.assertEqual(held[row["symbol"]], Decimal(row["position"]))

    def test_the_books_follow_from_the_fills_to_the_last_digit(self):
        for name, run in self.runs.items():
            with self.subTest(name):
                cash = run.money("capital")
                commission = Decimal(0)
                worth = {i["symbol"]: Decimal(i["multiplier"])
                         for i in run.summary["instruments"]}
                for fill in run.fills:
                    cost = (SIGN[fill["side"]] * Decimal(fill["quantity"]) * Decimal(fill["price"])
                            * worth[fill["symbol"]])
                    cash -= cost + Decimal(fill["commission"])
                    commission += Decimal(fill["commission"])
                self.assertEqual(run.money("cash"), cash)
                self.assertEqual(run.money("commission"), commission)
                instruments = run.summary["instruments"]
                equity = cash + sum(Decimal(i["position"]) * Decimal(i["mark"])
                                    * worth[i["symbol"]] for i in instruments)
                self.assertEqual(run.money("equity"), equity)
                self.assertEqual(run.money("pnl"), equity - run.money("capital"))
                self.assertEqual(run.money("pnl"), run.money("realised") + run.money("unrealised")
                                 - commission)
                for key in ("pnl", "realised", "unrealised", "commission"):
                    self.assertEqual(run.money(key), sum(Decimal(i[key]) for i in instruments), key)
                self.assertEqual(Decimal(run.equity[-1]["equity"]), equity)

    def test_the_equity_curve_stays_within_its_peak_and_drawdown(self):
        for name, run in self.runs.items():
            with self.subTest(name):
                self.assertEqual(sorted(row["time"] for row in run.equity),
                                 [row["time"] for row in run.equity])
                for row in run.equity:
                    self.assertLessEqual(Decimal(row["equity"]), run.money("peak_equity"))
                    self.assertLessEqual(Decimal(row["drawdown"]), run.money("max_drawdown"))
                    self.assertGreaterEqual(Decimal(row["drawdown"]), 0)

    def test_the_settings_reach_what_they_are_to_reach(self):
        runs = {name: run.summary for name, run in self.runs.items()}
        self.assertGreater(runs["default"]["fills"], 0)
        self.assertGreater(runs["limit orders that are repriced"]["orders"]["replaces"], 0)
        self.assertGreater(runs["small funds"]["refusals"]["by_reason"]["insufficient_funds"], 0)
        loss = runs["a daily loss that flattens"]
        self.assertGreater(loss["incidents"]["by_kind"]["daily_loss_breached"], 0)
        immediate = runs["immediate orders, retried"]["reports"]["by_kind"]
        self.assertGreater(immediate["expired"] + immediate["cancelled"], 0)
        self.assertGreater(
            runs["a session of two hours"]["ticks"]["refused_by_reason"]["off_session"], 0)
        self.assertEqual(["10s", "1m", "1h"],
                         list(runs["several bars, of midpoints"]["bars"]["by_timeframe"]))

    def test_the_report_fetches_nothing(self):
        run = Run(self.folder / self.replay(self.store)["folder"])
        page = (run.folder / "report.html").read_text()
        self.assertIn("Content-Security-Policy", page)
        self.assertIn("default-src 'none'", page)
        self.assertIn(run.summary["digest"], page)
        self.assertEqual([], re.findall(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//[^"'\s>]*""",
                                        page))
        self.assertEqual([], re.findall(r"(?:@import|url\()[^;]*//", page))
        self.assertEqual([], re.findall(r"<(?:link|iframe|object|embed|base)\b", page))


if __name__ == "__main__":
    support.main()
