"""docs/guides/research.md, "From a store to a set that can be believed": its files are written and its commands
run, in its order. What is true of its markets is known, and the program must find it."""

import json
import os
import pathlib
import re
import subprocess

import support

GUIDE = pathlib.Path(__file__).parents[2] / "docs" / "guides" / "research.md"


def script_of(text):
    """The walk's blocks: commands as they are, files where they are named."""
    walk = re.search(r"\n## From a store to a set.*?\n(?=## )", text, re.S).group()
    out = ["set -euo pipefail"]
    for before, language, block in re.findall(r"([^\n]*)\n\n```(\w+)\n(.*?)```", walk, re.S):
        if language == "sh":
            out.append(block)
        else:
            name = re.fullmatch(r"`([\w.]+)`:", before).group(1)
            out.append(f"cat >{name} <<'END_OF_FILE'\n{block}END_OF_FILE")
    return out


class ResearchGuide(support.SystemTest):
    def test_promotes_the_edge_and_not_the_noise(self):
        support.skip_on_pool_under_tsan()
        script = script_of(GUIDE.read_text())
        self.assertEqual(7, len(script), "the guide has lost its blocks")
        path = f"{pathlib.Path(support.PROGRAM).parent}:{os.environ['PATH']}"
        done = subprocess.run(["bash", "-c", "\n".join(script)], cwd=self.folder,
                              env={**os.environ, "PATH": path}, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL)
        self.assertEqual(0, done.returncode, done.stdout[-3000:] + done.stderr[-3000:])

        def only(pattern):
            found, = self.folder.glob(pattern)
            return json.loads(found.read_text())

        edge, noise = (only(f"runs/{market}/*/search.json") for market in ("edge", "noise"))
        failed = [c["name"] for c in edge["verdict"]["checks"] if not c["passed"]]
        self.assertEqual(("promote", []), (edge["verdict"]["answer"], failed))
        self.assertNotEqual("promote", noise["verdict"]["answer"])
        self.assertEqual(1, edge["cross_validation"]["paths_above_champion"])
        # The sweep's four sets and the champion count beside the search's.
        self.assertEqual(len(edge["sets"]) + 4 + 1, edge["ledger"]["trials"])
        after = only("runs/after/*/summary.json")
        self.assertGreater(float(after["performance"]["returns"]["total_return"]), 0)


if __name__ == "__main__":
    support.main()
