"""CTest's own options do with services what their users mean: --repeat, -I, -FS, -FC, -FA, --rerun-failed, and two ctest at once."""

import json
import os
import re
import select
import subprocess
import time

from small_project import HERE, PROGRAMS, Failed, Project, Result, equal

WHOLE = ["db started", "api started", "api stopped", "db stopped"]


class Run:
    """The project, and what its services and tests have done since the last look."""

    def __init__(self, tools):
        self.tools = tools
        self.project = Project(tools, HERE / "ctest_options", tools.work / "build")
        self.project.configure(f"-DPROGRAMS={PROGRAMS}").passed()
        self.events_file = self.project.build_dir / "events"
        self.seen = 0

    def ctest(self, *options):
        return self.project.ctest(*options)

    def events(self):
        lines = self.events_file.read_text(encoding="utf-8").splitlines() if self.events_file.exists() else []
        self.seen, new = len(lines), lines[self.seen:]
        return new

    def happened(self, what, *expected):
        """The events; without the pids in them where none is expected."""
        found = self.events()
        if not any(re.search(r" \d+$", line) for line in expected):
            found = [re.sub(r" \d+$", "", line) for line in found]
        equal(what, found, [*expected])

    def gentle(self, *arguments):
        return self.project.run(self.tools.gentle, *arguments)

    def spec(self, service):
        return f"CMakeFiles/GentleFixtures/{service}.spec"

    def state(self, service="api"):
        return json.loads(self.gentle("status", "--json", service).passed().stdout)[0]

    def pid(self, service="api"):
        return self.state(service)["main"]["pid"]

    def nothing_runs(self, when, interrupted=""):
        """Neither now nor, where the last ctest has left it to them, when the supervisors have seen its end."""
        for service in ("api", "db"):
            try:
                fd = os.pidfd_open(self.state(service)["supervisor"]["pid"])
                select.select([fd], [], [], 60)
                os.close(fd)
            except ProcessLookupError:
                pass
            equal(f"state of {service} {when}", self.state(service)["condition"],
                  "interrupted" if service == interrupted else "stopped")

    def wait_until_nobody_uses_it(self):
        """The supervisor of a service that runs sees the end of its last ctest a moment after that."""
        deadline = time.monotonic() + 60
        while self.state()["owners"]:
            if time.monotonic() > deadline:
                raise Failed(f"still used: {self.state()}")

    def in_background(self, *options, gate):
        command = [self.tools.ctest, "--test-dir", str(self.project.build_dir), "--output-on-failure", *options]
        return subprocess.Popen(command, env={**self.project.environment, "GATE": str(gate)}, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def gate(self, name):
        path = self.project.build_dir / name
        os.mkfifo(path)
        return path


def finished(process):
    stdout, stderr = process.communicate(timeout=120)
    process.stdout, process.stderr = stdout, stderr
    return Result(process.args, process)


def check_repeat(run):
    run.ctest("-R", "^one$", "--repeat", "until-fail:3", "-j4").passed()
    run.happened("what --repeat until-fail:3 does", *WHOLE[:2], "one", "one", "one", *WHOLE[2:])


def check_each_test_alone(run):
    """A shard may hold a cleanup and nothing else, or a setup without its cleanup: then its end stops the service."""
    names = [test["name"] for test in json.loads(run.ctest("--show-only=json-v1").passed().stdout)["tests"]]
    for number, name in enumerate(names, 1):
        if name != "flaky":
            run.ctest("-I", f"{number},{number}").passed().says("100% tests passed")
            service, _, step = name.partition(".")
            run.nothing_runs(f"after a shard with only {name}", interrupted=service if step else "")
    run.events()


def check_shards_at_once(run):
    first, second = (run.in_background("-E", "flaky", "-I", f"{start},,2", gate="") for start in (1, 2))
    for process in (first, second):
        finished(process).passed()
    run.nothing_runs("after two shards at once")
    events = run.events()
    for service in ("api", "db"):
        found = [line for line in events if line.startswith(service)]
        equal(f"{service} started and stopped in turn", found, [f"{service} started", f"{service} stopped"] * (len(found) // 2))


def check_two_at_once(run):
    gates = [run.gate("first"), run.gate("second")]
    runs = [run.in_background("-R", "^waits$", gate=gate) for gate in gates]
    opened = [os.open(gate, os.O_WRONLY) for gate in gates]  # both tests are there
    os.write(opened[0], b"go\n")
    finished(runs[0]).passed()
    equal("the service when one of two has ended", run.state()["condition"], "ready")
    os.write(opened[1], b"go\n")
    finished(runs[1]).passed()
    for fd in opened:
        os.close(fd)
    run.happened("what two ctest at once do", *WHOLE)
    run.nothing_runs("after two ctest")


def check_left_running(run):
    run.ctest("-R", "^one$", "-FC", "^api$").passed().does_not_say("api.stop").says("db.stop")
    pid = run.pid()
    run.happened("what -FC does", *WHOLE[:2], f"one {pid}")
    run.wait_until_nobody_uses_it()

    run.ctest("-R", "^two$", "-FA", "api|db").passed().says("100% tests passed.* out of 1")
    run.ctest("-R", "^one$", "--fixture-exclude-cleanup", ".").passed()
    run.happened("what the next runs do", f"two {pid}", f"one {pid}")

    run.ctest("-R", "^one$").passed()
    run.happened("what a run with its cleanup does", f"one {pid}", *WHOLE[2:])
    run.nothing_runs("after a run with its cleanup")


def check_left_running_is_stopped_without_setup(run):
    run.ctest("-R", "^one$", "-FC", "api").passed()
    pid = run.pid()
    run.ctest("-R", "^two$", "-FS", "api").passed().does_not_say("api.start")
    run.happened("what -FC and then -FS do", *WHOLE[:2], f"one {pid}", f"two {pid}", *WHOLE[2:])


def check_left_running_of_all_tests(run):
    """With all tests the cleanup is one of those that were asked for: CTest runs it."""
    run.ctest("-E", "flaky", "-FC", "api").passed().says("api.stop")
    run.nothing_runs("after all tests with -FC")
    run.ctest("-E", "flaky|api.stop", "-FC", "api").passed().does_not_say("api.stop")
    equal("state of api after all but its cleanup", run.state()["condition"], "ready")
    run.gentle("down").passed()
    run.nothing_runs("after gentle down")
    run.events()


def check_outdated(run):
    """What was left running is replaced when its program was built anew."""
    run.ctest("-R", "^one$", "-FC", "api").passed()
    old = run.pid()
    os.utime(run.project.build_dir / "api.py")
    run.ctest("-R", "^two$", "-FC", "api").passed()
    new = run.pid()
    run.happened("what a new program does", *WHOLE[:2], f"one {old}", "api stopped", "api started", f"two {new}")
    run.gentle("down").passed()
    run.events()


def check_rounds_of_a_script(run):
    """The second round of `ctest -S` does not meet the server of the first, which was built anew in between."""
    build = run.project.build_dir
    (build / "rounds.cmake").write_text(f"""
set(CTEST_SOURCE_DIRECTORY "{run.project.source}")
set(CTEST_BINARY_DIRECTORY "{build}")
ctest_start(Experimental)
ctest_test(INCLUDE "^flaky$" STOP_ON_FAILURE)
if(EXISTS "${{CTEST_BINARY_DIRECTORY}}/rebuild")
  file(TOUCH "{build}/api.py")
endif()
ctest_test(INCLUDE "^one$" RETURN_VALUE second)
message("the second round returned ${{second}}")
""", encoding="utf-8")
    for rebuild, between in (False, []), (True, ["api stopped", "api started"]):
        if rebuild:
            (build / "rebuild").touch()
        run.project.run(run.tools.ctest, "-S", build / "rounds.cmake", "-V").says("the second round returned 0")
        run.happened("what two rounds do", *WHOLE[:2], "flaky", *between, "one", *WHOLE[2:])
        (build / "flaky").rmdir()


def check_started_by_hand(run):
    for service in ("db", "api"):
        run.gentle("start", run.spec(service)).passed()
    pid = run.pid()
    for options in ([], ["-FS", "api"], ["-FC", "api"], ["-FA", "api"], ["-FA", "."]):
        run.ctest("-R", "^one$", *options).passed()
    equal("the service that was started by hand", run.pid(), pid)
    run.happened("what runs with a service by hand do", *WHOLE[:2], *([f"one {pid}"] * 5))
    run.gentle("down").passed()
    run.happened("what down does", *WHOLE[2:])


def check_without_setup(run):
    """-FS where nobody has started it: the test is not run without its service."""
    run.ctest("-R", "^one$", "-FS", "api", "-V").failed().says(
        "use service 'api': it was not started, or is stopped already hint: gentle start").says("one .Failed")
    run.happened("what -FS without a service does", "db started", "db stopped")


def check_rerun_failed(run):
    run.ctest("-R", "one|flaky").failed()
    run.events()
    run.ctest("--rerun-failed").passed().says("100% tests passed.* out of 5")
    run.happened("what --rerun-failed does", *WHOLE[:2], "flaky", *WHOLE[2:])


def check_bad_end(run):
    """A stop that has failed does so again, though there is nothing to stop then. Before any script has run, whose failed
    tests CTest would run again instead."""
    run.project.environment["KILLS"] = "1"
    try:
        run.ctest("-R", "^mortal$", "--repeat", "until-pass:2").failed().says(
            r"api\.stop \.+\*\*\*Failed.*api\.stop \.+\*\*\*Failed.*an earlier stop has told this")
        run.ctest("-R", "^mortal$").failed()
    finally:
        del run.project.environment["KILLS"]
    run.ctest("--rerun-failed").failed().says("an earlier stop has told this")
    run.ctest("-R", "^mortal$").passed()
    run.nothing_runs("after a bad end")
    run.events()


def check(tools):
    run = Run(tools)
    for part in (check_repeat, check_bad_end, check_each_test_alone, check_shards_at_once, check_two_at_once, check_left_running,
                 check_left_running_is_stopped_without_setup, check_left_running_of_all_tests, check_outdated,
                 check_rounds_of_a_script, check_started_by_hand, check_without_setup, check_rerun_failed):
        try:
            part(run)
        except Failed as failure:
            raise Failed(f"{part.__name__}: {failure}") from failure
        finally:
            if run.gentle("down").status != 0:
                raise Failed(f"{part.__name__}: gentle down failed")
