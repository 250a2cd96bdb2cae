"""The store as other people's tools see it: h5py, PyTables and h5dump read every value, plain and
packed, and find what `sluice data export` says."""

import csv
import io
import os
import pathlib
import shutil
import subprocess
import sys

import support

try:
    import h5py
    import numpy
except ImportError:
    sys.exit(support.SKIPPED)

PLUGINS = pathlib.Path(support.PROGRAM).resolve().parent.parent / "lib" / "hdf5"
SCALES = {"price": 9, "bid": 9, "ask": 9, "quantity": 8, "bid_size": 8, "ask_size": 8}


class OpenTools(support.SystemTest):
    def setUp(self):
        super().setUp()
        support.made_market(self.folder / "plain", trades_per_day=20000)
        self.sluice("data", "export", "--store", "plain", "--symbol", "SIM1", "--table", "trades",
                    "--time", "ns", "--output", "trades.csv")
        self.sluice("import", "csv", "trades.csv", "--symbol", "SIM1", "--time", "ns", "--store",
                    "packed", "--compress", "packed")

    def exported(self, store, table):
        said = self.sluice("data", "export", "--store", store, "--symbol", "SIM1", "--table", table,
                           "--time", "ns").out
        return list(csv.DictReader(io.StringIO(said)))

    def assert_equal_columns(self, group, rows):
        self.assertEqual(len(rows), group.attrs["rows"])
        for name in group:
            stored = group[name][:]
            self.assertEqual(len(rows), len(stored))
            if name in ("exchange",):
                expected = [ord(row[name]) if row[name] else 0 for row in rows]
            elif name in SCALES:
                digits = SCALES[name]
                expected = [self.fixed(row[name], digits) for row in rows]
            else:
                expected = [int(row[name]) for row in rows]
            self.assertTrue(numpy.array_equal(numpy.array(expected, dtype=numpy.int64),
                                              stored.astype(numpy.int64)), name)

    @staticmethod
    def fixed(text, digits):
        whole, _, fraction = text.partition(".")
        return int(whole + fraction.ljust(digits, "0"))

    def test_h5py_reads_every_value(self):
        for store in ("plain", "packed"):
            with self.subTest(store=store):
                with h5py.File(self.folder / store / "SIM1/2024-01-02.h5", "r") as day:
                    self.assertEqual(b"sluice-ticks", day.attrs["format"])
                    self.assert_equal_columns(day["trades"], self.exported(store, "trades"))
        with h5py.File(self.folder / "plain/SIM1/2024-01-02.h5", "r") as day:
            self.assert_equal_columns(day["quotes"], self.exported("plain", "quotes"))

    def test_packed_columns_are_those_of_the_plain_store(self):
        self.assertEqual(self.exported("plain", "trades"), self.exported("packed", "trades"))

    def test_pytables_opens_a_day(self):
        try:
            import tables
        except ImportError:
            self.skipTest("PyTables is not installed")
        with tables.open_file(str(self.folder / "plain/SIM1/2024-01-02.h5")) as day:
            self.assertEqual(day.root.trades._v_attrs["rows"], day.root.trades.price.nrows)
            self.assertGreater(int(day.root.trades.price[0]), 0)

    def test_h5dump_shows_a_day(self):
        if shutil.which("h5dump") is None:
            self.skipTest("h5dump is not installed")
        for store in ("plain", "packed"):
            dumped = subprocess.run(
                ["h5dump", "-d", "/trades/price", self.folder / store / "SIM1/2024-01-02.h5"],
                capture_output=True, text=True, check=False,
                env={**os.environ, "HDF5_PLUGIN_PATH": str(PLUGINS)})
            self.assertEqual(0, dumped.returncode, dumped.stderr)
            self.assertIn("(0): ", dumped.stdout)


if __name__ == "__main__":
    # Read once, when the library starts.
    if os.environ.get("HDF5_PLUGIN_PATH") != str(PLUGINS):
        os.environ["HDF5_PLUGIN_PATH"] = str(PLUGINS)
        os.execv(sys.executable, [sys.executable, *sys.argv])
    support.main()
