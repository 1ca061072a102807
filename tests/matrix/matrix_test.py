"""That the matrix finds what is not as it must be."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import cell as cell_module
import cells
import left
import page
from inner import Event, Failed

# Says "ready", and waits; a daemon does so when its parent, too, has ended.
WAITS = "import signal; print('ready', flush=True); signal.pause()"
DAEMON = ("import os\nif os.fork(): os._exit(0)\nos.setsid()\nheld, hold = os.pipe()\n"
          f"if os.fork(): os._exit(0)\nos.close(hold)\nos.read(held, 1)\n{WAITS}")
# With a listener and the lock of its port.
HOLDS = ("import signal, socket; s = socket.create_server(('127.0.0.1', 0));"
         "port = s.getsockname()[1]; lock = socket.socket(socket.AF_UNIX);"
         "lock.bind(f'\\0gentle-port-{port}'); print(port, flush=True); signal.pause()")


class Cells(unittest.TestCase):
    def test_the_core_has_every_end_moment_and_behaviour(self):
        core = cells.core()
        self.assertEqual({cell.end for cell in core}, set(cells.ENDS))
        self.assertEqual({cell.moment for cell in core}, set(cells.MOMENTS))
        self.assertEqual({cell.behaviour for cell in core}, set(cells.BEHAVIOURS))
        self.assertLess(set(core), set(cells.all_cells()))

    def test_each_combination_is_a_cell_or_has_a_reason(self):
        there = set(cells.all_cells())
        for behaviour in cells.BEHAVIOURS:
            for moment in cells.MOMENTS:
                for end in cells.ENDS:
                    is_cell = cells.Cell(end, moment, behaviour) in there
                    self.assertNotEqual(is_cell, bool(cells.why_not(end, moment)))

    def test_the_table_shows_what_failed_and_what_is_none(self):
        results = {cell: {"passed": cell.end != "sigkill", "seconds": 1, "cause": "because"}
                   for cell in cells.all_cells()}
        rows = page.table(results).splitlines()
        self.assertIn("| daemon | ready | ✓ | ✓ | ✓ | ✗ |", "\n".join(rows))
        self.assertEqual(sum(row.count("✗") for row in rows), 8 * 4)
        self.assertIn("- —1: no test runs yet", rows)
        self.assertIn("32 failed", page.summary(results, 1, 1))
        self.assertIn("`daemon.ready.sigkill`: because", page.whole(results, 1, 1))


class Left(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="gentle-matrix-test-")
        self.addCleanup(subprocess.run, ["rm", "-r", self.folder], check=True)
        self.addCleanup(left.kill_all, self.folder)
        self.remains = left.Remains(self.folder, Path(self.folder) / "build")

    def start(self, script, mark=True):
        environment = {**os.environ, left.MARK: self.folder if mark else "another"}
        process = subprocess.Popen([sys.executable, "-c", script], env=environment,
                                   stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process, process.stdout.readline()

    def test_nothing(self):
        self.assertEqual(self.remains.wait(1, time.monotonic() + 10)[0], [])

    def test_a_daemon(self):
        daemon, _ = self.start(DAEMON)
        daemon.wait()
        things, when = self.remains.wait(0, time.monotonic() + 0.2)
        self.assertEqual(len(things), 1)
        self.assertIn("process ", things[0])
        left.kill_all(self.folder)
        self.assertEqual(self.remains.wait(0, when + 10)[0], [])

    def test_a_zombie_is_nothing(self):
        process, _ = self.start(WAITS)
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        self.assertEqual(left.processes_of(self.folder), {})

    def test_what_may_live_is_spared(self):
        process, _ = self.start(WAITS)
        self.assertEqual(self.remains.wait(0, time.monotonic() + 10, spared=process.pid)[0], [])

    def test_a_listener_and_a_lock(self):
        process, port = self.start(HOLDS)
        found = left.sockets_left(self.folder, int(port))
        self.assertEqual(found, [
            f"a listener on port {int(port)}, held by [{process.pid}]",
            f"the lock of port {int(port)}, held by [{process.pid}]"])

    def test_another_cell_has_the_port_now(self):
        _, port = self.start(HOLDS, mark=False)
        self.assertEqual(left.sockets_left(self.folder, int(port)), [])

    def test_a_socket_of_the_cell_in_a_process_that_hides(self):
        process, port = self.start(HOLDS, mark=False)
        self.remains.know_sockets(int(port))
        self.assertEqual(self.remains.things(int(port)), [
            f"a listener on port {int(port)}, held by [{process.pid}]",
            f"the lock of port {int(port)}, held by [{process.pid}]"])

    def test_a_control_socket(self):
        self.remains.state.mkdir(parents=True)
        with socket.socket(socket.AF_UNIX) as control:
            control.bind(str(self.remains.state / "control"))
        things, _ = self.remains.wait(0, time.monotonic() + 0.1)
        self.assertEqual(things, [f"the control socket {self.remains.state / 'control'}"])


class Signals(unittest.TestCase):
    """Made-up records of a service that process 5 tells to end."""

    def failure(self, *lines, behaviour="well_behaved", end="sigkill"):
        with tempfile.TemporaryDirectory() as folder:
            run = cell_module.Run(cells.Cell(end, "test", behaviour), folder)
            try:
                run.check_signals([Event(line) for line in lines])
            except Failed as failure:
                return str(failure)
        return ""

    def test_a_gentle_end(self):
        self.assertEqual(self.failure("1000000000 7 main runs",
                                      "2000000000 7 main got SIGINT from 5",
                                      "2000000001 7 main ends"), "")

    def test_nobody_was_told(self):
        self.assertIn("nobody of the service was told", self.failure(
            "1 7 main runs", "2 7 main ends"))

    def test_main_was_not_told(self):
        self.assertIn("the main process 7 was not told", self.failure(
            "1 7 main runs", "1 8 worker runs", "2 8 worker got SIGINT from 5",
            "3 7 main ends", "3 8 worker ends"))

    def test_what_a_process_of_the_service_sends_does_not_count(self):
        self.assertEqual(self.failure("1 7 main runs", "1 8 worker runs",
                                      "2 7 main got SIGINT from 5", "3 8 worker got SIGTERM from 7",
                                      "4 8 worker ends", "5 7 main ends"), "")

    def test_sigterm_came_first(self):
        self.assertIn("not SIGINT came first", self.failure(
            "1 7 main runs", "2 7 main got SIGTERM from 5", "3 7 main ends"))

    def test_sigterm_came_too_early(self):
        self.assertIn("3 s were not over", self.failure(
            "1 7 main runs", "2 7 main got SIGINT from 5", "3 7 main got SIGTERM from 5",
            "4 7 main ends"))

    def test_a_worker_that_was_told_late(self):
        self.assertEqual(self.failure(
            "1000000000 7 main runs", "1000000000 8 worker runs",
            "2000000000 7 main got SIGINT from 5", "5000000000 8 worker got SIGTERM from 5",
            "5000000001 8 worker ends", "5000000002 7 main ends"), "")

    def test_it_was_killed(self):
        self.assertIn("ended by SIGKILL: [8]", self.failure(
            "1 7 main runs", "1 8 worker runs", "2 7 main got SIGINT from 5", "3 7 main ends"))

    def test_the_terminal_told_it(self):
        self.assertIn("the terminal's signal", self.failure(
            "1 7 main runs", "2 7 main got SIGINT from 0", "3 7 main ends"))


if __name__ == "__main__":
    signal.alarm(120)
    unittest.main()
