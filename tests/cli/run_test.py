"""`gentle run`: a test with its services' variables, its own exit status, and what they logged."""

import os
import resource
import signal
import sys

import harness
from harness import GENTLE, ServiceTest, program


class RunTest(ServiceTest):
    """A service that logs 'first', and 'second' when its gate opens."""

    def setUp(self):
        super().setUp()
        self.more, self.end = self.gate("more"), self.gate("end")
        self.api = self.service("api", program("logs"), r"first\n", f"gate:{self.more}",
                                r"second\n", f"gate:{self.end}", ready=[("LOG", "^first$")],
                                export={"API_COLOUR": "blue"})

    def log_second_line(self):
        self.more.open()
        self.end.wait_until_reached()

    def run_test(self, *command, options=(), code=0, **more):
        return self.gentle("run", "--with", self.api.spec, *options, "--", *command, code=code,
                           **more)

    def run_test_in_background(self, script):
        return self.background(GENTLE, "run", "--with", self.api.spec, "--", "sh", "-c", script)


class Run(RunTest):
    def test_the_environment(self):
        self.api.start()
        result = self.run_test("env", env={"KEPT": "as it was"})
        seen = result.out.splitlines()
        self.assertIn("API_COLOUR=blue", seen)
        self.assertIn(f"API_PID={self.api.pid()}", seen)
        self.assertIn("KEPT=as it was", seen)
        self.assertEqual(result.err, "")

    def test_the_status_of_the_test(self):
        self.api.start()
        for status in 0, 1, 77, 124, 255:
            self.run_test("sh", "-c", f"exit {status}", code=status)

    def test_a_death_by_signal_is_repeated_without_a_second_core(self):
        self.api.start()
        for number in signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL, signal.SIGTERM, signal.SIGINT:
            with self.subTest(number=number):
                limit = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
                self.run_test("sh", "-c", f"ulimit -c 0; kill -{int(number)} $$", code=-number,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, limit))
                self.assertEqual([name for name in os.listdir(self.work) if "core" in name], [])

    def test_a_test_that_is_not_there(self):
        self.api.start()
        self.assert_text(self.run_test("/nowhere/test", code=127).err, """\
gentle: error: start program '/nowhere/test': No such file or directory
hint: build or install it, or correct COMMAND
""")
        self.assertIn("Permission denied", self.run_test("/etc/passwd", code=126).err)

    def test_names_are_replaced(self):
        self.api.start()
        result = self.run_test(
            "sh", "-c", 'echo "$1 $MORE $(pwd)"', "sh", "@API_COLOUR@ @@",
            options=["--env", "MORE=a @API_COLOUR@ b", "--chdir", f"{self.work}/../@API_COLOUR@"],
            preexec_fn=lambda: (self.folder / "blue").mkdir())
        self.assertEqual(result.out, f"blue @ a blue b {self.folder}/blue\n")

    def test_an_unknown_name(self):
        self.api.start()
        err = self.run_test("echo", "@API_COLOR@", code=125).err
        self.assertIn("gentle: error: replace in the test's COMMAND '@API_COLOR@': no variable has "
                      "this name, did you mean '@API_COLOUR@'?\n", err)

    def test_arguments_arrive_as_written(self):
        self.api.start()
        words = ["", " a  b ", ";", "\\", "$HOME", "--", "--with", "--help", "*", "ä"]
        self.assertEqual(self.run_test("printf", "<%s>\\n", *words).out,
                         "".join(f"<{word}>\n" for word in words))

    def test_an_emulator(self):
        self.api.start()
        result = self.run_test("test", options=["--emulator", "printf;<%s>\\n;-x y"])
        self.assertEqual(result.out, "<-x y>\n<test>\n")

    def test_signals_are_passed_on(self):
        self.api.start()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1,
                       signal.SIGUSR2):
            with self.subTest(number=number):
                running = self.background(GENTLE, "run", "--with", self.api.spec, "--",
                                          program("exits_with_3_on"), int(number))
                self.assertEqual(running.process.stdout.readline(), b"running\n")
                running.process.send_signal(number)
                result = running.finish()
                self.assertEqual((result.code, result.out), (3, "got it\n"), result)

    def test_the_test_does_not_outlive_a_killed_run(self):
        self.api.start()
        running = self.run_test_in_background("echo $$; exec sleep 1000")
        pid = int(running.process.stdout.readline())
        running.kill()
        self.wait_until_gone(pid)

    def test_a_discovery_run_needs_no_service(self):
        result = self.run_test("printf", "<%s>\\n", "--gtest_list_tests", "@API_X@")
        self.assertEqual((result.out, result.err), ("<--gtest_list_tests>\n<@API_X@>\n", ""))

    def test_a_service_that_was_never_started(self):
        text = f"""\
gentle: error: use service 'api': it was not started, or is stopped already
hint: gentle start {self.api.spec}, or ctest without -FS, -FA and -E for this fixture
"""
        self.assert_text(self.run_test("true", code=125).err, text)
        self.api.start()
        self.api.stop()
        self.assert_text(self.run_test("true", code=125).err, text)

    def test_a_service_that_is_disabled(self):
        disabled = {"GENTLE_DISABLED_API": "1", "GENTLE_TEST": "3.25.1"}
        for code, told in (77, "77"), (4, "4"), (0, "0"):
            result = self.run_test("false", env={**disabled, "GENTLE_TEST_SKIP_RETURN_CODE": told}, code=code)
            self.assertEqual(result.err, "gentle: error: use service 'api': its start is disabled in CTest\n")
        self.run_test("false", env=disabled, code=125)  # no code would make it a skipped test
        self.run_test("false", env={**disabled, "GENTLE_TEST_WILL_FAIL": "1"}, code=-signal.SIGABRT)

    def test_one_that_did_not_run_is_a_failure_whatever_ctest_makes_of_codes(self):
        for name, value in (("WILL_FAIL", "TRUE"), ("OUTPUT_IS_MATCHED", "1"), ("SKIP_RETURN_CODE", "125")):
            result = self.run_test("true", env={"GENTLE_TEST": "4.0.0", f"GENTLE_TEST_{name}": value},
                                   code=-signal.SIGABRT)
            self.assertIn("gentle: error: use service 'api': it was not started", result.err)
        self.api.start()
        told = {"GENTLE_TEST": "4.0.0", "GENTLE_TEST_WILL_FAIL": "1"}
        self.run_test("/nowhere/test", env=told, code=-signal.SIGABRT)
        self.run_test("sh", "-c", "exit 3", env=told, code=3)

    def test_what_ctest_knows_is_not_for_the_test(self):
        self.api.start()
        seen = self.run_test("env", env={"GENTLE_TEST": "4.0.0", "GENTLE_TEST_NAME": "a",
                                         "GENTLE_DISABLED_DB": "1"}).out
        self.assertNotIn("GENTLE_TEST=", seen)
        self.assertNotIn("GENTLE_TEST_NAME", seen)
        self.assertNotIn("GENTLE_DISABLED", seen)

    def test_no_command(self):
        self.assert_text(self.gentle("run", "--with", self.api.spec, code=125).err, """\
gentle: error: read command line of 'gentle run': no command after --
hint: gentle run --help
""")


class Logs(RunTest):
    def test_nothing_in_an_output_that_ctest_matches(self):
        """It is said by the stop of the service instead."""
        self.api.start()
        told = {"GENTLE_TEST": "4.0.0", "GENTLE_TEST_NAME": "a/b", "GENTLE_TEST_OUTPUT_IS_MATCHED": "1"}
        result = self.run_test("sh", "-c", "echo logged >> $API_LOG; exit 5", env=told, code=5)
        self.assertEqual((result.out, result.err), ("", ""))
        path = self.api.state_dir / "tests" / "a_b.txt"
        said = f"--- service 'api': its log during this test, {self.api.state_dir}/log:\nlogged\n"
        self.assertEqual(path.read_text(encoding="utf-8"), said)
        self.assertIn(f"--- not in the output of its test, which CTest matches: {path}\n{said}",
                      self.api.stop().out)
        self.api.start()
        self.assertFalse(path.exists())

    def test_only_what_ctest_would_take_for_a_skip_is_not_in_the_output(self):
        self.api.start()
        told = {"GENTLE_TEST": "4.0.0", "GENTLE_TEST_NAME": "a", "GENTLE_TEST_SKIPPED_BY": "[  SKIPPED ]"}
        path = self.api.state_dir / "tests" / "a.txt"
        for line, is_shown in ("[ SKIPPED ]", True), ("so: [  SKIPPED ]", False):
            with self.subTest(line=line):
                result = self.run_test("sh", "-c", f"echo '{line}' >> $API_LOG; exit 5", env=told, code=5)
                self.assertEqual((line in result.err, path.exists()), (is_shown, not is_shown))
        self.assertIn("so: [  SKIPPED ]\n", self.api.stop().out)

    def test_what_was_logged_during_a_failing_test(self):
        self.api.start()
        go = self.gate("go")
        running = self.run_test_in_background(f"read x < {go}; exit 5")
        go.wait_until_reached()
        self.log_second_line()
        go.open()
        result = running.finish()
        self.assertEqual((result.code, result.out), (5, ""))
        self.assertEqual(result.err, "--- service 'api': its log during this test, "
                         f"{self.api.log_path}:\nsecond\n")

    def test_nothing_of_it_if_the_test_passes(self):
        self.api.start()
        go = self.gate("go")
        running = self.run_test_in_background(f"read x < {go}")
        go.wait_until_reached()
        self.log_second_line()
        go.open()
        result = running.finish()
        self.assertEqual((result.code, result.out, result.err), (0, "", ""))

    def test_nothing_was_logged(self):
        self.api.start()
        self.assertEqual(self.run_test("false", code=1).err,
                         "--- service 'api': logged nothing during this test\n")

    def test_control_bytes_do_not_reach_the_terminal(self):
        gate, go = self.gate("odd"), self.gate("go")
        odd = self.service("odd", program("logs"), r"ready\n", f"gate:{gate}",
                           r"\x1b[31m\0\xff no newline", f"gate:{self.end}",
                           ready=[("LOG", "^ready$")])
        odd.start()
        running = self.background(GENTLE, "run", "--with", odd.spec, "--", "sh", "-c",
                                  f"read x < {go}; exit 5")
        go.wait_until_reached()
        gate.open()
        self.end.wait_until_reached()
        go.open()
        self.assertTrue(running.finish().err.endswith(":\n?? no newline\n"))  # and no colour

    def test_only_the_end_of_a_long_log(self):
        gate, go = self.gate("long"), self.gate("go")
        api = self.service("long", program("logs"), r"ready\n", f"gate:{gate}", "lines:9000",
                           f"gate:{self.end}", ready=[("LOG", "^ready$")])
        api.start()
        running = self.background(GENTLE, "run", "--with", api.spec, "--", "sh", "-c",
                                  f"read x < {go}; exit 5")
        go.wait_until_reached()
        gate.open()
        self.end.wait_until_reached()
        go.open()
        result = running.finish()
        self.assertIn("its log during this test (the last 32768 bytes), ", result.err)
        self.assertTrue(result.err.endswith("\nline 8999\nline 9000\n"))
        self.assertLess(len(result.err), 33500)

    def test_a_service_that_dies_meanwhile(self):
        gate, go = self.gate("die"), self.gate("go")
        for status, code in (0, 0), (1, 1):
            with self.subTest(status=status):
                api = self.service("mortal", program("dies_when_told"), gate, "SIG:11",
                                   ready=[("LOG", "^running$")])
                api.start()
                pid = api.pid()
                running = self.background(GENTLE, "run", "--with", api.spec, "--", "sh", "-c",
                                          f"read x < {go}; exit {status}")
                go.wait_until_reached()
                gate.open()
                self.wait_until_gone(pid)
                go.open()
                result = running.finish()
                self.assertEqual(result.code, code)
                expected = (f"gentle: warning: service 'mortal' (pid {pid}) ended while the test "
                            "runs\n")
                if status:
                    expected += ("--- service 'mortal': it crashed: SIGSEGV, "
                                 "<time> after it was ready; its log during this test, "
                                 f"{api.log_path}:\ntold to die\n")
                self.assert_text(result.err, expected)
                self.assertIn("it crashed: SIGSEGV", api.stop(code=1).err)
                for each in gate, go:
                    each.close()

    def test_a_service_whose_folder_is_removed_meanwhile(self):
        """It is stopped then, and its stop cannot tell. So the test has not passed, whatever its properties are."""
        known = {"GENTLE_TEST": "4.0.0"}
        for told, code in (({}, 1), ({**known, "GENTLE_TEST_WILL_FAIL": "1"}, -signal.SIGABRT),
                           ({**known, "GENTLE_TEST_OUTPUT_IS_MATCHED": "1"}, -signal.SIGABRT)):
            with self.subTest(told):
                self.api.start()
                last = self.api.successor()
                script = 'while test -e "$0"; do rm -rf "$0"; done; while kill -0 $API_PID; do :; done 2>/dev/null'
                result = self.run_test("sh", "-c", script, self.api.state_dir, env=told, code=code)
                self.assertIn(f"gentle: error: use service 'api': its state folder '{self.api.state_dir}' was removed "
                              "while the test ran\nhint: let nothing remove Testing/Fixtures while services run: they stop\n",
                              result.err)
                self.wait_until_gone(last)

    def test_a_service_that_hands_over_meanwhile(self):
        """Its first process exits, but it has named another one (MAINPID=)."""
        go = self.gate("go")
        script = ("import os, select, signal, socket, sys; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); "
                  "s.connect('\\0' + os.environ['NOTIFY_SOCKET'][1:]); child = os.fork(); "
                  "child or signal.sigwait([signal.SIGINT]) and os._exit(0); "
                  "s.send(f'MAINPID={child}\\nREADY=1'.encode()); open(sys.argv[1]).read(1)")
        api = self.service("api", sys.executable, "-c", script, go, ready=[("NOTIFY",)])
        api.start()
        pid = api.pid()
        result = self.run_test("sh", "-c", f"echo >{go}; while kill -0 {pid}; do :; done 2>/dev/null")
        self.assertEqual(result.err, "")
        self.assertNotEqual(api.pid(), pid)
        api.stop()

    def test_a_service_that_had_died_before(self):
        gate = self.gate("die")
        api = self.service("mortal", program("dies_when_told"), gate, 3,
                           ready=[("LOG", "^running$")])
        api.start()
        pid = api.pid()
        gate.open()
        self.wait_until_gone(pid)
        api.settle()
        self.assert_text(self.gentle("run", "--with", api.spec, "--", "true", code=125).err, f"""\
gentle: error: use service 'mortal': it ended by itself: exit status 3, <time> after it was ready
log: {api.log_path}
""")

    def test_a_service_whose_death_is_not_written_yet(self):
        """As on a full disk: then its supervisor is asked. It is continued for that."""
        self.api.start()
        pid = self.api.pid()
        self.signal(signal.SIGSTOP, self.api.supervisor())
        self.signal(signal.SIGKILL, pid)
        self.wait_until_gone(pid)
        self.assertEqual(self.api.state()["phase"], "ready")
        self.assertIn("gentle: error: use service 'api': it ended by itself: death by SIGKILL", self.run_test("true", code=125).err)

    def test_the_services_it_depends_on_come_along(self):
        self.api.start()
        front = self.service("front", program("never_ready"), ready=[("COMMAND", "true")],
                             depends=[self.api])
        front.start()
        result = self.gentle("run", "--with", front.spec, "--", "sh", "-c",
                             "echo $API_COLOUR; exit 1", code=1)
        self.assertEqual(result.out, "blue\n")
        self.assertEqual(result.err, "--- service 'api': logged nothing during this test\n"
                         "--- service 'front': logged nothing during this test\n")


if __name__ == "__main__":
    harness.main()
