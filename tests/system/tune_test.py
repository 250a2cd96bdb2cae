"""perf/tune on a made-up host: what it would do, what it does, and that it puts back what was."""

import os
import pathlib
import subprocess

import support

TUNE = pathlib.Path(__file__).resolve().parents[2] / "perf" / "tune"
CPU = "sys/devices/system/cpu"
THP = "sys/kernel/mm/transparent_hugepage/enabled"
# Four cores; the third cannot be scaled. What becomes of each file under --cores 2-3: None, nothing.
HOST = {
    f"{CPU}/online": ("0-3", None),
    f"{CPU}/cpu1/cpufreq/scaling_governor": ("powersave", None),
    f"{CPU}/cpu3/cpufreq/scaling_governor": ("powersave", "performance"),
    f"{CPU}/cpu1/cpuidle/state2/latency": ("100", None),
    f"{CPU}/cpu1/cpuidle/state2/disable": ("0", None),
    f"{CPU}/cpu2/cpuidle/state1/latency": ("2", None),
    f"{CPU}/cpu2/cpuidle/state1/disable": ("0", None),
    f"{CPU}/cpu2/cpuidle/state2/latency": ("100", None),
    f"{CPU}/cpu2/cpuidle/state2/disable": ("0", "1"),
    "proc/irq/24/smp_affinity_list": ("0-3", "0,1"),
    "proc/irq/25/smp_affinity_list": ("3", "0,1"),
    THP: ("[always] madvise never", "madvise"),
    "proc/sys/vm/swappiness": ("60", "0"),
    "proc/sys/vm/stat_interval": ("1", "120"),
    "proc/sys/kernel/sched_rt_runtime_us": ("950000", "-1"),
    "proc/sys/kernel/numa_balancing": ("0", None),
}
BY_OPTION = {
    f"{CPU}/intel_pstate/no_turbo": ("0", "1"),
    f"{CPU}/cpufreq/boost": ("1", "0"),
    f"{CPU}/smt/control": ("on", "off"),
}


class Tune(support.SystemTest):
    def setUp(self):
        super().setUp()
        self.root, self.state = self.folder / "root", self.folder / "tune.state"
        for name, (value, _) in {**HOST, **BY_OPTION}.items():
            self.write(f"root/{name}", value + "\n")

    def tune(self, *arguments, status=0):
        done = subprocess.run([TUNE, *arguments], capture_output=True, text=True, check=False,
                              cwd=self.folder,
                              env={**os.environ, "SLUICE_TUNE_ROOT": str(self.root),
                                   "SLUICE_TUNE_STATE": str(self.state)})
        self.assertEqual(status, done.returncode, done)
        return done

    def host(self):
        return {name: (self.root / name).read_text().strip() for name in {**HOST, **BY_OPTION}}

    @staticmethod
    def values(*, tuned, options=False):
        """The host as it was, or as it is to be."""
        out = {}
        for name, (was, becomes) in {**HOST, **BY_OPTION}.items():
            changes = tuned and becomes is not None and (options or name in HOST)
            out[name] = becomes if changes else was
        return out

    def put_back(self):
        """As it was; of several choices a kernel shows all, and takes one."""
        return {**self.values(tuned=False), THP: "always"}

    def changes(self, done):
        """{file: (was, becomes)} of the lines that say so."""
        lines = [line for line in done.stdout.splitlines() if " -> " in line]
        return {name.lstrip("/"): tuple(values.split(" -> "))
                for name, values in (line.split(": ") for line in lines)}

    def test_a_dry_run_says_what_it_would_do_and_changes_nothing(self):
        done = self.tune("--cores", "2-3")
        expected = {name: (was, becomes) for name, (was, becomes) in HOST.items() if becomes}
        self.assertEqual({**expected, THP: ("always", "madvise")}, self.changes(done))
        self.assertIn("isolcpus=managed_irq,domain,2-3 nohz_full=2-3", done.stdout)
        self.assertIn("--apply", done.stdout)
        self.assertEqual(self.values(tuned=False), self.host())
        self.assertFalse(self.state.exists())

    def test_applies_what_it_said_and_puts_back_what_was(self):
        said = self.tune("--cores", "2,3")
        done = self.tune("--cores", "2,3", "--apply")
        self.assertEqual(self.changes(said), self.changes(done))
        self.assertEqual(self.values(tuned=True), self.host())
        self.assertIn(str(self.state), done.stdout)
        # Once more finds nothing to do.
        self.assertEqual({}, self.changes(self.tune("--cores", "2,3", "--apply")))

        self.tune("--undo")
        self.assertEqual(self.values(tuned=True), self.host())
        self.tune("--undo", "--apply")
        self.assertEqual(self.put_back(), self.host())
        self.assertFalse(self.state.exists())
        self.assertIn("nothing to undo", self.tune("--undo", "--apply").stdout)

    def test_goes_back_to_the_oldest_value_after_several_rounds(self):
        self.tune("--cores", "2-3", "--apply")
        self.write("root/proc/sys/vm/swappiness", "30\n")
        self.tune("--cores", "2-3", "--no-turbo", "--no-smt", "--apply")
        self.assertEqual(self.values(tuned=True, options=True), self.host())
        self.tune("--undo", "--apply")
        self.assertEqual(self.put_back(), self.host())

    def test_wrong_use_is_refused(self):
        for wrong, says in [(("--now",), "--now"), ((), "--cores"), (("--cores",), "--cores"),
                            (("--cores", "two"), "--cores"), (("--cores", "2-"), "--cores"),
                            (("--cores", "0-3", "--apply"), "no core for the rest")]:
            with self.subTest(arguments=wrong):
                done = self.tune(*wrong, status=2)
                self.assertIn(says, done.stderr)
        self.assertEqual(self.values(tuned=False), self.host())
        self.assertFalse(self.state.exists())


if __name__ == "__main__":
    support.main()
