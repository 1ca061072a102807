"""What is left of a cell of a matrix: processes, listeners, port locks, control sockets.

A process belongs to the cell whose folder stands in its environment, or in its parent's. Everything
that a cell starts inherits that, however it hides.
"""

import os
import select
import time
from pathlib import Path

from proc import holders_of, kill, listeners_on, locks_of, processes_with

MARK = "GENTLE_MATRIX_CELL"
# Seconds between two looks at what is no process: a lock, a listener or a socket file that outlives
# the last process by a moment. The kernel tells nobody when these go; of processes pidfds tell.
PACE = 0.02


def processes_of(folder):
    return processes_with(f"\0{MARK}={folder}\0".encode())


def below(processes, root):
    """The pids of `root` and of all that descend from it."""
    pids = {root}
    for pid in sorted(processes):
        if processes[pid].parent in pids:
            pids.add(pid)
    return pids


def kill_all(folder):
    """Until nothing is left that could fork."""
    while found := processes_of(folder):
        kill(found)
        wait_until_gone(found, time.monotonic() + 5)


def wait_until_gone(pids, deadline):
    """Until all have ended, which their pidfds tell, or the time is over."""
    fds = []
    for pid in pids:
        try:
            fds.append(os.pidfd_open(pid))
        except ProcessLookupError:
            pass
    poll = select.poll()
    for fd in fds:
        poll.register(fd, select.POLLIN)
    open_fds = set(fds)
    while open_fds and (left := deadline - time.monotonic()) > 0:
        for fd, _ in poll.poll(left * 1000):
            poll.unregister(fd)
            open_fds.discard(fd)
    for fd in fds:
        os.close(fd)
    return not open_fds


def sockets_left(folder, port, known=()):
    """A free port is soon another's. The cell's are the sockets that are known to be, by their
    inodes, and those that its processes hold."""
    found = []
    for what, inodes in ((f"a listener on port {port}", listeners_on(port)),
                         (f"the lock of port {port}", locks_of(port))):
        if not inodes:
            continue
        holders = holders_of(inodes)
        if inodes & set(known) or holders & set(processes_of(folder)):
            found.append(f"{what}, held by {sorted(holders) or 'nobody'}")
    return found


class Remains:
    """What is left of the cell, looked at until there is nothing or the time is over."""

    def __init__(self, folder, build):
        self.folder = folder
        self.state = Path(build) / "Testing/Fixtures/api"
        self.inodes = set()

    def know_sockets(self, port):
        """While they surely are the cell's."""
        self.inodes |= listeners_on(port) | locks_of(port)

    def things(self, port, spared=None):
        """All that is left, for people. `spared`: the root of a tree of processes that may live."""
        processes = processes_of(self.folder)
        spared_pids = below(processes, spared) if spared else set()
        found = [f"process {process}" for pid, process in processes.items()
                 if pid not in spared_pids]
        if port:
            found += sockets_left(self.folder, port, self.inodes)
        if os.path.lexists(self.state / "control"):
            found.append(f"the control socket {self.state / 'control'}")
        return found

    def wait(self, port, deadline, spared=None):
        """What is left at the deadline, and when nothing was."""
        while True:
            processes = processes_of(self.folder)
            if spared:
                for pid in below(processes, spared):
                    processes.pop(pid, None)
            if processes:
                if not wait_until_gone(processes, deadline):
                    return self.things(port, spared), time.monotonic()
                continue
            # The second look is for one that was missed while another forked or executed it.
            found = self.things(port, spared) or self.things(port, spared)
            now = time.monotonic()
            if not found or now >= deadline:
                return found, now
            time.sleep(PACE)
