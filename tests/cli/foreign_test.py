"""READY TCP and HTTP with FOREIGN: the listener may be of another process than the service."""

import shutil
import subprocess
import sys
import unittest

import harness
from harness import FOREIGN, ServiceTest, needs_another_user, program

HINT = ("hint: stop that process, or let a free port be chosen: PORTS <name>; add FOREIGN if that is meant, "
        "as with docker or ssh -L: READY TCP <port> FOREIGN\n")


def can_redirect():
    command = ["unshare", "--net", "sh", "-c",
               "ip link set lo up && iptables -t nat -A OUTPUT -p tcp --dport 1 -j REDIRECT --to-ports 2"]
    return (shutil.which("unshare") is not None
            and subprocess.run(command, capture_output=True, check=False).returncode == 0)


class Foreign(ServiceTest):
    def waiting(self, ready, **options):
        """A service that starts, as docker's client does, and listens nowhere itself."""
        gate = self.gate()
        options.setdefault("ports", ["http"])
        api = self.service("api", program("makes_file"), "@API_DIR@/x", gate, ready=[ready], **options)
        start = api.start_in_background()
        gate.wait_until_reached()
        return api, start

    def finish(self, start, api):
        result = start.finish()
        self.assertEqual(result.code, 0, result)
        self.assert_text(result.out, "api: ready after <time> at 127.0.0.1:<n>\n")
        self.assertEqual(result.err, "")
        return api

    @staticmethod
    def asked(server):
        """For what. A connection without a request may come first: it looks whether somebody forwards the port."""
        return next(line for line in iter(server.process.stdout.readline, b"") if line != b"\n")

    def test_tcp(self):
        api, start = self.waiting(("TCP", "http", FOREIGN))
        self.assertTrue(start.runs())
        self.listening_stranger(api.port())
        self.finish(start, api)

    def test_the_stranger_is_left_alone(self):
        api, start = self.waiting(("TCP", "http", FOREIGN))
        _, pid = self.listening_stranger(api.port())
        self.finish(start, api).stop_only()
        self.signal(0, pid)  # it runs

    def test_http(self):
        api, start = self.waiting(("HTTP", "/health", FOREIGN))
        server = self.stranger(program("http_server"), api.port(), "ok")
        self.finish(start, api)
        self.assertEqual(self.asked(server), b"GET /health HTTP/1.1\n")

    def test_http_that_answers_otherwise_does_not_count(self):
        gate = self.gate("awake")
        api, start = self.waiting(("HTTP", "/health", [200], FOREIGN))
        server = self.stranger(program("http_server"), api.port(), "wakes_up", gate)
        gate.wait_until_reached()
        self.asked(server)  # and it has said 503
        self.assertTrue(start.runs())
        gate.open()
        self.finish(start, api)

    def test_who_listens_before_the_start_is_refused(self):
        port, pid = self.listening_stranger()
        api = self.service("api", program("never_ready"), ready=[("HTTP", f"http://localhost:{port}/", FOREIGN)])
        self.assert_text(api.start(code=1).err, f"""\
gentle: error: start service 'api': on port {port} pid {pid} (<any>python<any>) listens already, before the start
hint: stop that first; FOREIGN is for a process that begins to listen after the start
""")

    def test_a_fixed_port_that_is_taken_before_the_start_is_refused(self):
        port, pid = self.listening_stranger()
        api = self.service("api", program("never_ready"), ports=[f"http={port}"],
                           ready=[("TCP", "http", FOREIGN)])
        self.assertIn(f"take port '{port}': taken by pid {pid} (", api.start(code=1).err)

    def test_without_it_the_stranger_is_named_and_it_is_offered(self):
        api, start = self.waiting(("TCP", "http"))
        port = api.port()
        _, pid = self.listening_stranger(port)
        result = start.finish()
        self.assertEqual(result.code, 1)
        self.assert_text(result.err, f"""\
gentle: error: start service 'api': port {port} is taken by pid {pid} (<any>python<any>), not by this service
{HINT}""")

    @needs_another_user
    def test_a_stranger_of_another_user(self):
        api, start = self.waiting(("TCP", "http"))
        script = (f"import socket, signal; s = socket.socket(); s.bind(('127.0.0.1', {api.port()}));"
                  "s.listen(); print(flush=True); signal.pause()")
        stranger = self.stranger("setpriv", "--reuid=1", "--regid=1", "--clear-groups", "/usr/bin/python3",
                                 "-c", script)
        stranger.process.stdout.readline()
        self.assert_text(start.finish().err.splitlines()[0],
                         f"gentle: error: start service 'api': port <n> is taken by pid {stranger.pid} "
                         "(<any>) of user daemon, not by this service")

    def test_nobody_comes(self):
        api = self.service("api", program("never_ready"), ports=["http"], ready=[("TCP", "http", FOREIGN)],
                           start_timeout=0.2)
        self.assertIn(" (http): nobody listens\n", api.start(code=1).err)

    @unittest.skipUnless(can_redirect(), "forwarding by the kernel needs root, unshare and iptables")
    def test_a_port_that_the_kernel_forwards(self):
        """As docker does without its userland proxy: nobody is seen to listen on the port."""
        listens = ("import socket, signal; s = socket.socket(); s.bind(('127.0.0.1', 20002));"
                   "s.listen(); print(flush=True); signal.pause()")
        forwards = self.gate("forwards")
        network = self.stranger(
            "unshare", "--net", "sh", "-c",
            "ip link set lo up && iptables -t nat -A OUTPUT -p tcp --dport 20001 -j REDIRECT --to-ports 20002"
            f" && echo && read x < {forwards} && exec {sys.executable} -c \"{listens}\"")
        network.process.stdout.readline()
        self.before = ("nsenter", f"--net=/proc/{network.pid}/ns/net")
        api, start = self.waiting(("TCP", "http", FOREIGN), ports=["http=20001"])
        self.assertTrue(start.runs())
        forwards.open()
        network.process.stdout.readline()
        self.finish(start, api)
        api.stop_only()
        without = self.service("api", program("never_ready"), ports=["http=20001"], start_timeout=0.2)
        self.assertIn("  waiting for TCP port 20001 (http): nobody listens here, but the kernel forwards the port to "
                      "somebody who answers (docker, iptables): add FOREIGN if that is meant\n",
                      self.gentle("start", without.spec, code=1).err)
        second = self.service("api", program("never_ready"), ports=["http=20001"],
                              ready=[("TCP", "http", FOREIGN)])
        self.assert_text(self.gentle("start", second.spec, code=1).err, """\
gentle: error: start service 'api': on port 20001 somebody whom the kernel forwards it to (docker, iptables) \
answers already, before the start
hint: stop that first; FOREIGN is for a process that begins to listen after the start
""")


if __name__ == "__main__":
    harness.main()
