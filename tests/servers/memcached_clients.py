"""The clients of memcached, at the same time: each sets values, and gets them several times."""

import os
import socket
from concurrent.futures import ThreadPoolExecutor

CLIENTS, SETS, GETS = 8, 40, 3  # of each value
COMMANDS = SETS * (1 + GETS) + 1  # the last one is `version`


def ask(connection, command, answer):
    connection.sendall(command)
    said = b""
    while len(said) < len(answer):
        said += connection.recv(len(answer) - len(said))
    if said != answer:
        raise SystemExit(f"memcached has answered {said!r} to {command!r}")


def talk(client):
    with socket.create_connection((os.environ["SERVER_HOST"], int(os.environ["SERVER_PORT"])), timeout=60) as connection:
        for number in range(SETS):
            key, value = f"key-{client}-{number}".encode(), f"{number:08}".encode()
            ask(connection, b"set %s 0 0 8\r\n%s\r\n" % (key, value), b"STORED\r\n")
            for _ in range(GETS):
                ask(connection, b"get %s\r\n" % key, b"VALUE %s 0 8\r\n%s\r\nEND\r\n" % (key, value))
        ask(connection, b"version\r\n", b"VERSION ")


def main():
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(talk, range(CLIENTS)))


if __name__ == "__main__":
    main()
