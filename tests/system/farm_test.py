"""A search on a farm: workers that join, ranks of MPI, two network namespaces as two hosts. Each finds, records
and reports what one process does, and loses nothing with a worker but what that was at."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time
import unittest

import support

SEARCH = ["--search", "strategy[0].fast=2:30", "--search", "strategy[0].slow=5:90"]
PLAN = ["--budget", "12", "--batch", "6", "--least-trades", "2", "--set", "backtest.period=1h"]
MPI_PART = pathlib.Path(support.PROGRAM).parent / "sluice-mpi"
NO_RANKS = not shutil.which("mpirun") or not MPI_PART.exists()


def has_namespaces():
    made = subprocess.run(["ip", "netns", "add", f"sluice-{os.getpid()}"], capture_output=True)
    subprocess.run(["ip", "netns", "del", f"sluice-{os.getpid()}"], capture_output=True)
    return made.returncode == 0


class Farm(support.SystemTest):
    def setUp(self):
        super().setUp()
        support.skip_on_pool_under_tsan()
        support.made_market(self.folder / "store", "--days", 4, trades_per_day=800)

    def arguments(self, ledger, *more, budget="12"):
        plan = [budget if a == "12" else a for a in PLAN]
        return ["optimize", "--store", "store", "--out", "runs", "--json", "--ledger", ledger,
                "--threads", "1", *SEARCH, *plan, *more]

    @staticmethod
    def found(out):
        """All that a search says but where and when it was written down."""
        search = json.loads(out)
        del search["ledger"]["path"], search["ledger"]["hash"]
        return search

    def trials(self, ledger):
        """What is on record, but for the times."""
        kept = [json.loads(line) for line in (self.folder / ledger).read_text().splitlines()]
        return [(one["kind"], one["data"], one["body"]) for one in kept]

    def alone(self, **more):
        return self.found(self.sluice(*self.arguments("alone.ledger", **more)).out)

    def assert_same_as_alone(self, out, ledger, alone):
        self.assertEqual(alone, self.found(out))
        self.assertEqual(self.trials("alone.ledger"), self.trials(ledger))
        self.sluice("ledger", ledger)

    def host(self, *more, **budget):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            at = f"127.0.0.1:{free.getsockname()[1]}"
        return at, support.start(*self.arguments("farm.ledger", "--farm", at, *more, **budget),
                                 cwd=self.folder)

    def join(self, at, *more, **budget):
        worker = support.start(*self.arguments("unused.ledger", "--join", at, *more, **budget),
                               cwd=self.folder)
        self.addCleanup(worker.communicate)
        self.addCleanup(worker.kill)
        return worker

    def wait_for_trials(self, ledger, size=12_000):
        deadline = time.monotonic() + 60
        path = self.folder / ledger
        while time.monotonic() < deadline and not (path.exists() and path.stat().st_size > size):
            time.sleep(0.002)


class Workers(Farm):
    def test_find_what_one_process_finds_and_a_killed_one_costs_nothing(self):
        alone = self.alone(budget="24")
        at, host = self.host(budget="24")
        workers = [self.join(at, budget="24") for _ in range(2)]
        self.wait_for_trials("farm.ledger")
        workers[0].send_signal(signal.SIGKILL)
        done = support.finish(host)
        self.assertEqual(0, done.status, done)
        self.assert_same_as_alone(done.out, "farm.ledger", alone)
        workers[1].communicate(timeout=60)
        self.assertEqual(0, workers[1].returncode)

    def test_a_killed_host_leaves_all_that_was_done_and_its_workers_end(self):
        alone = self.alone(budget="24")
        at, host = self.host(budget="24")
        worker = self.join(at, budget="24")
        self.wait_for_trials("farm.ledger")
        host.send_signal(signal.SIGKILL)
        host.communicate()
        worker.communicate(timeout=60)
        rest = self.found(self.sluice(*self.arguments("farm.ledger", budget="24")).out)
        self.assertLess(rest.pop("evaluated"), alone.pop("evaluated"))
        self.assertEqual(alone, rest)

    def test_says_what_is_wrong(self):
        self.refused(*self.arguments("l", "--farm", "0.0.0.0:0"), status=2,
                     says=["SLUICE_FARM_SECRET"])
        self.refused(*self.arguments("l", "--farm", "127.0.0.1:0", "--join", "127.0.0.1:1"),
                     status=2, says=["--farm and --join"])
        at, host = self.host()
        other = self.sluice(*self.arguments("l", "--join", at, "--set", "sizing.quantity=7"), status=1)
        self.assertIn("another configuration", other.err)
        self.assertEqual(0, support.finish(host).status)


@unittest.skipIf(NO_RANKS, "no mpirun, or a program built without MPI")
class Ranks(Farm):
    def mpirun(self, *arguments, count=2, **more):
        as_root = ["--allow-run-as-root"] if os.geteuid() == 0 else []
        return subprocess.Popen(
            ["mpirun", *as_root, "--oversubscribe", "-n", str(count), *arguments], cwd=self.folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            **more)

    def workers_of(self, ledger):
        """Ranks that work for the search on that ledger."""
        out = []
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
                if b"--join" in words and ledger.encode() in words and \
                        (folder / "cwd").resolve() == self.folder.resolve():
                    out.append(int(folder.name))
            except OSError:
                pass
        return out

    def test_two_find_what_one_process_finds(self):
        alone = self.alone()
        out, errors = self.mpirun(support.PROGRAM, *self.arguments("ranks.ledger")).communicate(
            timeout=300)
        self.assert_same_as_alone(out, "ranks.ledger", alone)
        self.assertNotIn("sluice", errors)

    def test_a_killed_rank_loses_nothing_but_what_it_was_at(self):
        alone = self.alone(budget="24")
        ranks = self.mpirun(support.PROGRAM, *self.arguments("ranks.ledger", budget="24"), count=3)
        self.wait_for_trials("ranks.ledger")
        workers = self.workers_of("ranks.ledger")
        self.assertEqual(2, len(workers))
        os.kill(workers[0], signal.SIGKILL)
        out, errors = ranks.communicate(timeout=300)
        self.assertEqual(0, ranks.returncode, errors)
        self.assertIn("the others take what it was at", errors)
        self.assert_same_as_alone(out, "ranks.ledger", alone)
        self.assertEqual([], self.workers_of("ranks.ledger"))

    @unittest.skipUnless(has_namespaces(), "no network namespaces can be made here")
    def test_two_network_namespaces_are_two_hosts(self):
        names = [f"sl{os.getpid()}{side}" for side in "ab"]
        for name in names:
            subprocess.run(["ip", "netns", "add", name], check=True)
            self.addCleanup(subprocess.run, ["ip", "netns", "del", name], capture_output=True)
        subprocess.run(["ip", "link", "add", "eth0", "netns", names[0], "type", "veth", "peer", "name",
                        "eth0", "netns", names[1]], check=True)
        for last, name in enumerate(names, 1):
            for words in (["addr", "add", f"10.77.3.{last}/24", "dev", "eth0"],
                          ["link", "set", "eth0", "up"], ["link", "set", "lo", "up"]):
                subprocess.run(["ip", "-n", name, *words], check=True)
        # What mpirun calls instead of ssh: HOST COMMAND...
        agent = self.write("agent", f"#!/bin/sh\nshift\nexec ip netns exec {names[1]} unshare --uts "
                           "sh -c 'hostname other; eval \"$@\"' sh \"$@\"\n")
        agent.chmod(0o755)
        self.write("hosts", "10.77.3.1 slots=1\n10.77.3.2 slots=1\n")
        alone = self.alone()
        as_root = ["--allow-run-as-root"] if os.geteuid() == 0 else []
        done = subprocess.run(
            ["ip", "netns", "exec", names[0], "mpirun", *as_root, "--hostfile", "hosts", "--mca",
             "plm_rsh_agent", str(agent), "--mca", "btl", "tcp,self", "-n", "2", support.PROGRAM,
             *self.arguments("hosts.ledger")], cwd=self.folder, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=300)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assert_same_as_alone(done.stdout, "hosts.ledger", alone)


if __name__ == "__main__":
    support.main()
