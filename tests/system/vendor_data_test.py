"""Recorded data of every vendor goes into a store: each file with the rows that its manifest
counts, and each table with the oddities that the manifest's makers measured."""

import collections
import csv
import os
import pathlib
import sys

import support

# Of the manifest's columns, those that `sluice data verify` counts too, by its names.
COUNTS = {"ooo": "out_of_order", "eqts": "equal_times", "consec_dup": "repeats", "susp":
          "suspicious", "crossed": "crossed", "locked": "locked"}
TABLES = {("tick", "trade"): "trades", ("tick", "quote"): "quotes",
          ("second", "trade"): "bars_1s", ("second", "quote"): "quote_bars_1s",
          ("minute", "trade"): "bars_60s", ("minute", "quote"): "quote_bars_60s"}
# Reference data and vectors, not market data.
NOT_ROWS = ("lean_testdata/", "reference/", "lean/alternative/", "lean/market-hours/",
            "lean/symbol-properties/")
NOT_ROWS_KINDS = ("factor_files", "map_files", "margins")


def data_folder():
    if "SLUICE_DATA" in os.environ:
        return pathlib.Path(os.environ["SLUICE_DATA"])
    return pathlib.Path(__file__).resolve().parents[3] / "shared" / "data"


def manifest(start):
    with open(data_folder() / "MANIFEST.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (row["path"].startswith(start) and not row["path"].startswith(NOT_ROWS)
                    and row["kind"] not in NOT_ROWS_KINDS):
                yield row


def number(text):
    return int(text.replace(",", "")) if text else 0


class VendorData(support.SystemTest):
    def imported(self, vendor, path, store, *arguments):
        said = self.sluice("import", vendor, data_folder() / path, "--store", store, "--json",
                           *arguments).json()
        self.assertEqual([], said["bad_rows"])
        return said

    def verified(self, store):
        report = self.sluice("data", "verify", "--store", store, "--calendar", "", "--json").json()
        self.assertEqual([], report["damaged"])
        return report["tables"]

    def test_lean_files_have_the_rows_and_oddities_of_the_manifest(self):
        said = self.imported("lean", "lean", "store")
        tables = self.verified("store")
        self.assertEqual(sum(number(row["rows"]) for row in manifest("lean/")),
                         sum(table["rows"] for table in tables))
        found = collections.defaultdict(collections.Counter)
        for table in tables:
            symbol = table["symbol"].split(".")
            found[symbol[0].lower(), symbol[-1].lower() if len(symbol) > 1 else "usa",
                  table["source"], table["table"]].update(
                      {name: table[name] for name in ("rows", *COUNTS.values())})
        checked = 0
        for row in manifest("lean/"):
            parts = pathlib.PurePosixPath(row["path"]).parts
            if parts[1] == "future" or parts[-2] in ("hour", "daily"):
                continue  # several instruments or years in one file: only their sums were compared
            side = parts[-1].split("_")[1].split(".")[0]
            held = found[parts[-2], parts[2], parts[-1], TABLES[parts[-3], side]]
            self.assertEqual(number(row["rows"]), held["rows"], row["path"])
            for theirs, ours in COUNTS.items():
                # One-sided equity quotes repeat and cross in the manifest's eyes only when joined;
                # of bars it counts neither.
                if parts[-3] == "tick" and row[theirs]:
                    self.assertEqual(number(row[theirs]), held[ours], (row["path"], ours))
            checked += 1
        self.assertGreater(checked, 150)

        again = self.imported("lean", "lean", "store")
        self.assertEqual((0, said["tables_written"]),
                         (again["tables_written"], again["tables_unchanged"]))

    def test_databento_files_have_the_rows_of_the_manifest(self):
        expected = sum(number(row["rows"]) for row in manifest("databento/"))
        self.assertEqual(expected, self.imported("dbn", "databento", "store")["rows"])
        tables = self.verified("store")
        self.assertEqual(68792 + 8725, sum(t["rows"] for t in tables if t["table"] == "orders"))

    def test_dukascopy_files_have_the_rows_of_the_manifest(self):
        expected = sum(number(row["rows"]) for row in manifest("dukascopy/"))
        self.assertEqual(expected, self.imported("dukascopy", "dukascopy", "store")["rows"])

    def test_binance_captures_have_the_updates_that_were_counted(self):
        self.imported("binance", "binance_hftbacktest", "store")
        rows = {(t["symbol"], t["table"]): t for t in self.verified("store")}
        for symbol, levels, deletes, quotes, trades in (
                ("BTCUSDT.BINANCE", 126090, 59187, 28040, 9757),
                ("BTCUSDT-PERP.BINANCE", 445521, 96007, 66089, 21313)):
            self.assertEqual((levels, deletes), (rows[symbol, "levels"]["rows"],
                                                 rows[symbol, "levels"]["zero_size"]))
            self.assertEqual(quotes, rows[symbol, "quotes"]["rows"])
            self.assertEqual(trades, rows[symbol, "trades"]["rows"])

    def test_bars_of_csv_are_shifted_to_their_start_and_replayed(self):
        self.write("map.toml", 'kind = "bars"\nperiod = "1m"\ntime_marks = "end"\n'
                               '[columns]\ntime = "timestamp_utc"\n')
        path = "xcme_bars/6EH4.XCME_1min_bars_20240101_20240131.csv.gz"
        said = self.imported("csv", path, "store", "--symbol", "6EH4.CME", "--map", "map.toml",
                             "--zone", "UTC", "--asset-class", "future", "--tick-size", "0.00005")
        self.assertEqual(29996, said["rows"])
        held, = self.sluice("data", "ls", "--store", "store", "--json").json()["symbols"]
        self.assertEqual("2024-01-01T23:00:00", held["first"][:19])
        summary = self.replay("store")
        self.assertEqual(4 * 29996, summary["ticks"]["total"])
        self.assertEqual(29996, summary["bars"]["total"])

    def test_a_replay_knows_the_half_day_before_christmas(self):
        self.imported("lean", "lean/equity/usa/minute/goog", "store")
        self.imported("lean", "lean/market-hours", "store")
        summary = self.replay("store", "--from", "2015-12-24", "--to", "2015-12-25", "--set",
                              "data.bars=true", "--set", "clock.session_enabled=true", "--set",
                              "clock.session_calendar=auto")
        self.assertEqual(210, summary["bars"]["total"])  # 09:30 to 13:00


if __name__ == "__main__":
    if not (data_folder() / "MANIFEST.csv").exists():
        print("no recorded market data; set SLUICE_DATA")
        sys.exit(support.SKIPPED)
    support.main()
