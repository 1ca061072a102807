"""The helper's own build: apart from a cross toolchain, by any generator, and with a message of its own for each way to fail."""

import shutil

from harness import HERE, REPOSITORY, Project, equal

TROUBLES = {
    "no compiler": r"the helper 'gentle' could not be built: there is no C\+\+ compiler; on Debian: apt-get install g\+\+\.",
    "no dependency": r"the helper 'gentle' could not be built: it needs nlohmann_json 3\.9 or newer \(on Debian: apt-get install nlohmann-json3-dev\)\.",
    "wrong code": r"the helper 'gentle' could not be built: see the log\. Its log, /.+/build\.log, ends: .*this helper cannot be compiled"
                  r".* Set GENTLE_EXECUTABLE to use a prebuilt helper\.",
}


def copy_of_repository(tools):
    """The real functions and a helper that builds in no time."""
    copy = tools.work / "repository"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(REPOSITORY / "cmake", copy / "cmake")
    shutil.copytree(HERE / "helper_build" / "helper", copy / "helper")
    shutil.copy(REPOSITORY / "helper" / "dependencies.cmake", copy / "helper")
    return copy


def check(tools):
    copy = copy_of_repository(tools)
    source = HERE / "helper_build" / "project"
    module_path = f"-DCMAKE_MODULE_PATH={copy}/cmake"

    project = Project(tools, source, tools.work / "cross")
    project.configure(module_path, f"-DCMAKE_TOOLCHAIN_FILE={HERE}/helper_build/toolchain.cmake", helper=False,
                      module_path=False).passed().says("building the helper")
    equal("the helper is there", (project.build_dir / "GentleFixtures" / "gentle").exists(), True)

    project = Project(tools, source, tools.work / "makefiles")
    project.configure(module_path, helper=False, module_path=False, generator="Unix Makefiles").passed()
    equal("the helper is there", (project.build_dir / "GentleFixtures" / "gentle").exists(), True)

    for trouble, message in TROUBLES.items():
        project = Project(tools, source, tools.work / trouble.replace(" ", "_"))
        project.environment["HELPER_TROUBLE"] = trouble
        options = [module_path, "-DFETCHCONTENT_FULLY_DISCONNECTED=ON"]
        project.configure(*options, helper=False, module_path=False).failed().says(message)
        if trouble != "wrong code":  # Once the trouble is over, the same build folder works.
            project.environment["HELPER_TROUBLE"] = ""
            project.configure(*options, helper=False, module_path=False).passed()

    shutil.rmtree(copy / "helper")
    Project(tools, source, tools.work / "no_sources").configure(module_path, helper=False, module_path=False).failed().says(
        r"GentleFixtures: the helper's sources are not in '[^']+/repository/helper'\. Keep cmake/ and helper/ together, "
        r"install the package, or set GENTLE_EXECUTABLE to a prebuilt helper\.")
