"""Tests of the tool itself: that a failure is one, and that the page says what the list does."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import compilers
import page
from builds import BUILDS


class Page(unittest.TestCase):
    def test_is_what_the_list_says(self):
        written = (compilers.CHECKOUT / "docs/compilers.md").read_text(encoding="utf-8")
        self.assertEqual(written, page.text(), "write it: tests/compilers/run --record")

    def test_lists_only_what_was_tried(self):
        with mock.patch.object(page, "results", return_value={"sid-g++-16": "16.1"}):
            said = page.text()
        self.assertIn("| `g++-16` | libstdc++ | Debian sid | glibc |  | 16.1 |", said)
        self.assertNotIn("| `g++-15` |", said)
        self.assertIn("`sid-g++-15`", said)

    def test_failure_takes_a_result_back(self):
        with tempfile.TemporaryDirectory() as folder, \
                mock.patch.object(page, "RESULTS", Path(folder, "r")), mock.patch.object(page, "PAGE", Path(folder, "p")):
            compilers.record([compilers.Row("a", "", "ok", tried="1.0"), compilers.Row("b", "", "ok", tried="2.0")])
            compilers.record([compilers.Row("a", "", "FAILED: x")])
            self.assertEqual(page.results(), {"b": "2.0"})

    def test_names_are_different(self):
        names = [build.name for build in BUILDS]
        self.assertEqual(sorted(set(names)), sorted(names))


class Results(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.options = mock.Mock(roots=Path(folder.name))

    def row(self, work, ci=""):
        with mock.patch.dict("os.environ", {"CI": ci}), mock.patch("builtins.print"):
            return compilers.run("a", "sid", work, self.options).result

    def test_first_error_of_a_log_is_told(self):
        script = "echo one; echo 'a.cc:1: error: two'; echo three; false"
        said = self.row(lambda log: compilers.call(log, "sh", "-c", script))
        self.assertRegex(said, r"^FAILED: a\.cc:1: error: two \(see .*a\.log\)$")

    def test_registry_that_cannot_be_reached(self):
        def work(log):
            compilers.call(log, "sh", "-c", f"exit {compilers.UNREACHABLE}")
        self.assertRegex(self.row(work), "^skipped: Debian's archive cannot be reached")
        self.assertRegex(self.row(work, ci="true"), "^FAILED: Debian's archive cannot be reached")

    def test_good_one(self):
        self.assertEqual(self.row(lambda log: compilers.call(log, "true")), "ok")


class Smoke(unittest.TestCase):
    def test_fails_with_what_is_no_gentle(self):
        command = [sys.executable, Path(__file__).with_name("smoke.py"), "true"]
        done = subprocess.run(command, capture_output=True, check=False)
        self.assertNotEqual(done.returncode, 0)


if __name__ == "__main__":
    unittest.main()
