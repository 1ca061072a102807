"""READY NOTIFY: the service says READY=1 by the sd_notify protocol."""

import os
import signal
import socket
import sys

import harness
from harness import GENTLE, ServiceTest, program

# The first process names its child, and ends at once. When it has ended, the child comes to the gate. It ends by SIGINT,
# or when the gate opens.
HANDS_OVER = (
    "import os, select, signal, socket, sys; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); "
    "s.connect('\\0' + os.environ['NOTIFY_SOCKET'][1:]); first = os.pidfd_open(os.getpid()); "
    "child = os.fork(); child and s.send(f'MAINPID={child}\\nREADY=1'.encode()); child and {end}; "
    "signal.signal(signal.SIGINT, lambda *_: os._exit(0)); select.select([first], [], []); "
    "open(sys.argv[1]).read(1); os._exit(5)")


class Notify(ServiceTest):
    def notifies(self, *what, **options):
        return self.service("api", program("notifies"), *what, ready=[("NOTIFY",)], **options)

    def test_ready(self):
        api = self.notifies("READY=1")
        self.assert_text(api.start().out, "api: ready after <time>\n")
        api.stop()
        self.assertIn("api: says that it is stopping\n", api.journal())

    def test_ready_among_other_lines(self):
        self.notifies(r"MAINPID=7\nSTATUS=fine\nREADY=1\nX_UNKNOWN=1").start()
        self.assertEqual(self.services[0].state()["status"], "fine")

    def test_ready_later(self):
        gate = self.gate()
        api = self.notifies("STATUS=loading 3 of 7", f"gate:{gate}", "READY=1")
        start = api.start_in_background()
        gate.wait_until_reached()
        self.assertTrue(start.runs())
        gate.open()
        self.assertEqual(start.finish().code, 0)

    def test_never_ready(self):
        def attempt(seconds, words):
            api = self.notifies("STATUS=loading 3 of 7", "READY=0", "READY", start_timeout=seconds)
            self.assert_text(api.start(code=1).err, f"""\
gentle: error: start service 'api': not ready within {words}
  waiting for READY=1 (sd_notify): status 'loading 3 of 7'
log is empty: {api.log_path}
hint: correct READY, or give it more time: START_TIMEOUT <seconds>
""")

        self.with_time_enough(attempt)

    def test_what_it_says_of_its_stop_is_no_reason(self):
        def attempt(seconds, _):
            api = self.notifies("STATUS=loading", "stop:STATUS=shutting down", self.gate(),
                                start_timeout=seconds, stop=[("SIGINT", 0.2)])
            self.assertIn("  waiting for READY=1 (sd_notify): status 'loading'\n", api.start(code=1).err)

        self.with_time_enough(attempt)

    def test_no_message(self):
        api = self.notifies(start_timeout=0.2)
        self.assertIn("  waiting for READY=1 (sd_notify): no message\n", api.start(code=1).err)

    def test_a_sender_that_is_gone_by_now(self):
        self.notifies("child:READY=1").start()

    def test_status_is_passed_on_when_it_is_ready(self):
        gate, done = self.gate(), self.gate("done")
        api = self.notifies("READY=1", f"gate:{gate}", "STATUS=busy", f"gate:{done}")
        api.start()
        gate.open()
        done.wait_until_reached()
        api.settle()
        table = self.gentle("status", "--build", self.build).out
        self.assertIn("busy", table)

    def test_status_holds_nothing_that_a_terminal_obeys(self):
        hostile = b"STATUS=\x1b]0;owned\x07\x1b[31mred\xc2\x9b1m\r\x7f\xff end"
        (self.folder / "hostile").write_bytes(hostile + b"\nREADY=1")
        (self.folder / "never").write_bytes(hostile)
        send = ("import os, socket, sys, signal; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); "
                "s.connect('\\0' + os.environ['NOTIFY_SOCKET'][1:]); s.send(open(sys.argv[1], 'rb').read()); "
                "print('\\033[32mgreen\\033[0m \\x07', flush=True); signal.pause()")
        api = self.service("api", sys.executable, "-c", send, self.folder / "hostile", ready=[("NOTIFY",)])
        api.start()
        never = self.service("never", sys.executable, "-c", send, self.folder / "never", ready=[("NOTIFY",)],
                             start_timeout=0.5)
        said = [never.start(code=1).err, never.journal()]
        said += [self.gentle(*command, "--build", self.build).out for command in (("status",), ("status", "--json"), ("logs",))]
        for text in said:
            self.assertNotRegex(text, "[\0-\x08\x0b-\x1f\x7f-\x9f]")
        self.assertIn("status 'red?1m??? end'", said[0])
        self.assertEqual(api.state()["status"], "red?1m??? end")
        self.assertIn("api | green ?\n", said[-1])

    def assert_outlives(self, seconds, gate, verb, api):
        """The start or stop goes on for far longer than so many seconds, until the gate opens. At its
        end it reaches the gate, too, so that nobody waits there for a service that is gone."""
        gate.close()
        script = '"$0" "$1" "$2"; status=$?; : <"$3"; exit $status'
        running = self.background("sh", "-c", script, GENTLE, verb, api.spec, gate)
        gate.wait_until_reached()
        with self.assertRaises(TimeoutError):
            self.wait_until_gone(running.pid, 3 * seconds)
        gate.open()
        result = running.finish()
        self.assertEqual(result.code, 0, result)

    def test_more_time_to_start(self):
        gate = self.gate()

        def attempt(seconds):
            api = self.notifies("EXTEND_TIMEOUT_USEC=90000000", f"gate:{gate}", "READY=1",
                                start_timeout=seconds)
            self.assert_outlives(seconds, gate, "start", api)

        self.with_time_enough(attempt, ((0.1,), (1,), (9,)))

    def test_more_time_to_start_ends_too(self):
        def attempt(seconds):
            extension = 4 * seconds
            api = self.notifies(f"EXTEND_TIMEOUT_USEC={int(extension * 1e6)}", start_timeout=seconds)
            first_line = api.start(code=1).err.splitlines()[0]
            self.assert_text(first_line, "gentle: error: start service 'api': not ready within <time>")
            number, unit = first_line.split()[-2:]
            self.assertGreaterEqual(float(number) / (1000 if unit == "ms" else 1), extension)

        self.with_time_enough(attempt, ((0.1,), (1,), (9,)))

    def test_more_time_to_stop(self):
        gate = self.gate()

        def attempt(seconds):
            api = self.notifies("READY=1", r"stop:STOPPING=1\nEXTEND_TIMEOUT_USEC=90000000", gate,
                                stop=[("SIGINT", seconds)])
            api.start()
            self.assert_outlives(seconds, gate, "stop", api)

        self.with_time_enough(attempt, ((0.1,), (1,), (9,)))

    def test_the_end_before_ready(self):
        for said, shown in (([r"STATUS=no database\nERRNO=13"], "status 'no database', errno 13 (Permission denied)"),
                            (["STATUS=first", "STATUS=second"], "status 'second'"),
                            (["child:ERRNO=2"], "errno 2 (No such file or directory)")):
            with self.subTest(shown):
                api = self.notifies(*said, "exit:5")
                self.assert_text(api.start(code=1).err, f"""\
gentle: error: start service 'api': it ended before it was ready: exit status 5 after <time>
  it last said: {shown}
log is empty: {api.log_path}
""")

    def test_the_end_after_ready(self):
        gate = self.gate()
        api = self.notifies("READY=1", f"gate:{gate}", r"STATUS=disk full\nERRNO=28", "exit:5")
        api.start()
        pid = api.pid()
        gate.open()
        self.wait_until_gone(pid)
        self.assertIn("  it last said: status 'disk full', errno 28 (No space left on device)\n",
                      self.gentle("stop", api.spec, code=1).err)

    def hands_over(self, gate, end="os._exit(0)", **options):
        return self.service("api", sys.executable, "-c", HANDS_OVER.replace("{end}", end), gate, ready=[("NOTIFY",)], **options)

    def start_and_hand_over(self, api, gate):
        api.start()
        gate.wait_until_reached()
        api.settle()

    def test_the_main_process_hands_over(self):
        """As a server does that forks into the background, or replaces its program while it runs."""
        gate = self.gate()
        api = self.hands_over(gate)
        self.start_and_hand_over(api, gate)
        self.assertRegex(api.journal(), f"api: exit status 0; goes on as pid {api.pid()} ")
        self.assertEqual(api.variables()["API_PID"], str(api.pid()))
        self.assertEqual(api.state()["phase"], "ready")
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: exit status 0\n")

    def test_who_crashes_hands_nothing_over(self):
        for end, told in (("os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"), ("os._exit(3)", "exit status 3")):
            with self.subTest(end):
                api = self.hands_over(self.gate(told.split()[0]), end)
                said = [self.gentle(verb, api.spec, code=None).err for verb in ("start", "stop")]
                self.assertIn(told, "".join(said))

    def test_the_end_after_it_has_handed_over(self):
        gate = self.gate()
        api = self.hands_over(gate)
        self.start_and_hand_over(api, gate)
        pid = api.pid()
        gate.open()
        self.wait_until_gone(pid)
        self.assertIn("it had ended by itself: exit status 5", self.gentle("stop", api.spec, code=1).err)

    def test_its_supervisor_is_killed_after_it_has_handed_over(self):
        """The kernel tells only the process that was launched."""
        gate = self.gate()
        api = self.hands_over(gate, stop=[("SIGINT", 2 * harness.LONGEST)])
        self.start_and_hand_over(api, gate)
        pid = api.pid()
        os.kill(api.supervisor(), signal.SIGKILL)
        self.wait_until_gone(pid)
        self.gentle("stop", api.spec, code=1)

    def test_it_hands_over_to_none_of_its_own(self):
        api = self.notifies(f"MAINPID={os.getpid()}", "exit:3")
        self.assertIn("it ended before it was ready: exit status 3", api.start(code=1).err)

    def test_only_stopping(self):
        def attempt(seconds, _):
            api = self.notifies("STOPPING=1", start_timeout=seconds)
            self.assertIn("  waiting for READY=1 (sd_notify): it says that it is stopping (STOPPING=1)\n",
                          api.start(code=1).err)

        self.with_time_enough(attempt)

    def test_a_stranger_s_message_does_not_count(self):
        gate, done = self.gate(), self.gate("done")
        api = self.service("api", f"echo $NOTIFY_SOCKET > $API_DIR/name; read x < {gate}; "
                           f"read x < {done}", shell=True, ready=[("NOTIFY",)])
        start = api.start_in_background()
        gate.wait_until_reached()
        name = (api.state_dir / "dir/name").read_text().strip()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as stranger:
            stranger.sendto(b"STATUS=strange\nREADY=1", "\0" + name[1:])
        gate.open()
        gate.close()
        done.open()
        done.close()
        result = start.finish()
        self.assertEqual(result.code, 1)
        self.assertIn("it ended before it was ready: exit status 0", result.err)
        self.assertEqual(api.state()["status"], "")

    def test_descriptors_that_are_sent_along_are_closed(self):
        gate = self.gate()
        script = ("import os, socket; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM);"
                  "name = '\\0' + os.environ['NOTIFY_SOCKET'][1:]; s.connect(name);"
                  "socket.send_fds(s, [b'READY=1'], [0] * 20);"
                  f"open('{gate}').read(1)")
        api = self.service("api", harness.sys.executable, "-c", script, ready=[("NOTIFY",)])
        api.start()
        self.assertLess(len(os.listdir(f"/proc/{api.supervisor()}/fd")), 20)


if __name__ == "__main__":
    harness.main()
