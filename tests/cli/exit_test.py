"""READY EXIT: a one-shot, such as a migration."""

import harness
from harness import ServiceTest, program


class Exit(ServiceTest):
    def one_shot(self, status, *more, **options):
        return self.service("migrate", program("one_shot"), status, *more, ready=[("EXIT",)],
                            **options)

    def test_is_ready_when_it_has_ended_well(self):
        migrate = self.one_shot(0)
        self.assert_text(migrate.start().out, "migrate: ready after <time>\n")
        self.assertEqual(migrate.pid(), 0)
        self.assert_text(migrate.stop().out, "migrate: had ended by itself, as READY EXIT says: "
                         "exit status 0\n")

    def test_is_not_ready_while_it_runs(self):
        gate = self.gate()
        migrate = self.one_shot(0, gate)
        start = migrate.start_in_background()
        gate.wait_until_reached()
        self.assertEqual(migrate.state()["phase"], "starting")
        gate.open()
        self.assertEqual(start.finish().code, 0)

    def test_a_bad_end(self):
        migrate = self.one_shot(3)
        self.assert_text(migrate.start(code=1).err, f"""\
gentle: error: start service 'migrate': it ended before it was ready: exit status 3 after <time>
last lines of its log, {migrate.log_path}:
  | migrating
hint: if this is a good end: EXIT_CODES 0 3
""")

    def test_an_end_that_is_good_by_exit_codes(self):
        self.one_shot(3, exit_codes=[0, 3]).start()

    def test_does_not_end(self):
        migrate = self.one_shot(0, self.gate(), start_timeout=0.2)
        self.assertIn("  waiting for its exit: still running\n", migrate.start(code=1).err)

    def test_an_end_by_itself_without_ready_exit(self):
        api = self.service("api", program("one_shot"), 0, ports=["http"])
        self.assert_text(api.start(code=1).err, f"""\
gentle: error: start service 'api': it ended before it was ready: exit status 0 after <time>
last lines of its log, {api.log_path}:
  | migrating
hint: run it in the foreground (no daemon mode), or say READY EXIT if it is a one-shot
""")

    def test_a_service_that_makes_itself_a_daemon(self):
        api = self.service("api", program("forks_daemon"), "@API_PORT@", 0, ports=["http"],
                           ready=[("EXIT",), ("TCP", "http")])
        api.start()
        api.stop()


if __name__ == "__main__":
    harness.main()
