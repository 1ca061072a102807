"""Coverage that survives any end: what was counted, and what status, stop and run say of it."""

import json
import os
import re
import shutil
import signal
import unittest

import harness
from counted import HINT, CoverageTest
from harness import GENTLE, program

CLANG = next(filter(None, map(shutil.which, ("clang++", "clang++-14", "clang++-19"))), None)
UNHANDLED = ("api: does not handle SIGINT, so its counters are read from its memory; a handler that "
             "exits would write them\n")
CHILDREN = "hint: let it tell its children to end, and wait for them, before it ends itself\n"


class Room(CoverageTest):
    """However many processes there are, their data takes the room of a few."""

    MANY = 60

    def files(self):
        return [path for path in (self.build / "Testing/Fixtures/coverage").rglob("*") if path.suffix == ".gcda"]

    def test_of_many_tests(self):
        program_ = self.compiled("forks")
        self.serves().start()
        for _ in range(self.MANY):
            self.gentle("run", "--with", self.services[0].spec, "--", program_, "1")
            self.assertLess(len(self.files()), 20)
        self.services[0].stop()
        told = self.gentle("status", "--build", self.build).out
        self.assertRegex(told, r"\ncoverage data of processes: \d+ KiB, \d+ files\n$")
        self.assertEqual(self.counts()["parent"], self.MANY)
        self.assertEqual(self.counts()["child"], self.MANY)
        left = [path.name for path in (self.build / "Testing/Fixtures/coverage").iterdir()]
        self.assertEqual([name for name in left if not name.startswith("files-")], [])
        self.assertNotIn("coverage data", self.gentle("status", "--build", self.build).out)

    def test_of_a_test_that_forks(self):
        api = self.serves()
        api.start()
        self.gentle("run", "--with", api.spec, "--", self.compiled("forks"), str(self.MANY))
        self.assertLess(len(self.files()), 20)
        api.stop()
        counts = self.counts()
        self.assertEqual((counts["parent"], counts["child"]), (self.MANY, self.MANY))


class Stop(CoverageTest):
    """A service that is ended by its plan."""

    def test_a_handled_signal(self):
        api = self.serves("handles")
        api.start()
        self.request(api, 3)
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: exit status 0; "
                         "coverage of 1 process: 1 written\n")
        self.assertEqual(self.ledger(api), {"instrumented": 1, "running": 0, "written": 1,
                                            "rescued": {}, "lost": {}})
        self.assert_counts(main=1, work=100, request=3, returns=1)

    def test_a_signal_that_is_not_handled(self):
        api = self.serves()
        api.start()
        self.request(api, 3)
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: death by SIGINT; "
                         "coverage of 1 process: 1 rescued (SIGINT)\n" + UNHANDLED)
        self.assertEqual(self.ledger(api), {"instrumented": 1, "running": 0, "written": 0,
                                            "rescued": {"SIGINT": 1}, "lost": {}})
        self.assert_counts(main=1, work=100, request=3)
        self.assertEqual(api.stop().out, "api: not running\n")

    def test_another_signal_that_is_not_handled(self):
        api = self.serves(stop=[("SIGTERM", 5)])
        api.start()
        self.assert_text(api.stop().out, "api: stopped by SIGTERM after <time>: death by SIGTERM; "
                         "coverage of 1 process: 1 rescued (SIGTERM)\n"
                         + UNHANDLED.replace("SIGINT", "SIGTERM"))
        self.assert_counts(main=1, work=100)

    def test_sigkill_ends_the_plan(self):
        api = self.serves("ignores", stop=[("SIGINT", 0.1), ("SIGTERM", 0.1)])
        api.start()
        self.request(api, 2)
        told = api.stop(code=1).err
        self.assertIn("SIGTERM, SIGKILL ended it\n", told)
        self.assertIn("  coverage of 1 process: 1 rescued (SIGKILL)\nlog is empty: ", told)
        self.assert_counts(main=1, work=100, request=2)

    def test_a_stopped_service(self):
        api = self.serves()
        api.start()
        self.signal(signal.SIGSTOP, api.pid())
        self.assertIn("1 rescued (SIGINT)", api.stop().out)
        self.assert_counts(main=1, work=100)

    def test_the_first_thread_has_ended(self):
        api = self.serves("threads")
        api.start()
        self.request(api, 2)
        self.assertIn("coverage of 1 process: 1 rescued (SIGINT)\n", api.stop().out)
        self.assert_counts(main=1, work=100, request=2)

    def test_stripped(self):
        api = self.serves(options=["-s"])
        api.start()
        self.assertIn("coverage of 1 process: 1 rescued (SIGINT)\n", api.stop().out)
        self.assert_counts(main=1, work=100)

    def test_static(self):
        api = self.serves(options=["-static"])
        api.start()
        self.assertIn("coverage of 1 process: 1 rescued (SIGINT)\n", api.stop().out)
        self.assert_counts(main=1, work=100)

    def test_twice_in_a_row_adds_up(self):
        for how in ("handles",), ():
            api = self.serves(*how)
            api.start()
            self.request(api)
            api.stop()
        self.assert_counts(main=2, work=200, request=2, returns=1)
        self.assert_counts(main=2, work=200, request=2, returns=1)  # nothing is counted again

    def test_merged_while_it_runs(self):
        """What a service that runs has counted comes later, and only once."""
        def attempt(seconds):
            self.forget_counts()
            api = self.serves("forks", "handles", stop=[("SIGINT", seconds), ("SIGTERM", 9)])
            api.start()
            api.settle()
            self.assert_counts(worker=1, work=10)
            self.request(api)
            api.stop()
            self.assert_counts(main=1, worker=2, work=121, request=1, returns=1)

        self.with_time_enough(attempt, self.FOR_MAIN)

    def test_no_coverage_asked_for(self):
        self.collect_coverage(False)
        api = self.serves()
        api.start()
        self.assertEqual(self.tracer(api.pid()), 0)
        self.assertNotIn("COVERAGE", self.gentle("status", "--build", self.build).out)
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: death by SIGINT\n")
        self.assertFalse((self.build / "Testing/Fixtures/coverage").exists())

    def test_a_spec_of_no_use(self):
        self.coverage_spec.write_text("gentle-coverage 1\n")
        api = self.serves()
        result = self.gentle("start", api.spec, code=125)
        self.assertEqual(result.err, f"gentle: error: read coverage spec '{self.coverage_spec}': it is "
                         "truncated: its last line is not 'end'\nhint: run cmake again; "
                         "add_fixture_coverage writes this file when it configures\n")


class Death(CoverageTest):
    """A service that is not ended by its plan."""

    def assert_death(self, api, end, hint, reason, **counts):
        self.assert_text(api.stop(code=1).err, f"""\
gentle: error: stop service 'api': {end}, <time> after it was ready
  coverage of 1 process: 1 {reason}
log is empty: {api.log_path}
hint: <any>{hint}<any>
""")
        self.assert_counts(main=1, work=100, **counts)

    def test_killed_by_a_stranger(self):
        api = self.serves()
        api.start()
        self.request(api, 4)
        pid = api.pid()
        self.signal(signal.SIGKILL, pid)
        self.wait_until_gone(pid)
        self.assert_death(api, "it had ended by itself: death by SIGKILL", "kill -9",
                          "rescued (SIGKILL)", request=4)

    def test_ends_of_its_own(self):
        for how, end in (("segv", "it crashed: SIGSEGV"), ("abort", "it aborted: SIGABRT")):
            with self.subTest(how):
                self.forget_counts()
                api = self.serves(how)
                self.end_at_second_request(api)
                self.assert_death(api, end, "core", f"rescued ({end.split()[-1]})", request=2)

    def test_an_exception_that_nobody_catches(self):
        api = self.serves("throw")
        self.end_at_second_request(api)
        told = api.stop(code=1).err
        self.assertIn("it aborted: SIGABRT, ", told)
        self.assertIn("\n  coverage of 1 process: 1 rescued (SIGABRT)\nlast lines of its log", told)
        self.assert_counts(main=1, work=100, request=2)

    def test_underscore_exit(self):
        api = self.serves("_exit")
        self.end_at_second_request(api)
        self.assert_death(api, "it had ended by itself: exit status 3", "READY EXIT",
                          "rescued (_exit)", request=2)

    def test_what_a_limit_cuts_is_not_written(self):
        """Its stop has not begun, so the runtime writes by itself."""
        api = self.serves("small", "exits")
        self.end_at_second_request(api)
        self.assertIn("coverage of 1 process: 1 rescued (could not write)", api.stop(code=1).err)
        self.assert_counts(main=1, work=100, request=2)

    def end_at_second_request(self, api):
        api.start()
        pid = api.pid()
        try:
            self.request(api, 2)
        except ConnectionResetError:
            pass  # it is dead already
        self.wait_until_gone(pid)

    def test_before_it_is_ready(self):
        api = self.serves("_exit", ready=[("LOG", "^never$")], start_timeout=0.5)
        self.assertIn("not ready within 500 ms", api.start(code=1).err)
        self.assert_counts(main=1, work=100)

    def test_its_supervisor_is_killed(self):
        """Then nobody is there to read: it is ended gently, which is enough for one with a handler."""
        api = self.serves("handles")
        api.start()
        last = api.successor()
        self.signal(signal.SIGKILL, api.supervisor())
        self.wait_until_gone(last)
        self.gentle("stop", api.spec, code=1)
        self.assert_counts(main=1, work=100, returns=1)


class Processes(CoverageTest):
    """Those that a service starts."""

    def test_forked_children(self):
        api = self.serves("forks")
        api.start()
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: death by SIGINT; "
                         "coverage of 3 processes: 3 rescued (SIGINT 2, _exit)\n" + UNHANDLED +
                         f"api: SIGINT was not passed on to pid <n> ({self.compiled('serves')} "
                         f"{api.port()} forks), so it was sent there as well\n" + CHILDREN)
        self.assert_counts(main=1, worker=2, work=121)

    def test_forked_children_of_one_that_exits(self):
        """Also where gcc does not know of the fork, by forkpty or where the language is strict: the
        children have their parent's counts in their memory, which count once."""
        for how, options in (("forks", ()), ("forkpty", ()), ("forks", ("-std=c++20",))):
            with self.subTest((how, options)):
                def attempt(seconds):
                    self.forget_counts()
                    api = self.serves(how, "handles", options=options,
                                      stop=[("SIGINT", seconds), ("SIGTERM", 9)])
                    api.start()
                    port = api.port()
                    self.assert_text(api.stop().out, "api: stopped by SIGINT, SIGTERM after <time>: exit "
                                     "status 0; what it left ended <time> later; coverage of 3 processes: "
                                     "1 written, 2 rescued (SIGTERM, _exit)\n"
                                     "api: SIGINT did not end it within <time>:\n"
                                     f"  pid <n> ({self.compiled('serves', *options)} {port} {how} "
                                     "handles)\n" + CHILDREN)
                    self.assert_counts(main=1, worker=2, work=121, returns=1)

                self.with_time_enough(attempt, self.FOR_MAIN)

    def test_vfork(self):
        api = self.serves("vforks")
        api.start()
        self.request(api, 2)
        self.assertIn("; coverage of 1 process: 1 rescued (SIGINT)\n", api.stop().out)
        self.assert_counts(main=1, work=100, request=2)

    def test_daemon(self):
        binary = self.compiled("serves")
        api = self.service("api", f"{binary} $API_PORT daemon; exec sleep 1000", shell=True,
                           ports=["http"])
        api.start()
        self.request(api, 2)
        self.assertIn("; coverage of 2 processes: 2 rescued (SIGINT, _exit)\n", api.stop().out)
        self.assert_counts(main=1, work=100, request=2)

    def test_shell(self):
        binary = self.compiled("serves")
        api = self.service("api", f"{binary} $API_PORT; true", shell=True, ports=["http"])
        api.start()
        self.request(api)
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: death by SIGINT; "
                         "coverage of 1 process: 1 rescued (SIGINT)\n" + UNHANDLED)
        self.assert_counts(main=1, work=100, request=1)

    def test_exec(self):
        """The runtime writes before it, and each program has its own counts."""
        api = self.serves("becomes")
        api.start()
        self.assertIn("; coverage of 2 processes: 2 written\n", api.stop().out)
        self.assert_counts(main=2, work=205, returns=1)

    def test_exec_by_another_thread(self):
        """The kernel ends the first thread for it, while the memory is still there."""
        api = self.serves("switches")
        api.start()
        self.assertIn("; coverage of 2 processes: 1 written, 1 rescued (exec)\n", api.stop().out)
        self.assert_counts(main=2, work=205, returns=1)

    def test_a_limit_for_files_cuts_none(self):
        api = self.serves("small", "handles")
        api.start()
        self.request(api)
        self.assertIn("; coverage of 1 process: 1 written\n", api.stop().out)
        self.assert_counts(main=1, work=100, request=1, returns=1)


@unittest.skipUnless(CLANG, "there is no clang++")
class ClangGcov(CoverageTest):
    """Clang's --coverage: nobody can read its counters, but it writes them before exec, too."""

    def serves(self, *how):
        return self.service("api", self.compiled("serves", compiler=CLANG), "@API_PORT@", *how,
                            ports=["http"])

    def test_an_exec_is_no_loss(self):
        api = self.serves("becomes", "handles")
        api.start()
        self.assertIn("; coverage of 2 processes: 2 written\n", api.stop().out)

    def test_a_death_by_a_signal_is_one(self):
        api = self.serves()
        api.start()
        pid = api.pid()
        self.assert_text(api.stop(code=1).err, f"""\
api: stopped by SIGINT after <time>: <any>; coverage of 1 process: 1 lost
gentle: error: stop service 'api': coverage of 1 of its 1 processes is lost
  1: clang's --coverage keeps its counters to itself; those of -fprofile-instr-generate -fcoverage-mapping can be read
     pid {pid} ({self.compiled("serves", compiler=CLANG)} <n>)
{HINT}""")


class Lost(CoverageTest):
    def test_it_fails_the_stop(self):
        api = self.serves("loses")
        api.start()
        self.request(api)
        self.assert_text(api.stop(code=1).err, f"""\
api: stopped by SIGINT after <time>: exit status 0; coverage of 2 processes: 1 written, 1 lost
gentle: error: stop service 'api': coverage of 1 of its 2 processes is lost
  1: it executed another program without writing its counts before
     pid <n> ({self.compiled("serves")})
hint: call __gcov_dump() or __llvm_profile_write_file() before exec; or do without: COVERAGE OFF
""")
        self.assertEqual(self.ledger(api), {
            "instrumented": 2, "running": 0, "written": 1, "rescued": {},
            "lost": {"it executed another program without writing its counts before": 1},
            "losses": [{"code": "exec", "detail": "", "processes": 1}]})
        self.assert_counts(main=1, work=100, request=1, returns=1)

    def test_not_with_coverage_off(self):
        api = self.serves("loses", coverage="off")
        api.start()
        self.assertEqual(self.tracer(api.pid()), 0)
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: exit status 0\n")
        self.assertEqual(self.ledger(api)["instrumented"], 0)

    def test_counters_that_cannot_be_read(self):
        api = self.serves(options=["-fprofile-generate"])
        api.start()
        pid = api.pid()
        self.assert_text(api.stop(code=1).err, f"""\
api: stopped by SIGINT after <time>: <any>; coverage of 1 process: 1 lost
gentle: error: stop service 'api': coverage of 1 of its 1 processes is lost
  1: its counters cannot be read: '{self.objects}/<any>.gcda' was compiled with -fprofile-generate, \
not only with --coverage
     pid {pid} ({self.objects}/<any> <n>)
hint: let it handle SIGINT and exit, which writes its coverage; or do without: COVERAGE OFF
""")

    def test_a_bad_end_is_told_first(self):
        api = self.serves("_exit", options=["-fprofile-generate"])
        api.start()
        pid = api.pid()
        self.request(api, 2)
        self.wait_until_gone(pid)
        told = api.stop(code=1).err
        self.assertIn("'api': it had ended by itself: exit status 3, ", told)
        self.assertIn("\n  coverage of 1 process: 1 lost (its counters cannot be read: ", told)


class Status(CoverageTest):
    def row(self, *more):
        """Without the line below the table, which class Room looks at."""
        told = self.gentle("status", "--build", self.build, *more).out
        return re.sub(r"\ncoverage data of processes: .*\n$", "\n", told)

    def test_while_it_runs_and_after(self):
        api = self.serves("forks")
        api.start()
        api.settle()
        # Folded: where a line ends depends on how long the pid and the time are.
        self.assertRegex(" ".join(self.row().split()),
                         r"^SERVICE STATE PID SINCE ADDRESS MESSAGE api ready \d+ \d+ m?s 127\.0\.0\.1:\d+ "
                         r"coverage of 3 processes: 2 running, 1 rescued \(_exit\)$")
        (shown,) = json.loads(self.row("--json"))
        self.assertEqual(shown["coverage"], {"instrumented": 3, "running": 2, "written": 0,
                                             "rescued": {"_exit": 1}, "lost": {}})
        api.stop()
        self.assertRegex(" ".join(self.row().split()), "- api: stopped by SIGINT after [^;]*; "
                         r"coverage of 3 processes: 3 rescued \(SIGINT 2, _exit\)$")  # once

    def test_next_to_one_that_is_not_instrumented(self):
        api = self.serves()
        web = self.service("web", program("listens_tcp"), "@WEB_PORT@", ports=["http"])
        api.start()
        web.start()
        rows = self.row().splitlines()
        self.assertIn("  1 process: 1 running", rows[1])
        self.assertRegex(rows[2], r"^web .* 127\.0\.0\.1:\d+  -$")


class Followed(CoverageTest):
    """Only what is instrumented is kept from a debugger."""

    def test_instrumented(self):
        api = self.serves()
        api.start()
        self.assertEqual(self.tracer(api.pid()), api.supervisor())

    def is_requested(self, service):
        try:
            self.request(service)
            return True
        except ConnectionRefusedError:
            return False

    def started_when_ready(self, *how):
        """What a shell becomes only then: let go, since nothing counts when it is ready, and followed
        again when it is stopped."""
        gate = self.build / "gate"
        os.mkfifo(gate)
        words = " ".join(map(str, (self.compiled("serves"), "$API_PORT", *how)))
        api = self.service("api", f"touch $API_DIR/ready; read line < {gate}; exec {words}", shell=True,
                           ports=["http"], ready=[("FILE", "@API_DIR@/ready")])
        api.start()
        api.settle()
        self.assertEqual(self.tracer(api.pid()), 0)
        gate.write_text("go\n")
        while not self.is_requested(api):
            pass  # it does not listen yet
        return api

    def test_followed_again(self):
        api = self.started_when_ready()
        self.assertIn("; coverage of 1 process: 1 rescued (SIGINT)\n", api.stop().out)
        self.assert_counts(main=1, work=100, request=1)

    def test_followed_again_and_lost_by_an_exec(self):
        api = self.started_when_ready("handles", "leaves")
        self.assertIn("\n  1: it executed another program without writing its counts before\n",
                      api.stop(code=1).err)
        self.assert_counts()

    def test_not_instrumented(self):
        api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])
        api.start()
        api.settle()
        self.assertEqual(self.tracer(api.pid()), 0)
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: exit status 0\n")
        self.assertEqual(self.ledger(api)["instrumented"], 0)

    def test_not_instrumented_and_with_workers(self):
        api = self.service("api", program("preforks"), "@API_PORT@", 3, ports=["http"])
        api.start()
        api.settle()
        for pid in self.processes_left():
            self.assertEqual(self.tracer(pid), 0)
        api.stop()

    def test_a_death_by_an_unhandled_signal_is_nothing_special_then(self):
        api = self.service("api", "sleep", "1000", ready=[("COMMAND", "true")])
        api.start()
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: death by SIGINT\n")


class Instances(CoverageTest):
    """SCOPE TEST."""

    def test_each_counts(self):
        cart = self.serves(name="cart", scope="test")
        self.services.remove(cart)  # has no state of its own
        for _ in range(2):
            self.gentle("run", "--with", cart.spec, "--", "true")
        self.assert_counts(main=2, work=200)

    def test_lost_fails_the_test(self):
        cart = self.serves("loses", name="cart", scope="test")
        self.services.remove(cart)
        result = self.gentle("run", "--with", cart.spec, "--", "true", code=1)
        self.assertIn("gentle: error: stop service 'cart': coverage of 1 of its 2 processes is lost\n",
                      result.err)


class Run(CoverageTest):
    """The tests themselves."""

    TIMEOUTS = (1, "500 ms"), (10, "9 s"), (40, "36 s")  # and when gentle ends a test that has one

    def setUp(self):
        super().setUp()
        self.api = self.service("api", "sleep", "1000", ready=[("COMMAND", "true")])
        self.api.start()
        self.checks = self.compiled("checks")

    def check(self, *how, code=0, timeout=None):
        told = {"GENTLE_TEST": "3.25.1", "GENTLE_TEST_TIMEOUT": str(timeout)} if timeout else None
        return self.gentle("run", "--with", self.api.spec, "--", self.checks, *how, code=code, env=told)

    def test_one_that_passes_says_nothing(self):
        result = self.check("passes")
        self.assertEqual((result.out, result.err), ("", ""))
        self.assert_counts(checked=10)

    def test_one_that_leaves_by_underscore_exit_too(self):
        result = self.check("_exit")
        self.assertEqual((result.out, result.err), ("", ""))
        self.assert_counts(checked=10)

    def test_one_that_fails(self):
        self.assert_told(self.check("fails", code=1), "1 written")

    def test_crashes(self):
        for how, number in (("segv", signal.SIGSEGV), ("abort", signal.SIGABRT)):
            self.assert_told(self.check(how, code=-number), f"1 rescued ({number.name})")
        self.assert_counts(checked=20)

    def assert_told(self, result, became):
        self.assert_text(result.err, f"gentle: coverage of '{self.checks}': 1 process: {became}\n"
                         "--- service 'api': logged nothing during this test\n")

    def test_lost(self):
        self.assertEqual(self.check("loses").err, f"gentle: coverage of '{self.checks}': 1 process: "
                         "1 lost (it executed another program without writing its counts before)\n")

    def test_time_is_up(self):
        def attempt(timeout, words):
            self.forget_counts()
            result = self.check("hangs", code=-signal.SIGINT, timeout=timeout)
            self.assertEqual(result.err, f"""\
gentle: error: run test '{self.checks}': not over after {words}, shortly before its TIMEOUT of {timeout} s
hint: give it more time: TIMEOUT <seconds>
gentle: coverage of '{self.checks}': 1 process: 1 rescued (SIGINT)
--- service 'api': logged nothing during this test
""")
            self.assertGreaterEqual(result.seconds, timeout)  # for ctest to tell the same
            self.assert_counts(checked=10)

        self.with_time_enough(attempt, self.TIMEOUTS)

    def test_time_is_up_for_one_that_does_not_listen(self):
        def attempt(timeout, _):
            self.forget_counts()
            result = self.check("holds", code=-signal.SIGKILL, timeout=timeout)
            self.assertIn(": 2 processes: 2 rescued (SIGKILL 2)\n", result.err)
            self.assert_counts(checked=15)

        self.with_time_enough(attempt, self.TIMEOUTS)

    def test_time_is_not_up(self):
        result = self.check("passes", timeout=30)
        self.assertEqual(result.err, "")
        self.assertLess(result.seconds, 15)

    def test_what_it_leaves_running_counts_too(self):
        gate = self.gate()
        run = self.background(GENTLE, "run", "--with", self.api.spec, "--", self.checks, "leaves", gate)
        gate.wait_until_reached()
        run.finish()
        gate.open()
        self.wait_for_test_processes()
        self.assert_counts(checked=17)

    def wait_for_test_processes(self):
        for pid, command in self.processes_left().items():
            if str(self.checks) in command:
                self.wait_until_gone(pid)

    def test_gtest_list_tests_is_let_alone(self):
        self.check("passes", "--gtest_list_tests")
        self.assertFalse((self.build / "Testing/Fixtures/coverage").exists())

    def test_with_the_coverage_of_its_services(self):
        api = self.serves(name="web")
        api.start()
        self.request(api)
        run = self.gentle("run", "--with", api.spec, "--", self.checks, "segv", code=-signal.SIGSEGV)
        self.assertIn("1 rescued (SIGSEGV)", run.err)
        api.stop()
        self.assert_counts(main=1, work=100, request=1, checked=10)


if __name__ == "__main__":
    harness.main()
