"""Whoever floods a supervisor, the service itself or a stranger, keeps it from none of its time limits."""

import os
import signal
import sys

import harness
from harness import GENTLE, ServiceTest, program

SLACK = 10  # seconds, on a machine that is busy; without its limits a flood lasts as long as the test

# Connects to the control socket in the folder without end, and says one thing on each connection.
CALLER = """
import os, resource, socket, sys
most, words = int(sys.argv[2]), sys.argv[3].encode().decode("unicode_escape").encode("latin-1")
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
os.chdir(sys.argv[1])
calls, told = [], False
while True:
    try:
        call = socket.socket(socket.AF_UNIX)
        call.settimeout(0.1)
        call.connect("control")
        call.sendall(words)
        calls.append(call)
    except OSError:
        pass
    if len(calls) > most:
        calls.pop(0).close()
        if not told:
            told = True
            print("flooded", flush=True)
"""

CALLS = {"idle": (2000, ""), "half of a request": (2000, "stat"), "garbage": (2000, r"\0\xff\n" * 500),
         "without a newline": (2000, "x" * 4000), "closed at once": (0, ""), "status": (100, r"status\n")}

# A service that says by datagrams: whether it is ready, and then one thing without end.
SAYS = """
import os, signal, socket, sys
signal.signal(signal.SIGINT, lambda *_: os._exit(0))
address = os.environ["NOTIFY_SOCKET"]
address = chr(0) + address[1:] if address[0] == "@" else address
said = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
with open(sys.argv[1], "w") as file:
    file.write(address)
if sys.argv[2]:
    said.sendto(sys.argv[2].encode(), address)
number = 0
while sys.argv[3]:
    number += 1
    said.sendto(sys.argv[3].replace("#", str(number)).encode(), address)
signal.pause()
"""

# The same of a stranger.
SHOUTS = """
import socket, sys
said = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
said.connect(open(sys.argv[1]).read())
print("shouts", flush=True)
while True:
    try:
        said.send(sys.argv[2].encode())
    except OSError:
        pass
"""


class Floods(ServiceTest):
    def never(self, name, **options):
        return self.service(name, program("never_ready"), ready=[("LOG", "^never$")], **options)

    def assert_within(self, seconds, what, result):
        self.assertLess(result.seconds, seconds + SLACK, what)
        if os.environ.get("GENTLE_FLOOD_TIMES"):
            print(f"{self.id().rpartition('.')[2]}: {what}: {result.seconds:.2f} s", file=sys.stderr)

    def assert_answers(self, api, what):
        """While it is flooded."""
        self.assert_within(0, f"{what}: status", self.gentle("status", "--build", self.build))
        self.assert_within(0, f"{what}: start again", self.gentle("start", api.spec))
        self.assert_within(0, f"{what}: stop", self.gentle("stop", api.spec))

    def flood(self, api, most, words):
        flood = self.stranger(sys.executable, "-c", CALLER, api.state_dir, most, words)
        self.assertEqual(flood.process.stdout.readline(), b"flooded\n")
        return flood

    def test_connections(self):
        for kind, (most, words) in CALLS.items():
            with self.subTest(kind):
                api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])
                api.start()
                flood = self.flood(api, most, words)
                self.assert_answers(api, kind)
                flood.close()

    def test_connections_while_it_starts(self):
        for kind, (most, words) in CALLS.items():
            with self.subTest(kind):
                api = self.never("api", start_timeout=2)
                start = api.start_in_background()
                while not (api.state_dir / "control").exists():
                    self.assertTrue(start.runs())
                flood = self.stranger(sys.executable, "-c", CALLER, api.state_dir, most, words)
                result = start.finish()
                self.assertIn("not ready within 2 s", result.err)
                self.assert_within(2, f"{kind}: time-out", result)
                flood.close()

    def says(self, first, always, **options):
        script = self.work / "says.py"
        script.write_text(SAYS)
        return self.service("api", sys.executable, script, self.work / "address", first, always,
                            ready=[("NOTIFY",)], **options)

    def test_datagrams_of_the_service(self):
        for always in "STATUS=#", "READY=1", "x" * 4000, "WATCHDOG=1\tSTATUS=#":
            with self.subTest(always[:20]):
                api = self.says("READY=1", always)
                api.start()
                self.assert_answers(api, f"datagrams {always[:10]}")

    def test_datagrams_of_the_service_while_it_starts(self):
        for always in "STATUS=#", "x" * 4000:
            with self.subTest(always[:20]):
                result = self.gentle("start", self.says("", always, start_timeout=2).spec, code=1)
                self.assertIn("not ready within 2 s", result.err)
                self.assert_within(2, f"datagrams {always[:10]}: time-out", result)

    def test_datagrams_of_strangers(self):
        api = self.says("READY=1", "")
        api.start()
        for _ in range(3):
            shouts = self.stranger(sys.executable, "-c", SHOUTS, self.work / "address", "STATUS=not mine")
            shouts.process.stdout.readline()
        self.assert_answers(api, "strangers")

    def test_datagrams_of_strangers_while_it_starts(self):
        api = self.says("", "", start_timeout=2)
        start = api.start_in_background()
        while not (self.work / "address").exists() or not (self.work / "address").read_text():
            self.assertTrue(start.runs())
        for _ in range(3):
            self.stranger(sys.executable, "-c", SHOUTS, self.work / "address", "READY=1")
        result = start.finish()
        self.assertIn("not ready within 2 s", result.err)
        self.assert_within(2, "strangers: time-out", result)

    def forks(self, **options):
        """One that does nothing but to fork, and whose children end at once."""
        script = "trap 'exit 0' INT; echo ready; while :; do (:) & (:) & (:) & (:) & wait; done"
        return self.service("api", script, shell=True, **options)

    def test_forks(self):
        api = self.forks(ready=[("LOG", "^ready$")])
        api.start()
        self.assert_answers(api, "forks")

    def test_forks_while_it_starts(self):
        api = self.forks(ready=[("LOG", "^never$")], start_timeout=2)
        result = self.gentle("start", api.spec, code=1)
        self.assertIn("not ready within 2 s", result.err)
        self.assert_within(2, "forks: time-out", result)

    def test_forks_of_one_that_daemonizes_without_end(self):
        """Each child is its own and no child of the service: the supervisor has to reap all of them."""
        script = "trap 'exit 0' INT; echo ready; while :; do (: & : & : & :); done"
        api = self.service("api", script, shell=True, ready=[("LOG", "^ready$")])
        api.start()
        self.assert_answers(api, "daemons")

    def test_processes_that_nobody_can_aim_at(self):
        """None of them lives as long as a look for it. They are ended, or the stop says what runs."""
        api = self.service("api", program("hops"), 4, ready=[("LOG", "^hopping$")],
                           stop=[("SIGINT", 0.5), ("SIGTERM", 0.5)])
        start = self.gentle("start", api.spec, code=None)
        self.assert_within(0, "hops: start", start)
        result = self.gentle("stop", api.spec, code=1 if start.code == 0 else 0)
        self.assert_within(1, "hops: stop", result)
        self.assert_nothing_left([api])

    def test_logs(self):
        api = self.service("api", program("floods_log"), ready=[("LOG", "^ready$")])
        api.start()
        self.assert_answers(api, "logs")

    def test_logs_while_it_starts(self):
        api = self.service("api", program("floods_log"), ready=[("LOG", "^never$")], start_timeout=2)
        result = self.gentle("start", api.spec, code=1)
        self.assertIn("not ready within 2 s", result.err)
        self.assert_within(2, "logs: time-out", result)


# Has a service's folder, as a supervisor has, and does nothing of what one does.
HANGS = """
import fcntl, os, signal, socket, sys
folder = os.open(sys.argv[1], os.O_RDONLY)
fcntl.flock(folder, fcntl.LOCK_EX)
os.chdir(sys.argv[1])
if os.path.exists("control"):
    os.unlink("control")
listener = socket.socket(socket.AF_UNIX)
listener.bind("control")
listener.listen(64)
print("hangs", flush=True)
calls = []
while True:
    if sys.argv[2] == "stops":
        client = listener.accept()[0]
        client.send(b"0\\napi: said")
        os.kill(os.getpid(), signal.SIGSTOP)
        client.send(b" and done\\n")
        sys.exit()
    elif sys.argv[2] == "accepts":
        calls.append(listener.accept())
    else:
        os.read(0, 1) or socket.socketpair()[0].recv(1)
"""


class Hangs(ServiceTest):
    """A supervisor that is not stopped (SIGSTOP), and does not answer all the same."""

    LONGEST_ANSWER = 20  # seconds: helper/supervise/client.cc

    def hanging(self, api, how):
        api.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        hanging = self.stranger(sys.executable, "-c", HANGS, api.state_dir, how)
        self.assertEqual(hanging.process.stdout.readline(), b"hangs\n")
        return hanging

    def assert_says_so(self, running):
        result = running.finish()
        self.assertEqual(result.code, 125, result)
        self.assertRegex(result.err, r"gentle: error: reach supervisor of 'api': .+ has not answered for 20 s\n"
                         r"hint: .+\n$")
        self.assertGreaterEqual(result.seconds, self.LONGEST_ANSWER - 1)
        self.assertLess(result.seconds, self.LONGEST_ANSWER + SLACK)
        return result

    def test_start_stop_and_down_say_so_and_go_on(self):
        for how in "accepts", "never accepts":
            with self.subTest(how):
                api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])
                web = self.service("web", program("listens_tcp"), "@WEB_PORT@", ports=["http"])
                web.start()
                hanging = self.hanging(api, how)
                # All at once: each takes the whole time.
                start, stop = api.start_in_background(), self.background(GENTLE, "stop", api.spec)
                down = self.background(GENTLE, "down", "--build", self.build)
                status = self.gentle("status", "--build", self.build, code=None)
                self.assertLess(status.seconds, SLACK)
                for each in start, stop, down:
                    result = self.assert_says_so(each)
                    if each is not down or how == "accepts":
                        self.assertIn(f"kill -9 {hanging.pid}, and then gentle down", result.err)
                self.assertIn("web: stopped by SIGINT", result.out)
                hanging.close()
                self.gentle("stop", api.spec)  # of nobody

    def test_one_that_is_stopped_while_it_replies(self):
        api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])
        hanging = self.hanging(api, "stops")
        result = self.gentle("stop", api.spec)
        self.assertEqual(result.out, "api: said and done\n")
        self.assertIn(f"(pid {hanging.pid}) was stopped (SIGSTOP); continued it", result.err)
        self.assertLess(result.seconds, SLACK)
        hanging.close()

    def test_one_that_is_stopped_again_and_again(self):
        """The stop continues it, again and again, and comes through or says that it does not."""
        api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])
        api.start()
        pid, last = api.supervisor(), api.successor()
        stopper = self.stranger("sh", "-c", f"while kill -STOP {pid}; do :; done 2>/dev/null")
        result = self.background(GENTLE, "stop", api.spec).finish()
        stopper.close()
        self.assertLess(result.seconds, self.LONGEST_ANSWER + SLACK)
        if result.code != 0:
            self.assertIn(" has not answered for 20 s\n", result.err)
            self.signal(signal.SIGCONT, last)
            self.gentle("stop", api.spec)
        self.assert_nothing_left([api])


if __name__ == "__main__":
    harness.main()
