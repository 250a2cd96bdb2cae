"""`sluice account`: a run's fills come to its own books; other entries, currencies and statements."""

import csv
from decimal import Decimal

import support

INSTRUMENTS = "symbol,currency,multiplier,delivers\nSAP,EUR,,\nESH4,USD,50,\nEURUSD,USD,,EUR\n"
FILLS = """time,symbol,side,quantity,price,commission,commission_currency,strategy
2024-01-02T15:00:00Z,SAP,buy,10,140,1,EUR,trend
2024-01-02T16:00:00Z,ESH4,sell,1,4800.25,2.25,,reversion
2024-01-03T15:00:00Z,ESH4,buy,1,4790.25,2.25,,reversion
2024-01-03T16:00:00Z,EURUSD,buy,1000,1.1,,,trend
"""
ENTRIES = """time,kind,symbol,currency,amount,price,units,for_units
2024-01-02T14:00:00Z,rate,,EUR,,1.1,,
2024-01-02T14:00:01Z,deposit,,EUR,5000,,,
2024-01-03T14:00:00Z,dividend,SAP,,,0.5,,
2024-01-03T17:00:00Z,mark,SAP,,,150,,
2024-01-03T17:00:01Z,rate,,EUR,,1.2,,
2024-01-03T17:00:02Z,fee,,USD,-10,,,
"""


class Account(support.SystemTest):
    def account(self, *arguments, status=0):
        return self.sluice("account", "--json", *arguments, status=status).json()

    def files(self):
        self.write("instruments.csv", INSTRUMENTS)
        self.write("fills.csv", FILLS)
        self.write("entries.csv", ENTRIES)
        return ("--instruments", "instruments.csv", "--fills", "fills.csv", "--entries",
                "entries.csv", "--capital", "10000")

    def test_the_fills_of_a_run_come_to_its_own_books(self):
        store = support.made_market(self.folder / "market")
        summary = self.replay(store)
        self.assertGreater(summary["fills"], 5)
        for method in ("average", "fifo"):
            account = self.account(summary["folder"], "--method", method)
            self.assertEqual(summary["books"]["equity"], account["equity"])
            self.assertEqual(summary["books"]["pnl"], account["profit"])
            self.assertTrue(account["balances"])
            total = sum(Decimal(row["profit"]) for row in account["attribution"])
            self.assertEqual(Decimal(account["profit"]), total)
            total = sum(Decimal(day["profit"]) for day in account["days"])
            self.assertEqual(Decimal(account["profit"]), total)
            for row in summary["instruments"]:
                mine, = [p for p in account["attribution"] if p["instrument"] == row["symbol"]]
                self.assertEqual(row["pnl"], mine["profit"])

    def test_contracts_are_counted_as_the_run_counted_them(self):
        store = support.made_market(self.folder / "market")
        wide = [word for key in ("account.capital=1000000000", "risk.daily_loss=100000000",
                                 "risk.max_order_notional=1000000000",
                                 "venue.commission=basis_points", "engine.on_stop=leave")
                for word in ("--set", key)]
        shares = self.replay(store, *wide)
        self.assertEqual({"1"}, {row["multiplier"] for row in shares["instruments"]})
        for multiplier in ("50", "0.1"):
            run = self.replay(store, *wide, "--set",
                              f'account.multipliers=["SIM1={multiplier}", "SIM2={multiplier}"]')
            self.assertEqual(shares["fills"], run["fills"])
            for key in ("pnl", "realised", "unrealised", "commission", "max_drawdown"):
                self.assertEqual(Decimal(multiplier) * Decimal(shares["books"][key]),
                                 Decimal(run["books"][key]), key)
            for method in ("average", "fifo"):
                account = self.account(run["folder"], "--method", method)
                self.assertEqual(run["books"]["equity"], account["equity"])
                self.assertTrue(account["balances"])
            self.assertEqual(run["digest"], self.replay(
                store, "--config", f"{run['folder']}/config.toml", "--placement", "split", "--set",
                "engine.cores=none")["digest"])
        # A file of terms stands over the run's.
        self.write("terms.csv", "symbol,currency,multiplier\nSIM1,USD,1\nSIM2,USD,1\n")
        other = self.account(run["folder"], "--instruments", "terms.csv", status=1)
        self.assertEqual(shares["books"]["realised"], str(sum(
            Decimal(p["realised"]) for p in other["positions"]).normalize()))

    def test_multipliers_that_cannot_be_are_refused(self):
        store = support.made_market(self.folder / "market")
        for entry, says in (("SIM1", "SYMBOL=MULTIPLIER"), ("SIM1=0", "above 0"),
                            ("SIM1=100000000", "risk.max_position of 1000")):
            self.refused("replay", "--store", store, "--set", f'account.multipliers=["{entry}"]',
                         status=2, says=(says,))
        run = self.replay(store, "--set", 'account.multipliers=["ESH4.GLBX=50"]')
        self.assertIn("account.multipliers names ESH4.GLBX, which is no instrument of this run",
                      run["run"]["warnings"])

    def test_a_run_whose_fills_were_changed_is_found(self):
        store = support.made_market(self.folder / "market")
        folder = self.folder / self.replay(store)["folder"]
        rows = list(csv.reader((folder / "fills.csv").open()))
        rows[1][rows[0].index("price")] = "1"
        with (folder / "fills.csv").open("w", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(rows)
        ended = self.sluice("account", folder, status=1)
        self.assertIn("do not come to the equity", ended.err)

    def test_currencies_dividends_and_charges_are_booked(self):
        account = self.account(*self.files(), "--by", "strategy")
        # EUR: 5000 - 1400 - 1 + 5 + 1000, and 10 SAP at 150; USD: 10000 + 500 - 4.5 - 1100 - 10
        self.assertEqual({"EUR": "4604", "USD": "9385.5"}, account["cash"])
        self.assertEqual("16710.3", account["equity"])  # 9385.5 + (4604 + 1500) * 1.2
        self.assertEqual("15500", account["paid_in"])
        self.assertEqual("1210.3", account["profit"])
        by = {row.get("strategy", "currency"): row for row in account["attribution"]}
        self.assertEqual("495.5", by["reversion"]["profit"])
        # (100 - 1 + 5 + 1000) EUR less 1100 USD
        self.assertEqual("224.8", by["trend"]["profit"])
        self.assertEqual("-10", by[""]["profit"])
        self.assertEqual("500", by["currency"]["profit"])
        self.assertEqual(["2024-01-02", "2024-01-03"], [day["date"] for day in account["days"]])

    def test_a_statement_is_compared_and_differences_are_named(self):
        self.write("same.csv", "kind,name,value,average_price\nposition,SAP,10,140\n"
                               "cash,EUR,4604,\ncash,USD,9385.5,\n")
        self.write("other.csv", "kind,name,value\nposition,SAP,11\ncash,EUR,4604\n"
                                "cash,USD,9385.49\n")
        files = self.files()
        self.assertEqual([], self.account(*files, "--statement", "same.csv")["discrepancies"])
        found = self.account(*files, "--statement", "other.csv", status=1)["discrepancies"]
        self.assertEqual([("quantity", "SAP", "1"), ("cash", "USD", "-0.01")],
                         [(d["kind"], d["subject"], d["difference"]) for d in found])

    def test_bad_rows_are_named_with_file_line_and_reason(self):
        for name, text, says in (
                ("fills.csv", "time,symbol,side,quantity,price\n2024-01-02,A,buy,0,1\n",
                 ("fills.csv:2", "above zero")),
                ("fills.csv", "time,symbol,side,quantity,price\n2024-01-02,A,buy,1,x\n",
                 ("fills.csv:2", "price 'x'", "not a decimal")),
                ("fills.csv", "time,symbol,side,quantity\n", ("no column 'price'",)),
                ("fills.csv", "time,symbol,side,quantity,price,cost\n", ("'cost' is not known",)),
                ("fills.csv", "time,symbol,side,quantity,price\n2024-01-02,A,buy,1\n",
                 ("fills.csv:2", "4 fields")),
                ("fills.csv", "", ("is empty",))):
            self.write(name, text)
            self.refused("account", "--fills", name, status=1, says=says)
        self.write("entries.csv", "time,kind,symbol\n2024-01-02,bonus,A\n")
        self.refused("account", "--entries", "entries.csv", status=1,
                     says=("entries.csv:2", "'bonus' is not known"))
        self.write("entries.csv", "time,kind,currency,amount\n2024-01-02,deposit,EUR,5\n")
        self.refused("account", "--entries", "entries.csv", status=1,
                     says=("entries.csv:2", "no rate of EUR"))
        self.refused("account", "--fills", "nowhere.csv", status=1, says=("cannot be read",))

    def test_wrong_use_is_said_to_be(self):
        self.refused("account", status=2, says=("--fills",))
        self.write("fills.csv", "time,symbol,side,quantity,price\n")
        for option, value in (("--method", "lifo"), ("--by", "colour"), ("--zone", "Mars/Olympus"),
                              ("--capital", "lots")):
            self.refused("account", "--fills", "fills.csv", option, value, status=2,
                         says=(option,))


if __name__ == "__main__":
    support.main()
