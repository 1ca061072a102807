"""Discovered tests with two fixtures, found after the build and before the test, keep all their properties."""

import json

from small_project import HERE, PROGRAMS, Failed, Project, equal


def check_tests(project, version):
    shown = json.loads(project.ctest("--show-only=json-v1").passed().stdout)
    tests = {test["name"]: {p["name"]: p["value"] for p in test["properties"]} for test in shown["tests"]}
    for name, fixtures in (("post.Cache.IsThere", ["cache", "mine", "queue", "store", "yours"]),
                           ("post.Queue.IsThere", ["cache", "mine", "queue", "store", "yours"]),
                           ("pre.Cache.IsThere.end", ["cache", "queue", "store"]), ("one.Queue.IsThere", ["queue"])):
        if name not in tests:
            raise Failed(f"no test {name} among {sorted(tests)}")
        equal(f"FIXTURES_REQUIRED of {name}", sorted(tests[name]["FIXTURES_REQUIRED"]), fixtures)
        equal(f"SKIP_RETURN_CODE of {name}", tests[name]["SKIP_RETURN_CODE"], 77)
    post = tests["post.Queue.IsThere"]
    equal("LABELS", sorted(post["LABELS"]), ["blue", "red"])
    told = [f"GENTLE_TEST={version}", "GENTLE_TEST_NAME=post.Queue.IsThere", "GENTLE_TEST_TIMEOUT=21",
            "GENTLE_TEST_SKIP_RETURN_CODE=77", "GENTLE_TEST_SKIPPED_BY=[  SKIPPED ]"]  # for `gentle run`
    equal("ENVIRONMENT", sorted(post["ENVIRONMENT"]), sorted(["FIRST=1", "SECOND=2", *told]))
    equal("TIMEOUT", post["TIMEOUT"], 21.0)
    pre = [name for name in tests if name.startswith("pre.")]
    equal("tests found by TEST_FILTER", pre, ["pre.Cache.IsThere.end"])
    equal("their folder", tests[pre[0]]["WORKING_DIRECTORY"], str(HERE / "discovered"))
    equal("tests with parameters", sum("QueueIsThere" in name for name in tests), 6)


def check(tools):
    project = Project(tools, HERE / "discovered", tools.work / "build")
    version = project.run(tools.cmake, "--version").stdout.split()[2]
    newer = tuple(int(part) for part in version.split(".")[:2])
    project.configured_and_built(f"-DPROGRAMS={PROGRAMS}")
    check_tests(project, version)
    project.ctest("-j4").passed().says("100% tests passed")
    events = (project.build_dir / "events").read_text(encoding="utf-8").split("\n")[:-1]
    equal("each service started and stopped once", sorted(events), sorted(
        f"{name} {what}" for name in ("cache", "queue", "store") for what in ("started", "stopped")))
    if events.index("cache stopped") > events.index("store stopped"):
        raise Failed(f"the store did not outlive the cache: {events}")

    # One test by itself brings its services along.
    (project.build_dir / "events").unlink()
    project.ctest("-R", r"^one\.Queue\.IsThere$").passed()
    equal("what happened", (project.build_dir / "events").read_text(encoding="utf-8"), "queue started\nqueue stopped\n")

    if newer < (3, 31):
        project.configure(f"-DPROGRAMS={PROGRAMS}", "-DDISCOVERY_EXTRA_ARGS=ON").failed().says(
            rf"discover_fixture_tests\(client\): DISCOVERY_EXTRA_ARGS: needs CMake 3\.31 or newer; this is {version}")
    if newer < (4, 4):
        project.configure(f"-DPROGRAMS={PROGRAMS}", "-DDISCOVERY_EXTRA_ARGS=OFF", "-DSEMICOLON=ON").failed().says(
            r"discover_fixture_tests\(client\): PROPERTIES: an element of ENVIRONMENT has a ';' in it: 'FIRST=1\\;2;SECOND=3'")
