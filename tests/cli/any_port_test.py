"""PORTS <port>=ANY: the service chooses the port itself, and gentle finds out which."""

import os
import signal
import sys

import harness
from harness import ServiceTest, needs_ipv6, program


class AnyPort(ServiceTest):
    def listens(self, *words, **options):
        options.setdefault("ports", ["http=ANY"])
        return self.service("api", program("listens_at"), *words, **options)

    def said(self, api):
        """The ports that it says it listens on."""
        self.wait_for_lines(api, "listening")
        return [int(line.split()[1]) for line in api.lines() if line.startswith("tcp ")]

    def test_is_found_and_told_to_tests(self):
        api = self.listens("tcp:127.0.0.1:@API_PORT@", export={"URL": "http://@API_HOST@:@API_HTTP_PORT@/"})
        out = api.start().out
        port, = self.said(api)
        self.assert_text(out, f"api: ready after <time> at 127.0.0.1:{port}\n")
        self.assertEqual(api.variables()["API_PORT"], str(port))
        self.assertEqual(api.variables()["API_HTTP_PORT"], str(port))
        self.assertEqual(api.variables()["URL"], f"http://127.0.0.1:{port}/")
        self.assertEqual(api.state()["address"], f"127.0.0.1:{port}")
        api.stop()

    def test_is_zero_for_the_service_itself(self):
        api = self.service("api", f"echo $API_PORT @API_PORT@ $PORT; exec '{program('listens_at')}' tcp:127.0.0.1:0",
                           shell=True, ports=["http=ANY"], environment={"PORT": "@API_HTTP_PORT@"})
        api.start()
        self.assertEqual(api.lines()[0], "0 0 0")

    def test_a_service_that_depends_on_it_gets_the_number(self):
        api = self.listens("tcp:127.0.0.1:0")
        user = self.service("user", "sh", "-c", "echo $API_PORT @API_PORT@", ready=[("EXIT",)], depends=[api])
        api.start()
        user.start()
        port, = self.said(api)
        self.assertEqual(user.lines(), [f"{port} {port}"])

    def test_a_test_gets_the_number(self):
        api = self.listens("tcp:127.0.0.1:0", scope="test")
        out = self.gentle("run", "--with", api.spec, "--", "sh", "-c", "echo port $API_PORT").out
        self.assertRegex(out, r"port [1-9]\d+\n")

    @needs_ipv6
    def test_ipv6_only(self):
        api = self.listens("tcp:::1:0")
        self.assert_text(api.start().out, "api: ready after <time> at [::1]:<n>\n")

    def test_on_every_address(self):
        api = self.listens("tcp:0.0.0.0:0")
        self.assert_text(api.start().out, "api: ready after <time> at 127.0.0.1:<n>\n")

    def test_a_worker_may_listen(self):
        api = self.service("api", f"'{program('listens_at')}' tcp:127.0.0.1:0 & wait", shell=True,
                           ports=["http=ANY"])
        api.start()

    def test_beside_a_port_that_was_given(self):
        api = self.listens("tcp:127.0.0.1:@API_ADMIN_PORT@", "tcp:127.0.0.1:@API_HTTP_PORT@",
                           ports=["admin", "http=ANY"], ready=[("TCP", "admin")])
        api.start()
        admin, http = self.said(api)
        self.assertEqual((api.port(), api.port("admin"), api.port("http")), (admin, admin, http))

    def test_a_debugger_of_a_fixed_port_is_not_taken_for_it(self):
        gate, port = self.gate(), 7000 + os.getpid() % 2000
        api = self.listens(f"tcp:127.0.0.1:{port}", f"gate:{gate}", "tcp:127.0.0.1:0")
        start = api.start_in_background()
        gate.wait_until_reached()
        self.assertTrue(start.runs())
        self.assertEqual(api.state()["address"], "")
        gate.open()
        self.assertEqual(start.finish().code, 0)
        self.assertEqual(self.said(api), [port, api.port()])

    def test_of_two_none_is_taken(self):
        begin, both = self.gate("begin"), self.gate("both")
        api = self.listens(f"gate:{begin}", "tcp:127.0.0.1:0", "tcp:127.0.0.1:0", f"gate:{both}",
                           start_timeout=2)
        start = api.start_in_background()
        begin.wait_until_reached()
        self.signal(signal.SIGSTOP, api.supervisor())  # so that no look finds the first one alone
        begin.open()
        both.wait_until_reached()
        self.signal(signal.SIGCONT, api.supervisor())
        result = start.finish()
        self.assertEqual(result.code, 1, result)
        first, second = sorted(int(line.split()[1]) for line in api.lines())
        self.assertIn(f"  waiting for TCP port of its own choice (http): it listens on the ports {first} and {second}; "
                      "which is meant? Name the others, with a number: PORTS http=ANY other=<number>\n", result.err)

    def test_a_stranger_that_begins_to_listen_is_none(self):
        gate = self.gate()
        api = self.listens(f"gate:{gate}", "tcp:127.0.0.1:0")
        start = api.start_in_background()
        gate.wait_until_reached()
        self.listening_stranger()
        self.assertTrue(start.runs())
        gate.open()
        self.assertEqual(start.finish().code, 0)
        self.assertEqual(self.said(api), [api.port()])

    def test_http_and_command_wait_for_the_number(self):
        server = ("import http.server as h; s = h.HTTPServer(('127.0.0.1', 0), h.SimpleHTTPRequestHandler);"
                  "s.serve_forever()")
        for ready in [[("HTTP", "/")], [("HTTP", "http://localhost:@API_PORT@/")],
                      [("COMMAND", "sh", "-c", "test $API_PORT = @API_PORT@ && test $API_PORT -gt 0")]]:
            with self.subTest(ready=ready):
                api = self.service("api", sys.executable, "-c", server, ports=["http=ANY"], ready=ready,
                                   exit_codes=["1", "SIGINT"])
                api.start()
                api.stop()

    def test_a_wrong_name_in_a_late_condition_is_told_before_the_start(self):
        api = self.listens("tcp:127.0.0.1:0", ready=[("HTTP", "http://localhost:@API_PROT@/")])
        self.assertIn("did you mean '@API_PORT@'?", api.start(code=125).err)

    def expect(self, seen, *words, **options):
        def attempt(seconds, _):
            api = self.listens(*words, start_timeout=seconds, **options)
            err = api.start(code=1).err
            self.assertIn("  | listening\n", err)
            told = [line for line in err.splitlines(True) if line.startswith("  waiting for ")]
            self.assert_text("".join(told), seen)

        self.with_time_enough(attempt)

    def test_nobody_listens(self):
        self.expect("  waiting for TCP port of its own choice (http): nobody listens\n"
                    "  waiting for HTTP /health: its port is not known yet\n", ready=[("HTTP", "/health")])

    def test_at_an_address_that_nobody_reaches(self):
        self.expect("  waiting for TCP port of its own choice (http): nobody listens; it listens on 127.0.1.1:<n>, "
                    "which 127.0.0.1 does not reach; does COMMAND pass @API_HOST@?\n", "tcp:127.0.1.1:0")

    def test_a_port_of_no_choice(self):
        port = 7000 + os.getpid() % 2000
        self.expect(f"  waiting for TCP port of its own choice (http): it listens on port {port}, which is not of "
                    "the kernel's choice (<n> to <n>); does COMMAND let it bind port 0?\n",
                    f"tcp:127.0.0.1:{port}")


if __name__ == "__main__":
    harness.main()
