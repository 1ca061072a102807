"""Services and tests whose lines gcc counts, compiled by the tests themselves: their .gcda files
belong to nobody else, so that the counts can be told exactly.

    class Ends(CoverageTest):
        def test_default(self):
            api = self.serves()
            api.start()
            api.stop()
            self.assert_counts(main=1)
"""

import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import ServiceTest

COMPILER = os.environ.get("GENTLE_GCC", "")
SOURCES = Path(__file__).resolve().parents[1] / "programs/counted"
HINT = "hint: let it handle SIGINT and exit, which writes its coverage; or do without: COVERAGE OFF\n"
NAMED = re.compile(r"// counts: ([a-z_]+)$")


def gcov_of_compiler():
    version = subprocess.run([COMPILER, "-dumpversion"], capture_output=True, text=True, check=True)
    return shutil.which(f"gcov-{version.stdout.strip().split('.')[0]}") or shutil.which("gcov")


@unittest.skipUnless(COMPILER, "the compiler of the build is not gcc")
class CoverageTest(ServiceTest):
    """Coverage is collected for all services of such a test: there is a coverage.spec beside them."""

    FOR_MAIN = (0.3,), (3,), (20,)  # seconds for a main process to end before its workers are told to

    @classmethod
    def setUpClass(cls):
        cls.objects = Path(tempfile.mkdtemp(prefix="gentle-test-counted-"))
        cls.addClassCleanup(shutil.rmtree, cls.objects)
        cls.objects.chmod(0o755)
        cls.gcov = gcov_of_compiler()

    def setUp(self):
        super().setUp()
        self.forget_counts()
        self.collect_coverage()

    def forget_counts(self):
        """Also those that no merge has found yet."""
        if (self.build / "Testing/Fixtures/coverage").exists():
            self.gentle("coverage", "merge", self.build / "coverage.spec", code=None)
        for path in self.objects.rglob("*.gcda*"):
            path.unlink()

    def collect_coverage(self, collect=True):
        """From here on, or not."""
        self.coverage_spec = self.build / "coverage.spec"
        self.coverage_spec.unlink(missing_ok=True)
        if collect:
            self.coverage_spec.write_text(
                f"gentle-coverage 1\nsource {SOURCES}\nbuild {self.build}\n"
                f"output {self.build}/coverage\ngcov {self.gcov}\nend\n")

    def compiled(self, source, *options, compiler=COMPILER):
        """The program, built once with the same options in all tests of a class."""
        name = "-".join([source, Path(compiler).name, *options]).replace("/", "_").replace("=", "_")
        program = self.objects / name
        if not program.exists():
            command = [compiler, "-std=gnu++20", "-O0", "--coverage", "-fprofile-update=atomic", *options,
                       "-o", program, SOURCES / f"{source}.cc", "-pthread"]
            done = subprocess.run(command, cwd=self.objects, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
        return program

    def serves(self, *how, name="api", options=(), **more):
        return self.service(name, self.compiled("serves", *options), f"@{name.upper()}_PORT@", *how,
                            ports=["http"], **more)

    def request(self, service, times=1):
        """Returns when the service has closed the connection, and so has counted it."""
        for _ in range(times):
            with socket.create_connection(("127.0.0.1", service.port())) as connection:
                connection.recv(1)

    def merge(self):
        return self.gentle("coverage", "merge", self.coverage_spec).err

    def counts(self):
        """How often each line with a name was executed, by all processes of the test so far."""
        self.assertEqual(self.merge(), "")
        found = {}
        for data in sorted(self.objects.rglob("*.gcda")):
            told = subprocess.run([self.gcov, "--json-format", "--stdout", data], cwd=self.objects,
                                  capture_output=True, text=True, check=True)
            for file in json.loads(told.stdout)["files"]:
                if not Path(file["file"]).is_relative_to(SOURCES):
                    continue
                lines = Path(file["file"]).read_text().splitlines()
                for line in file["lines"]:
                    named = NAMED.search(lines[line["line_number"] - 1])
                    if named:
                        found[named.group(1)] = found.get(named.group(1), 0) + line["count"]
        return found

    def assert_counts(self, **expected):
        """Of all lines with names; those that are not given were never executed."""
        found = {name: count for name, count in self.counts().items() if count != 0}
        self.assertEqual(found, expected)

    def ledger(self, service):
        return service.state()["coverage"]

    def tracer(self, pid):
        status = Path(f"/proc/{pid}/status").read_text()
        return int(re.search(r"^TracerPid:\s+(\d+)$", status, re.MULTILINE).group(1))
