"""Importing: bad input is named and leaves nothing behind; good input goes in once."""

import io
import zipfile

import support

GOOD = "2024-01-02T14:30:00Z,10.5,100\n"
HEADER = "time,price,quantity\n"
LEAN = "equity/usa/tick/abc"
TRADE = "34200000,1005000,100,Q,0,0\n"


def archive(entry, text):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(entry, text)
    return data.getvalue()


class CsvImport(support.SystemTest):
    def csv(self, *arguments):
        return ("import", "csv", "a.csv", "--symbol", "A", "--store", "store", *arguments)

    def assert_refused_whole(self, text, *says):
        self.write("a.csv", text)
        self.refused(*self.csv(), status=1, says=["a.csv", *says])
        self.assertEqual(["a.csv"], self.files())

    def test_a_bad_row_is_named_by_file_row_and_reason(self):
        for row, reason in [("2024-01-02T14:30:01Z,10.6,x", "quantity: not a decimal number"),
                            ("2024-01-02T14:30:01Z,-10.6,100", "price: negative"),
                            ("2024-01-02T14:30:01Z,0,100", "price"),
                            ("2024-01-02T14:30:01Z,10.6,-1", "quantity"),
                            ("2024-01-02T14:30:01Z,10.6", "row 3"),
                            ("yesterday,10.6,100", "time"),
                            ("2024-01-02T14:30:01Z,nan,100", "price"),
                            ("2024-01-02T14:30:01Z,1e999,100", "price"),
                            ("2024-01-02T14:30:01Z,99999999999999999999,100", "price"),
                            ('2024-01-02T14:30:01Z,"10.6,100', "row 3")]:
            with self.subTest(row=row):
                self.assert_refused_whole(HEADER + GOOD + row + "\n" + GOOD, "row 3", reason)

    def test_bad_rows_are_skipped_and_counted_when_asked(self):
        self.write("a.csv", HEADER + GOOD + "2024-01-02T14:30:01Z,10.6,x\n" + "nonsense\n" + GOOD)
        report = self.sluice(*self.csv("--on-error", "skip", "--json")).json()
        self.assertEqual((2, 2), (report["rows"], report["rows_skipped"]))
        self.assertEqual(2, len(report["bad_rows"]))
        self.assertIn("a.csv: row 3: quantity", report["bad_rows"][0])
        self.assertIn("a.csv: row 4", report["bad_rows"][1])
        self.assert_store_is_whole("store")

    def test_a_file_without_rows_or_header_is_refused(self):
        self.assert_refused_whole("", "empty", "header")
        self.assert_refused_whole(HEADER, "no rows")
        self.assert_refused_whole(GOOD, "no column 'time'")
        self.assert_refused_whole("time,last,quantity\n" + GOOD, "no column 'price'", "'last'")

    def test_columns_can_be_named(self):
        self.write("a.csv", "when,size,last\n1704205800000,100,10.5\n")
        self.sluice(*self.csv("--column", "time=when", "--column", "quantity=size", "--column",
                              "price=last", "--time", "ms"))
        held, = self.sluice("data", "ls", "--store", "store", "--json").json()["symbols"]
        self.assertEqual("2024-01-02T14:30:00", held["first"][:19])

    def test_a_missing_file_is_named(self):
        self.refused(*self.csv(), status=1, says=["a.csv", "No such file"])
        self.assertEqual([], self.files())

    def test_importing_twice_changes_nothing(self):
        self.write("a.csv", HEADER + GOOD)
        self.sluice(*self.csv())
        day = self.folder / "store/A/2024-01-02.h5"
        before = (day.read_bytes(), day.stat().st_mtime_ns)
        report = self.sluice(*self.csv("--json")).json()
        self.assertEqual((0, 0, 1), (report["rows"], report["tables_written"],
                                     report["tables_unchanged"]))
        self.assertEqual(before, (day.read_bytes(), day.stat().st_mtime_ns))

    def test_another_source_for_the_same_day_is_refused_until_replace(self):
        self.write("a.csv", HEADER + GOOD)
        self.sluice(*self.csv())
        day = self.folder / "store/A/2024-01-02.h5"
        before = day.read_bytes()
        self.write("a.csv", HEADER + GOOD + GOOD)
        self.refused(*self.csv(), status=1, says=["store/A/2024-01-02.h5", "a.csv", "--replace"])
        self.assertEqual(before, day.read_bytes())
        self.assertEqual(2, self.sluice(*self.csv("--replace", "--json")).json()["rows"])
        self.assert_store_is_whole("store")


class LeanImport(support.SystemTest):
    def lean(self, *arguments):
        return ("import", "lean", "lean", "--store", "store", *arguments)

    def put(self, name, data):
        return self.write(f"lean/{LEAN}/{name}", data)

    def test_an_archive_goes_in_under_its_symbol_and_date(self):
        self.put("20240102_trade.zip", archive("20240102_abc_Trade_Tick.csv", TRADE * 3))
        self.put("20240102_quote.zip",
                 archive("20240102_abc_Quote_Tick.csv", "34200000,1005000,1,1006000,2,Q,0,0\n"))
        self.sluice(*self.lean())
        held, = self.sluice("data", "ls", "--store", "store", "--json").json()["symbols"]
        self.assertEqual(("ABC", 3, 1), (held["symbol"], held["rows"]["trades"], held["rows"]["quotes"]))
        self.assertEqual("2024-01-02T14:30:00", held["first"][:19])

    def test_several_paths_go_in_as_one(self):
        for day in ("02", "03"):
            self.put(f"202401{day}_trade.zip", archive(f"202401{day}_abc_Trade_Tick.csv", TRADE * 3))
        names = [f"lean/{LEAN}/202401{day}_trade.zip" for day in ("02", "03")]
        report = self.sluice("import", "lean", *names, "--store", "store", "--json").json()
        self.assertEqual((names, 6, 2),
                         (report["paths"], report["rows"], report["tables_written"]))
        again = self.sluice("import", "lean", *names, "--store", "store", "--json").json()
        self.assertEqual((0, 2), (again["tables_written"], again["tables_unchanged"]))

    def test_paths_before_one_that_fails_are_reported_and_stay(self):
        self.put("20240102_trade.zip", archive("20240102_abc_Trade_Tick.csv", TRADE))
        self.put("20240103_trade.zip", b"no archive")
        names = [f"lean/{LEAN}/202401{day}_trade.zip" for day in ("02", "03")]
        self.refused("import", "lean", *names, "--store", "store", status=1,
                     says=["of the first 1 path, 1 rows in 1 tables were written and stay",
                           "20240103_trade.zip"])
        self.assertEqual(["ABC/2024-01-02.h5"], self.files("store"))

    def test_files_of_other_vendors_that_belong_together_are_not_taken_one_by_one(self):
        for vendor, more in (("dbn", ()), ("binance", ()), ("dukascopy", ()), ("csv", ("--symbol", "A"))):
            self.refused("import", vendor, "a", "b", "--store", "store", *more, status=2,
                         says=[f"import {vendor} takes one file or one folder"])

    def test_one_missing_path_of_several_is_named_before_anything_goes_in(self):
        self.put("20240102_trade.zip", archive("20240102_abc_Trade_Tick.csv", TRADE))
        self.refused("import", "lean", f"lean/{LEAN}/20240102_trade.zip", "lean/no.zip",
                     "--store", "store", status=1, says=["lean/no.zip", "nothing was imported"])
        self.assertEqual([], self.files("store"))

    def test_a_truncated_archive_is_named_and_those_before_it_stay(self):
        whole = archive("20240103_abc_Trade_Tick.csv", TRADE * 1000)
        self.put("20240102_trade.zip", archive("20240102_abc_Trade_Tick.csv", TRADE))
        for length in (0, 10, len(whole) // 2, len(whole) - 1):
            with self.subTest(length=length):
                self.put("20240103_trade.zip", whole[:length])
                self.refused(*self.lean(), status=1,
                             says=["20240103_trade.zip", "nothing of it was stored"])
                self.assertEqual(["ABC/2024-01-02.h5"], self.files("store"))
        self.put("20240103_trade.zip", whole)
        self.assertEqual(1000, self.sluice(*self.lean("--json")).json()["rows"])
        self.assert_store_is_whole("store")

    def test_a_damaged_archive_is_named(self):
        whole = bytearray(archive("20240102_abc_Trade_Tick.csv", TRADE * 1000))
        whole[70] ^= 0xFF
        self.put("20240102_trade.zip", bytes(whole))
        self.refused(*self.lean(), status=1, says=["20240102_trade.zip"])
        self.assertEqual([], self.files("store"))

    def test_a_name_that_is_no_tick_archive_is_refused_with_what_is_read(self):
        for name in ("prices.zip", "20241302_trade.zip", "trade.zip", "20240102_book.zip"):
            with self.subTest(name=name):
                path = self.put(name, archive("x.csv", TRADE))
                self.refused("import", "lean", path, "--store", "store", status=1,
                             says=[name, "<yyyymmdd>_<trade|quote|openinterest>.zip"])
                path.unlink()
        self.assertEqual([], self.files())

    def test_a_folder_without_archives_is_refused(self):
        self.write("lean/readme.txt", "nothing here")
        self.refused(*self.lean(), status=1, says=["nothing to read below this folder"])
        self.refused("import", "lean", "nowhere", "--store", "store", status=1, says=["nowhere"])

    def test_a_bad_row_is_named_by_archive_entry_and_row(self):
        self.put("20240102_trade.zip",
                 archive("20240102_abc_Trade_Tick.csv", TRADE + "34200001,-5,100,Q,0,0\n" + TRADE))
        self.refused(*self.lean(), status=1, says=["20240102_trade.zip",
                                                   "20240102_abc_Trade_Tick.csv", "row 2"])
        self.assertEqual([], self.files("store"))
        report = self.sluice(*self.lean("--on-error", "skip", "--json")).json()
        self.assertEqual((2, 1), (report["rows"], report["rows_skipped"]))


if __name__ == "__main__":
    support.main()
