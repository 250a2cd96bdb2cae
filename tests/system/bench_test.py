"""`sluice bench`: what it measures is its own affair; here, that it says so whole, and that a stage
which is made to wait is seen and named."""

import json
import os
import re
import tomllib
import unittest

import support

GREEN = """
[[target]]
suite = "pipeline"
metric = "stage_{stage}"
at_most = {limit}
unit = "x"
kind = "ratio"
"""
STAGES = ["sequencer", "bars", "signals", "risk", "orders"]


class Bench(support.SystemTest):
    def targets(self, limit):
        """A file that holds every stage to `limit` bare loops."""
        return self.write("targets.toml",
                          "".join(GREEN.format(stage=stage, limit=limit) for stage in STAGES))

    def pipeline(self, *arguments, status):
        result = self.sluice("bench", "pipeline", "--quick", "--json", "out.json", *arguments,
                             status=status)
        return result, json.loads((self.folder / "out.json").read_text())

    def test_names_its_suites(self):
        said = self.sluice("bench", "--list").out
        self.assertLessEqual({"ring", "pipeline", "replay"},
                             {line.split("\t")[0] for line in said.splitlines()})

    def test_passes_with_targets_far_away(self):
        _, out = self.pipeline(f"--check={self.targets(1e9)}", status=0)
        self.assertTrue(out["check"]["passed"])
        self.assertEqual({"met"}, {target["verdict"] for target in out["check"]["targets"]})
        if len(os.sched_getaffinity(0)) >= 2:
            self.assertIn("stamps_ns", {metric["name"] for metric in out["suites"][0]["metrics"]})

    def test_names_the_stage_that_was_made_to_wait(self):
        # A spin of 5 us, so that it stands out of a build under a sanitizer too.
        for stage in ["bars", "risk"]:
            with self.subTest(stage=stage):
                result, out = self.pipeline("--rounds", 1, f"--check={self.targets(20)}",
                                            "--plant-spin", f"{stage}:5000", status=1)
                self.assertIn(f"The stage furthest beyond its target: {stage}", result.out)
                self.assertEqual(stage, out["check"]["worst_stage"])
                self.assertEqual({"stage": stage, "ns": 5000}, out["planted"])
                spent = {hop["name"].split()[1]: dict(hop["ns"]["percentiles"])[50]
                         for hop in out["suites"][0]["hops"] if hop["path"].startswith("fused")}
                self.assertEqual(max(spent.values()), spent[stage], spent)

    def test_half_a_microsecond_misses_the_targets_that_are_built_in(self):
        result, out = self.pipeline("--rounds", 1, "--check", "--plant-spin", "signals:500",
                                    status=1)
        missed = [target["metric"] for target in out["check"]["targets"]
                  if target["verdict"] == "missed"]
        self.assertIn("stage_signals", missed, result)

    def test_holds_a_host_to_what_it_did_before(self):
        def recorded():
            text = (self.folder / "here.toml").read_text()
            return {target["metric"]: target.get("at_most") for target in tomllib.loads(text)["target"]}

        def run(*arguments, status):
            return self.pipeline("--rounds", 1, *arguments, status=status)

        run("--record", "here.toml", status=0)
        first = recorded()
        text = (self.folder / "here.toml").read_text()
        self.assertEqual([["suite", "metric", "at_most", "unit", "kind", "quantile", "noise",
                           "hosts", "why"]],
                         [list(target) for target in tomllib.loads(text)["target"]
                          if target["metric"] == "stage_bars"])
        self.assertIn("\nnoise = 0.05\n", text)
        self.assertLessEqual({f"stage_{stage}" for stage in STAGES}, set(first))
        run("--record", "here.toml", status=0)
        for metric, limit in recorded().items():
            self.assertGreaterEqual(limit, first[metric], metric)
        result, _ = run("--check=here.toml", "--plant-spin", "risk:50000", status=1)
        self.assertIn("The stage furthest beyond its target: risk", result.out)

        mine = self.targets(20)
        self.refused("bench", "--record", mine, status=2, says=["somebody set", "another file"])
        text = (self.folder / "here.toml").read_text()
        elsewhere = self.write("elsewhere.toml", re.sub(r"recorded_on = .*",
                                                        "recorded_on = 'An Abacus'", text))
        self.refused("bench", "--record", elsewhere, status=2, says=["An Abacus"])
        self.refused("bench", "pipeline", f"--check={elsewhere}", status=2,
                     says=["elsewhere.toml", "recorded_on", "An Abacus", "--record"])
        self.refused("bench", "--record", "here.toml", "--plant-spin", "risk:5", status=2,
                     says=["planted"])

    def test_writes_a_page_that_needs_nothing_beside_itself(self):
        self.sluice("bench", "pipeline", "--quick", "--rounds", 1, "--html", "out.html")
        page = (self.folder / "out.html").read_text()
        self.assertEqual([], re.findall(r'(?:src|href)\s*=', page))
        self.assertNotIn("{{", page)
        data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page,
                         re.DOTALL).group(1)
        self.assertEqual("pipeline", json.loads(data)["suites"][0]["suite"])

    @unittest.skipIf(len(os.sched_getaffinity(0)) < 2, "needs two cores")
    def test_sends_over_the_wire_and_has_every_order_back(self):
        self.sluice("bench", "latency", "--quick", "--rounds", 1, "--folder", ".",
                    "--json", "out.json")
        suite = json.loads((self.folder / "out.json").read_text())["suites"][0]
        self.assertLessEqual({"added_p50_ns", "added_p99_ns"},
                             {metric["name"] for metric in suite["metrics"]})
        self.assertNotIn("added_p999_ns", {metric["name"] for metric in suite["metrics"]})
        self.assertTrue(any("added_p999_ns" in note for note in suite["notes"]),
                        "a hundred samples have no P99.9")
        wire, stamps = suite["tables"]
        self.assertEqual([100, 100], [row["all"]["count"] for row in wire["rows"]])
        self.assertEqual("datagram to order sent", stamps["rows"][0]["name"])

    def test_leaves_nothing_behind(self):
        self.sluice("bench", "replay", "--quick", "--rounds", 1, "--folder", ".")
        self.assertEqual([], self.files())

    def test_traces_an_optimiser(self):
        def trace(*arguments):
            said = self.sluice("bench", "optimizer", "--budget", 15, *arguments).out
            head, *rows = said.splitlines()
            self.assertEqual("evaluation,value,best,regret", head)
            return [[float(field) for field in row.split(",")] for row in rows]

        for function in ["branin2", "hart3", "hart6", "ackley5", "levy4", "nhart6", "mixhart6"]:
            with self.subTest(function=function):
                rows = trace("--function", function, "--seed", 3)
                self.assertEqual(list(range(1, 16)), [row[0] for row in rows])
                for i, (_, _, best, regret) in enumerate(rows):
                    self.assertEqual(min(row[1] for row in rows[:i + 1]), best)
                    self.assertGreaterEqual(regret, -1e-9)
                self.assertEqual(rows, trace("--function", function, "--seed", 3))
        for method in ["turbo", "random", "sobol", "direct-l", "crs2", "isres", "esch", "mlsl"]:
            with self.subTest(method=method):
                self.assertEqual(15, len(trace("--function", "levy4", "--method", method)))

    def test_says_what_an_optimiser_is_not_run_on(self):
        for arguments, says in [([], "--function"), (["--function", "sphere"], "mixhart6"),
                                (["--function", "hart3", "--method", "luck"], "direct-l"),
                                (["--function", "hart3", "--budget", 0], "--budget"),
                                (["--function", "hart3", "--seed", -1], "--seed")]:
            with self.subTest(arguments=arguments):
                self.refused("bench", "optimizer", *arguments, status=2, says=[says])

    def test_says_what_it_does_not_understand(self):
        bad = self.write("bad.toml", "[[target]]\nsuite = \"ring\"\n")
        odd = self.write("odd.toml", GREEN.format(stage="bars", limit=1) + "colour = 1\n")
        for arguments, says in [(["rings"], "--list"), (["--rounds", 0], "--rounds"),
                                (["--plant-spin", "risk"], "STAGE:NS"),
                                (["--plant-spin", "lunch:5"], "STAGE:NS"),
                                ([f"--check={bad}"], "line 1"), ([f"--check={odd}"], "colour"),
                                (["--check=none.toml"], "none.toml"),
                                (["--record", "none/here.toml"], "there is no folder"),
                                (["--json", "none/out.json"], "there is no folder")]:
            with self.subTest(arguments=arguments):
                self.refused("bench", *arguments, status=2, says=[says])


if __name__ == "__main__":
    support.main()
