"""Runs CMake and CTest on a small project of its own, as a user would, in a clean environment."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
HERE = REPOSITORY / "tests" / "projects"
PROGRAMS = HERE / "programs"
SKIPPED = 77


class Failed(Exception):
    """What a project test expected and did not find; the message is all that is printed."""


def one_line(text):
    """CMake wraps its messages to the width of a terminal; an expectation is written in one line."""
    return re.sub(r"\s+", " ", text).strip()


def literally(path):
    """A regular expression for a path in what a command says."""
    return re.escape(one_line(str(path)))


def clean_environment(*kept):
    """The caller's, without what the outer build or ctest would tell the inner one; but with the variables `kept`."""
    told = re.compile(r"^(CMAKE|CTEST|GENTLE|DART|GTEST|NINJA|GCOV|LLVM_PROFILE)|^MAKE|^MFLAGS$|^DESTDIR$"
                      r"|^(C|CXX|CPP|LD)FLAGS$|^(CC|CXX)$")
    environment = {name: value for name, value in os.environ.items() if name in kept or not told.match(name)}
    environment["LC_ALL"] = "C.UTF-8"
    environment["TEST_PYTHON"] = sys.executable  # for services; find_package takes a second of each configure step
    return environment


def build_folders(folder, names):
    """What a copy of the repository leaves out (shutil.copytree)."""
    return [name for name in names if name.startswith("build") and Path(folder, name).is_dir()]


class Result:
    def __init__(self, command, process):
        self.command = command
        self.status = process.returncode
        self.stdout = process.stdout
        self.stderr = process.stderr
        self.text = one_line(process.stdout + "\n" + process.stderr)

    def explain(self, expectation):
        words = " ".join(str(word) for word in self.command)
        return Failed(f"{expectation}\n$ {words}\nstatus {self.status}\n--- stdout\n{self.stdout}--- stderr\n{self.stderr}")

    def passed(self):
        if self.status != 0:
            raise self.explain("expected status 0")
        return self

    def failed(self):
        if self.status == 0:
            raise self.explain("expected a failure")
        return self

    def says(self, regex):
        if not re.search(regex, self.text):
            raise self.explain(f"expected text that matches: {regex}")
        return self

    def does_not_say(self, regex):
        if re.search(regex, self.text):
            raise self.explain(f"expected no text that matches: {regex}")
        return self


class Project:
    """A source folder, a build folder that is made anew, and the programs that the outer build names."""

    def __init__(self, tools, source, build):
        self.tools = tools
        self.source = Path(source)
        self.build_dir = Path(build)
        self.environment = clean_environment()
        shutil.rmtree(self.build_dir, ignore_errors=True)
        self.build_dir.mkdir(parents=True)

    def run(self, *command, cwd=None):
        words = [str(word) for word in command]
        process = subprocess.run(words, cwd=cwd or self.build_dir, env=self.environment, text=True, errors="replace",
                                 stdin=subprocess.DEVNULL, capture_output=True, check=False)
        return Result(words, process)

    def run_by_hand(self, *command, cwd=None):
        """Without a ctest among its ancestors: a service that is started below one belongs to it."""
        released, release = os.pipe()
        result_end, result = os.pipe()
        child = os.fork()
        if child == 0:
            if os.fork() != 0:
                os._exit(0)
            try:
                os.close(release)
                os.close(result_end)
                os.read(released, 1)
                done = self.run(*command, cwd=cwd)
                os.write(result, json.dumps([done.status, done.stdout, done.stderr]).encode())
            finally:
                os._exit(0)
        os.waitpid(child, 0)  # from here on the grandchild has another parent
        for end in (released, result, release):
            os.close(end)
        with os.fdopen(result_end) as answer:
            status, stdout, stderr = json.load(answer)
        words = [str(word) for word in command]
        return Result(words, subprocess.CompletedProcess(words, status, stdout, stderr))

    def configure(self, *options, helper=True, module_path=True, generator="Ninja"):
        given = [f"-DGENTLE_EXECUTABLE={self.tools.gentle}"] if helper else []
        if module_path:
            given.append(f"-DCMAKE_MODULE_PATH={REPOSITORY}/cmake")
        return self.run(self.tools.cmake, "-S", self.source, "-B", self.build_dir, "-G", generator, *given, *options)

    def build(self, *options):
        return self.run(self.tools.cmake, "--build", self.build_dir, *options)

    def ctest(self, *options):
        return self.run(self.tools.ctest, "--test-dir", self.build_dir, "--output-on-failure", *options)

    def configured_and_built(self, *options, **more):
        self.configure(*options, **more).passed().does_not_say("CMake (Deprecation )?Warning")
        self.build().passed()
        return self


class Tools:
    """What the outer build and the command line name."""

    def __init__(self, options):
        self.cmake = options.cmake
        self.ctest = str(Path(options.cmake).with_name("ctest"))
        self.gentle = options.gentle
        self.work = Path(options.work)
        self.outer_build = options.outer_build
        self.config = options.config


def equal(what, found, expected):
    if found != expected:
        raise Failed(f"{what}:\n  expected {expected!r}\n  found    {found!r}")


def recorded_arguments(path):
    """The arguments that a program of programs/ has recorded, without its own name."""
    return Path(f"{path}.arguments").read_bytes().decode().split("\0")[1:-1]


def recorded_environment(path):
    words = Path(f"{path}.environment").read_bytes().decode().split("\0")[:-1]
    return dict(word.split("=", 1) for word in words)


def recorded_directory(path):
    return Path(f"{path}.directory").read_text(encoding="utf-8")
