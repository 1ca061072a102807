"""PORTS and LISTEN: free and fixed ports, locks, and sockets that are handed over."""

import json
import os
import random
import socket
import sys
import unittest
from pathlib import Path

import harness
from harness import ServiceTest, program
from proc import listeners_on


def ask(port):
    with socket.create_connection(("127.0.0.1", port), timeout=harness.LONGEST) as connection:
        return connection.makefile("r").read()


def ephemeral_ports():
    first, last = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()
    return range(int(first), int(last) + 1)


def free_port():
    """Outside the range from which the kernel takes ports for whoever connects to something."""
    while True:
        port = random.randint(10000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def kernel():
    return tuple(int(number) for number in os.uname().release.split("-")[0].split(".")[:2])


class Ports(ServiceTest):
    def listens(self, name, *ports):
        return self.service(name, program("listens_tcp"), f"@{name.upper()}_PORT@", ports=ports)

    def test_a_free_port_is_no_ephemeral_one(self):
        api = self.listens("api", "http")
        api.start()
        if len(ephemeral_ports()) < 50000:
            self.assertNotIn(api.port(), ephemeral_ports())

    def test_each_service_has_a_port_of_its_own(self):
        services = [self.listens(f"s{n}", "http") for n in range(4)]
        for service in services:
            service.start()
        self.assertEqual(len({service.port() for service in services}), 4)

    def test_a_fixed_port(self):
        port = free_port()
        api = self.listens("api", f"http={port}")
        self.assert_text(api.start().out, f"api: ready after <time> at 127.0.0.1:{port}\n")
        self.assertEqual(api.port("http"), port)

    def test_the_port_is_locked_as_long_as_the_service_lives(self):
        api = self.listens("api", "http")
        api.start()
        self.assertIn(f"@gentle-port-{api.port()}\n", Path("/proc/net/unix").read_text())
        api.stop()
        self.assertNotIn(f"@gentle-port-{api.port()}\n", Path("/proc/net/unix").read_text())

    def test_a_fixed_port_that_another_service_was_given(self):
        port = free_port()
        gate = self.gate()
        first = self.service("first", program("listens_tcp"), port, "v4", gate,
                             ports=[f"http={port}"])
        start = first.start_in_background()
        gate.wait_until_reached()
        holder = first.supervisor()
        second = self.listens("second", f"http={port}")
        self.assert_text(self.gentle("start", second.spec, code=1).err, f"""\
gentle: error: take port '{port}': given to another service, by pid {holder} (gentle supervise \
{first.spec})
hint: stop that process, or let a free port be chosen: PORTS <name>
""")
        gate.open()
        self.assertEqual(start.finish().code, 0)

    def test_a_fixed_port_that_another_build_s_service_listens_on(self):
        port = free_port()
        ours, self.build = self.build, self.folder / "other build"
        self.build.mkdir()
        other = self.listens("api", f"http={port}")
        other.start()
        self.build = ours
        api = self.listens("api-too", f"http={port}")
        self.assert_text(self.gentle("start", api.spec, code=1).err, f"""\
gentle: error: take port '{port}': taken by pid {other.pid()} ({program('listens_tcp')} {port})
hint: stop that process, or let a free port be chosen: PORTS <name>
""")
        other.stop()

    def assert_told_who_came_between(self, stranger):
        """The service finds, when it binds its fixed port, that a stranger has it by now."""
        port, gate = free_port(), self.gate()
        api = self.service("api", f"read x < {gate}; exec '{program('listens_tcp')}' @API_PORT@",
                           shell=True, ports=[f"http={port}"], ready=[("LOG", "^listening$")])
        start = api.start_in_background()
        gate.wait_until_reached()
        pid = stranger(port)
        gate.open()
        result = start.finish()
        self.assertEqual(result.code, 1, result)
        self.assert_nothing_left([api])
        self.assert_text(result.err.splitlines()[0], f"""\
gentle: error: start service 'api': it ended before it was ready: exit status 100 after <time>; \
port {port} is taken by pid {pid} (<any>python<any>)""")

    def test_a_fixed_port_that_is_lost_to_a_listener(self):
        self.assert_told_who_came_between(lambda port: self.listening_stranger(port)[1])

    @unittest.skipIf(kernel() < (6, 8), "this kernel tells nobody who has bound a port")
    def test_a_fixed_port_that_is_lost_to_one_who_does_not_listen(self):
        def stranger(port):
            script = ("import socket, signal; s = socket.socket();"
                      f"s.bind(('127.0.0.1', {port})); print('bound', flush=True); signal.pause()")
            running = self.stranger(sys.executable, "-c", script)
            running.process.stdout.readline()
            return running.pid

        self.assert_told_who_came_between(stranger)

    def test_what_an_ended_service_left_is_no_stranger(self):
        api = self.service("api", program("forks_daemon"), "@API_PORT@", 3, "nothing",
                           ports=["http"], ready=[("LOG", "never")], stop=[("SIGINT", 0.5)])
        start = self.gentle("start", api.spec, code=1)
        self.assert_text(start.err, f"""\
gentle: error: start service 'api': it ended before it was ready: exit status 3 after <time>
log is empty: {api.log_path}
""")
        self.wait_until_all_ended()

    def test_a_port_may_be_used_again_at_once(self):
        port = free_port()
        api = self.listens("api", f"http={port}")
        for _ in range(3):
            api.start()
            with socket.create_connection(("127.0.0.1", port)):
                pass
            api.stop()


class Listen(ServiceTest):
    def test_the_sockets_are_handed_over(self):
        api = self.service("api", program("takes_listen_fds"), listen=["http", "admin"])
        self.assert_text(api.start().out, "api: ready after <time> at 127.0.0.1:<n>\n")
        self.assertEqual((ask(api.port("http")), ask(api.port("admin"))), ("http", "admin"))
        self.assertEqual(api.log(), "fds 2, names http:admin, pid is mine\n")

    def test_clients_may_connect_before_the_service_accepts(self):
        gate = self.gate()
        api = self.service("api", program("takes_listen_fds"), gate, listen=["http"])
        api.start()
        with socket.create_connection(("127.0.0.1", api.port())) as early:
            gate.open()
            self.assertEqual(early.makefile("r").read(), "http")

    def test_a_fixed_port(self):
        port = free_port()
        api = self.service("api", program("takes_listen_fds"), listen=[f"http={port}"])
        api.start()
        self.assertEqual(ask(port), "http")

    def test_a_fixed_port_that_is_taken(self):
        port, pid = self.listening_stranger()
        api = self.service("api", program("takes_listen_fds"), listen=[f"http={port}"])
        self.assertIn(f"gentle: error: take port '{port}': taken by pid {pid} (",
                      api.start(code=1).err)

    def test_with_a_shell_the_pid_is_the_shell_s(self):
        """As sd_listen_fds(3) has it: the first process is meant, unless it becomes the service."""
        api = self.service("api", f"exec '{program('takes_listen_fds')}'", shell=True,
                           listen=["http"])
        api.start()
        self.assertEqual(ask(api.port()), "http")
        self.assertEqual(api.log(), "fds 1, names http, pid is mine\n")

    def test_ports_and_sockets_together(self):
        api = self.service("api", f"'{program('listens_tcp')}' @API_OWN_PORT@ & "
                           f"exec '{program('takes_listen_fds')}'", shell=True, ports=["own"],
                           listen=["http"], ready=[("TCP", "own"), ("TCP", "http")],
                           stop=[("SIGTERM", 5)])
        api.start()
        self.assertEqual(api.variables()["API_PORT"], api.variables()["API_OWN_PORT"])
        self.assertEqual(ask(api.port("http")), "http")

    def test_the_port_is_free_when_the_service_has_ended(self):
        gate = self.gate()
        api = self.service("api", program("dies_when_told"), gate, 0, listen=["http"])
        api.start()
        pid = api.pid()
        gate.open()
        self.wait_until_gone(pid)
        api.settle()
        self.assertFalse(listeners_on(api.port()))
        api.stop(code=1)

    def test_the_caller_s_sockets_are_not_passed_on(self):
        api = self.service("api", "env", ready=[("EXIT",)])
        api.start(env={"LISTEN_FDS": "1", "LISTEN_PID": "1", "LISTEN_FDNAMES": "x",
                       "NOTIFY_SOCKET": "/run/x"})
        self.assertNotRegex(api.log(), "LISTEN_|NOTIFY_SOCKET")


class State(ServiceTest):
    def test_json(self):
        api = self.service("api", program("takes_listen_fds"), listen=["http"])
        api.start()
        state = json.loads((api.state_dir / "state.json").read_text())
        self.assertEqual(state["address"], f"127.0.0.1:{api.port()}")


if __name__ == "__main__":
    harness.main()
