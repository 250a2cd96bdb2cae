"""The simulated exchange as its own process: what it says, where it can be reached, what it sends,
and how it ends."""

import json
import signal
import socket
import struct
import time

import support

HEADER = struct.Struct(">10sQH")  # MoldUDP64: session, sequence number, message count
END_OF_SESSION = 0xFFFF


def address_of(text):
    host, port = text.split(":")
    return host, int(port)


def received_until_end(taken):
    """Every (sequence, messages) of a line up to its end-of-session packet, in order of arrival."""
    out = []
    while True:
        datagram = taken.recv(65536)
        _, sequence, count = HEADER.unpack_from(datagram)
        if count == END_OF_SESSION:
            return out, sequence
        messages, at = [], HEADER.size
        for _ in range(count):
            size, = struct.unpack_from(">H", datagram, at)
            messages.append(datagram[at + 2:at + 2 + size])
            at += 2 + size
        assert at == len(datagram), "bytes beyond the last message"
        out.append((sequence, messages))


class Venue(support.SystemTest):
    def line(self):
        """A UDP socket on a free port, large enough for what comes while nobody looks."""
        taken = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(taken.close)
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        taken.bind(("127.0.0.1", 0))
        taken.settimeout(support.HANGS_AFTER_SECONDS)
        return taken

    def start(self, *arguments):
        process = support.start("venue", "--json", "--ports-file", "ports.json", *arguments,
                                cwd=self.folder)
        self.addCleanup(process.kill)
        return process

    def ports(self, process):
        """What the ports file says, once it is there."""
        path = self.folder / "ports.json"
        while not path.exists():
            self.assertIsNone(process.poll(), process.poll() is None or process.stderr.read())
            time.sleep(0.01)
        return json.loads(path.read_text())

    def finished(self, process):
        result = support.finish(process)
        self.assertEqual(0, result.status, result)
        return result.json()

    def test_says_where_it_can_be_reached_and_what_it_did(self):
        process = self.start("--duration", "1s", "--symbols", "AAA,BBB", "--ouch-version", "5.0")
        ports = self.ports(process)
        self.assertEqual(["AAA", "BBB"], ports["symbols"])
        self.assertEqual("ouch50", ports["order_protocol"])
        named = [ports[key] for key in ("feed_a", "feed_b", "feed_requests", "orders")]
        for text in named:
            host, port = address_of(text)
            self.assertEqual("127.0.0.1", host)
            self.assertGreater(port, 0)
        self.assertEqual(4, len(set(named)))
        with socket.create_connection(address_of(ports["orders"])):
            did = self.finished(process)
        self.assertEqual(1, did["orders"]["connections"])
        self.assertGreater(did["feed"]["messages"], 100)
        self.assertGreaterEqual(did["seconds"], 1)

    def test_both_lines_bring_every_message_in_order_and_then_the_end(self):
        a, b = self.line(), self.line()
        process = self.start("--duration", "1s", "--itch-port-a", a.getsockname()[1],
                             "--itch-port-b", b.getsockname()[1], "--rate", 5000)
        ways = [received_until_end(taken) for taken in (a, b)]
        did = self.finished(process)
        self.assertEqual(ways[0], ways[1])
        packets, after_last = ways[0]
        expected = 1
        messages = []
        for sequence, block in packets:
            self.assertEqual(expected, sequence)
            expected += len(block)
            messages += block
        self.assertEqual(after_last, expected)
        self.assertEqual(did["feed"]["messages"], len(messages))
        # The day as ITCH 5.0 has it: it begins with O and ends with C, each symbol has its R.
        self.assertEqual((b"S", b"O"), (messages[0][:1], messages[0][-1:]))
        self.assertEqual((b"S", b"C"), (messages[-1][:1], messages[-1][-1:]))
        self.assertEqual([b"SIM1    ", b"SIM2    ", b"SIM3    "],
                         [m[11:19] for m in messages if m[:1] == b"R"])

    def test_sends_again_what_is_asked_for(self):
        a = self.line()
        process = self.start("--duration", "20s", "--itch-port-a", a.getsockname()[1])
        ports = self.ports(process)
        first = a.recv(65536)
        session, sequence, count = HEADER.unpack_from(first)
        while count == 0:
            first = a.recv(65536)
            session, sequence, count = HEADER.unpack_from(first)
        asking = self.line()
        asking.sendto(HEADER.pack(session, sequence, count), address_of(ports["feed_requests"]))
        self.assertEqual(first, asking.recv(65536))
        process.send_signal(signal.SIGINT)
        self.assertEqual(1, self.finished(process)["feed"]["requests"])

    def test_loses_and_doubles_as_it_is_told_and_counts_it(self):
        a, b = self.line(), self.line()
        process = self.start("--duration", "1s", "--itch-port-a", a.getsockname()[1],
                             "--itch-port-b", b.getsockname()[1], "--rate", 5000,
                             "--loss", 0.1, "--duplicate", 0.1, "--reorder", 0.1, "--seed", 5)
        packets, _ = received_until_end(a)
        did = self.finished(process)["feed"]["line_a"]
        for key in ("lost", "duplicated", "reordered"):
            self.assertGreater(did[key], 0, key)
        sequences = [sequence for sequence, block in packets if block]
        self.assertLess(len(set(sequences)), did["datagrams"])
        self.assertLess(len(set(sequences)), len(sequences))
        self.assertNotEqual(sorted(sequences), sequences)

    def test_lets_a_client_in_and_says_good_bye(self):
        process = self.start("--user", "ME:SECRET")
        ports = self.ports(process)
        # SoupBinTCP: user 6, password 10, session 10, sequence number 20 characters.
        login = b"L" + b"ME    " + b"SECRET    " + b" " * 10 + b"0".rjust(20)
        with socket.create_connection(address_of(ports["orders"]),
                                      timeout=support.HANGS_AFTER_SECONDS) as client:
            client.sendall(struct.pack(">H", len(login)) + login)
            stream = client.makefile("rb")
            size, = struct.unpack(">H", stream.read(2))
            self.assertEqual(b"A", stream.read(size)[:1])
            process.send_signal(signal.SIGINT)
            kinds = []
            while header := stream.read(2):
                kinds.append(stream.read(struct.unpack(">H", header)[0])[:1])
        self.assertEqual(b"Z", kinds[-1])
        self.assertEqual(1, self.finished(process)["orders"]["logins"])

    def test_ends_in_good_order_when_interrupted(self):
        for stop in (signal.SIGINT, signal.SIGTERM):
            a = self.line()
            process = self.start("--itch-port-a", a.getsockname()[1])
            self.ports(process)
            a.recv(65536)
            process.send_signal(stop)
            packets, after_last = received_until_end(a)
            self.assertEqual(packets[-1][0] + len(packets[-1][1]), after_last)
            self.finished(process)
            (self.folder / "ports.json").unlink()

    def test_replays_a_store(self):
        store = support.made_market(self.folder / "store")
        process = self.start("--store", store, "--speed", 100000, "--duration", "1s")
        did = self.finished(process)
        self.assertGreater(did["replay"]["quotes"] + did["replay"]["trades"], 0)
        self.assertGreater(did["feed"]["messages"], 10)

    def test_a_port_that_is_taken_is_named(self):
        taken = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(taken.close)
        port = taken.getsockname()[1]
        self.refused("venue", "--ouch-port", port, status=1,
                     says=[f"127.0.0.1:{port}", "choose another port"])
        asked = self.line()
        port = asked.getsockname()[1]
        self.refused("venue", "--request-port", port, status=1,
                     says=[f"127.0.0.1:{port}", "choose another port"])

    def test_wrong_use_is_refused(self):
        for wrong, says in [(("--loss", "1.5"), "--loss"), (("--ouch-version", "4.1"), "4.1"),
                            (("--address", "exchange"), "127.0.0.1"),
                            (("--duration", "soon"), "'soon'"), (("--pack", "1s"), "--pack"),
                            (("--line-silence", "2s:2s"), "PERIOD:LENGTH"),
                            (("--late-reports", "often"), "0.05:5ms"),
                            (("--symbols", "TOOLONGNAME"), "TOOLONGNAME"),
                            (("--symbols", "A,A"), "twice"), (("--core", "4000"), "--core 4000"),
                            (("--idle", "sleep"), "backoff"), (("--speed", "5"), "--store"),
                            (("--itch-port-a", 9, "--itch-port-b", 9), "two ports"),
                            (("--user", "MUCHTOOLONG"), "MUCHTOOLONG")]:
            with self.subTest(arguments=wrong):
                self.refused("venue", *wrong, status=2, says=[says])
        self.assertEqual([], self.files())


if __name__ == "__main__":
    support.main()
