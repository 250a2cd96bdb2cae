"""The watchdog beside a live session: whatever becomes of the engine, none of its orders stays open."""

import json
import signal
import time

import support

# Orders rest two dollars below or above the market, so that only a cancel ends them.
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

[execution]
order_type = "limit"
limit_offset_ticks = -200

[risk]
max_price_distance_bps = 10000

[engine]
idle = "backoff"
cores = "none"
on_stop = "leave"

[live]
silence = "10s"
"""


class Watchdog(support.LiveTest):
    configuration = CONFIGURATION

    def venue(self, *arguments):
        return super().venue("--watchdog", "WATCH:SLUICE:woof", *arguments)

    def engine(self):
        """One that has had time to order."""
        process = self.live("--duration", "300s")
        self.wait((self.state / "heartbeat").exists, "the engine has no heartbeat")
        time.sleep(3)
        return process

    def watchdog(self, *arguments):
        return self.begin("watchdog", "--state", self.state, "--venue", "venue.json", "--user",
                          "WATCH", "--password", "woof", "--json", *arguments)

    def line(self, process):
        return json.loads(process.stdout.readline())

    def assert_none_is_open(self, venue):
        venue.send_signal(signal.SIGINT)
        self.assertEqual(0, support.finish(venue).json()["orders"]["open_at_end"])

    def test_cancels_all_that_a_killed_engine_has_left_open(self):
        for version in ("4.2", "5.0"):
            with self.subTest(version=version):
                venue = self.venue("--ouch-version", version)
                engine = self.engine()
                watchdog = self.watchdog("--once")
                time.sleep(1)
                engine.kill()  # nobody asks after it: its process stays in the table, dead
                said = support.finish(watchdog)
                self.assertEqual(0, said.status, said)
                action = json.loads(said.out)
                self.assertEqual("gone", action["reason"])
                self.assertGreater(action["orders"], 0)
                support.finish(engine)
                self.assert_none_is_open(venue)

    def test_cancels_for_an_engine_that_hangs_and_watches_on_when_it_moves_again(self):
        venue = self.venue()
        engine = self.engine()
        watchdog = self.watchdog("--silence", "500ms")
        time.sleep(1)
        engine.send_signal(signal.SIGSTOP)
        action = self.line(watchdog)
        self.assertEqual("silent", action["reason"])
        self.assertGreater(action["orders"], 0)
        self.assertGreater(action["found_after_ms"], 500)
        engine.send_signal(signal.SIGCONT)
        self.wait(lambda: "moves again" in watchdog.stderr.readline(), "it was not seen to move")
        time.sleep(1)
        engine.kill()
        self.assertEqual("gone", self.line(watchdog)["reason"])
        time.sleep(1.5)
        watchdog.send_signal(signal.SIGINT)
        self.assertEqual(0, support.finish(watchdog).status)
        support.finish(engine)
        self.assert_none_is_open(venue)

    def test_leaves_an_engine_alone_that_has_ended_in_good_order(self):
        venue = self.venue()
        engine = self.engine()
        watchdog = self.watchdog("--once")
        time.sleep(1)
        engine.send_signal(signal.SIGINT)
        support.finish(engine)
        said = support.finish(watchdog)
        self.assertEqual((0, ""), (said.status, said.out), said)
        self.assertIn("ended in good order", said.err)
        venue.send_signal(signal.SIGINT)
        self.assertGreater(support.finish(venue).json()["orders"]["open_at_end"], 0, "as was asked for")

    def test_clears_up_behind_an_engine_that_died_before_it_was_started(self):
        venue = self.venue()
        engine = self.engine()
        engine.kill()
        support.finish(engine)
        said = support.finish(self.watchdog("--once"))
        self.assertEqual("gone", json.loads(said.out)["reason"])
        self.assert_none_is_open(venue)

    def test_says_what_is_missing_and_goes_on_until_it_is_interrupted(self):
        self.state.mkdir(parents=True)
        waiting = self.begin("watchdog", "--state", self.state, "--orders", "127.0.0.1:1", "--user",
                             "WATCH")
        self.assertIn("no log-in at 127.0.0.1:1 yet (Connection refused)",
                      waiting.stdout.readline())
        waiting.send_signal(signal.SIGINT)
        self.assertEqual(0, support.finish(waiting).status)

    def test_ends_when_its_log_in_is_refused(self):
        self.state.mkdir(parents=True)
        self.venue()
        self.refused("watchdog", "--state", self.state, "--venue", "venue.json", "--user", "NOBODY",
                     "--json", status=1, says=["refused the watchdog's log-in as NOBODY"])

    def test_refuses_a_command_line_that_makes_no_sense(self):
        here = ("watchdog", "--state", self.folder, "--user", "WATCH")
        for arguments, says in (
                (("watchdog", "--user", "WATCH", "--state", "nowhere", "--orders", "127.0.0.1:1"),
                 "there is no state folder nowhere"),
                ((*here,), "--orders HOST:PORT or --venue FILE"),
                ((*here, "--venue", "none.json"), "none.json cannot be read"),
                ((*here, "--orders", "somewhere"), "--orders"),
                ((*here, "--orders", "127.0.0.1:1", "--silence", "soon"), "--silence takes a time"),
                ((*here, "--orders", "127.0.0.1:1", "--bark"), "--bark"),
                (("watchdog", "--state", self.folder, "--orders", "127.0.0.1:1"), "--user"),
                (("watchdog", "--state", self.folder, "--orders", "127.0.0.1:1", "--user",
                  "MUCHTOOLONG"), "more than 6 characters")):
            with self.subTest(arguments=arguments):
                self.refused(*arguments, status=2, says=[says])
        self.refused("venue", "--watchdog", "WATCH:NOBODY", status=2, says=["--watchdog takes"])
        self.assertIn("--silence", self.sluice("watchdog", "--help").out)


if __name__ == "__main__":
    support.main()
