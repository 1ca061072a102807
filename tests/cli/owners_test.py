"""Who owns a service: each ctest that uses it, or whoever started it by hand."""

import os
import shutil
import signal
import subprocess

import harness
from harness import CTEST, GENTLE, ServiceTest, program


class Owners(ServiceTest):
    def setUp(self):
        super().setUp()
        self.api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])

    def start(self, owner):
        return owner.gentle("start", self.api.spec)

    def assert_stops_by_itself(self):
        self.wait_until_all_ended()
        self.assert_nothing_left([self.api])
        self.assertEqual(self.api.state()["end"], {"exit_code": 0})

    def test_started_again_by_the_same_owner(self):
        owner = self.ctest()
        self.start(owner)
        pid = self.api.pid()
        self.start(owner)
        self.assertEqual(self.api.pid(), pid)
        self.assertEqual([each["pid"] for each in self.api.state()["owners"]], [owner.pid])
        owner.gentle("stop", self.api.spec)
        self.assert_nothing_left([self.api])

    def test_the_last_one_out_stops_it(self):
        first, second = self.ctest(), self.ctest()
        self.start(first)
        pid = self.api.pid()
        self.start(second)
        self.assertEqual(self.api.pid(), pid)
        self.assert_text(first.gentle("stop", self.api.spec).out,
                         f"api: left running, still used by ctest {second.pid}\n")
        self.assertEqual(self.api.state()["phase"], "ready")
        self.assert_text(second.gentle("stop", self.api.spec).out,
                         "api: stopped by SIGINT after <time>: exit status 0\n")
        self.assert_nothing_left([self.api])

    def kill_api(self):
        pid = self.api.pid()
        self.signal(signal.SIGKILL, pid)
        self.wait_until_gone(pid)
        self.api.settle()

    def test_a_bad_end_is_told_to_each_owner(self):
        """And again, since `ctest --repeat until-pass` calls a stop that has failed once more."""
        first, second, other = self.ctest(), self.ctest(), self.ctest()
        self.start(first)
        self.start(second)
        self.kill_api()
        death = "gentle: error: stop service 'api': it had ended by itself: death by SIGKILL, "
        self.assertIn(death, first.gentle("stop", self.api.spec, code=1).err)
        for owner in second, first:
            result = owner.gentle("stop", self.api.spec, code=1)
            self.assert_text(result.err, """\
gentle: error: stop service 'api': it ended by itself: death by SIGKILL, <time> after it was ready
  an earlier stop has told this, and the service was not started since
hint: run its tests again, which start it
""")
        for stop in other.gentle("stop", self.api.spec), self.api.stop():
            self.assertEqual(stop.out, "api: not running\n")
        self.start(second)
        second.gentle("stop", self.api.spec)
        self.assertEqual(second.gentle("stop", self.api.spec).out, "api: not running\n")

    def test_a_bad_end_is_told_to_those_whose_service_another_has_started_anew(self):
        first, second, third = self.ctest(), self.ctest(), self.ctest()
        self.start(first)
        self.start(second)
        self.kill_api()
        self.start(third)
        told = """\
gentle: error: stop service 'api': it ended by itself: death by SIGKILL, <time> after it was ready
  another user has started it anew since
hint: run its tests again
"""
        self.assert_text(first.gentle("stop", self.api.spec, code=1).err, f"{told}api: left running, still used by ctest {third.pid}\n")
        self.assertEqual(first.gentle("stop", self.api.spec, code=1).out, "")
        self.start(second)  # it has a new one
        self.assert_text(second.gentle("stop", self.api.spec).out, f"api: left running, still used by ctest {third.pid}\n")
        self.start(first)
        third.gentle("stop", self.api.spec)
        first.gentle("stop", self.api.spec)
        self.assert_nothing_left([self.api])

    def test_the_last_user_is_told_of_a_bad_end_before(self):
        first, second = self.ctest(), self.ctest()
        self.start(first)
        self.kill_api()
        self.start(second)
        second.gentle("stop", self.api.spec)
        for _ in range(2):  # a stop that is repeated does not pass
            result = first.gentle("stop", self.api.spec, code=1)
            self.assertIn("another user has started it anew since\n", result.err)
        self.start(second)
        self.start(first)
        for owner in second, first:
            owner.gentle("stop", self.api.spec)
        self.assert_nothing_left([self.api])

    def test_a_bad_end_of_what_was_started_by_hand(self):
        owner = self.ctest()
        self.api.start()
        self.start(owner)
        self.kill_api()
        self.assertIn("it had ended by itself", owner.gentle("stop", self.api.spec, code=1).err)

    def test_an_owner_that_is_killed(self):
        owner = self.ctest()
        self.start(owner)
        owner.kill()
        self.assert_stops_by_itself()
        self.assertIn("api: stopping: all who used it are gone\n", self.api.journal())

    def test_one_of_two_owners_is_killed(self):
        first, second = self.ctest(), self.ctest()
        self.start(first)
        self.start(second)
        first.kill()
        self.api.settle()
        self.assertEqual([each["pid"] for each in self.api.state()["owners"]], [second.pid])
        second.kill()
        self.assert_stops_by_itself()

    def test_started_by_hand_it_stays(self):
        owner = self.ctest()
        self.api.start()
        self.start(owner)
        supervisor = self.api.supervisor()
        self.assert_text(owner.gentle("stop", self.api.spec).out,
                         "api: left running, still used by a start by hand\n")
        owner.kill()
        self.api.settle()
        self.assertEqual(self.api.supervisor(), supervisor)
        self.api.stop()

    def test_a_stop_by_hand_stops_it_whoever_uses_it(self):
        self.start(self.ctest())
        self.api.stop()

    def start_below(self, *words, executable=None):
        """A process with these words as its command line, which has started the service."""
        gate = self.gate(words[0])
        script = f"'{GENTLE}' start '{self.api.spec}'; read x < '{gate}'"
        running = self.stranger(words[0], "-c", script, *words[1:], executable=executable)
        gate.wait_until_reached()
        return running

    def test_a_ctest_that_valgrind_runs(self):
        """The executable is valgrind's then, and so is the first word of the command line."""
        tool = self.folder / "valgrind" / "memcheck-amd64-linux"
        tool.parent.mkdir()
        shutil.copy(os.path.realpath("/bin/sh"), tool)
        owner = self.start_below("valgrind.bin", "/usr/bin/ctest", executable=str(tool))
        self.assertEqual([each["pid"] for each in self.api.state()["owners"]], [owner.pid])
        owner.kill()
        self.assert_stops_by_itself()

    def test_whoever_only_speaks_of_ctest_is_none(self):
        self.start_below("sh", "/usr/bin/ctest")
        self.assertEqual(self.api.state()["owners"], [])
        self.api.stop()

    def test_the_end_of_the_owner_while_it_starts(self):
        gate = self.gate()
        api = self.service("api", program("listens_tcp"), "@API_PORT@", "v4", gate, ports=["http"])
        owner = self.ctest()
        owner.send("start", api.spec)
        gate.wait_until_reached()
        last = api.successor()
        self.signal(signal.SIGKILL, owner.pid)
        self.wait_until_gone(last)
        self.wait_until_all_ended()  # `gentle start` hears of it then
        self.assert_nothing_left([api])

    def call_unread(self, *arguments):
        """As a ctest that was killed before anybody could see that it had called."""
        reader, writer = os.pipe()
        os.close(reader)
        try:
            return subprocess.run([GENTLE, *arguments], stdout=writer, stderr=subprocess.PIPE, text=True, check=False,
                                  env=self.environment(), cwd=self.work)
        finally:
            os.close(writer)

    def assert_refused(self, *arguments):
        result = self.call_unread(*arguments)
        self.assertEqual((result.returncode, result.stderr), (
            125, "gentle: error: answer on 'standard output': nobody reads it: the caller has exited\n"
            "hint: call again with an output that stays open, such as a file\n"))

    def test_nothing_is_done_for_a_caller_that_is_gone(self):
        self.assert_refused("start", self.api.spec)
        self.assert_nothing_left([self.api])
        trace = self.work / "trace"
        self.assert_refused("run", "--", "touch", trace)
        self.assertFalse(trace.exists())
        self.api.start()
        self.assert_refused("stop", self.api.spec)
        self.assertEqual(self.api.state()["phase"], "ready")
        self.api.stop()

    def test_a_start_that_is_killed_while_it_waits(self):
        gate = self.gate()
        api = self.service("api", program("listens_tcp"), "@API_PORT@", "v4", gate, ports=["http"])
        start = api.start_in_background()
        gate.wait_until_reached()
        last = api.successor()
        start.kill()
        self.wait_until_gone(last)
        self.assert_nothing_left([api])
        self.assertIn("api: stopping: nobody waits for its start any more\n", api.journal())

    def test_a_start_that_is_killed_at_any_moment(self):
        api = self.service("api", program("never_ready"), ready=[("LOG", "never")])
        for syscalls in range(1, 40, 3):
            start = api.start_in_background()
            for _ in range(syscalls):  # a little later each time
                self.processes_left()
            start.kill()
            self.wait_until_all_ended(seconds=8)  # at SIGINT, not at the next signal
            self.assert_nothing_left([api])

    def test_one_of_two_starts_is_killed(self):
        gate = self.gate()
        api = self.service("api", program("listens_tcp"), "@API_PORT@", "v4", gate, ports=["http"])
        first = api.start_in_background()
        gate.wait_until_reached()
        second = self.ctest()
        second.send("start", api.spec)
        while [each["pid"] for each in api.state()["owners"]] != [second.pid]:
            api.settle()  # its request is on the way
        first.kill()
        gate.open()
        self.assertEqual(second.receive().code, 0)


class RealCtest(ServiceTest):
    """The same with CTest itself."""

    def project(self, test_command, *more, launcher=""):
        self.api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])
        spec = self.api.spec
        lines = [
            f'add_test(api.start {launcher} "{GENTLE}" start "{spec}")',
            'set_tests_properties(api.start PROPERTIES FIXTURES_SETUP api)',
            f'add_test(api.stop "{GENTLE}" stop "{spec}")',
            'set_tests_properties(api.stop PROPERTIES FIXTURES_CLEANUP api)',
            f'add_test(client "{GENTLE}" run --with "{spec}" -- sh -c "{test_command}")',
            'set_tests_properties(client PROPERTIES FIXTURES_REQUIRED api)', *more]
        (self.build / "CTestTestfile.cmake").write_text("\n".join(lines) + "\n")

    def run_ctest(self, *options):
        return self.background(CTEST, *options, cwd=self.build)

    def test_a_whole_run(self):
        self.project("test -n $API_PORT")
        result = self.run_ctest().finish()
        self.assertEqual(result.code, 0, result)
        self.assertIn("100% tests passed, 0 tests failed out of 3", result.out)
        self.assert_nothing_left([self.api])

    def test_repeat(self):
        self.project("true")
        result = self.run_ctest("--repeat", "until-fail:3", "-j4").finish()
        self.assertEqual(result.code, 0, result)
        self.assert_nothing_left([self.api])

    def test_ctest_is_killed(self):
        gate = self.gate()
        for number in signal.SIGKILL, signal.SIGTERM, signal.SIGINT:
            with self.subTest(number=number):
                self.project(f"sleep 1000 & read x < {gate}")
                ctest = self.run_ctest()
                gate.wait_until_reached()
                all_of_it = set(self.processes_left()) - {ctest.pid}
                self.assertGreaterEqual(len(all_of_it), 6)  # gentle run, the test, and its child
                ctest.kill(number)
                for pid in all_of_it:
                    self.wait_until_gone(pid)
                gate.close()
                self.assert_nothing_left([self.api])

    def assert_owned_by(self, ctest, gate):
        """The service ends when the ctest is killed, whoever else lives on."""
        gate.wait_until_reached()
        self.assertEqual([each["pid"] for each in self.api.state()["owners"]], [ctest])
        self.signal(signal.SIGKILL, ctest)
        self.wait_until_all_ended()
        gate.close()
        self.assert_nothing_left([self.api])

    def test_a_launcher_between_ctest_and_gentle(self):
        gate = self.gate()
        sh = 'sh -c "\\"$0\\" \\"$@\\"; exit $?"'
        for launcher in (sh, f"{sh} env A=1 timeout 60", "nice -n 1 setsid --wait"):
            with self.subTest(launcher=launcher):
                self.project(f"read x < {gate}", launcher=launcher)
                ctest = self.run_ctest()
                self.assert_owned_by(ctest.pid, gate)
                ctest.finish()

    def test_an_ide_above_ctest(self):
        gate, end = self.gate(), self.gate("end")
        self.project(f"read x < {gate}")
        ide = self.stranger("sh", "-c", f"{CTEST} >/dev/null & echo $!; wait; read x < {end}",
                            cwd=self.build)
        self.assert_owned_by(int(ide.process.stdout.readline()), gate)
        end.wait_until_reached()
        self.assertTrue(ide.runs())

    def test_two_ctest_in_one_build_folder(self):
        first_gate, second_gate = self.gate("first"), self.gate("second")
        self.project("read x < $GATE")
        first = self.background(CTEST, cwd=self.build, env={"GATE": str(first_gate)})
        first_gate.wait_until_reached()
        pid = self.api.pid()
        second = self.background(CTEST, cwd=self.build, env={"GATE": str(second_gate)})
        second_gate.wait_until_reached()
        first_gate.open()
        result = first.finish()
        self.assertEqual(result.code, 0, result)
        self.assertEqual((self.api.pid(), self.api.state()["phase"]), (pid, "ready"))
        second_gate.open()
        result = second.finish()
        self.assertEqual(result.code, 0, result)
        self.assert_nothing_left([self.api])

    def test_the_output_of_a_start_ends_with_it(self):
        """CTest waits until every heir of a test's pipes has closed them."""
        self.project("true")
        api = self.service("api", program("leaves_grandchild"), 0, ready=[("LOG", "^ready$")])
        result = self.run_ctest("-R", "api.start").finish()
        self.assertEqual(result.code, 0, result)
        self.wait_until_all_ended()


if __name__ == "__main__":
    harness.main()
