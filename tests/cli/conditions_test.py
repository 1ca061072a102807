"""Several conditions of READY hold at the same moment."""

import harness
from harness import ServiceTest, program


class Conditions(ServiceTest):
    def listens_twice(self, gate, **options):
        return self.service("db", program("listens_twice"), "@DB_PORT@", gate, ports=["sql"],
                            ready=[("HTTP", "/"), ("LOG", "^initialized$")], **options)

    def test_a_port_that_was_open_for_a_while_is_waited_for_again(self):
        gate = self.gate()
        db = self.listens_twice(gate)
        start = db.start_in_background()
        gate.wait_until_reached()
        gate.open()
        self.assertEqual(start.finish().code, 0)
        self.assertEqual(db.state()["phase"], "ready")

    def test_a_port_that_was_open_for_a_while_is_not_enough(self):
        gate = self.gate()

        def attempt(seconds, words):
            db = self.listens_twice(gate, start_timeout=seconds)
            self.assert_text(db.start(code=1).err, f"""\
gentle: error: start service 'db': not ready within {words}
  waiting for HTTP port <n> GET /: it held <time> after the start, then nobody listens
last lines of its log, {db.log_path}:
  | initialized
hint: correct READY, or give it more time: START_TIMEOUT <seconds>
""")

        self.with_time_enough(attempt)


if __name__ == "__main__":
    harness.main()
