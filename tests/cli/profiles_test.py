"""The profiles of clang and Rust are merged and counted by the tools of LLVM that read their version, or the
report fails and says which ones would."""

import os
import re
import shutil
import struct
import subprocess
import unittest
from pathlib import Path

import harness
from harness import ServiceTest

PROFILED = ["-fprofile-instr-generate", "-fcoverage-mapping"]
RUSTC = shutil.which("rustc")


def release_of(program, *words):
    told = subprocess.run([program, *words, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(?:clang|LLVM) version:? (\d+)\.", told)
    return int(found.group(1)) if found else 0


def clangs():
    """One path a release."""
    names = ["clang++", *(f"clang++-{release}" for release in range(14, 40))]
    paths = filter(None, map(shutil.which, names))
    return {release_of(path): path for path in paths}


def releases_of_profdata():
    return {release_of(path, "merge") for path in Path("/usr/lib").glob("llvm*/bin/llvm-profdata")}


class Profiles(ServiceTest):
    def setUp(self):
        super().setUp()
        self.spec = self.build / "coverage.spec"
        self.spec.write_text(f"gentle-coverage 1\nsource {self.build}\nbuild {self.build}\n"
                             f"output {self.build}/report\ngcov /usr/bin/gcov\nend\n")
        self.build.joinpath("CMakeFiles").mkdir()
        self.build.joinpath("CMakeFiles/TargetDirectories.txt").touch()
        self.profiles = self.build / "Testing/Fixtures/coverage/tests/1-1/2.1"
        self.profiles.mkdir(parents=True)
        self.tools = self.build / "tools"
        self.tools.mkdir()

    def compiled(self, compiler, *options):
        name = Path(compiler).name
        source = self.build / ("one.rs" if compiler == RUSTC else "one.cc")
        if not source.exists():  # it shall not be newer than what was compiled of it
            source.write_text("fn main() {}\n" if compiler == RUSTC else "int main() { return 0; }\n")
        command = [compiler, *options, "-o", self.build / name, source]
        done = subprocess.run(command, cwd=self.build, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.skipTest(f"{name} cannot compile with {' '.join(options)}")
        subprocess.run([self.build / name], check=True,
                       env={**os.environ, "LLVM_PROFILE_FILE": str(self.profiles / f"{name}.profraw")})
        # As whoever has followed the process.
        with open(self.profiles / "llvm-images", "a", encoding="utf-8") as images:
            images.write(f"{self.build / name}\n")
        return self.build / name

    def profdata(self, release):
        """The first one of PATH: it reads nothing."""
        tool = self.tools / "llvm-profdata"
        tool.write_text(f"#!/bin/sh\n[ \"$2\" = --version ] && echo 'LLVM version {release}.1' && exit\n"
                        "echo 'unsupported instrumentation profile format version' >&2\nexit 1\n")
        tool.chmod(0o755)

    def report(self, code=0):
        return self.gentle("coverage", "report", self.spec, code=code,
                           env=self.environment(PATH=f"{self.tools}:{os.environ['PATH']}",
                                                HOME=os.environ.get("HOME", "/")))

    def assert_reported(self, told, *programs):
        """By the llvm-cov that the report names."""
        self.assertEqual(told.err, "")
        merged = self.build / "report/coverage.profdata"
        self.assertRegex(told.out, r"(?m)^Total of 1 file +100\.0% \(")
        named = re.search(rf"(?m)^profile of clang: {merged} \((\S+) report <program> "
                             r"-instr-profile=...\)$", told.out)
        self.assertTrue(named, told.out)
        for program in programs:
            shown = subprocess.run([named.group(1), "report", program, f"-instr-profile={merged}"],
                                   capture_output=True, text=True, check=False)
            self.assertRegex(shown.stdout, r"(?m)^TOTAL .* 100\.00%", shown.stderr)

    def test_of_each_clang_in_one_run(self):
        readers = releases_of_profdata()
        compilers = [path for release, path in sorted(clangs().items()) if release in readers]
        if not compilers:
            self.skipTest("there is no clang++ with the LLVM of its release in /usr/lib")
        self.profdata(3)
        programs = [self.compiled(path, *PROFILED) for path in compilers]
        self.assert_reported(self.report(), *programs)

    @unittest.skipUnless(RUSTC, "there is no rustc")
    def test_of_rust(self):
        if max(releases_of_profdata(), default=0) < 19:
            self.skipTest("there is no LLVM 19 or newer")
        self.profdata(3)
        self.compiled(RUSTC, "-Cinstrument-coverage")
        self.assert_reported(self.report())

    def compiled_by_newest_clang(self):
        release = max((release for release in clangs() if release in releases_of_profdata()), default=0)
        if release < 19:
            self.skipTest("there is no clang 19 or newer with its LLVM")
        return release, self.compiled(clangs()[release], *PROFILED)

    def test_of_a_program_without_build_id(self):
        release = max(releases_of_profdata() & set(clangs()), default=0)
        if not release:
            self.skipTest("there is no clang with its LLVM")
        program = self.compiled(clangs()[release], *PROFILED, "-Wl,--build-id=none")
        self.assert_reported(self.report(), program)
        self.build.joinpath("two.cc").write_text("int two() { return 2; }\nint main() { return two(); }\n")
        subprocess.run([clangs()[release], *PROFILED, "-Wl,--build-id=none", "-o", program, self.build / "two.cc"],
                       check=True)
        self.assertIn(f"count clang's coverage '{program}': it was built again since it ran; 1 profile of it cannot be counted\n",
                      self.report(code=1).err)

    def test_of_a_version_that_came_later(self):
        """Its program is known by the build id."""
        release, program = self.compiled_by_newest_clang()
        folder = f"/usr/lib/llvm-{release}/bin"
        (profile,) = self.profiles.glob("*.profraw")
        with open(profile, "r+b") as file:
            file.seek(8)
            version = file.read(1)[0]
            file.seek(8)
            file.write(b"\x4d")
        tool = self.tools / "llvm-profdata"
        tool.write_text("#!/bin/sh\n[ \"$2\" = --version ] && echo 'LLVM version 99.1' && exit\n"
                        f"printf '\\{version:03o}' | dd of={profile} bs=1 seek=8 conv=notrunc 2>/dev/null\n"
                        f"exec {folder}/llvm-profdata \"$@\"\n")
        tool.chmod(0o755)
        self.tools.joinpath("llvm-cov").symlink_to(f"{folder}/llvm-cov")
        self.assert_reported(self.report(), program)

    def test_that_no_llvm_cov_reads(self):
        release, program = self.compiled_by_newest_clang()
        tool = self.tools / "llvm-profdata"
        tool.write_text("#!/bin/sh\n[ \"$2\" = --version ] && echo 'LLVM version 99.1' && exit\n"
                        f"exec /usr/lib/llvm-{release}/bin/llvm-profdata \"$@\"\n")
        tool.chmod(0o755)
        self.assertEqual(self.report(code=1).err,
                         f"gentle: error: count clang's coverage '{program}': no llvm-cov of LLVM 99 or newer is installed\n"
                         "hint: apt-get install llvm-99; for Rust: rustup component add llvm-tools\n")

    def test_of_no_program_that_is_known(self):
        self.compiled_by_newest_clang()
        self.profiles.joinpath("llvm-images").unlink()
        told = self.report(code=1)
        self.assertRegex(told.err, r"^gentle: error: count clang's coverage '1 profile': no program or library is known "
                         r"that has written them\nhint: name its target by INSTRUMENT, or start it by .*\n$")
        self.assertTrue((self.build / "report/coverage.profdata").exists())

    def test_of_a_program_without_mapping(self):
        release = max(releases_of_profdata() & set(clangs()), default=0)
        if not release:
            self.skipTest("there is no clang with its LLVM")
        program = self.compiled(clangs()[release], PROFILED[0])
        self.assertIn(f"count clang's coverage '{program}': it says nothing of its lines\n"
                      "hint: compile it with -fcoverage-mapping as well, and do not strip that away\n",
                      self.report(code=1).err)

    def test_that_nothing_installed_reads(self):
        self.profdata(3)
        self.profiles.joinpath("1.profraw").write_bytes(
            struct.pack("<QQ", 0xff6c70726f667281, 77) + bytes(200))
        told = self.report(code=1)
        self.assertRegex(told.err, r"^gentle: error: merge profiles '1 file of raw profile version 77': no "
                         r"llvm-profdata that is installed reads them: (.*, )?"
                         rf"{self.tools}/llvm-profdata \(LLVM 3\)\n"
                         r"hint: apt-get install llvm-<release> \(the LLVM of the compiler that made them\); "
                         r"for Rust: rustup component add llvm-tools\n$")
        self.assertFalse((self.build / "report/coverage.profdata").exists())

    def test_that_the_right_tool_cannot_merge(self):
        self.profdata(16)
        # One function without counters, which clang never writes.
        header = struct.pack("<11Q", 0xff6c70726f667281, 8, 0, 1, 0, 0, 0, 0, 0, 0, 1)
        self.profiles.joinpath("1.profraw").write_bytes(header + bytes(48))
        told = self.report(code=1)
        self.assertRegex(told.err, r"^gentle: error: merge profiles '1 file of raw profile version 8': "
                         r"llvm-profdata failed\n(.*\n)+"
                         r"hint: all that it printed is in \S*/coverage/llvm-profdata.log\n$")


if __name__ == "__main__":
    harness.main()
