"""Stores that are missing, foreign or damaged, symbols and dates they do not hold, and folders that
cannot be written to."""

import support


class Stores(support.SystemTest):
    def test_a_missing_store_is_named_with_what_makes_one(self):
        for verb in (("replay",), ("run",), ("data", "ls"), ("data", "verify")):
            self.refused(*verb, "--store", "nowhere", status=1,
                         says=["nowhere", "no such store", "sluice generate", "sluice import"])
        self.assertEqual([], self.files())

    def test_a_file_is_no_store(self):
        self.write("notes.txt", "not a store")
        for verb in (("replay",), ("data", "ls")):
            self.refused(*verb, "--store", "notes.txt", status=1, says=["notes.txt", "store"])
        self.refused("generate", "--store", "notes.txt", status=1, says=["notes.txt", "folder"])
        self.assertEqual(["notes.txt"], self.files())

    def test_a_folder_without_ticks_cannot_be_replayed(self):
        self.write("papers/notes.txt", "not a store")
        self.refused("replay", "--store", "papers", status=1, says=["papers"])
        self.assertEqual(["papers/notes.txt"], self.files())

    def test_a_symbol_that_is_not_held_is_told_the_nearest(self):
        support.made_market(self.folder / "store")
        self.refused("replay", "--store", "store", "--symbols", "SIM1,SIM22", status=1,
                     says=["no symbol 'SIM22'", "'SIM2'", "2024-01-02"])
        self.refused("data", "info", "--store", "store", "--symbol", "sim1", status=1,
                     says=["no symbol 'sim1'", "'SIM1'"])
        self.refused("data", "verify", "--store", "store", "--symbol", "SIM22", status=1,
                     says=["no symbol 'SIM22'", "'SIM2'"])
        self.assertFalse((self.folder / "runs").exists())

    def test_a_range_without_ticks_is_told_what_is_held(self):
        support.made_market(self.folder / "store")
        self.refused("replay", "--store", "store", "--from", "2030-01-01", status=1,
                     says=["to replay in that range", "SIM1 2024-01-02 to 2024-01-02"])
        self.assertFalse((self.folder / "runs").exists())

    def test_a_range_takes_the_ticks_inside_it_and_no_others(self):
        support.made_market(self.folder / "store", "--days", 2)
        whole = self.replay("store")["ticks"]["total"]
        parts = [self.replay("store", *part)["ticks"]["total"]
                 for part in (("--to", "2024-01-02T18:00:00"),
                              ("--from", "2024-01-02T18:00:00", "--to", "2024-01-03"),
                              ("--from", "2024-01-03"))]
        self.assertEqual(whole, sum(parts))
        self.assertTrue(all(parts))

    def test_the_same_seed_gives_the_same_market_and_another_one_another(self):
        for name, seed in (("a", 5), ("b", 5), ("c", 6)):
            self.sluice("generate", "--store", name, "--seed", seed, "--trades-per-day", 2000)
        digest_a, digest_b, digest_c = (self.replay(name)["digest"] for name in "abc")
        self.assertEqual(digest_a, digest_b)
        self.assertNotEqual(digest_a, digest_c)

    def test_a_generated_market_is_labelled_so_wherever_it_is_shown(self):
        support.made_market(self.folder / "store")
        self.assertIn("generated", self.sluice("data", "ls", "--store", "store").out)
        said = self.sluice("replay", "--store", "store", "--out", "runs").out
        self.assertIn("GENERATED DATA", said)
        summary = self.replay("store")
        self.assertTrue(summary["run"]["generated"])
        self.assertTrue(all(row["generated"] for row in summary["instruments"]))
        report = self.folder / summary["folder"] / "report.html"
        self.assertIn("generated", report.read_text().lower())


class DamagedStores(support.SystemTest):
    def setUp(self):
        super().setUp()
        support.made_market(self.folder / "store")
        self.day = self.folder / "store/SIM2/2024-01-02.h5"
        self.whole = self.day.read_bytes()

    def assert_damage_is_named(self, *says, header=True):
        self.refused("replay", "--store", "store", "--out", "runs", status=1,
                     says=["store/SIM2/2024-01-02.h5", *says])
        self.assertFalse((self.folder / "runs").exists())
        listed = self.sluice("data", "ls", "--store", "store", status=1 if header else 0)
        self.assertIn("SIM1", listed.out)
        # Verification names it too, and goes on to the files that are whole.
        checked = self.sluice("data", "verify", "--store", "store", "--json", status=1)
        report = checked.json()
        self.assertEqual(1, len(report["damaged"]))
        for text in ("store/SIM2/2024-01-02.h5", *says):
            self.assertIn(text, report["damaged"][0])
        self.assertEqual({"SIM1"}, {table["symbol"] for table in report["tables"]})

    def test_a_file_cut_short_is_named(self):
        for share in (0.01, 0.5, 0.99):
            with self.subTest(share=share):
                self.day.write_bytes(self.whole[:int(len(self.whole) * share)])
                self.assert_damage_is_named("import that day again")

    def test_a_changed_column_is_named(self):
        middle = len(self.whole) // 2
        changed = bytes(byte ^ 0xFF for byte in self.whole[middle:middle + 8])
        self.day.write_bytes(self.whole[:middle] + changed + self.whole[middle + 8:])
        self.assert_damage_is_named("column", "checksum", header=False)

    def test_a_file_of_another_kind_is_named(self):
        self.day.write_text("time,price\n")
        self.assert_damage_is_named("not an HDF5 file")

    def test_generating_again_mends_the_store(self):
        before = self.replay("store")["digest"]
        self.day.write_bytes(self.whole[:1000])
        self.day.unlink()
        support.made_market(self.folder / "store")
        self.assert_store_is_whole("store")
        self.assertEqual(before, self.replay("store")["digest"])


class Folders(support.SystemTest):
    def setUp(self):
        super().setUp()
        self.write("taken", "a file, not a folder")

    def test_runs_cannot_go_below_a_file(self):
        support.made_market(self.folder / "store")
        for verb in ("replay", "run"):
            for out in ("taken", "taken/runs"):
                self.refused(verb, "--store", "store", "--out", out, status=1, says=[out])
        self.assertEqual("a file, not a folder", (self.folder / "taken").read_text())

    def test_a_store_cannot_go_below_a_file(self):
        self.write("a.csv", "time,price,quantity\n2024-01-02T14:30:00Z,10.5,100\n")
        self.refused("generate", "--store", "taken/store", status=1, says=["taken/store"])
        self.refused("import", "csv", "a.csv", "--symbol", "A", "--store", "taken/store", status=1,
                     says=["taken/store"])
        self.assertEqual(["a.csv", "taken"], self.files())

    def test_a_configuration_cannot_go_below_a_file(self):
        self.refused("config", "default", "taken/my.toml", status=1,
                     says=["taken/my.toml", "cannot be written"])


if __name__ == "__main__":
    support.main()
