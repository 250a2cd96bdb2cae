"""Parameters that an operator sets in a running session: checked, in force at once, on record, replayed
to the same digest, and gone with the session."""

import csv
import json
import time

import support

CONFIGURATION = """
[clock]
beat = "50ms"

[bars]
timeframes = ["100ms"]

[[strategy]]
kind = "trend_following"
name = "trend"
timeframe = "100ms"
fast = 2
slow = 5

[engine]
idle = "backoff"
cores = "none"

[live]
silence = "2s"
"""


class Set(support.LiveTest):
    configuration = CONFIGURATION

    def live(self):
        return super().live("--duration", "60s")

    def set(self, *changes, status=0):
        return self.sluice("set", *changes, "--state", self.state, "--json", status=status)

    def session_of_state(self):
        return json.loads((self.state / "risk.json").read_text())["session"]

    def rows(self, summary):
        with open(self.folder / summary["folder"] / "parameters.csv") as file:
            return list(csv.DictReader(file))

    def test_live_it_holds_at_once_is_on_record_and_replays(self):
        self.venue()
        session = self.live()
        self.wait((self.state / "risk.json").exists, "the session did not start")
        time.sleep(1)
        done = self.set("trend.fast=3", "--reason", "drill").json()
        self.assertTrue(done["live"])
        self.assertEqual("trend.fast from 2 to 3", done["text"])
        for change, says in (("trend.fast=9", "smaller than slow, 5"),
                             ("trend.slow=513", "whole numbers from 2 to 512"),
                             ("trent.fast=3", "no strategy is named 'trent'; write trend"),
                             ("trend.lookback=3", "no parameter of kind trend_following"),
                             ("risk.daily_loss=1", "no strategy is named 'risk'")):
            refused = self.set("trend.weight=2", change, status=1)
            self.assertIn(says, refused.err)
            self.assertIn("nothing was changed", refused.err)
        self.set("trend.slow=9", "trend.fast=4", "trend.weight=0")
        time.sleep(0.5)
        summary = self.end(session)
        rows = self.rows(summary)
        self.assertEqual([("trend", "fast", "3", "1"), ("trend", "slow", "9", "2"),
                          ("trend", "fast", "4", "3"), ("trend", "weight", "0", "4")],
                         [(r["strategy"], r["parameter"], r["value"], r["version"]) for r in rows])
        log = (self.folder / summary["folder"] / "run.log").read_text()
        self.assertIn("trend.fast from 2 to 3 (drill)", log)
        self.assertEqual(0, summary["incidents"]["total"])
        for placement in ("fused", "split"):
            again = self.sluice("replay", "--journal", summary["folder"], "--placement", placement,
                                "--out", "replays", "--json").json()
            self.assertTrue(again["journal"]["same"], again["journal"])
            self.assertEqual(summary["digest"], again["digest"], placement)
            self.assertEqual(rows, self.rows(again))
        # The next session starts with its configuration, and there is none to set anything in.
        self.assertIn("no session runs", self.set("trend.fast=3", status=1).err)
        before = self.session_of_state()
        session = self.live()
        self.wait(lambda: self.session_of_state() != before, "the session did not start")
        time.sleep(0.5)
        self.assertEqual("trend.fast from 2 to 3", self.set("trend.fast=3").json()["text"])
        self.end(session)

    def test_on_paper_the_record_is_enough_to_make_the_run_again(self):
        support.made_market(self.folder / "market")
        self.write("paper.toml", "[[strategy]]\nkind = \"trend_following\"\nname = \"trend\"\n"
                                 "fast = 3\nslow = 8\n")
        self.state = self.folder / "paper"
        session = support.start("run", "--store", "market", "--config", "paper.toml", "--speed",
                                20_000, "--out", "runs", "--state", self.state, "--json",
                                cwd=self.folder)
        self.addCleanup(session.kill)
        self.wait((self.state / "risk.json").exists, "the session did not start")
        time.sleep(0.5)
        self.set("trend.slow=20", "trend.fast=12")
        summary = support.finish(session).json()
        rows = self.rows(summary)
        self.assertEqual(["20", "12"], [row["value"] for row in rows])
        again = self.replay("market", "--config", "paper.toml", "--parameters",
                            self.folder / summary["folder"] / "parameters.csv")
        self.assertEqual(summary["digest"], again["digest"])
        explained = self.sluice("explain", summary["folder"], "--random", 20, "--json").json()
        self.assertEqual([], explained["differing"])
        self.assertGreater(explained["orders"], 0)

    def test_what_is_no_change_is_a_mistake_of_the_command_line(self):
        for change in ("fast=3", "trend.fast", "trend.fast=quick"):
            self.refused("set", change, "--state", ".", status=2, says=["STRATEGY.PARAMETER=NUMBER"])
        self.refused("set", "trend.fast=3", "--state", "nowhere", status=2,
                     says=["there is no state folder"])
        self.refused("set", "--state", ".", status=2, says=["changes"])


if __name__ == "__main__":
    support.main()
