"""`gentle start redis` in a build folder, and the ctest runs that use what it has started."""

import json

from small_project import HERE, PROGRAMS, Project, equal

OPTIONS = (f"-DSERVER={PROGRAMS}/idle_service.py",)


def pid_of_api(project):
    return json.loads((project.build_dir / "Testing/Fixtures/api/state.json").read_text())["main"]["pid"]


def one_configuration(tools):
    project = Project(tools, HERE / "by_name", tools.work / "build")
    project.configured_and_built(*OPTIONS, "-DCMAKE_BUILD_TYPE=Debug", "-DWITH_EXTRA=ON")
    sub = project.build_dir / "sub"

    def gentle(*words):
        return project.run_by_hand(tools.gentle, *words, cwd=sub)

    try:
        gentle("env", "api").failed().says("gentle: error: print variables of 'api': it does not run hint: gentle start api")
        gentle("start", "appi").failed().says(r"did you mean 'api'\? hint: the services of this build: api, extra, schema")
        gentle("start", "api").passed().says(r"schema: ready after .* api: ready after ")
        gentle("env", "api").passed().says("API_CONFIG=Debug")
        pid = pid_of_api(project)
        for folder in (project.build_dir, sub):
            project.run(tools.ctest, "-V", cwd=folder).passed().says(f" {pid} ").says("api: left running, still used by a start by hand")
        equal("the pid after ctest", pid_of_api(project), pid)

        # A build that changes nothing of it leaves it; one that changes its spec has ctest replace it.
        project.configure(*OPTIONS, "-DWITH_EXTRA=OFF").passed()
        project.ctest("-R", "uses").passed()
        equal("the pid after another cmake", pid_of_api(project), pid)
        gentle("start", "extra").failed().says(r"the services of this build: api, schema")  # is gone
        project.configure(*OPTIONS, "-DNOTE=changed").passed()
        project.ctest("-R", "uses").passed()
        if pid_of_api(project) == pid:
            raise AssertionError("a service of another spec was used")

        gentle("restart").passed().says("schema: ready after .* api: ready after ")
        gentle("run", "--with", "api", "--", "printenv", "API_PID").passed().says(str(pid_of_api(project)))
        gentle("stop", "api").passed().says("api: stopped by ")
        gentle("run", "--with", "api", "--", "printenv", "API_PID").passed().says("api: ready after")
        gentle("status", "api").passed().says("api stopped")
    finally:
        gentle("down").passed()


def several_configurations(tools):
    project = Project(tools, HERE / "by_name", tools.work / "multi")
    project.configure(*OPTIONS, "-DCMAKE_CONFIGURATION_TYPES=Debug;Release", generator="Ninja Multi-Config").passed()

    def gentle(*words):
        return project.run_by_hand(tools.gentle, *words)

    try:
        gentle("start", "api").failed().says("it has several: Debug, Release hint: name one: --config Debug")
        gentle("start", "--config", "release", "api").passed()
        gentle("env", "api").passed().says("API_CONFIG=Release")
        project.ctest("-C", "Release", "-R", "uses").passed().says("100% tests passed")
        gentle("restart", "api").passed()
        gentle("env", "api").passed().says("API_CONFIG=Release")
        gentle("stop", "api").passed()
    finally:
        gentle("down").passed()
    one = Project(tools, HERE / "by_name", tools.work / "one_of_multi")
    one.configure(*OPTIONS, "-DCMAKE_CONFIGURATION_TYPES=Debug", generator="Ninja Multi-Config").passed()
    try:
        one.run_by_hand(tools.gentle, "start", "api").passed()
    finally:
        one.run_by_hand(tools.gentle, "down").passed()


def check(tools):
    one_configuration(tools)
    several_configurations(tools)
