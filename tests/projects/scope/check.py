"""SCOPE TEST: each test has an instance of its own, of all such services that it needs, and stops it."""

import os

from small_project import HERE, PROGRAMS, Failed, Project, equal


def check(tools):
    project = Project(tools, HERE / "scope", tools.work / "build")
    project.configure(f"-DPROGRAMS={PROGRAMS}").passed()
    project.ctest("-E", "rude|meets").passed().says("100% tests passed.* out of 4")
    one, two = ((project.build_dir / f"pids-{test}").read_text(encoding="utf-8").split() for test in ("one", "two"))
    equal("pids of a test", [len(one), len(two)], [3, 3])
    if one[0] == two[0] or one[1] == two[1]:
        raise Failed(f"an instance served two tests: {one} and {two}")
    equal("the shared service", one[2], two[2])
    instance = ["store started", "front started", "front stopped", "store stopped"]
    events = (project.build_dir / "events").read_text(encoding="utf-8").split("\n")[:-1]
    equal("what happened", events, ["shared started", *instance, *instance, "shared stopped"])
    fixtures = project.build_dir / "Testing" / "Fixtures"
    equal("what good instances leave", [*(fixtures / "store").iterdir(), *(fixtures / "front").iterdir()], [])

    result = project.ctest("-R", "rude", "--output-on-failure").failed()
    result.says(r"gentle: error: stop service 'rude': exit status 3 after SIGINT")

    for end in "ab":
        os.mkfifo(project.build_dir / f"pipe-{end}")
    project.ctest("-R", "meets", "-j2").passed().says("100% tests passed.* out of 2")
    outer = Project(tools, HERE / "scope", tools.work / "outer")
    outer.configure(f"-DPROGRAMS={PROGRAMS}", f"-DINNER={project.build_dir}").passed()
    outer.ctest("-R", "nested", "--verbose").passed().says("100% tests passed.* out of 2").says("100% tests passed.* out of 1")
    equal("instances that nested tests leave", [*(fixtures / "store").iterdir()], [])
