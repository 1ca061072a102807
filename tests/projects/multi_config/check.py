"""Ninja Multi-Config: each configuration runs its own programs, with its own arguments."""

from small_project import HERE, PROGRAMS, Project, equal, recorded_arguments


def check(tools):
    project = Project(tools, HERE / "multi_config", tools.work / "build")
    project.configure(f"-DPROGRAMS={PROGRAMS}", generator="Ninja Multi-Config").passed()
    for config, tests in (("Debug", 12), ("Release", 13)):
        project.build("--config", config).passed()
        project.ctest("-C", config).passed().says(rf"100% tests passed.* out of {tests} ")
        for program in ("service", "client"):
            equal(f"{program} of {config}", recorded_arguments(project.build_dir / f"{program}-{config}"), [config])
        discovered = recorded_arguments(project.build_dir / f"discovered-{config}")
        equal(f"discovered of {config}", discovered[2:], [config, ""])
    project.ctest("-C", "Debug", "-N").passed().does_not_say("release-only").says(r"late\.Recording\.Second")
    without_configuration(tools)


def without_configuration(tools):
    """Or with one that the build does not have: a test that needs services does not run."""
    project = Project(tools, HERE / "multi_config", tools.work / "unknown")
    # With CMake 3.25, for one, discovered tests end such a ctest with an error.
    project.configure(f"-DPROGRAMS={PROGRAMS}", "-DWITHOUT_DISCOVERY=ON", generator="Ninja Multi-Config").passed()
    for options in ([], ["-C", "None"]):
        result = project.ctest(*options, "-R", "^(by-|needs-none)").failed()
        result.says(r"by-property \.+\*\*\*Not Run").says(r"by-name \.+\*\*\*Not Run").says(r"needs-none \.+ +Passed")
        result.does_not_say("CMake Warning")
