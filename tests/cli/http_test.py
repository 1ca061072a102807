"""READY HTTP: the service itself answers a GET with an accepted status code."""

import harness
from harness import ServiceTest, needs_ipv6, program


class Http(ServiceTest):
    def http(self, behaviour, *more, url="/health", statuses=None, **options):
        ready = ("HTTP", url) if statuses is None else ("HTTP", url, statuses)
        options.setdefault("ports", ["http"])
        return self.service("api", program("http_server"), "@API_PORT@", behaviour, *more,
                            ready=[ready], **options)

    def expect_failure(self, seen, *command, **options):
        def attempt(seconds, words):
            api = self.http(*command, start_timeout=seconds, **options)
            err = api.start(code=1).err
            self.assert_text(err.split("last lines")[0].split("log is empty")[0], f"""\
gentle: error: start service 'api': not ready within {words}
  waiting for HTTP port <n> GET /health: {seen}
""")

        self.with_time_enough(attempt)

    def test_a_path(self):
        api = self.http("ok")
        self.assert_text(api.start().out, "api: ready after <time> at 127.0.0.1:<n>\n")
        self.assertEqual(api.lines(), ["GET /health HTTP/1.1"])

    def test_a_whole_url_with_a_query(self):
        api = self.http("204", url="http://localhost:@API_PORT@/a?b=%20c")
        api.start()
        self.assertEqual(api.lines(), ["GET /a?b=%20c HTTP/1.1"])

    def test_the_url_may_name_another_port_of_the_service(self):
        api = self.service("api", program("http_server"), "@API_ADMIN_PORT@", "ok",
                           ports=["http", "admin"],
                           ready=[("HTTP", "http://127.0.0.1:@API_ADMIN_PORT@/health")])
        api.start()

    @needs_ipv6
    def test_ipv6(self):
        api = self.http("v6")
        self.assert_text(api.start().out, "api: ready after <time> at [::1]:<n>\n")

    @needs_ipv6
    def test_an_ipv6_url(self):
        api = self.http("v6", url="http://[::1]:@API_PORT@/health")
        api.start()
        api.stop()

    @needs_ipv6
    def test_the_url_says_which_address_counts(self):
        for behaviour, at, host in ("ok", "127.0.0.1", "[::1]"), ("v6", "[::1]", "127.0.0.1"):
            with self.subTest(host=host):
                self.expect_failure(f"nobody listens; it listens on {at}:<n>, which {host.strip('[]')} does not "
                                    "reach; write localhost in the URL of READY HTTP", behaviour,
                                    url=f"http://{host}:@API_PORT@/health")

    def test_a_redirect_is_accepted(self):
        self.http("302").start()

    def test_another_status_may_be_asked_for(self):
        self.http("401", statuses=[200, 401]).start()

    def test_a_status_that_was_not_asked_for(self):
        self.expect_failure("status 200", "ok", statuses=[201])

    def test_not_found(self):
        self.expect_failure("status 404", "404")

    def test_waits_while_it_is_unavailable(self):
        gate = self.gate()
        api = self.http("wakes_up", gate)
        start = api.start_in_background()
        gate.wait_until_reached()
        self.assertTrue(start.runs())
        gate.open()
        self.assertEqual(start.finish().code, 0)

    def test_unavailable_until_the_end(self):
        gate = self.gate()
        self.expect_failure("status 503", "wakes_up", gate)

    def test_an_answer_in_pieces(self):
        gate = self.gate()
        api = self.http("slow_header", gate)
        start = api.start_in_background()
        gate.wait_until_reached()
        self.assertEqual(api.state()["phase"], "starting")
        gate.open()
        self.assertEqual(start.finish().code, 0)
        self.assertEqual(api.lines(), ["GET /health HTTP/1.1"])

    def test_early_hints(self):
        gate = self.gate()
        api = self.http("early_hints", gate)
        start = api.start_in_background()
        gate.wait_until_reached()
        self.assertTrue(start.runs())
        gate.open()
        self.assertEqual(start.finish().code, 0)

    def test_early_hints_are_no_answer(self):
        gate = self.gate()
        self.expect_failure("connected, no whole answer yet", "early_hints", gate)

    def test_the_rest_of_an_answer_is_read(self):
        gate = self.gate()
        api = self.http("pieces", gate)
        self.assertIn("api: ready after ", api.start().out)  # by the status alone
        gate.open()
        self.wait_for_lines(api, "all is written")
        self.assertEqual(api.state()["phase"], "ready")
        api.stop()

    def test_the_rest_of_an_answer_is_read_that_was_not_wanted(self):
        gate = self.gate()
        api = self.http("pieces_503", gate)
        start = api.start_in_background()
        gate.open()
        self.assertEqual(start.finish().code, 0)
        self.assertEqual(api.lines(), ["GET /health HTTP/1.1", "all is written",
                                       "GET /health HTTP/1.1"])

    def test_half_an_answer(self):
        gate = self.gate()
        self.expect_failure("connected, no whole answer yet", "slow_header", gate)

    def test_no_answer(self):
        self.expect_failure("connected, no whole answer yet", "silent")

    def test_nobody_accepts(self):
        self.expect_failure("connected, no whole answer yet", "no_accept")

    def test_no_http(self):
        self.expect_failure("it is no HTTP", "garbage")

    def test_closed_at_once(self):
        self.expect_failure("connection closed without an answer", "closes")

    def test_nobody_listens(self):
        api = self.service("api", program("never_ready"), ports=["http"], start_timeout=0.2,
                           ready=[("HTTP", "/health")])
        self.assert_text(api.start(code=1).err, f"""\
gentle: error: start service 'api': not ready within 200 ms
  waiting for HTTP port <n> GET /health: nobody listens
log is empty: {api.log_path}
hint: correct READY, or give it more time: START_TIMEOUT <seconds>
""")

    def test_a_stranger_on_the_port(self):
        port, pid = self.listening_stranger()
        api = self.service("api", program("never_ready"),
                           ready=[("HTTP", f"http://127.0.0.1:{port}/")])
        self.assert_text(api.start(code=1).err, f"""\
gentle: error: start service 'api': port {port} is taken by pid {pid} (<any>python<any>), \
not by this service
hint: stop that process, or let a free port be chosen: PORTS <name>; add FOREIGN if that is meant, \
as with docker or ssh -L: READY TCP <port> FOREIGN
""")

    def test_a_wrong_url_runs_nothing(self):
        for url, cause in (
                ("https://localhost/", "https is not supported"),
                ("localhost:80/", "it starts neither with / nor with http://"),
                ("http://localhost:x/", "its port is no number from 1 to 65535"),
                ("/a b", "a blank or control character stands in it")):
            with self.subTest(url=url):
                api = self.http("ok", url=url)
                self.assert_text(api.start(code=125).err, f"""\
gentle: error: read URL '{url}': {cause}
hint: READY HTTP takes /path or http://host:port/path; for https use READY COMMAND curl ...
""")
                self.assertFalse(api.state_dir.exists())

    def test_a_path_needs_a_port(self):
        api = self.service("api", program("never_ready"), ready=[("HTTP", "/health")])
        self.assert_text(api.start(code=125).err, """\
gentle: error: read URL '/health': the service has no port
hint: give it PORTS <name>, or give READY HTTP a whole URL
""")


if __name__ == "__main__":
    harness.main()
