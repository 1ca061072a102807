"""The three ways to get the functions, the helper's own build among them, and that nothing leaks either way."""

import os

from small_project import HERE, PROGRAMS, REPOSITORY, Project, equal, literally

HOSTILE_ENVIRONMENT = {
    "CXXFLAGS": "--no-such-flag", "CFLAGS": "--no-such-flag", "LDFLAGS": "-Wl,--no-such-flag", "CXX": "/no/such/compiler",
    "CMAKE_GENERATOR": "No Such Generator", "CMAKE_BUILD_TYPE": "NoSuchType", "MAKEFLAGS": "--no-such-flag", "DESTDIR": "/no/such/folder",
    "CMAKE_CXX_COMPILER_LAUNCHER": str(HERE / "ways" / "refuse_helper.sh"),
}


def run_tests(project):
    project.ctest().passed().says("100% tests passed")
    equal("what happened", (project.build_dir / "events").read_text(encoding="utf-8"), "api started\napi stopped\n")


def uses_helper(project, helper):
    text = (project.build_dir / "CTestTestfile.cmake").read_text(encoding="utf-8")
    equal(f"{helper} is used", f'"{helper}" "start"' in text, True)


def check_installed(tools):
    prefix = tools.work / "prefix" / "moved"
    project = Project(tools, HERE / "ways" / "project", tools.work / "installed")
    config = ["--config", tools.config] if tools.config else []
    installed = tools.work / "prefix" / "first"
    project.run("rm", "-rf", tools.work / "prefix").passed()
    project.run(tools.cmake, "--install", tools.outer_build, "--prefix", installed, *config).passed()
    os.rename(installed, prefix)
    options = [f"-DPROGRAMS={PROGRAMS}", "-DWAY=installed", f"-DCMAKE_PREFIX_PATH={prefix}"]
    project.configure(*options, helper=False, module_path=False).passed().does_not_say("building the helper")
    uses_helper(project, prefix / "bin" / "gentle")
    run_tests(project)
    project.configure(*options, "-DWANTED_VERSION=99", helper=False, module_path=False).failed().says(
        r'configuration file for package "GentleFixtures" that is compatible with requested version "99"')


def check_subproject(tools, way):
    project = Project(tools, HERE / "ways" / "project", tools.work / way)
    options = [f"-DPROGRAMS={PROGRAMS}", f"-DWAY={way}", f"-DREPOSITORY={REPOSITORY}"]
    project.configure(*options, module_path=False).passed().says("nothing has leaked").does_not_say("building the helper")
    project.build().passed()
    run_tests(project)
    prefix = tools.work / f"{way}-prefix"
    project.run(tools.cmake, "--install", project.build_dir, "--prefix", prefix).passed()
    equal("installed by the project", [str(path) for path in prefix.rglob("*")] if prefix.exists() else [], [])


def check_module_path(tools):
    project = Project(tools, HERE / "ways" / "project", tools.work / "module_path")
    project.environment.update(HOSTILE_ENVIRONMENT)
    options = [f"-DPROGRAMS={PROGRAMS}", "-DWAY=module_path", "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS=--coverage -Werror",
               "-DCMAKE_EXE_LINKER_FLAGS=--coverage", f"-DCMAKE_CXX_COMPILER_LAUNCHER={HERE}/ways/refuse_helper.sh", "-DCMAKE_CXX_COMPILER=c++"]
    first = project.configure(*options, helper=False).passed()
    equal("lines about the helper's progress", 5 < first.stdout.count("GentleFixtures: building the helper: ") < 15, True)
    first.says(rf"-- GentleFixtures: building the helper in {literally(project.build_dir)}/GentleFixtures ")
    helper_build = project.build_dir / "GentleFixtures"
    equal("coverage data of the helper", list(helper_build.rglob("*.gcno")), [])
    uses_helper(project, helper_build / "gentle")

    built = (helper_build / "gentle").stat().st_mtime_ns
    again = project.configure(*options, helper=False).passed()
    equal("lines about the helper, the second time", again.stdout.count("GentleFixtures:"), 0)
    equal("the helper was built again", (helper_build / "gentle").stat().st_mtime_ns != built, False)
    run_tests(project)


def check(tools):
    check_installed(tools)
    check_subproject(tools, "fetched")
    check_subproject(tools, "subdirectory")
    check_module_path(tools)
