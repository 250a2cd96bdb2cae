"""`sluice account`: a run's fills come to its own books; other entries and statements."""

import csv
import decimal
import os
import pathlib
import unittest
from decimal import Decimal

import support

DATA = pathlib.Path(os.environ.get("SLUICE_DATA", "nowhere"))
IBM = DATA / "lean" / "equity" / "usa" / "minute" / "ibm"

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


CHARGES = """time,kind,symbol,currency,amount,price,rate,units,for_units
2023-12-31T00:00:00Z,fee,,USD,-1000,,,,
2024-01-02T15:00:00.5Z,dividend,SIM1,,,0.25,,,
2024-01-02T16:00:00Z,dividend,SIM2,,,0.1,,,
2024-01-02T16:00:00Z,funding,SIM1,,,,0.0001,,
2024-01-02T16:00:00Z,funding,SIM2,,,100,-0.000375,,
2024-01-02T17:35:00Z,borrow,SIM1,,,,0.000013699,,
2024-01-02T16:40:00Z,borrow,SIM2,,,,0.000013699,,
2024-01-02T17:00:01Z,interest,,USD,1.37,,,,
2024-01-02T17:00:01Z,fee,,USD,-2.5,,,,
2024-01-02T17:00:01Z,fee,,USD,-2.5,,,,
2024-01-02T18:00:00Z,funding,SIM2,USD,-7.125,,,,
2024-01-02T18:30:00Z,dividend,OTHER,,,3,,,
2024-01-02T19:00:00Z,mark,SIM1,,,100,,,
2025-01-01T00:00:00Z,fee,,USD,-1000,,,,
"""
# The account's day begins where SIM1 is held short.
CHARGED = ("--set", "account.entries=entries.csv", "--set", "clock.day_start=12:35", "--set",
           'account.borrow_rates=["SIM1=36.5", "*=1"]')


class Account(support.AccountTest):
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

    def test_a_run_books_the_charges_that_come_to_its_account(self):
        store = support.made_market(self.folder / "market", "--days", 2)
        self.write("entries.csv", CHARGES)
        for multiplier in ("1", "0.1"):
            contract = ("--set", f'account.multipliers=["SIM1={multiplier}"]')
            plain = self.replay(store, *contract)
            run = self.replay(store, *contract, *CHARGED)
            self.assertNotEqual(plain["digest"], run["digest"])
            books = {key: value if isinstance(value, dict) else Decimal(value)
                     for key, value in run["books"].items() if key != "currency"}
            charges = books["charges"]
            self.assertEqual(books["pnl"], books["realised"] + books["unrealised"]
                             - books["commission"] + Decimal(charges["total"]))
            booked = self.rows(run, "charges.csv")
            self.assertIn(("borrow", "365"), {(row["kind"], row["parts"]) for row in booked})
            for kind, total in charges["by_kind"].items():
                self.assertNotEqual("0", total, kind)
                self.assertEqual(Decimal(total), sum(Decimal(row["amount"]) for row in booked
                                                     if row["kind"] == kind), kind)
            self.assertEqual("-5", charges["by_kind"]["fee"])
            # What each share is held of comes from the fills before it.
            fills = self.rows(run, "fills.csv")
            for row in booked:
                if row["kind"] != "dividend":
                    continue
                held = [Decimal(fill["position_after"]) for fill in fills[:int(row["after_fills"])]
                        if fill["symbol"] == row["symbol"]][-1]
                size = Decimal(multiplier) if row["symbol"] == "SIM1" else 1
                self.assertEqual(Decimal(row["price"]) * held * size, Decimal(row["amount"]))
            self.assertIn("account.entries: left out were 2 outside the run's time, 1 of "
                          "instruments that the run has not, 1 of kinds that only sluice account "
                          "books", run["run"]["warnings"])
            for more, twice in ((), 0), (("--entries", "entries.csv"), 9):
                account = self.account(run["folder"], *more)
                if more:  # those outside the run's time
                    account["equity"] = str(Decimal(account["equity"]) + 2000)
                self.assertEqual(run["books"]["equity"], account["equity"])
                self.assertTrue(account["balances"])
                self.assertGreaterEqual(account["entries_of_the_run"], min(twice, 5))
            account = self.account(run["folder"], "--by", "instrument")
            for row in run["instruments"]:
                mine, = [p for p in account["attribution"] if p["instrument"] == row["symbol"]]
                self.assertEqual(row["pnl"], mine["profit"])
        again = self.replay(store, "--config", f"{run['folder']}/config.toml", "--placement",
                            "split", "--set", "engine.cores=none")
        self.assertEqual(run["digest"], again["digest"])
        (self.folder / "entries.csv").unlink()  # the run has kept it
        self.sluice("explain", run["folder"], "--random", 50, "--json")

    def test_a_run_that_books_a_charge_otherwise_is_found(self):
        store = support.made_market(self.folder / "market")
        self.write("entries.csv", CHARGES)
        folder = self.folder / self.replay(store, *CHARGED)["folder"]
        table = folder / "charges.csv"
        text = table.read_text()
        self.assertIn(",1.37,", text)
        table.write_text(text.replace(",1.37,", ",1.38,"))
        self.assertIn("do not come to the equity", self.sluice("account", folder, status=1).err)
        table.write_text(text.replace("\n", ",\n", 1))
        self.refused("account", folder, status=1, says=("charges.csv:1",))

    def test_charges_that_a_run_cannot_count_are_refused_before_it_begins(self):
        store = support.made_market(self.folder / "market")
        head = "time,kind,symbol,currency,amount,price,rate\n"
        for row, says in (("2024-01-02,bonus,SIM1,,,1,", ("'bonus' is not known",)),
                          ("2024-01-02,fee,,EUR,-1,,", ("in EUR", "account.currency is USD",
                                                        "account.rates")),
                          ("2024-01-02,rate,,USD,,1,", ("own currency",)),
                          ("2024-01-02,rate,,EUR,,0,", ("0 is no rate", "from 0.000001")),
                          ("2024-01-02,rate,,EUR,,1000001,", ("is no rate", "to 1000000")),
                          ("2024-01-02,rate,,,,1,", ("'currency' is empty",)),
                          ("2024-01-02,fee,,,-1,,", ("'currency' is empty",)),
                          ("2024-01-02,funding,SIM1,USD,1,,0.1", ("both an amount and a rate",)),
                          ("2024-01-02,funding,SIM1,,,,1.01", ("more than the whole value",)),
                          ("2024-01-02,funding,SIM1,,,0,0.01", ("not above zero",)),
                          ("2024-01-02,fee,SIM1,,,,0.01", ("has no rate",)),
                          ("2024-01-02,dividend,SIM1,,,x,", ("price 'x'",)),
                          ("tomorrow,dividend,SIM1,,,1,", ("tomorrow",))):
            self.write("entries.csv", head + row + "\n")
            self.refused("replay", "--store", store, "--set", "account.entries=entries.csv",
                         status=2, says=("account.entries: entries.csv:2: ", *says))
        self.write("entries.csv", head + "2024-01-02,dividend,SIM1,,,1,\n")
        self.refused("replay", "--store", store, "--set", "account.entries=entries.csv", "--set",
                     "data.adjust=all", status=2, says=("out of the prices already",))
        self.refused("replay", "--store", store, "--set", "account.entries=nowhere.csv", status=2,
                     says=("nowhere.csv", "cannot be read"))
        self.refused("replay", "--store", store, "--set", 'account.borrow_rates=["SIM1=-1"]',
                     status=2, says=("SYMBOL=PERCENT",))
        self.assertEqual([], self.files("runs") if (self.folder / "runs").exists() else [])

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
        with (folder / "fills.csv").open(newline="") as table:
            rows = list(csv.reader(table))
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


@unittest.skipUnless(IBM.is_dir(), f"no recorded bars at {IBM}")
class RecordedCharges(support.AccountTest):
    """Minutes of IBM, 2013-10-04 to 11: held over nights and a weekend, short and long."""

    def test_nights_of_borrowing_are_paid_on_the_close_before(self):
        self.sluice("import", "lean", *sorted(IBM.glob("*_trade.zip")), "--store", "store")
        # IBM paid 0.95 a share in that quarter.
        self.write("entries.csv", "time,kind,symbol,price\n2013-10-08T13:30:00Z,dividend,IBM,0.95\n"
                                  "2013-10-10T13:30:00Z,dividend,IBM,0.95\n")
        slow = self.write("slow.toml", '[bars]\ntimeframes = ["30m"]\n[[strategy]]\n'
                          'kind = "trend_following"\nname = "slow"\ntimeframe = "30m"\n'
                          'fast = 2\nslow = 5\n[account]\nborrow_rates = ["IBM=7.3"]\n'
                          'entries = "entries.csv"\n')
        run = self.replay("store", "--config", slow)
        self.assertEqual(run["books"]["equity"], self.account(run["folder"])["equity"])
        fills, charges = self.rows(run, "fills.csv"), self.rows(run, "charges.csv")
        nights = [row for row in charges if row["kind"] == "borrow"]
        self.assertGreater(len(nights), 0)
        self.assertEqual({"T04:00:00.000000000Z"}, {row["time"][10:] for row in nights})
        with decimal.localcontext(prec=60, rounding=decimal.ROUND_DOWN):
            for row in charges:
                held = Decimal(fills[int(row["after_fills"]) - 1]["position_after"])
                if row["kind"] == "dividend":
                    self.assertEqual(held * Decimal("0.95"), Decimal(row["amount"]))
                    continue
                self.assertLess(held, 0)
                paid = (held * Decimal(row["price"]) * Decimal("0.073") / 365)
                self.assertEqual(paid.quantize(Decimal("1e-17")), Decimal(row["amount"]))


if __name__ == "__main__":
    support.main()
