"""READY COMMAND: a command exits with 0; it is run again until it does."""

import harness
from harness import ServiceTest, program


class Command(ServiceTest):
    def ready_by(self, *command, **options):
        return self.service("api", program("never_ready"), ready=[("COMMAND", *command)],
                            **options)

    def test_a_command(self):
        self.assert_text(self.ready_by("true").start().out, "api: ready after <time>\n")

    def test_is_run_until_it_succeeds(self):
        script = 'echo x >> "$API_DIR/tries"; [ $(wc -l < "$API_DIR/tries") -ge 4 ]'
        api = self.ready_by("sh", "-c", script)
        api.start()
        self.assertEqual((api.state_dir / "dir/tries").read_text(), "x\n" * 4)

    def test_runs_in_the_service_s_folder_and_environment(self):
        api = self.ready_by("sh", "-c", 'echo "$COLOUR $API_PORT $(pwd)" > "$API_DIR/told"',
                            environment={"COLOUR": "blue"}, ports=["http"],
                            working_directory=self.work)
        api.start()
        self.assertEqual((api.state_dir / "dir/told").read_text(),
                         f"blue {api.port()} {self.work}\n")

    def test_what_it_prints_is_not_the_service_s_log(self):
        api = self.ready_by("sh", "-c", "echo checked")
        api.start()
        self.assertEqual(api.log(), "")
        self.assertIn("checked\n", api.journal())

    def expect_failure(self, command, shown, seen, **options):
        def attempt(seconds, words):
            api = self.ready_by(*command, start_timeout=seconds, **options)
            self.assert_text(api.start(code=1).err, f"""\
gentle: error: start service 'api': not ready within {words}
  waiting for command '{shown}' to exit with 0: {seen}
log is empty: {api.log_path}
hint: correct READY, or give it more time: START_TIMEOUT <seconds>
""")

        self.with_time_enough(attempt)

    def test_never_succeeds(self):
        self.expect_failure(("sh", "-c", "exit 7"), 'sh -c "exit 7"', "exit status 7")

    def test_the_message_shows_what_it_said(self):
        script = r"echo checking; printf '\033[31mFATAL\033[0m: not\001 yet\n\n' >&2; kill -TERM $$"
        self.expect_failure(("sh", "-c", script), f'sh -c "{script}"', """\
death by SIGTERM, it said:
    | checking
    | FATAL: not? yet""")

    def test_the_message_shows_the_end_of_what_it_said(self):
        self.expect_failure(("sh", "-c", "seq 100000; exit 3"), 'sh -c "seq 100000; exit 3"',
                            "\n".join(["exit status 3, it said:",
                                       *[f"    | {n}" for n in range(99991, 100001)]]))

    def test_a_daemon_that_it_leaves(self):
        """It is no reason to wait, may go on to write, and ends with the service."""
        gate, done = self.gate(), self.gate("done")
        api = self.ready_by("sh", "-c", f"setsid sh -c 'read x < {gate}; echo more; echo more; "
                            f"read x < {done}; exec sleep 1000' & exit 0")
        api.start()
        gate.open()
        done.wait_until_reached()
        api.settle()
        self.assertIn("more\nmore\n", api.journal())
        done.open()
        api.stop()

    def test_a_daemon_that_ignores_signals(self):
        """Is no part of the service, so its stop waits for no step of the plan."""
        for ignored in "INT", "INT TERM":
            with self.subTest(ignored):
                api = self.ready_by("sh", "-c", f"trap '' {ignored}; setsid sleep 1000 & exit 0",
                                    stop=[("SIGINT", harness.LONGEST), ("SIGTERM", harness.LONGEST)])
                api.start()
                result = api.stop()
                self.assert_text(result.out, "api: stopped by SIGINT after <time>: <any>\n")
                self.assertNotIn("did not end", result.out)
                self.assertIn("api: READY COMMAND had left pid ", api.journal())
                self.assertLess(result.seconds, harness.LONGEST)

    def test_a_client_that_the_service_brings_along(self):
        gate = self.gate()
        api = self.service("api", f"read x < {gate}; echo '#!/bin/sh' > client; "
                           "chmod +x client; exec sleep 1000", shell=True,
                           ready=[("COMMAND", "./client")], stop=[("SIGTERM", 5)],
                           working_directory=self.work)
        start = api.start_in_background()
        gate.open()
        self.assertEqual(start.finish().code, 0)

    def test_a_client_that_does_not_come(self):
        self.expect_failure(("/nowhere/check",), "/nowhere/check",
                            "it cannot be executed: No such file or directory")

    def test_a_try_that_does_not_end_is_ended_with_the_start(self):
        ignoring = "trap '' INT TERM; while :; do read x < /dev/zero; done"
        api = self.ready_by("sh", "-c", ignoring, start_timeout=0.3, stop=[("SIGINT", harness.LONGEST)])
        result = api.start(code=1)
        self.assertIn(f"  waiting for command 'sh -c \"{ignoring}\"' to exit with 0: no exit yet\n",
                      result.err)
        self.assertLess(result.seconds, harness.LONGEST)  # not by the end of the plan

    def test_no_such_command(self):
        api = self.ready_by("no-such-client", "-v")
        self.assert_text(api.start(code=127).err, """\
gentle: error: start service 'api': READY COMMAND cannot be executed: 'no-such-client': not found on PATH
hint: install it, or correct READY COMMAND; if the service brings it along, give its path
""")

    def test_the_end_of_the_service_meanwhile(self):
        gate = self.gate()
        api = self.service("api", program("exits_early"), "4", "1", gate,
                           ready=[("COMMAND", "false")])
        start = api.start_in_background()
        gate.open()
        result = start.finish()
        self.assertEqual(result.code, 1)
        self.assertIn("it ended before it was ready: exit status 4 after ", result.err)
        self.wait_until_all_ended()  # a try may have been under way, which the start does not wait for
        self.assert_nothing_left([api])


if __name__ == "__main__":
    harness.main()
