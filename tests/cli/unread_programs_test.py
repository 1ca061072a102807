"""Programs whose counters cannot be read from outside: 32-bit ones, those of other processors in an
emulator, clang's --coverage. What they write when they exit counts, what is lost is told."""

import platform
import shutil
import subprocess
import unittest
from pathlib import Path

import harness
from counted import COMPILER, HINT, SOURCES, CoverageTest

CLANGS = [*filter(None, (shutil.which(f"clang++-{release}") for release in range(14, 40)))]
ARM = shutil.which("aarch64-linux-gnu-g++")
OF_32_BITS = "it is a 32-bit program, whose counters only its own exit writes"
EMULATED = "it is a program that an emulator runs, whose counters only its own exit writes"
OF_FORK = "it was forked by a program that cannot be read, whose counts are in what it wrote"
OF_CLANG = ("clang's --coverage keeps its counters to itself; those of -fprofile-instr-generate "
            "-fcoverage-mapping can be read")


class UnreadTest(CoverageTest):
    def assert_lost(self, service, why, processes=1):
        self.assert_text(service.stop(code=1).err, f"""\
api: stopped by <any>; coverage of {processes} process<any> 1 lost
gentle: error: stop service 'api': coverage of 1 of its {processes} processes is lost
  1: {why}
     pid <n> (<any>)
{HINT}""")

    def assert_written(self, service):
        self.assert_text(service.stop().out, "api: stopped by SIGINT after <time>: exit status 0; "
                         "coverage of 1 process: 1 written\n")

    def needs(self, compiler, *options):
        """Skips the test if the compiler lacks libraries for these."""
        done = subprocess.run([compiler, *options, "-x", "c++", "-o", "/dev/null", "-"], text=True,
                              input="#include <string>\nint main() {}\n", capture_output=True, check=False)
        if done.returncode != 0:
            self.skipTest(f"{Path(compiler).name} {' '.join(options)} cannot link: g++-multilib is not installed")


class Narrow(UnreadTest):
    """32-bit programs on a machine of 64 bits."""

    def setUp(self):
        super().setUp()
        self.needs(shutil.which("g++") or "g++", "-m32")

    def serves(self, *how, options=(), **more):
        return super().serves(*how, options=["-m32", *options], **more)

    def forks_once(self, *options):
        return self.service("api", self.compiled("forks_once", "-m32", *options), "@API_PORT@", ports=["http"])

    def test_that_exits(self):
        for options in (), ("-s",), ("-static",):
            with self.subTest(options):
                self.forget_counts()
                api = self.serves("handles", options=options)
                api.start()
                self.request(api, 3)
                self.assertEqual(self.ledger(api)["running"], 1)
                self.assert_written(api)
                self.assert_counts(main=1, work=100, request=3, returns=1)

    def test_that_is_killed(self):
        for options in (), ("-s",), ("-static",):
            with self.subTest(options):
                api = self.serves(options=options)
                api.start()
                self.assert_lost(api, OF_32_BITS)
                self.assertEqual(self.ledger(api)["lost"], {OF_32_BITS: 1})
        self.assert_counts()

    def test_that_leaves_by_underscore_exit(self):
        api = self.serves("_exit")
        api.start()
        pid = api.pid()
        self.request(api, 2)
        self.wait_until_gone(pid)
        self.assertIn(f"\n  coverage of 1 process: 1 lost ({OF_32_BITS})\n", api.stop(code=1).err)

    def test_beside_one_of_64_bits(self):
        """One process each, in one service."""
        binaries = [self.compiled("serves", *options) for options in ((), ("-m32",))]
        api = self.service("api", f"{binaries[0]} $API_OTHER_PORT handles & exec {binaries[1]} $API_PORT handles",
                           shell=True, ports=["http", "other"],
                           ready=[("TCP", "http"), ("TCP", "other")])
        api.start()
        self.assertIn("coverage of 2 processes: 2 written\n", api.stop().out)
        self.assert_counts(main=2, work=200, returns=2)

    def test_whose_children_cannot_be_told_from_it(self):
        """Where gcc does not know of the fork: they hold what it has counted."""
        api = self.forks_once("-std=c++20")
        self.assertRegex(api.start().out, r"counts of pid \d+ cannot be told from its parent's: " + OF_32_BITS)
        self.assertIn(f"  1: {OF_FORK}\n", api.stop(code=1).err)
        self.assert_counts(main=1, work=5)

    def test_whose_children_begin_anew(self):
        api = self.forks_once()
        self.assertNotIn("warning", api.start().out)
        self.assertIn("coverage of 2 processes: 2 written\n", api.stop().out)
        self.assert_counts(main=1, child=1, work=15)


class Emulated(UnreadTest):
    """Each by the qemu-user of a processor for which there is a compiler."""

    def setUp(self):
        super().setUp()
        self.kinds = []
        if shutil.which("qemu-x86_64-static"):
            self.kinds.append((["qemu-x86_64-static"], COMPILER, (), EMULATED))
        if shutil.which("qemu-aarch64-static") and ARM:
            arm = ["qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu"]
            self.kinds += [(arm, ARM, (), EMULATED), (arm, ARM, ("-static",), EMULATED)]
        if platform.machine() != "x86_64" or not self.kinds:
            self.skipTest("qemu-user-static is not installed, or the machine is no x86-64")

    def emulated(self, kind, *how):
        emulator, compiler, options, _ = kind
        binary = self.compiled("serves", *options, compiler=compiler)
        return self.service("api", shutil.which(emulator[0]), *emulator[1:], binary, "@API_PORT@", *how, ports=["http"])

    def test_that_exits(self):
        for kind in self.kinds:
            with self.subTest(kind):
                self.forget_counts()
                api = self.emulated(kind, "handles")
                api.start()
                self.request(api, 2)
                self.assert_written(api)
                self.assert_counts(main=1, work=100, request=2, returns=1)

    def test_that_is_killed(self):
        for kind in self.kinds:
            with self.subTest(kind):
                api = self.emulated(kind)
                api.start()
                self.assert_lost(api, kind[3])
        self.assert_counts()


class Container(UnreadTest):
    """Of a client of docker, the container is no descendant."""

    def starts(self, client, *words):
        path = self.build / client
        if not path.exists():
            shutil.copy2("/bin/true", path)
        return self.service("api", path, *words, ready=[("EXIT",)]).start().out

    def test_that_gets_the_build_folder(self):
        for words in (("-v", f"{self.build}:{self.build}"), ("--mount", f"type=bind,src={self.build},dst=/b")):
            self.assertIn(f"gentle: warning: service 'api': '{self.build}/docker' gives the build folder to a container, "
                          "whose processes are not followed: they keep their coverage only if they exit by themselves and "
                          "see the build folder at its own path, continuing\n",
                          self.starts("docker", "run", *words, "image"))

    def test_that_cannot_count(self):
        self.assertNotIn("warning", self.starts("docker", "run", "-p", "5432:5432", "postgres"))
        self.assertNotIn("warning", self.starts("dockerize", "-v", f"{self.build}:/b"))


@unittest.skipUnless(CLANGS, "there is no clang++")
class ClangGcov(UnreadTest):
    def test_a_stripped_one(self):
        for clang in CLANGS:
            for options in ("-s",), ("-s", "-static"):
                with self.subTest((clang, options)):
                    binary = self.compiled("serves", *options, compiler=clang)
                    api = self.service("api", binary, "@API_PORT@", ports=["http"])
                    api.start()
                    self.assert_lost(api, OF_CLANG)
                    api = self.service("api", binary, "@API_PORT@", "handles", ports=["http"])
                    api.start()
                    self.assert_written(api)

    def test_the_profile_of_a_32_bit_program(self):
        self.needs(CLANGS[-1], "-m32")
        binary = self.objects / "profiled"
        subprocess.run([CLANGS[-1], "-m32", "-std=gnu++20", "-fprofile-instr-generate", "-fcoverage-mapping", "-o",
                        binary, SOURCES / "serves.cc", "-pthread"], check=True)
        api = self.service("api", binary, "@API_PORT@", ports=["http"])
        api.start()
        self.assert_lost(api, OF_32_BITS)
        api = self.service("api", binary, "@API_PORT@", "handles", ports=["http"])
        api.start()
        self.assert_written(api)
        self.assertEqual(self.merge(), "")


if __name__ == "__main__":
    harness.main()
