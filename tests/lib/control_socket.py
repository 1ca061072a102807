"""The socket over which a supervisor is asked."""

import os
import socket


def settle(state_dir):
    """Returns when the supervisor has seen what happened so far: it answers in one turn of its
    loop, and each turn begins with a look at everything."""
    for _ in range(2):
        with socket.socket(socket.AF_UNIX) as connection:
            folder = os.open(state_dir, os.O_RDONLY)  # a path may be longer than a socket's
            connection.connect(f"/proc/self/fd/{folder}/control")
            os.close(folder)
            connection.sendall(b"status\n")
            while connection.recv(65536):
                pass
