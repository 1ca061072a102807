# client.py <port>: says two words to the server.
import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1])), 30) as server:
    lines = server.makefile("rw")
    for word, answer in (("hello", "world"), ("what", "?")):
        lines.write(word + "\n")
        lines.flush()
        if lines.readline().strip() != answer:
            sys.exit(1)
