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

    def test_never_succeeds(self):
        def attempt(seconds, words):
            api = self.ready_by("sh", "-c", "exit 7", start_timeout=seconds)
            self.assert_text(api.start(code=1).err, f"""\
gentle: error: start service 'api': not ready within {words}
  waiting for command 'sh' to exit with 0: exit status 7
log is empty: {api.log_path}
hint: correct READY, or give it more time: START_TIMEOUT <seconds>
""")

        self.with_time_enough(attempt)

    def test_a_try_that_does_not_end_is_ended_with_the_start(self):
        ignoring = "trap '' INT TERM; while :; do read x < /dev/zero; done"
        api = self.ready_by("sh", "-c", ignoring, start_timeout=0.3, stop=[("SIGINT", harness.LONGEST)])
        result = api.start(code=1)
        self.assertIn("  waiting for command 'sh' to exit with 0: no exit yet\n", result.err)
        self.assertLess(result.seconds, harness.LONGEST)  # not by the end of the plan

    def test_no_such_command(self):
        api = self.ready_by("/nowhere/check")
        self.assert_text(api.start(code=127).err, """\
gentle: error: start program '/nowhere/check': No such file or directory
hint: build or install it, or correct COMMAND
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
