"""A live session against the simulated venue, over real sockets: it trades, it ends in good order,
and its journal replays to the same orders, also when lines lose packets, connections break and the
process is killed. SLUICE_SESSIONS sets how many faulty sessions are run, SLUICE_OTHER_BUILDS (paths,
a colon between two) which programs must replay each journal to the same digest too, SLUICE_WIRE_SECONDS
how long another program listens to a session."""

import collections
import csv
import datetime
import json
import os
import re
import shutil
import signal
import struct
import subprocess
import time

import support
import venue_faults

SESSIONS = int(os.environ.get("SLUICE_SESSIONS", "3"))
OTHER_BUILDS = [path for path in os.environ.get("SLUICE_OTHER_BUILDS", "").split(":") if path]
WIRE_SECONDS = int(os.environ.get("SLUICE_WIRE_SECONDS", "2"))
CONFIGURATION = support.two_strategies(beat="50ms", short="100ms", long="500ms") + """
[execution]
order_type = "limit"
limit_offset_ticks = -1
reprice_after = "200ms"

[risk]
max_position = 1000
max_orders_per_second = 100

[engine]
idle = "backoff"
cores = "none"

[live]
silence = "2s"
"""


def crc32c(data):
    """CRC-32C (RFC 3720, appendix B.4)."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


class Live(support.SystemTest):
    def setUp(self):
        super().setUp()
        self.write("live.toml", CONFIGURATION)

    def venue(self, *arguments):
        """Starts a venue and waits for its ports."""
        ports = self.folder / "venue.json"
        ports.unlink(missing_ok=True)
        process = support.start("venue", "--ports-file", ports, "--rate", 3000, "--json",
                                *arguments, cwd=self.folder)
        self.addCleanup(process.kill)
        for _ in range(500):
            if ports.exists():
                return process
            if process.poll() is not None:
                self.fail(str(support.finish(process)))
            time.sleep(0.02)
        self.fail("the venue did not say where it is")

    def run_folders(self):
        """The folders of runs; the state that they share lies beside them."""
        return (path for path in (self.folder / "runs").iterdir() if path.name != "state")

    def live(self, *arguments):
        return support.start("run", "--venue", "venue.json", "--config", "live.toml", "--out",
                             "runs", "--json", *arguments, cwd=self.folder)

    def session(self, venue_arguments=(), run_arguments=("--duration", "3s")):
        venue = self.venue(*venue_arguments)
        ended = support.finish(self.live(*run_arguments))
        self.assertEqual(0, ended.status, ended)
        venue.send_signal(signal.SIGINT)
        said = support.finish(venue)
        self.assertEqual(0, said.status, said)
        self.venue_did = said.json()
        return ended.json()

    def replayed(self, folder, placement, status=0):
        return self.sluice("replay", "--journal", folder, "--placement", placement, "--out",
                           "replays", "--json", status=status)

    def assert_replays(self, summary):
        for placement in ("fused", "bars", "split"):
            again = self.replayed(summary["folder"], placement).json()
            self.assertTrue(again["journal"]["same"], again["journal"])
            self.assertEqual(summary["digest"], again["digest"], placement)
            self.assertEqual(0, again["journal"]["commands_missing"])
            for program in OTHER_BUILDS:
                other = support.finish(support.start(
                    "replay", "--journal", summary["folder"], "--placement", placement, "--out",
                    "replays", "--json", cwd=self.folder, program=program))
                self.assertEqual(0, other.status, other)
                self.assertTrue(other.json()["journal"]["same"], (program, other))
                self.assertEqual(summary["digest"], other.json()["digest"], (program, placement))

    def test_a_session_trades_and_replays_to_the_same_orders(self):
        # Contracts of half a unit: small enough for the limits. They are charged several times a second, and
        # the account in euros, whose rate changes as often.
        now = datetime.datetime.now(datetime.timezone.utc)
        rows = ["time,kind,symbol,currency,amount,rate,price", "2020-01-01,rate,,EUR,,,1.05"]
        for i in range(60):
            at = (now + datetime.timedelta(seconds=i / 5)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            rows += [f"{at},funding,SIM{1 + i % 3},,,{(-1) ** (i // 3) * 0.0001},",
                     f"{at},fee,,USD,-0.01,,", f"{at},rate,,EUR,,,{1.1 + i / 1000:.3f}",
                     f"{at},interest,,EUR,0.07,,"]
        self.write("entries.csv", "\n".join(rows) + "\n")
        summary = self.session(("--seed", "5"), (
            "--duration", "3s", "--set", "account.entries=entries.csv", "--set",
            'account.multipliers=["SIM1=0.5", "SIM2=0.5", "SIM3=0.5"]', "--set",
            'account.rates=["EUR=1.2"]'))
        self.assertGreater(summary["ticks"]["total"], 500)
        self.assertGreater(summary["orders"]["sent"], 3, summary)
        self.assertGreater(summary["fills"], 0, summary)
        self.assertEqual(0, summary["live"]["feed"]["lost"])
        self.assertEqual(0, summary["live"]["feed"]["malformed"])
        self.assertEqual(0, summary["live"]["unanswered"])
        self.assertEqual(0, summary["incidents"]["total"], summary["incidents"])
        charges = summary["books"]["charges"]["by_kind"]
        self.assertLess(float(charges["fee"]), -0.05, charges)
        self.assertNotEqual("0", charges["funding"], charges)
        euros = summary["books"]["currencies"][1]
        self.assertGreater(float(euros["worth"]), 0.5, euros)
        self.assertGreater(summary["books"]["rates_taken"], 5)
        self.assertLess(1.105, float(euros["rate"]), euros)
        self.sluice("account", summary["folder"])
        self.assertGreaterEqual(set(os.listdir(self.folder / summary["folder"])),
                                (support.REPORTED - {"commands.bin"}) | {"journal", "metrics.csv"})
        self.assertEqual({"0.5"}, {row["multiplier"] for row in summary["instruments"]})
        self.assert_replays(summary)
        account = self.sluice("account", summary["folder"], "--json").json()
        self.assertEqual(summary["books"]["equity"], account["equity"])
        for folder in (summary["folder"],
                       self.replayed(summary["folder"], "fused").json()["folder"]):
            made = self.sluice("explain", folder, "--random", 1000, "--json").json()
            self.assertEqual((summary["orders"]["sent"],) * 2, (made["orders"], made["same"]))
        order = self.sluice("explain", summary["folder"], 1, "--json").json()
        self.assertTrue(order["again"]["same"])
        self.assertEqual(1, order["trail"]["order"]["id"])
        self.assertGreater(len(order["trail"]["ticks"]), 0)

    def test_faulty_sessions_replay_to_the_same_orders(self):
        done, orders = collections.Counter(), 0
        for seed in range(1, SESSIONS + 1):
            placement, faults = venue_faults.drawn(seed)
            with self.subTest(seed=seed, placement=placement, faults=faults):
                summary = self.session(venue_faults.arguments(faults),
                                       ("--duration", "3s", "--placement", placement))
                self.assertGreater(summary["live"]["session"]["orders"], 0, summary["live"])
                self.assert_replays(summary)
                orders += summary["orders"]["sent"]
                done.update(venue_faults.effects(faults, self.venue_did))
        print(f"{SESSIONS} sessions, {orders} orders; faults: {dict(done)}")
        spared = {fault for fault, times in done.items() if times == 0}
        self.assertEqual(set(), spared - (venue_faults.RARE if SESSIONS < 10 else set()), done)

    def test_a_killed_session_is_recovered_and_replays(self):
        venue = self.venue("--seed", 9)
        running = self.live()
        time.sleep(2.5)
        running.kill()
        running.communicate()
        venue.kill()
        folder, = self.run_folders()
        again = self.replayed(folder, "fused").json()
        self.assertTrue(again["journal"]["same"], again["journal"])
        self.assertFalse(again["journal"]["ended"])
        self.assertGreater(again["ticks"]["total"], 200)
        # A second replay finds it mended.
        self.assertEqual(again["digest"], self.replayed(folder, "split").json()["digest"])

    def test_a_changed_byte_of_the_journal_is_found(self):
        summary = self.session(("--seed", "6"), ("--duration", "1500ms"))
        segment = next((self.folder / summary["folder"] / "journal").glob("*.sluj"))
        data = bytearray(segment.read_bytes())
        data[64 * 20 + 9] ^= 1
        segment.write_bytes(data)
        refused = self.replayed(summary["folder"], "fused", status=1)
        self.assertIn(segment.name, refused.err)

    def test_a_replay_says_that_another_version_recorded(self):
        summary = self.session(("--seed", "8"), ("--duration", "1500ms"))
        self.assertEqual([], self.other_versions(summary))
        journal = self.folder / summary["folder"] / "journal"
        header = (journal / "header.json").read_bytes()
        header = re.sub(rb'("build": "sluice )\d+', rb"\g<1>9", header)
        (journal / "header.json").write_bytes(header)
        for segment in journal.glob("*.sluj"):  # docs/formats/journal.md: the segment's header
            data = bytearray(segment.read_bytes())
            data[40:48] = struct.pack("<II", len(header), crc32c(header))
            data[56:60] = struct.pack("<I", crc32c(data[0:56] + data[60:64]))
            segment.write_bytes(data)
        self.assertEqual(1, len(self.other_versions(summary)))

    def other_versions(self, summary):
        warnings = self.replayed(summary["folder"], "fused").json()["run"]["warnings"]
        return [text for text in warnings if "another version" in text]

    def test_an_interrupt_ends_the_session_in_good_order(self):
        self.venue("--seed", 7)
        running = self.live()
        time.sleep(1.5)
        running.send_signal(signal.SIGINT)
        ended = support.finish(running)
        self.assertEqual(0, ended.status, ended)
        self.assert_replays(ended.json())

    def test_the_end_of_the_exchange_ends_the_session(self):
        venue = self.venue("--seed", 8, "--duration", "1500ms")
        ended = support.finish(self.live())
        self.assertEqual(0, ended.status, ended)
        self.assertEqual(0, support.finish(venue).status)
        self.assert_replays(ended.json())

    def test_another_program_decodes_the_packets(self):
        tshark = shutil.which("tshark")
        if tshark is None:
            self.skipTest("no tshark")
        self.venue("--seed", 4, "--ouch-version", "4.2")
        ports = json.loads((self.folder / "venue.json").read_text())
        feed, orders = (ports[key].rsplit(":", 1)[1] for key in ("feed_a", "orders"))
        capture = self.folder / "wire.pcapng"
        sniffer = subprocess.Popen(
            [tshark, "-q", "-i", "lo", "-f", f"udp port {feed} or tcp port {orders}", "-w",
             capture], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        time.sleep(2)
        if sniffer.poll() is not None:
            self.skipTest("tshark may not capture here")
        ended = support.finish(self.live("--duration", f"{WIRE_SECONDS}s"), WIRE_SECONDS)
        self.assertEqual(0, ended.status, ended)
        summary = ended.json()
        sniffer.send_signal(signal.SIGINT)
        sniffer.communicate()

        def fields(display_filter):
            read = subprocess.run(
                [tshark, "-r", capture, "-d", f"udp.port=={feed},moldudp64", "-d",
                 f"tcp.port=={orders},soupbintcp", "-Y", display_filter, "-T", "fields", "-e",
                 "frame.number"], capture_output=True, text=True, check=False)
            # A capture that was ended may lack the end of its last packet.
            if read.returncode != 0:
                self.assertIn("cut short", read.stderr)
            return len(read.stdout.split())

        self.assertEqual(0, fields("_ws.malformed"))
        decoded = {protocol: fields(protocol) for protocol in ("moldudp64", "soupbintcp", "ouch")}
        print(f"{WIRE_SECONDS} s, {summary['orders']['sent']} orders; packets: {decoded}")
        self.assertGreater(decoded["moldudp64"], 100)
        self.assertGreater(decoded["soupbintcp"], summary["orders"]["sent"])
        self.assertGreaterEqual(decoded["ouch"], summary["orders"]["sent"])

    def test_two_engines_share_a_feed_of_multicast_groups(self):
        venue = support.start("venue", "--ports-file", "venue.json", "--rate", 3000, "--json",
                              "--feed-to", "239.255.77.1,239.255.77.2", "--user", "ONE", "--user",
                              "TWO", cwd=self.folder)
        self.addCleanup(venue.kill)
        for _ in range(500):
            if (self.folder / "venue.json").exists():
                break
            if venue.poll() is not None:
                self.skipTest("no multicast here: " + support.finish(venue).err)
            time.sleep(0.02)
        running = [self.live("--duration", "2s", "--set", "live.feed_interface=127.0.0.1", "--set",
                             f"live.user={user}", "--set", f"report.state_folder=state-{user}")
                   for user in ("ONE", "TWO")]
        for engine in running:
            ended = support.finish(engine)
            self.assertEqual(0, ended.status, ended)
            feed = ended.json()["live"]["feed"]
            self.assertGreater(feed["messages"], 500)
            self.assertEqual(0, feed["lost"])

    def test_metrics_are_written_while_the_session_runs(self):
        self.venue("--seed", 3)
        running = self.live("--set", "live.metrics_every=1s")
        folder, rows = None, []
        for _ in range(1000):
            time.sleep(0.02)
            if folder is None and (self.folder / "runs").exists():
                folder = next(self.run_folders(), None)
            if folder is not None and (folder / "metrics.csv").exists():
                rows = list(csv.DictReader((folder / "metrics.csv").read_text().splitlines()))
            if len(rows) >= 2:
                break
        self.assertIsNone(running.poll(), "it still runs")
        running.send_signal(signal.SIGINT)
        summary = support.finish(running).json()
        rows = list(csv.DictReader((folder / "metrics.csv").read_text().splitlines()))
        self.assertGreaterEqual(len(rows), 3)
        self.assertEqual(summary["live"]["feed"]["messages"], int(rows[-1]["messages"]))
        self.assertEqual(summary["live"]["halts"]["total"], int(rows[-1]["halts"]))
        hops = {row["hop"]: row["count"] for row in summary["latency"]}
        for column, hop in (("send", "datagram to order sent"), ("answer", "order to answer"),
                            ("delay", "exchange to local clock")):
            self.assertEqual(hops[hop], sum(int(row[f"{column}_count"]) for row in rows), hop)
        feed = summary["live"]["feed"]
        self.assertEqual(feed["ahead"], sum(int(row["ahead_count"]) for row in rows))
        self.assertEqual(feed["ahead_max_ns"], max(int(row["ahead_max_ns"]) for row in rows))
        self.assertGreater(int(rows[0]["rss_bytes"]), 1_000_000)

    def test_says_what_is_wrong(self):
        self.refused("run", "--venue", "nowhere.json", "--symbols", "SIM1", status=2,
                     says=["nowhere.json", "ports-file"])
        self.write("odd.json", "{}")
        self.refused("run", "--venue", "odd.json", status=2, says=["odd.json", "feed_a"])
        self.refused("run", "--venue", "config", status=2, says=["--symbols"])
        self.refused("run", "--venue", "config", "--symbols", "SIM1", "--speed", "3", status=2,
                     says=["--speed"])
        self.refused("run", "--venue", "config", "--symbols", "SIM1", "--set",
                     "live.orders=nobody", status=1, says=["nobody"])
        self.refused("run", "--venue", "config", "--symbols", "SIM1", "--set",
                     "live.feed_interface=eth0", status=1, says=["eth0"])
        self.refused("replay", "--journal", self.folder, status=1, says=[str(self.folder)])
        self.refused("replay", "--journal", self.folder, "--symbols", "A", status=2,
                     says=["--symbols"])


if __name__ == "__main__":
    support.main()
