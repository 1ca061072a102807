"""Where something is missing: an old kernel, a sandbox, limits of the user, a strange caller. All of a
service's life goes on, or one line says what it goes on without."""

import os
import shutil
import signal
import socket
import unittest
from pathlib import Path

import harness
from harness import GENTLE, ServiceTest, needs_mounts, program


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
        shutil.rmtree(self.build / "Testing")
        self.wait_until_gone(last)
        self.assertEqual(self.processes_left(), {})


class Kernel(Hostile):
    """An old one, or a sandbox that forbids what it has."""

    def test_no_pidfd(self):
        self.without("pidfd_open")
        self.assert_lives(noted=["no pidfd here: looking every 50 ms whether its users have ended, "
                                 "continuing"])

    def test_no_pidfd_in_a_sandbox(self):
        self.without("pidfd_open=EPERM")
        self.assert_ends_with_its_ctest()

    def test_no_inotify(self):
        self.without("inotify_init1")
        self.assert_lives(noted=["no inotify here: looking at files and folders now and then, "
                                 "continuing"])
        self.assert_ends_with_its_folder()

    def test_all_inotify_is_used_up(self):
        for call in "inotify_init1=EMFILE", "inotify_add_watch=ENOSPC":
            self.without(call)
            self.assert_is_killed_by_its_plan()  # READY LOG
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
        self.without("pidfd_open,inotify_init1,netlink,renameat2,faccessat2,close_range,"
                     "process_vm_readv=EPERM,ptrace=EPERM,memfd_create")
        self.assert_lives()
        self.assert_ends_with_its_folder()

    def test_no_signalfd(self):
        """It cannot do without: one line, and nothing is left."""
        self.without("signalfd4")
        result = self.listening().start(code=125)
        self.assertEqual(result.err, "gentle: error: listen for 'signals': Function not implemented\n")


if __name__ == "__main__":
    harness.main()
