"""200 services with 1,000 tests under ctest -j 32: all pass, each test meets its own services, and nothing is left."""

import json
import os
import time

from proc import processes_in
from small_project import HERE, Failed, Project, equal

SERVICES = int(os.environ.get("TEST_SERVICES", "200"))
TESTS = 5 * SERVICES


def seconds(since):
    return f"{time.monotonic() - since:.1f} s"


def check(tools):
    project = Project(tools, HERE / "scale", tools.work / "build")
    began = time.monotonic()
    project.configure(f"-DSERVICES={SERVICES}", f"-DTESTS={TESTS}").passed()
    print(f"{SERVICES} services and {TESTS} tests configured in {seconds(began)}")
    project.build().passed()
    began = time.monotonic()
    result = project.ctest("-j", "32").passed()
    print(f"started, tested and stopped in {seconds(began)}")
    result.says(f"100% tests passed.* out of {TESTS + 2 * SERVICES}").does_not_say("Not Run|Skipped")

    states = json.loads(project.run(tools.gentle, "status", "--json").passed().stdout)
    equal("services that have stopped", sum(state["condition"] == "stopped" for state in states), SERVICES)
    for state in states:
        if "SIGINT" not in state["message"] or "exit status 0" not in state["message"]:
            raise Failed(f"not a gentle end: {state['message']}")
    equal("processes that are left", processes_in(project.build_dir), [])
