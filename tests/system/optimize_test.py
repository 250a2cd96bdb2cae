"""`sluice optimize` and `sluice ledger`: a search is repeated without evaluating anything twice, goes on where
it was cut off, and its ledger shows what was done to it."""

import csv
import json
import random
import shutil
import signal
import subprocess
import time

import support

SEARCH = ["--search", "strategy[0].fast=2:30", "--search", "strategy[0].slow=5:90"]
PLAN = ["--budget", "12", "--batch", "4", "--least-trades", "2", "--set", "backtest.period=1h"]
FILES = {"config.toml", "best.toml", "trials.csv", "search.json", "report.html"}


class Optimizing(support.SystemTest):
    def setUp(self):
        super().setUp()
        support.made_market(self.folder / "store", "--days", 4, trades_per_day=3000)

    def arguments(self, *more, budget=None):
        plan = [budget if budget and a == "12" else a for a in PLAN]
        return ["optimize", "--store", "store", "--out", "runs", "--json", *SEARCH, *plan, *more]

    def optimize(self, *more, budget=None):
        return self.sluice(*self.arguments(*more, budget=budget)).json()

    def ledger(self):
        return self.sluice("ledger", "runs/trials.ledger", "--json").json()

    @staticmethod
    def found(search):
        """What has nothing to do with when and how often it ran."""
        return {k: v for k, v in search.items() if k not in ("evaluated", "ledger")}

    def test_finds_says_why_and_leaves_it_all_in_a_folder(self):
        search = self.optimize()
        self.assertIn(search["verdict"]["answer"],
                      ("promote", "keep the champion", "not enough evidence"))
        self.assertGreaterEqual(len(search["verdict"]["checks"]), 1)
        self.assertTrue(search["data"]["generated"])
        self.assertEqual(len(search["sets"]), len({json.dumps(s["parameters"])
                                                   for s in search["sets"]}))
        for one in search["sets"]:
            self.assertLess(int(one["parameters"]["strategy[0].fast"]),
                            int(one["parameters"]["strategy[0].slow"]))
        feasible = [s["score"] for s in search["sets"] if s["feasible"]]
        self.assertEqual(max(feasible), search["best"]["score"])
        self.assertGreater(len(search["walk_forward"]), 1)
        folder = next((self.folder / "runs").glob("*-optimize"))
        self.assertEqual(FILES, {path.name for path in folder.iterdir()})
        with open(folder / "trials.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual("champion", rows[0]["set"])
        self.assertEqual([s["digest"] for s in search["sets"]], [r["digest"] for r in rows[1:]])
        # The set that was found is a backtest of its own.
        tested = self.sluice("backtest", "--store", "store", "--out", "runs", "--json", "--fills",
                             "expected", "--config", str(folder / "best.toml")).json()
        self.assertEqual(search["best"]["digest"], tested["digest"])

    def test_evaluates_nothing_twice_and_says_the_same_again(self):
        first = self.optimize()
        counted = self.ledger()
        self.assertEqual(first["evaluated"],
                         counted["kinds"]["trial"] + counted["kinds"]["window"])
        second = self.optimize("--threads", "1")
        self.assertEqual(0, second["evaluated"])
        self.assertEqual(self.found(first), self.found(second))
        again = self.ledger()
        self.assertEqual(counted["trials_by_data"], again["trials_by_data"])
        # More of the same search only adds what is new to it, and all of it counts as tried.
        longer = self.optimize(budget="20")
        self.assertGreater(longer["evaluated"], 0)
        self.assertGreater(longer["ledger"]["trials"], second["ledger"]["trials"])

    def test_a_contract_that_counts_otherwise_is_evaluated_anew(self):
        price = random.Random(5)
        rows = [f"{1704187800 + 60 * i + 72000 * (i // 390)},{1000 + price.gauss(0, 3):.2f},100"
                for i in range(4 * 390)]
        (self.folder / "future.csv").write_text("time,price,quantity\n" + "\n".join(rows) + "\n",
                                                encoding="ascii")
        # No limit is reached, so that all counts lead to the same orders, and the stream is the same too.
        ample = [a for key in ("account.capital", "risk.max_order_notional", "risk.daily_loss")
                 for a in ("--set", f"{key}=1000000000")]
        evaluated = []
        for multiplier in ("1", "1", "5"):
            shutil.rmtree(self.folder / "store")
            self.sluice("import", "csv", "future.csv", "--store", "store", "--symbol", "FUT",
                        "--time", "s", "--zone", "UTC", "--multiplier", multiplier)
            evaluated.append(self.optimize(*ample)["evaluated"])
        self.assertEqual(0, evaluated[1])
        self.assertGreater(evaluated[2], evaluated[0] // 2)

    def test_results_are_of_the_charges_that_they_had(self):
        head = "time,kind,symbol,currency,amount\n2024-01-02T16:00:00Z,fee,,USD,"
        charged = ("--set", "account.entries=entries.csv")
        evaluated = []
        for fee in ("-1", "-1", "-2"):
            self.write("entries.csv", head + fee + "\n")
            evaluated.append(self.optimize(*charged, budget="2")["evaluated"])
        self.assertGreater(evaluated[0], 0)
        self.assertEqual([evaluated[0], 0, evaluated[0]], evaluated)

    def test_goes_on_where_a_kill_cut_it_off(self):
        whole = self.optimize("--ledger", "whole.ledger", budget="40")
        cut = support.start(*self.arguments("--ledger", "cut.ledger", budget="40"),
                            cwd=self.folder)
        ledger = self.folder / "cut.ledger"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and cut.poll() is None:
            if ledger.exists() and ledger.stat().st_size > 20_000:
                break
            time.sleep(0.002)
        cut.send_signal(signal.SIGKILL)
        cut.communicate()
        known = self.sluice("ledger", "cut.ledger", "--json").json()["kinds"]
        before = known.get("trial", 0) + known.get("window", 0)
        self.assertGreater(before, 0)
        rest = self.optimize("--ledger", "cut.ledger", budget="40")
        self.assertEqual(whole["evaluated"], before + rest["evaluated"])
        self.assertEqual(self.found(whole), self.found(rest))

    def test_an_interrupt_leaves_a_ledger_that_verifies(self):
        run = support.start(*self.arguments(budget="400"), cwd=self.folder)
        ledger = self.folder / "runs" / "trials.ledger"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not (ledger.exists() and
                                                   ledger.stat().st_size > 5_000):
            time.sleep(0.002)
        run.send_signal(signal.SIGINT)
        _, errors = run.communicate(timeout=60)
        self.assertEqual(1, run.returncode, errors)
        self.assertIn("the same command goes on from there", errors)
        self.assertGreater(self.ledger()["kinds"]["trial"], 0)

    def test_a_ledger_that_was_edited_or_cut_is_found_and_not_written_to(self):
        self.optimize()
        ledger = self.folder / "runs" / "trials.ledger"
        lines = ledger.read_bytes().splitlines(keepends=True)
        damages = {"changed": lines[:2] + [lines[2].replace(b'"fills":', b'"fillz":')] + lines[3:],
                   "removed": lines[:2] + lines[3:], "cut": lines[:-1]}
        for name, damaged in damages.items():
            with self.subTest(name):
                ledger.write_bytes(b"".join(damaged))
                self.sluice("ledger", "runs/trials.ledger", status=1)
                self.sluice(*self.arguments(), status=1)
                self.assertEqual(b"".join(damaged), ledger.read_bytes())

    def test_a_full_disk_stops_it_and_with_space_it_goes_on(self):
        small = self.folder / "small"
        small.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", small],
                          capture_output=True).returncode != 0:
            self.skipTest("no tmpfs can be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", small], capture_output=True)
        whole = self.optimize("--ledger", "whole.ledger")
        ledger = ("--ledger", "small/trials.ledger")
        refused = self.sluice(*self.arguments(*ledger), status=1)
        self.assertIn("No space left on device", refused.err)
        self.assertIn("small/trials.ledger", refused.err)
        known = self.sluice("ledger", "small/trials.ledger", "--json").json()
        self.assertEqual(0, known["torn_bytes"])
        before = known["kinds"].get("trial", 0) + known["kinds"].get("window", 0)
        self.assertGreater(before, 0)
        subprocess.run(["mount", "-o", "remount,size=16m", small], check=True)
        rest = self.optimize(*ledger)
        self.assertEqual(whole["evaluated"], before + rest["evaluated"])
        self.assertEqual(self.found(whole), self.found(rest))

    def test_sets_that_are_not_as_required_are_not_evaluated(self):
        rule = ("--require", "strategy[0].slow >= 4 * strategy[0].fast")
        search = self.optimize(*rule, "--method", "sobol")
        self.assertEqual(12, len(search["sets"]))
        for one in search["sets"]:
            self.assertGreaterEqual(int(one["parameters"]["strategy[0].slow"]),
                                    4 * int(one["parameters"]["strategy[0].fast"]))
        for rule, says in (("strategy[0].slow > 4 * nonsense", "nonsense"),
                           ("strategy[0].slow = 4", "such as"),
                           ("strategy[0].slow < x*strategy[0].fast", "no number"),
                           ("strategy[0].slow > 90", "none of")):
            self.assertIn(says, self.sluice(*self.arguments("--require", rule), status=2).err)

    def test_begins_with_the_best_sets_of_earlier_data(self):
        early = self.optimize("--to", "2024-01-04", "--method", "sobol", "--train", "8")
        good = sorted((s for s in early["sets"] if s["feasible"]), key=lambda s: -s["score"])[:3]
        self.assertEqual(3, len(good))
        late = self.optimize("--from", "2024-01-04", "--method", "sobol", "--train", "8",
                             "--warm-start", "3")
        self.assertEqual([s["parameters"] for s in good],
                         [s["parameters"] for s in late["sets"][:3]])
        self.assertGreater(len(late["sets"]), 3)
        # What came later is not known to a search over what came before.
        again = self.optimize("--to", "2024-01-04", "--method", "sobol", "--train", "8",
                              "--warm-start", "3")
        self.assertEqual(self.found(early), self.found(again))

    def test_reports_what_choices_earn_where_they_were_not_chosen(self):
        search = self.optimize("--cross-validation", "6,2", "--embargo", "1")
        crossed = search["cross_validation"]
        self.assertEqual((6, 2, 1, 15), tuple(crossed[k] for k in
                                              ("groups", "tested", "embargo", "splits")))
        self.assertEqual(5, len(crossed["path_sharpe"]))
        for chosen in crossed["chosen"]:
            self.assertTrue(chosen is None or search["sets"][chosen]["feasible"])
        self.assertAlmostEqual(sum(crossed["path_sharpe"]) / 5, crossed["mean"])
        self.assertNotIn("cross_validation", self.optimize())
        printed = self.sluice(*(a for a in self.arguments("--cross-validation", "6,2")
                                if a != "--json")).out
        self.assertIn("Combinatorial cross-validation", printed)
        for given, says in (("6", "N,K"), ("6,6", "not all"), ("6,2x", "N,K"),
                            ("64,1", "--cross-validation")):
            self.assertIn(says, self.sluice(*self.arguments("--cross-validation", given),
                                            status=2).err)

    def test_sweeps_and_backtests_count_as_tried_where_a_ledger_is_named(self):
        shared = ("--store", "store", "--out", "runs", "--json", "--set", "backtest.period=1h")
        named = ("--set", "report.ledger=all.ledger")
        self.sluice("sweep", *shared, "--vary", "strategy[0].fast=3,4")
        self.assertEqual([], list(self.folder.rglob("*.ledger")))
        sweep = self.sluice("sweep", *shared, *named, "--vary", "strategy[0].fast=3,4").json()
        tested = self.sluice("backtest", *shared, *named).json()

        def on_record():
            lines = (self.folder / "all.ledger").read_text().splitlines()
            return [json.loads(line)["body"] for line in lines[1:]]

        swept = on_record()[:2]
        self.assertEqual([{"strategy[0].fast": "3"}, {"strategy[0].fast": "4"}],
                         [body["set"] for body in swept])
        self.assertEqual([s["digest"] for s in sweep["sets"]],
                         [body["result"]["digest"] for body in swept])
        self.assertEqual(tested["digest"], on_record()[2]["result"]["digest"])
        # Again, and nothing is new.
        self.sluice("sweep", *shared, *named, "--vary", "strategy[0].fast=4,3")
        self.sluice("backtest", *shared, *named, "--fills", "expected")
        self.assertEqual(3, len(on_record()))
        # Other assumptions or other plans are other results.
        self.sluice("backtest", *shared, *named, "--fills", "pessimistic")
        self.write("plan.csv", "time,strategy,parameter,value\n"
                   "2024-01-03T15:00:00,trend,fast,7\n")
        self.sluice("backtest", *shared, *named, "--fills", "expected", "--parameters", "plan.csv")
        self.assertEqual(5, len(on_record()))
        # A search finds the backtest of its champion, and what it finds there is what it would have run.
        search = [a for a in self.arguments() if a not in ("--out", "runs")]
        apart = self.sluice(*search, "--ledger", "apart.ledger").json()
        counted = self.sluice(*search, *named).json()
        self.assertEqual(apart["evaluated"] - 1, counted["evaluated"])
        self.assertEqual(apart["ledger"]["trials"] + 4, counted["ledger"]["trials"])
        self.assertEqual(apart["champion"], counted["champion"])
        self.assertEqual(apart["sets"], counted["sets"])

    def test_wrong_use_says_what_is_wrong(self):
        for more, says in ((["--search", "data.bars=a|b"], "share one stream"),
                           (["--search", "venue.market=best|book"], "share one stream"),
                           (["--search", "account.borrow_rates=a|b"], "share one stream"),
                           (["--search", "strategy[0].fast=2:30"], "given twice"),
                           (["--search", "strategy[0].weight"], "key=low:high"),
                           (["--search", "strategy[0].nonsense=1:2"], "nonsense"),
                           (["--method", "guess"], "there are"),
                           (["--train", "500"], "--train"),
                           (["--budget", "1"], "--budget")):
            with self.subTest(more[-1]):
                self.assertIn(says, self.sluice(*self.arguments(*more), status=2).err)
        self.assertIn("--search is required",
                      self.sluice("optimize", "--store", "store", status=2).err)


if __name__ == "__main__":
    support.main()
