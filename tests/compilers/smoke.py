"""Whether `gentle` works here at all: smoke.py <word of its command>...

Starts two services, of which one needs the other, asks for their state, runs a test that talks to
them, and stops them. Their programs are Python and the shell: those of this machine, also where
`gentle` itself runs in an emulator."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

GENTLE = []  # its command
LONGEST = 120  # seconds; an emulator on a busy machine is slow
MARK = "GENTLE_SMOKE"

SERVER = """
import os, signal, socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
while True:
    connection = listener.accept()[0]
    connection.sendall(b"hello")
    connection.close()
"""
CLIENT = """
import os, socket
with socket.create_connection((os.environ["API_HOST"], int(os.environ["API_PORT"]))) as server:
    print("got", server.recv(5).decode(), "and", open(os.environ["JOBS_LOG"]).readline().strip())
"""


class Smoke(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="gentle-smoke-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.mark = f"{MARK}={folder.name}"
        (self.folder / "server.py").write_text(SERVER)
        (self.folder / "client.py").write_text(CLIENT)
        self.api = self.spec("api", f"command {sys.executable}", f"command {self.folder}/server.py",
                             "command @API_PORT@", "port http", "ready TCP", "ready.arg http")
        self.jobs = self.spec("jobs", "command sh", "command -c",
                              "command echo up; exec sleep 1000", "ready LOG", "ready.arg ^u[a-z]$",
                              "stop SIGTERM 20", "exit_code SIGTERM", f"depends {self.api}")
        self.addCleanup(lambda: [self.gentle("stop", spec, check=False) for spec in (self.jobs, self.api)])

    def spec(self, name, *lines):
        path = self.folder / f"{name}.spec"
        path.write_text("\n".join(["gentle-spec 1", f"name {name}", f"state {self.folder}/Testing/Fixtures/{name}", *lines,
                                   "start_timeout 60", "coverage off", "end", ""]))
        return path

    def gentle(self, *arguments, check=True):
        name, _, value = self.mark.partition("=")
        done = subprocess.run([*GENTLE, *map(str, arguments)], stdin=subprocess.DEVNULL, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=LONGEST,
                              env={**os.environ, name: value})
        if check:
            self.assertEqual(done.returncode, 0, f"gentle {arguments[0]}:\n{done.stdout}")
        return done.stdout

    def left(self):
        found = []
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and self.mark.encode() in (entry / "environ").read_bytes():
                    found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                pass  # it has ended, or is another user's
        return found

    def test_start_test_stop(self):
        self.gentle("start", self.api)
        self.gentle("start", self.jobs)
        status = self.gentle("status", "--build", self.folder)
        self.assertEqual(status.count(" ready"), 2, status)
        said = self.gentle("run", "--with", self.jobs, "--with", self.api, "--", sys.executable,
                           self.folder / "client.py")
        self.assertIn("got hello and up", said)
        self.gentle("stop", self.jobs)
        self.gentle("stop", self.api)
        self.assertEqual(self.left(), [])

    def test_failed_start_says_why(self):
        spec = self.spec("broken", "command sh", "command -c", "command echo 'no disk'; exit 3", "ready LOG",
                         "ready.arg up")
        said = self.gentle("start", spec, check=False)
        self.assertIn("no disk", said)
        self.assertIn("exit status 3", said)
        self.assertEqual(self.left(), [])


if __name__ == "__main__":
    GENTLE[:] = sys.argv[1:]
    unittest.main(argv=sys.argv[:1])
