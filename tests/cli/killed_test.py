"""What becomes of a service whose supervisor is killed: its successor ends it, or, if that was killed
with it, the next start, stop or down."""

import json
import os
import signal
import subprocess
from pathlib import Path

import harness
from harness import ServiceTest, program

KILLED = "its supervisor was killed; what it left has been stopped"


class Killed(ServiceTest):
    def listening(self, **options):
        return self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"], **options)

    def kill_supervisor(self, service):
        """Returns when its successor has done its work."""
        last = service.successor()
        self.signal(signal.SIGKILL, service.supervisor())
        self.wait_until_gone(last)

    def kill_both(self, service):
        last, supervisor = service.successor(), service.supervisor()
        self.signal(signal.SIGSTOP, last)  # so that it has no moment of its own
        self.signal(signal.SIGKILL, supervisor)
        self.signal(signal.SIGKILL, last)
        self.wait_until_gone(last)

    def assert_stop_tells(self, service, more=""):
        self.assert_text(self.gentle("stop", service.spec, code=1).err,
                         f"gentle: error: stop service '{service.name}': {KILLED}\n{more}")
        self.assert_nothing_left([service])
        self.assertEqual(service.state()["phase"], "stopped")
        self.assertEqual(self.gentle("stop", service.spec).out, f"{service.name}: not running\n")


class Stopped(Killed):
    """Somebody has stopped a supervisor, or its successor, by SIGSTOP."""

    WARNING = ("gentle: warning: service 'api': its supervisor (pid {}) was stopped (SIGSTOP); "
               "continued it\n")

    def test_supervisor(self):
        for command in ("start", "stop"):
            with self.subTest(command):
                api = self.listening()
                api.start()
                pid = api.supervisor()
                self.signal(signal.SIGSTOP, pid)
                self.assertIn(self.WARNING.format(pid), self.gentle(command, api.spec).err)
                api.stop_only()

    def test_down_goes_on(self):
        api, web = self.listening(), self.service("web", program("listens_tcp"), "@WEB_PORT@", ports=["http"])
        api.start()
        web.start()
        pid = api.supervisor()
        self.signal(signal.SIGSTOP, pid)
        self.assertIn(self.WARNING.format(pid), self.gentle("down", "--build", self.build).err)
        self.assert_nothing_left([api, web])

    def test_successor(self):
        api = self.listening()
        api.start()
        pid = api.successor()
        self.signal(signal.SIGSTOP, pid)
        self.assertIn(self.WARNING.format(pid), self.gentle("stop", api.spec).err)
        api.start()
        api.stop()

    def test_down_looks_for_guardians_of_a_service_that_is_over(self):
        api = self.listening()
        api.start()
        last, supervisor = api.successor(), api.supervisor()
        self.signal(signal.SIGSTOP, last)
        self.signal(signal.SIGTERM, supervisor)
        self.wait_until_gone(supervisor)
        self.assertIn(self.WARNING.format(last), self.gentle("down", "--build", self.build).err)
        self.assert_nothing_left([api])
        self.assert_text(self.gentle("down", "--build", self.build).out, "")


class Signalled(Killed):
    """The signal went to the supervisor: some services send one to the process that has started them."""

    def test_by_the_service(self):
        gate, never = self.gate(), self.gate("never")
        api = self.service("api", "/bin/sh", "-c", f"echo ready; read x < {gate}; kill -TERM $PPID; read x < {never}",
                           ready=[("LOG", "ready")])
        api.start()
        pid, last = api.pid(), api.successor()
        gate.open()
        gate.close()
        self.wait_until_gone(last)
        told = rf"its supervisor was sent SIGTERM by pid {pid} \(/bin/sh .*\), a process of the service; api: stopped by SIGINT"
        self.assertRegex(api.state()["message"], told)
        result = self.gentle("run", "--with", api.spec, "--", "true", code=125)
        self.assertRegex(result.err, f"gentle: error: use service 'api': {told}")
        stop = api.stop(code=1)
        self.assertRegex(stop.err, f"gentle: error: stop service 'api': {told}")
        self.assertEqual(api.stop().out, "api: not running\n")
        api.start()
        api.stop_only()

    def test_by_somebody(self):
        """That is as good as `gentle stop`; but who needs it is told why it does not run any more."""
        api = self.listening()
        api.start()
        last = api.successor()
        self.signal(signal.SIGTERM, api.supervisor())
        self.wait_until_gone(last)
        told = f"its supervisor was sent SIGTERM by pid {os.getpid()} (<any>); api: stopped by SIGINT"
        self.assert_text(self.gentle("run", "--with", api.spec, "--", "true", code=125).err, f"""\
gentle: error: use service 'api': it was not started, or is stopped already
its last end: {told} after <time>: exit status 0
hint: gentle start {api.spec}, or ctest without -FS, -FA and -E for this fixture
""")
        self.assertEqual(api.stop().out, "api: not running\n")

    def test_by_somebody_while_it_starts(self):
        gate = self.gate()
        api = self.service("api", program("listens_tcp"), "@API_PORT@", "v4", gate, ports=["http"])
        start = api.start_in_background()
        gate.wait_until_reached()
        api.settle()
        self.signal(signal.SIGHUP, api.supervisor())
        self.assertIn("it was stopped before it was ready: its supervisor was sent SIGHUP by pid "
                      f"{os.getpid()} (", start.finish().err)
        self.assertEqual(self.processes_left(), {})


class WithoutMark(Killed):
    def test_what_has_cleared_its_environment_is_found_by_its_session(self):
        api = self.service("api", "/bin/sh", "-c", "exec env -i sh -c 'trap : INT; sleep 1000 & "
                           "echo ready; while :; do wait; done'", ready=[("LOG", "ready")],
                           stop=[("SIGINT", 0.2), ("SIGTERM", 5)])
        api.start()
        pid = api.pid()
        self.kill_both(api)
        self.gentle("down", "--build", self.build, code=1)
        self.wait_until_gone(pid)
        self.assert_nothing_left([api])


class AtItsBegin(Killed):
    def test_what_nobody_has_noted_yet_is_found(self):
        """Its pid stands in the state a little later."""
        api = self.service("api", "/bin/sh", "-c", "trap '' INT TERM HUP; read -r _ _ _ last _ < /proc/$PPID/stat; "
                           "kill -STOP $last; kill -KILL $PPID $last; while :; do sleep 1000; done", ready=[("LOG", "never")],
                           stop=[("SIGTERM", 0.2)])
        self.gentle("start", api.spec, code=125)
        self.assertIn(KILLED, self.gentle("stop", api.spec, code=1).err)
        self.assert_nothing_left([api])


class WithoutState(Killed):
    def test_down_asks_the_control_socket(self):
        api = self.listening()
        api.start()
        pid = api.pid()
        (api.state_dir / "state.json").unlink()
        Path(api.spec).rename(f"{api.spec}.away")
        self.assertIn("api: stopped by SIGINT", self.gentle("down", "--build", self.build).out)
        self.wait_until_gone(pid)
        Path(f"{api.spec}.away").rename(api.spec)

    def test_down_removes_a_socket_that_nobody_listens_to(self):
        api = self.listening()
        api.start()
        pid = api.pid()
        self.kill_both(api)
        (api.state_dir / "state.json").unlink()
        self.gentle("down", "--build", self.build)
        self.assertFalse((api.state_dir / "control").exists())
        self.wait_until_gone(pid)  # of its supervisor's death it is told by the kernel


class TheSuccessor(Killed):
    def test_ends_the_service(self):
        api = self.listening()
        api.start()
        self.kill_supervisor(api)
        self.assert_nothing_left([api])
        self.assertEqual(api.state()["phase"], "died")
        self.assertIn("api: its supervisor was killed; stopping it in its place\n", api.journal())
        self.assertIn("api: nothing of it is left\n", api.journal())
        self.assert_stop_tells(api)
        api.start()
        api.stop()

    def test_the_service_gets_its_gentle_signal_once(self):
        door = self.gate("door")
        api = self.service("api", program("tells_signals"), 1, door,
                           ready=[("LOG", "main runs"), ("LOG", "worker 1 runs")])
        api.start()
        last = api.successor()
        self.signal(signal.SIGKILL, api.supervisor())
        door.open()
        self.wait_until_gone(last)
        self.assertEqual([line for line in api.lines() if "got" in line], ["main got SIGINT"])
        self.assert_stop_tells(api)

    def test_so_does_one_in_a_shell(self):
        """The shell is sent it by the kernel, the others of its group by the successor."""
        door = self.gate("door")
        api = self.service("api", f"exec '{program('tells_signals')}' 1 '{door}'", shell=True,
                           ready=[("LOG", "main runs"), ("LOG", "worker 1 runs")])
        api.start()
        last = api.successor()
        self.signal(signal.SIGKILL, api.supervisor())
        self.wait_for_lines(api, "worker 1 got", 1)
        door.open()
        self.wait_until_gone(last)
        self.assertEqual(sorted(line for line in api.lines() if "got" in line),
                         ["main got SIGINT", "worker 1 got SIGINT"])
        self.assert_stop_tells(api)

    def test_what_a_readiness_command_left_costs_no_time(self):
        api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"],
                           ready=[("TCP", "http"), ("COMMAND", "sh", "-c", "setsid sleep 1000 & exit 0")],
                           stop=[("SIGINT", 2 * harness.LONGEST)])
        for kill in self.kill_supervisor, self.kill_both:
            with self.subTest(kill.__name__):
                api.start()
                kill(api)
                self.assertNotIn("had to kill", api.journal())
                self.assert_stop_tells(api)  # not by the end of the plan

    def test_follows_the_plan(self):
        api = self.service("api", program("ignores_sigint"), ready=[("LOG", "^running$")],
                           stop=[("SIGINT", 0.1), ("SIGTERM", 20)])
        api.start()
        self.kill_supervisor(api)
        self.assertNotIn("had to kill", api.journal())
        self.assert_stop_tells(api)

    def test_kills_what_outlives_the_plan_and_names_it(self):
        api = self.service("api", program("ignores_sigint_and_sigterm"),
                           ready=[("LOG", "^running$")], stop=[("SIGINT", 0.1), ("SIGTERM", 0.1)])
        api.start()
        pid = api.pid()
        self.kill_supervisor(api)
        self.assertIn(f"api: had to kill pid {pid} ({program('ignores_sigint_and_sigterm')})\n",
                      api.journal())
        self.assert_stop_tells(api)

    def test_continues_what_is_stopped(self):
        api = self.listening()
        api.start()
        self.signal(signal.SIGSTOP, api.pid())
        self.kill_supervisor(api)
        self.assertNotIn("had to kill", api.journal())
        self.assert_stop_tells(api)

    def test_finds_daemons(self):
        for how, seconds in ("SIGINT", 20), ("nothing", 0.1):
            with self.subTest(how=how):
                api = self.service("api", program("forks_daemon"), "@API_PORT@", "stays", how,
                                   ports=["http"], stop=[("SIGINT", seconds), ("SIGTERM", seconds)])
                api.start()
                self.kill_supervisor(api)
                self.assertEqual("had to kill" in api.journal(), how == "nothing")
                self.assert_stop_tells(api)

    def test_does_not_need_the_state(self):
        api = self.listening()
        api.start()
        last, supervisor = api.successor(), api.supervisor()
        (api.state_dir / "state.json").write_text("{")
        self.signal(signal.SIGKILL, supervisor)
        self.wait_until_gone(last)
        self.assertEqual(self.processes_left(), {})
        (api.state_dir / "state.json").unlink()

    def test_prefork_workers(self):
        api = self.service("api", program("preforks"), "@API_PORT@", 4, ports=["http"])
        api.start()
        self.kill_supervisor(api)
        self.assert_stop_tells(api)

    def test_a_shell_and_its_group(self):
        api = self.service("api", f"'{program('listens_tcp')}' @API_PORT@; true", shell=True,
                           ports=["http"])
        api.start()
        self.kill_supervisor(api)
        self.assertNotIn("had to kill", api.journal())
        self.assert_stop_tells(api)

    def test_a_stop_waits_for_it(self):
        door = self.gate("door")
        api = self.service("api", program("tells_signals"), 0, door, ready=[("LOG", "main runs")])
        api.start()
        self.signal(signal.SIGKILL, api.supervisor())
        door.wait_until_reached()
        stop = self.background(harness.GENTLE, "stop", api.spec)
        self.assertTrue(stop.runs())
        door.open()
        self.assertIn(KILLED, stop.finish().err)
        self.assert_nothing_left([api])

    def test_a_start_in_its_way_waits_for_it(self):
        door = self.gate("door")
        api = self.service("api", program("tells_signals"), 0, door, ready=[("LOG", "main runs")])
        api.start()
        self.signal(signal.SIGKILL, api.supervisor())
        door.wait_until_reached()
        start = api.start_in_background()
        door.open()
        result = start.finish()
        self.assertEqual(result.code, 0, result)
        door.close()
        stop = self.background(harness.GENTLE, "stop", api.spec)
        door.open()
        self.assertEqual(stop.finish().code, 0)

    def test_while_a_start_waits(self):
        gate = self.gate()
        api = self.service("api", program("listens_tcp"), "@API_PORT@", "v4", gate, ports=["http"])
        start = api.start_in_background()
        gate.wait_until_reached()
        api.settle()
        self.signal(signal.SIGKILL, api.supervisor())
        self.assert_text(start.finish().err, f"""\
gentle: error: supervise service 'api': its supervisor ended unexpectedly
its log: {api.state_dir}/supervisor.log
""")
        self.assert_nothing_left([api])
        self.assert_stop_tells(api)

    def test_that_is_killed_alone_is_not_missed(self):
        api = self.listening()
        api.start()
        last = api.successor()
        self.signal(signal.SIGKILL, last)
        self.wait_until_gone(last)
        api.settle()
        self.assertEqual(api.state()["phase"], "ready")
        api.stop()


class BothKilled(Killed):
    def test_the_main_process_is_told_by_the_kernel(self):
        api = self.listening()
        api.start()
        pid = api.pid()
        self.kill_both(api)
        self.wait_until_gone(pid)
        self.assert_stop_tells(api)

    def test_the_next_stop_finds_all_that_is_left(self):
        api = self.service("api", program("forks_daemon"), "@API_PORT@", "stays", "nothing",
                           ports=["http"], stop=[("SIGINT", 0.1), ("SIGTERM", 0.1)])
        api.start()
        pid = api.pid()
        self.kill_both(api)
        self.wait_until_gone(pid)
        self.assertEqual(len(self.processes_left()), 1)  # the daemon, which nobody watches now
        self.assert_stop_tells(api, f"  killed: pid <n> ({program('forks_daemon')} {api.port()} "
                               "stays nothing)\n")

    def test_the_next_start_does_too(self):
        api = self.service("api", program("forks_daemon"), "@API_PORT@", "stays",
                           ports=["http"], stop=[("SIGINT", 0.1), ("SIGTERM", 20)])
        api.start()
        self.kill_both(api)
        api.start()
        self.assertEqual(len(self.processes_left()), 4)  # of the new instance alone
        api.stop()

    def test_down_does_too(self):
        api = self.service("api", program("forks_daemon"), "@API_PORT@", "stays",
                           ports=["http"], stop=[("SIGINT", 0.1), ("SIGTERM", 0.1)])
        api.start()
        self.kill_both(api)
        self.assertIn(KILLED, self.gentle("down", cwd=self.build, code=1).err)
        self.assert_nothing_left([api])

    def test_a_stranger_with_the_same_pid_lives_on(self):
        """A pid that was used again is told by its start time, and after a reboot by the boot."""
        stranger = self.stranger("cat", "/dev/zero")
        start_time = int(harness.Path(f"/proc/{stranger.pid}/stat").read_text().rpartition(")")[2]
                         .split()[19])
        for change in ({"start_time": start_time - 1}, {"boot": "another"}):
            with self.subTest(change=change):
                api = self.listening()
                api.start()
                self.kill_supervisor(api)
                state = api.state()
                state["main"] = {"pid": stranger.pid, "start_time": start_time}
                state["supervisor"] = state["main"]
                if "start_time" in change:
                    state["main"]["start_time"] = change["start_time"]
                else:
                    state["boot_id"] = change["boot"]
                (api.state_dir / "state.json").write_text(json.dumps(state))
                self.gentle("down", cwd=self.build, code=None)
                self.assertTrue(stranger.runs())
                self.assertEqual(api.state()["phase"], "stopped")

    def test_after_a_reboot_there_is_nothing_to_stop(self):
        api = self.listening()
        api.start()
        self.kill_supervisor(api)
        state = {**api.state(), "boot_id": "another", "phase": "ready"}
        (api.state_dir / "state.json").write_text(json.dumps(state))
        self.assertEqual(self.gentle("down", cwd=self.build).out, "api: not running\n")
        self.assertEqual((api.state()["phase"], api.state()["message"]),
                         ("stopped", "the machine was started anew"))


class Detached(ServiceTest):
    def test_a_walk_over_the_children_of_a_start_finds_nothing(self):
        """As ctest does at a test's time-out: it kills all that it finds that way."""
        gate = self.gate()
        api = self.service("api", program("listens_tcp"), "@API_PORT@", "v4", gate, ports=["http"])
        start = api.start_in_background()
        gate.wait_until_reached()
        found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(start.pid)], capture_output=True,
                               text=True, check=False).stdout
        self.assertEqual(found.strip(), "")
        gate.open()
        self.assertEqual(start.finish().code, 0)
        api.stop()


if __name__ == "__main__":
    harness.main()
