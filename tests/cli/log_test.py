"""READY LOG: a line of the service's output matches."""

import resource
import signal
from pathlib import Path

import harness
from harness import ServiceTest, needs_another_user, needs_no_sanitizer, program


class Log(ServiceTest):
    def logs(self, regex, *what, **options):
        return self.service("api", program("logs"), *what, ready=[("LOG", regex)], **options)

    def expect_failure(self, regex, lines, *what):
        def attempt(seconds, _):
            api = self.logs(regex, *what, start_timeout=seconds)
            self.assertIn(f"  waiting for log line matching '{regex}': {lines}, no match\n",
                          api.start(code=1).err)

        self.with_time_enough(attempt)

    def test_a_line(self):
        self.logs("^ready to accept connections$", r"hello\nready to accept connections\n").start()

    def test_standard_error_counts(self):
        self.logs("^ready$", r"stderr:hello\nready\n").start()

    def test_a_line_that_comes_later(self):
        gate = self.gate()
        api = self.logs("port [0-9]+$", r"starting\n", f"gate:{gate}", r"port 80\n")
        start = api.start_in_background()
        gate.wait_until_reached()
        self.assertEqual(api.state()["phase"], "starting")
        gate.open()
        self.assertEqual(start.finish().code, 0)

    def test_a_line_that_comes_in_pieces(self):
        gate = self.gate()
        api = self.logs("^ready$", "rea", f"gate:{gate}", r"dy\n")
        start = api.start_in_background()
        gate.wait_until_reached()
        gate.open()
        self.assertEqual(start.finish().code, 0)

    def test_what_is_there_as_plain_text(self):
        """The characters that a regular expression takes for its own."""
        for regex, line in (("listening on [::1]:80", r"listening on [::1]:80\n"), ("^ready (http)", r"it is ^ready (http)\n")):
            api = self.logs(regex, line, start_timeout=1)
            self.assertIn(f"  waiting for log line matching '{regex}': 1 line, no match, but one has it as plain text; "
                          "write \\ before each of ( ) [ { . * + ? ^ $ | that is meant so\n", api.start(code=1).err)

    def test_a_match_does_not_span_lines(self):
        self.expect_failure("a.*b", "2 lines", r"a\nb\n")

    def test_the_begin_and_end_of_a_line(self):
        self.expect_failure("^b|b$", "1 line", r"abc\n")

    def test_a_prompt_without_a_newline(self):
        self.logs("^login: ", "login: ").start()

    def test_the_end_of_a_line_that_has_not_ended(self):
        self.expect_failure("^login:$", "0 lines", "login:")

    def test_lines_that_end_like_on_windows(self):
        self.logs("^ready$", r"hello\r\nready\r\n").start()

    def test_a_line_that_is_written_over_itself(self):
        self.logs("^Ready$", r"\rloading 10 %\rloading 20 %\rReady\r").start()

    def test_a_prompt_after_a_progress_bar(self):
        self.logs("^Ready", *[rf"\rloading {n} %" for n in range(100)], r"\rReady to serve").start()

    def test_a_prompt_after_any_amount_of_output(self):
        for amount in "huge:1", "pieces:200000":
            with self.subTest(amount=amount):
                api = self.logs("Ready", amount, "Ready")
                api.start()
                self.assertLess(self.used_cpu(api), 2)
                api.stop()

    def test_colours(self):
        self.logs("^ready in 129 ms$", r"\x1b[2mready in \x1b[0m\x1b[1m129\x1b[22m ms\x1b[0m\n").start()

    def test_a_colour_that_comes_in_pieces(self):
        gate = self.gate()
        api = self.logs("^ready$", r"\x1b[3", f"gate:{gate}", r"2mready\x1b[0m\n")
        start = api.start_in_background()
        gate.wait_until_reached()
        gate.open()
        self.assertEqual(start.finish().code, 0)

    def times(self, count, *what, **options):
        return self.service("api", program("logs"), *what, ready=[("LOG", "^ready", count)],
                            **options)

    def test_a_line_that_has_to_come_twice(self):
        self.times(2, r"ready\nready\n").start()
        self.services[0].stop()
        self.times(2, r"ready\nnot ready\nready").start()

    def test_a_line_counts_once(self):
        gate = self.gate()  # the prompt is looked at, and later the line
        for what in ([r"ready ready\n"], ["ready", f"gate:{gate}", r" ready\n"]):
            with self.subTest(what=what):
                def attempt(seconds, _, what=what):
                    api = self.times(2, *what, start_timeout=seconds)
                    start = api.start_in_background()
                    if len(what) > 1:
                        gate.open()
                    result = start.finish()
                    self.assertEqual(result.code, 1, result)
                    self.assertIn("  waiting for log line matching '^ready', 2 times: "
                                  "1 line, 1 match\n", result.err)

                self.with_time_enough(attempt)

    def test_a_service_that_opens_its_output_anew(self):
        # The idiom of many entry points: > opens /dev/stderr, which is the log, to empty it.
        api = self.service("api", "for i in 1 2 3; do echo line $i; echo error $i > /dev/stderr; "
                           "echo output $i > /dev/stdout; done; exec sleep 100", shell=True,
                           ready=[("LOG", "^output 3$")], stop=[("SIGTERM", 5)])
        api.start()
        self.assertEqual(api.lines(), [f"{word} {i}" for i in (1, 2, 3)
                                       for word in ("line", "error", "output")])

    @needs_another_user
    def test_a_service_that_opens_its_output_anew_as_another_user(self):
        api = self.service("api", "setpriv", "--reuid=65534", "--clear-groups", "sh", "-c",
                           "echo ready > /dev/stderr; exec sleep 100", ready=[("LOG", "^ready$")],
                           stop=[("SIGTERM", 5)])
        api.start()

    def test_all_that_was_written_before_a_question_is_there(self):
        written, gate = self.gate("written"), self.gate("gate")
        api = self.logs("^ready$", r"ready\n", f"gate:{gate}", "lines:2000", f"gate:{written}")
        api.start()
        gate.open()
        written.wait_until_reached()
        self.assertEqual(len(self.gentle("logs", "--build", self.build).out.splitlines()), 2001)
        written.open()

    def test_nobody_is_hurt_when_the_supervisor_is_killed(self):
        # It has the reading end of a pipe, but not alone: what the service says while it ends is
        # no SIGPIPE, and stands in the log.
        api = self.service("api", "sh", "-c", "sleep 1000 & trap 'kill $!; echo ending; seq 20000; "
                           "echo ended; exit' INT; echo ready; wait",
                           ready=[("LOG", "^ready$")])
        api.start()
        successor = api.successor()
        self.signal(signal.SIGKILL, api.supervisor())
        self.wait_until_gone(successor)
        self.assertEqual(api.lines()[-1], "ended")
        self.assertEqual(len(api.lines()), 20003)

    def test_nul_bytes(self):
        self.logs("^ready$", r"\0\0\n\0ready\nready\n").start()
        self.assertIn("\0", self.services[0].log())

    def test_a_match_behind_a_nul_byte(self):
        self.logs("ready$", r"a\0ready\n").start()

    def test_invalid_utf8(self):
        self.logs("^.*ready$", r"\xff\xfe\n\xc3\x28\xffready\n").start()

    def test_utf8(self):
        self.logs("^läuft$", r"läuft\n").start()

    def used_cpu(self, api):
        stat = Path(f"/proc/{api.supervisor()}/stat").read_text(encoding="utf-8")
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def test_a_line_of_50_mb(self):
        api = self.logs("x*y ready$", "huge:50", r"y ready\n")
        api.start()
        self.assertLess(self.used_cpu(api), 5)

    def test_a_regex_that_is_slow_elsewhere(self):
        for regex in "[a-z]+[0-9]+|y ready", "(x+x+)+y", "^(x?){50}.*ready":
            with self.subTest(regex=regex):
                api = self.logs(regex, "huge:2", r"y ready\nready\n")
                api.start()
                self.assertLess(self.used_cpu(api), 2)
                api.stop()

    def test_the_match_at_the_end_of_a_huge_line(self):
        self.logs("x ready$", "huge:1", r" ready\n").start()

    def test_a_huge_line_is_not_many(self):
        self.expect_failure("^xx ready$", "1 line", "huge:1", r"x ready\n")

    def test_a_line_that_comes_byte_by_byte(self):
        api = self.logs("ready$", "pieces:60000", r" ready\n")
        api.start()
        self.assertLess(self.used_cpu(api), 3)

    def test_a_flood_of_lines_leaves_time_for_a_stop(self):
        # The log is a file: it must not fill the disk.
        api = self.service("api", program("floods_log"), ready=[("LOG", "never")],
                           start_timeout=0.3)
        limit = (1 << 30, 1 << 30)
        result = api.start(code=1, preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_FSIZE, limit))
        self.assertIn("not ready within 300 ms\n", result.err)

    @needs_no_sanitizer
    def test_a_regex_that_takes_gigabytes(self):
        """The C library compiles each number as so many copies; CMake asks before anything runs."""
        for regex in "x{1,30000}", "((a{1,100}){1,100}){1,100}":
            with self.subTest(regex=regex):
                result = self.gentle("check-regex", regex, code=1)
                self.assertEqual(result.err, f"gentle: error: read regex '{regex}': it needs too much memory, as each "
                                 "number in { } costs its size\nhint: write a smaller number, or * or +\n")
        self.gentle("check-regex", "(a{1,20}){1,20}")

    def test_a_wrong_regex_runs_nothing(self):
        api = self.logs("(", r"ready\n")
        self.assert_text(api.start(code=125).err, r"""gentle: error: read regex '(': Unmatched ( or \(
hint: READY LOG takes a POSIX extended regular expression; a literal ( or [ needs a \
""")
        self.assertFalse(api.state_dir.exists())

    def test_a_back_reference(self):
        api = self.logs(r"(a)\1", r"ready\n")
        self.assertIn("a back-reference such as \\1 is not supported\n", api.start(code=125).err)

    def test_a_log_that_is_removed(self):
        script = 'rm "$API_LOG"; echo gone; touch "$API_DIR/ready"; exec sleep 1000'
        api = self.service("api", "/bin/sh", "-c", script, ready=[("FILE", "@API_DIR@/ready")])
        removed = f"gentle: warning: service 'api': its log was removed while it ran, '{api.log_path}', continuing\n"
        self.assert_text(api.start().out, f"{removed}api: ready after <time>\n")
        logs = self.gentle("logs", "api", "--build", self.build)
        self.assert_text(logs.err, removed.replace(" while it ran", ""))
        api.stop()

    def test_an_old_log_does_not_count(self):
        self.logs("^ready$", r"ready\n").start()
        self.services[0].stop()
        self.expect_failure("^ready$", "0 lines")


if __name__ == "__main__":
    harness.main()
