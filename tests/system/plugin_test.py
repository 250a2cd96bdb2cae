"""Plugins from the command line: how each kind of wrong one is treated, and what a run keeps of a sound
one. The plugins are those that the build makes of tests/plugin/samples."""

import json
import pathlib
import shutil

import support

SAMPLES = pathlib.Path(support.PROGRAM).parents[1] / "plugin_samples"
MINE = """
[bars]
timeframes = ["1s", "1m"]
{more}
[[plugin]]
file = "mine.so"
[[strategy]]
kind = "{kind}"
name = "mine"
timeframe = "{timeframe}"
period = 6
"""
BOTH = """
[[strategy]]
kind = "trend_following"
name = "trend"
timeframe = "1m"
fast = 3
slow = 9
"""


class Plugins(support.SystemTest):
    def take(self, sample, kind="above_average", timeframe="1m", more="", rest=""):
        shutil.copy(SAMPLES / f"{sample}.so", self.folder / "mine.so")
        self.write("my.toml", MINE.format(kind=kind, timeframe=timeframe, more=more) + rest)

    def market(self):
        return support.made_market(self.folder / "store")

    def replayed(self, *arguments, status=0):
        return self.sluice("replay", "--store", "store", "--config", "my.toml", "--json",
                           *arguments, status=status).json()

    def test_decide_the_same_in_every_placement_and_are_on_record(self):
        self.market()
        self.take("sound", rest=BOTH)
        fused = self.replayed("--placement", "fused")
        for placement in ("signals", "bars,signals,risk,orders"):
            self.assertEqual(fused["digest"], self.replayed("--placement", placement)["digest"])
        self.assertGreater(fused["orders"]["sent"], 20)
        mine, trend = fused["strategies"]
        self.assertEqual(("above_average", False), (mine["kind"], mine["failed"]))
        self.assertGreater(mine["changes"], 20)
        plugin, = fused["plugins"]
        self.assertEqual(("above_average", "1.2", str(self.folder.resolve() / "mine.so")),
                         (plugin["name"], plugin["version"], plugin["file"]))
        folder = self.folder / fused["folder"]
        self.assertIn(plugin["sha256"], (folder / "config.toml").read_text())
        self.assert_run_is_whole(folder)
        without = self.replayed("--strategy", "trend")
        self.assertNotEqual(fused["digest"], without["digest"])

        # The same again from the record; with another file in its place, a refusal.
        self.sluice("explain", folder, "--random", "10")
        self.sluice("replay", "--store", "store", "--config", folder / "config.toml", "--json")
        shutil.copy(SAMPLES / "same_name.so", self.folder / "mine.so")
        for call in (("explain", folder, "--random", "10"),
                     ("replay", "--store", "store", "--config", folder / "config.toml")):
            self.refused(*call, status=2,
                         says=["mine.so", "another file", plugin["sha256"], "put the old file back"])
        (self.folder / "mine.so").unlink()
        self.refused("explain", folder, "--random", "10", status=2, says=["no such file"])

    def test_that_are_wrong_are_refused_before_anything_starts(self):
        self.market()
        wrong = {"throws": ["throws on bar 100", "'mine'"],
                 "allocates": ["heap 1 times", "on bar 50", "constructor"],
                 "not_finite": ["bar 70", "-1 to 1"],
                 "too_strong": ["bar 70", "-1 to 1"],
                 "shares_state": ["other strengths a second time"],
                 "cannot_be_made": ["the model file is missing"],
                 "other_version": ["version 2", "version 1", "build it again"],
                 "other_layout": ["lays out its data otherwise", "build it again"],
                 "bad_name": ["'Above Average'", "small letters"],
                 "built_in_name": ["'momentum'", "built-in kind", "another kName"],
                 "taken_key": ["'weight'", "every strategy has"],
                 "no_plugin": ["no symbol 'sluice_plugin'", "SLUICE_EXPORT_STRATEGY"]}
        for sample, says in wrong.items():
            self.take(sample, kind="wrong_sample")
            for call in (("replay", "--store", "store", "--config", "my.toml"),
                         ("config", "check", "my.toml")):
                self.refused(*call, status=2, says=["my.toml", "mine.so", *says])
        self.write("mine.so", "no library\n")
        self.refused("config", "check", "my.toml", status=2, says=["is no shared library"])
        (self.folder / "mine.so").unlink()
        self.refused("config", "check", "my.toml", status=2, says=["there is no such file"])
        self.assertFalse((self.folder / "runs").exists(), "nothing was run")

    def test_of_one_name_are_refused_together(self):
        self.take("sound", more='[[plugin]]\nfile = "other.so"')
        shutil.copy(SAMPLES / "same_name.so", self.folder / "other.so")
        self.refused("config", "check", "my.toml", status=2,
                     says=["'above_average'", "mine.so", "other.so", "another kName"])

    def test_have_their_parameters_checked_like_built_in_ones(self):
        self.take("sound")
        self.sluice("config", "check", "my.toml")
        for key, says in (("period=1", ["2 to 500"]), ("perod=5", ["perod", "period"]),
                          ("size=1.5", ["0", "1"]), ("period=2.5", ["integer"])):
            self.refused("config", "check", "my.toml", "--set", f"strategy[0].{key}", status=2,
                         says=["command line", *says])

    def test_that_throw_in_a_run_are_taken_out_of_it(self):
        self.market()
        self.take("throws_late", kind="throws_late", timeframe="1s", rest=BOTH)
        # Bars of a second: trades are seconds apart, so the run has fewer of them than seconds.
        run = self.replayed("--set", "strategy[0].throws_on=2100", status=1)
        mine, trend = run["strategies"]
        self.assertEqual((True, False), (mine["failed"], trend["failed"]))
        self.assertEqual(1, run["incidents"]["by_kind"]["strategy_failed"])
        warned, = [w for w in run["run"]["warnings"] if "plugin" in w]
        self.assertIn("strategy 'mine', a plugin, threw", warned)
        self.assertIn("taken out", warned)
        self.assertGreater(trend["bars"], 100, "the run went on")
        split = self.replayed("--set", "strategy[0].throws_on=2100", "--placement", "signals",
                              status=1)
        self.assertEqual(run["digest"], split["digest"])

    def test_are_listed_and_checked(self):
        self.take("sound")
        listed = self.sluice("strategy", "list", "--config", "my.toml").out
        self.assertIn("above_average", listed)
        self.assertIn("momentum", listed)
        self.assertNotIn("above_average", self.sluice("strategy", "list").out)
        manual = self.sluice("strategy", "above_average", "--config", "my.toml").out
        self.assertIn("period = 20", manual)
        good = self.sluice("strategy", "check", "mine", "--set", "period=30", "--json").json()
        self.assertEqual((True, 29, 0, True), (good["passed"], good["ready_at"],
                                               good["heap_calls"], good["deterministic"]))
        self.assertIn("Fine.", self.sluice("strategy", "check", "mine.so").out)
        short = self.sluice("strategy", "check", "mine.so", "--bars", "10", status=1).out
        self.assertIn("not ready after 10 bars", short)
        self.refused("strategy", "check", "mine.so", "--set", "perod=3", status=2,
                     says=["perod", "period"])
        self.refused("strategy", "check", "none.so", status=2, says=["none.so", "no such file"])
        self.take("throws")
        bad = self.sluice("strategy", "check", "mine.so", "--json", status=1).json()
        self.assertEqual((False, 99), (bad["passed"], bad["threw_at"]))
        self.take("allocates")
        bad = self.sluice("strategy", "check", "mine.so", "--json", status=1).json()
        if bad["heap_counted"]:  # a sanitizer's build does not
            self.assertEqual((49, 1), (bad["allocated_at"], bad["heap_calls"]))


if __name__ == "__main__":
    support.main()
