"""A service that listens elsewhere than where its READY says is told where that is."""

import os
import shutil
import subprocess
import unittest

import harness
from harness import ServiceTest, needs_ipv6, program


def can_unshare():
    command = ["unshare", "--net", "true"]
    return (shutil.which("unshare") is not None
            and subprocess.run(command, capture_output=True, check=False).returncode == 0)


def other_port():
    """Of no use to anybody else: the ports that gentle chooses itself begin at 10000."""
    return 7000 + os.getpid() % 2000


class Elsewhere(ServiceTest):
    def expect(self, seen, *words, ready=(), ports=("http",), before=()):
        """What the message says of the one condition, or of each if there are several."""
        def attempt(seconds, _):
            api = self.service("api", *before, program("listens_at"), *words, ports=ports, ready=ready,
                               start_timeout=seconds)
            err = api.start(code=1).err
            self.assertIn("  | listening\n", err)  # it had the time that it takes
            told = [line for line in err.splitlines(True) if line.startswith(("  waiting for ", "    "))]
            self.assert_text("".join(told), seen)

        self.with_time_enough(attempt)

    def test_on_another_port(self):
        port = other_port()
        self.expect(f"  waiting for TCP port <n> (http): nobody listens; it listens on 0.0.0.0:{port}; "
                    "does COMMAND pass @API_PORT@?\n", f"tcp:0.0.0.0:{port}")

    def test_on_several_others(self):
        port = other_port()
        self.expect(f"  waiting for TCP port <n> (admin): nobody listens; it listens on 0.0.0.0:{port} "
                    f"and 127.0.0.1:{port + 1}; does COMMAND pass @API_ADMIN_PORT@?\n",
                    f"tcp:0.0.0.0:{port}", f"tcp:127.0.0.1:{port + 1}",
                    "tcp:127.0.0.1:@API_HTTP_PORT@", ports=["http", "admin"],
                    ready=[("TCP", "http"), ("TCP", "admin")])

    def test_http(self):
        port = other_port()
        self.expect(f"  waiting for HTTP port <n> GET /health: nobody listens; it listens on "
                    f"127.0.0.1:{port}; does COMMAND pass @API_PORT@?\n", f"tcp:127.0.0.1:{port}",
                    ready=[("HTTP", "/health")])

    def test_a_command_that_asks_at_the_port(self):
        port = other_port()
        self.expect("  waiting for command 'false' to exit with 0: exit status 1\n"
                    f"    on port <n> of the service nobody listens; it listens on 0.0.0.0:{port}; "
                    "does COMMAND pass @API_PORT@?\n", f"tcp:0.0.0.0:{port}", ready=[("COMMAND", "false")])

    def test_a_command_that_asks_at_something_else(self):
        self.expect("  waiting for command 'false' to exit with 0: exit status 1\n",
                    "tcp:127.0.0.1:@API_PORT@", ready=[("COMMAND", "false")])

    def test_http_at_a_port_that_is_not_the_services(self):
        port = other_port()
        self.expect(f"  waiting for HTTP port 1 GET /: nobody listens; it listens on 127.0.0.1:{port}; "
                    "is that the port for READY?\n", f"tcp:127.0.0.1:{port}",
                    ready=[("HTTP", "http://localhost:1/")], ports=())

    def test_at_another_address(self):
        self.expect("  waiting for TCP port <n> (http): nobody listens; it listens on 127.0.1.1:<n>, "
                    "which 127.0.0.1 does not reach; does COMMAND pass @API_HOST@?\n",
                    "tcp:127.0.1.1:@API_PORT@")

    def test_at_another_address_and_port(self):
        self.expect(f"  waiting for TCP port <n> (http): nobody listens; it listens on "
                    f"127.0.1.1:{other_port()}; does COMMAND pass @API_PORT@ and @API_HOST@?\n",
                    f"tcp:127.0.1.1:{other_port()}")

    @needs_ipv6
    def test_at_the_other_family(self):
        self.expect("  waiting for HTTP port <n> GET /: nobody listens; it listens on [::1]:<n>, which "
                    "127.0.0.1 does not reach; write localhost in the URL of READY HTTP\n",
                    "tcp:::1:@API_PORT@", ready=[("HTTP", "http://127.0.0.1:@API_PORT@/")])

    def test_udp_only(self):
        self.expect("  waiting for TCP port <n> (http): nobody listens; it has bound the UDP port "
                    "127.0.0.1:<n>, of which READY LOG or COMMAND can tell\n",
                    "udp:127.0.0.1:@API_PORT@")

    def test_a_unix_socket_only(self):
        path = self.work / "a b"
        self.expect(f"  waiting for TCP port <n> (http): nobody listens; it listens on the Unix socket "
                    f"{path}, which READY UNIX waits for\n", f"unix:{path}")
        path.unlink()

    def test_another_unix_socket(self):
        path = self.work / "s"
        self.expect(f"  waiting for UNIX socket {path}: No such file or directory; it listens on "
                    f"@gentle-{os.getpid()}\n", f"unix:@@gentle-{os.getpid()}",
                    ready=[("UNIX", path)], ports=())

    def test_a_port_where_another_condition_waits_for_it(self):
        self.expect("  waiting for TCP port <n> (admin): nobody listens\n",
                    "tcp:127.0.0.1:@API_HTTP_PORT@", ports=["http", "admin"],
                    ready=[("TCP", "http"), ("TCP", "admin")])

    def test_nowhere(self):
        self.expect("  waiting for TCP port <n> (http): nobody listens\n")

    @unittest.skipUnless(can_unshare(), "a network namespace of its own needs root and unshare")
    def test_in_another_network(self):
        self.expect("  waiting for TCP port <n> (http): nobody listens; it listens on 0.0.0.0:<n> in a "
                    "network namespace of its own, which 127.0.0.1 does not reach\n",
                    "tcp:0.0.0.0:@API_PORT@", before=("unshare", "--net"))

    def test_a_worker_of_the_service(self):
        port = other_port()

        def attempt(seconds, _):
            api = self.service("api", f"'{program('listens_at')}' tcp:0.0.0.0:{port} & wait", shell=True,
                               ports=["http"], start_timeout=seconds)
            self.assertIn(f"nobody listens; it listens on 0.0.0.0:{port}; does COMMAND pass @API_PORT@?\n",
                          api.start(code=1).err)

        self.with_time_enough(attempt)


if __name__ == "__main__":
    harness.main()
