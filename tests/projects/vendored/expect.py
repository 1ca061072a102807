"""expect.py <name>: the server at $STORE_PORT is the one of that name."""

import os
import socket
import sys

with socket.create_connection(("127.0.0.1", int(os.environ["STORE_PORT"]))) as connection:
    name = connection.makefile().read()
sys.exit(0 if name == sys.argv[1] else f"expected {sys.argv[1]}, got {name}")
