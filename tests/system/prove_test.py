"""`sluice prove lookahead` as its users call it."""

import support

ALTERATIONS = ["removed", "shuffled", "reversed", "poisoned high", "poisoned low", "reopened"]


class Prove(support.SystemTest):
    def setUp(self):
        super().setUp()
        self.store = support.made_market(self.folder / "store", trades_per_day=1500)

    def prove(self, *arguments, status=0):
        return self.sluice("prove", "lookahead", "--store", self.store, "--json", *arguments,
                           status=status).json()

    def test_the_default_strategies_do_not_look_ahead(self):
        report = self.prove("--times", 20)
        self.assertTrue(report["clean"])
        self.assertEqual(20, report["moments"])
        self.assertEqual(ALTERATIONS, [a["alteration"] for a in report["alterations"]])
        for alteration in report["alterations"]:
            self.assertEqual((20, 0), (alteration["tried"], alteration["caught"]))
        self.assertEqual(report["strategies"], [w["strategy"] for w in report["warmup"]])

    def test_a_built_in_kind_needs_no_configuration(self):
        report = self.prove("--times", 2, "--strategy", "mean_reversion", "--strategy",
                            "trend_following")
        self.assertEqual(2, len(report["strategies"]))
        text = self.sluice("prove", "lookahead", "--store", self.store, "--times", 2,
                           "--strategy", "mean_reversion").out
        self.assertIn("No decision hangs on what comes after it", text)
        self.assertIn("Warm-up", text)

    def test_the_same_seed_gives_the_same_report(self):
        self.assertEqual(self.prove("--times", 3, "--seed", 5), self.prove("--times", 3, "--seed", 5))

    def test_the_life_of_an_order_keeps_its_rules(self):
        for brackets in ([], ["--brackets"]):
            report = self.sluice("prove", "orders", "--sequences", 3000, "--planted", "--json",
                                 *brackets).json()
            self.assertTrue(report["clean"])
            self.assertEqual(3000, report["sequences"])
            self.assertEqual(report["rules"], [p["rule"] for p in report["planted"]])
            for planted in report["planted"]:
                self.assertEqual(planted["rule"], planted["found"]["rule"])
                self.assertTrue(planted["found"]["steps"])
        text = self.sluice("prove", "orders", "--sequences", 500).out
        self.assertIn("No rule is broken", text)
        self.refused("prove", "orders", "--sequences", 0, status=2, says=["--sequences"])

    def test_what_is_wrong_is_said(self):
        self.refused("prove", "lookahead", "--store", self.store, "--strategy", "crystal_ball",
                     status=2, says=["crystal_ball", "mean_reversion"])
        self.refused("prove", "lookahead", "--store", "nowhere", status=1, says=["nowhere"])
        self.refused("prove", "lookahead", "--store", self.store, "--set",
                     'bars.timeframes=["1m", "1d"]', "--from", "2024-01-02T14:30:00",
                     "--to", "2024-01-02T14:30:20", status=1,
                     says=["longer stretch"])


if __name__ == "__main__":
    support.main()
