"""What the tests of tests/cli share: they run the program `gentle` as CTest and people do, on
spec files that they write themselves, with the misbehaving services of tests/programs.

    class Tcp(ServiceTest):
        def test_waits_for_the_listener(self):
            api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])
            api.start()

At the end of each test nothing may be left: no process, no listener, no port lock, no file outside
the state folder. After a start that failed that is looked at once, before anything is cleaned up.

Nothing sleeps. A service that has to do something later stands at a gate (Gate); an end is waited
for by pidfd; everything else has happened when `gentle` returns.
"""

import json
import os
import re
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

import control_socket
from proc import holders_of, kill, listeners_on, locks_of, processes_with, text_of

GENTLE = os.environ["GENTLE"]
PROGRAMS = os.environ["GENTLE_PROGRAMS"]
CTEST = os.environ.get("GENTLE_CTEST", "ctest")
LONGEST = 60  # seconds that anything may take; then the test fails
FOREIGN = object()  # the word of READY TCP and HTTP
MARK = "GENTLE_TEST_MARK"  # in the environment of whatever a test starts: "<runner>:<folder>"


def program(name):
    return f"{PROGRAMS}/{name}"


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


def can_mount():
    command = ["unshare", "--mount", "true"]
    return (os.geteuid() == 0 and shutil.which("unshare") is not None
            and subprocess.run(command, capture_output=True, check=False).returncode == 0)


def can_drop_capabilities():
    return os.geteuid() == 0 and shutil.which("setpriv") is not None


needs_ipv6 = unittest.skipUnless(has_ipv6(), "this machine has no IPv6")
needs_another_user = unittest.skipUnless(os.geteuid() == 0 and shutil.which("setpriv"),
                                         "becoming another user needs root and setpriv")
needs_mounts = unittest.skipUnless(can_mount(), "mounts of its own need root and unshare")
needs_capabilities = unittest.skipUnless(can_drop_capabilities(), "needs root and setpriv")

# AddressSanitizer and its like read /proc, start threads and trace, all of it in what they watch. Not
# told by their __asan_init and so on: for these gentle looks in services, in any build of it.
needs_no_sanitizer = unittest.skipIf(
    re.search(rb"__(?:asan_report|tsan_func)_", Path(GENTLE).read_bytes()),
    "gentle's sanitizer cannot do without what this test takes away")


class Result:
    def __init__(self, code, out, err, seconds=0.0):
        self.code, self.out, self.err, self.seconds = code, out, err, seconds

    def __str__(self):
        return f"exit code {self.code}\n--- stdout\n{self.out}--- stderr\n{self.err}---"


class Running:
    """A process that the test started and has not waited for yet."""

    def __init__(self, arguments, **options):
        self.began = time.monotonic()  # before it, so that it never seems to be quicker than it was
        self.process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
        self.pid = self.process.pid

    def runs(self):
        return self.process.poll() is None

    def finish(self):
        try:
            out, err = self.process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            kill(marked_processes())  # all that may hold its pipes
            out, err = self.process.communicate()
            raise AssertionError(f"{self.process.args} did not end within {LONGEST} s:\n"
                                 + text_of(out) + text_of(err)) from None
        return Result(self.process.returncode, text_of(out), text_of(err),
                      time.monotonic() - self.began)

    def kill(self, number=signal.SIGKILL):
        self.process.send_signal(number)
        return self.finish()

    def close(self):
        if self.runs():
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()


class Gate:
    """A service waits at it until the test opens it."""

    def __init__(self, path):
        self.path = str(path)
        self.fd = None
        os.mkfifo(self.path)

    def __str__(self):
        return self.path

    def wait_until_reached(self):
        if self.fd is None:
            self.fd = os.open(self.path, os.O_WRONLY)  # returns when the service opens it

    def open(self):
        self.wait_until_reached()
        os.write(self.fd, b"\n" * 64)  # one byte for each that waits

    def close(self):
        if self.fd is not None:
            os.close(self.fd)
            self.fd = None


class Service:
    """A spec file, and what one can do with it."""

    def __init__(self, test, name, spec_path, state_dir, ports):
        self.test, self.name = test, name
        self.spec, self.state_dir = str(spec_path), Path(state_dir)
        self.fixed_ports = ports
        self.log_path = self.state_dir / "log"

    def start(self, code=0, **options):
        """Starts it. An exit code that is expected and not 0: nothing of it may be left."""
        result = self.test.gentle("start", self.spec, code=code, **options)
        if code != 0:
            self.test.assert_nothing_left([self])
        return result

    def start_in_background(self):
        return self.test.background(GENTLE, "start", self.spec)

    def stop(self, code=0, **options):
        result = self.test.gentle("stop", self.spec, code=code, **options)
        self.test.assert_nothing_left([self])
        return result

    def stop_only(self):
        """While the test needs other processes to go on."""
        return self.test.gentle("stop", self.spec)

    def state(self):
        return json.loads((self.state_dir / "state.json").read_text())

    def variables(self):
        return self.state()["variables"]

    def port(self, name=None):
        key = f"{self.name}_{name}_port" if name else f"{self.name}_port"
        return int(self.variables()[key.upper().replace("-", "_")])

    def settle(self):
        control_socket.settle(self.state_dir)

    def pid(self):
        return self.state()["main"]["pid"]

    def supervisor(self):
        return self.state()["supervisor"]["pid"]

    def successor(self):
        """The supervisor's parent: the last process of all that belongs to the service."""
        return int(Path(f"/proc/{self.supervisor()}/stat").read_text().rpartition(")")[2].split()[1])

    def log(self):
        """What it has written so far: the supervisor copies it before it answers."""
        if (self.state_dir / "control").exists():
            self.settle()
        return text_of(self.log_path.read_bytes())

    def lines(self):
        return self.log().splitlines()

    def journal(self):
        return (self.state_dir / "supervisor.log").read_text()

    def ports(self):
        known = set(self.fixed_ports)
        if (self.state_dir / "state.json").exists():
            known |= {int(value) for key, value in self.variables().items()
                      if key.endswith("_PORT") and value.isdigit()}
        return known


class FakeCtest:
    """A process that is called ctest, and runs what it is told: an owner of services."""

    def __init__(self, test):
        self.test = test
        self.environment = test.environment()  # with the mark of this process, not of the fork
        self.ours, theirs = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            self.ours.close()
            self._live(theirs)
        theirs.close()

    def _live(self, connection):
        try:
            Path("/proc/self/comm").write_text("ctest")
            reader = connection.makefile("r")
            for line in reader:
                done = subprocess.run(json.loads(line), stdin=subprocess.DEVNULL,
                                      capture_output=True, check=False,
                                      env=self.environment, cwd=self.test.work)
                answer = [done.returncode, text_of(done.stdout), text_of(done.stderr)]
                connection.sendall(json.dumps(answer).encode() + b"\n")
        finally:
            os._exit(0)

    def send(self, *arguments):
        command = [*self.test.before, GENTLE, *arguments]
        self.ours.sendall(json.dumps([*map(str, command)]).encode() + b"\n")

    def receive(self):
        with self.ours.makefile("r") as reader:
            return Result(*json.loads(reader.readline()))

    def gentle(self, *arguments, code=0):
        self.send(*arguments)
        result = self.receive()
        self.test.assertEqual(result.code, code, result)
        return result

    def kill(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.ours.close()
            self.pid = 0


class ServiceTest(unittest.TestCase):
    maxDiff = None
    before = ()  # the words through which gentle is started, such as a program that takes something away

    def setUp(self):
        signal.signal(signal.SIGALRM, self._fail_what_hangs)
        signal.alarm(2 * LONGEST)
        self.folder = Path(tempfile.mkdtemp(prefix="gentle-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.work, self.temporary, self.gates = (self.folder / name for name in
                                                 ("work", "tmp", "gates"))
        for folder in (self.work, self.temporary, self.gates):
            folder.mkdir()
        self.build = self.folder / "build"
        self.build.mkdir()
        self.services = []
        self.may_be_left = set()  # pids
        self.addCleanup(self._kill_what_is_left)
        self.addCleanup(self._stop_all)

    # What a test does

    def environment(self, **more):
        kept = {name: value for name, value in os.environ.items()
                if name in ("PATH", "LANG", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS")
                or name.startswith("GCOV")}
        return {**kept, MARK: f"{os.getpid()}:{self.folder}", "TMPDIR": str(self.temporary),
                "HOME": str(self.temporary), **more}

    def gentle(self, *arguments, code=0, env=None, cwd=None, **options):
        """Runs gentle to its end, which has to have this exit code (None: any)."""
        running = self.background(GENTLE, *arguments, env=env, cwd=cwd, **options)
        result = running.finish()
        if code is not None:
            self.assertEqual(result.code, code, f"gentle {' '.join(map(str, arguments))}: {result}")
        return result

    def background(self, *arguments, env=None, cwd=None, **options):
        before = self.before if arguments[0] == GENTLE else ()
        return Running([*map(str, (*before, *arguments))], env={**self.environment(), **(env or {})},
                       cwd=cwd or self.work, **options)

    def service(self, name, *command, state=None, shell=False, ports=(), listen=(), ready=(),
                start_timeout=20, stop=(), exit_codes=(), depends=(), environment=None,
                working_directory=None, export=None, scope="run", coverage=None):
        """Writes a spec. `ready`: ("TCP", "http"), ("HTTP", "/health", [200, 204]),
        ("LOG", "^ready", 2) and so on."""
        state = state or self.build / "Testing/Fixtures" / name
        lines = ["gentle-spec 1", f"name {name}", f"state {state}"]
        lines += [f"command {word}" for word in command]
        lines += ["shell"] if shell else []
        lines += [f"port {port}" for port in ports] + [f"listen {port}" for port in listen]
        for kind, *words in ready:
            lines.append(f"ready {kind}")
            for word in words:
                if word is FOREIGN:
                    lines.append("ready.foreign")
                elif isinstance(word, int):
                    lines.append(f"ready.times {word}")
                elif isinstance(word, list):
                    lines += [f"ready.status {status}" for status in word]
                else:
                    lines.append(f"ready.arg {word}")
        lines.append(f"start_timeout {start_timeout}")
        lines += [f"stop {number} {seconds}" for number, seconds in stop]
        lines += [f"exit_code {code}" for code in exit_codes]
        lines += [f"depends {service.spec}" for service in depends]
        lines += [f"environment {key}={value}" for key, value in (environment or {}).items()]
        lines += [f"working_directory {working_directory}"] if working_directory else []
        lines += [f"export {key}={value}" for key, value in (export or {}).items()]
        lines.append(f"scope {scope}")
        lines += [f"coverage {coverage}"] if coverage else []
        path = self.build / f"{name}.spec"
        path.write_text("\n".join([*lines, "end", ""]))
        fixed = [int(port.split("=")[1]) for port in (*ports, *listen) if port[-1].isdigit() and "=" in port]
        service = Service(self, name, path, state, fixed)
        self.services = [known for known in self.services if known.name != name] + [service]
        return service

    def gate(self, name="gate"):
        gate = Gate(self.gates / name)
        self.addCleanup(gate.close)
        return gate

    def ctest(self):
        owner = FakeCtest(self)
        self.addCleanup(owner.kill)
        self.may_be_left.add(owner.pid)
        return owner

    def stranger(self, *command, **options):
        """A process that is no service and holds something that a service wants."""
        running = self.background(*command, **options)
        self.addCleanup(lambda: running.kill() if running.runs() else running.finish())
        self.may_be_left.add(running.pid)
        return running

    def listening_stranger(self, port=0):
        """Its port and its pid."""
        script = ("import socket, signal; s = socket.socket();"
                  "s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1);"
                  f"s.bind(('127.0.0.1', {port})); s.listen();"
                  "print(s.getsockname()[1], flush=True); signal.pause()")
        running = self.stranger(sys.executable, "-c", script)
        return int(running.process.stdout.readline()), running.pid

    def some_user(self, number=0):
        """The words to become one that has no process (nor a zombie that nobody waits for), and
        the build folder. What is run as that user must not lie in a home that is closed to others."""
        if not all(folder.stat().st_mode & 0o001 for folder in Path(GENTLE).resolve().parents):
            self.skipTest("another user cannot reach the build of gentle")
        user = 100000 + 32 * os.getpid() + number
        self.folder.chmod(0o755)
        for path in (self.build, *self.build.rglob("*"), self.temporary):
            os.chown(path, user, user)
        return ("setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups")

    def remove_folder(self, folder):
        """Of a service that runs, whose supervisor may remove the rest of it at the same time."""
        while folder.exists():
            shutil.rmtree(folder, ignore_errors=True)

    def wait_for_lines(self, service, text, count=1):
        """Until so many lines of the service's log hold the text: `logs --follow` tells of each."""
        follow = self.background(GENTLE, "logs", "--follow", "--build", self.build, service.name)
        try:
            for line in follow.process.stdout:
                count -= text.encode() in line
                if count <= 0:
                    return
        finally:
            follow.close()

    def signal(self, number, pid):
        self.assertGreater(pid, 1, "no process; 0 would be this process group")
        os.kill(pid, number)

    def wait_until_gone(self, pid, seconds=LONGEST):
        """An event, not a sleep: the pidfd of a process becomes readable when it ends."""
        try:
            fd = os.pidfd_open(pid)
        except ProcessLookupError:
            return
        try:
            ended, _, _ = select.select([fd], [], [], seconds)
            if not ended:
                raise TimeoutError(f"process {pid} did not end within {seconds} s")
        finally:
            os.close(fd)

    def wait_until_all_ended(self, seconds=LONGEST):
        """Of a service that ends by itself its successor is the last to go. Each process has so
        many seconds."""
        while left := self.processes_left():
            for pid in left:
                self.wait_until_gone(pid, seconds)

    def with_time_enough(self, attempt, times=((0.3, "300 ms"), (3, "3 s"), (30, "30 s"))):
        """Where something has to happen before a time is up, on however busy a machine: with more of
        it, if that was not enough. `attempt` takes the seconds, and how gentle says them."""
        for limit in times[:-1]:
            try:
                return attempt(*limit)
            except AssertionError as failure:
                print(f"{self.id()}: {limit[0]} s were not enough, trying more: {failure}", file=sys.stderr)
        return attempt(*times[-1])

    # What a test expects

    def assert_text(self, actual, expected):
        """Expects the whole text; <time>, <n> and <any> stand for what differs each time."""
        patterns = {"<time>": r"(?:\d+ ms|\d+(?:\.\d)? s|\d+ min \d+ s)", "<n>": r"\d+",
                    "<any>": r"[^\n]*"}
        parts = re.split("(<time>|<n>|<any>)", expected)
        pattern = "".join(patterns.get(part, re.escape(part)) for part in parts)
        if not re.fullmatch(pattern, actual):
            self.fail(f"expected:\n{expected}\nbut it was:\n{actual}")

    def processes_left(self):
        """The processes that this test started, and what they started, however they hide."""
        return {pid: command for pid, command in marked_processes(self.folder).items()
                if pid not in self.may_be_left}

    def assert_nothing_left(self, services):
        running = [service for service in self.services
                   if service not in services and (service.state_dir / "control").exists()]
        if not running:
            self.assertEqual(self.processes_left(), {}, "processes are left")
        for service in services:
            for port in service.ports():
                self.assertFalse(self.is_left(port, locks_of), "a port lock is left")
                self.assertFalse(self.is_left(port, listeners_on), "a listener is left")
            if service.state_dir.exists():
                self.assertLessEqual({entry.name for entry in service.state_dir.iterdir()},
                                     {"state.json", "log", "supervisor.log", "tests", "dir"})
        self.assertEqual(list(self.temporary.iterdir()), [], "temporary files are left")

    def is_left(self, port, sockets_of):
        """A free port is soon another's: what a process holds that is not ours is not left."""
        while inodes := sockets_of(port):
            holders = holders_of(inodes)
            if holders:
                return bool(holders & set(self.processes_left()))
            if inodes & sockets_of(port):
                return True
        return False

    def assert_own(self, service):
        """Nobody else can read or change any of it."""
        self.assertEqual(service.state_dir.stat().st_mode & 0o777, 0o700)
        for path, mode in modes_in(service.state_dir).items():
            self.assertEqual(stat.S_IMODE(mode), 0o700 if stat.S_ISDIR(mode) else 0o600, path)

    # The end of a test

    def _fail_what_hangs(self, _number, _frame):
        signal.alarm(LONGEST)  # for the cleanup
        raise AssertionError("the test waits for what does not come")

    def _stop_all(self):
        for service in reversed(self.services):
            if (service.state_dir / "control").exists():
                self.gentle("stop", service.spec, code=None)
        self.assert_nothing_left(self.services)

    def _kill_what_is_left(self):
        kill(self.processes_left())


def modes_in(folder):
    """Of all entries, by a look in which none has gone: a supervisor removes its last draft of the state after it has replied."""
    while True:
        try:
            return {path: path.lstat().st_mode for path in folder.iterdir()}
        except FileNotFoundError:
            if not folder.exists():
                raise


def marked_processes(folder=""):
    """What this runner's tests (or the one in the folder) have started, by pid."""
    mark = f"\0{MARK}={os.getpid()}:{folder}".encode()
    return {pid: process.command for pid, process in processes_with(mark).items()}


def main():
    """Runs the tests of the file without a ctest among their ancestors: a service that is started
    below a ctest belongs to it, and here the tests say who owns what."""
    life_read, life_write = os.pipe()
    status_read, status_write = os.pipe()
    child = os.fork()
    if child != 0:
        os.close(status_write)
        os.waitpid(child, 0)
        status = os.read(status_read, 1)
        sys.exit(status[0] if status else 99)
    if os.fork() != 0:
        os._exit(0)
    os.close(life_write)

    def end_with_parent():  # such as at CTest's time-out
        os.read(life_read, 1)
        kill(marked_processes())
        os._exit(1)

    threading.Thread(target=end_with_parent, daemon=True).start()
    outcome = unittest.main(module="__main__", exit=False, verbosity=1)
    sys.stderr.flush()
    os.write(status_write, bytes([0 if outcome.result.wasSuccessful() else 1]))
    os._exit(0)
