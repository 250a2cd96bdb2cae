"""`sluice doctor`: findings are no failure, and a made-up machine is described, not measured."""

import support


class Doctor(support.SystemTest):
    def test_examines_this_machine(self):
        found = self.sluice("doctor", "--json", "--seconds", 0.05).json()["findings"]
        subjects = [finding["subject"] for finding in found]
        self.assertEqual(len(subjects), len(set(subjects)))
        for subject in ["isolated_cores", "nohz_full", "governor", "turbo", "clock", "interrupts",
                        "transparent_huge_pages", "huge_pages", "memory_lock", "real_time", "swap",
                        "mitigations", "smt", "steal", "io_uring", "numa", "c_states"]:
            self.assertIn(subject, subjects)
        self.assertTrue(any(subject.startswith("jitter_core_") for subject in subjects))
        for finding in found:
            self.assertIn(finding["status"], {"good", "costs", "note", "unknown"})
            if finding["status"] == "costs":
                self.assertTrue(finding["costs"] and finding["mend"], finding)

    def test_says_the_same_in_words(self):
        said = self.sluice("doctor", "--seconds", 0.05).out
        self.assertIn("isolated_cores", said)
        self.assertIn("findings cost latency", said)

    def test_reads_a_made_up_machine(self):
        self.write("box/sys/devices/system/cpu/online", "0-7\n")
        self.write("box/sys/devices/system/cpu/isolated", "4-7\n")
        found = self.sluice("doctor", "--root", "box", "--json").json()["findings"]
        by_subject = {finding["subject"]: finding for finding in found}
        self.assertEqual("good", by_subject["isolated_cores"]["status"])
        self.assertFalse(any(subject.startswith("jitter") for subject in by_subject))

    def test_ends_with_1_only_when_it_cannot_look(self):
        self.refused("doctor", "--root", "nowhere", status=1, says=["nowhere", "/sys"])

    def test_refuses_cores_that_are_none(self):
        for cores in ["two", "1;2", "4000"]:
            with self.subTest(cores=cores):
                self.refused("doctor", "--cores", cores, status=2, says=[cores])


if __name__ == "__main__":
    support.main()
