"""`gentle status`, `logs` and `down`: for people, from the build folder."""

import json
import signal

import harness
from harness import GENTLE, ServiceTest, program


class ForPeople(ServiceTest):
    def setUp(self):
        super().setUp()
        self.end = self.gate("end")
        self.api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])
        self.web = self.service("web", program("logs"), r"one\ntwo\nready\n", f"gate:{self.end}",
                                r"four\n", ready=[("LOG", "^ready$")])

    def start_both(self):
        self.api.start()
        self.web.start()

    def rows(self, *names, cwd=None):
        lines = self.gentle("status", *names, cwd=cwd or self.build).out.splitlines()
        self.assertEqual(lines[0].split(), ["SERVICE", "STATE", "PID", "SINCE", "ADDRESS",
                                            "MESSAGE"])
        return lines[1:]

    def rows_by_name(self):
        """Each with its lines joined."""
        rows = []
        for line in self.rows():
            if line.startswith(" "):
                rows[-1] += " " + line.strip()
            else:
                rows.append(line)
        return {row.split()[0]: " ".join(row.split()) for row in rows}

    def conditions(self):
        states = json.loads(self.gentle("status", "--json", cwd=self.build).out)
        return {state["service"]: state["condition"] for state in states}

    # status

    def test_status(self):
        self.start_both()
        api, web = self.rows()
        self.assert_text(api, f"api      ready  {self.api.pid()}<any>  <time><any>  "
                         f"127.0.0.1:{self.api.port()}")
        self.assert_text(web, f"web      ready  {self.web.pid()}<any>  <time><any>  -")

    def test_status_from_below_the_build_folder_and_of_another(self):
        self.api.start()
        below = self.build / "a/b"
        below.mkdir(parents=True)
        self.assertEqual(len(self.rows(cwd=below)), 1)
        self.assertEqual(len(self.rows("--build", self.build, cwd=self.work)), 1)
        self.assertEqual(len(self.rows("--build", "../build", cwd=self.work)), 1)

    def test_status_of_some(self):
        self.start_both()
        self.assertEqual([row.split()[0] for row in self.rows("web")], ["web"])

    def test_status_of_an_unknown_service(self):
        self.start_both()
        self.assert_text(self.gentle("status", "wev", cwd=self.build, code=2).err, """\
gentle: error: find service 'wev': did you mean 'web'?
started here so far: api, web
""")

    def test_status_where_nothing_was_started(self):
        self.assert_text(self.gentle("status", code=2).err, f"""\
gentle: error: find services '{self.work}': no build with services here or above
hint: go to the build folder of a project that has them, or name it: --build <dir>
""")

    def test_status_tells_how_each_ended(self):
        gate = self.gate()
        self.start_both()
        self.api.stop()
        died = self.service("died", program("dies_when_told"), gate, 3,
                            ready=[("LOG", "^running$")])
        died.start()
        pid = died.pid()
        gate.open()
        self.wait_until_gone(pid)
        died.settle()
        last = self.web.successor()
        self.signal(signal.SIGKILL, self.web.supervisor())
        self.wait_until_gone(last)
        rows = self.rows_by_name()
        # A column is as wide as what stands in it.
        self.assert_text(" ".join(rows["api"].split()), "api stopped - <n>:<n>:<n> (<n> s ago) - "
                         "api: stopped by SIGINT after <time>: exit status 0")
        self.assert_text(" ".join(rows["died"].split()), "died died - <n>:<n>:<n> (<n> s ago) - "
                         "it ended by itself: exit status 3, <time> after it was ready")
        self.assert_text(" ".join(rows["web"].split()), "web lost - <any>- its supervisor was killed")
        self.gentle("down", "--build", self.build, code=1)

    def test_status_tells_the_bad_ends_apart(self):
        gate, owner = self.gate(), self.ctest()
        ended = {
            "early": self.service("early", program("exits_early"), 3, 1, ready=[("TCP", "http")],
                                  ports=["http"]),
            "fault": self.service("fault", program("exits_early"), "SIG:11", 1, ports=["http"],
                                  ready=[("TCP", "http")]),
            "never": self.service("never", program("never_ready"), ports=["http"], start_timeout=0.1,
                                  ready=[("TCP", "http")])}
        for service in ended.values():
            service.start(code=1)
        crash = self.service("crash", program("dies_when_told"), gate, "SIG:6",
                             ready=[("LOG", "^running$")])
        crash.start()
        pid = crash.pid()
        gate.open()
        self.wait_until_gone(pid)
        crash.settle()
        self.assertEqual(self.conditions()["crash"], "crashed")  # before anybody stops it
        crash.stop(code=1)
        three = self.service("three", program("exits_with_3_on"), 2, ready=[("LOG", "^running$")])
        three.start()
        three.stop(code=1)
        owner.gentle("start", self.api.spec)
        last = self.api.successor()
        owner.kill()
        self.wait_until_gone(last)
        rows = self.rows_by_name()
        when = "- <n>:<n>:<n> (<n> s ago) - "
        for name, text in {
                "api": "interrupted " + when + "all who used it are gone; api: stopped by SIGINT after "
                       "<time>: exit status 0",
                "crash": "crashed " + when + "it aborted: SIGABRT, <time> after it was ready",
                "early": "failed " + when + "it ended before it was ready: exit status 3 after <time>",
                "fault": "crashed " + when + "it crashed before it was ready: SIGSEGV after <time>",
                "never": "not-ready " + when + "not ready within 100 ms; waiting for TCP port <n> "
                         "(http): nobody listens",
                "three": "failed " + when + "exit status 3 after SIGINT (<time>)"}.items():
            self.assert_text(rows[name], f"{name} {text}")
        self.assertEqual(self.conditions(), {"api": "interrupted", "crash": "crashed",
                                             "early": "failed", "fault": "crashed",
                                             "never": "not-ready", "three": "failed"})

    def test_what_depends_on_a_service_does_not_interrupt_it(self):
        """It is its last owner, and gives nothing up."""
        owner = self.ctest()
        user = self.service("user", program("never_ready"), ready=[("COMMAND", "true")],
                            depends=[self.api])
        owner.gentle("start", self.api.spec)
        owner.gentle("start", user.spec)
        owner.gentle("stop", self.api.spec)
        last = self.api.successor()
        owner.gentle("stop", user.spec)
        self.wait_until_gone(last)
        self.assertEqual(self.conditions(), {"api": "stopped", "user": "stopped"})

    def test_what_it_says_of_itself_does_not_hide_how_it_ended(self):
        says = self.service("says", program("notifies"), "READY=1\\nSTATUS=all is well",
                            ready=[("NOTIFY",)])
        says.start()
        self.assert_text(self.rows_by_name()["says"], "says ready <n> <time> - all is well")
        says.stop()
        self.assert_text(self.rows_by_name()["says"], "says stopped - <n>:<n>:<n> (<n> s ago) - says: "
                         "stopped by SIGINT after <time>: exit status 0")
        self.assertEqual(says.state()["status"], "all is well")

    def test_status_fits_a_hundred_columns(self):
        text = "w\u00f6rd " * 30 + "x" * 150
        says = self.service("a-service-with-a-name-that-is-longer-than-most", program("notifies"),
                            "READY=1\\nSTATUS=" + text, ready=[("NOTIFY",)])
        says.start()
        self.start_both()
        lines = self.gentle("status", cwd=self.build).out.splitlines()
        self.assertLessEqual(max(map(len, lines)), 100)
        shown = " ".join(line.strip() for line in lines)
        self.assertIn("w\u00f6rd w\u00f6rd", shown)
        self.assertEqual(shown.count("w\u00f6rd"), 30)
        self.assertEqual(shown.count("x"), 150)
        self.assertIn("a-service-with-a-...han-most  ready", shown)
        state = json.loads(self.gentle("status", "--json", cwd=self.build).out)[0]
        self.assertEqual((state["service"], state["status"]), (says.name, text))

    def test_status_json(self):
        self.start_both()
        self.web.stop()
        api, web = json.loads(self.gentle("status", "--json", cwd=self.build).out)
        self.assertEqual((api["service"], api["condition"], api["main"]["pid"], api["address"]),
                         ("api", "ready", self.api.pid(), f"127.0.0.1:{self.api.port()}"))
        self.assertEqual((web["condition"], web["end"]), ("stopped", {"exit_code": 0}))

    # logs

    def test_logs_of_one(self):
        self.start_both()
        self.assertEqual(self.gentle("logs", "web", cwd=self.build).out, "one\ntwo\nready\n")

    def test_logs_of_several_say_whose_line_it_is(self):
        self.start_both()
        self.assertEqual(self.gentle("logs", cwd=self.build).out,
                         "api | listening\nweb | one\nweb | two\nweb | ready\n")

    def test_logs_with_other_line_ends(self):
        crlf = self.service("crlf", program("logs"), r"one\r\ntwo\r\n10 %\r20 %\rready\r\n",
                            ready=[("COMMAND", "grep", "-q", "ready", "@CRLF_LOG@")])
        crlf.start()
        lines = ["one", "two", "10 %", "20 %", "ready"]
        self.assertEqual(self.gentle("logs", "crlf", cwd=self.build).out, "\n".join([*lines, ""]))
        self.assertEqual(self.gentle("logs", "-n", "2", "crlf", cwd=self.build).out, "20 %\nready\n")
        state, = json.loads(self.gentle("logs", "--json", "crlf", cwd=self.build).out)
        self.assertEqual(state["lines"], lines)

    def test_the_last_lines(self):
        self.start_both()
        for option in ["-n", "2"], ["--lines", "2"], ["--lines=2"]:
            self.assertEqual(self.gentle("logs", *option, "web", cwd=self.build).out,
                             "two\nready\n")
        self.assertEqual(self.gentle("logs", "--lines", "0", cwd=self.build, code=2).out, "")

    def test_logs_json(self):
        self.start_both()
        web, = json.loads(self.gentle("logs", "--json", "web", cwd=self.build).out)
        self.assertEqual(web, {"service": "web", "path": str(self.web.log_path),
                               "lines": ["one", "two", "ready"]})

    def test_follow(self):
        self.start_both()
        follow = self.background(GENTLE, "logs", "--follow", "-n", "1", "web", cwd=self.build)
        self.assertEqual(follow.process.stdout.readline(), b"ready\n")
        self.end.open()
        self.assertEqual(follow.process.stdout.readline(), b"four\n")
        self.web.stop_only()
        self.end.close()
        self.web.start()
        self.assertEqual([follow.process.stdout.readline() for _ in range(3)],
                         [b"one\n", b"two\n", b"ready\n"])
        self.assertEqual(follow.kill(signal.SIGINT).code, -signal.SIGINT)

    def test_follow_tells_each_line_once(self):
        """However fast they come."""
        gate, count = self.gate(), 20000
        many = self.service("many", program("logs"), r"ready\n", f"gate:{gate}", f"lines:{count}",
                            ready=[("LOG", "^ready$")])
        many.start()
        follow = self.background(GENTLE, "logs", "--follow", "many", cwd=self.build)
        self.assertEqual(follow.process.stdout.readline(), b"ready\n")
        gate.open()
        lines = [int(follow.process.stdout.readline().split()[1]) for _ in range(count)]
        self.assertEqual(lines, list(range(1, count + 1)))
        self.assertEqual(follow.kill(signal.SIGINT).code, -signal.SIGINT)

    def test_logs_of_what_has_ended(self):
        self.start_both()
        self.web.stop()
        self.assertEqual(self.gentle("logs", "web", cwd=self.build).out, "one\ntwo\nready\n")

    # a build folder that was renamed

    def in_its_place(self, name, *command, **options):
        """With its spec where CMake writes it."""
        service = self.service(name, *command, **options)
        spec = self.build / f"CMakeFiles/GentleFixtures/{name}.spec"
        spec.parent.mkdir(parents=True, exist_ok=True)
        (self.build / f"{name}.spec").rename(spec)
        service.spec = str(spec)
        return service

    def move(self):
        """What ran in the build folder runs in the returned one."""
        moved = self.build.rename(self.build.with_name("moved"))
        self.build.mkdir()
        self.addCleanup(lambda: self.gentle("down", "--build", moved))
        return moved

    def test_a_renamed_build_folder(self):
        db = self.in_its_place("db", program("listens_tcp"), "@DB_PORT@", ports=["http"])
        app = self.in_its_place("app", program("logs"), r"one\n", ready=[("LOG", "^one$")], depends=[db])
        db.start()
        app.start()
        moved = self.move()
        rows = self.gentle("status", cwd=moved).out.splitlines()[1:]
        self.assertEqual([row.split()[:2] for row in rows], [["app", "ready"], ["db", "ready"]])
        self.assertEqual(self.gentle("logs", "app", cwd=moved).out, "one\n")
        self.assert_text(self.gentle("down", cwd=moved).out,
                         "app: stopped by SIGINT after <time>: exit status 0\n"
                         "db: stopped by SIGINT after <time>: exit status 0\n")
        self.assertEqual(self.processes_left(), {})
        states = json.loads(self.gentle("status", "--json", cwd=moved).out)
        self.assertEqual([state["condition"] for state in states], ["stopped", "stopped"])
        self.assertEqual(states[0]["log"], str(moved / "Testing/Fixtures/app/log"))
        self.assertEqual(list(self.build.iterdir()), [])  # nothing is written at the old place

    def test_by_its_spec(self):
        db = self.in_its_place("db", program("listens_tcp"), "@DB_PORT@", ports=["http"])
        db.start()
        moved = self.move()
        spec = moved / "CMakeFiles/GentleFixtures/db.spec"
        self.assertIn("db: ready after", self.gentle("start", spec).out)
        self.assertIn("db: stopped by SIGINT", self.gentle("stop", spec).out)
        self.assertEqual(self.gentle("stop", spec).out, "db: not running\n")

    def test_another_build_at_its_old_place(self):
        db = self.in_its_place("db", program("listens_tcp"), "@DB_PORT@", ports=["http"])
        db.start()
        moved = self.move()
        other = self.in_its_place("db", program("listens_tcp"), "@DB_PORT@", ports=["http"])
        other.start()
        self.assertIn("db: stopped by SIGINT", self.gentle("down", cwd=moved).out)
        self.assertEqual(other.state()["phase"], "ready")
        other.stop()

    def test_renamed_after_its_supervisor_was_killed(self):
        stubborn = self.in_its_place("stubborn", program("ignores_sigint"), ready=[("LOG", "^running$")],
                                     stop=[("SIGINT", 0.2), ("SIGTERM", 20)])
        stubborn.start()
        last = stubborn.successor()
        self.signal(signal.SIGKILL, stubborn.supervisor())
        moved = self.move()
        self.wait_until_gone(last)
        self.assertIn("its supervisor was killed", self.gentle("down", cwd=moved, code=1).err)
        self.assertEqual(self.processes_left(), {})
        self.assertEqual(self.gentle("down", cwd=moved).out, "")

    def test_reached_by_a_symbolic_link(self):
        db = self.in_its_place("db", program("listens_tcp"), "@DB_PORT@", ports=["http"])
        link = self.build.with_name("link")
        link.symlink_to(self.build)
        self.assertIn("db: ready after", self.gentle("start", link / "CMakeFiles/GentleFixtures/db.spec").out)
        self.assertIn("db: ready after", db.start().out)
        self.assertIn(" ready ", self.gentle("status", cwd=link).out)
        self.assertIn("db: stopped by SIGINT", self.gentle("down", "--build", link).out)
        link.unlink()

    # down

    def test_down_without_the_specs(self):
        self.api.start()
        user = self.service("user", program("never_ready"), ready=[("COMMAND", "true")],
                            depends=[self.api])
        user.start()
        for spec in self.build.glob("*.spec"):
            spec.unlink()
        self.assert_text(self.gentle("down", cwd=self.build).out,
                         "user: stopped by SIGINT after <time>: exit status 0\n"
                         "api: stopped by SIGINT after <time>: exit status 0\n")
        self.assertEqual(self.processes_left(), {})

    def test_down_stops_users_first(self):
        self.api.start()
        user = self.service("a-user", program("never_ready"), ready=[("COMMAND", "true")],
                            depends=[self.api])
        user.start()
        result = self.gentle("down", cwd=self.build)
        self.assert_text(result.out, "a-user: stopped by SIGINT after <time>: exit status 0\n"
                         "api: stopped by SIGINT after <time>: exit status 0\n")
        self.assert_nothing_left(self.services)
        self.assertEqual(self.gentle("down", cwd=self.build).out, "")

    def test_down_goes_on_after_a_bad_end(self):
        bad = self.service("bad", program("exits_with_3_on"), 2,
                           ready=[("LOG", "^running$")])
        self.start_both()
        bad.start()
        result = self.gentle("down", cwd=self.build, code=1)
        self.assertIn("gentle: error: stop service 'bad': exit status 3 after SIGINT", result.err)
        self.assertEqual(len(result.out.splitlines()), 2)
        self.assert_nothing_left(self.services)

    def test_down_cleans_up_after_a_killed_supervisor(self):
        stubborn = self.service("stubborn", program("ignores_sigint"), ready=[("LOG", "^running$")],
                                stop=[("SIGINT", 0.2), ("SIGTERM", 0.2)])
        stubborn.start()
        self.signal(signal.SIGKILL, stubborn.supervisor())
        self.wait_until_gone(stubborn.supervisor())
        self.assert_text(self.gentle("down", cwd=self.build, code=1).err, """\
gentle: error: stop service 'stubborn': its supervisor was killed; what it left has been stopped
""")
        self.assert_nothing_left(self.services)


if __name__ == "__main__":
    harness.main()
