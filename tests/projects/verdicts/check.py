"""A test of ours has the verdict of a plain one under every property; one that did not run is never green."""

import re

from small_project import HERE, PROGRAMS, Failed, Project, equal

BEHAVIOURS = ("passes", "fails", "says", "says_and_fails", "crashes")
SETS = range(1, 65)


def verdicts(result):
    """What ctest says of each test: Passed, ***Failed, ***Skipped, ***Exception, ***Not Run ..."""
    found = {}
    for line in result.stdout.splitlines():
        match = re.match(r"^ *\d+/\d+ Test +#\d+: (\S+) \.*(.*)", line)
        if match:
            word = re.search(r"Passed|\*\*\*(Failed|Skipped|Exception|Timeout|Not Run)", match[2])
            found[match[1]] = word[0].strip("*") if word else match[2]
    return found


def check(tools):
    project = Project(tools, HERE / "verdicts", tools.work / "build")
    project.configured_and_built(f"-DPROGRAMS={PROGRAMS}")

    found = verdicts(project.ctest("-j4", "-E", r"^broken\.").failed())
    for number in SETS:
        for behaviour in BEHAVIOURS:
            equal(f"the verdict of ours.{behaviour}.{number}", found[f"ours.{behaviour}.{number}"],
                  found[f"plain.{behaviour}.{number}"])
        equal(f"the verdict of off.{number}", found[f"off.{number}"], "Skipped")
    seen = {found[f"plain.{behaviour}.{number}"] for behaviour in BEHAVIOURS for number in SETS}
    equal("the verdicts of plain tests", seen, {"Passed", "Failed", "Skipped", "Exception"})
    never_green(found, "missing")
    what_a_silent_test_had_to_say(project)

    # As if somebody had left out the start, and with a helper that cannot read its spec.
    found = verdicts(project.ctest("-j4", "-FS", "noise", "-R", r"^ours\.passes\.").failed())
    never_green(found, "ours.passes")
    for spec in project.build_dir.glob("CMakeFiles/GentleFixtures/broken.spec"):
        spec.write_text("gentle-spec 1\nname broken\n", encoding="utf-8")
    found = verdicts(project.ctest("-j4", "-FS", "broken", "-R", r"^broken\.[0-9]").failed())
    never_green(found, "broken")
    trusts_no_verdict_of_an_unknown_ctest(project)


def never_green(found, kind):
    for number in SETS:
        if found[f"{kind}.{number}"] not in ("Failed", "Exception"):
            raise Failed(f"{kind}.{number} did not run, and is {found[f'{kind}.{number}']}")


def what_a_silent_test_had_to_say(project):
    """It is in the output of the service's stop."""
    log = (project.build_dir / "Testing/Temporary/LastTest.log").read_text(encoding="utf-8")
    stop = re.search(r"Testing: noise\.stop\n.*?Test time", log, re.DOTALL)[0]
    for test in ("ours.fails.5", "ours.says_and_fails.17"):
        path = re.escape(f"{project.build_dir}/Testing/Fixtures/noise/tests/{test}.txt")
        expected = rf"--- not in the output of its test, which CTest matches: {path}\n--- service 'noise': its log.*:\n(.*\n)*MATCH\n"
        if not re.search(expected, stop):
            raise Failed(f"expected in the output of noise.stop: {expected}\nfound:\n{stop}")


def trusts_no_verdict_of_an_unknown_ctest(project):
    """The command of a test, copied into another ctest that tells nothing of WILL_FAIL."""
    other = project.build_dir / "other"
    other.mkdir()
    spec = project.build_dir / "CMakeFiles/GentleFixtures/noise.spec"
    (other / "CTestTestfile.cmake").write_text(
        f'add_test(copied "{project.tools.gentle}" run --with "{spec}" -- true)\n'
        'set_tests_properties(copied PROPERTIES WILL_FAIL TRUE)\n', encoding="utf-8")
    result = project.run(project.tools.ctest, "--output-on-failure", cwd=other).failed()
    result.says(r"copied \.+Subprocess aborted\*\*\*Exception")
    result.says(r"gentle: error: use service 'noise': it was not started, or is stopped already hint: gentle start ")
