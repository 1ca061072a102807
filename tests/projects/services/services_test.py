"""The example with well-known servers, run twice: each of them starts, serves its client and ends well, and
nothing of it is left. Where root runs this, it is run once more as another user.

usage: services_test.py <repository> <scratch folder> <gentle>

In CI, all servers have to be there; elsewhere those that are not installed are left out.
"""

import contextlib
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "lib"))
from ci import in_ci
from proc import listeners_on, processes_in
from small_project import build_folders, clean_environment

REPOSITORY = Path()
SCRATCH = Path()
GENTLE = Path()
EXAMPLE = "examples/services-of-the-world"
IN_CI = in_ci()

ONE_SHOT = "had ended by itself, as READY EXIT says: exit status 0"
# For each file of the example's services/ how its services end; the first one is what the client uses.
ENDS = {
    "redis": {"redis": "stopped by SIGINT after TIME: exit status 0"},
    "memcached": {"memcached": "stopped by SIGINT after TIME: exit status 0"},
    "postgresql": {"postgresql": "stopped by SIGINT after TIME: exit status 0", "postgresql-data": ONE_SHOT},
    "mariadb": {"mariadb": "stopped by SIGTERM after TIME: exit status 0", "mariadb-data": ONE_SHOT},
    "nginx": {"nginx": "stopped by SIGQUIT after TIME: exit status 0"},
    "web": {"web": "stopped by SIGINT after TIME: exit status 0"},
    "mosquitto": {"mosquitto": "stopped by SIGINT after TIME: exit status 0"},
    "nats": {"nats": "stopped by SIGINT after TIME: exit status 0"},
    "beanstalkd": {"beanstalkd": "stopped by SIGINT after TIME: death by SIGINT"},
    "rabbit": {"rabbit": "stopped by SIGTERM after TIME: exit status 0",
               "epmd": "stopped by SIGINT after TIME: death by SIGINT"},
    "sshd": {"sshd": "stopped by SIGTERM after TIME: exit status 0", "sshd-keys": ONE_SHOT},
}


def system_files() -> dict[str, int]:
    """The files that the system's own such servers would write, and when they were written last."""
    found = {}
    for folder in ("/etc", "/run", "/tmp", "/var/cache", "/var/lib", "/var/log", "/var/spool", "/var/tmp"):
        for name in ("redis", "memcached", "postgres", "pgsql", ".s.PGSQL", "mysql", "mariadb", "nginx", "mosquitto",
                     "nats", "beanstalk", "rabbitmq", "erlang", "epmd", "ssh"):
            for top in Path(folder).glob(f"{name}*"):
                for path in (top, *top.rglob("*")):
                    try:
                        found[str(path)] = path.lstat().st_mtime_ns
                    except FileNotFoundError:
                        pass
    return found


def kill_processes_in(folder: Path, program: str = "") -> int:
    killed = 0
    for process in processes_in(folder):
        pid, command = process.split(": ", 1)
        if command.startswith(program):
            with contextlib.suppress(ProcessLookupError):  # it ended with another one
                os.kill(int(pid), signal.SIGKILL)
                killed += 1
    return killed


def wait_for_the_end_of_processes_in(folder: Path):
    deadline = time.monotonic() + 30
    while left := processes_in(folder):
        try:
            process = os.pidfd_open(int(left[0].split(":")[0]))
        except ProcessLookupError:
            continue
        ended, _, _ = select.select([process], [], [], max(0, deadline - time.monotonic()))
        os.close(process)
        if not ended:
            raise AssertionError(f"still there: {processes_in(folder)}, and waited for {left[0]}")


class Example(unittest.TestCase):
    """A copy of the example in a folder of its own, and how to run it."""

    as_user: list[str] = []

    def setUp(self):
        self.root = self.make_root()
        for part in ("cmake", "examples"):
            shutil.copytree(REPOSITORY / part, self.root / part, ignore=build_folders)
        shutil.copy(GENTLE, self.root / "gentle")
        self.build = self.root / EXAMPLE / "build"
        self.home, self.temporary = self.root / "home", self.root / "temporary"
        self.home.mkdir()
        self.temporary.mkdir()
        self.give_away()
        self.addCleanup(kill_processes_in, self.root)

    def make_root(self) -> Path:
        root = SCRATCH / self.id().split(".")[-1]
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        return root

    def give_away(self):
        pass

    def run_it(self, *command) -> subprocess.CompletedProcess:
        with self.begin(*command) as process:
            out, _ = process.communicate()
            return subprocess.CompletedProcess(command, process.returncode, out)

    def begin(self, *command) -> subprocess.Popen:
        environment = {**clean_environment(), "HOME": str(self.home), "TMPDIR": str(self.temporary)}
        return subprocess.Popen([*self.as_user, *map(str, command)], cwd=self.root, env=environment, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def configure(self, *options) -> subprocess.CompletedProcess:
        return self.run_it("cmake", "-S", EXAMPLE, "-B", self.build, f"-DGENTLE_EXECUTABLE={self.root}/gentle", *options)

    def run_example(self, *options: str) -> subprocess.CompletedProcess:
        every = ["-DSERVICES_OF_THE_WORLD_ALL=ON"] if IN_CI else []
        return self.run_it(f"{EXAMPLE}/run", f"-DGENTLE_EXECUTABLE={self.root}/gentle", *every, *options)

    def assert_every_server_served_and_ended_well(self, finished: subprocess.CompletedProcess):
        out = finished.stdout
        self.assertEqual(finished.returncode, 0, out)
        left_out = re.findall(r"^-- (\S+) is left out", out, re.MULTILINE)
        self.assertEqual(left_out if IN_CI else [], [], out)
        expected = {}
        for name, services in ENDS.items():
            if name not in left_out:
                self.assertRegex(out, rf" {name}\.client \.+ +Passed")
                expected.update(services)
        self.assertTrue(expected, out)
        count = len(expected) * 2 + len(ENDS) - len(left_out)
        self.assertRegex(out, rf"100% tests passed(, 0 tests failed)? out of {count}\n")
        log = (self.build / "Testing/Temporary/LastTest.log").read_text()
        for service, end in expected.items():
            for step in ("start", "stop"):
                self.assertRegex(out, rf" {service}\.{step} \.+ +Passed")
            end = re.escape(f"{service}: {end}").replace("TIME", r"[0-9.]+ m?s")
            self.assertRegex(log, rf"(?m)^{end}$")

    def assert_nothing_left(self):
        self.assertEqual(processes_in(self.root), [])
        for folder in (self.home, self.temporary):
            self.assertEqual(list(folder.iterdir()), [])
        status = self.run_it(self.root / "gentle", "status", "--json", "--build", self.build)
        ports = {(service["service"], name, int(port)) for service in json.loads(status.stdout)
                 for name, port in service["variables"].items() if name.endswith("_PORT")}
        self.assertTrue(ports, status.stdout)
        self.assertEqual([port for port in ports if listeners_on(port[2])], [])

    def run_times(self, times: int):
        before = system_files()
        for _ in range(times):
            self.assert_every_server_served_and_ended_well(self.run_example())
            self.assert_nothing_left()
        self.assertEqual(system_files(), before)


class TheCheckForLeftovers(unittest.TestCase):
    def test_it_finds_a_file(self):
        before = system_files()
        with tempfile.TemporaryDirectory(prefix="redis-") as folder:
            self.assertEqual(set(system_files()) - set(before), {folder})
        self.assertEqual(system_files(), before)


class AsTheUserOfTheTests(Example):
    def test_twice(self):
        self.run_times(2)  # the second run finds the folders of the first one

    def test_all_end_when_ctest_is_killed(self):
        self.configure()
        # Without RabbitMQ, which takes ten seconds to end when it has just been started.
        with self.clients_that_do_not_end() as clients, \
                self.begin("ctest", "--test-dir", self.build, "-j8", "-E", "^(rabbit|epmd)") as ctest:
            for _ in range(min(8, len(clients))):
                for line in ctest.stdout:
                    if re.search(r" Start +\d+: \w+\.client$", line):
                        break
            self.assertGreater(len(processes_in(self.root)), 10)
            ctest.kill()
        self.assert_all_end_and_start_again()

    @contextlib.contextmanager
    def clients_that_do_not_end(self):
        """Else the run may be over before we have looked at it. The names of those that run."""
        clients = self.root / EXAMPLE / "clients"
        aside = clients.rename(clients.with_name("aside"))
        clients.mkdir()
        for client in aside.iterdir():
            (clients / client.name).write_text("#!/bin/sh\nexec tail -f /dev/null\n")
            (clients / client.name).chmod(0o755)
        listed = self.run_it("ctest", "--test-dir", self.build, "-N", "-E", "^(rabbit|epmd)").stdout
        yield re.findall(r"(\w+)\.client$", listed, re.MULTILINE)
        shutil.rmtree(clients)
        aside.rename(clients)

    def test_all_end_when_the_supervisors_are_killed(self):
        self.configure()
        for spec in sorted((self.build / "CMakeFiles/GentleFixtures").glob("*.spec")):  # x-data comes before x
            if spec.stem not in ("rabbit", "epmd"):
                started = self.run_it(self.root / "gentle", "start", spec)
                self.assertEqual(started.returncode, 0, started.stdout)
        killed = kill_processes_in(self.root, "gentle supervise ")
        self.assertGreater(killed, 2 * 5, "supervisors and their parents")
        self.assert_all_end_and_start_again()

    def assert_all_end_and_start_again(self):
        wait_for_the_end_of_processes_in(self.root)
        self.assert_nothing_left()
        again = self.run_it("ctest", "--test-dir", self.build, "-R", r"^(redis|postgresql|sshd|web)\.client$")
        self.assertEqual(again.returncode, 0, again.stdout)
        self.assert_nothing_left()

    def test_a_server_that_is_not_there_is_left_out(self):
        reason = "memcached is left out, because these programs are not installed: memcached, memccat"
        without = self.configure("-DMEMCACHED=", "-DMEMCCAT=")
        self.assertEqual(without.returncode, 0, without.stdout)
        self.assertIn(f"-- {reason}\n", without.stdout)
        self.assertNotIn("memcached", self.run_it("ctest", "--test-dir", self.build, "-N").stdout)
        every = self.configure("-DSERVICES_OF_THE_WORLD_ALL=ON")
        self.assertEqual(every.returncode, 1, every.stdout)
        self.assertIn(reason, re.sub(r"\s+", " ", every.stdout))


@unittest.skipUnless(os.geteuid() == 0 and shutil.which("setpriv"), "only root can become another user")
class AsAnotherUser(Example):
    # Not nobody, for whom libnss-systemd may make up a locked account, which sshd would not let in.
    as_user = ["setpriv", "--reuid=games", "--regid=games", "--clear-groups"]

    def make_root(self) -> Path:
        # The repository may be where other users may not go.
        root = Path(tempfile.mkdtemp(prefix="gentle-services-"))
        self.addCleanup(shutil.rmtree, root)
        return root

    def give_away(self):
        for path in (self.root, *self.root.rglob("*")):
            shutil.chown(path, "games", "games")

    def test_once(self):
        self.run_times(1)


if __name__ == "__main__":
    REPOSITORY, SCRATCH, GENTLE = (Path(argument).resolve() for argument in sys.argv[1:4])
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]], verbosity=2)
