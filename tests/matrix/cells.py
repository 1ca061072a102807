"""The matrix: what ends a run, when, and how the service behaves. Nothing here runs anything."""

import dataclasses
import re
import signal
from dataclasses import dataclass

# When the run is ended.
MOMENTS = {
    "starting": "the service runs and is not ready",
    "ready": "between the start and the test",
    "test": "during the test",
    "stopping": "the service has got its first stop signal",
}

# What ends it. The first five end ctest at once.
ENDS = {
    "ctrl_c": "Ctrl-C on the terminal of ctest",
    "sigint": "SIGINT for ctest",
    "sigterm": "SIGTERM for ctest",
    "sigkill": "SIGKILL for ctest",
    "shell": "SIGKILL for ctest and the shell above it",
    "stop_on_failure": "a test fails, with `--stop-on-failure`",
    "stop_time": "the time of `--stop-time` comes",
    "test_timeout": "the TIMEOUT of the test",
    "setup_timeout": "the TIMEOUT of `api.start`",
    "kill_start": "SIGKILL for `gentle start`",
    "kill_run": "SIGKILL for `gentle run`",
    "kill_stop": "SIGKILL for `gentle stop`",
    "kill_supervisor": "SIGKILL for the service's supervisor",
    "kill_both": "SIGKILL for the supervisor and its successor; `api.stop` ends what they leave",
}

# Where only some moments have anything to end: those, and why not the others.
ONLY = {
    "test_timeout": ("test", {"starting": "no test runs yet", "ready": "no test runs yet",
                              "stopping": "the test has ended"}),
    "setup_timeout": ("starting", {moment: "the setup has ended"
                                   for moment in ("ready", "test", "stopping")}),
    "kill_start": ("starting", {moment: "`gentle start` has ended"
                                for moment in ("ready", "test", "stopping")}),
    "kill_run": ("test", {"starting": "no `gentle run` yet", "ready": "no `gentle run` yet",
                          "stopping": "`gentle run` has ended"}),
    "kill_stop": ("stopping", {moment: "no `gentle stop` yet"
                               for moment in ("starting", "ready", "test")}),
}

ENDS_CTEST = {"ctrl_c", "sigint", "sigterm", "sigkill", "shell"}  # ctest is gone by it at once
NO_CLEANUP = ENDS_CTEST | {"stop_on_failure", "stop_time"}  # ctest does not run api.stop any more


def why_not(end, moment):
    """Why there is no such cell; empty: there is one."""
    return ONLY[end][1].get(moment, "") if end in ONLY else ""


@dataclass(frozen=True)
class Behaviour:
    what: str
    program: str
    plan: tuple = ((signal.SIGINT, 3.0), (signal.SIGTERM, 1.0))
    ready: str = ""
    # What is done to the main process when the moment has come, and in each run by the test.
    disturbance: int = 0
    main_ends: bool = False  # by the disturbance
    gently: bool = True  # it ends by a signal of the plan
    # Of api.stop, a regular expression, {first} and {second} the plan's waits; empty: it passes.
    complaint: str = ""

    def seconds(self):
        return sum(wait for _, wait in self.plan)


SHORT = ((signal.SIGINT, 1.0), (signal.SIGTERM, 1.0))

BEHAVIOURS = {
    "well_behaved": Behaviour("ends when it is told to", "well_behaved"),
    "ignores_sigint": Behaviour("ignores SIGINT, SIGTERM ends it", "ignores_sigint", plan=SHORT),
    "ignores_both": Behaviour(
        "ignores SIGINT and SIGTERM", "ignores_sigint_and_sigterm", plan=SHORT, gently=False,
        complaint="gentle: error: stop service 'api': it did not end within {first} of "
                  "SIGINT and {second} of SIGTERM, SIGKILL ended it\n"),
    "daemon": Behaviour("double-forks a daemon with a session of its own, and does not tell it",
                        "forks_daemon"),
    "prefork": Behaviour("has three workers, which it tells and waits for", "preforks"),
    "leader_exits": Behaviour(
        "the main process exits once it was ready, two workers stay", "leader_exits",
        disturbance=signal.SIGUSR1, main_ends=True,
        complaint=r"gentle: error: stop service 'api': it had ended by itself: exit status 0, "
                  r"[\d.]+ (ms|s) after it was ready\n"),
    "stopped": Behaviour("stopped by SIGSTOP", "well_behaved", plan=SHORT,
                         disturbance=signal.SIGSTOP),
    "big_log": Behaviour("writes 100 MB of log, also when the end comes", "writes_log",
                         ready="READY;TCP;http;READY;LOG;^listening$",
                         disturbance=signal.SIGUSR1),
}


@dataclass(frozen=True)
class Cell:
    end: str
    moment: str
    behaviour: str

    @property
    def name(self):
        return f"{self.behaviour}.{self.moment}.{self.end}"

    def service(self, slowness):
        """With a plan that is so many times as long as it could be."""
        behaviour = BEHAVIOURS[self.behaviour]
        plan = behaviour.plan
        if self.end == "stop_time" and self.moment == "stopping":
            # The stop has to go on when the time comes, which only a clock tells.
            plan = ((signal.SIGINT, 4.0), (signal.SIGTERM, 1.0))
        return dataclasses.replace(behaviour, plan=tuple((number, wait * slowness)
                                                         for number, wait in plan))

    @property
    def goes_on(self):
        """Ctest does what it always does after the end: the service is stopped by api.stop."""
        return self.end not in NO_CLEANUP


def all_cells():
    return [Cell(end, moment, behaviour) for behaviour in BEHAVIOURS for moment in MOMENTS
            for end in ENDS if not why_not(end, moment)]


def core():
    """Each pair of an end and a moment once, the behaviours in turn: so each of the three is there.
    Moment by moment, and the turn does not begin anew, so that an end meets different behaviours.
    And a supervisor that is killed during a test with every behaviour: there most can go wrong."""
    pairs = [(end, moment) for moment in MOMENTS for end in ENDS if not why_not(end, moment)]
    names = list(BEHAVIOURS)
    found = {Cell(end, moment, names[i % len(names)]) for i, (end, moment) in enumerate(pairs)}
    found |= {Cell("kill_supervisor", "test", behaviour) for behaviour in BEHAVIOURS}
    return [cell for cell in all_cells() if cell in found]


def chosen(only="", core_only=False):
    cells = core() if core_only else all_cells()
    return [cell for cell in cells if re.search(only, cell.name)]
