"""Imports that are cut off: killed at random moments, or by a full disk. The store opens, verifies,
holds whole days only, and the same import called again completes it. SLUICE_KILLS sets how often."""

import os
import random
import shutil
import signal
import subprocess
import time

import support

KILLS = int(os.environ.get("SLUICE_KILLS", "12"))
DAYS = 6
ROWS = 40_000  # a day


def rows(day):
    dice = random.Random(day)
    start = 1_704_205_800_000_000_000 + day * 86_400_000_000_000  # 2024-01-02 14:30 UTC
    price = 100_00
    lines = []
    for i in range(ROWS):
        price += dice.randint(-2, 2)
        lines.append(f"{start + i * 500_000_000},{price // 100}.{price % 100:02},"
                     f"{dice.randint(1, 500)}\n")
    return lines


class CutOff(support.SystemTest):
    def setUp(self):
        super().setUp()
        with open(self.folder / "a.csv", "w") as out:
            out.write("time,price,quantity\n")
            for day in range(DAYS):
                out.writelines(rows(day))

    def command(self, store, *more):
        return ("import", "csv", "a.csv", "--symbol", "A", "--time", "ns", "--store", store, *more)

    def assert_verifies(self, store):
        if any((self.folder / store).glob("A/*.h5")):
            self.sluice("data", "verify", "--store", store)

    def exported(self, store):
        return self.sluice("data", "export", "--store", store, "--symbol", "A", "--time",
                           "ns").out

    def test_an_import_killed_at_random_moments_is_completed_by_the_next(self):
        started = time.monotonic()
        self.sluice(*self.command("whole"))
        whole = time.monotonic() - started
        dice = random.Random(1)
        cut = 0
        for kill in range(KILLS):
            compress = ("--compress", "packed") if kill % 2 else ()
            store = f"store{kill % 2}"
            running = support.start(*self.command(store, *compress), cwd=self.folder)
            time.sleep(dice.random() * whole)
            running.send_signal(signal.SIGKILL)
            running.communicate()
            cut += running.returncode == -signal.SIGKILL
            self.assert_verifies(store)
            if len(list((self.folder / store).glob("A/*.h5"))) == DAYS:
                shutil.rmtree(self.folder / store)  # so that there is something left to cut off
        self.assertGreater(cut, 0)
        expected = self.exported("whole")
        for store, compress in (("store0", ()), ("store1", ("--compress", "packed"))):
            self.sluice(*self.command(store, *compress))
            self.assert_store_is_whole(store)
            self.assertEqual(expected, self.exported(store), store)

    def test_a_full_disk_is_named_and_nothing_that_was_there_is_lost(self):
        small = self.folder / "small"
        small.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", small],
                                 capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("no tmpfs can be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", small], capture_output=True)
        refused = self.sluice(*self.command("small/store"), status=1)
        self.assertIn("No space left on device", refused.err)
        self.assertIn("small/store", refused.err)
        self.assert_store_is_whole("small/store")
        subprocess.run(["mount", "-o", "remount,size=64m", small], check=True)
        self.sluice(*self.command("small/store"))
        self.sluice(*self.command("whole"))
        self.assertEqual(self.exported("whole"), self.exported("small/store"))


if __name__ == "__main__":
    support.main()
