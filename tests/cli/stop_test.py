"""`gentle stop`: the plan's signals, who gets them, and what is said of the end."""

import os
import shlex
import shutil
import signal

import harness
from harness import GENTLE, ServiceTest, program


class Stop(ServiceTest):
    def runs(self, name, *arguments, ready="^running$", **options):
        return self.service("api", program(name), *arguments, ready=[("LOG", ready)], **options)

    def stop_in_background(self, service):
        return self.background(GENTLE, "stop", service.spec)

    def test_sigint_first(self):
        api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])
        api.start()
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: exit status 0\n")
        self.assertEqual(api.state()["phase"], "stopped")
        self.assertEqual(api.state()["end"], {"exit_code": 0})

    def test_again_is_a_pass(self):
        api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])
        self.assertEqual(api.stop().out, "api: not running\n")
        api.start()
        api.stop()
        self.assertEqual(api.stop().out, "api: not running\n")

    def test_death_by_the_plan_s_own_signal_is_a_good_end(self):
        api = self.service("api", "sleep", "1000", ready=[("COMMAND", "true")])
        api.start()
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: death by SIGINT\n")

    def test_a_wrong_exit_status(self):
        api = self.runs("exits_with_3_on", 2)
        api.start()
        self.assert_text(api.stop(code=1).err, f"""\
gentle: error: stop service 'api': exit status 3 after SIGINT (<time>)
last lines of its log, {api.log_path}:
  | running
  | got it
hint: mend the service's shutdown; if this is its good end: EXIT_CODES 0 3
""")

    def test_an_exit_status_that_was_said_to_be_good(self):
        api = self.runs("exits_with_3_on", 2, exit_codes=[0, 3])
        api.start()
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: exit status 3\n")

    def test_exit_codes_replace_the_default(self):
        api = self.service("api", "sleep", "1000", ready=[("COMMAND", "true")], exit_codes=[0])
        api.start()
        self.assertIn("death by SIGINT after SIGINT (", api.stop(code=1).err)

    def test_a_signal_that_was_said_to_be_good(self):
        api = self.runs("dies_when_told", self.gate(), 0, stop=[("SIGTERM", 5)],
                        exit_codes=["SIGTERM"])
        api.start()
        self.assert_text(api.stop().out, "api: stopped by SIGTERM after <time>: death by SIGTERM\n")

    def test_the_next_signal_of_the_plan(self):
        api = self.runs("ignores_sigint", stop=[("SIGINT", 0.2), ("SIGTERM", 5)])
        api.start()
        result = api.stop()
        self.assert_text(result.out, f"""\
api: stopped by SIGINT, SIGTERM after <time>: death by SIGTERM
api: SIGINT did not end it within <time>:
  pid <n> ({program("ignores_sigint")}) ignores SIGINT
hint: let it end on SIGINT, or name a signal that ends it: STOP SIGTERM 10
""")
        self.assertGreaterEqual(result.seconds, 0.2)

    def test_sigkill_ends_the_plan(self):
        api = self.runs("ignores_sigint_and_sigterm", stop=[("SIGINT", 0.1), ("SIGTERM", 0.2)])
        api.start()
        pid = api.pid()
        self.assert_text(api.stop(code=1).err, f"""\
gentle: error: stop service 'api': it did not end within 100 ms of SIGINT and 200 ms of SIGTERM, \
SIGKILL ended it
  killed: pid {pid} ({program("ignores_sigint_and_sigterm")})
last lines of its log, {api.log_path}:
  | running
hint: it ignores SIGINT; name a signal that ends it: STOP SIGTERM 10
""")

    def test_it_had_died_before(self):
        gate = self.gate()
        kills = "gentle did not kill it: was memory short (dmesg | grep -i 'killed process'), or was it " \
                "kill -9?"
        runs = "a service runs until it is stopped; READY EXIT is for one that ends by itself"
        for how, end, hint in ((3, "it had ended by itself: exit status 3", runs),
                               ("SIG:9", "it had ended by itself: death by SIGKILL", kills),
                               ("SIG:11", "it crashed: SIGSEGV", "<any>core<any>"),
                               ("SIG:6", "it aborted: SIGABRT", "<any>core<any>"),
                               (139, "it had ended by itself: exit status 139, as of a shell whose "
                                "program died by SIGSEGV", "<any>core<any>")):
            with self.subTest(how=how):
                api = self.runs("dies_when_told", gate, how)
                api.start()
                pid = api.pid()
                gate.open()
                self.wait_until_gone(pid)
                self.assert_text(api.stop(code=1).err, f"""\
gentle: error: stop service 'api': {end}, <time> after it was ready
last lines of its log, {api.log_path}:
  | running
  | told to die
hint: {hint}
""")
                gate.close()

    def test_a_good_exit_status_does_not_excuse_an_early_end(self):
        gate = self.gate()
        api = self.runs("dies_when_told", gate, 0)
        api.start()
        pid = api.pid()
        gate.open()
        self.wait_until_gone(pid)
        self.assertIn("it had ended by itself: exit status 0, ", api.stop(code=1).err)

    def test_a_stopped_service_is_continued(self):
        api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])
        api.start()
        self.signal(signal.SIGSTOP, api.pid())
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: exit status 0\n")

    def test_the_stop_of_a_service_that_is_not_ready_yet(self):
        gate = self.gate()
        api = self.service("api", program("listens_tcp"), "@API_PORT@", "v4", gate, ports=["http"])
        start = api.start_in_background()
        gate.wait_until_reached()
        # Not api.stop(): the start may take a moment more to say what has become of it.
        stopped = self.gentle("stop", api.spec)
        self.assertEqual(stopped.out, "api: had not become ready; nothing of it is left\n")
        result = start.finish()
        self.assert_nothing_left([api])
        self.assertEqual((result.code, result.err), (1, "gentle: error: start service 'api': it "
                                                     "was stopped before it was ready\n"))

    def test_two_stops_at_once(self):
        gate = self.gate()
        api = self.service("api", program("tells_signals"), 0, gate,
                           ready=[("LOG", "^main runs$")])
        api.start()
        stops = [self.stop_in_background(api) for _ in range(4)]
        gate.open()
        for stop in stops:
            self.assertEqual(stop.finish().code, 0)


class Inherited(ServiceTest):
    """A shell's `cmd &` starts everything with SIGINT and SIGQUIT ignored."""

    def test_sigint_works_though_it_was_ignored(self):
        api = self.service("api", program("tells_inheritance"), ready=[("LOG", "^done$")])
        started = self.background("sh", "-c", f"'{GENTLE}' start {api.spec} & wait $!").finish()
        self.assertEqual(started.code, 0, started)
        self.assertIn("ignored:", api.lines())
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: exit status 0\n")

    def test_default_sigint_works_though_it_was_ignored(self):
        api = self.service("api", "sleep", "1000", ready=[("COMMAND", "true")])
        started = self.background("sh", "-c", f"'{GENTLE}' start {api.spec} & wait $!").finish()
        self.assertEqual(started.code, 0, started)
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: death by SIGINT\n")

    def test_a_supervisor_below_such_a_shell_can_be_told_too(self):
        api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])
        self.background("sh", "-c", f"'{GENTLE}' start {api.spec} & wait $!").finish()
        last = api.successor()
        self.signal(signal.SIGINT, api.supervisor())
        self.wait_until_gone(last)
        self.assert_nothing_left([api])


class Tells(ServiceTest):
    def tells(self, workers, *more, shell=False, **options):
        self.door = self.gate("door")
        command = [program("tells_signals"), workers, self.door, *more]
        if shell:
            command = [shlex.join(map(str, command)) + "; true"]  # the shell stays
        processes = workers + 1
        count = f'[ "$(grep -c runs "$API_LOG")" = {processes} ]'
        return self.service("api", *command, shell=shell, ready=[("COMMAND", "sh", "-c", count)],
                            **options)

    def told(self, api):
        return sorted(line for line in api.lines() if " got " in line)


class Wrapper(Tells):
    """A command that starts the service, waits for it, and is what the first signal goes to."""

    def behind(self, wrap, **options):
        """The service behind what `wrap` makes of its command."""
        self.door = self.gate("door")
        command = [program("tells_signals"), "0", str(self.door)]
        return self.service("api", *wrap(command), ready=[("LOG", "^main runs$")], **options)

    def assert_is_told_once(self, api):
        """Soon, and while it takes its time no second time. Returns what the stop says."""
        api.start()
        stop = self.background(GENTLE, "stop", api.spec)
        self.wait_for_lines(api, "got SIGINT", 1)
        with self.assertRaises(TimeoutError):
            self.wait_until_gone(stop.pid, seconds=0.8)
        self.door.open()
        result = stop.finish()
        self.door.close()
        self.assertEqual(self.told(api), ["main got SIGINT"])
        self.assertEqual(result.code, 0, result)
        self.assert_nothing_left([api])
        return result.out

    def assert_is_told_in_its_place(self, wrap):
        out = self.assert_is_told_once(self.behind(wrap))
        self.assert_text(out, f"""\
api: stopped by SIGINT after <time>: <any>
api: SIGINT was not passed on to pid <n> ({program("tells_signals")} 0 {self.door}), so it was sent \
there as well
hint: let COMMAND be the program itself and not what starts it (in a shell: exec <program>), or say \
SHELL
""")
        os.unlink(str(self.door))

    def test_shells_that_wait(self):
        for shell in filter(shutil.which, ("sh", "bash", "dash")):
            with self.subTest(shell):
                self.assert_is_told_in_its_place(
                    lambda command, shell=shell: [shell, "-c", shlex.join(command) + "; true"])

    def test_other_programs_that_wait(self):
        for wrapper in ["unshare", "--fork"], ["setsid", "--wait"], ["flock", self.work], \
                ["strace", "-f", "-o", "/dev/null"]:
            if not shutil.which(wrapper[0]) or (wrapper[0] == "unshare" and os.geteuid() != 0):
                continue
            with self.subTest(wrapper[0]):
                self.assert_is_told_in_its_place(lambda command, wrapper=wrapper: wrapper + command)

    def test_one_within_another(self):
        def wrap(command):
            inner = shlex.join(command) + "; true"
            return ["sh", "-c", f"sh -c {shlex.quote(inner)}; true"]

        out = self.assert_is_told_once(self.behind(wrap))
        self.assertEqual(out.count("SIGINT was not passed on to pid "), 2)

    def test_one_that_passes_it_on(self):
        """--foreground: else timeout(1) itself tells twice, the process and then its group."""
        self.assert_text(
            self.assert_is_told_once(
                self.behind(lambda command: ["timeout", "--foreground", "99", *command])),
            "api: stopped by SIGINT after <time>: exit status 0\n")

    def test_one_that_becomes_the_service(self):
        self.assert_text(self.assert_is_told_once(self.behind(lambda command: ["env", *command])),
                         "api: stopped by SIGINT after <time>: exit status 0\n")

    def test_a_background_job_ignores_it(self):
        """POSIX: so does what a shell starts by &, and the next signal need not wait."""
        for shell in False, True:
            with self.subTest(shell=shell):
                line = "sleep 1000.5 & wait"
                api = self.service("api", *([line] if shell else ["sh", "-c", line]), shell=shell,
                                   ready=[("COMMAND", "pgrep", "-xf", "sleep 1000.5")],
                                   stop=[("SIGINT", 60), ("SIGTERM", 20)])
                api.start()
                self.assert_text(api.stop().out, """\
api: stopped by SIGINT, SIGTERM after <time>: death by SIGINT
api: SIGINT did not end it:
  pid <n> (sleep 1000.5) ignores SIGINT
hint: let it end on SIGINT, or name a signal that ends it: STOP SIGTERM 10
""")

    def test_what_cannot_be_known_to_be_untold_is_let_alone(self):
        """It runs all the time, so it may have been told."""
        api = self.service("api", "sh", "-c", "yes always > /dev/null; true",
                           ready=[("COMMAND", "pgrep", "-xf", "yes always")],
                           stop=[("SIGINT", 0.3), ("SIGTERM", 20)])
        api.start()
        result = api.stop()
        self.assert_text(result.out, """\
api: stopped by SIGINT, SIGTERM after <time>: death by SIGTERM
api: SIGINT did not end it within <time>:
  pid <n> (sh -c yes always > /dev/null; true) passes nothing on and waits for its children
  pid <n> (yes always)
hint: let COMMAND be the program itself and not what starts it (in a shell: exec <program>), or say \
SHELL
""")
        self.assertGreaterEqual(result.seconds, 0.3)


class LongWaits(Tells):
    def test_what_is_waited_for_is_told(self):
        gate = self.gate()
        api = self.service("api", program("listens_tcp"), "@API_PORT@", "v4", gate, ports=["http"],
                           ready=[("TCP", "http")])
        start = api.start_in_background()
        self.assert_text(harness.text_of(start.process.stderr.readline()),
                         "api: waiting for TCP port <n> (http): nobody listens; <time> of 20 s\n")
        gate.open()
        self.assertEqual(start.finish().code, 0)
        api.stop()
        gate.close()
        tells = self.tells(0)
        tells.start()
        stop = self.background(GENTLE, "stop", tells.spec)
        pid, door = tells.pid(), self.door
        self.assert_text(harness.text_of(stop.process.stderr.readline()),
                         f"api: waiting for the end of pid {pid} ({program('tells_signals')} 0 {door}), "
                         f"pid <n> ({program('tells_signals')} 0 {door}); <time> of 15 s\n")
        self.door.open()
        self.assertEqual(stop.finish().code, 0)


class WhoIsTold(Tells):
    def test_the_main_process_alone(self):
        api = self.tells(2)
        api.start()
        stop = self.background(GENTLE, "stop", api.spec)
        self.door.open()
        self.assertEqual(stop.finish().code, 0)
        self.assertEqual(self.told(api), ["main got SIGINT"])

    def test_workers_whose_parent_passes_it_on_get_it_once(self):
        api = self.tells(2, "forwards")
        api.start()
        stop = self.background(GENTLE, "stop", api.spec)
        self.door.open()
        self.assertEqual(stop.finish().code, 0)
        self.assertEqual(self.told(api), ["main got SIGINT", "worker 1 got SIGINT",
                                          "worker 2 got SIGINT"])

    def test_everyone_when_it_takes_too_long(self):
        api = self.tells(2, stop=[("SIGINT", 0.2), ("SIGTERM", 20)])
        api.start()
        stop = self.background(GENTLE, "stop", api.spec)
        self.door.wait_until_reached()
        self.wait_for_lines(api, "got SIGTERM", 3)
        self.door.open()
        self.assertEqual(stop.finish().code, 0)
        self.assertEqual(self.told(api), ["main got SIGINT", "main got SIGTERM",
                                          "worker 1 got SIGTERM", "worker 2 got SIGTERM"])

    def test_the_whole_group_of_a_shell(self):
        api = self.tells(2, shell=True)
        api.start()
        stop = self.background(GENTLE, "stop", api.spec)
        self.wait_for_lines(api, "got SIGINT", 3)
        # The shell has died of the signal; who needs longer is not told a second time.
        with self.assertRaises(TimeoutError):
            self.wait_until_gone(stop.pid, seconds=0.8)
        self.door.open()
        result = stop.finish()
        self.assert_text(result.out, "api: stopped by SIGINT after <time>: death by SIGINT\n")
        self.assertEqual(self.told(api), ["main got SIGINT", "worker 1 got SIGINT",
                                          "worker 2 got SIGINT"])

    def test_a_shell_that_becomes_the_service(self):
        api = self.service("api", f"exec '{program('listens_tcp')}' $API_PORT", shell=True,
                           ports=["http"])
        api.start()
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: exit status 0\n")

    def test_a_stopped_child_of_a_shell_is_continued(self):
        api = self.service("api", f"'{program('listens_tcp')}' $API_PORT; true", shell=True,
                           ports=["http"])
        api.start()
        child = self.children(api.pid())[0]
        self.signal(signal.SIGSTOP, child)
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: death by SIGINT\n")

    def test_what_outlives_its_leader_is_told_to_end(self):
        api = self.service("api", program("leaves_grandchild"), 0, ready=[("LOG", "^ready$")])
        api.start()
        result = api.stop()
        self.assert_text(result.out, "api: stopped by SIGINT after <time>: exit status 0; "
                         "what it left ended <time> later\n")

    def test_a_daemon_that_left_the_group_is_told_to_end(self):
        api = self.service("api", program("forks_daemon"), "@API_PORT@", "stays", ports=["http"])
        api.start()
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: exit status 0; "
                         "what it left ended <time> later\n")

    def test_what_does_not_end_is_named(self):
        def attempt(seconds, words):
            api = self.service("api", program("forks_daemon"), "@API_PORT@", "stays", "nothing",
                               ports=["http"], stop=[("SIGINT", seconds), ("SIGTERM", 0.1)])
            api.start()
            port = api.port()
            self.assert_text(api.stop(code=1).err, f"""\
gentle: error: stop service 'api': processes that it left did not end within {words} of SIGINT and \
100 ms of SIGTERM, SIGKILL ended them
  killed: pid <n> ({program("forks_daemon")} {port} stays nothing)
log is empty: {api.log_path}
hint: let the service wait for its children, or end them itself
""")

        self.with_time_enough(attempt)  # for the end of its main process

    def children(self, pid):
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]


if __name__ == "__main__":
    harness.main()
