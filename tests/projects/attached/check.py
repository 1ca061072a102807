"""Existing tests that get services: by FIXTURES_REQUIRED or attach_fixtures, whoever makes them."""

import os
import re
import shutil

from small_project import HERE, PROGRAMS, Project, equal

OTHER_VERDICTS = {"ends-with-77": "Failed", "fails": "Failed", "hangs": "Timeout", "skips-with-its-service": "Skipped", "says-skip": "Skipped",
                  "path-and-skip": "Skipped", "program-of-its-path": "Failed",
                  "off.start": "Not", "own-and-pass": "Failed", "own-and-fail": "Failed", "own-Attached.KnowsThePort": "Failed"}
FRAMEWORKS = {r"Attached\.KnowsThePort": 9, "catch knows the port, with a comma": 2, "doctest knows the port": 2, "boost-knows": 1}

# The frameworks take half a minute to compile, and each CMake is tried with the same object files.
COMPILED_ONCE = ["-DCMAKE_CXX_FLAGS_DEBUG=", *(["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else [])]


def check(tools):
    project = Project(tools, HERE / "attached", tools.work / "build")
    project.configured_and_built("-DCMAKE_BUILD_TYPE=Debug", f"-DPROGRAMS={PROGRAMS}", *COMPILED_ONCE)
    every_test(project)
    events = (project.build_dir / "events").read_text(encoding="utf-8").splitlines()
    equal("services", sorted(events), sorted(f"{name} {what}" for name in ("api", "db", "speaks") for what in ("started", "stopped")))
    one_test(project)
    a_path_of_ctest_with_a_bracket(project)
    lists_of_discovered_tests(project)
    of_a_folder(project)
    a_name_that_no_test_has(project)


def every_test(project):
    result = project.ctest("-C", "Debug").failed()
    tests = dict(re.findall(r"^ *\d+/\d+ Test +#\d+: (.*?) \.{2,}[* ]*(\S+)", result.stdout, re.MULTILINE))
    wanted = {test: OTHER_VERDICTS.get(test, "Passed") for test in tests}
    equal("verdicts", tests, wanted)
    result.says(r"#\d+: fails \.+\*\*\*Failed +[0-9.]+ sec --- service 'speaks': logged nothing during this test")
    result.says("'sh' ended with 77, which its test does not take for a skip: set its SKIP_RETURN_CODE if it is one")
    result.says("start program 'only_there': not found on the PATH of ctest")
    result.says("run test 'sleep': not over after 1.5 s, shortly before its TIMEOUT of 2 s")
    for name, count in FRAMEWORKS.items():
        found = len([test for test in tests if re.search(name, test)])
        if found != count and (os.environ.get("CI") or found != 0):
            raise result.explain(f"expected {count} tests like '{name}', not {found}")


def one_test(project):
    project.ctest("-C", "Debug", "-R", "^regex-one$").passed().says(r"speaks\.start .*regex-one .*speaks\.stop")


def a_path_of_ctest_with_a_bracket(project):
    """CTest takes a '[' for the begin of what a list does not part."""
    path = project.environment["PATH"]
    project.environment["PATH"] = f"{path}:/a[b"
    result = project.ctest("-C", "Debug", "-R", "path-").passed()
    result.says(r"path-and-skip \.+\*+Skipped").says(r"path-/nowhere \.+ +Passed").says(r"our-path-of-ctest \.+ +Passed")
    project.environment["PATH"] = path


def lists_of_discovered_tests(project):
    """No value is lost, whatever CMake makes of a list."""
    if "listed-" not in project.ctest("-N").stdout:
        return  # there is no GoogleTest
    result = project.ctest("-N")
    lost = re.findall(r"test '(\S+)' and others may run without (\S+):", re.sub(r"\s+", " ", result.stderr))
    # From CMake 4.4 on a list is one word.
    falls_apart = any("FIXTURES_REQUIRED api speaks PASS_" in path.read_text(encoding="utf-8") for path in project.build_dir.glob("gtests*_tests.cmake"))
    equal("lists that cannot be told", lost, [("untold-Attached.KnowsThePort", "speaks")] if falls_apart else [])
    project.ctest("-N", "-L", "^(OWNER|team)$").does_not_say("labels-own")
    for test in ("listed-Attached", "listed-pre-Attached"):
        project.ctest("-R", f"^{test}", "-L", "two").passed().says(rf"{test}\S+ \.+ +Passed .*100% tests passed.* out of 7 ")


def of_a_folder(project):
    result = project.run(project.tools.ctest, "-C", "Debug", "--output-on-failure", cwd=project.build_dir / "later").passed()
    result.says("later-by-name .* Passed").says("later-by-regex .* Passed").does_not_say("attach_fixtures")


def a_name_that_no_test_has(project):
    project.configured_and_built("-DMISSPELT=boost-nows")
    result = project.ctest("-C", "Debug", "-R", "^attach_fixtures$").failed()
    result.says(r"find a test 'attach_fixtures\(FIXTURES api\): TESTS: 'boost-nows' \(in CMakeLists\.txt\)': there is none")
