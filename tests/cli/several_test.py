"""Several READY together must all hold."""

import harness
from harness import ServiceTest, program


class Several(ServiceTest):
    def test_all_must_hold(self):
        gate = self.gate()
        api = self.service("api", program("listens_tcp"), "@API_PORT@", "v4", gate, ports=["http"],
                           ready=[("COMMAND", "true"), ("LOG", "^listening$"), ("TCP", "http")])
        start = api.start_in_background()
        gate.wait_until_reached()
        self.assertEqual(api.state()["phase"], "starting")
        gate.open()
        self.assertEqual(start.finish().code, 0)

    def test_names_those_that_do_not_hold(self):
        def attempt(seconds, words):
            api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"],
                               ready=[("TCP", "http"), ("LOG", "never"), ("FILE", "/nowhere"),
                                      ("NOTIFY",)], start_timeout=seconds)
            self.assert_text(api.start(code=1).err, f"""\
gentle: error: start service 'api': not ready within {words}
  waiting for log line matching 'never': 1 line, no match
  waiting for file /nowhere: no such file
  waiting for READY=1 (sd_notify): no message
last lines of its log, {api.log_path}:
  | listening
hint: correct READY, or give it more time: START_TIMEOUT <seconds>
""")

        self.with_time_enough(attempt)

    def test_what_held_once_counts(self):
        gate = self.gate()
        api = self.service("api", f"echo > $API_DIR/a; rm $API_DIR/a; echo > $API_DIR/b; "
                           f"read x < {gate}; exec '{program('listens_tcp')}' @API_PORT@",
                           shell=True, ports=["http"],
                           ready=[("FILE", "@API_DIR@/b"), ("TCP", "http")])
        start = api.start_in_background()
        gate.open()
        self.assertEqual(start.finish().code, 0)


if __name__ == "__main__":
    harness.main()
