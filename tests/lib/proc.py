"""What /proc tells the tests of processes and sockets."""

import os
import select
import signal
import time
from dataclasses import dataclass
from pathlib import Path

LONGEST_EXECVE = 1  # seconds; less than a millisecond, unless a disk does not answer


@dataclass(frozen=True)
class Stat:
    state: str
    parent: int
    is_over: bool  # a zombie; the first thread alone may have ended, and looks like one
    has_environment: bool  # True as well while it executes a program, when nobody can tell


@dataclass(frozen=True)
class Process:
    pid: int
    parent: int
    command: str

    def __str__(self):
        return f"{self.pid} (child of {self.parent}): {self.command}"


def numbers(folder):
    return sorted(int(name) for name in os.listdir(folder) if name.isdigit())


def text_of(raw):
    return raw.decode("utf-8", "backslashreplace")


def stat_of(pid):
    """None: there is no such process."""
    try:
        text = text_of(Path(f"/proc/{pid}/stat").read_bytes())
    except OSError:
        return None
    field = [None, None, None, *text.rpartition(")")[2].split()]  # numbered as in proc(5)
    state, parent, threads = field[3], int(field[4]), int(field[20])
    vsize, startcode, env_start, env_end = (int(field[number]) for number in (23, 26, 50, 51))
    has_none = vsize == 0 or (startcode != 0 and env_end != 0 and env_start == env_end)
    return Stat(state, parent, state == "X" or (state == "Z" and threads <= 1), not has_none)


def state_of(pid):
    stat = stat_of(pid)
    return stat.state if stat else "X"


def environment_of_thread(thread):
    last = time.monotonic() + LONGEST_EXECVE
    try:
        while not (entries := Path(f"/proc/{thread}/environ").read_bytes()):
            stat = stat_of(thread)
            if not stat or not stat.has_environment or time.monotonic() > last:
                return b""
            os.sched_yield()
        return b"\0" + entries
    except OSError:
        return b""


def environment_of(pid):
    """Each entry between zero bytes; b"" for one that has ended, or is somebody else's. That of a
    process whose first thread has ended is told by the others."""
    if entries := environment_of_thread(pid):
        return entries
    try:
        return next(filter(None, map(environment_of_thread, numbers(f"/proc/{pid}/task"))), b"")
    except OSError:
        return b""


def processes_with(mark):
    """By pid: those whose environment holds these bytes, and their children. A zombie is no process
    any more: it waits for its parent only. None is overlooked because it forks or executes a
    program meanwhile; the helper's processes_with (helper/os/process.cc) tells why."""
    found, seen = {}, set()
    quiet = 0
    while quiet < 2 and not found:
        quiet += 1
        for pid in numbers("/proc"):
            if pid in seen:
                continue
            seen.add(pid)
            quiet = 0
            environment, stat = environment_of(pid), stat_of(pid)
            if stat and not stat.is_over and (mark in environment or stat.parent in found):
                found[pid] = Process(pid, stat.parent, command_of(pid))
    return found


def command_of(pid):
    try:
        return text_of(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").rstrip())
    except OSError:
        return ""


def listeners_on(port):
    """The inodes of the TCP sockets that listen on it."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:] if Path(table).exists() else []:
            words = line.split()
            if words[3] == "0A" and int(words[1].rpartition(":")[2], 16) == port:
                inodes.add(words[9])
    return inodes


def locks_of(port):
    inodes = set()
    for line in Path("/proc/net/unix").read_text().splitlines():
        words = line.split()
        if words[-1] == f"@gentle-port-{port}":
            inodes.add(words[6])
    return inodes


def holders_of(inodes):
    """The pids that hold one of these sockets."""
    names = {f"socket:[{inode}]" for inode in inodes}
    holders = set()
    for pid in numbers("/proc"):
        try:
            if any(link_of(f"/proc/{pid}/fd/{fd}") in names for fd in numbers(f"/proc/{pid}/fd")):
                holders.add(pid)
        except OSError:
            pass  # it has ended, or is somebody else's
    return holders


def link_of(path):
    try:
        return os.readlink(path)
    except OSError:
        return ""


def processes_in(folder):
    """"<pid>: <command>" of those, other than this one and its parent, whose command, program, folder or open files have
    anything to do with `folder`, as far as that can be seen."""
    found = []
    for pid in numbers("/proc"):
        if pid in (os.getpid(), os.getppid()):
            continue
        try:
            command = text_of(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" "))
            files = [f"/proc/{pid}/fd/{fd}" for fd in numbers(f"/proc/{pid}/fd")]
        except OSError:  # it has ended, or is somebody else's
            command, files = command_of(pid), []
        if any(str(folder) in words for words in (command, *map(link_of, (f"/proc/{pid}/exe", f"/proc/{pid}/cwd", *files)))):
            found.append(f"{pid}: {command}")
    return found


def wait_until_nothing_runs(folder, seconds=60):
    """Returns when no process has anything to do with `folder` any more; each has to end within `seconds`."""
    while found := processes_in(folder):
        try:
            process = os.pidfd_open(int(found[0].partition(":")[0]))
        except ProcessLookupError:
            continue
        try:
            ended, _, _ = select.select([process], [], [], seconds)
        finally:
            os.close(process)
        if not ended:
            raise TimeoutError(f"still there after {seconds} s: {found}")


def kill(pids):
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
