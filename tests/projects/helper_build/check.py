"""The helper's own build: apart from a cross toolchain, by any generator, and with a message of its own for each way to fail."""

import shutil
import time

from small_project import HERE, REPOSITORY, Project, equal

FAILED = "the helper 'gentle' could not be built: "
NEEDS = r"it needs nlohmann_json 3\.9 or newer \(on Debian: apt-get install nlohmann-json3-dev\)\. It is not installed, and "
TROUBLES = {
    "no compiler": FAILED + r"there is no C\+\+ compiler; on Debian: apt-get install g\+\+\.",
    "no dependency": FAILED + NEEDS + r"FETCHCONTENT_FULLY_DISCONNECTED is set, so it is not fetched\. Its log is ",
    "wrong code": FAILED + r"/\S+/main\.cc:4:2: error: #error this helper cannot be compiled Its log is /.+/build\.log "
                           r"Set GENTLE_EXECUTABLE to use a prebuilt helper\.",
    "wrong link": FAILED + r"[^ ]*(main\.cc|ld)[^ ]*: .*undefined reference to `nowhere\(\)' Its log is ",
    "wrong list": FAILED + r"this helper cannot be configured Its log is ",
}


def copy_of_repository(tools):
    """The real functions and a helper that builds in no time."""
    copy = tools.work / "repository"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(REPOSITORY / "cmake", copy / "cmake")
    shutil.copytree(HERE / "helper_build" / "helper", copy / "helper")
    shutil.copy(REPOSITORY / "helper" / "dependencies.cmake", copy / "helper")
    return copy


def check_offline(tools, source, module_path):
    """A host that cannot be reached: one message, and at once, where FetchContent alone takes 86 s to give up."""
    project = Project(tools, source, tools.work / "offline")
    project.environment.update({"HELPER_TROUBLE": "no dependency", "https_proxy": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"})
    begin = time.monotonic()
    project.configure(module_path, helper=False, module_path=False).failed().says(
        FAILED + NEEDS + r"it cannot be fetched from https://\S+/json\.tar\.xz: (Couldn't|Could not) connect to server\. Its log is ")
    equal("it takes less than 40 s", time.monotonic() - begin < 40, True)


def check(tools):
    copy = copy_of_repository(tools)
    source = HERE / "helper_build" / "project"
    module_path = f"-DCMAKE_MODULE_PATH={copy}/cmake"

    project = Project(tools, source, tools.work / "cross")
    project.configure(module_path, f"-DCMAKE_TOOLCHAIN_FILE={HERE}/helper_build/toolchain.cmake", helper=False,
                      module_path=False).passed().says("building the helper")
    equal("the helper is there", (project.build_dir / "GentleFixtures" / "gentle").exists(), True)

    project = Project(tools, source, tools.work / "makefiles")
    project.environment.update({"NINJA_STATUS": "[%p] ", "LC_ALL": "de_DE.UTF-8"})
    first = project.configure(module_path, helper=False, module_path=False, generator="Unix Makefiles").passed()
    first.says(r"-- GentleFixtures: building the helper: 50%").says(r"-- GentleFixtures: the helper is built, in [0-9]+ s")
    equal("the helper is there", (project.build_dir / "GentleFixtures" / "gentle").exists(), True)
    again = project.configure(module_path, helper=False, module_path=False, generator="Unix Makefiles").passed()
    again.does_not_say("GentleFixtures:")
    project = Project(tools, source, tools.work / "makefiles_wrong")
    project.environment["HELPER_TROUBLE"] = "wrong code"
    project.configure(module_path, helper=False, module_path=False, generator="Unix Makefiles").failed().says(TROUBLES["wrong code"])
    check_offline(tools, source, module_path)

    for trouble, message in TROUBLES.items():
        project = Project(tools, source, tools.work / trouble.replace(" ", "_"))
        project.environment["HELPER_TROUBLE"] = trouble
        options = [module_path, "-DFETCHCONTENT_FULLY_DISCONNECTED=ON"]
        project.configure(*options, helper=False, module_path=False).failed().says(message)
        if trouble.startswith("no "):  # Once the trouble is over, the same build folder works.
            project.environment["HELPER_TROUBLE"] = ""
            project.configure(*options, helper=False, module_path=False).passed()

    shutil.rmtree(copy / "helper")
    Project(tools, source, tools.work / "no_sources").configure(module_path, helper=False, module_path=False).failed().says(
        r"GentleFixtures: the helper's sources are not in '[^']+/repository/helper'\. Keep cmake/ and helper/ together, "
        r"install the package, or set GENTLE_EXECUTABLE to a prebuilt helper\.")
