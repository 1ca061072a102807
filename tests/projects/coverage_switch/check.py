"""GENTLE_COVERAGE: where AUTO measures, that ON and OFF do what they say, and that whatever is not measured says why."""

from small_project import HERE, Project, equal

FOLDER = HERE / "coverage_switch"
OPTIMISED = ("Release", "RelWithDebInfo", "MinSizeRel", "release")


def built(tools, name, *options, **more):
    project = Project(tools, FOLDER, tools.work / name)
    project.configured = project.configure("-DCMAKE_CXX_COMPILER=g++", *options, **more).passed().does_not_say("CMake Warning at")
    return project


def is_counted(project, program="app"):
    return "gcov" in project.run("nm", project.build_dir / program).passed().text


def expect(project, counted, program="app", **more):
    project.build("--target", program, *more.get("config", [])).passed()
    equal(f"{program} counts in {project.build_dir.name}", is_counted(project, more.get("path", program)), counted)


def expect_off(project, reason):
    project.configured.says(rf"-- GentleFixtures: no coverage is measured: {reason}")
    expect(project, False)
    project.ctest("-N").passed().says(r"Total Tests: 1")
    project.build("--target", "coverage").failed().says(rf"There is no coverage to measure: {reason}")


def check_one_configuration(tools):
    for number, build_type in enumerate(OPTIMISED):
        project = built(tools, f"auto-{number}", f"-DCMAKE_BUILD_TYPE={build_type}")
        expect_off(project, rf"CMAKE_BUILD_TYPE is {build_type} \(GENTLE_COVERAGE is AUTO: ON would measure it\)")
    expect_off(built(tools, "set-before", "-DBUILD_TYPE_BEFORE=Release"), "CMAKE_BUILD_TYPE is Release")
    expect_off(built(tools, "off", "-DGENTLE_COVERAGE=OFF"), "GENTLE_COVERAGE is OFF")
    for number, options in enumerate(([], ["-DCMAKE_BUILD_TYPE=Debug"], ["-DCMAKE_BUILD_TYPE=Profile"],
                                      ["-DCMAKE_BUILD_TYPE=Release", "-DGENTLE_COVERAGE=ON"])):
        project = built(tools, f"measured-{number}", *options)
        expect(project, True)
        project.ctest("-N").passed().says("Total Tests: 3")


def check_chosen_late(tools):
    """A build type that is set after the call is met by the same answer."""
    project = built(tools, "set-after", "-DBUILD_TYPE_AFTER=Release")
    expect(project, False)
    project.ctest("-V").passed().says("There is no coverage to report: Release is not measured").says("coverage.report .*Skipped")
    project.build("--target", "coverage").failed().says("There is no coverage to measure: Release is not measured")


def check_several_configurations(tools):
    project = built(tools, "several", generator="Ninja Multi-Config")
    project.build("--config", "Debug").passed()
    project.build("--config", "Release").passed()
    expect(project, True, config=["--config", "Debug"], path="Debug/app")
    expect(project, False, config=["--config", "Release"], path="Release/app")
    project.ctest("-C", "Debug").passed()
    report = project.build_dir / "coverage" / "summary.txt"
    equal("there is a report of Debug", report.exists(), True)
    project.ctest("-C", "Release", "-V").passed().says(
        r"There is no coverage to report: Release is not measured \(GENTLE_COVERAGE is AUTO: ON would measure it\)")
    equal("the report of Debug is there after Release", report.exists(), False)
    project.build("--target", "coverage", "--config", "Release").failed().says("There is no coverage to measure: Release is not measured")
    project.build("--target", "coverage", "--config", "Debug").passed().says("Total of 2 files")


def check_own_flags(tools):
    """Without INSTRUMENT the flags are the user's, in a Release build as well."""
    project = built(tools, "own-flags", "-DOWN_FLAGS=ON", "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_CXX_FLAGS=--coverage")
    project.build("--target", "coverage").passed().says("Total of 2 files")


def check_switched_off(tools):
    """The build folder of a measured build, configured again: nothing old is left to be believed."""
    project = built(tools, "again")
    project.build("--target", "coverage").passed()
    spec = project.build_dir / "CMakeFiles" / "GentleFixtures" / "coverage.spec"
    equal("there is a spec", spec.exists(), True)
    project.configured = project.configure("-DGENTLE_COVERAGE=OFF").passed()
    equal("there is a spec afterwards", spec.exists(), False)
    equal("there are reports afterwards", (project.build_dir / "coverage").exists(), False)
    expect_off(project, "GENTLE_COVERAGE is OFF")


def check_vendored(tools):
    """A project within another one measures only if it is asked to, and never takes the other's names."""
    reason = r"no coverage is measured: the project vendored is not the top-level one \(GENTLE_COVERAGE is AUTO: ON would measure it\)"
    project = built(tools, "vendored", "-DWITH_VENDORED=both")
    project.configured.says(reason)
    expect(project, True)
    expect(project, False, "tool", path="vendored/tool")
    project = built(tools, "vendored-alone", "-DWITH_VENDORED=alone")
    project.configured.says(reason)
    project.ctest("-N").passed().says("Total Tests: 2")
    project.build("--target", "coverage").failed().says("unknown target")
    expect(built(tools, "vendored-on", "-DWITH_VENDORED=alone", "-DGENTLE_COVERAGE=ON"), True, "tool", path="vendored/tool")


def check_wrong_value(tools):
    for number, (value, hint) in enumerate({"auto": "AUTO", "TRUE": "ON", "no": "OFF", "": "OFF", "ALTO": "AUTO"}.items()):
        project = Project(tools, FOLDER, tools.work / f"wrong-{number}")
        project.configure(f"-DGENTLE_COVERAGE={value}").failed().says(
            rf"add_fixture_coverage\(\): the variable GENTLE_COVERAGE is '{value}', which must be AUTO, ON or OFF\. Did you mean '{hint}'\?")


def check(tools):
    check_one_configuration(tools)
    check_wrong_value(tools)
    check_vendored(tools)
    check_chosen_late(tools)
    check_several_configurations(tools)
    check_own_flags(tools)
    check_switched_off(tools)
