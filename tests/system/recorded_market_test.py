"""Recorded ticks: the US equity archives of SLUICE_DATA import with the row counts of its manifest
and every one of them is accounted for. Skips where there is no such folder."""

import csv
import os
import pathlib
import sys

import support

MANIFEST = "MANIFEST.csv"
TICKS = "lean/equity/usa/tick/"
FILES, ROWS = 17, 3_110_802


def data_folder():
    """Where the data are, or nothing."""
    beside = pathlib.Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = pathlib.Path(os.environ.get("SLUICE_DATA") or beside)
    return folder if (folder / MANIFEST).is_file() else None


class RecordedMarket(support.SystemTest):
    def rows_by_table(self):
        """The manifest's row counts by (symbol, date, kind)."""
        counts = {}
        with open(data_folder() / MANIFEST, newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["path"].startswith(TICKS):
                    symbol, archive = row["path"].removeprefix(TICKS).split("/")
                    date, kind = archive.removesuffix(".zip").split("_")
                    counts[symbol.upper(), f"{date[:4]}-{date[4:6]}-{date[6:]}", f"{kind}s"] = \
                        int(row["rows"])
        return counts

    def test_every_row_goes_in_and_every_tick_is_accounted_for(self):
        expected = self.rows_by_table()
        self.assertEqual((FILES, ROWS), (len(expected), sum(expected.values())))
        imported = self.sluice("import", "lean", data_folder() / TICKS, "--store", "store",
                               "--json").json()
        self.assertEqual((ROWS, 0, FILES), (imported["rows"], imported["rows_skipped"],
                                            imported["tables_written"]))
        held = self.sluice("data", "verify", "--store", "store", "--json").json()
        stored = {(table["symbol"], table["date"], table["table"]): table["rows"]
                  for table in held["tables"]}
        self.assertEqual(expected, stored)

        again = self.sluice("import", "lean", data_folder() / TICKS, "--store", "store",
                            "--json").json()
        self.assertEqual((0, FILES), (again["tables_written"], again["tables_unchanged"]))

        summary = self.replay("store", "--set", "account.capital=1000000")
        ticks = summary["ticks"]
        self.assertEqual(ROWS, ticks["total"])
        self.assertEqual(ROWS, ticks["used"] + ticks["late"] + ticks["refused"])
        self.assertGreater(summary["orders"]["sent"], 0)
        self.assertGreater(summary["fills"], 0)
        self.assertFalse(summary["run"]["generated"])
        self.assertEqual(0, summary["incidents"]["total"])
        self.assert_run_is_whole(self.folder / summary["folder"])
        self.assertEqual(summary["digest"],
                         self.replay("store", "--set", "account.capital=1000000")["digest"])

    def test_a_thousand_random_orders_come_out_the_same_to_the_byte(self):
        self.sluice("import", "lean", data_folder() / TICKS, "--store", "store")
        self.write("brisk.toml", """
[account]
capital = 1000000
[bars]
timeframes = ["10s", "1m"]
[execution]
order_type = "limit"
reprice_after = "5s"
[[strategy]]
kind = "trend_following"
name = "quick"
timeframe = "10s"
fast = 2
slow = 5
[[strategy]]
kind = "mean_reversion"
name = "slow"
timeframe = "1m"
""")
        summary = self.replay("store", "--config", "brisk.toml")
        made = self.sluice("explain", summary["folder"], "--random", 1000, "--seed", 7,
                           "--json").json()
        self.assertEqual((1000, 1000), (made["orders"], made["same"]))

    def test_no_decision_hangs_on_what_comes_after_it(self):
        self.sluice("import", "lean", data_folder() / TICKS / "ibm", "--store", "store")
        proof = self.sluice("prove", "lookahead", "--store", "store", "--from", "2013-10-07",
                            "--to", "2013-10-08", "--times", 20, "--json").json()
        self.assertTrue(proof["clean"])
        self.assertGreater(proof["compared"], 10_000)


if __name__ == "__main__":
    if data_folder() is None:
        print("skipped: no recorded market data; SLUICE_DATA names their folder")
        sys.exit(support.SKIPPED)
    support.main()
