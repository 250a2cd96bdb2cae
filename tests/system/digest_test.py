"""One digest for one input: whatever the placement, the pace or the number of the run; another one
for another input or another decision."""

import support

CUTS = ["bars", "signals", "risk", "orders", "signals,orders"]
SETTINGS = [["venue.order_latency=0s"], ["execution.order_type=limit", "execution.reprice_after=5s"],
            ["bracket.stop_loss_bps=10", "bracket.take_profit_bps=15", "bracket.stop=\"trailing\""]]


class Digests(support.SystemTest):
    def digest(self, store, *arguments, verb="replay"):
        # Unpinned and sleeping when idle, so that tests beside it do not slow it down.
        made = self.sluice(verb, "--store", store, "--out", "runs", "--json", "--set",
                           "engine.cores=none", "--set", "engine.idle=backoff", *arguments).json()
        self.assertGreater(made["fills"], 0)
        return made["digest"]

    def test_is_the_same_in_every_placement_and_at_every_repetition(self):
        store = support.made_market(self.folder / "store", trades_per_day=1500)
        first = self.digest(store)
        for placement in ["fused", "split", *CUTS]:
            with self.subTest(placement=placement):
                self.assertEqual(first, self.digest(store, "--placement", placement))
        for settings in SETTINGS:
            chosen = [part for setting in settings for part in ("--set", setting)]
            with self.subTest(settings=settings):
                self.assertEqual(self.digest(store, *chosen),
                                 self.digest(store, "--placement", "risk", *chosen))

    def test_is_the_same_for_a_paper_session_and_a_replay(self):
        store = support.made_market(self.folder / "store", trades_per_day=1500)
        replayed = self.digest(store)
        self.assertEqual(replayed, self.digest(store, "--speed", "20000", verb="run"))
        self.assertEqual(replayed, self.digest(store, "--speed", "full", verb="run"))
        self.assertEqual(replayed, self.digest(store, "--speed", "20000", "--placement", "risk",
                                               verb="run"))

    def test_is_another_one_when_one_tick_changes(self):
        rows = ["time,price,quantity"]
        rows += [f"2024-01-02T{15 + i // 3600}:{i // 60 % 60:02}:{i % 60:02}Z,"
                 f"{100 + abs(i % 1800 - 900) / 100:.2f},100" for i in range(14400)]
        digests = set()
        for name, row, change in (("a", 1, ""), ("b", 7000, ".5"), ("c", 14400, ".5")):
            changed = list(rows)
            if change:
                changed[row] = changed[row].replace(",100", ",101", 1)
            self.write(f"{name}.csv", "\n".join(changed) + "\n")
            self.sluice("import", "csv", f"{name}.csv", "--symbol", "A", "--store", name)
            digests.add(self.digest(name))
        self.assertEqual(3, len(digests))

    def test_is_another_one_when_a_limit_changes_a_decision(self):
        store = support.made_market(self.folder / "store")
        self.assertNotEqual(self.digest(store), self.digest(store, "--set", "sizing.quantity=99"))


if __name__ == "__main__":
    support.main()
