"""A ctest of the cell's own: how it is started, what it prints, how it ends."""

import os
import pty
import re
import select
import signal
import subprocess
import termios
import threading
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

# Any one thing that the cell waits for; a machine full of other work is slow.
PATIENCE = 60


class Failed(Exception):
    """The cell is not as it must be."""


class Output:
    """What comes out of a descriptor, read by a thread so that its writer never waits."""

    def __init__(self, fd):
        self.fd = fd
        self.text = ""
        self.news = threading.Condition()
        self.ended = False
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        while True:
            try:
                raw = os.read(self.fd, 65536)
            except OSError:  # the last process has closed the terminal
                raw = b""
            with self.news:
                self.text += raw.decode("utf-8", "replace").replace("\r\n", "\n")
                self.ended = not raw
                self.news.notify_all()
            if not raw:
                return

    def wait_for(self, regex):
        with self.news:
            if not self.news.wait_for(lambda: self.ended or re.search(regex, self.text), PATIENCE):
                raise Failed(f"ctest did not print what matches: {regex}")
            if not re.search(regex, self.text):
                raise Failed(f"ctest ended without printing what matches: {regex}")


class Ctest:
    """The inner ctest; `pid` is its own, whatever is above it."""

    def __init__(self, command, build, environment, junit, above=""):
        self.junit = Path(junit)
        command = [*command, "--test-dir", str(build), "--output-on-failure", "--output-junit",
                   str(junit), "-j", "4"]
        self.shell = 0
        self.leader = 0
        self.status = None
        if above == "terminal":
            self._start_on_terminal(command, environment)
        else:
            self._start(command, environment, above == "shell")

    def _start(self, command, environment, with_shell):
        mine, theirs = os.pipe()
        if with_shell:
            # "exit" keeps the shell from executing ctest in its own place. In the background ctest
            # would run with SIGINT ignored.
            command = ["/bin/sh", "-c", '"$@"; exit $?', "sh", *command]
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL,
                                   stdout=theirs, stderr=theirs, start_new_session=True)
        os.close(theirs)
        self.process = process
        self.output = Output(mine)
        self.pid = process.pid
        self.shell = process.pid if with_shell else 0

    def _start_on_terminal(self, command, environment):
        """As an interactive shell does it: ctest is a process group of its own, in the foreground,
        and the leader of the session outlives it."""
        told, tell = os.pipe()
        held, self.hold = os.pipe()
        self.leader, self.terminal = pty.fork()
        if self.leader == 0:
            try:
                os.close(told)
                os.close(self.hold)
                child = os.fork()
                if child == 0:
                    os.setpgid(0, 0)
                    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
                    os.tcsetpgrp(0, os.getpid())
                    for number in (signal.SIGTTOU, signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT):
                        signal.signal(number, signal.SIG_DFL)
                    os.execvpe(command[0], command, environment)
                os.write(tell, f"{child}\n".encode())
                _, status = os.waitpid(child, 0)
                os.write(tell, f"{os.waitstatus_to_exitcode(status)}\n".encode())
                os.read(held, 1)
            finally:
                os._exit(0)
        os.close(tell)
        os.close(held)
        self.output = Output(self.terminal)
        self.told = os.fdopen(told)
        self.pid = int(self.told.readline())

    def runs(self, processes):
        """Called when it surely does, with the processes of the cell."""
        if self.shell:
            [self.pid] = [pid for pid in processes if processes[pid].parent == self.shell]
        self.pidfd = os.pidfd_open(self.pid)

    def press_ctrl_c(self):
        # The line discipline makes SIGINT of it for the whole group in the foreground.
        character = termios.tcgetattr(self.terminal)[6][termios.VINTR]
        os.write(self.terminal, character)

    def wait(self, seconds=PATIENCE):
        """Until it has ended; how: its exit code, negative for a signal."""
        if self.status is not None:
            return self.status
        if not select.select([self.pidfd], [], [], seconds)[0]:
            raise Failed(f"ctest did not end within {seconds} s")
        self.ended_at = time.monotonic()
        if self.leader:
            self.status = int(self.told.readline())
        else:
            self.status = self.process.wait()
        return self.status

    def close(self):
        if self.leader:
            os.close(self.hold)
            os.waitpid(self.leader, 0)
            self.leader = 0
        elif self.status is None:
            self.process.wait()

    def results(self):
        """What became of each test: "Passed", or ctest's word for the failure; and its output."""
        try:
            suite = ElementTree.parse(self.junit).getroot()
        except (OSError, ElementTree.ParseError) as error:
            raise Failed(f"ctest has left no {self.junit}: {error}") from error
        outputs = {case.get("name"): case.findtext("system-out") or ""
                   for case in suite.iter("testcase")}
        self.output.wait_for("Total Test time")
        # Only here it says how a test has failed.
        words = re.findall(r"Test +#\d+: (\S+) \.*(?: +|.*\*\*\*)([A-Z]\w+)", self.output.text)
        return {name: (word, outputs.get(name, "")) for name, word in words}


class Gates:
    """The FIFOs at which programs wait, and the record that they write."""

    def __init__(self, folder):
        self.folder = Path(folder)
        (self.folder / "gates").mkdir()
        self.fds = {}
        os.mkfifo(self.folder / "events")
        # Read and write: so it has a writer, too, and never ends.
        self.events = os.open(self.folder / "events", os.O_RDWR | os.O_NONBLOCK)

    def make(self, name):
        os.mkfifo(self.folder / "gates" / name)
        self.fds[name] = os.open(self.folder / "gates" / name, os.O_RDWR | os.O_NONBLOCK)

    def open(self, name, fail=False):
        """For all who wait there; who comes later does not wait."""
        if name not in self.fds:
            return
        (self.folder / "gates" / name).unlink()
        os.write(self.fds.pop(name), (b"f" if fail else b"o") * 64)

    def remove_all(self):
        for name in list(self.fds):
            self.open(name)
        (self.folder / "events").unlink()

    def wait_for(self, found, what, seconds=PATIENCE):
        """Until found(record) is not None; each line of the record is an event."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                while os.read(self.events, 4096):
                    pass
            except BlockingIOError:
                pass
            result = found(self.record())
            if result is not None:
                return result
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.events], [], [], left)[0]:
                raise Failed(f"it did not come to {what}")

    def record(self):
        return read_record(self.folder / "record")


class Event:
    def __init__(self, line):
        time_text, pid, self.role, self.what, *self.more = line.split()
        self.time = int(time_text) / 1e9
        self.pid = int(pid)
        self.line = line


def read_record(path):
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError:
        return []
    return [Event(line) for line in text.splitlines(keepends=False) if line.count(" ") >= 3]
