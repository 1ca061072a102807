"""Several ctest in one build folder: the reset of one removes what the others have counted, so their reports warn."""

import harness
from harness import ServiceTest


class Sharing(ServiceTest):
    def setUp(self):
        super().setUp()
        self.spec = self.build / "coverage.spec"
        self.write_spec()
        self.build.joinpath("CMakeFiles").mkdir()
        self.build.joinpath("CMakeFiles/TargetDirectories.txt").touch()

    def write_spec(self, *more):
        lines = ("gentle-coverage 1", f"source {self.build}", f"build {self.build}", f"output {self.build}/report",
                 "gcov /usr/bin/gcov", *more, "end", "")
        self.spec.write_text("\n".join(lines))

    def assert_told(self, owner, *others):
        """The report itself has nothing to count here."""
        owner.send("coverage", "report", self.spec)
        told = owner.receive().err
        if not others:
            self.assertNotIn("warning", told)
            return
        pids = ", ".join(str(other.pid) for other in others)
        self.assertIn(f"gentle: warning: report coverage: ctest {pids} ran in this build folder at the same time, ", told)

    def reset(self, owner):
        owner.gentle("coverage", "reset", self.spec)

    def test_one_after_the_other(self):
        first, second = self.ctest(), self.ctest()
        for _ in range(2):
            self.reset(first)
            self.assert_told(first)
        first.kill()
        self.reset(second)
        self.assert_told(second)

    def test_at_the_same_time(self):
        first, second = self.ctest(), self.ctest()
        self.reset(first)
        self.reset(second)
        self.assert_told(first, second)
        self.assert_told(second, first)
        first.kill()
        self.reset(second)
        self.assert_told(second)

    def test_of_one_that_has_reset_nothing(self):
        """`ctest -FS coverage`: it adds to what is there."""
        first, second = self.ctest(), self.ctest()
        self.reset(first)
        self.assert_told(second)

    def test_what_is_appended(self):
        self.write_spec("append")
        first, second = self.ctest(), self.ctest()
        self.reset(first)
        self.reset(second)
        self.assert_told(first)

    def test_by_hand(self):
        first = self.ctest()
        self.reset(first)
        self.gentle("coverage", "reset", self.spec)
        self.assert_told(first)


if __name__ == "__main__":
    harness.main()
