"""The verb `indicator`: over CSV, over a store, its list, and what it says to wrong use and bad rows."""

import csv
import io
import os
import subprocess

import support

BARS = """Date,Open,High,Low,Close,Volume
2024-01-02,10,11,9,10.5,100
2024-01-03,10.5,12,10,11.5,200
2024-01-04,11.5,12,11,11,150
2024-01-05,11,13,10.5,12.5,300
"""


class Indicator(support.SystemTest):
    def fed(self, text, *arguments, status=0):
        """Calls the verb with `text` on standard input."""
        ended = subprocess.run([support.PROGRAM, "indicator", *map(str, arguments)], input=text,
                               cwd=self.folder, capture_output=True, text=True, check=False,
                               timeout=support.HANGS_AFTER_SECONDS)
        result = support.Result(arguments, ended.returncode, ended.stdout, ended.stderr)
        self.assertEqual(status, result.status, result)
        return result

    def test_lists_every_indicator_with_its_parameters(self):
        told = self.sluice("indicator", "--list")
        held = self.sluice("indicator", "--list", "--json").json()
        self.assertGreaterEqual(len(held), 50)
        for one in held:
            self.assertIn(one["name"] + "  " + one["title"], told.out)
            for parameter in one["parameters"]:
                self.assertIn(f"    {parameter['name']}=", told.out)
        macd, = self.sluice("indicator", "macd", "--list", "--json").json()
        self.assertEqual(["macd", "signal", "histogram"], macd["outputs"])

    def test_computes_over_csv_once_it_is_ready(self):
        said = self.fed(BARS, "sma", "--params", "period=2")
        self.assertEqual("time,value\n2024-01-03,11\n2024-01-04,11.25\n2024-01-05,11.75\n", said.out)
        self.assertEqual("", said.err)
        rows = self.fed(BARS, "sma", "--params", "period=2", "--warm-up").out.splitlines()
        self.assertEqual("2024-01-02,", rows[1])
        said = self.fed(BARS, "donchian", "--params", "period=3", "--json").json()
        self.assertEqual({"time": "2024-01-05", "middle": 11.5, "upper": 13, "lower": 10},
                         said["rows"][-1])
        self.assertEqual((3, {"period": 3}), (said["warm_up"], said["parameters"]))

    def test_numbers_rows_that_have_no_time_and_takes_the_column_it_is_told(self):
        said = self.fed("price,x\n1,0\n2,0\n4,0\n", "momentum", "--params", "period=1", "--column",
                        "price")
        self.assertEqual("time,value\n2,1\n3,2\n", said.out)

    def test_takes_quotes_and_pairs_from_csv(self):
        said = self.fed("bid,bid_size,ask,ask_size\n100,30,101,10\n", "microprice")
        self.assertEqual("1,100.75,100.5,0.5", said.out.splitlines()[1])
        said = self.fed("close,reference\n1,2\n2,4\n3,6\n", "correlation", "--params", "period=3")
        self.assertEqual("3,1,0.5", said.out.splitlines()[1])

    def test_says_how_many_rows_were_missing(self):
        said = self.fed(BARS, "sma", "--params", "period=9")
        self.assertEqual("time,value\n", said.out)
        self.assertIn("ready after 9 rows, and there were 4", said.err)

    def test_wrong_use_ends_with_2_and_names_the_nearest(self):
        for arguments, says in [(("smaa",), "did you mean 'sma'"),
                                (("sma", "--params", "perod=3"), "did you mean 'period'"),
                                (("sma", "--params", "period=0"), "1 to 100000"),
                                (("macd", "--params", "fast=30"), "fast must be below slow"),
                                ((), "--list"),
                                (("sma", "--symbol", "A"), "--store"),
                                (("atr", "--column", "high"), "--column: atr is computed"),
                                (("sma", "--reference", "B"), "--reference: sma looks"),
                                (("spread", "--timeframe", "5m"), "--timeframe: spread is"),
                                (("--list", "smaa"), "did you mean 'sma'")]:
            with self.subTest(arguments=arguments):
                said = self.fed(BARS, *arguments, status=2)
                self.assertIn(says, said.err)
                self.assertEqual("", said.out)

    def test_bad_input_ends_with_1_and_says_where(self):
        for text, says in [("", "standard input is empty"),
                           ("time,high,low\n", "no column 'close'"),
                           ("time,high,low,closing\n", "no column 'close'"),
                           (BARS.replace("11.5,200", "oops,200"), "line 3, column close: 'oops'"),
                           (BARS.replace("12,10,", "nan,10,"), "line 3, column high: 'nan'"),
                           (BARS.replace(",150", ""), "line 4: 5 fields where the header has 6")]:
            with self.subTest(says=says):
                self.assertIn(says, self.fed(text, "atr", "--params", "period=2", status=1).err)
        said = self.fed("close\n1\n-2\n", "logr", status=1)
        self.assertIn("line 3: logr has no finite value", said.err)

    def test_computes_over_a_store_as_over_its_export(self):
        store = self.folder / "store"
        self.write("bars.toml", 'kind = "bars"\nperiod = "1m"\ntime_marks = "start"\n')
        minutes = "time,open,high,low,close,volume\n" + "".join(
            f"2024-01-02T14:{30 + i:02d}:00Z,{10 + i % 3},{12 + i % 5},{9 - i % 2},{10 + i % 4},"
            f"{100 + i}\n" for i in range(20))
        self.write("bars.csv", minutes)
        for symbol in ("A", "B"):
            self.sluice("import", "csv", "bars.csv", "--symbol", symbol, "--store", store,
                        "--map", "bars.toml")
        exported = self.sluice("data", "export", "--store", store, "--symbol", "A", "--table",
                               "bars_60s").out
        stored = self.sluice("indicator", "atr", "--params", "period=5", "--store", store,
                             "--symbol", "A").out
        self.assertEqual(self.fed(exported, "atr", "--params", "period=5").out, stored)
        self.assertEqual(17, len(stored.splitlines()))
        part = self.sluice("indicator", "sma", "--params", "period=2", "--store", store, "--symbol",
                           "A", "--timeframe", "1m", "--from", "2024-01-02T14:35:00", "--to",
                           "2024-01-02T14:38:00").out
        times = [row["time"] for row in csv.DictReader(io.StringIO(part))]
        self.assertEqual(["2024-01-02T14:36:00.000000000Z", "2024-01-02T14:37:00.000000000Z"], times)
        both = self.sluice("indicator", "correlation", "--params", "period=4", "--store", store,
                           "--symbol", "A", "--reference", "B").out.splitlines()
        self.assertEqual("1", both[1].split(",")[1][:1])
        self.refused("indicator", "spearman", "--store", store, "--symbol", "A", status=2,
                     says=["--reference"])
        self.refused("indicator", "sma", "--store", store, "--symbol", "A", "--timeframe", "1x",
                     status=2, says=["1x", "1m, 5m"])
        for arguments, says in [(("sma", "--symbol", "A", "--timeframe", "5m"), "it has 1m"),
                                (("ofi", "--symbol", "A"), "no quotes"),
                                (("sma", "--symbol", "C"), "C")]:
            self.assertIn(says, self.sluice("indicator", *arguments, "--store", store,
                                            status=1).err)

    def test_computes_over_stored_quotes(self):
        store = support.made_market(self.folder / "store")
        said = self.sluice("indicator", "spread", "--store", store, "--symbol", "SIM1").out
        rows = list(csv.DictReader(io.StringIO(said)))
        self.assertGreater(len(rows), 10)
        self.assertTrue(all(float(row["spread"]) > 0 for row in rows))

    def test_outlives_a_reader_that_goes_away(self):
        read, write = os.pipe()
        os.close(read)
        ended = subprocess.run([support.PROGRAM, "indicator", "sma", "--params", "period=1"],
                               input=("close\n" + "1\n" * 100_000).encode(), stdout=write,
                               stderr=subprocess.PIPE, timeout=support.HANGS_AFTER_SECONDS)
        os.close(write)
        self.assertIn(ended.returncode, {0, 1, -13})


if __name__ == "__main__":
    support.main()
