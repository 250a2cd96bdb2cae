"""`sluice explain`: orders of a run are made again from its record, to the byte, and what lies behind
one is shown; what cannot be made again is said."""

import csv
import json
import shutil
import signal
import time

import support

BRISK = """
[bars]
timeframes = ["5s", "1m"]

[execution]
order_type = "limit"
limit_offset_ticks = 1
reprice_after = "3s"

[[strategy]]
kind = "trend_following"
name = "quick"
timeframe = "5s"
fast = 2
slow = 4

[[strategy]]
kind = "mean_reversion"
name = "slow"
timeframe = "1m"
period = 5
weight = 0.5
"""


class Explain(support.SystemTest):
    def setUp(self):
        super().setUp()
        self.store = support.made_market(self.folder / "store", "--days", 2)
        self.write("brisk.toml", BRISK)

    def run_of(self, *arguments):
        folder = self.replay(self.store, "--config", "brisk.toml", *arguments)["folder"]
        return self.folder / folder

    def explain(self, folder, *arguments, status=0):
        return self.sluice("explain", folder, "--json", *arguments, status=status).json()

    def orders(self, folder):
        with open(folder / "orders.csv", newline="", encoding="utf-8") as file:
            return {int(row["order_id"]): row for row in csv.DictReader(file)}

    def test_a_thousand_random_orders_come_out_the_same_to_the_byte(self):
        for arguments in ((), ("--set", "execution.order_type=market", "--set",
                               "execution.time_in_force=ioc", "--set", "execution.retry_after=2s"),
                          ("--from", "2024-01-02T16:00:00", "--to", "2024-01-03T15:00:00",
                           "--symbols", "SIM2,SIM1"),
                          ("--set", "clock.session_enabled=true", "--set",
                           "clock.session_open=10:00"),
                          ("--set", "bars.price=mid", "--set", "risk.daily_loss=20", "--set",
                           "risk.on_daily_loss=flatten")):
            with self.subTest(arguments):
                folder = self.run_of(*arguments)
                report = self.explain(folder, "--random", 1000, "--seed", 3)
                self.assertEqual(report["orders"], report["same"], report)
                self.assertEqual(min(1000, len(self.orders(folder))), report["orders"])
                self.assertGreater(report["orders"], 15)
                self.assertGreaterEqual(report["commands"], report["orders"])

    def test_the_way_back_from_an_order_ends_at_its_ticks(self):
        folder = self.run_of()
        number, row = sorted(self.orders(folder).items())[-20]
        report = self.explain(folder, number)
        self.assertTrue(report["again"]["same"])
        trail = report["trail"]
        for key in ("time", "symbol", "side", "type", "time_in_force"):
            self.assertEqual(row[key], trail["order"][key])
        self.assertEqual(["quick", "slow"], [s["name"] for s in trail["strategies"]])
        # The score is the weighted mean of the strengths of those that are warmed up.
        if trail["cause"]["sequence"] == trail["intent"]["sequence"]:
            voting = [s for s in trail["strategies"] if s["ready"]]
            score = (sum(s["weight"] * s["strength"] for s in voting) /
                     sum(s["weight"] for s in voting))
            self.assertAlmostEqual(score, trail["intent"]["score"])
        for strategy in trail["strategies"]:
            self.assertLessEqual(strategy["bars"][-1]["end"], trail["order"]["time"])
        self.assertEqual(sorted(t["sequence"] for t in trail["ticks"]),
                         [t["sequence"] for t in trail["ticks"]])
        self.assertLessEqual(trail["ticks"][-1]["sequence"], trail["order"]["sequence"])
        for limit in trail["limits"]:
            if limit["key"] != "risk.require_funds":
                self.assertLessEqual(limit["observed"], limit["limit"], limit)
        # The last trades before the order are those of the bar that it hung on: its close is among
        # them.
        text = self.sluice("explain", folder, number).out
        for said in ("Risk: approved", "Intent: position of", "Cause:", "quick", "Ticks behind it",
                     "the same to the byte"):
            self.assertIn(said, text)

    def test_changed_parameters_and_weights_that_move_are_part_of_the_record(self):
        self.write("changes.csv", "time,strategy,parameter,value\n"
                   "2024-01-02T15:00:00Z,quick,slow,6\n2024-01-02T17:00:00Z,slow,weight,2\n")
        for _ in range(2):  # the second starts with what the first has left
            folder = self.run_of("--parameters", "changes.csv", "--set",
                                 "signals.weights_file=weights.json", "--set",
                                 "signals.performance_lookback=20")
            report = self.explain(folder, "--random", 1000)
            self.assertEqual(report["orders"], report["same"], report)
            self.assertGreater(report["orders"], 50)
        trail = self.explain(folder, max(self.orders(folder)))["trail"]
        self.assertEqual(2, trail["intent"]["parameter_version"])

    def test_a_paper_session_is_made_again_too(self):
        made = self.sluice("run", "--store", self.store, "--config", "brisk.toml", "--out", "runs",
                           "--speed", 100000, "--json").json()
        report = self.explain(self.folder / made["folder"], "--random", 1000)
        self.assertEqual(report["orders"], report["same"])
        self.assertGreater(report["orders"], 50)

    def test_an_interrupted_run_is_made_again_up_to_where_it_ended(self):
        process = support.start("run", "--store", self.store, "--config", "brisk.toml", "--out",
                                "runs", "--speed", 2000, "--json", cwd=self.folder)
        while not any((self.folder / "runs").glob("*")):
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        made = support.finish(process).json()
        self.assertTrue(made["run"]["interrupted"])
        report = self.explain(self.folder / made["folder"], "--random", 1000)
        self.assertEqual(report["orders"], report["same"], report)

    def test_an_order_that_was_another_is_found(self):
        folder = self.run_of()
        path = folder / "commands.bin"
        data = bytearray(path.read_bytes())
        data[16 + 32] ^= 1  # the quantity of the first command
        path.write_bytes(data)
        first = int.from_bytes(data[16 + 16:16 + 24], "little")
        self.assertFalse(self.explain(folder, first, status=1)["again"]["same"])
        report = self.explain(folder, "--random", 100000, status=1)
        self.assertEqual(report["orders"] - 1, report["same"])
        self.assertEqual([first], [d["order"] for d in report["differing"]])

    def test_a_store_that_changed_is_refused(self):
        folder = self.run_of()
        shutil.rmtree(self.store)
        self.refused("explain", folder, "--random", 5, status=1, says=["store", "--store"])
        support.finish(support.start("generate", "--store", self.store, "--instruments", 2,
                                     "--seed", 12, "--days", 2, "--trades-per-day", 4000,
                                     cwd=self.folder))
        self.refused("explain", folder, "--random", 5, status=1,
                     says=["other data", "checksum"])
        elsewhere = support.made_market(self.folder / "elsewhere", "--days", 2)
        report = self.explain(folder, "--random", 5, "--store", elsewhere)
        self.assertEqual(5, report["same"])

    def test_what_is_wrong_is_said(self):
        folder = self.run_of()
        most = max(self.orders(folder))
        self.refused("explain", folder, most + 1, status=2, says=[f"1 to {most}"])
        self.refused("explain", folder, status=2, says=["--random"])
        self.refused("explain", self.folder / "nowhere", 1, status=1, says=["nowhere"])
        self.refused("explain", self.folder, 1, status=1, says=["summary"])
        summary = json.loads((folder / "summary.json").read_text())
        del summary["run"]["data_checksum"]
        (folder / "summary.json").write_text(json.dumps(summary))
        self.refused("explain", folder, 1, status=1, says=["checksum", "run it again"])


if __name__ == "__main__":
    support.main()
