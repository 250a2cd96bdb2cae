"""Strategies from the command line: their manual, changes of parameters on the way, kept weights."""

import csv
import json
import pathlib

import support

ALL = """
[signals]
threshold = 0.3
{signals}
[[strategy]]
kind = "trend_following"
name = "trend"
fast = 3
slow = 9
[[strategy]]
kind = "mean_reversion"
name = "reversion"
[[strategy]]
kind = "momentum"
name = "momentum"
lookback = 5
volatility = 10
entry = 0.5
[[strategy]]
kind = "cross_section"
name = "section"
lookback = 5
min_z = 0.2
[[strategy]]
kind = "indicators"
name = "vote"
quorum = 0.3
"""


class Strategies(support.SystemTest):
    def test_are_listed_with_all_that_their_configuration_says(self):
        kinds = {kind["kind"]: kind for kind in self.sluice("strategy", "--json").json()}
        self.assertLessEqual({"trend_following", "mean_reversion", "momentum", "cross_section",
                              "indicators", "market_making"}, set(kinds))
        listed = self.sluice("strategy").out
        for name, kind in kinds.items():
            self.assertIn(name, listed)
            manual = self.sluice("strategy", name).out
            for parameter in kind["parameters"]:
                self.assertIn(f'{parameter["name"]} = ', manual)
                self.assertLessEqual(parameter["min"], parameter["default"])
                self.assertLessEqual(parameter["default"], parameter["max"])
        self.refused("strategy", "astrology", status=2, says=["astrology", "momentum"])

    def replayed(self, *arguments):
        return self.sluice("replay", "--store", self.folder / "store", "--config", "all.toml",
                           "--json", *arguments).json()

    def prepared(self, signals=""):
        support.made_market(self.folder / "store")
        self.write("all.toml", ALL.format(signals=signals))

    def rows(self, run, table):
        with open(pathlib.Path(self.folder) / run["folder"] / table, newline="") as file:
            return list(csv.DictReader(file))

    def test_change_their_parameters_where_a_file_says_so(self):
        self.prepared()
        plain = self.replayed()
        first = self.rows(plain, "intents.csv")
        self.assertEqual({"0"}, {row["parameter_version"] for row in first})
        middle = first[len(first) // 2]["time"]
        self.write("changes.csv", "time,strategy,parameter,value\n"
                   f"{middle},trend,slow,30\n{middle},section,weight,0\n")
        changed = self.replayed("--parameters", "changes.csv")
        rows = self.rows(changed, "parameters.csv")
        self.assertEqual([("trend", "slow", "30", "1"), ("section", "weight", "0", "2")],
                         [(r["strategy"], r["parameter"], r["value"], r["version"]) for r in rows])
        self.assertEqual({middle}, {row["time"] for row in rows})
        after = self.rows(changed, "intents.csv")
        self.assertEqual([row for row in first if row["time"] < middle],
                         [row for row in after if row["time"] < middle])
        self.assertEqual({"2"}, {r["parameter_version"] for r in after if r["time"] >= middle})
        self.assertNotEqual(plain["digest"], changed["digest"])
        # What a run leaves is a file of changes; placements agree.
        kept = self.folder / changed["folder"] / "parameters.csv"
        for placement in ("fused", "signals", "bars,signals,risk,orders"):
            again = self.replayed("--parameters", kept, "--placement", placement)
            self.assertEqual(changed["digest"], again["digest"], placement)

    def test_refuse_a_change_that_their_declaration_does_not_allow(self):
        self.prepared()
        head = "time,strategy,parameter,value\n2024-01-02T15:00:00Z,"
        for change, says in (("trend,slow,2\n", ["line 2", "smaller than"]),
                             ("trend,slow,1000\n", ["line 2", "2 to 512"]),
                             ("vote,average,30\n", ["cannot change while"]),
                             ("risk,daily_loss,1e9\n", ["no strategy is named 'risk'"])):
            self.write("changes.csv", head + change)
            self.refused("replay", "--store", self.folder / "store", "--config", "all.toml",
                         "--parameters", "changes.csv", status=2, says=["changes.csv", *says])
        self.refused("replay", "--store", self.folder / "store", "--parameters", "none.csv",
                     status=2, says=["none.csv"])
        self.assertFalse((self.folder / "runs").exists(), "nothing was run")

    def test_keep_what_moves_their_weights_for_the_next_run(self):
        self.prepared('performance_lookback = 50\nweights_file = "weights.json"\n')
        fresh = self.replayed()
        kept = self.folder / "weights.json"
        held = json.loads(kept.read_text())
        self.assertEqual([50] * 5, [len(row["gains"]) for row in held["strategies"]])
        second = self.replayed()
        self.assertNotEqual(fresh["digest"], second["digest"], "it began with other weights")
        started = self.folder / second["folder"] / "weights_at_start.json"
        self.assertEqual(held, json.loads(started.read_text()))
        kept.write_text(json.dumps(held, indent=1) + "\n")
        self.assertEqual(second["digest"], self.replayed()["digest"])

        for bad in ("", "{", '{"format": "sluice weights 1"}',
                    kept.read_text().replace('"kind": "momentum"', '"kind": "indicators"')):
            kept.write_text(bad)
            self.refused("replay", "--store", self.folder / "store", "--config", "all.toml",
                         status=1, says=["weights.json", "cannot be restored"])
            self.assertEqual(bad, kept.read_text(), "and is left as it was")


if __name__ == "__main__":
    support.main()
