"""Where something is missing: an old kernel, a sandbox, limits of the user, a strange caller. All of a
service's life goes on, or one line says what it goes on without."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import unittest
from pathlib import Path

import harness
from harness import GENTLE, ServiceTest, needs_another_user, needs_mounts, needs_no_sanitizer, program


class Hostile(ServiceTest):
    def without(self, calls):
        """From here on gentle, and what it starts, runs where these system calls fail."""
        self.before = (program("without"), calls, "--")

    def listening(self, name="api", **options):
        variable = f"@{name.upper()}_PORT@"
        return self.service(name, program("listens_tcp"), variable, ports=["http"], **options)

    def assert_lives(self, told="", noted=()):
        """Through all of a service's life. `told`: what the start says before that it is ready;
        `noted`: what the supervisor's log does, once."""
        self.assert_runs(told, noted)
        self.assert_is_killed_by_its_plan()
        self.assert_ends_with_its_ctest()
        self.assert_ends_with_its_supervisor()
        self.assert_death_is_told()

    def assert_runs(self, told="", noted=()):
        api = self.listening()
        ready = "api: ready after <time> at 127.0.0.1:<n>\n"
        self.assert_text(api.start().out, told + ready)
        self.assertEqual(self.gentle("run", "--with", api.spec, "--", "echo", "@API_PORT@").out,
                         f"{api.port()}\n")
        self.assert_text(self.gentle("start", api.spec).out, ready)  # told is only once
        self.assertIn("ready", self.gentle("status", "--build", self.build).out)
        for line in noted:
            self.assertEqual(api.journal().count(f" api: {line}\n"), 1, api.journal())
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: exit status 0\n")

    def assert_is_killed_by_its_plan(self):
        api = self.service("api", program("ignores_sigint_and_sigterm"),
                           ready=[("LOG", "^running$")], stop=[("SIGINT", 0.1), ("SIGTERM", 0.1)])
        api.start()
        self.assertIn("it did not end within 100 ms of SIGINT and 100 ms of SIGTERM, SIGKILL ended "
                      "it", api.stop(code=1).err)

    def assert_ends_with_its_ctest(self):
        """With a service that depends on it, in the middle of a test."""
        api = self.listening()
        app = self.listening("app", depends=[api])
        gate = self.gate("in the test")
        owner = self.ctest()
        owner.gentle("start", api.spec)
        owner.gentle("start", app.spec)
        owner.send("run", "--with", app.spec, "--", "sh", "-c", f"read x < '{gate}'")
        gate.wait_until_reached()
        left = self.processes_left()
        owner.kill()
        for pid in left:
            self.wait_until_gone(pid)
        gate.close()
        self.assert_nothing_left([api, app])

    def assert_ends_with_its_supervisor(self):
        api = self.service("api", program("forks_daemon"), "@API_PORT@", "stays", ports=["http"])
        api.start()
        last = api.successor()
        self.signal(signal.SIGKILL, api.supervisor())
        self.wait_until_gone(last)
        self.assert_nothing_left([api])
        self.assertIn("its supervisor was killed; what it left has been stopped",
                      self.gentle("stop", api.spec, code=1).err)

    def assert_death_is_told(self):
        api = self.listening()
        api.start()
        gate = self.gate("it dies")
        test = self.background(GENTLE, "run", "--with", api.spec, "--", "cat", gate)
        gate.wait_until_reached()
        pid = api.pid()
        self.signal(signal.SIGKILL, pid)
        self.assert_text(harness.text_of(test.process.stderr.readline()), "gentle: warning: service "
                         f"'api' (pid {pid}) ended while the test runs\n")
        gate.open()
        gate.close()
        self.assertEqual(test.finish().code, 0)
        self.assertIn("it had ended by itself: death by SIGKILL", api.stop(code=1).err)

    def assert_ends_with_its_folder(self):
        api = self.listening()
        api.start()
        last = api.successor()
        self.remove_folder(self.build / "Testing")
        self.wait_until_gone(last)
        self.assertEqual(self.processes_left(), {})


class FileSystem(Hostile):
    """Of the build folder: one of a cluster, of a memory stick, or shared with a virtual machine."""

    no_sockets = "no sockets in this folder: listening at an abstract one, continuing"

    def abstract_names(self):
        """Of those in use that gentle takes for want of something in the file system."""
        names = [line.split()[-1] for line in Path("/proc/net/unix").read_text().splitlines()]
        return [name for name in names if name.startswith(("@gentle-folder-", "@gentle-control-"))]

    def test_no_flock(self):
        for error in "ENOSYS", "ENOTSUP", "ENOLCK":
            self.without(f"flock={error}")
            self.assert_runs()
        self.assert_lives()
        self.assertEqual(self.abstract_names(), [])

    def test_no_flock_and_many_starts_at_once(self):
        self.without("flock")
        api = self.listening()
        starts = [api.start_in_background() for _ in range(8)]
        for start in starts:
            self.assertEqual(start.finish().code, 0)
        self.assertEqual(api.log(), "listening\n")  # once
        api.stop()

    def test_no_sockets(self):
        for error in "EPERM", "ENOTSUP", "EINVAL", "EIO":
            self.without(f"bind_path={error}")
            self.assert_runs(noted=[self.no_sockets])
        self.assert_lives(noted=[self.no_sockets])
        self.assert_ends_with_its_folder()
        self.assertEqual(self.abstract_names(), [])

    def test_neither_flock_nor_sockets_nor_renameat2(self):
        self.without("flock,bind_path=EPERM,renameat2=EINVAL")
        self.assert_lives(noted=[self.no_sockets])

    def test_a_name_that_somebody_else_wrote(self):
        """What `control` names is no supervisor of ours."""
        api = self.listening()
        api.state_dir.mkdir(mode=0o700, parents=True)
        (api.state_dir / "control").write_text("gentle-control-1-2-3")
        with socket.socket(socket.AF_UNIX) as stranger:
            stranger.bind("\0gentle-control-1-2-3")  # and does not listen
            self.assertEqual(self.gentle("stop", api.spec).out, "api: not running\n")
        self.assertIn("api: ready after", api.start().out)
        api.stop()

    @needs_mounts
    @unittest.skipUnless(all(map(shutil.which, ("mkfs.exfat", "mount.exfat-fuse", "losetup"))),
                         "a real exFAT needs exfatprogs and exfat-fuse")
    def test_exfat(self):
        """No sockets, no modes, no links, and another owner than we are."""
        image = self.folder / "image"
        image.touch()
        os.truncate(image, 32 << 20)
        subprocess.run(["mkfs.exfat", image], check=True, capture_output=True)
        losetup = subprocess.run(["losetup", "--find", "--show", image], capture_output=True, check=False)
        if losetup.returncode != 0:
            self.skipTest("no loop device: " + harness.text_of(losetup.stderr))
        device = losetup.stdout.decode().strip()
        self.addCleanup(subprocess.run, ["losetup", "--detach", device], check=True)
        options = "uid=65534,umask=0"
        mounted = subprocess.run(["mount.exfat-fuse", "-o", options, device, self.build],
                                 capture_output=True, check=False)
        if mounted.returncode != 0:
            self.skipTest("no FUSE here: " + harness.text_of(mounted.stderr))
        self.addCleanup(subprocess.run, ["umount", self.build], check=True)
        api = self.listening()
        self.gentle("start", api.spec)
        self.assertEqual(self.gentle("run", "--with", api.spec, "--", "echo", "@API_PORT@").out,
                         f"{api.port()}\n")
        self.assertIn(" ready ", self.gentle("status", "--build", self.build).out)
        self.assert_text(self.gentle("stop", api.spec).out,
                         "api: stopped by SIGINT after <time>: exit status 0\n")
        for line in self.no_sockets, ("no modes in this file system: its mount says who may read "
                                      "here, continuing"):
            self.assertEqual(api.journal().count(f" api: {line}\n"), 1, api.journal())
        self.assertEqual({entry.name for entry in api.state_dir.iterdir()},
                         {"dir", "log", "state.json", "supervisor.log"})
        self.services.remove(api)  # whose files are open to all


class Kernel(Hostile):
    """An old one, or a sandbox that forbids what it has."""

    def test_no_pidfd(self):
        self.without("pidfd_open")
        self.assert_lives(noted=["no pidfd here: looking every 50 ms whether its users have ended, "
                                 "continuing"])

    def test_no_pidfd_in_a_sandbox(self):
        self.without("pidfd_open=EPERM")
        self.assert_ends_with_its_ctest()

    def test_no_dnotify(self):
        self.without("f_notify=EINVAL")
        self.assert_lives(noted=["no dnotify here: looking at files and folders now and then, "
                                 "continuing"])
        self.assert_ends_with_its_folder()

    def test_no_sock_diag(self):
        for error in "ENOSYS", "EACCES":
            self.without(f"netlink={error}")
            self.assert_runs(noted=["no sock_diag here: reading /proc/net/tcp instead, continuing"])

    def test_no_sock_diag_and_a_taken_port(self):
        self.without("netlink")
        port, pid = self.listening_stranger()
        api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=[f"http={port}"])
        self.assertIn(f"gentle: error: take port '{port}': taken by pid {pid} (",
                      self.gentle("start", api.spec, code=1).err)

    def test_only_old_calls(self):
        self.without("pidfd_open,f_notify,netlink,renameat2,faccessat2,close_range,"
                     "memfd_create")
        self.assert_lives()
        self.assert_ends_with_its_folder()

    def test_no_signalfd(self):
        """It cannot do without: one line, and nothing is left."""
        self.without("signalfd4")
        result = self.listening().start(code=125)
        self.assertEqual(result.err, "gentle: error: listen for 'signals': Function not implemented\n")


class Limits(Hostile):
    """Of the user. As one grows, the start fails at one step after the other, until it is enough."""

    def limited(self, name, number):
        script = (f"import os, resource, sys; resource.setrlimit(resource.RLIMIT_{name}, "
                  f"({number}, {number})); os.execvp(sys.argv[1], sys.argv[1:])")
        return (sys.executable, "-c", script)

    def assert_needs(self, name, numbers, cause, as_user=lambda number: ()):
        """Returns the first number of the limit with which it starts. `as_user` returns words."""
        failures = 0
        for number in numbers:
            api = self.listening()
            self.before = (*as_user(number), *self.limited(name, number))
            result = self.gentle("start", api.spec, code=None)
            if result.code == 0:
                self.assertGreater(failures, 1, "it was never too little")
                return number
            failures += 1
            self.assertEqual((result.code, result.out), (125, ""), f"{name} {number}: {result}")
            self.assertRegex(result.err, rf"^gentle: error: [^\n]+: {cause}\n(hint: .*\n)?$",
                             f"{name} {number}")
            self.assert_nothing_left([api])
            self.assertFalse(api.state_dir.exists(), f"{name} {number}: the state folder is left")
        self.fail("it was never enough")

    @needs_no_sanitizer
    def test_few_descriptors(self):
        self.assertLess(self.assert_needs("NOFILE", range(3, 33), "Too many open files"), 20)
        self.before = self.limited("NOFILE", 32)
        self.assert_lives()

    @needs_no_sanitizer
    def test_more_starts_than_descriptors(self):
        """They are served one after the other, and the supervisor does not spin meanwhile."""
        gate = self.gate()
        self.before = self.limited("NOFILE", 20)
        api = self.service("api", program("listens_tcp"), "@API_PORT@", "v4", gate, ports=["http"],
                           ready=[("LOG", "^listening$")])  # which it need not look for again and again
        starts = [api.start_in_background() for _ in range(30)]
        gate.wait_until_reached()
        before = self.processor_time(api.supervisor())
        with self.assertRaises(TimeoutError):
            self.wait_until_gone(api.supervisor(), seconds=1)
        self.assertLess(self.processor_time(api.supervisor()) - before, 0.3)
        gate.open()
        for start in starts:
            result = start.finish()
            self.assertEqual(result.code, 0, result)
        self.assertEqual(api.journal().count("started as pid"), 1)
        api.stop()

    def processor_time(self, pid):
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def test_small_files(self):
        self.assert_needs("FSIZE", range(0, 4096, 128), "File too large")
        self.before = self.limited("FSIZE", 4096)
        self.assert_lives()

    def test_a_log_that_may_not_grow(self):
        started, flooded = self.gate("started"), self.gate("flooded")
        self.before = self.limited("FSIZE", 1 << 16)
        api = self.service("api", program("logs"), r"ready\n", f"gate:{started}", "lines:20000",
                           f"gate:{flooded}", ready=[("LOG", "^ready$")])
        api.start()  # which would tell what is lost by then
        started.open()
        flooded.wait_until_reached()  # the service itself goes on
        flooded.open()
        self.assert_text(api.stop().out, f"""\
gentle: warning: service 'api': its log lacks <n> bytes, '{api.log_path}': File too large, continuing
api: stopped by SIGINT after <time>: exit status 0
""")
        self.assertEqual(api.log_path.stat().st_size, 1 << 16)

    @needs_another_user
    @needs_no_sanitizer
    def test_few_processes(self):
        needed = self.assert_needs("NPROC", range(1, 10), "Resource temporarily unavailable",
                                   as_user=self.some_user)
        self.gentle("stop", self.services[-1].spec)
        self.before = (*self.some_user(20), *self.limited("NPROC", needed + 2))
        self.assert_runs()

class Caller(Hostile):
    """What whoever starts gentle has left it."""

    def assert_inherits_nothing(self):
        api = self.service("api", program("tells_inheritance"), ready=[("LOG", "^done$")])
        self.gentle("start", api.spec)
        told = [line for line in api.lines() if not line.startswith("folder")]
        self.assertEqual(told, ["descriptors: 0 1 2", "ignored:", "blocked: 0",
                                f"umask: {self.umask()}", "group leader: yes", "done"])
        self.gentle("stop", api.spec)
        self.assert_nothing_left([api])

    def umask(self):
        script = (*self.before, "sh", "-c", 'umask >&9')
        with open(self.work / "umask", "w+") as answer:
            command = ("sh", "-c", 'exec "$@" 9>"$0"', str(self.work / "umask"), *script)
            self.background(*command).finish()
            return answer.read().strip()[-3:]

    def test_closed_descriptors(self):
        """What gentle opens itself must not become its own output, or the service's."""
        for closed in "<&-", ">&-", "2>&-", "<&- >&- 2>&-", ">&- 2>&-":
            with self.subTest(closed):
                self.before = ("sh", "-c", f'exec "$0" "$@" {closed}')
                self.assert_inherits_nothing()
                api = self.listening(ready=[("LOG", "^listening$")])
                self.gentle("start", api.spec)
                api.settle()
                self.assertEqual(api.log(), "listening\n")
                self.assertIn("api: ready after ", api.journal())
                said = self.work / "said"
                self.gentle("run", "--with", api.spec, "--", "sh", "-c", f"echo out; echo err >&2; "
                            f"ls -l /proc/self/fd > '{said}'")
                self.assertNotIn(str(self.build), said.read_text())
                self.gentle("stop", api.spec)
                self.assert_nothing_left([api])

    def test_every_signal_ignored_and_blocked(self):
        self.before = ("env", "--ignore-signal", "--block-signal")
        self.assert_inherits_nothing()
        self.assert_lives()
        self.assertEqual(self.gentle("run", "--", "sh", "-c", "exit 7", code=7).out, "")
        self.gentle("run", "--", "sh", "-c", "kill -ABRT $$", code=-signal.SIGABRT)

    def test_nohup(self):
        """The terminal goes: SIGHUP for all that it had, and a test that ctest runs on runs on."""
        gate = self.gate()
        self.before = ("env", "--ignore-signal=HUP")
        test = self.background(GENTLE, "run", "--", "sh", "-c", f"kill -HUP $$; read x < '{gate}'")
        gate.wait_until_reached()
        for pid in self.processes_left():
            self.signal(signal.SIGHUP, pid)
        gate.open()
        result = test.finish()
        self.assertEqual(result.code, 0, result)
        self.before = ("env", "--default-signal=HUP")
        self.gentle("run", "--", "sh", "-c", "kill -HUP $$", code=-signal.SIGHUP)

    def test_a_pipe_that_nobody_reads_any_more(self):
        """Also where SIGPIPE is ignored, as by what a Python program starts."""
        api = self.listening()
        api.start()
        for ignored in "", "--ignore-signal=PIPE":
            script = f'env {ignored} "$0" logs --follow --build "$1" | head -n 1'
            result = self.background("sh", "-c", script, GENTLE, self.build).finish()
            self.assertEqual((result.code, result.out), (0, "listening\n"))
        api.stop()

    def test_no_variables(self):
        """No PATH, no HOME, no TMPDIR; a locale that is not there."""
        for words in (("env", "-i"), ("env", "PATH=", "HOME=/sys", "TMPDIR=/nowhere", "LC_ALL=xx_YY"),
                      ("env", "-u", "PATH", "HOME=/nowhere", "TMPDIR=/proc")):
            with self.subTest(words):
                mark = f"{harness.MARK}={self.environment()[harness.MARK]}"
                self.before = (*words, mark)
                self.assert_runs()
                api = self.service("api", "tail", "-f", "/dev/null", ready=[("COMMAND", "true")])
                api.start()
                api.stop()

    @needs_mounts
    def test_full_and_read_only_folders_that_are_not_ours(self):
        script = ('mount -t tmpfs -o size=4k none "$0"; dd if=/dev/zero of="$0/full" bs=4k 2>&-; '
                  'mount -t tmpfs -o ro none /var/tmp; HOME=/var/tmp exec "$@"')
        self.before = ("unshare", "--mount", "sh", "-uc", script, self.temporary)
        self.assert_lives()

    def test_every_umask(self):
        for mask, folders in ("0", 0o775), ("002", 0o775), ("022", 0o755), ("077", 0o700):
            with self.subTest(mask):
                self.before = ("sh", "-c", f'umask {mask}; exec "$0" "$@"')
                self.assert_inherits_nothing()
                api = self.listening()
                self.gentle("start", api.spec)
                for path in self.build / "Testing", self.build / "Testing/Fixtures":
                    self.assertEqual(path.stat().st_mode & 0o777, folders, path)
                self.assert_own(api)
                self.gentle("stop", api.spec)
                self.assert_own(api)
                shutil.rmtree(self.build / "Testing")


@needs_another_user
class Hidden(Hostile):
    """A service that lets an unprivileged gentle not look into it."""

    DOUBT = ("gentle: warning: service 'api': cannot verify who listens on port <n>: the descriptors "
             "of the service may not be read, so the listener's user decides, continuing\n")

    def assert_lives_hidden(self, words):
        user = self.some_user()
        self.before = (*words, *user)

        def attempt(seconds):
            api = self.service("api", program("hides"), "@API_PORT@", ports=["http"],
                               stop=[("SIGINT", seconds), ("SIGTERM", 20)])
            self.assert_text(api.start().out,
                             f"{self.DOUBT}api: ready after <time> at 127.0.0.1:<n>\n")
            api.settle()
            self.assertEqual(api.journal().count("cannot verify who listens"), 1)
            self.gentle("run", "--with", api.spec, "--", "true")
            out = api.stop().out
            # That may be hidden, too.
            hint = ("end on SIGINT, or name a signal that ends it: STOP SIGTERM 10"
                    if " ignores SIGINT\n" in out else
                    "tell its children to end, and wait for them, before it ends itself")
            self.assert_text(out, "api: stopped by SIGINT, SIGTERM after <time>: exit status "
                             "0; what it left ended <time> later\napi: SIGINT did not end it within "
                             f"<time>:\n  pid <n><any>\nhint: let it {hint}\n")
            return api

        api = self.with_time_enough(attempt, ((0.2,), (2,), (9,)))  # for the end of its main process
        with self.subTest("its supervisor is killed"):
            api.start()
            last = api.successor()
            self.signal(signal.SIGKILL, api.supervisor())
            self.wait_until_gone(last)
            self.assert_nothing_left([api])
            self.gentle("stop", api.spec, code=1)
        with self.subTest("a stranger has its port"):
            port, pid = self.listening_stranger()
            api = self.service("api", program("hides"), "@API_PORT@", ports=[f"http={port}"])
            self.assertIn(f"gentle: error: take port '{port}': taken by ",
                          self.gentle("start", api.spec, code=1).err)

    def test_descriptors_may_not_be_read(self):
        self.assert_lives_hidden(())

    def test_a_service_of_another_user(self):
        """Nobody but root may signal it: stop tells of it, instead of waiting for ever."""
        becomes = self.folder / "changes_user"
        shutil.copy(program("changes_user"), becomes)
        becomes.chmod(0o4755)
        self.before = self.some_user()
        api = self.service("api", becomes, "@API_PORT@", ports=["http"],
                           stop=[("SIGINT", 0.1), ("SIGTERM", 0.1)])
        result = self.gentle("start", api.spec, code=None)
        if "setresuid: Operation not permitted" in result.err:
            self.skipTest("set-user-ID programs do not work here")
        self.assert_text(result.out, f"{self.DOUBT}api: ready after <time> at 127.0.0.1:<n>\n")
        pid = api.pid()
        last = api.successor()
        result = self.gentle("stop", api.spec, code=1)
        waits = f"api: waiting for the end of pid {pid} "
        told = [line for line in result.err.splitlines() if line.startswith(waits)]
        self.assertTrue(told and told[0].endswith(" s, SIGKILL was sent"), result.err)
        error = result.err.removeprefix("".join(line + "\n" for line in told))
        self.assertEqual(error, "gentle: error: stop service 'api': it did not end within 100 ms "
                         "of SIGINT and 100 ms of SIGTERM, and SIGKILL could not end it\n"
                         f"  still runs: pid {pid} ({becomes} {api.port()}) of user id 65534\n"
                         "hint: gentle cannot end processes of another user: run the service and "
                         "ctest as the same user\n")
        self.wait_until_gone(last)
        self.assertEqual(list(self.processes_left()), [pid])
        self.signal(signal.SIGKILL, pid)
        self.wait_until_gone(pid)
        self.assertEqual(self.gentle("stop", api.spec).out, "api: not running\n")

    @needs_mounts
    def test_proc_shows_only_what_may_be_looked_into(self):
        script = 'mount -t proc -o hidepid=2 proc /proc; exec "$0" "$@"'
        self.assert_lives_hidden(("unshare", "--mount", "sh", "-ec", script))

    @needs_mounts
    def test_proc_shows_only_processes(self):
        script = 'mount -t proc -o subset=pid proc /proc; exec "$0" "$@"'
        self.before = ("unshare", "--mount", "sh", "-ec", script, program("without"), "netlink", "--")
        self.assert_lives()

    @needs_mounts
    @needs_no_sanitizer
    def test_no_proc(self):
        script = 'mount -t tmpfs none /proc; exec "$0" "$@"'
        self.before = ("unshare", "--mount", "sh", "-ec", script)
        result = self.listening().start(code=125)
        self.assertEqual(result.err, "gentle: error: find '/proc/self/exe': No such file or "
                         "directory\nhint: gentle needs /proc: mount -t proc proc /proc\n")


def can_have_own_time():
    command = ["unshare", "--time", "--fork", "--monotonic", "9", "true"]
    return (os.geteuid() == 0 and shutil.which("unshare") is not None
            and subprocess.run(command, capture_output=True, check=False).returncode == 0)


class Time(Hostile):
    """That nothing waits by the clock on the wall is a check of the house (clocks.py)."""

    def test_the_clock_on_the_wall_is_set_back(self):
        api = self.listening()
        api.start()
        state = api.state()
        state["started_at"] += 3_600_000
        (api.state_dir / "state.json").write_text(json.dumps(state))
        self.assertRegex(self.gentle("status", "--build", self.build).out,
                         rf"api +ready +{api.pid()} +0 ms +127\.0\.0\.1")
        api.stop()

    @unittest.skipUnless(can_have_own_time(), "a time of its own needs root and unshare --time")
    def test_a_machine_that_runs_for_long(self):
        self.before = ("unshare", "--time", "--fork", "--monotonic", 10**9, "--boottime", 10**9)
        self.assert_lives()

    @unittest.skipUnless(can_have_own_time(), "a time of its own needs root and unshare --time")
    def test_a_machine_that_has_just_started(self):
        with open("/proc/uptime") as uptime:
            since = -int(float(uptime.read().split()[0])) + 1
        self.before = ("unshare", "--time", "--fork", "--monotonic", since, "--boottime", since)
        self.assert_runs()


if __name__ == "__main__":
    harness.main()
