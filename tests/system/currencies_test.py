"""An account in dollars of instruments in other currencies: runs, backtests and sweeps keep their books at the
rates that came, and `sluice account` comes to the same."""

import decimal
from decimal import Decimal

import support

RATES = """time,kind,symbol,currency,amount,price,rate
2023-12-30T00:00:00Z,rate,,EUR,,1.31,
2024-01-01T00:00:00Z,rate,,EUR,,1.0812345,
2024-01-02T15:00:00Z,rate,,EUR,,1.09,
2024-01-02T16:00:00Z,rate,,GBP,,1.27,
2024-01-02T16:00:00Z,funding,SAP,,,,0.0001
2024-01-02T16:00:00Z,rate,,EUR,,1.071,
2024-01-02T16:30:00Z,fee,,GBP,-12.5,,
2024-01-02T17:00:00Z,dividend,SAP,,,0.75,
2024-01-02T17:00:00Z,fee,,USD,-2,,
2024-01-02T18:00:00Z,rate,,EUR,,1.1,
2024-01-02T19:00:00Z,rate,,CHF,,1.1,
2025-01-01T00:00:00Z,rate,,EUR,,9,
"""


class Currencies(support.AccountTest):
    """SIM1 of a made market once more, as SAP in euros; the account is in dollars."""

    rated = ("--symbols", "SAP,SIM2", "--set", 'account.rates=["EUR=1.05", "GBP=1.25"]', "--set",
             "account.entries=rates.csv")

    def setUp(self):
        super().setUp()
        self.store = support.made_market(self.folder / "market")
        for table in ("trades", "quotes"):
            self.sluice("data", "export", "--store", self.store, "--symbol", "SIM1", "--table",
                        table, "--output", f"{table}.csv")
            self.sluice("import", "csv", f"{table}.csv", "--symbol", "SAP", "--kind", table,
                        "--store", self.store, "--currency", "EUR")
        self.write("rates.csv", RATES)

    def check_in_euros(self, folder, by):
        """The run's rates are what currencies are worth in dollars, and mean nothing here."""
        self.write("euros.csv", "time,kind,currency,price\n2023-01-01,rate,USD,0.9\n"
                                "2023-01-01,rate,GBP,1.1\n")
        account = self.account(folder, "--currency", "EUR", "--capital", "90000", "--entries",
                               "euros.csv")
        with decimal.localcontext(prec=60):
            dollars = Decimal(by["USD"]["worth"]) - Decimal(by["USD"]["capital"])
            self.assertEqual(
                90000 + Decimal(by["EUR"]["worth"]) + Decimal(by["GBP"]["worth"]) * Decimal("1.1")
                + (dollars * Decimal("0.9")).quantize(Decimal("1e-17"), decimal.ROUND_DOWN),
                Decimal(account["equity"]))

    def test_a_run_comes_to_its_account_at_the_rates_that_came(self):
        for more in ((), ("--set", "engine.on_stop=leave"),
                     ("--set", 'account.multipliers=["SAP=10"]', "--set", "engine.on_stop=leave",
                      "--set", "account.borrow_rates=[\"*=20\"]", "--set",
                      "account.capital=10000000")):
            run = self.replay(self.store, *self.rated, *more)
            self.assertGreater(run["fills"], 5)
            books = run["books"]
            self.assertEqual("USD", books["currency"])
            by = {row["currency"]: row for row in books["currencies"]}
            self.assertEqual(["USD", "EUR", "GBP"], list(by))
            self.assertEqual(("1.05", "1.1"), (by["EUR"]["rate_stated"], by["EUR"]["rate"]))
            self.assertEqual("-12.5", by["GBP"]["cash"])
            self.assertEqual("1.27", by["GBP"]["rate"])
            with decimal.localcontext(prec=60):
                for row in by.values():
                    self.assertEqual(
                        Decimal(row["worth"]) - Decimal(row["capital"]),
                        Decimal(row["realised"]) + Decimal(row["unrealised"])
                        - Decimal(row["commission"]) + Decimal(row["charges"]["total"]))
                    exact = Decimal(row["worth"]) * Decimal(row["rate"])
                    self.assertEqual(exact.quantize(Decimal("1e-17"), decimal.ROUND_DOWN),
                                     Decimal(row["in_account"]))
                self.assertEqual(Decimal(books["equity"]),
                                 sum(Decimal(row["in_account"]) for row in by.values()))
                self.assertEqual(Decimal(books["pnl"]), Decimal(books["realised"])
                                 + Decimal(books["unrealised"]) - Decimal(books["commission"])
                                 + Decimal(books["charges"]["total"]))
            account = self.account(run["folder"])
            self.assertEqual(books["equity"], account["equity"])
            self.assertTrue(account["balances"])
            for currency, cash in account["cash"].items():
                self.assertEqual(by[currency]["cash"], cash)
            self.check_in_euros(run["folder"], by)
            self.assertEqual({"SAP": "EUR", "SIM2": "USD"},
                             {row["symbol"]: row["currency"] for row in account["positions"]})
            total = sum(Decimal(row["profit"]) for row in account["attribution"])
            self.assertEqual(Decimal(books["pnl"]), total)
            rates = [(row["currency"], row["price"]) for row in self.rows(run, "charges.csv")
                     if row["kind"] == "rate"]
            self.assertEqual([("EUR", "1.0812345"), ("EUR", "1.09"), ("GBP", "1.27"),
                              ("EUR", "1.071"), ("EUR", "1.1")], rates)
            self.assertIn("account.entries: left out were 1 outside the run's time, 1 of "
                          "currencies that the run has not", run["run"]["warnings"])
        again = self.replay(self.store, "--symbols", "SAP,SIM2", "--config",
                            f"{run['folder']}/config.toml", "--placement", "split", "--set",
                            "engine.cores=none")
        self.assertEqual(run["digest"], again["digest"])
        (self.folder / "rates.csv").unlink()
        self.sluice("explain", run["folder"], "--random", 50, "--json")
        # A rate that was changed afterwards is found.
        table = self.folder / run["folder"] / "charges.csv"
        table.write_text(table.read_text().replace(",1.1,", ",1.100000001,"))
        self.assertIn("do not come to the equity",
                      self.sluice("account", run["folder"], status=1).err)

    def test_prices_in_a_currency_worth_as_much_decide_alike(self):
        config = self.write("sized.toml", '[sizing]\nmode = "notional"\nnotional = 20000\n')
        plain = self.replay(self.store, "--symbols", "SIM1,SIM2", "--config", config)
        same = self.replay(self.store, "--symbols", "SAP,SIM2", "--config", config, "--set",
                           'account.rates=["EUR=1"]')
        self.assertEqual(plain["books"]["equity"], same["books"]["equity"])
        self.assertEqual(plain["strategies"], same["strategies"])
        fills = [[{k: v for k, v in row.items() if k != "symbol"}
                  for row in self.rows(run, "fills.csv")] for run in (plain, same)]
        self.assertEqual(*fills)
        # Half as dear, and sized by half as much money: the same shares.
        config.write_text('[sizing]\nmode = "notional"\nnotional = 10000\n'
                          '[risk]\ndaily_loss = 50000\n')
        half = self.replay(self.store, "--symbols", "SAP", "--config", config, "--set",
                           'account.rates=["EUR=0.5"]')
        whole = self.replay(self.store, "--symbols", "SAP", "--config", config, "--set",
                            "sizing.notional=20000", "--set", 'account.rates=["EUR=1"]')
        self.assertEqual(*[[row["quantity"] for row in self.rows(run, "fills.csv")]
                           for run in (half, whole)])
        self.assertEqual(Decimal(whole["books"]["pnl"]) / 2, Decimal(half["books"]["pnl"]))
        self.assertEqual(Decimal(whole["strategies"][0]["stance_profit"]) / 2,
                         Decimal(half["strategies"][0]["stance_profit"]))

    def tested(self):
        return self.sluice("backtest", "--store", self.store, "--fills", "expected", "--out", "runs",
                           "--json", *self.rated, "--set", "engine.on_stop=leave").json()

    def test_a_backtest_measures_the_books_in_the_accounts_currency(self):
        tested = self.tested()
        periods = self.rows(tested, "returns.csv")
        self.assertEqual(tested["books"]["equity"], periods[-1]["equity"])
        trades = self.rows(tested, "trades.csv")
        self.assertEqual({"SAP", "SIM2"}, {row["symbol"] for row in trades})
        self.assertEqual(Decimal(tested["performance"]["trades"]["profit"]),
                         sum(Decimal(row["profit"]) for row in trades))

    def test_a_sweep_measures_as_a_backtest_does(self):
        tested = self.tested()
        sets = self.sluice("sweep", "--store", self.store, "--out", "runs", "--json", *self.rated,
                           "--set", "engine.on_stop=leave", "--vary", "risk.max_position=1500,1000").json()["sets"]
        self.assertEqual(tested["digest"], sets[1]["digest"])
        self.refused("sweep", "--store", self.store, "--symbols", "SAP", "--vary",
                     "account.rates=EUR=1,EUR=2", status=2, says=("account.rates", "--set"))

    def test_a_currency_without_a_rate_is_refused(self):
        self.refused("replay", "--store", self.store, "--symbols", "SAP,SIM2", status=2,
                     says=("SAP is priced in EUR", "account.rates", "EUR=1.25"))
        for entry, says in (("EUR", "CURRENCY=RATE"), ("EUR=0", "from 0.000001"),
                            ("USD=1", "own currency")):
            self.refused("replay", "--store", self.store, "--set", f'account.rates=["{entry}"]',
                         status=2, says=("account.rates", says))
        self.write("rates.csv", "time,kind,symbol,currency,amount\n2024-01-02,fee,SAP,USD,-1\n")
        self.refused("replay", "--store", self.store, *self.rated, status=2,
                     says=("rates.csv:2", "SAP is priced in EUR"))
        tiers = self.write("tiers.toml", '[venue]\ncommission = "maker_taker"\n'
                           '[[commission_tier]]\nfrom = 1000\n')
        self.refused("replay", "--store", self.store, "--symbols", "SAP,SIM2", "--config", tiers,
                     "--set", 'account.rates=["EUR=1.05"]', status=2,
                     says=("commission_tier_measure", "several currencies"))


if __name__ == "__main__":
    support.main()
