"""BUILD_TESTING off costs nothing; and testing that is not enabled where ctest looks is told when CMake configures."""

from small_project import HERE, Project, equal, literally

FOLDER = HERE / "testing_off"
WARNING = r"CMake Warning .*GentleFixtures: ctest will not find the tests that are declared in"
REMEDY = (rf"because testing is not enabled there\. Add the line include\(CTest\) to {literally(FOLDER)}/CMakeLists\.txt, after project\(\) "
          r"and before add_subdirectory\(\)\. If no tests are wanted, set BUILD_TESTING to OFF\.")


def check_off(tools):
    for value in ("OFF", "FALSE", "0"):
        project = Project(tools, FOLDER, tools.work / "off")
        project.configure(f"-DBUILD_TESTING={value}", "-DTESTING=ctest", "-DMISTAKE=ON", helper=False).passed().does_not_say("Warning|GentleFixtures:")
        equal("what was made for tests", [str(path) for path in project.build_dir.rglob("*entle*")], [])
    project.build().passed()
    project.run("nm", project.build_dir / "app").passed().does_not_say("gcov")
    project.ctest("-N").passed().says("Total Tests: 0")
    project.build("--target", "coverage").failed()
    equal("the cache knows GENTLE_COVERAGE", "GENTLE_COVERAGE" in (project.build_dir / "CMakeCache.txt").read_text(encoding="utf-8"), False)


def check_enabled(tools):
    for testing in ("first", "ctest"):
        project = Project(tools, FOLDER, tools.work / testing)
        project.configure(f"-DTESTING={testing}").passed().does_not_say("Warning")
        project.ctest("-N").passed().says("Total Tests: 6")


def check_not_enabled(tools):
    project = Project(tools, FOLDER, tools.work / "nowhere")
    top, nested = literally(FOLDER / "CMakeLists.txt"), literally(FOLDER / "nested" / "CMakeLists.txt")
    result = project.configure().passed()
    equal("warnings", result.stderr.count("CMake Warning"), 1)
    result.says(rf"{WARNING} {top} {nested} {REMEDY}")
    project.build("--target", "coverage").failed().says("No tests were found!!!").says("or ctest has found none")
    project = Project(tools, FOLDER, tools.work / "subfolder")
    project.configure("-DTESTING=subfolder").passed().says(rf"{WARNING} {top} {REMEDY}")
    project.ctest("-N").does_not_say("nested")
    project = Project(tools, FOLDER, tools.work / "last")  # too late for the subfolder: what it declares is lost
    project.configure("-DTESTING=last").passed().says(rf"{WARNING} {nested} {REMEDY}")
    project.ctest("-N").passed().says("top").does_not_say("nested")


def check(tools):
    check_off(tools)
    check_enabled(tools)
    check_not_enabled(tools)
