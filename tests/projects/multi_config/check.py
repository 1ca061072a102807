"""Ninja Multi-Config: each configuration runs its own programs, with its own arguments."""

from small_project import HERE, PROGRAMS, Project, equal, recorded_arguments


def check(tools):
    project = Project(tools, HERE / "multi_config", tools.work / "build")
    project.configure(f"-DPROGRAMS={PROGRAMS}", generator="Ninja Multi-Config").passed()
    for config, tests in (("Debug", 9), ("Release", 10)):
        project.build("--config", config).passed()
        project.ctest("-C", config).passed().says(rf"100% tests passed.* out of {tests} ")
        for program in ("service", "client"):
            equal(f"{program} of {config}", recorded_arguments(project.build_dir / f"{program}-{config}"), [config])
        discovered = recorded_arguments(project.build_dir / f"discovered-{config}")
        equal(f"discovered of {config}", discovered[2:], [config, ""])
    project.ctest("-C", "Debug", "-N").passed().does_not_say("release-only").says(r"late\.Recording\.Second")
