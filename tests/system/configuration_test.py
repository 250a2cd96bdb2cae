"""The configuration: what it refuses, and how it says where and why."""

import support


class Configuration(support.SystemTest):
    def refuses(self, text, *says):
        self.write("my.toml", text)
        return self.refused("config", "check", "my.toml", status=2, says=says)

    def test_its_own_default_passes_and_means_the_same_as_none(self):
        self.sluice("config", "default", "my.toml")
        written = self.sluice("config", "check", "my.toml", "--json").json()
        self.write("empty.toml", "")
        empty = self.sluice("config", "check", "empty.toml", "--json").json()
        self.assertEqual(empty["configuration_hash"], written["configuration_hash"])

    def test_does_not_overwrite_a_file_unasked(self):
        mine = self.write("my.toml", "# mine\n")
        self.refused("config", "default", "my.toml", status=2, says=["my.toml", "--force"])
        self.assertEqual("# mine\n", mine.read_text())
        self.sluice("config", "default", "my.toml", "--force")
        self.assertNotEqual("# mine\n", mine.read_text())

    def test_names_the_nearest_key_with_file_and_line(self):
        self.refuses("[risk]\nmax_positon = 5\n", "my.toml:2:1", "unknown key 'risk.max_positon'",
                     "did you mean 'risk.max_position'?")

    def test_names_a_wrong_type_with_file_and_line(self):
        self.refuses('[risk]\n\nmax_position = "many"\n', "my.toml:3", "'risk.max_position'",
                     "decimal", '"many"')

    def test_names_a_value_out_of_range(self):
        self.refuses("[signals]\nthreshold = 7.0\n", "my.toml:2", "'signals.threshold'", "1.0")

    def test_names_both_sides_of_a_contradiction_with_their_lines(self):
        said = self.refuses("[risk]\nmax_position = 10\nmax_order_quantity = 100\n"
                            "[sizing]\nquantity = 50\n",
                            "risk.max_order_quantity (line 3)", "risk.max_position (line 2)",
                            "sizing.quantity (line 5)")
        self.assertEqual(2, said.err.count("my.toml:"), said)

    def test_names_every_fault_of_a_file_at_once(self):
        self.refuses('[risk]\nmax_positon = 5\ndaily_loss = true\n[clok]\nbeat = "1s"\n',
                     "my.toml:2:1", "my.toml:3", "my.toml:4:2", "'clock'")

    def test_points_at_a_fault_of_syntax(self):
        self.refuses("[risk\n", "my.toml:1:6")

    def test_says_that_a_file_is_not_there(self):
        self.refused("config", "check", "none.toml", status=2, says=["none.toml", "No such file"])

    def test_a_run_refuses_what_the_check_refuses_and_leaves_nothing(self):
        store = support.made_market(self.folder / "store")
        self.write("my.toml", "[risk]\nmax_positon = 5\n")
        for verb in ("replay", "run"):
            self.refused(verb, "--store", store, "--config", "my.toml", status=2,
                         says=["my.toml:2:1", "did you mean 'risk.max_position'?"])
        self.refused("replay", "--store", store, "--set", "risk.max_positon=1", status=2,
                     says=["command line", "did you mean 'risk.max_position'?"])
        self.refused("replay", "--store", store, "--set", "risk.max_position", status=2,
                     says=["section.key=value"])
        self.refused("replay", "--store", store, "--set", "risk.max_position=abc", status=2,
                     says=["command line", "'risk.max_position'", "abc"])
        self.assertFalse((self.folder / "runs").exists())

    def test_a_setting_on_the_command_line_stands_over_the_file(self):
        store = support.made_market(self.folder / "store")
        self.write("my.toml", "[account]\ncapital = 1000\n")
        summary = self.replay(store, "--config", "my.toml", "--set", "account.capital=70000")
        self.assertEqual("70000", summary["books"]["capital"])
        used = (self.folder / summary["folder"] / "config.toml").read_text()
        self.assertIn("\ncapital = 70000\n", used)

    def test_the_configuration_of_a_run_repeats_it(self):
        store = support.made_market(self.folder / "store")
        first = self.replay(store, "--set", "sizing.quantity=30", "--set", "signals.threshold=0.4",
                            "--set", 'bars.timeframes=["30s", "1m"]')
        again = self.replay(store, "--config", f"{first['folder']}/config.toml")
        self.assertGreater(first["fills"], 0)
        self.assertEqual(first["digest"], again["digest"])
        self.assertEqual(first["run"]["configuration_hash"], again["run"]["configuration_hash"])

    def test_explains_a_key_and_a_section_and_the_nearest_of_a_wrong_one(self):
        said = self.sluice("config", "explain", "risk.daily_loss").out
        for part in ("type", "unit", "range", "default"):
            self.assertIn(part, said)
        self.assertIn("daily_loss", self.sluice("config", "explain", "risk").out)
        self.refused("config", "explain", "risk.dayly_loss", status=2, says=["risk.daily_loss"])


if __name__ == "__main__":
    support.main()
