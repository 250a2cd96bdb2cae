"""`sluice backtest` and `sluice compare`: the decisions of a replay, measured; other assumptions about
fills beside them; runs side by side."""

import csv
import decimal
import json

import support

Decimal = decimal.Decimal
TABLES = support.REPORTED | {"returns.csv", "trades.csv"}
CONTRACTS = tuple(word for key in ('account.multipliers=["SIM1=50", "SIM2=0.25"]',
                                   "account.capital=100000000", "risk.daily_loss=1000000",
                                   "risk.max_order_notional=10000000") for word in ("--set", key))


class Backtests(support.SystemTest):
    def backtest(self, *arguments):
        return self.sluice("backtest", "--store", "store", "--out", "runs", "--json",
                           *arguments).json()

    def market(self, *arguments, **options):
        return support.made_market(self.folder / "store", *arguments, **options)

    def rows(self, summary, table):
        with open(self.folder / summary["folder"] / table, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def test_decides_what_a_replay_decides(self):
        self.market()
        replayed = self.replay("store")
        tested = self.backtest("--fills", "expected")
        self.assertGreater(tested["fills"], 0)
        self.assertEqual(replayed["digest"], tested["digest"])
        self.assertEqual(replayed["books"], tested["books"])
        split = self.backtest("--fills", "expected", "--placement", "risk", "--set",
                              "engine.cores=none")
        self.assertEqual(tested["digest"], split["digest"])
        self.assertEqual(tested["performance"]["returns"], split["performance"]["returns"])
        self.assertEqual(tested["performance"]["intervals"], split["performance"]["intervals"])
        folders = [self.folder / summary["folder"] for summary in (tested, split)]
        for table in ("returns.csv", "trades.csv", "fills.csv"):
            self.assertEqual(*((folder / table).read_bytes() for folder in folders))
        self.assertEqual(TABLES, {path.name for path in folders[0].iterdir()})

    def test_money_of_round_trips_and_periods_is_that_of_the_books(self):
        self.market(trades_per_day=8000)
        self.check_money(self.backtest("--fills", "expected", "--set", "engine.on_stop=leave"))
        self.check_money(self.backtest("--fills", "expected", "--set", "engine.on_stop=leave",
                                       *CONTRACTS))
        self.write("entries.csv", "time,kind,symbol,currency,amount,price\n"
                                  "2024-01-02T16:00:00Z,dividend,SIM1,,,0.5\n"
                                  "2024-01-02T17:00:00Z,fee,,USD,-12.25,\n")
        charged = self.backtest("--fills", "expected", "--set", "engine.on_stop=leave", "--set",
                                "account.entries=entries.csv")
        self.assertEqual("-12.25", charged["books"]["charges"]["by_kind"]["fee"])
        self.check_money(charged)

    def check_money(self, tested):
        trades = self.rows(tested, "trades.csv")
        self.assertGreater(len(trades), 10)
        closed = sum(Decimal(trade["profit"]) for trade in trades)
        measured = tested["performance"]["trades"]
        self.assertEqual(Decimal(measured["profit"]), closed)
        self.assertEqual(Decimal(tested["books"]["pnl"]),
                         closed + Decimal(measured["open_profit"]) +
                         Decimal(tested["books"]["charges"]["total"]))
        self.assertEqual(measured["trades"], len(trades))
        self.assertEqual(measured["won"],
                         sum(1 for trade in trades if Decimal(trade["profit"]) > 0))
        periods = self.rows(tested, "returns.csv")
        self.assertEqual(tested["performance"]["periods"], len(periods))
        self.assertEqual(Decimal(tested["books"]["equity"]), Decimal(periods[-1]["equity"]))

    def test_shows_what_other_assumptions_about_fills_would_have_made_of_it(self):
        self.market()
        tested = self.backtest("--set", "execution.order_type=limit")
        cases = tested["performance"]["fill_cases"]
        self.assertEqual(["pessimistic", "expected", "optimistic"], [c["case"] for c in cases])
        self.assertEqual(["back", "back", "front"], [c["queue"] for c in cases])
        self.assertEqual([1_000_000, 250_000, 62_500], [c["order_latency_ns"] for c in cases])
        self.assertEqual(["shown"] * 3, [c["fill"] for c in cases])
        self.assertEqual(tested["digest"], cases[1]["digest"])
        self.assertEqual(tested["books"]["pnl"], cases[1]["pnl"])
        self.assertEqual(3, len({c["digest"] for c in cases}))
        # Each is a run of its own, and says the same of itself.
        for case in cases:
            with open(self.folder / "runs" / case["folder"] / "summary.json",
                      encoding="utf-8") as file:
                summary = json.load(file)
            self.assertEqual(case["digest"], summary["digest"])
            self.assertEqual(case["pnl"], summary["books"]["pnl"])
            if case["case"] != "expected":
                self.assertEqual([case], summary["performance"]["fill_cases"])
        # And comes out of a replay of its configuration.
        again = self.replay("store", "--config",
                            self.folder / "runs" / cases[0]["folder"] / "config.toml")
        self.assertEqual(cases[0]["digest"], again["digest"])

    def test_prints_the_model_of_fills_and_its_error_bar(self):
        self.market(trades_per_day=1500)
        arguments = ("backtest", "--store", "store", "--out", "runs")
        page = self.sluice(*arguments).out
        for text in ("Sharpe", "deepest drawdown", "win rate", "pessimistic", "expected",
                     "optimistic", "shown", "what is not known about fills is worth"):
            self.assertIn(text, page)
        page = self.sluice(*arguments, "--fills", "optimistic").out
        self.assertIn("front", page)
        self.assertIn("one set of assumptions, so no error bar", page)

    def test_measures_against_a_benchmark_of_the_run_or_beside_it_alike(self):
        self.market("--days", 5, trades_per_day=1500)
        first, second = [row["symbol"] for row in self.replay("store")["instruments"]]
        with_it = self.backtest("--fills", "expected", "--benchmark", first)
        beside = self.backtest("--fills", "expected", "--benchmark", first, "--symbols", second)
        closes = [[row["benchmark"] for row in self.rows(summary, "returns.csv")]
                  for summary in (with_it, beside)]
        self.assertEqual(5, len(closes[0]))
        self.assertEqual(closes[0], closes[1])
        self.assertIsNotNone(with_it["performance"]["benchmark"]["beta"])
        self.assertIn("beta", with_it["performance"]["intervals"]["figures"])
        self.assertIsNone(self.backtest("--fills", "expected")["performance"]["benchmark"])

    def test_compares_runs_by_settings_results_and_digests(self):
        self.market("--days", 3, trades_per_day=1500)
        folders = [self.backtest("--fills", "expected", "--set", f"sizing.quantity={size}")["folder"]
                   for size in (100, 50, 100)]
        made = self.sluice("compare", *folders, "--json").json()
        self.assertEqual({"sizing.quantity": ["100", "50", "100"]}, made["settings_that_differ"])
        self.assertFalse(made["same_digest"])
        self.assertEqual(made["digests"][0], made["digests"][2])
        pnl = made["results"]["books/pnl"]
        self.assertEqual(pnl[0], pnl[2])
        self.assertNotEqual(pnl[0], pnl[1])
        self.assertTrue(self.sluice("compare", folders[0], folders[2], "--json").json()["same_digest"])
        page = self.sluice("compare", *folders).out
        for text in ("Settings that differ", "sizing.quantity", "Sharpe", "The digests differ."):
            self.assertIn(text, page)
        self.assertEqual(1, page.count("generated, "))  # what all were run over is said once
        same = self.sluice("compare", folders[0], folders[2]).out
        self.assertIn("The digests are the same", same)

    def test_sweeps_many_sets_in_one_pass_as_each_would_do_alone(self):
        self.market(trades_per_day=3000)
        sweep = ("sweep", "--store", "store", "--out", "runs", "--vary", "strategy[0].fast=5,8",
                 "--vary", "sizing.quantity=10,40", "--set", "backtest.resamples=0", *CONTRACTS)
        tables = []
        for threads in (1, 2):
            made = self.sluice(*sweep, "--threads", threads, "--json").json()
            tables.append(made["sets"])
        self.assertEqual(tables[0], tables[1])
        self.assertEqual(4, len({row["digest"] for row in tables[0]}))
        for row in tables[0]:
            alone = self.backtest("--fills", "expected", "--set", "backtest.resamples=0", *CONTRACTS,
                                  *(word for key, value in row["parameters"].items()
                                    for word in ("--set", f"{key}={value}")))
            self.assertEqual(alone["digest"], row["digest"])
            self.assertEqual(alone["books"]["pnl"], row["pnl"])
            for ratio in ("sharpe", "max_drawdown", "annual_return"):
                self.assertEqual(alone["performance"]["returns"][ratio], row[ratio])
        written = [folder / "sweep.csv" for folder in sorted(self.folder.glob("runs/*-sweep*"))]
        self.assertEqual(2, len(written))
        self.assertEqual(*(file.read_bytes() for file in written))
        with open(written[0], newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([row["digest"] for row in tables[0]], [row["digest"] for row in rows])
        self.assertEqual(["5", "5", "8", "8"], [row["strategy[0].fast"] for row in rows])
        self.assertIn("Sharpe", self.sluice(*sweep).out)

    def test_says_what_is_wrong_with_a_sweep(self):
        self.refused("sweep", "--store", "store", status=2, says=["--vary"])
        for wrong in ("sizing.quantity", "=5", "sizing.quantity=5,,6"):
            self.refused("sweep", "--store", "store", "--vary", wrong, status=2, says=["--vary"])
        self.refused("sweep", "--store", "store", "--vary", "data.adjust=none,all", status=2,
                     says=["data.adjust", "--set", "[data]"])
        self.refused("sweep", "--store", "store", "--vary", "sizing.quantity=1", "--vary",
                     "sizing.quantity=2", status=2, says=["twice"])
        self.refused("sweep", "--store", "store", "--vary", "sizing.size=1,2", status=2,
                     says=["sizing.size"])
        self.refused("sweep", "--store", "store", "--vary", "sizing.quantity=1,-2", status=2,
                     says=["sizing.quantity"])
        self.sluice("sweep", "--store", "store", "--vary", "sizing.quantity=1", "--threads", "0",
                    status=2)

    def test_says_what_is_wrong_with_its_arguments(self):
        self.refused("backtest", status=2, says=["--store"])
        self.refused("backtest", "--store", "store", "--fills", "hopeful", status=2,
                     says=["--fills", "optimistic"])
        self.market(trades_per_day=500)
        self.refused("backtest", "--store", "store", "--benchmark", "NOSUCH", status=1,
                     says=["NOSUCH"])
        self.refused("backtest", "--store", "store", "--symbols", "NOSUCH", status=1,
                     says=["NOSUCH"])
        self.refused("backtest", "--store", "nowhere", status=1, says=["nowhere"])
        self.refused("backtest", "--store", "store", "--from", "2099-01-01", status=1,
                     says=["range", "--from"])
        self.refused("backtest", "--store", "store", "--from", "2024-01-03", "--to", "2024-01-02",
                     status=2, says=["--from", "--to"])
        self.refused("backtest", "--store", "store", "--from", "yesterday", status=2,
                     says=["--from", "yesterday"])
        self.refused("backtest", "--store", "store", "--set", "backtest.confidence=2", status=2,
                     says=["backtest.confidence"])
        # Nothing has run, so nothing was left behind.
        self.assertEqual([], list(self.folder.glob("runs*")))
        self.write("empty/summary.json", "{}")
        self.refused("compare", "empty", "empty", status=1, says=["empty", "no summary of a run"])
        self.refused("compare", "missing", "missing", status=1, says=["missing"])
        self.sluice("compare", "one", status=2)
        self.sluice("compare", status=2)


if __name__ == "__main__":
    support.main()
