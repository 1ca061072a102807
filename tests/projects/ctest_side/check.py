"""What ctest itself is told: services that are declared elsewhere, properties set late, time-outs, signals."""

import re

from small_project import HERE, PROGRAMS, Project, equal


def check(tools):
    project = Project(tools, HERE / "ctest_side", tools.work / "build")
    project.configured_and_built(f"-DPROGRAMS={PROGRAMS}")
    at_the_top(project)
    in_a_folder(project, "tests", ["db", "app", "late"], r"deep;a \[b")
    in_a_folder(project, "tests/deep", ["db", "app", "late"], r"deep;a \[b")
    in_a_folder(project, "early", ["db"], "early")
    without_its_start(project)
    time_outs(project)
    in_a_script(project)


def events(project):
    path = project.build_dir / "events"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    path.unlink(missing_ok=True)
    return sorted(text.splitlines())


def of_services(names):
    return sorted(f"{name} {what}" for name in names for what in ("started", "stopped"))


def at_the_top(project):
    result = project.ctest("-E", "hangs|unlimited").passed()
    for test in "early", r"deep;a \[b", "replaced", "leaves-no-trace":
        result.says(rf" {test} \.+ Passed")
    result.says(r" off\.start \.+\*\*\*Not Run \(Disabled\)").says(r" needs-off \.+\*\*\*Skipped")
    result.says("read: replaced").says("read: plain")  # by the project's own script
    equal("services", events(project), of_services(["db", "app", "late"]))


def in_a_folder(project, folder, services, test):
    result = project.run(project.tools.ctest, "--output-on-failure", cwd=project.build_dir / folder).passed()
    result.says(rf" {test} \.+ Passed").does_not_say("Skipped")
    equal(f"services in {folder}", events(project), of_services(services))
    listed = project.run(project.tools.ctest, "-N", cwd=project.build_dir / folder).passed().stdout
    names = re.findall(r"Test +#\d+: (\S.*)", listed)
    equal("each test is there once", sorted(names), sorted(set(names)))


def without_its_start(project):
    for options in (["-FS", "app"], ["-FA", "app"]):
        result = project.ctest(*options, "-R", "^replaced$").failed()
        result.says(r" replaced \.+\*\*\*Failed").says(
            r"gentle: error: use service 'app': it was not started, or is stopped already hint: gentle start \S+app\.spec")
    events(project)


def time_outs(project):
    result = project.ctest("-j4", "--timeout", "2", "-R", "hangs|unlimited").failed()
    for test, signal in ("hangs-INT", "INT"), ("hangs-by-option", "INT"):
        result.says(rf"{test} \.+\*\*\*Timeout [^#]*got {signal} gentle: error: run test 'sh': not over after 1\.5 s, shortly before its TIMEOUT of 2 s")
    result.says(r"hangs-USR1 \.+\*\*\*Timeout [^#]*got USR1 ")
    result.says(r"unlimited \.+ Passed")
    events(project)


def in_a_script(project):
    """ctest -S, of the whole build and of a folder."""
    script = project.build_dir / "script.cmake"
    script.write_text(f"""
set(CTEST_SOURCE_DIRECTORY "{project.source}")
set(CTEST_BINARY_DIRECTORY "{project.build_dir}")
ctest_start(Experimental)
ctest_test(BUILD "{project.build_dir}/tests" RETURN_VALUE below)
ctest_test(INCLUDE "early|replaced" RETURN_VALUE all)
message("returned ${{below}} ${{all}}")
""", encoding="utf-8")
    project.run(project.tools.ctest, "-S", script, "-V").says("returned 0 0")
    equal("services in a script", events(project), of_services(["db", "app", "late", "db", "app"]))
