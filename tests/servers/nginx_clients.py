"""The clients of nginx: requests, and between them reloads and kills of workers. nginx_clients.py <its folder>."""

import os
import signal
import socket
import sys
from pathlib import Path

REQUESTS, RELOADS, KILLS = 240, 3, 3
ROUND = REQUESTS // (RELOADS + KILLS)


def request():
    """nginx writes the line of its log before it closes the connection, and not before it sends the last byte of
    its answer. A client that left with that byte could kill the worker first."""
    with socket.create_connection((os.environ["SERVER_HOST"], int(os.environ["SERVER_PORT"])), timeout=60) as nginx:
        nginx.sendall(b"GET /hello HTTP/1.0\r\n\r\n")
        answer = b"".join(iter(lambda: nginx.recv(65536), b""))
    status, _, rest = answer.partition(b"\r\n")
    if not status.endswith(b" 200 OK") or not rest.endswith(b"\r\n\r\nhello\n"):
        sys.exit(f"nginx has answered {answer!r}")


def workers(master, ended=()):
    """Both of them: the master replaces those that have ended, unless it is stopped before."""
    while True:
        children = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()
        found = [int(pid) for pid in children]
        if len(found) == 2 and not set(found) & set(ended):
            return found
        os.sched_yield()


def main():
    master = int((Path(sys.argv[1]) / "nginx.pid").read_text(encoding="ascii"))
    for number in range(RELOADS + KILLS):
        for _ in range(ROUND):
            request()
        old = workers(master)
        if number % 2 == 0:
            ended = old
            os.kill(master, signal.SIGHUP)
        else:
            ended = old[:1]
            os.kill(old[0], signal.SIGKILL)
        workers(master, ended)


if __name__ == "__main__":
    main()
