"""DEPENDS: in any order of declaration and from any folder, a service outlives all that needs it. And labels."""

import json

from small_project import HERE, PROGRAMS, Project, equal


def properties_of_tests(project):
    shown = json.loads(project.ctest("--show-only=json-v1").passed().stdout)
    return {test["name"]: {p["name"]: p["value"] for p in test["properties"]} for test in shown["tests"]}


def check(tools):
    project = Project(tools, HERE / "depends", tools.work / "build")
    project.configure(f"-DPROGRAMS={PROGRAMS}").passed().does_not_say("CMake (Deprecation )?Warning")

    tests = properties_of_tests(project)
    required = {name: sorted(values.get("FIXTURES_REQUIRED", [])) for name, values in tests.items()}
    equal("FIXTURES_REQUIRED", required, {
        "client": ["api", "cache", "db", "scratch", "web"], "make-scratch": [],
        "two-services": ["alone", "cache", "db"],
        "alone.start": [], "alone.stop": [], "db.start": [], "db.stop": [],
        "cache.start": ["db"], "cache.stop": ["db"],
        "api.start": ["cache", "db"], "api.stop": ["cache", "db"],
        "web.start": ["api", "cache", "db"], "web.stop": ["api", "cache", "db"],
    })
    equal("labels of web.start", sorted(tests["web.start"]["LABELS"]), ["fixture", "ui"])
    equal("labels of alone.stop", sorted(tests["alone.stop"]["LABELS"]), ["fixture", "not used", "slow"])
    equal("labels of client", sorted(tests["client"]["LABELS"]), ["fast", "ui"])
    equal("time-out of web.start", tests["web.start"]["TIMEOUT"], 105.0)

    project.ctest("-R", "^client$", "-j4").passed().says("100% tests passed")
    events = (project.build_dir / "events").read_text(encoding="utf-8").split("\n")[:-1]
    equal("what happened", events, [
        "db started", "cache started", "api started", "web started",
        "web stopped", "api stopped", "cache stopped", "db stopped",
    ])
    project.ctest().passed()
