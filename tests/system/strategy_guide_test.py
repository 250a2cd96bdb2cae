"""docs/guides/strategy.md, followed to the letter: its files are written, its commands run, in its order,
from an empty home and against an installed program."""

import json
import os
import pathlib
import re
import subprocess

import support

BUILD = pathlib.Path(support.PROGRAM).parents[1]
GUIDE = pathlib.Path(__file__).parents[2] / "docs" / "guides" / "strategy.md"


def steps(text):
    """The guide's blocks as lines of one script: commands as they are, files where they are named."""
    name = None
    script = ["set -euo pipefail"]
    for before, language, block in re.findall(r"([^\n]*)\n\n```(\w+)\n(.*?)```", text, re.S):
        if language == "sh":
            script.append(block)
            continue
        name = re.fullmatch(r"`([\w.]+)`:", before).group(1)
        script.append(f"cat >{name} <<'END_OF_FILE'\n{block}END_OF_FILE")
    return script


class StrategyGuide(support.SystemTest):
    def test_leads_from_an_empty_folder_to_a_backtest(self):
        script = steps(GUIDE.read_text())
        self.assertGreaterEqual(len(script), 9, "the guide has lost its blocks")
        # A tree whose release build is the one under test.
        tree = self.folder / "tree"
        (tree / "build").mkdir(parents=True)
        (tree / "build" / "release").symlink_to(BUILD)
        home = self.folder / "home"
        home.mkdir()
        environment = {**os.environ, "HOME": str(home),
                       "CXXFLAGS": "-Wall -Wextra -Wpedantic -Werror"}
        done = subprocess.run(["bash", "-c", "\n".join(script)], cwd=tree, env=environment,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL)
        self.assertEqual(0, done.returncode, done.stdout[-3000:] + done.stderr[-3000:])
        for said in ("mine 1.0  long above", "ready on bar 30,", "Fine.", "Report: ",
                     "20 of 20 orders made again the same to the byte"):
            self.assertIn(said, done.stdout)

        mine = home / "mine"
        run, = (mine / "runs").iterdir()
        summary = json.loads((run / "summary.json").read_text())
        self.assertEqual(["mine"], [s["kind"] for s in summary["strategies"]])
        self.assertGreater(summary["orders"]["sent"], 20)
        plugin, = summary["plugins"]
        self.assertEqual(("mine", "1.0"), (plugin["name"], plugin["version"]))
        self.assertEqual(str(mine / "build" / "mine.so"), plugin["file"])
        self.assertIn(plugin["sha256"], (run / "config.toml").read_text())

        # The kit brings no engine along: the plugin exports one function and needs none of ours.
        symbols = subprocess.run(["nm", "-D", "--defined-only", mine / "build" / "mine.so"],
                                 capture_output=True, text=True, check=True).stdout
        self.assertEqual(["sluice_plugin"],
                         [line.split()[2] for line in symbols.splitlines() if " T " in line])
        brought = {str(path.relative_to(home / "sluice/include/sluice-kit/sluice"))
                   for path in (home / "sluice/include/sluice-kit/sluice").rglob("*.hpp")}
        self.assertEqual({"bar.hpp", "indicators"},
                         {path.split("/")[2] for path in brought if path.startswith("pipeline/")})


if __name__ == "__main__":
    support.main()
