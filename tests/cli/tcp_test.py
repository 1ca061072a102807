"""READY TCP: the port is listened on by the service itself."""

import harness
from harness import GENTLE, ServiceTest, needs_capabilities, needs_ipv6, program


class Tcp(ServiceTest):
    def listens(self, *more, **options):
        options.setdefault("ports", ["http"])
        return self.service("api", program("listens_tcp"), "@API_PORT@", *more, **options)

    def test_is_the_default_of_a_service_with_a_port(self):
        api = self.listens()
        self.assert_text(api.start().out, "api: ready after <time> at 127.0.0.1:<n>\n")
        self.wait_for_lines(api, "listening")  # which it says when it does
        self.assertEqual(api.log(), "listening\n")
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: exit status 0\n")

    def test_a_bound_socket_is_not_enough(self):
        gate = self.gate()
        api = self.listens("v4", gate)
        start = api.start_in_background()
        gate.wait_until_reached()
        self.assertEqual(api.state()["phase"], "starting")
        self.assertTrue(start.runs())
        gate.open()
        self.assertEqual(start.finish().code, 0)

    @needs_ipv6
    def test_ipv6_only(self):
        api = self.listens("v6")
        self.assert_text(api.start().out, "api: ready after <time> at [::1]:<n>\n")
        self.assertEqual(api.variables()["API_HOST"], "::1")

    @needs_ipv6
    def test_both_at_once_are_reached_by_ipv4(self):
        api = self.listens("dual")
        api.start()
        self.assertEqual(api.variables()["API_HOST"], "127.0.0.1")

    def test_every_one_of_several_ports(self):
        gate = self.gate()

        def attempt(seconds, words):
            api = self.service(
                "api", f"'{program('listens_tcp')}' @API_HTTP_PORT@ & "
                f"exec '{program('listens_tcp')}' @API_ADMIN_PORT@ v4 {gate}", shell=True,
                ports=["http", "admin"], ready=[("TCP", "http"), ("TCP", "admin")],
                start_timeout=seconds, stop=[("SIGTERM", 5)])
            result = api.start(code=1)
            self.assert_text(result.err, f"""\
gentle: error: start service 'api': not ready within {words}
  waiting for TCP port <n> (admin): nobody listens
last lines of its log, {api.log_path}:
  | listening
hint: correct READY, or give it more time: START_TIMEOUT <seconds>
""")

        self.with_time_enough(attempt)

    def test_says_what_it_waited_for(self):
        def attempt(seconds, words):
            api = self.service("api", program("never_ready"), "busy", ports=["http"],
                               start_timeout=seconds)
            self.assert_text(api.start(code=1).err, f"""\
gentle: error: start service 'api': not ready within {words}
  waiting for TCP port <n> (http): nobody listens
last lines of its log, {api.log_path}:
  | busy
hint: correct READY, or give it more time: START_TIMEOUT <seconds>
""")

        self.with_time_enough(attempt)

    def test_a_worker_may_listen(self):
        api = self.service("api", program("forks_worker"), "@API_PORT@", ports=["http"])
        api.start()
        api.stop()

    def test_preforked_workers_may_listen(self):
        api = self.service("api", program("preforks"), "@API_PORT@", "4", ports=["http"])
        api.start()
        api.stop()

    def test_a_daemon_of_the_service_may_listen(self):
        api = self.service("api", program("forks_daemon"), "@API_PORT@", "stays", ports=["http"])
        api.start()
        api.stop()

    def test_a_process_whose_main_thread_has_ended_may_listen(self):
        api = self.service("api", program("leader_exits"), "@API_PORT@", ports=["http"])
        api.start()
        api.stop()

    def test_a_service_without_standard_streams(self):
        api = self.service("api", program("closes_stdout"), "@API_PORT@", ports=["http"])
        api.start()
        self.assertEqual(api.log(), "farewell\n")

    @needs_capabilities
    def test_a_service_of_another_user_whose_descriptors_cannot_be_seen(self):
        as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                     "--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
        api = self.service("api", *as_nobody, program("listens_tcp"), "@API_PORT@", ports=["http"])
        # As root is in a container.
        start = self.background("setpriv", "--bounding-set=-sys_ptrace", GENTLE, "start", api.spec)
        result = start.finish()
        self.assertEqual(result.code, 0, result)
        api.stop()

    def test_a_stranger_on_the_fixed_port_stops_the_start(self):
        port, pid = self.listening_stranger()
        api = self.listens(ports=[f"http={port}"])
        self.assert_text(api.start(code=1).err, f"""\
gentle: error: take port '{port}': taken by pid {pid} (<any>python<any>)
hint: stop that process, or let a free port be chosen: PORTS <name>
""")
        self.assertFalse((api.state_dir / "log").exists())

    def test_a_stranger_who_comes_while_we_wait(self):
        gate = self.gate()
        api = self.service("api", program("makes_file"), "@API_DIR@/x", gate, ports=["http"])
        start = api.start_in_background()
        gate.wait_until_reached()
        port = api.port()
        _, pid = self.listening_stranger(port)
        result = start.finish()
        self.assertEqual(result.code, 1)
        self.assert_text(result.err, f"""\
gentle: error: start service 'api': port {port} is taken by pid {pid} (<any>python<any>), \
not by this service
hint: stop that process, or let a free port be chosen: PORTS <name>; add FOREIGN if that is meant, \
as with docker or ssh -L: READY TCP <port> FOREIGN
""")
        self.assert_nothing_left([api])

    def test_a_service_that_could_not_bind_because_of_a_stranger(self):
        gate = self.gate()
        api = self.service("api", f"read x < {gate}; exec '{program('listens_tcp')}' @API_PORT@",
                           shell=True, ports=["http"], ready=[("LOG", "^listening$")])
        start = api.start_in_background()
        gate.wait_until_reached()
        port = api.port()
        _, pid = self.listening_stranger(port)
        gate.open()
        gate.close()
        result = start.finish()
        self.assertEqual(result.code, 1)
        self.assert_text(result.err, f"""\
gentle: error: start service 'api': it ended before it was ready: exit status 100 after <time>; \
port {port} is taken by pid {pid} (<any>python<any>)
last lines of its log, {api.log_path}:
  | bind: Address already in use
""")
        self.assert_nothing_left([api])

    def test_the_end_of_the_service_while_we_wait(self):
        gate = self.gate()
        api = self.service("api", program("exits_early"), "SIG:6", "30", gate, ports=["http"])
        start = api.start_in_background()
        gate.wait_until_reached()
        gate.open()
        result = start.finish()
        tail = "".join(f"  | line {n}\n" for n in range(11, 31))
        self.assertEqual(result.code, 1)
        self.assert_text(result.err, "gentle: error: start service 'api': it aborted before it was "
                         f"ready: SIGABRT after <time>\nlast lines of its log, "
                         f"{api.log_path}:\n{tail}hint: <any>core<any>\n")
        self.assert_nothing_left([api])


if __name__ == "__main__":
    harness.main()
