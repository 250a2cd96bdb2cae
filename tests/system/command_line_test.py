"""The command line: what it offers, and what it says to wrong use."""

import os
import subprocess

import support

VERBS = [(), ("generate",), ("import",), ("import", "lean"), ("import", "csv"), ("data",),
         ("data", "ls"), ("data", "info"), ("data", "verify"), ("data", "export"),
         ("data", "ticks"), ("prove",), ("prove", "fills"), ("prove", "queue"),
         ("replay",), ("run",), ("venue",), ("config",), ("config", "default"), ("config", "check"),
         ("config", "explain"), ("indicator",), ("bench",), ("doctor",), ("version",)]
BROKEN_PIPE = {0, 1, -13}  # done already, said so, or ended by SIGPIPE: never a crash


class CommandLine(support.SystemTest):
    def test_every_verb_explains_itself(self):
        for verb in VERBS:
            with self.subTest(verb=verb):
                said = self.sluice(*verb, "--help")
                self.assertIn("--help", said.out)
                self.assertEqual("", said.err)

    def test_wrong_use_ends_with_2_and_a_hint(self):
        for wrong in [(), ("trade",), ("import",), ("import", "fix"), ("config",), ("replay",),
                      ("replay", "--store"), ("run", "--store", "s", "--turbo"),
                      ("data", "ls", "--store", "s", "surplus"), ("data",), ("import", "csv", "a.csv"),
                      ("import", "csv", "a.csv", "--store", "s"), ("generate",),
                      ("generate", "--store", "s", "--instruments", "0"),
                      ("generate", "--store", "s", "--days", "many"),
                      ("import", "lean", "x", "--store", "s", "--on-error", "shrug")]:
            with self.subTest(arguments=wrong):
                self.refused(*wrong, status=2, says=["--help"])
        self.assertEqual([], self.files())

    def test_names_the_option_that_is_missing(self):
        self.refused("replay", status=2, says=["--store is required"])
        self.refused("import", "csv", "a.csv", "--store", "s", status=2,
                     says=["--symbol is required"])

    def test_names_the_value_that_it_cannot_read(self):
        store = support.made_market(self.folder / "store")
        for option, value, hint in [("--speed", "fast", "full"), ("--speed", "-1", "factor"),
                                    ("--speed", "nan", "factor"), ("--from", "today", "2013-10-07"),
                                    ("--to", "2024-13-01", "2013-10-07"),
                                    ("--strategy", "luck", "trend_following"),
                                    ("--placement", "sideways", "fused"),
                                    ("--symbols", "SIM1,,SIM2", "empty name")]:
            with self.subTest(option=option):
                self.refused("replay", "--store", store, option, value, status=2,
                             says=[value, hint])
        self.assertFalse((self.folder / "runs").exists())

    def test_refuses_a_range_that_ends_before_it_begins(self):
        store = support.made_market(self.folder / "store")
        self.refused("replay", "--store", store, "--from", "2024-01-03", "--to", "2024-01-02",
                     status=2, says=["--from", "--to", "exclusive"])
        self.refused("replay", "--store", store, "--from", "2024-01-03", "--to", "2024-01-03",
                     status=2, says=["--from must be before --to"])

    def test_every_reporting_verb_speaks_json(self):
        made = self.sluice("generate", "--store", "store", "--trades-per-day", 2000,
                           "--json").json()
        self.assertTrue(made["generated"])
        self.assertEqual(["SIM1", "SIM2", "SIM3"], made["symbols"])
        held = self.sluice("data", "ls", "--store", "store", "--json").json()
        self.assertEqual(made["rows"], sum(sum(s["rows"].values()) for s in held["symbols"]))
        checked = self.sluice("data", "verify", "--store", "store", "--json").json()
        self.assertEqual(made["rows"], checked["rows"])
        self.assertEqual([], checked["damaged"])
        self.assertGreater(checked["bytes"], 0)
        self.write("a.csv", "time,price,quantity\n2024-01-02T14:30:00Z,10.5,100\n")
        imported = self.sluice("import", "csv", "a.csv", "--symbol", "A", "--store", "store",
                               "--json").json()
        self.assertEqual((1, 1), (imported["rows"], imported["tables_written"]))
        self.assertEqual("replay", self.replay("store")["run"]["verb"])
        self.write("a.toml", "")
        self.assertTrue(self.sluice("config", "check", "a.toml", "--json").json()["ok"])
        self.assertIn("version", self.sluice("version", "--json").json())

    def test_outlives_a_reader_that_goes_away(self):
        store = support.made_market(self.folder / "store")
        for arguments in [("config", "default"), ("data", "ls", "--store", store, "--json"),
                          ("replay", "--store", store, "--out", "runs")]:
            with self.subTest(verb=arguments[0]):
                read, write = os.pipe()
                os.close(read)
                ended = subprocess.run([support.PROGRAM, *map(str, arguments)], cwd=self.folder,
                                       stdout=write, stderr=subprocess.PIPE,
                                       timeout=support.HANGS_AFTER_SECONDS)
                os.close(write)
                self.assertIn(ended.returncode, BROKEN_PIPE, ended.stderr)
        run, = (self.folder / "runs").iterdir()
        self.assert_run_is_whole(run)

    def test_says_when_its_output_cannot_be_written(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            ended = subprocess.run([support.PROGRAM, "config", "default"], stdout=full,
                                   stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(1, ended.returncode)
        self.assertIn("standard output cannot be written", ended.stderr)


if __name__ == "__main__":
    support.main()
