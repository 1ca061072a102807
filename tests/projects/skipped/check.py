"""A disabled service, and one that depends on it, skip their tests; these never run without their service."""

from small_project import HERE, PROGRAMS, Project, equal


def check(tools):
    project = Project(tools, HERE / "skipped", tools.work / "build")
    project.configured_and_built(f"-DPROGRAMS={PROGRAMS}")
    result = project.ctest().passed()
    for test in ("needs-off", "needs-above", "needs-both", "own-code", r"Recording\.First", r"Recording\.Second", r"above\.start"):
        result.says(rf" {test} \.+\*\*\*Skipped")
    result.says(r" off\.start \.+\*\*\*Not Run \(Disabled\)")
    result.says(r" needs-on \.+ Passed")
    equal("tests that ran", sorted(path.name for path in project.build_dir.glob("ran-*")), ["ran-needs-on"])
    equal("the discovered tests ran", list(project.build_dir.glob("discovered.*")), [])
    equal("what happened", (project.build_dir / "events").read_text(encoding="utf-8"), "on started\non stopped\n")
