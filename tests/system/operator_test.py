"""The operator's hands on a session: the stop file, the signal and the commands, live and on paper;
what was held stays held over a restart and a crash, and the journal has all of it."""

import json
import signal
import time

import support

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
limit_offset_ticks = -1

[engine]
idle = "backoff"
cores = "none"

[live]
silence = "2s"
"""


class Operator(support.LiveTest):
    configuration = CONFIGURATION

    def holds(self):
        return self.sluice("halts", "--state", self.state, "--json").json()["holds"]

    def assert_replays(self, summary):
        again = self.sluice("replay", "--journal", summary["folder"], "--out", "replays",
                            "--json").json()
        self.assertTrue(again["journal"]["same"], again["journal"])
        self.assertEqual(summary["digest"], again["digest"])

    def test_a_stop_holds_until_its_file_is_gone_and_its_id_is_named(self):
        self.venue()
        session = self.live("--duration", "60s")
        time.sleep(1.5)
        done = self.sluice("stop", "--state", self.state, "--reason", "drill", "--json").json()
        self.assertTrue(done["live"])
        time.sleep(0.5)
        summary = self.end(session)
        self.assertEqual(1, summary["live"]["halts"]["by_reason"]["emergency_stop"])
        self.assert_replays(summary)
        self.assertEqual(["emergency_stop"], [h["reason"] for h in self.holds()])
        self.assertIn("drill", self.holds()[0]["text"])

        refused = support.finish(self.live("--duration", "1s"))
        self.assertEqual(1, refused.status)
        self.assertIn("EMERGENCY_STOP", refused.err)
        still = self.sluice("resume", done["id"], "--state", self.state, status=1)
        self.assertIn("remove it first", still.err)

        (self.state / "EMERGENCY_STOP").unlink()
        held = support.finish(self.live("--duration", "2s"))
        self.assertEqual(0, held.status, held)
        self.assertEqual(0, held.json()["orders"]["sent"], "still held: the id was not named")
        self.assertGreater(held.json()["refusals"]["by_reason"]["emergency_stop"], 0)
        self.assert_replays(held.json())

        self.sluice("resume", done["id"], "--state", self.state)
        free = support.finish(self.live("--duration", "2s"))
        self.assertGreater(free.json()["orders"]["sent"], 0)
        self.assert_replays(free.json())

    def test_the_signal_stops_a_session_and_a_crash_does_not_undo_it(self):
        self.venue()
        session = self.live("--duration", "60s")
        time.sleep(1.5)
        session.send_signal(signal.SIGUSR1)
        self.wait(lambda: self.holds() != [], "the signal was not taken")
        session.kill()
        support.finish(session)
        self.assertEqual("signal", self.holds()[0]["text"])
        held = support.finish(self.live("--duration", "2s"))
        self.assertEqual(0, held.json()["orders"]["sent"])

    def test_a_halt_and_a_pause_are_made_and_lifted_while_the_session_trades(self):
        self.venue()
        session = self.live("--duration", "60s")
        time.sleep(1.5)
        pause = self.sluice("pause", "SIM1", "--state", self.state, "--reason", "news",
                            "--json").json()
        halt = self.sluice("halt", "--state", self.state, "--json").json()
        self.assertEqual({"", "SIM1"}, {h["symbol"] for h in self.holds()})
        time.sleep(1)
        self.sluice("resume", halt["id"], "--state", self.state)
        time.sleep(1.5)
        self.assertEqual([pause["id"]], [h["id"] for h in self.holds()])
        summary = self.end(session)
        reasons = summary["refusals"]["by_reason"]
        self.assertGreater(reasons["operator_halt"], 0, reasons)
        self.assertGreater(reasons["paused"], 0, reasons)
        self.assert_replays(summary)

    def test_a_state_that_is_damaged_keeps_every_session_from_starting(self):
        self.state.mkdir(parents=True)
        (self.state / "risk.json").write_text("{}")
        self.venue()
        refused = support.finish(self.live("--duration", "1s"))
        self.assertEqual(1, refused.status)
        self.assertIn("risk.json is damaged", refused.err)

    def test_two_sessions_do_not_share_a_state(self):
        self.venue()
        session = self.live("--duration", "60s")
        self.wait(lambda: (self.state / "risk.json").exists(), "the session did not start")
        second = support.finish(self.live("--duration", "1s"))
        self.assertEqual(1, second.status)
        self.assertIn("another session trades with the state", second.err)
        self.end(session)

    def test_a_paper_session_is_stopped_by_the_file(self):
        support.made_market(self.folder / "market")
        state = self.folder / "paper"
        session = support.start("run", "--store", "market", "--speed", 2000, "--out", "runs",
                                "--state", state, "--json", cwd=self.folder)
        self.addCleanup(session.kill)
        self.wait(lambda: (state / "risk.json").exists(), "the session did not start")
        (state / "EMERGENCY_STOP").write_text("enough\n")
        self.wait(lambda: json.loads((state / "risk.json").read_text())["holds"],
                  "the file was not seen")
        session.send_signal(signal.SIGINT)
        summary = support.finish(session).json()
        self.assertIn("emergency stop: file EMERGENCY_STOP: enough",
                      (self.folder / summary["folder"] / "run.log").read_text())
        (state / "EMERGENCY_STOP").unlink()
        again = self.sluice("run", "--store", "market", "--speed", 1_000_000, "--out", "runs",
                            "--state", state, "--json").json()
        self.assertEqual(0, again["orders"]["sent"])
        self.assertGreater(again["refusals"]["by_reason"]["emergency_stop"], 0)

    def test_a_folder_that_is_not_there_is_a_mistake_of_the_command_line(self):
        done = self.sluice("stop", "--state", "nowhere", status=2)
        self.assertIn("there is no state folder", done.err)


if __name__ == "__main__":
    support.main()
