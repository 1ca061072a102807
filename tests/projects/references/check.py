"""What stands between two @ and is no variable is let alone, when CMake configures and when the test runs."""

import json
import re

from small_project import HERE, PROGRAMS, Project, equal, recorded_arguments


def check(tools):
    project = Project(tools, HERE / "references", tools.work / "build")
    project.configured_and_built(f"-DPROGRAMS={PROGRAMS}")
    project.ctest("-R", "^client$").passed()
    words = recorded_arguments(project.build_dir / "client")
    for name, prefix in (("one-self", "ONE_SELF"), ("two_self", "TWO_SELF")):
        state = json.loads((project.build_dir / "Testing" / "Fixtures" / name / "state.json").read_text())
        own = {key.removeprefix(prefix): value for key, value in state["variables"].items()}
        equal(f"of {name} itself", re.sub(r"@\d* x", "@<pid> x", words.pop(0)), f"{own['_A_PORT']} {own['_B_PORT']} {own['_LOG']} 127.0.0.1@SELF_PORT@ "
              "@<pid> x@self.org @self")
    pid = words[8].partition(":")[0]
    log = project.build_dir / "Testing" / "Fixtures" / "web" / "log"
    words[8] = pid
    equal("arguments", words, ["me@example.org", "user@host@domain", "@", "@", "@127.0.0.1", "@API_HOST@", "x@my-mail@y", "a@b c@d", "pid",
                               "127.0.0.1", "@1@_@", '-e @a = (1); print "@a@b"', "127.0.0.1", "", str(log), "@not a name@", "@\u00e4@"])
