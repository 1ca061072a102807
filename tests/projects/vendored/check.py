"""Projects with services of one name in one build: each test meets the one of its own project."""

import shutil

from small_project import HERE, Project, equal

TESTS = ("declared", "through-web", "property", "attached", "below", "own", "tool")


def names(project):
    return {path.stem for path in (project.build_dir / "CMakeFiles" / "GentleFixtures").glob("*.spec")}


# The sources are there, so nothing is lost: FetchContent only looks for no news of them, by a project of its own.
KNOWN = ("-DCMAKE_CXX_COMPILER=g++", "-DFETCHCONTENT_FULLY_DISCONNECTED=ON")


def configured(tools, name, *options, known=KNOWN, **more):
    project = Project(tools, HERE / "vendored", tools.work / name)
    project.configured = project.configure(*known, *options, **more).passed().does_not_say("CMake Warning")
    return project


def check_two(tools):
    project = configured(tools, "two", known=("-DCMAKE_CXX_COMPILER=g++",))
    project.configured.says("the project first is not the top-level one").says("the project second is not the top-level one")
    equal("specs", names(project), {"first.store", "second.store", "first-web", "second-web", "tests.own", "tests-2.own"})
    project.build().passed()
    listed = project.ctest("-N").passed()
    for test in ("first.store.start", "second.store.stop", "first-web.start", "tests-2.own.start"):
        listed.says(rf": {test} ")
    result = project.ctest("-j4").passed()
    for who in ("first", "second"):
        for test in TESTS:
            result.says(rf"{who}\.{test} \.+ Passed")
    result.says(r"top\.of-second \.+ Passed").does_not_say("Not Run")
    # A name for one means only that one.
    project.ctest("-R", r"^first\.property$").passed().says("first.store.start").does_not_say("second.store.start")
    project.run(tools.ctest, cwd=project.build_dir / "first" / "below").passed().says("first.store.start")
    project.run(tools.gentle, "start", "store").failed().says(r"did you mean 'first\.store'\? hint: the services of this build: ")
    project.run_by_hand(tools.gentle, "run", "--with", "second.store", "--", "printenv", "STORE_PORT").passed()
    for path in (project.build_dir / "Testing" / "Fixtures").iterdir():
        equal(f"{path.name} runs", (path / "control").exists(), False)


def check_top(tools):
    project = configured(tools, "top", "-DTOP=coverage")
    equal("there is a spec of the top's", {"store", "first.store", "second.store"} <= names(project), True)
    project.build().passed()
    project.ctest("-j4").passed().says(r"top \.+ Passed").says("second.attached .* Passed").says("coverage.report .* Passed")


def check_disabled(tools):
    project = configured(tools, "disabled", "-DTOP=ON", "-DDISABLE_IN_first=ON")
    project.build().passed()
    result = project.ctest().passed()
    for test in ("first.declared", "first.property", "first.below"):
        result.says(rf"{test} \.+\*+Skipped")
    result.says("second.declared .* Passed").says(r"top \.+ Passed")


def check_several_configurations(tools):
    project = configured(tools, "multi", "-DTOP=ON", generator="Ninja Multi-Config")
    project.build("--config", "Debug").passed()
    project.ctest("-C", "Debug").passed().says("second.below .* Passed")


def check_coverage_on(tools):
    """One report for all of them, whoever comes first."""
    for top in ("", "coverage-first", "coverage"):
        project = configured(tools, f"on-{top}", f"-DTOP={top}", "-DGENTLE_COVERAGE=ON")
        project.build().passed()
        result = project.ctest().passed().says("coverage.report .* Passed")
        for target in ["first/first-tool", "second-tool", *(["top-tool"] if top else [])]:
            path = next(path for path in project.build_dir.rglob(target.rpartition("/")[2]) if path.is_file())
            result = project.run("nm", path).passed().says("gcov")


def check_mistakes(tools):
    project = Project(tools, HERE / "vendored", tools.work / "mistake")
    for fixtures, message in {
            "store": r"several projects have a service 'store': first\.store, second\.store\. Name one of these\.",
            "first.store;second.store": "'first.store' and 'second.store' would both give the variables STORE_HOST and so on",
            "third.store": r"'third\.store' is not a service of this project\. Did you mean 'first\.store'\?"}.items():
        project.configure(*KNOWN, f"-DMISTAKE={fixtures}").failed().says(
            r"add_fixture_test\(mistake\): FIXTURES: " + message)


def check_alone(tools):
    """By itself, a project has the plain names."""
    project = Project(tools, HERE / "vendored" / "first", tools.work / "alone")
    project.configured_and_built("-DCMAKE_CXX_COMPILER=g++", "-DGENTLE_COVERAGE=OFF")
    project.ctest().passed().says("store.start").does_not_say(r"first\.store")


def check(tools):
    shutil.rmtree(tools.work, ignore_errors=True)
    check_two(tools)
    check_alone(tools)
    check_mistakes(tools)
    check_disabled(tools)
    check_several_configurations(tools)
    check_top(tools)
    check_coverage_on(tools)
