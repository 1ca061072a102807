"""The quickstart, run as a stranger runs it, in a copy of the repository.

usage: quickstart_test.py <repository> <scratch folder>
"""

import re
import shutil
import socket
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "lib"))
from proc import listeners_on, processes_in
from small_project import build_folders, clean_environment

REPOSITORY = Path()
SCRATCH = Path()


def last_percentage(pattern: str, text: str) -> float:
    found = re.findall(pattern, text)
    assert found, f"no {pattern} in:\n{text}"
    return float(found[-1])


class TheCheckForLeftovers(unittest.TestCase):
    """So that "nothing is left" below cannot be true by mistake."""

    def test_it_finds_a_process(self):
        folder = SCRATCH / "leftover"
        folder.mkdir(parents=True, exist_ok=True)
        with subprocess.Popen(["cat"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            process.stdin.write(b"\n")  # it runs when it answers
            process.stdin.flush()
            process.stdout.readline()
            self.assertEqual(processes_in(folder), [f"{process.pid}: cat "])
        self.assertEqual(processes_in(folder), [])

    def test_it_finds_a_port(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            self.assertTrue(listeners_on(port))
        self.assertFalse(listeners_on(port))


class TheReadme(unittest.TestCase):

    def test_it_shows_what_the_example_does(self):
        readme = (REPOSITORY / "README.md").read_text()
        example = (REPOSITORY / "examples/quickstart/CMakeLists.txt").read_text().splitlines()
        blocks = re.findall(r"```cmake\n(.*?)```", readme, re.DOTALL)
        block = next(block for block in blocks if "discover_fixture_tests" in block)
        shown = [line for line in block.splitlines() if line]
        self.assertGreater(len(shown), 10)
        self.assertEqual(shown, [line for line in example if line in shown])


class TheQuickstart(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.root = SCRATCH / "copy"
        shutil.rmtree(cls.root, ignore_errors=True)
        for part in ("cmake", "helper", "examples"):
            shutil.copytree(REPOSITORY / part, cls.root / part, ignore=build_folders)
        cls.build = cls.root / "examples/quickstart/build"
        cls.first = cls.run_it("examples/quickstart/run")
        if cls.first.returncode != 0:
            raise RuntimeError(cls.first.stdout)

    @classmethod
    def run_it(cls, *command: str) -> subprocess.CompletedProcess:
        return subprocess.run(command, cwd=cls.root, env=clean_environment(), text=True, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)

    def ctest(self, *arguments: str) -> subprocess.CompletedProcess:
        return self.run_it("ctest", "--test-dir", str(self.build), *arguments)

    def assert_all_passed(self, finished: subprocess.CompletedProcess, at_least: int):
        self.assertEqual(finished.returncode, 0, finished.stdout)
        summary = re.search(r"100% tests passed(?:, 0 tests failed)? out of (\d+)", finished.stdout)
        self.assertTrue(summary, finished.stdout)
        self.assertGreaterEqual(int(summary[1]), at_least, finished.stdout)
        self.assertNotRegex(finished.stdout, r"Not Run|Skipped|Disabled|No tests were found")

    def assert_nothing_left(self):
        self.assertEqual(processes_in(self.root), [])
        for service in ("api", "orphan"):
            log = (self.build / "Testing/Fixtures" / service / "log").read_text()
            ports = re.findall(r"127\.0\.0\.1:(\d+)", log)
            self.assertEqual(len(ports), 2, log)
            self.assertEqual([port for port in ports if listeners_on(int(port))], [], log)

    def test_every_test_passes_and_nothing_is_left(self):
        self.assert_all_passed(self.first, at_least=55)
        for name in ("db.start", "api.start", "Api.Counts", "Outage.SaysThatRedisIsGone", "api.stop",
                     "db.stop", "coverage.report"):
            self.assertRegex(self.first.stdout, rf" {re.escape(name)} \.+ +Passed")
        self.assert_nothing_left()

    def test_the_server_ended_by_itself(self):
        log = (self.build / "Testing/Fixtures/api/log").read_text()
        self.assertRegex(log, r"server: stopped by Interrupt after \d+ connections\n\Z")

    def test_it_ends_with_the_coverage_of_the_server(self):
        after = self.first.stdout.partition("Total Test time")[2]
        sources = re.findall(r"^(\S+)  .*\(\d+/\d+\)", after, re.MULTILINE)
        for source in ("kv/http.cc", "kv/redis_store.cc", "kv/server.cc", "server/main.cc"):
            self.assertIn(source, sources)
        self.assertEqual([source for source in sources
                          if not source.startswith(("kv/", "server/"))], [])
        # Far from all of it would mean that the data of the server, which ended last, is missing.
        self.assertGreater(self.percentage_of(self.first), 85, after)
        report = re.search(r"^HTML report: (.+)$", after, re.MULTILINE)
        self.assertTrue(report, after)
        self.assertIn('"kv/http.cc"', (Path(report[1]).parent / "page/index.js").read_text())

    @staticmethod
    def percentage_of(finished: subprocess.CompletedProcess) -> float:
        return last_percentage(r"(?m)^Total of \d+ files +([0-9.]+)%", finished.stdout)

    def test_running_it_again_works(self):
        again = self.run_it("examples/quickstart/run")
        self.assert_all_passed(again, at_least=55)
        self.assertNotIn("Installing", again.stdout)
        self.assertGreater(self.percentage_of(again), 85)
        self.assert_nothing_left()

        # The same figure from CTest's own reading of the same run.
        by_ctest = self.ctest("-T", "Coverage")
        self.assertEqual(by_ctest.returncode, 0, by_ctest.stdout)
        self.assertAlmostEqual(
            last_percentage(r"Percentage Coverage: ([0-9.]+)%", by_ctest.stdout),
            self.percentage_of(again), delta=0.1, msg=by_ctest.stdout)

    def test_many_at_once(self):
        self.assert_all_passed(self.ctest("-j8"), at_least=55)
        self.assert_nothing_left()

    def test_a_single_test_starts_what_it_needs_and_no_more(self):
        single = self.ctest("-R", "^Api.Counts$")
        self.assert_all_passed(single, at_least=5)
        for name in ("db.start", "api.start", "Api.Counts", "api.stop", "db.stop"):
            self.assertRegex(single.stdout, rf" {re.escape(name)} \.+ +Passed")
        self.assertNotIn("orphan", single.stdout)
        self.assertEqual(processes_in(self.root), [])


if __name__ == "__main__":
    REPOSITORY, SCRATCH = (Path(argument).resolve() for argument in sys.argv[1:3])
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
