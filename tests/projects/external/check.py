"""A project with a service `store` that another one with a `store` builds by ExternalProject."""

from small_project import HERE, Project, equal


def check(tools):
    project = Project(tools, HERE / "external", tools.work / "build")
    project.configured_and_built("-DCMAKE_CXX_COMPILER=g++")
    # The tests of the inner one run in a ctest of their own, while the outer service is there.
    project.ctest("-V").passed().says(r"top \.+ Passed").says(r"first\.through-web \.+ Passed")
    inner = project.build_dir / "first"
    project.run(tools.ctest, cwd=inner).passed().says("store.start").says(r"first\.declared \.+ Passed")
    # By name, the service of the build folder that one is in.
    for folder, name in ((project.build_dir, "external"), (inner / "below", "first")):
        listed = project.run(tools.gentle, "start", "nowhere", cwd=folder).failed()
        (listed.says if name == "first" else listed.does_not_say)("first-web")
    for path in (*project.build_dir.glob("Testing/Fixtures/*"), *inner.glob("Testing/Fixtures/*")):
        equal(f"{path} runs", (path / "control").exists(), False)
