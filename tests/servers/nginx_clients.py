"""The clients of nginx: requests, and between them reloads and kills of workers. nginx_clients.py <its folder>."""

import os
import select
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


def workers(master):
    """Both of them: the master replaces one that has ended."""
    while True:
        found = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()
        if len(found) == 2:
            return [int(pid) for pid in found]
        os.sched_yield()


def main():
    master = int((Path(sys.argv[1]) / "nginx.pid").read_text(encoding="ascii"))
    for number in range(RELOADS + KILLS):
        for _ in range(ROUND):
            request()
        old = workers(master)
        ends = [os.pidfd_open(pid) for pid in old]
        if number % 2 == 0:
            os.kill(master, signal.SIGHUP)
        else:
            os.kill(old[0], signal.SIGKILL)
            ends = ends[:1]
        for end in ends:
            select.select([end], [], [])


if __name__ == "__main__":
    main()
