"""One cell of the matrix, in a process and a folder of its own: cell.py <name> <folder>.

    A run of ctest comes to the moment, is ended, and soon nothing is left of it. Everybody must
    have been told gently first, and the next run in the folder has to do as the service does.

Prints what went wrong, and all that one needs to see why. Times are those of the monotonic clock.
"""

import datetime
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path

import cells
from inner import PATIENCE, Ctest, Failed, Gates, read_record

sys.path.append(str(Path(__file__).resolve().parents[1] / "lib"))
import left  # noqa: E402  pylint: disable=wrong-import-position
import proc  # noqa: E402  pylint: disable=wrong-import-position

GENTLE = os.environ["GENTLE"]
PROGRAMS = os.environ["GENTLE_MATRIX_PROGRAMS"]
CMAKE = os.environ.get("GENTLE_CMAKE", "cmake")
CTEST = os.environ.get("GENTLE_CTEST", "ctest")
HERE = Path(__file__).resolve().parent

GRACE = 2.0  # seconds that everything may take beyond the stop plan
STAYS = 20  # seconds after these; what is left then does not go any more
TIMEOUT = 4  # seconds, of the test or the setup where that is what ends the run
STOP_TIME = 6  # seconds until --stop-time
STOP_AHEAD = 2  # seconds before it begins the stop that it shall meet
# How much longer these times and the stop plan are, one attempt after the other, where the machine
# was too slow to come to the moment in time.
SLOWNESS = (1, 4, 10)

GATES = {"starting": "start", "ready": "held", "test": "client", "stopping": "stop"}


class TooSlow(Failed):
    """Something has not come in time, or was over too soon: where the machine was too slow nothing
    is wrong. What is wrong shows again where there is more time."""


class Run:
    """What a cell does."""

    def __init__(self, cell, folder, slowness=1):
        self.cell = cell
        self.slowness = slowness
        self.service = cell.service(slowness)
        self.folder = Path(folder)
        self.build = self.folder / "build"
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir(parents=True)
        self.gates = Gates(folder)
        self.remains = left.Remains(folder, self.build)
        self.ctest = None
        self.told = []  # for people
        self.longest = 0.0  # from the end to nothing left

    def environment(self):
        kept = {name: value for name, value in os.environ.items()
                if name in ("PATH", "LANG", "TZ") or name.endswith("SAN_OPTIONS")}
        return {**kept, "TMPDIR": str(self.temporary), "HOME": str(self.temporary),
                left.MARK: str(self.folder)}

    def note(self, text):
        self.told.append(f"{time.monotonic():.3f} {text}")

    # The run that is ended

    def configure(self):
        cell, service = self.cell, self.service
        plan = ";".join(f"{number.name};{wait:g}" for number, wait in service.plan)
        disturbance = f"{int(service.disturbance)}" if service.disturbance else ""
        if service.main_ends:
            disturbance += ";ends"
        given = {
            "CMAKE_MODULE_PATH": HERE.parent.parent / "cmake", "GENTLE_EXECUTABLE": GENTLE,
            "PROGRAMS": PROGRAMS, "SERVICE": service.program, "CELL": self.folder, "PLAN": plan,
            "READY": service.ready, "DISTURBANCE": disturbance,
            "SETUP_TIMEOUT": TIMEOUT * self.slowness if cell.end == "setup_timeout" else "",
            "TEST_TIMEOUT": TIMEOUT * self.slowness if cell.end == "test_timeout" else 170}
        command = [CMAKE, "-G", "Ninja", "-S", HERE / "project", "-B", self.build,
                   *(f"-D{name}={value}" for name, value in given.items())]
        done = subprocess.run(command, env=self.environment(), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)
        if done.returncode != 0 or "Warning" in done.stdout:
            raise Failed(f"the project does not configure:\n{done.stdout}")

    def start(self):
        cell = self.cell
        if not (cell.moment == "stopping" and not self.holds_at_stop()):
            self.gates.make(GATES[cell.moment])
        command = [CTEST]
        if cell.end == "stop_on_failure":
            command.append("--stop-on-failure")
            if cell.moment != "test":
                self.gates.make("beside")
        if cell.end == "stop_time":
            self.stop_time = int(time.time()) + STOP_TIME * self.slowness
            at = datetime.datetime.fromtimestamp(self.stop_time)
            command += ["--stop-time", at.strftime("%H:%M:%S")]
            if cell.moment == "stopping":
                self.gates.make("client")
        above = {"ctrl_c": "terminal", "shell": "shell"}.get(cell.end, "")
        self.ctest = Ctest(command, self.build, self.environment(), self.folder / "first.xml",
                           above)

    def holds_at_stop(self):
        """Whether the service waits at the gate "stop" when it is told to."""
        return self.service.program not in ("ignores_sigint", "ignores_sigint_and_sigterm")

    def come_to_the_moment(self):
        moment = self.cell.moment
        if self.cell.end == "stop_time" and moment == "stopping":
            self.wait_for_event("at", "client")
            # Nothing but the clock tells when it is time.
            time.sleep(max(0, self.stop_time - STOP_AHEAD * self.slowness - time.time()))
            self.gates.open("client")
        if moment == "stopping" and not self.holds_at_stop():
            self.wait_for_event("got", "SIGINT")
        else:
            self.wait_for_event("at", GATES[moment])
        if self.cell.end == "stop_on_failure" and moment != "test":
            self.wait_for_event("at", "beside")
        self.ctest.runs(left.processes_of(self.folder))
        self.remains.know_sockets(self.port())
        if not self.remains.inodes:
            raise Failed("the service has no port, or no lock of it")
        self.note(f"{self.cell.moment}: {cells.MOMENTS[self.cell.moment]}")

    def wait_for_event(self, what, which):
        def found(record):
            return next((event for event in record
                         if event.what == what and event.more[:1] == [which]), None)
        seconds = PATIENCE
        if self.cell.end == "stop_time":
            seconds = max(0, self.stop_time - time.time())
        elif self.cell.end in ("test_timeout", "setup_timeout"):
            seconds = (TIMEOUT + 4) * self.slowness
        try:
            return self.gates.wait_for(found, f"'{what} {which}'", seconds)
        except Failed:
            if seconds == PATIENCE:
                raise
            raise TooSlow("the moment has not come in time") from None

    def check_that_it_still_stops(self):
        """By its first signal: a stop does not wait for us."""
        told = self.first_told()
        if told and time.monotonic() > told + self.service.plan[0][1] * 0.6:
            raise TooSlow("the stop goes on already")

    def check_that_its_time_has_not_come(self):
        """Of an end that comes by itself."""
        end, output = self.cell.end, self.ctest.output.text
        if end == "stop_time" and time.time() >= self.stop_time or \
                end in ("test_timeout", "setup_timeout") and "***Timeout" in output:
            raise TooSlow("the end came before the moment was used")

    def first_told(self):
        signals = [event.time for event in self.gates.record()
                   if event.what == "got" and event.more[0] == "SIGINT"]
        return min(signals, default=0)

    def main(self):
        return self.gates.wait_for(
            lambda record: next((event.pid for event in record
                                 if event.role == "main" and event.what == "runs"), None),
            "a service")

    def disturb(self):
        """Does to the main process what belongs to the behaviour, where the test has not done so:
        before it. What was stopped is continued by a stop signal, so it is stopped anew then."""
        signal_number, moment = self.service.disturbance, self.cell.moment
        if not signal_number or self.service.main_ends and moment == "starting":
            return
        if moment in ("starting", "ready"):
            main = self.main()
            os.kill(main, signal_number)
            if self.service.main_ends:
                left.wait_until_gone([main], time.monotonic() + PATIENCE)
        if signal_number == signal.SIGSTOP:
            main = self.main()
            os.kill(main, signal_number)
            # Only a parent is told of this. It may also have been continued already.
            deadline = time.monotonic() + 0.5
            while proc.state_of(main) not in "TZX" and time.monotonic() < deadline:
                os.sched_yield()
        self.note(f"{signal.Signals(signal_number).name} for the main process")

    def end_it(self):
        """Inflicts the end. `ended_at`: when that was; or when ctest ended, where it does so by
        itself."""
        cell, ctest = self.cell, self.ctest
        self.ended_at = time.monotonic()
        match cell.end:
            case "ctrl_c":
                ctest.press_ctrl_c()
            case "sigint":
                os.kill(ctest.pid, signal.SIGINT)
            case "sigterm":
                os.kill(ctest.pid, signal.SIGTERM)
            case "sigkill":
                os.kill(ctest.pid, signal.SIGKILL)
            case "shell":
                os.kill(ctest.shell, signal.SIGKILL)
                os.kill(ctest.pid, signal.SIGKILL)
            case "stop_on_failure":
                self.gates.open("client" if cell.moment == "test" else "beside", fail=True)
                ctest.output.wait_for(r"(client|beside) \.*\*\*\*Failed")
                self.gates.open(GATES[cell.moment])
            case "stop_time":
                self.check_that_its_time_has_not_come()
            case "test_timeout" | "setup_timeout":
                name = "client" if cell.end == "test_timeout" else "api.start"
                ctest.output.wait_for(name + r" \.*\*\*\*Timeout")
                self.ended_at = time.monotonic()
            case "kill_start" | "kill_run" | "kill_stop":
                os.kill(self.gentle(cell.end.removeprefix("kill_")), signal.SIGKILL)
            case "kill_supervisor":
                os.kill(self.supervisor(), signal.SIGKILL)
            case "kill_both":
                supervisor = self.supervisor()
                os.kill(proc.stat_of(supervisor).parent, signal.SIGKILL)
                os.kill(supervisor, signal.SIGKILL)
        self.note(cells.ENDS[cell.end])
        if cell.end not in cells.NO_CLEANUP:
            return
        ctest.wait()
        if cell.end in ("stop_on_failure", "stop_time"):
            self.ended_at = ctest.ended_at
        self.note("ctest has ended")

    def come_to_the_end(self):
        stopping = self.cell.moment == "stopping"
        try:
            self.come_to_the_moment()
            self.disturb()
            if stopping:
                self.check_that_it_still_stops()
            self.end_it()
        except (Failed, OSError):
            if stopping:
                self.check_that_it_still_stops()  # else it is no wonder
            self.check_that_its_time_has_not_come()
            raise

    def gentle(self, subcommand):
        found = [pid for pid, process in left.processes_of(self.folder).items()
                 if process.command.startswith(f"{GENTLE} {subcommand} ")]
        if len(found) != 1:
            raise Failed(f"one 'gentle {subcommand}' was expected, not {len(found)}")
        return found[0]

    def state(self):
        return json.loads((self.remains.state / "state.json").read_text())

    def supervisor(self):
        pid = self.state()["supervisor"]["pid"]
        main = self.main()
        stat = proc.stat_of(main)
        if stat and stat.parent != pid:
            raise Failed(f"state.json names supervisor {pid}, but {main}'s parent is {stat.parent}")
        return pid

    def port(self):
        """Known as soon as there was a state, which stays."""
        try:
            return int(self.state()["variables"]["API_PORT"])
        except (OSError, ValueError, KeyError):
            return 0

    def expect_nothing_left(self, spared=None):
        began = self.ended_at
        if self.cell.end in ("test_timeout", "kill_run") and not spared:
            # The end hits the test only; the stop begins when ctest gets to it.
            began = max(began, self.first_told())
        deadline = began + self.service.seconds() + GRACE
        things, when = self.remains.wait(self.port(), deadline, spared)
        self.longest = max(self.longest, when - began)
        self.note(f"nothing left after {when - began:.3f} s" if not things else "something is left")
        self.fail_if_left(things, f"{when - began:.1f} s after the end", spared)

    def fail_if_left(self, things, when, spared=None):
        """For good, or for too long, as on a machine that is slow."""
        if not things:
            return
        stays, _ = self.remains.wait(self.port(), time.monotonic() + STAYS, spared)
        raise (Failed if stays else TooSlow)(f"{when} is left:\n  " + "\n  ".join(stays or things))

    def look(self):
        """Where ctest goes on, first all of the service is gone, then it may end."""
        cell = self.cell
        if cell.end == "kill_supervisor":
            # Whatever becomes of this run, which is held up meanwhile, the service ends now.
            if cell.moment == "stopping":
                self.gates.open("stop")
            self.expect_nothing_left(spared=self.ctest.pid)
            self.gates.open(GATES[cell.moment])
        elif cell.moment in ("ready", "stopping") or cell.end == "kill_both":
            # Those who wait at the gates of the start and of the test are ended with them.
            self.gates.open(GATES[cell.moment])
        if cell.goes_on:
            self.ctest.wait(PATIENCE + self.service.seconds())
            self.note("ctest has ended")
        if cell.end == "kill_supervisor":
            self.ended_at = self.ctest.ended_at
        self.expect_nothing_left()

    # What must be

    def check_signals(self, record):
        """Of those that came from outside of the service. A worker may be told by its main process,
        and by us only when that has not ended in time."""
        first, wait = self.service.plan[0]
        family = {event.pid for event in record if event.role != "test"}
        self.check_that_it_had_time_to_end(record)
        told = []
        for event in record:
            if event.what != "got" or event.pid not in family:
                continue
            name, sender = event.more[0], int(event.more[2])
            if sender in family or name == "SIGUSR1":
                continue
            if self.cell.end == "kill_both" and name == "SIGHUP":
                continue  # the kernel's, for a stopped process group that has become an orphan
            if sender == 0:
                raise Failed(f"the terminal's signal came to the service: {event.line}")
            told.append(event)
        if not told:
            raise TooSlow(f"nobody of the service was told to end by {first.name}")
        told.sort(key=lambda event: event.time)
        if told[0].more[0] != first.name:
            raise Failed(f"not {first.name} came first: {told[0].line}")
        began = told[0].time
        for event in told:
            # Half: a busy machine tells of the first signal late.
            if event.more[0] != first.name and event.time < began + wait / 2:
                raise TooSlow(f"{wait:g} s were not over: {event.line}")
        ended = {event.pid for event in record if event.what == "ends"}
        if not self.service.gently and ended:
            raise Failed(f"ended though nothing but SIGKILL can end them: {sorted(ended)}")
        first_told = {event.pid for event in told if event.more[0] == first.name}
        for main in {event.pid for event in record if event.role == "main"} - first_told:
            if not self.service.main_ends or not self.got(record, main, "SIGUSR1"):
                raise Failed(f"the main process {main} was not told by {first.name}")

    def check_that_it_had_time_to_end(self, record):
        ended = {event.pid for event in record if event.what == "ends"}
        killed = {event.pid for event in record if event.role != "test"} - ended
        if self.service.gently and killed:
            raise TooSlow(f"ended by SIGKILL: {sorted(killed)}")

    def got(self, record, pid, name):
        return any(event.pid == pid and event.what == "got" and event.more[0] == name
                   for event in record)

    def complaint(self):
        """Of api.stop about the end of a service that did become ready."""
        first, second = (f"{wait:g} s" for _, wait in self.service.plan)
        return self.service.complaint.format(first=first, second=second)

    def check_results(self, results, expected):
        for name, (word, output) in expected.items():
            if name not in results:
                raise Failed(f"{name} was not run: {sorted(results)}")
            found, out = results[name]
            if found != word or not re.search(output, out, re.MULTILINE):
                raise Failed(f"{name}: expected '{word}' and an output that matches\n{output}\n"
                             f"but it was '{found}':\n{out}")

    def stop_result(self):
        complaint = self.complaint()
        return ("Failed", complaint) if complaint else ("Passed", "^api: stopped by SIG")

    def first_results(self):
        """Where ctest went on."""
        never_ready = ("Passed",
                       "^api: (had not become ready; nothing of it is left|not running)\n")
        supervisor = ("Failed", "gentle: error: stop service 'api': its supervisor was killed")
        match self.cell.end:
            case "test_timeout":
                return {"client": ("Timeout", ""), "api.stop": self.stop_result()}
            case "kill_run":
                return {"client": ("Exception", ""), "api.stop": self.stop_result()}
            case "setup_timeout":
                return {"api.start": ("Timeout", ""), "api.stop": never_ready}
            case "kill_start":
                return {"api.start": ("Exception", ""), "api.stop": never_ready}
            case "kill_stop":
                return {"client": ("Passed", ""), "api.stop": ("Exception", "")}
            case "kill_supervisor" | "kill_both":
                start = ("Failed", "gentle: error: supervise service 'api': "
                                   "its supervisor ended unexpectedly")
                return {"api.start": start if self.cell.moment == "starting" else ("Passed", ""),
                        "api.stop": supervisor}
        return {}

    def next_run(self):
        self.gates.remove_all()
        (self.folder / "record").rename(self.folder / "record.first")
        self.ctest = Ctest([CTEST], self.build, self.environment(), self.folder / "next.xml")
        self.ctest.runs({})
        self.note("the next run has begun")
        status = self.ctest.wait(PATIENCE + self.service.seconds())
        self.note(f"it has ended: {status}")
        self.ended_at = self.ctest.ended_at
        self.check_that_it_had_time_to_end(self.gates.record())
        results = self.ctest.results()
        # The short time limit is that of this run as well.
        if self.cell.end == "setup_timeout" and results.get("api.start", ("",))[0] == "Timeout":
            raise TooSlow("the next run was not ready in time")
        passed = ("Passed", "")
        self.check_results(results, {
            "api.start": ("Passed", "^api: ready after "), "held": passed, "client": passed,
            "beside": passed, "api.stop": self.stop_result()})
        self.check_journal()
        if self.cell.behaviour == "big_log":
            self.check_log()
        things, _ = self.remains.wait(self.port(), self.ended_at + GRACE)
        self.fail_if_left(things, "after the next run")

    def check_journal(self):
        """A sanitizer's report stands there, and may come with the very end of a supervisor."""
        text = (self.remains.state / "supervisor.log").read_text(errors="replace")
        if re.search(r"Sanitizer|runtime error:", text):
            raise Failed("a sanitizer has something to say in supervisor.log")

    def check_log(self):
        """It has the beginning and the end, and tells how much is between them: helper/os/log_file.h."""
        log, expected = (self.remains.state / "log").read_bytes(), (100 << 20) + 11
        line = re.search(rb"\n\[gentle: (\d+) bytes are left out here\] *\n", log)
        if not line or len(log) > 64 << 20:
            raise Failed(f"the log has {len(log)} bytes, and does not say that some are left out")
        written = len(log) - len(line[0]) + int(line[1])
        if written != expected:
            raise Failed(f"the log tells of {written} bytes, not {expected}")

    def check(self):
        self.configure()
        self.start()
        self.come_to_the_end()
        self.look()
        self.check_signals(self.gates.record())
        if self.cell.goes_on:
            self.check_results(self.ctest.results(), self.first_results())
        self.check_journal()
        self.first_output = self.ctest.output.text
        self.ctest.close()
        self.next_run()
        if entries := list(self.temporary.iterdir()):
            raise Failed(f"temporary files are left: {entries}")

    # For people

    def explain(self):
        parts = ["--- what was done", *self.told]
        if self.ctest:
            if getattr(self, "first_output", None):
                parts += ["--- output of the ctest that was ended", self.first_output]
            parts += ["--- output of ctest", self.ctest.output.text]
        parts += ["--- what the services recorded"]
        parts += [event.line for name in ("record.first", "record")
                  for event in read_record(self.folder / name)]
        for name in ("supervisor.log", "state.json"):
            path = self.remains.state / name
            if path.exists():
                parts += [f"--- {name}", path.read_text(encoding="utf-8", errors="replace")]
        parts += ["--- processes of the cell now",
                  *map(str, left.processes_of(self.folder).values())]
        return "\n".join(parts)


def run(cell, folder):
    for slowness in SLOWNESS:
        place = Path(folder) / f"{cell.name}.{slowness}"
        one = Run(cell, place, slowness)
        try:
            one.check()
            return {"passed": True, "seconds": one.longest}
        except Exception as failure:  # whatever it is: what it is about shall be seen
            if isinstance(failure, TooSlow) and slowness != SLOWNESS[-1]:
                continue
            cause = str(failure) if isinstance(failure, Failed) else traceback.format_exc()
            return {"passed": False, "seconds": one.longest, "cause": cause,
                    "details": one.explain()}
        finally:
            left.kill_all(str(place))
            if one.ctest:
                one.ctest.close()
            shutil.rmtree(place, ignore_errors=True)
    raise AssertionError("the last attempt says what became of it")


def main():
    name, folder = sys.argv[1:]
    [cell] = [cell for cell in cells.all_cells() if cell.name == name]
    json.dump(run(cell, folder), sys.stdout)


if __name__ == "__main__":
    main()
