"""Two tests and a service that share the object files of one library, one of them killed by SIGKILL at a moment of
chance, again and again. What the others have counted must be there to the last count, and of the one that was killed
all that it had counted until then: its own log, in memory that outlives it, tells how much that is.

    kills.py --gentle <program> --compiler <g++> [--kills <n>] [--seed <n>] [--keep]
"""

import argparse
import json
import os
import random
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PARTS = 80  # units of the library
ROUNDS = {"one": 14000, "two": 10000, "api": 12000}  # of work that each program does
LONGEST = 60  # seconds that anything may take
LOG = struct.Struct("iii")  # pid, finished, over: see works.cc
MOMENTS = ("before main", "at work", "at its exit", "too late")


class Failed(Exception):
    pass


def gcov_of(compiler):
    version = subprocess.run([compiler, "-dumpversion"], capture_output=True, text=True, check=True).stdout
    return shutil.which(f"gcov-{version.strip().split('.')[0]}") or shutil.which("gcov")


class Kills:
    def __init__(self, options):
        self.options = options
        self.random = random.Random(options.seed)
        self.folder = Path(tempfile.mkdtemp(prefix="gentle-kills-"))
        self.objects, self.build, self.logs = (self.folder / name for name in ("objects", "build", "logs"))
        for folder in (self.objects, self.build, self.logs):
            folder.mkdir()
        self.gcov = gcov_of(options.compiler)
        self.environment = {name: value for name, value in os.environ.items()
                            if name in ("PATH", "LANG") or name.endswith("SAN_OPTIONS")}
        self.spec, self.base = self.build / "api.spec", self.build / "base.spec"
        self.lengths = {}  # of an undisturbed life, in seconds
        self.done = {name: dict.fromkeys(MOMENTS, 0) for name in ROUNDS}
        self.rescued = 0
        self.longest_merge = 0.02  # seconds
        self.killed_merges = 0
        self.partial = 0  # kills between the first and the last part of a round

    # The project

    def compile(self):
        parts = range(PARTS)
        sources = []
        for number in parts:
            source = self.objects / f"part_{number}.cc"
            source.write_text(f"int part_{number}(int round);\nint part_{number}(int round) {{\n"
                              f"  return round % 3 == 0 ? round : -round;\n}}\n", encoding="utf-8")
            sources.append(source)
        declared = "\n".join(f"int part_{number}(int round);" for number in parts)
        named = ", ".join(f"part_{number}" for number in parts)
        (self.objects / "parts.h").write_text(f"{declared}\nconstexpr int (*kParts[])(int) = {{{named}}};\n",
                                              encoding="utf-8")
        flags = ["-std=c++17", "-O0", "--coverage", f"-I{self.objects}"]
        self.tool(self.options.compiler, *flags, "-c", *sources)
        self.tool("ar", "rcs", "libparts.a", *(f"part_{number}.o" for number in parts))
        for name in ROUNDS:  # one program each, of the same objects
            self.tool(self.options.compiler, *flags, "-c", HERE / "works.cc", "-o", f"{name}.o")
            self.tool(self.options.compiler, "--coverage", f"{name}.o", "libparts.a", "-o", name)

    def tool(self, *command):
        done = subprocess.run([*map(str, command)], cwd=self.objects, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed(f"{command[0]}: {done.stderr}")
        return done.stdout

    def write_project(self):
        self.coverage_spec = self.build / "coverage.spec"
        self.coverage_spec.write_text(f"gentle-coverage 1\nsource {self.objects}\nbuild {self.build}\n"
                                      f"output {self.build}/coverage\ngcov {self.gcov}\nend\n", encoding="utf-8")
        for path, command, ready in ((self.spec, self.command("api"), ("LOG", "^works$")),
                                     (self.base, ["sleep", "100000"], ("COMMAND", "true"))):
            lines = ["gentle-spec 1", f"name {path.stem}", f"state {self.build}/Testing/Fixtures/{path.stem}",
                     *(f"command {word}" for word in command), f"ready {ready[0]}", f"ready.arg {ready[1]}", "end", ""]
            path.write_text("\n".join(lines), encoding="utf-8")

    def command(self, name):
        return [self.objects / name, self.logs / name, ROUNDS[name], "service" if name == "api" else "test"]

    # One life of all three

    def gentle(self, *arguments):
        return subprocess.Popen([self.options.gentle, *map(str, arguments)], env=self.environment, cwd=self.folder,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def finish(self, running):
        try:
            out, err = running.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            running.kill()
            raise Failed(f"does not end: {running.args}") from None
        return running.returncode, (out + err).decode("utf-8", "backslashreplace")

    def log(self, name):
        return LOG.unpack((self.logs / name).read_bytes())

    def forget(self):
        for path in self.objects.glob("*.gcda*"):
            path.unlink()
        for name in ROUNDS:
            (self.logs / name).write_bytes(bytes(LOG.size))

    def victim(self, name, life):
        """Its pid; 0 while there is none. A test is one before its program runs."""
        if name == "api":
            return self.log(name)[0]
        pid = life["runs"][name].pid
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
        except OSError:
            return 0
        return int(children[0]) if children else 0

    def kill(self, name, delay, life):
        select.select([], [], [], delay)
        while not (pid := self.victim(name, life)):
            if life["over"].is_set() or name != "api" and life["runs"][name].poll() is not None:
                return
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def measure(self, name, life):
        while not (pid := self.log(name)[0]):
            if life["over"].is_set():
                return
        try:
            fd = os.pidfd_open(pid)
            select.select([fd], [], [], LONGEST)
            os.close(fd)
        except ProcessLookupError:
            pass
        self.lengths[name] = time.monotonic() - life["began"]

    def live(self, name="", delay=0.0):
        """All three, side by side; the one of this name is killed. What each said at its end."""
        self.forget()
        began = time.monotonic()
        start = self.gentle("start", self.spec)
        runs = {test: self.gentle("run", "--with", self.base, "--", *self.command(test)) for test in ("one", "two")}
        life = {"began": began, "runs": runs, "over": threading.Event()}
        others = [threading.Thread(target=self.kill, args=(name, delay, life), daemon=True)] if name else [
            threading.Thread(target=self.measure, args=(each, life), daemon=True) for each in ROUNDS]
        for other in others:
            other.start()
        ends = {test: self.finish(running) for test, running in runs.items()}
        ends["start"] = self.finish(start)
        ends["api"] = self.finish(self.gentle("stop", self.spec))
        life["over"].set()
        for other in others:
            other.join()
        return ends

    # What it counted

    def kill_a_merge(self):
        merge = self.gentle("coverage", "merge", self.coverage_spec)
        select.select([], [], [], self.random.uniform(0, self.longest_merge))
        merge.kill()
        self.finish(merge)
        killed = merge.returncode == -signal.SIGKILL
        self.killed_merges += killed
        self.longest_merge *= 1.05 if killed else 0.95

    def counts(self):
        """How often each part was called, by all that ended. The merge is killed as well, and begins anew."""
        self.kill_a_merge()
        code, text = self.finish(self.gentle("coverage", "merge", self.coverage_spec))
        if code != 0 or text:
            raise Failed(f"the merge ends with {code} and says:\n{text}")
        data = sorted(path.name for path in self.objects.glob("part_*.gcda"))
        found = [0] * PARTS
        if not data:
            return found
        for told in self.tool(self.gcov, "--json-format", "--stdout", *data).splitlines():
            for file in json.loads(told)["files"]:
                number = re.fullmatch(r"part_(\d+)\.cc", Path(file["file"]).name)
                if number:
                    found[int(number.group(1))] = max(line["count"] for line in file["lines"])
        return found

    def check(self, victim, ends):
        """Of the victim as well: it is finished with each part as often as its log says, or once more; and
        it calls them in order."""
        finished = {name: self.log(name)[1] for name in ROUNDS}
        for name, (code, text) in ends.items():
            if victim not in (name, "api" if name == "start" else "") and code != 0:
                raise Failed(f"'{name}' ends with {code} and says:\n{text}")
            if " lost" in text:
                raise Failed(f"'{name}' says:\n{text}")
        for name, rounds in ROUNDS.items():
            if name != victim and finished[name] != rounds:
                raise Failed(f"'{name}' was disturbed: {finished[name]} of {rounds} rounds")
        least = sum(finished.values())
        found = self.counts()
        most = least + 1 if victim else least
        if found != sorted(found, reverse=True) or found[0] > most or found[-1] < least:
            raise Failed(f"killed is '{victim}', finished {finished}: {least} to {most} rounds are to be counted, not {found}")
        self.partial += found[0] != found[-1]
        self.rescued += any("rescued (SIGKILL)" in text for _, text in ends.values())

    def moment(self, name, ends):
        pid, _, over = self.log(name)
        killed = "death by SIGKILL" in ends["start"][1] + ends["api"][1] if name == "api" else ends[name][0] == -signal.SIGKILL
        return "too late" if not killed else "at its exit" if over else "at work" if pid else "before main"

    def run(self):
        self.compile()
        self.write_project()
        code, text = self.finish(self.gentle("start", self.base))
        if code != 0:
            raise Failed(text)
        for _ in range(2):  # the first one finds a cold machine
            self.check("", self.live())
        hits = 0
        while hits < self.options.kills:
            name = self.random.choice(sorted(ROUNDS))
            delay = self.random.uniform(0, self.lengths[name])
            ends = self.live(name, delay)
            moment = self.moment(name, ends)
            # Its whole life, and not much more: how long that is changes with what else the machine does.
            self.lengths[name] *= {"at its exit": 1.05, "too late": 0.95}.get(moment, 1)
            self.done[name][moment] += 1
            self.check(name, ends)
            if moment == "too late":
                continue
            hits += 1
            if hits % 100 == 0:
                print(f"{hits} kills", flush=True)

    def report(self):
        print(f"\n{'who was killed':<16}" + "".join(f"{moment:>16}" for moment in MOMENTS))
        for name, moments in self.done.items():
            print(f"{name:<16}" + "".join(f"{moments[moment]:>16}" for moment in MOMENTS))
        print(f"\n{self.killed_merges} merges killed, {self.rescued} told as rescued, {self.partial} in the middle of a round")

    def end(self):
        for spec in (self.spec, self.base):
            self.finish(self.gentle("stop", spec))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gentle", required=True)
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--keep", action="store_true", help="keep the folder")
    options = parser.parse_args()
    options.gentle = os.path.abspath(options.gentle)
    print(f"{options.kills} kills, --seed {options.seed}", flush=True)
    began = time.monotonic()
    kills = Kills(options)
    problem = ""
    try:
        kills.run()
        kills.report()
    except Failed as failure:
        problem = str(failure)
    finally:
        kills.end()
    print(f"\n{time.monotonic() - began:.0f} s; " + (f"FAILED\n{problem}" if problem else "every count is there"))
    if problem or options.keep:
        print(f"see {kills.folder}; again: --seed {options.seed}")
    else:
        shutil.rmtree(kills.folder)
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main())
