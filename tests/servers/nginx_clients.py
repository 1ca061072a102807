"""The clients of nginx: requests, and between them reloads and kills of workers. nginx_clients.py <its folder>."""

import http.client
import os
import select
import signal
import sys
from pathlib import Path

REQUESTS, RELOADS, KILLS = 240, 3, 3
ROUND = REQUESTS // (RELOADS + KILLS)


def request():
    """nginx closes the connection when it has written its log."""
    connection = http.client.HTTPConnection(os.environ["SERVER_HOST"], int(os.environ["SERVER_PORT"]), timeout=60)
    connection.request("GET", "/hello", headers={"Connection": "close"})
    answer = connection.getresponse()
    if answer.status != 200 or answer.read() != b"hello\n":
        sys.exit(f"nginx has answered {answer.status}")
    while connection.sock and connection.sock.recv(1):
        pass
    connection.close()


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
