"""A server answers until all of its processes are killed at once, whatever its language is."""

import contextlib
import os
import signal
import socket
import urllib.request


def test_killed():
    address = "127.0.0.1", int(os.environ["SERVER_PORT"])
    with urllib.request.urlopen("http://%s:%d/steps/27" % address, timeout=30) as answer:
        assert answer.read() == b"111\n"
    with socket.create_connection(address, 30) as connection, contextlib.suppress(ConnectionResetError):
        os.killpg(int(os.environ["SERVER_PID"]), signal.SIGKILL)
        assert connection.recv(1) == b""
