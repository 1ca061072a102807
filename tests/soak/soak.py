"""Many runs of ctest in one build folder, every other one of which is disturbed: something of it is killed at a
moment of chance. The next run has to pass, and in the end the machine is as it was.

A service called `base` lives through it all: its supervisor is used by every run, and must not grow.

    soak.py --gentle <program> --programs <folder> [--ctest <program>] [--cycles <n>] [--seed <n>] [--keep]
"""

import argparse
import json
import os
import random
import re
import resource
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "lib"))
import control_socket  # noqa: E402  pylint: disable=wrong-import-position
from proc import command_of, holders_of, processes_with, text_of  # noqa: E402  pylint: disable=wrong-import-position

MARK = "GENTLE_SOAK"  # in the environment of all that is started here
LONGEST = 60  # seconds that a run, or what a killed one leaves behind, may take
PAUSE = 0.005  # between two looks for what is to be killed
# What the supervisor of the long-living service may have more at the end than after the warm-up.
# Rss tells nothing: it counts the pages of the program's file, which the kernel maps and takes away as it likes.
ALLOWED_KIB = {"VmSize": 256, "Anonymous": 64}
# CTest's own: a killed one leaves LastTest.log.tmp and the like.
NOT_OURS = {"Testing/Temporary"}
# What instances of SCOPE TEST whose tests were killed may leave, for people to look at.
ALLOWED_INSTANCES = 10


class Failed(Exception):
    pass


def command_of_holder(inode):
    """The command line of a process that has this socket open; "" if none is seen."""
    return next(filter(None, map(command_of, sorted(holders_of({inode})))), "")


def wait_until_gone(pid, deadline):
    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    select.select([fd], [], [], max(0, deadline - time.monotonic()))
    os.close(fd)


class Keeper:
    """A process that is called ctest, has started `base`, and stays: its owner."""

    def __init__(self, command, environment, folder):
        ours, theirs = socket.socketpair()
        self.life = ours
        self.pid = os.fork()
        if self.pid == 0:
            ours.close()
            Path("/proc/self/comm").write_text("ctest", encoding="utf-8")
            code = subprocess.run(command, env=environment, cwd=folder, check=False).returncode
            theirs.send(bytes([code]))
            theirs.recv(1)
            os._exit(0)
        theirs.close()
        if ours.recv(1) != b"\0":
            raise Failed("the long-living service does not start")

    def close(self):
        self.life.close()
        os.waitpid(self.pid, 0)


# When in a run there are such processes, as shares of its length; they are looked for from then on.
MOMENTS = {"gentle start": (0, 0.1), "gentle run": (0, 0.4), "a test": (0, 0.4)}


class Victims:
    """What can be killed: a name, the processes that it means, and the signals."""

    def __init__(self, soak):
        self.soak = soak
        supervises = re.compile(r"gentle supervise .*/(?!base\.spec)[a-z-]+\.spec ")
        self.kinds = {
            "ctest": (self.ctest, [signal.SIGKILL, signal.SIGTERM, signal.SIGINT]),
            "gentle start": (self.like(r"gentle start "), [signal.SIGKILL, signal.SIGTERM]),
            "gentle run": (self.like(r"gentle run "), [signal.SIGKILL, signal.SIGTERM]),
            "gentle stop": (self.like(r"gentle stop "), [signal.SIGKILL]),
            "a supervisor or its parent": (self.like(supervises.pattern), [signal.SIGKILL]),
            "a supervisor and its parent": (self.both(supervises), [signal.SIGKILL]),
            "a service": (self.like(re.escape(soak.options.programs)), [signal.SIGKILL, signal.SIGSEGV]),
            "a test": (self.like(r"^sleep "), [signal.SIGKILL]),
        }

    def ctest(self, _processes, ctest):
        return [ctest]

    def like(self, pattern):
        def find(processes, _ctest):
            return [pid for pid, command in processes.items() if re.search(pattern, command)]
        return lambda processes, ctest: self.soak.random.sample(find(processes, ctest), 1) if find(processes, ctest) else []

    def both(self, supervises):
        def find(processes, _ctest):
            commands = sorted(command for command in processes.values() if supervises.search(command))
            chosen = self.soak.random.choice(commands) if commands else None
            return [pid for pid, command in processes.items() if command == chosen]
        return find


class Soak:
    def __init__(self, options):
        self.options = options
        self.random = random.Random(options.seed)
        self.folder = Path(tempfile.mkdtemp(prefix="gentle-soak-"))
        self.build, self.temporary, self.home = (self.folder / name for name in ("build", "tmp", "home"))
        for folder in (self.build, self.temporary, self.home):
            folder.mkdir()
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG") or name.endswith("SAN_OPTIONS")}
        self.environment = {**kept, MARK: str(self.folder), "TMPDIR": str(self.temporary), "HOME": str(self.home)}
        self.ports = set()
        self.done = {}  # kind of end: how often it was hit, missed
        self.keeper = None
        self.length = 0  # of the last undisturbed run, in seconds
        self.base = {}  # pids of the long-living service

    # The project

    def spec(self, name, *command, ready, depends=(), scope="run", shell=False):
        lines = ["gentle-spec 1", f"name {name}", f"state {self.build}/Testing/Fixtures/{name}"]
        lines += [f"command {word}" for word in command] + (["shell"] if shell else [])
        lines += ["port main", f"ready {ready[0]}", *(f"ready.arg {word}" for word in ready[1:])]
        lines += [f"depends {self.build}/{other}.spec" for other in depends] + [f"scope {scope}", "end", ""]
        (self.build / f"{name}.spec").write_text("\n".join(lines), encoding="utf-8")

    def write_project(self):
        programs, gentle = self.options.programs, self.options.gentle
        self.spec("base", f"{programs}/listens_tcp", "@BASE_PORT@", ready=("TCP", "main"))
        self.spec("db", f"{programs}/preforks", "@DB_PORT@", "3", ready=("TCP", "main"), depends=["base"])
        self.spec("api", f"{programs}/listens_tcp", "@API_PORT@", ready=("TCP", "main"), depends=["db"])
        self.spec("daemon", f"{programs}/forks_daemon", "@DAEMON_PORT@", "stays", ready=("TCP", "main"))
        self.spec("log", f"{programs}/logs", "ready\\n", "lines:1000", ready=("LOG", "^ready$"))
        self.spec("notify", f"{programs}/notifies", "READY=1", ready=("NOTIFY",))
        self.spec("cart", f"{programs}/listens_tcp", "@CART_PORT@", ready=("TCP", "main"), scope="test")
        needs = {"base": [], "db": ["base"], "api": ["base", "db"], "daemon": [], "log": [], "notify": []}
        lines = []
        for name, others in needs.items():
            for verb, role in (("start", "SETUP"), ("stop", "CLEANUP")):
                lines.append(f'add_test({name}.{verb} "{gentle}" {verb} "{self.build}/{name}.spec")')
                lines.append(f'set_tests_properties({name}.{verb} PROPERTIES FIXTURES_{role} {name} TIMEOUT 50 '
                             f'SKIP_RETURN_CODE 77 FIXTURES_REQUIRED "{";".join(others)}")')
        tests = [["api"], ["api", "log"], ["daemon"], ["notify", "base"], ["log"], ["cart"], ["cart", "base"]]
        for number, used in enumerate(tests):
            fixtures = sorted({name for use in used for name in [use, *needs.get(use, [])]} - {"cart"})
            given = " ".join(f'--with "{self.build}/{name}.spec"' for name in used)
            lines.append(f'add_test(test-{number} "{gentle}" run {given} -- sleep 0.05)')
            lines.append(f'set_tests_properties(test-{number} PROPERTIES TIMEOUT 50 FIXTURES_REQUIRED "{";".join(fixtures)}")')
        (self.build / "CTestTestfile.cmake").write_text("\n".join(lines) + "\n", encoding="utf-8")

    # The machine

    def processes(self):
        """What we have started and runs, but for `base`: command lines by pid."""
        found = processes_with(f"\0{MARK}={self.folder}\0".encode())
        return {pid: process.command for pid, process in found.items() if pid not in self.base.values()}

    def wait_until_nothing_runs(self, what):
        deadline = time.monotonic() + LONGEST
        while left := self.processes():
            if time.monotonic() > deadline:
                raise Failed(f"{what}: processes are left: {left}")
            wait_until_gone(next(iter(left)), deadline)

    def state(self, name):
        return json.loads((self.build / f"Testing/Fixtures/{name}/state.json").read_text(encoding="utf-8"))

    def note_ports(self):
        for path in self.build.glob("Testing/Fixtures/**/state.json"):
            try:
                variables = json.loads(path.read_text(encoding="utf-8")).get("variables") or {}
            except FileNotFoundError:
                continue  # of an instance that is being removed
            self.ports |= {int(value) for name, value in variables.items() if name.endswith("_PORT")}

    def locked_ports(self):
        """Of ours; one that was free again may be locked by another build on this machine."""
        table = Path("/proc/net/unix").read_text(encoding="utf-8", errors="replace")
        locks = {inode: int(port) for inode, port in re.findall(r" (\d+) @gentle-port-(\d+)$", table, re.MULTILINE)}
        others = {inode for inode in locks if (line := command_of_holder(inode)) and str(self.folder) not in line}
        return {port for inode, port in locks.items() if inode not in others} & self.ports

    def memory(self, pid):
        text = "".join(Path(f"/proc/{pid}/{file}").read_text(encoding="utf-8") for file in ("status", "smaps_rollup"))
        return {name: int(re.search(rf"^{name}:\s+(\d+)", text, re.MULTILINE)[1]) for name in ALLOWED_KIB}

    def measure(self):
        files = {}
        for folder, _, names in os.walk(self.build):
            relative = os.path.relpath(folder, self.build)
            if not any(relative.startswith(other) for other in NOT_OURS):
                files |= {os.path.join(relative, name): os.lstat(os.path.join(folder, name)).st_size for name in names}
        instances = [name for name in os.listdir(self.build / "Testing/Fixtures") if name == "cart"]
        instances = os.listdir(self.build / "Testing/Fixtures/cart") if instances else []
        files = {name: size for name, size in files.items() if "/cart/" not in name}
        result = {"files": files, "instances left": len(instances), "supervisors": {}}
        for who, pid in self.base.items():
            if who == "the service":
                continue
            fds = sorted(re.sub(r"\d+", "<n>", os.readlink(fd)) for fd in Path(f"/proc/{pid}/fd").iterdir())
            result["supervisors"][who] = {"descriptors": fds, **self.memory(pid)}
        return result

    # Cycles

    def start_base(self):
        command = [self.options.gentle, "start", str(self.build / "base.spec")]
        self.keeper = Keeper(command, self.environment, self.build)
        state = self.state("base")
        self.base = {"the supervisor": state["supervisor"]["pid"], "the service": state["main"]["pid"]}
        for pid, command in self.processes().items():
            if "gentle supervise" in command:
                self.base["its parent"] = pid

    def start_ctest(self):
        return subprocess.Popen([self.options.ctest, "-j4", "--output-on-failure"], cwd=self.build, env=self.environment,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def finish(self, ctest):
        try:
            return text_of(ctest.communicate(timeout=LONGEST)[0])
        except subprocess.TimeoutExpired:
            raise Failed(f"ctest does not end; there are {self.processes()}") from None

    def disturbed(self, kind):
        """Whether something was killed."""
        find, signals = Victims(self).kinds[kind]
        ctest = self.start_ctest()
        first, last = MOMENTS.get(kind, (0, 0.9))
        begin = time.monotonic() + self.length * self.random.uniform(first, last)
        hit = False
        while not hit and ctest.poll() is None:
            select.select([], [], [], max(PAUSE, begin - time.monotonic()))
            chosen = find(self.processes(), ctest.pid)
            number = self.random.choice(signals)
            for pid in chosen:
                try:
                    os.kill(pid, number)
                    hit = True
                except ProcessLookupError:
                    pass
        self.finish(ctest)
        # What two killed supervisors left, the next start ends.
        if kind != "a supervisor and its parent":
            self.wait_until_nothing_runs(f"after the end of {kind}")
        return hit

    def undisturbed(self, after):
        began = time.monotonic()
        ctest = self.start_ctest()
        output = self.finish(ctest)
        self.length = time.monotonic() - began
        if ctest.returncode != 0:
            raise Failed(f"the run after the end of {after} fails:\n{output}")
        self.note_ports()
        self.wait_until_nothing_runs(f"after a run that passed, after the end of {after}")
        control_socket.settle(self.build / "Testing/Fixtures/base")  # it writes its state when the stop has its answer
        state = self.state("base")
        if state["phase"] != "ready" or state["main"]["pid"] != self.base["the service"]:
            raise Failed(f"the long-living service has changed: {state}")
        owners = [owner["pid"] for owner in state["owners"]]
        if owners != [self.keeper.pid]:
            raise Failed(f"the long-living service has other owners than its own: {owners}")

    def run(self):
        self.write_project()
        self.start_base()
        kinds = list(Victims(self).kinds)
        warm = None
        self.undisturbed("nothing")
        for cycle in range(1, self.options.cycles + 1):
            if not kinds:
                kinds = list(Victims(self).kinds)
            kind = kinds.pop(self.random.randrange(len(kinds)))
            hit = self.disturbed(kind)
            self.note_ports()
            self.undisturbed(kind)
            hits, misses = self.done.get(kind, (0, 0))
            self.done[kind] = (hits + hit, misses + (not hit))
            if cycle == max(3, self.options.cycles // 10):
                warm = self.measure()
            if cycle % 25 == 0:
                print(f"{cycle} cycles", flush=True)
        return warm, self.measure()

    def compare(self, warm, end):
        problems = []
        for who, before in warm["supervisors"].items():
            after = end["supervisors"][who]
            if before["descriptors"] != after["descriptors"]:
                problems.append(f"descriptors of {who}: {before['descriptors']}, now {after['descriptors']}")
            for what, allowed in ALLOWED_KIB.items():
                if after[what] > before[what] + allowed:
                    problems.append(f"{what} of {who} has grown from {before[what]} to {after[what]} KiB")
        if new := sorted(set(end["files"]) - set(warm["files"])):
            problems.append(f"new files in the build folder: {new}")
        for name in ("Testing/Fixtures/base/supervisor.log", "Testing/Fixtures/base/log"):
            if end["files"][name] > warm["files"][name]:
                problems.append(f"{name} has grown: {(self.build / name).read_text(encoding='utf-8')[-1000:]}")
        if end["instances left"] > ALLOWED_INSTANCES:
            problems.append(f"{end['instances left']} instances of SCOPE TEST are left")
        return problems

    def outside(self):
        problems = [f"{folder} holds {os.listdir(folder)}" for folder in (self.temporary, self.home) if os.listdir(folder)]
        for folder in ("/dev/shm", "/tmp", "/var/tmp"):
            ours = [name for name in os.listdir(folder) if "gentle" in name and self.folder.name in name]
            problems += [f"{folder} holds {name}" for name in ours if name != self.folder.name]
        return problems

    def end(self):
        """Everything of ours has gone; what is left is told."""
        problems = self.outside()
        done = subprocess.run([self.options.gentle, "down", "--build", str(self.build)], env=self.environment,
                              capture_output=True, check=False)
        if done.returncode != 0:
            problems.append(f"gentle down: {text_of(done.stdout + done.stderr)}")
        self.base = {}
        self.keeper.close()
        self.wait_until_nothing_runs("after gentle down")
        if locked := self.locked_ports():
            problems.append(f"ports are locked: {sorted(locked)}")
        sockets = [str(path) for path in self.build.rglob("*") if path.is_socket()]
        return problems + [f"a socket is left: {path}" for path in sockets]

    def report(self, warm, end):
        print(f"\n{'what was killed':<30} {'runs':>6} {'hit':>6}")
        for kind, (hits, misses) in sorted(self.done.items()):
            print(f"{kind:<30} {hits + misses:>6} {hits:>6}")
        print(f"\n{'of the long-living service':<44} {'warm':>8} {'end':>8}")
        for who, before in warm["supervisors"].items():
            after = end["supervisors"][who]
            print(f"{who + ', descriptors':<44} {len(before['descriptors']):>8} {len(after['descriptors']):>8}")
            for what in ALLOWED_KIB:
                print(f"{who + ', ' + what + ' in KiB':<44} {before[what]:>8} {after[what]:>8}")
        for what, measure in (("files in the build folder", lambda at: len(at["files"])),
                              ("their bytes", lambda at: sum(at["files"].values())),
                              ("instances of SCOPE TEST left", lambda at: at["instances left"])):
            print(f"{what:<44} {measure(warm):>8} {measure(end):>8}")

    def kill_all(self):
        self.base = {}
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


def common_arguments(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gentle", required=True)
    parser.add_argument("--programs", required=True)
    parser.add_argument("--ctest", default="ctest")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    return parser


def main():
    parser = common_arguments(__doc__)
    parser.add_argument("--cycles", type=int, default=300)
    parser.add_argument("--keep", action="store_true", help="keep the folder")
    options = parser.parse_args()
    print(f"{options.cycles} cycles, --seed {options.seed}", flush=True)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # where cores are written they would count as new files
    began = time.monotonic()
    soak = Soak(options)
    try:
        warm, end = soak.run()
        problems = soak.compare(warm, end) + soak.end()
        soak.report(warm, end)
    except Failed as failure:
        problems = [str(failure)]
    finally:
        soak.kill_all()
    print(f"\n{time.monotonic() - began:.0f} s; {'nothing is left' if not problems else 'FAILED'}")
    for problem in problems:
        print(f"- {problem}")
    if problems or options.keep:
        print(f"see {soak.folder}; again: --seed {options.seed}")
    else:
        shutil.rmtree(soak.folder)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
