"""What the system tests share: they call the finished program as its users do, and read what it
says and leaves behind. Plain unittest of Python 3.11; SLUICE names the program, SLUICE_SANITIZE the
sanitizers it was built with, if any.

Each test works in an empty folder of its own, which it leaves as soon as it ends.
"""

import csv
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = os.environ.get("SLUICE", "")
SANITIZERS = os.environ.get("SLUICE_SANITIZE", "").split(",")
POOLED = {"sweep", "optimize", "farm"}  # the verbs that run engines on TBB's threads
SKIPPED = 77  # what ctest takes for "skipped"
# Only a guard against a program that hangs; nothing here asserts how long something takes.
HANGS_AFTER_SECONDS = 300
REPORTED = {"config.toml", "run.log", "orders.csv", "fills.csv", "refusals.csv", "incidents.csv",
            "equity.csv", "intents.csv", "parameters.csv", "regimes.csv", "charges.csv",
            "commands.bin", "summary.json", "report.html"}


class Result:
    """How a call ended: `status` is negative when a signal ended it."""

    def __init__(self, arguments, status, out, err):
        self.arguments, self.status, self.out, self.err = arguments, status, out, err

    def json(self):
        return json.loads(self.out)

    def __str__(self):
        return (f"$ sluice {' '.join(self.arguments)}\n{self.out[-2000:]}{self.err[-2000:]}"
                f"status {self.status}")


def skip_on_pool_under_tsan():
    """ThreadSanitizer does not see how TBB, which it has not compiled, hands work over to its threads,
    and would report all of it."""
    if "thread" in SANITIZERS:
        raise unittest.SkipTest("runs on TBB's threads, which ThreadSanitizer cannot see into")


def start(*arguments, cwd, program=PROGRAM):
    """Starts the program and does not wait for it."""
    if arguments and arguments[0] in POOLED:
        skip_on_pool_under_tsan()
    return subprocess.Popen([program, *map(str, arguments)], cwd=cwd, stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process, expected_seconds=0):
    try:
        out, err = process.communicate(timeout=HANGS_AFTER_SECONDS + expected_seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return Result(process.args[1:], process.returncode, out, err)


def made_market(folder, *arguments, trades_per_day=4000):
    """A generated store in `folder`, small enough for a few hundred replays."""
    made = finish(start("generate", "--store", folder, "--instruments", 2, "--seed", 11,
                        "--trades-per-day", trades_per_day, *arguments, cwd=folder.parent))
    if made.status != 0:
        raise RuntimeError(f"no market to test with:\n{made}")
    return folder


class SystemTest(unittest.TestCase):
    """A test in an empty folder, `self.folder`."""

    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sluice-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def sluice(self, *arguments, status=0):
        """Calls the program in self.folder and holds it to its exit status."""
        result = finish(start(*arguments, cwd=self.folder))
        self.assertEqual(status, result.status, result)
        return result

    def refused(self, *arguments, status, says):
        """The call fails with `status`, says each of `says` on standard error, and nothing else."""
        result = self.sluice(*arguments, status=status)
        for text in says:
            self.assertIn(text, result.err, result)
        self.assertEqual("", result.out, result)
        return result

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def files(self, below="."):
        """Every file below a folder by its relative name, locks left out."""
        root = self.folder / below
        return sorted(str(path.relative_to(root)) for path in root.rglob("*")
                      if path.is_file() and path.name != ".writer.lock")

    def replay(self, store, *arguments):
        """The summary of a replay; its folder is summary["folder"], relative to self.folder."""
        return self.sluice("replay", "--store", store, "--out", "runs", "--json",
                           *arguments).json()

    def assert_store_is_whole(self, store):
        """Every checksum agrees and no unfinished file lies about."""
        self.sluice("data", "verify", "--store", store)
        self.assertEqual([], [name for name in self.files(store) if not name.endswith(".h5")])

    def assert_run_is_whole(self, folder):
        """A run's folder holds all that a finished run leaves, and no more."""
        self.assertEqual(REPORTED, {path.name for path in pathlib.Path(folder).iterdir()})


class AccountTest(SystemTest):
    """A run beside what `sluice account` makes of its folder."""

    def account(self, *arguments, status=0):
        return self.sluice("account", "--json", *arguments, status=status).json()

    def rows(self, run, table):
        with open(self.folder / run["folder"] / table, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))


def two_strategies(beat, short, long):
    """A configuration's clock, bars and two strategies that trade within seconds, one a timeframe."""
    return f"""
[clock]
beat = "{beat}"

[bars]
timeframes = ["{short}", "{long}"]

[[strategy]]
kind = "trend_following"
name = "trend"
timeframe = "{short}"
fast = 2
slow = 5

[[strategy]]
kind = "mean_reversion"
name = "reversion"
timeframe = "{long}"
period = 5
entry_deviations = 1.0
"""


class LiveTest(SystemTest):
    """A test of sessions against `sluice venue` on loopback, configured by self.configuration."""

    configuration = ""

    def setUp(self):
        super().setUp()
        self.write("live.toml", self.configuration)
        self.state = self.folder / "runs" / "state"

    def wait(self, done, what):
        until = time.monotonic() + HANGS_AFTER_SECONDS
        while time.monotonic() < until:
            if done():
                return
            time.sleep(0.01)
        self.fail(what)

    def begin(self, *arguments):
        """A process that is over when the test is."""
        process = start(*arguments, cwd=self.folder)
        self.addCleanup(finish, process)
        self.addCleanup(process.kill)
        return process

    def venue(self, *arguments, seed=5):
        ports = self.folder / "venue.json"
        ports.unlink(missing_ok=True)
        process = self.begin("venue", "--ports-file", ports, "--rate", 3000, "--seed", seed,
                             "--json", *arguments)
        self.wait(ports.exists, "the venue did not say where it is")
        return process

    def live(self, *arguments):
        return self.begin("run", "--venue", "venue.json", "--config", "live.toml", "--out", "runs",
                          "--json", *arguments)

    def end(self, process, status=0):
        process.send_signal(signal.SIGINT)
        ended = finish(process)
        self.assertEqual(status, ended.status, ended)
        return ended.json()


def main():
    if not PROGRAM:
        sys.exit("SLUICE must name the program to test")
    unittest.main(verbosity=2)
