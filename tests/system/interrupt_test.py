"""Ctrl-C at any moment: what runs ends in good order, what is stored stays whole, and the next call
works as if nothing had been. The moments are random from a fixed seed."""

import io
import random
import signal
import time
import zipfile

import support

MOMENTS = 12
DAYS = 3


def lean_days(folder, days, rows):
    """LEAN archives of a symbol: enough work to be interrupted in."""
    folder.mkdir(parents=True)
    for day in range(2, 2 + days):
        text = io.StringIO()
        for i in range(rows):
            text.write(f"{34200000 + i},{1000000 + i % 977 * 100},{100 + i % 7},Q,0,0\n")
        date = f"202401{day:02}"
        with zipfile.ZipFile(folder / f"{date}_trade.zip", "w", zipfile.ZIP_DEFLATED) as out:
            out.writestr(f"{date}_abc_Trade_Tick.csv", text.getvalue())


class Interrupts(support.SystemTest):
    def setUp(self):
        super().setUp()
        self.random = random.Random(20240102)

    def took(self, *arguments):
        """How long the call takes when it is left alone."""
        began = time.monotonic()
        self.sluice(*arguments)
        return time.monotonic() - began

    def interrupted(self, *arguments, after):
        process = support.start(*arguments, cwd=self.folder)
        time.sleep(after)
        process.send_signal(signal.SIGINT)
        return support.finish(process)

    def new_run(self, before):
        runs = self.folder / "runs"
        return [path for path in (runs.iterdir() if runs.exists() else []) if path not in before]

    def assert_ended_in_good_order(self, result, before):
        """A run that was begun left all that a run leaves, whatever the moment. True when the
        signal came while it ran."""
        made = self.new_run(before)
        if result.status == -signal.SIGINT:  # before it had begun, or after the last file
            before.update(made)
            for folder in made:
                self.assert_run_is_whole(folder)
            return False
        self.assertEqual(0, result.status, result)
        self.assertEqual(1, len(made), result)
        before.add(made[0])
        self.assert_run_is_whole(made[0])
        summary = result.json()
        ticks = summary["ticks"]
        self.assertEqual(ticks["total"], ticks["used"] + ticks["late"] + ticks["refused"])
        return summary["run"]["interrupted"]

    def test_a_replay_ends_with_a_whole_report_or_before_it_began(self):
        store = support.made_market(self.folder / "store", "--days", DAYS)
        replay = ("replay", "--store", store, "--out", "runs", "--json")
        whole = self.took(*replay)
        before = set(self.new_run(set()))
        for _ in range(MOMENTS):
            result = self.interrupted(*replay, after=self.random.uniform(0, 1.1 * whole))
            self.assert_ended_in_good_order(result, before)
        self.assert_store_is_whole(store)
        self.assertFalse(self.replay(store)["run"]["interrupted"])

    def test_a_paper_session_ends_with_a_whole_report(self):
        store = support.made_market(self.folder / "store")
        before = set()
        ended = 0
        for _ in range(MOMENTS):
            result = self.interrupted("run", "--store", store, "--out", "runs", "--json",
                                      "--speed", 20, after=self.random.uniform(0, 1))
            ended += self.assert_ended_in_good_order(result, before)
        self.assertGreater(ended, 0)
        self.assert_store_is_whole(store)
        self.assertFalse(self.replay(store)["run"]["interrupted"])

    def test_a_session_that_is_to_flatten_holds_nothing_afterwards(self):
        store = support.made_market(self.folder / "store")
        result = self.interrupted("run", "--store", store, "--out", "runs", "--json", "--speed",
                                  4000, "--set", "engine.on_stop=flatten", after=4)
        self.assertEqual(0, result.status, result)
        summary = result.json()
        self.assertEqual({"0"}, {row["position"] for row in summary["instruments"]}, result)
        self.assertEqual("0", summary["books"]["unrealised"])

    def test_a_second_signal_ends_it_at_once(self):
        # Its threads are left running, as is meant; ThreadSanitizer is told so (CMakePresets.json).
        store = support.made_market(self.folder / "store")
        for _ in range(3):
            process = support.start("run", "--store", store, "--out", "runs", "--json",
                                    "--speed", 1, cwd=self.folder)
            time.sleep(1)
            # Stopped meanwhile, so that both are there before it can finish what the first began.
            process.send_signal(signal.SIGSTOP)
            process.send_signal(signal.SIGINT)
            process.send_signal(signal.SIGTERM)
            process.send_signal(signal.SIGCONT)
            result = support.finish(process)
            self.assertIn(result.status, {130, -signal.SIGINT, -signal.SIGTERM}, result)
            self.assertEqual("", result.out)
        self.assert_store_is_whole(store)

    def test_a_service_managers_stop_is_taken_like_ctrl_c(self):
        store = support.made_market(self.folder / "store")
        process = support.start("run", "--store", store, "--out", "runs", "--json", "--speed", 1,
                                cwd=self.folder)
        time.sleep(2)
        process.send_signal(signal.SIGTERM)
        result = support.finish(process)
        self.assertEqual(0, result.status, result)
        self.assertTrue(result.json()["run"]["interrupted"])

    def assert_store_survives(self, fill):
        """Interrupts `fill` into a store of its own at many moments; each time the store stays
        whole, and filling it again makes it equal to one that was never interrupted."""
        whole = self.took(*fill("control"))
        control = self.files("control")
        digest = self.replay("control")["digest"]
        for moment in range(MOMENTS):
            store = f"store-{moment}"
            result = self.interrupted(*fill(store), after=self.random.uniform(0, 1.1 * whole))
            self.assertIn(result.status, {0, -signal.SIGINT}, result)
            if (self.folder / store).exists():
                self.assert_store_is_whole(store)
            self.sluice(*fill(store))
            self.assertEqual(control, self.files(store))
            self.assertEqual(digest, self.replay(store)["digest"])

    def test_generating_leaves_whole_days_only(self):
        self.assert_store_survives(lambda store: (
            "generate", "--store", store, "--instruments", 2, "--days", DAYS, "--seed", 3,
            "--trades-per-day", 10000, "--json"))

    def test_importing_leaves_whole_days_only(self):
        lean_days(self.folder / "lean/equity/usa/tick/abc", days=4, rows=60000)
        self.assert_store_survives(lambda store: (
            "import", "lean", "lean", "--store", store, "--json"))


if __name__ == "__main__":
    support.main()
