"""One cell of the matrix: the program, as a service of gentle, comes to its end; then its counts have
to be those of the same work ended by a clean exit, and nothing is left."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import cells
import counts
from build import Failed

TESTS = Path(__file__).resolve().parent.parent
sys.path.append(str(TESTS / "lib"))
import control_socket  # noqa: E402  pylint: disable=wrong-import-position
import left  # noqa: E402  pylint: disable=wrong-import-position
import proc  # noqa: E402  pylint: disable=wrong-import-position

class Lost(Failed):
    """The counts are not what they must be. Of a cell that cannot hold this is expected."""

    breaks = "counts"


class Left(Failed):
    """There are files that nobody wants. Of some cells this is expected."""

    breaks = "files"


PATIENCE = 60  # seconds, of anything that the cell waits for
ENV = "/usr/bin/env"
WORKS = ("works", cells.EXECUTED)

# Called ctest, runs one command, and lives on until it is killed: an owner of services.
CTEST = """
import pathlib, signal, subprocess, sys
pathlib.Path("/proc/self/comm").write_text("ctest")
done = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL)
print(done.returncode, flush=True)
signal.pause()
"""


class Run:
    """What a cell does, `number` times where the end has so many places."""

    def __init__(self, cell, build, gentle):
        self.cell, self.build, self.gentle = cell, build, gentle
        self.end = cells.ENDS[cell.end]
        folder = build.folder / "cell"
        shutil.rmtree(folder, ignore_errors=True)
        self.folder = folder
        self.cwd, self.temporary, self.given = folder / "cwd", folder / "tmp", folder / "given"
        for path in (self.cwd, self.temporary, self.given):
            path.mkdir(parents=True)
        if cell.place == "user":
            for path in (folder, self.cwd, self.given):
                path.chmod(0o777)
        self.ready = folder / "ready"
        self.spec = folder / "api.spec"
        self.coverage_spec = folder / "coverage.spec"
        self.state = build.build / "Testing/Fixtures/api"
        self.told = []  # for people

    def environment(self):
        return {**self.build.environment, "TMPDIR": str(self.temporary), "HOME": str(self.temporary),
                left.MARK: str(self.folder),
                **{name: value for name, value in os.environ.items()
                   if name.endswith("SAN_OPTIONS")}}

    # What gentle is told

    def command(self, more):
        """In its surroundings, or with children in them."""
        cell, program, service = self.cell, self.build.program, [self.end.argument, self.ready, *more]
        if cell.surroundings == "kept.own":
            if cell.end == "spawn_several":
                service += [program, *WORKS]
            return [program, *service]
        place = [cell.environment, cell.place, self.given]
        if cell.end == "workers":
            return [program, "for", *place, *service]
        if cell.end == "spawn_several":
            return [program, *service, *self.before(), program, "in", *place, *WORKS]
        return [*self.before(), program, "in", *place, *service]

    def before(self):
        """What executes the program so that it is in its surroundings from the start."""
        words = [self.build.namespaced] if self.cell.place == "pid" else []
        if self.cell.environment == "replaced":
            words += [ENV, "-i", f"{left.MARK}={self.folder}"]
        if self.cell.environment == "prefix":
            words += [ENV, f"GCOV_PREFIX={self.given}",
                      f"LLVM_PROFILE_FILE={self.given}/%p.profraw"]
        return words

    def write_specs(self, more):
        end = self.end
        arguments = self.command(more)
        lines = ["gentle-spec 1", "name api", f"state {self.state}",
                 *(f"command {word}" for word in arguments),
                 "ready FILE", f"ready.arg {self.ready}", f"start_timeout {PATIENCE}",
                 *(f"stop {number.name} {seconds:g}" for number, seconds in end.plan),
                 *(f"exit_code {code}" for code in end.good),
                 f"working_directory {self.cwd}", "end", ""]
        self.spec.write_text("\n".join(lines), encoding="utf-8")
        gcov, *gcov_arguments = self.build.gcov
        lines = ["gentle-coverage 1", f"source {Path(__file__).resolve().parent}",
                 f"build {self.build.build}", f"output {self.folder / 'report'}",
                 f"gcov {shutil.which(gcov)}",
                 *(f"gcov_argument {word}" for word in gcov_arguments), "instrumented", "end", ""]
        self.coverage_spec.write_text("\n".join(lines), encoding="utf-8")
        folders = self.build.build / "CMakeFiles/TargetDirectories.txt"
        folders.parent.mkdir(exist_ok=True)
        folders.write_text(f"{self.build.objects}\n", encoding="utf-8")

    def run(self, *words, code=0):
        done = subprocess.run([self.gentle, *map(str, words)], env=self.environment(),
                              cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=PATIENCE, check=False)
        self.told.append(f"$ gentle {' '.join(map(str, words))}\n{done.stdout}"
                         f"exit code {done.returncode}")
        if done.returncode != code:
            raise Failed(f"gentle {words[0]} has ended with {done.returncode}, not {code}")
        return done.stdout

    # The end

    def main(self):
        return json.loads((self.state / "state.json").read_text(encoding="utf-8"))["main"]["pid"]

    def wait_until_all_is_gone(self):
        deadline = time.monotonic() + PATIENCE
        while found := left.processes_of(self.folder):
            if not left.wait_until_gone(found, deadline):
                raise Failed("still there: " + "; ".join(map(str, found.values())))

    def wait_until_stopped(self):
        """Only a parent would be told of it."""
        main, deadline = self.main(), time.monotonic() + PATIENCE
        while proc.state_of(main) not in "Tt":
            if time.monotonic() > deadline:
                raise Failed("it is not stopped")
            os.sched_yield()

    def start_under_ctest(self):
        command = [sys.executable, "-c", CTEST, self.gentle, "start", self.spec]
        with subprocess.Popen([*map(str, command)], env=self.environment(), cwd=self.folder,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True) as ctest:
            for line in ctest.stdout:
                self.told.append(f"ctest: {line.rstrip()}")
                if line == "0\n":
                    break
            else:
                raise Failed("it was not started")
            ctest.kill()

    def come_to_the_end(self):
        end = self.end
        if end.by == "ctest":
            self.start_under_ctest()
            self.wait_until_all_is_gone()
            self.run("stop", self.spec)
            return
        self.run("start", self.spec)
        if end.argument == "stopped":
            self.wait_until_stopped()
        if end.by == "stranger":
            main = self.main()
            os.kill(main, end.by_signal)
            left.wait_until_gone([main], time.monotonic() + PATIENCE)
            control_socket.settle(self.state)
        cannot = self.cell.cannot()
        complaint = cannot.complaint if cannot and cannot.complaint else end.complaint
        said = self.run("stop", self.spec, code=1 if complaint else 0)
        self.check_words(said)
        if not re.search(complaint, said):
            raise Failed(f"gentle stop does not say what matches: {complaint}")
        if "lost" in said and not (cannot and cannot.complaint):
            raise Failed("gentle stop tells of something lost")

    # What must be

    def check_words(self, said):
        """Who exits and has nowhere to write to is rescued, and not said to have called _exit. Without symbols
        nobody can tell, and a library that was unloaded before could not be written either."""
        cell = self.cell
        if cell.end not in cells.SAYS or cell.image in ("stripped", "loaded") or cell.cannot():
            return
        words = cells.SAYS[cell.end][cell.place in cells.NOWHERE_TO_WRITE]
        if f"coverage of {words}\n" not in said:
            raise Failed(f"gentle stop does not say: coverage of {words}")

    def check_nothing_runs(self):
        if found := left.processes_of(self.folder):
            raise Failed("processes are left: " + "; ".join(map(str, found.values())))

    def files_left(self):
        known = {"log", "supervisor.log", "state.json", "dir"}
        folders = (self.cwd, self.temporary, self.given, self.state / "dir")
        return [*(entry for entry in self.state.iterdir() if entry.name not in known),
                *(entry for folder in folders for entry in folder.iterdir()),
                *self.build.data(self.build.objects)]

    def reset(self):
        self.run("coverage", "reset", self.coverage_spec)
        if there := self.build.data(self.build.build):
            raise Failed(f"after a reset there is {there[0]}")

    def once(self, *more):
        self.ready.unlink(missing_ok=True)
        self.write_specs(more)
        self.reset()
        self.come_to_the_end()
        self.check_nothing_runs()
        files = self.files_left()
        self.run("coverage", "merge", self.coverage_spec)
        expected = self.build.truth(self.end.works)
        try:
            told = counts.differences(expected, self.build.counts_in())
        except counts.Unreadable as error:
            told = [str(error)]
        if told:
            raise Lost("the counts are not those of a clean exit:\n  " + "\n  ".join(told))
        if files:
            raise Left(f"files are left: {files}")

    def check(self):
        if not self.end.where:
            self.once()
            return
        for number in range(1, self.build.files_of_dump() + 1):
            self.told.append(f"--- file {number} of {self.build.files_of_dump()}")
            self.once(self.end.where, str(number))

    def explain(self):
        parts = list(self.told)
        for name in ("log", "supervisor.log", "state.json"):
            path = self.state / name
            if path.exists():
                parts += [f"--- {name}", path.read_text(encoding="utf-8", errors="replace")]
        parts += ["--- data", *map(str, self.build.data(self.build.build))]
        return "\n".join(parts)


def run(cell, build, gentle):
    """None: it is as it must be. Else what is wrong, and what one needs to see why."""
    one = Run(cell, build, gentle)
    try:
        one.check()
        if cell.why_not():
            return "it holds, though cells.py says that it cannot", one.explain()
        return None
    except (Lost, Left) as failure:
        if (cannot := cell.cannot()) and cannot.breaks == failure.breaks:
            return None
        return str(failure), one.explain()
    except Failed as failure:
        return str(failure), one.explain()
    except (OSError, subprocess.SubprocessError) as error:
        return f"{type(error).__name__}: {error}", one.explain()
    finally:
        left.kill_all(str(one.folder))
