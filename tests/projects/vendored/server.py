"""server.py <port> <name>: answers each connection with the name."""

import socketserver
import sys


class Server(socketserver.TCPServer):
    allow_reuse_address = True


class Answer(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(sys.argv[2].encode())


with Server(("127.0.0.1", int(sys.argv[1])), Answer) as server:
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
