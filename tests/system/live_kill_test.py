"""A live engine that is killed while it trades: every order that left it is in its journal. What left is
read from the wire, between engine and venue, and held against what the venue says at its end.
SLUICE_LIVE_KILLS sets how many engines are killed."""

import collections
import contextlib
import csv
import decimal
import json
import os
import random
import signal
import socket
import struct
import threading
import time

import support

KILLS = int(os.environ.get("SLUICE_LIVE_KILLS", "3"))
MARKET = 0x7FFFFFFF  # OUCH 4.2: this price means none
CONFIGURATION = support.two_strategies(beat="10ms", short="50ms", long="100ms") + """
[execution]
order_type = "limit"
limit_offset_ticks = -1
reprice_after = "100ms"

[risk]
max_position = 1000
max_orders_per_second = 1000

[engine]
idle = "backoff"
cores = "none"

[journal]
durability = "process"
"""

Order = collections.namedtuple("Order", "symbol side shares price")


def packets(stream, kind):
    """The payloads of the whole SoupBinTCP packets of a kind: length, kind, payload."""
    at = 0
    while at + 2 <= len(stream):
        size, = struct.unpack_from(">H", stream, at)
        if at + 2 + size > len(stream):
            return
        if stream[at + 2:at + 3] == kind:
            yield bytes(stream[at + 3:at + 2 + size])
        at += 2 + size


class Wire:
    """Stands between the engine and the venue's port of orders, and keeps what goes over it."""

    def __init__(self, venue):
        self.venue = venue
        self.sent, self.said = bytearray(), bytearray()
        self.on_sent = lambda: None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.carry, daemon=True)
        self.thread.start()

    def carry(self):
        try:
            engine, _ = self.listener.accept()
        except OSError:
            return  # shut before anybody came
        host, port = self.venue.split(":")
        with engine, socket.create_connection((host, int(port))) as venue:
            for end in (engine, venue):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            back = threading.Thread(target=self.pump, args=(venue, engine, self.said), daemon=True)
            back.start()
            self.pump(engine, venue, self.sent, lambda: self.on_sent())
            back.join()

    @staticmethod
    def pump(source, sink, kept, on_kept=lambda: None):
        while True:
            try:
                chunk = source.recv(65536)
            except OSError:
                chunk = b""
            if not chunk:
                break
            kept += chunk
            on_kept()
            # The other side may be dead; what this one still says is kept all the same.
            with contextlib.suppress(OSError):
                sink.sendall(chunk)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def close(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept()
        self.listener.close()
        self.thread.join(support.HANGS_AFTER_SECONDS)

    def requests(self):
        return list(packets(self.sent, b"U"))

    def accepted(self):
        """The tokens of orders that the venue has accepted."""
        return {m[9:23] for m in packets(self.said, b"S") if m[:1] == b"A"}


class Requests:
    """What an engine asked for: new orders by token, in their order, and how many commands that took."""

    def __init__(self, messages):
        self.orders, self.messages = {}, len(messages)
        replaced, cancelled, first = 0, set(), {}  # first: of each token that of its order's beginning
        for m in messages:
            kind, token = m[:1], m[1:15]
            if kind == b"O":
                side, shares, stock, price = struct.unpack_from(">cI8sI", m, 15)
                first[token] = token
                self.orders[token] = Order(stock.decode().strip(), side, shares, price)
            elif kind == b"U":
                first[m[15:29]] = first[token]
                replaced += 1
            elif kind == b"X":  # two of them when a replacement is under way
                cancelled.add(first[token])
            else:
                raise ValueError(f"no request of this engine: {m!r}")
        self.commands = len(self.orders) + replaced + len(cancelled)


class LiveKill(support.LiveTest):
    configuration = CONFIGURATION

    def kill_one(self, seed):
        """Returns its folder, what it asked for, what was accepted, and the venue's summary."""
        dice = random.Random(seed)
        venue = self.venue(seed=seed)
        ports = json.loads((self.folder / "venue.json").read_text())
        wire = Wire(ports["orders"])
        self.addCleanup(wire.close)
        self.write("wire.json", json.dumps({**ports, "orders": wire.address}))
        engine = self.begin("run", "--venue", "wire.json", "--config", "live.toml", "--out",
                            f"kill{seed}", "--json", "--placement",
                            dice.choice(("fused", "signals", "orders")))
        # Some die as soon as a request of theirs is seen, before anybody has taken it; others whenever.
        last = dice.randint(3, 30) if dice.random() < 0.6 else None
        if last is not None:
            wire.on_sent = lambda: len(wire.requests()) >= last and engine.kill()
            self.wait(lambda: engine.poll() is not None, "the engine has not traded")
        else:
            self.wait(lambda: len(wire.accepted()) > 1 or engine.poll() is not None,
                      "the engine has not traded")
            time.sleep(dice.random())
            engine.kill()
        ended = support.finish(engine)
        self.assertEqual(-signal.SIGKILL, ended.status, ended)
        self.wait(wire.accepted, "the venue has accepted nothing")
        did = self.end(venue)
        wire.close()
        folder, = (path for path in (self.folder / f"kill{seed}").iterdir()
                   if path.name != "state")
        return folder, Requests(wire.requests()), wire.accepted(), did

    def explained(self, folder, *arguments):
        """Status 1: the last event led to a command that was not recorded any more, and is made again."""
        done = support.finish(support.start("explain", folder, *arguments, "--json",
                                            cwd=self.folder))
        self.assertIn(done.status, (0, 1), done)
        return done.json()

    def recorded(self, folder, order, again):
        """An order as its first command in the journal has it (docs/formats/run-folder.md)."""
        made = self.explained(folder, order)["again"]
        self.assertEqual(made["recorded"], made["made"][:len(made["recorded"])])
        command = bytes.fromhex(made["recorded"][0])
        price, quantity, instrument, side = struct.unpack_from("<qqHB", command, 24)
        return Order(again["instruments"][instrument]["symbol"], b"BS"[side:side + 1],
                     quantity // 10**8, price // 10**5 or MARKET)

    def assert_holds(self, folder, asked, accepted, did):
        self.assertGreater(len(accepted), 0)
        self.assertLessEqual(accepted, set(asked.orders))
        # What the venue took in all came over this wire.
        self.assertLessEqual(len(accepted), did["orders"]["requests"])
        self.assertLessEqual(did["orders"]["requests"], asked.messages)
        again = self.sluice("replay", "--journal", folder, "--out", "replays", "--json").json()
        journal = again["journal"]
        self.assertTrue(journal["same"], journal)
        self.assertFalse(journal["ended"])
        # The replay makes commands again; only those on record match.
        self.assertGreaterEqual(journal["commands_matched"], asked.commands, journal)
        listed = self.explained(folder, "--random", 10**6)
        self.assertGreaterEqual(listed["orders_of_run"], len(asked.orders), listed)
        self.assertGreaterEqual(listed["orders_of_run"], len(accepted))
        self.assertGreaterEqual(listed["commands"], asked.commands)

        # Ids rise in the order of sending: the n-th order on the wire is the n-th of the journal.
        path = self.folder / again["folder"] / "orders.csv"
        rows = sorted(csv.DictReader(path.read_text().splitlines()),
                      key=lambda row: int(row["order_id"]))
        sent = list(asked.orders.values())
        self.assertGreaterEqual(len(rows), len(sent))
        for row, order in zip(rows, sent):
            self.assertEqual((row["symbol"], row["side"]),
                             (order.symbol, "buy" if order.side == b"B" else "sell"), row)
            if row["replaces"] == "0":
                price = decimal.Decimal(row["limit_price"]) * 10_000
                self.assertEqual((int(row["quantity"]), price), (order.shares, order.price), row)
        # The last ones are those that a kill could have taken along.
        for row, order in list(zip(rows, sent))[-3:]:
            self.assertEqual(order, self.recorded(folder, row["order_id"], again))
        # Mended once, it stays as it is.
        second = self.sluice("replay", "--journal", folder, "--placement", "split", "--out",
                             "replays", "--json").json()
        self.assertEqual(again["digest"], second["digest"])

    def test_no_order_that_left_a_killed_engine_is_missing_from_its_journal(self):
        orders = accepted = 0
        for seed in range(1, KILLS + 1):
            with self.subTest(seed=seed):
                killed = self.kill_one(seed)
                self.assert_holds(*killed)
                orders += len(killed[1].orders)
                accepted += len(killed[2])
        print(f"{KILLS} engines killed: {orders} orders had left, {accepted} were accepted")


if __name__ == "__main__":
    support.main()
