"""That the tests overlook no process: a check that nothing is left is worth no more than this."""

import ctypes
import os
import signal
import subprocess

import harness
from harness import ServiceTest, program
from proc import processes_with, stat_of

PR_SET_CHILD_SUBREAPER = 36


class Proc(ServiceTest):
    def start(self, *command, **options):
        process = subprocess.Popen(command, env={"PROC_TEST": str(self.folder)}, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **options)
        self.addCleanup(process.wait)
        self.addCleanup(process.stdout.close)
        return process

    def found(self):
        return processes_with(f"\0PROC_TEST={self.folder}\0".encode())

    def test_what_forks_and_executes(self):
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        self.start(program("never_rests"))  # until nobody reads its output
        overlooked = sum(not self.found() for _ in range(100))
        self.assertEqual(overlooked, 0)

    def test_one_whose_first_thread_has_ended(self):
        process = self.start(program("leader_exits"), "0")
        self.addCleanup(process.kill)
        while stat_of(process.pid).state != "Z":
            os.sched_yield()
        self.assertEqual(list(self.found()), [process.pid])

    def test_a_zombie_is_nothing(self):
        process = self.start("true")
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        self.assertEqual(self.found(), {})


if __name__ == "__main__":
    harness.main()
