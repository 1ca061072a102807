"""However servers in Python end, each line and branch that they have executed is in the report, and no other; with each Python
that is there."""

import re
import shutil
import signal
import subprocess
import xml.etree.ElementTree

from format_totals import not_tried
from marked_lines import executed, marked, taken
from python_interpreters import with_coverage
from recorder_checks import SPEC, ask_until_it_answers, check_ctest, check_damaged, check_ledgers, free_port
from small_project import HERE, Failed, Project, equal

SOURCE = HERE / "coverage_python"
LEAVES = ["os_exit", "abort", "uncaught", "sys_exit", "exec"]
CHILDREN = ["segv", "stopped"]
RETURNS = ["clean", *CHILDREN, "closes_all", "starting", "pool_spawn", "pool_forkserver", *LEAVES]
SERVED = [*RETURNS, "workers", "process"]
ENDS = [*SERVED, "handled", "sigkill", "sigterm", "sighup", "sigint", "workers_killed"]
GROUPS = {"all": ENDS, "leaves": LEAVES, "children": CHILDREN, "served": SERVED, "returns": [*RETURNS, "workers", "workers_killed", "process"], "-": []}
LEFT_OUT = "def left_out():  # pragma: no cover"
# Processes of each, if not one.
PROCESSES = {"segv": 2, "stopped": 2, "exec": 2, "workers": 3, "workers_killed": 3, "process": 2}


def check_lines(project):
    files = executed(project.build_dir / "coverage/coverage.json")
    equal("files", sorted(files), sorted([f"{end}/server.py" for end in ENDS] + ["suite.py"]))
    for end in ENDS:
        lines = files[f"{end}/server.py"]
        left_out = (SOURCE / "server.py").read_text(encoding="utf-8").splitlines().index(LEFT_OUT) + 1
        equal("lines that are left out", [number for number in (left_out, left_out + 1) if number in lines], [])
        wanted = marked(project.source / end / "server.py", end, GROUPS, "#")
        equal(f"lines of {end}", lines, {number: wanted.get(number, True) for number in lines})
        equal(f"marked lines of {end}", sorted(set(wanted) - set(lines)), [])


def ways_of_server(end):
    """By the text of its line: which ways on from it an end takes, that out of the function last."""
    leaves, workers = end in LEAVES, end in ("workers", "workers_killed")
    is_sent = end.startswith("sig") or end == "handled"
    ends_child = end in CHILDREN

    def ways(is_reached, is_true):
        return [int(is_reached and is_true), int(is_reached and not is_true)]

    return {
        "for i in range(100):": [1, 1],
        'if path == "/never":': [0, 1],
        "for _ in range(2):": [int(workers)] * 2,
        "if workers[-1] == 0:": [int(workers)] * 2,
        'if END == "workers_killed":': ways(workers, end == "workers_killed"),
        "for pid in workers:": [int(workers)] * 2,
        "if pid == 0:": [int(ends_child)] * 2,
        'if END == "os_exit":': ways(leaves, end == "os_exit"),
        'if END == "uncaught":': ways(leaves and end not in ("os_exit", "abort"), end == "uncaught"),
        'if END == "sys_exit":': ways(end in ("sys_exit", "exec"), end == "sys_exit"),
        'if END.startswith("pool"):': ways(True, end.startswith("pool")),
        'elif END == "process":': ways(not workers, end == "process"),
        'if END == "handled":': ways(is_sent, end == "handled"),
        'if END in ("segv", "stopped"):': ways(end in GROUPS["returns"], ends_child),
        'if __name__ == "__main__":': [1, int(end in ("pool_spawn", "pool_forkserver"))],
    }


def check_branches(project):
    found = taken(project.build_dir / "coverage/coverage.json")
    text = (SOURCE / "server.py").read_text(encoding="utf-8").splitlines()
    numbers = {line.split("  #: ")[0].strip(): number for number, line in enumerate(text, 1)}
    for end in ENDS:
        for line, ways in ways_of_server(end).items():
            equal(f"{end}: ways on from '{line}'", found[f"{end}/server.py"].get(numbers[line]), ways)
    equal("ways in the suite", list(found["suite.py"].values()), [[0, 1]])
    counts = [count for lines in found.values() for ways in lines.values() for count in ways]
    report = xml.etree.ElementTree.parse(project.build_dir / "coverage/cobertura.xml").getroot()
    equal("branches in Cobertura", (report.get("branches-covered"), report.get("branches-valid")),
          (str(sum(counts)), str(len(counts))))


def by_coverage_py(project, python):
    """What coverage.py itself counts at a clean end: of each line whether it is executed, and how many of how many ways on from it
    are taken."""
    folder = project.source / "clean"
    port = free_port()
    data = project.build_dir / "own.coverage"
    server = subprocess.Popen([python, "-m", "coverage", "run", f"--data-file={data}", folder / "server.py", str(port),
                               "clean"], cwd=project.source)
    ask_until_it_answers(port, server)
    server.send_signal(signal.SIGTERM)
    equal("the end under coverage.py", server.wait(60), 0)
    report = project.build_dir / "own.xml"
    subprocess.run([python, "-m", "coverage", "xml", "-q", f"--data-file={data}", "-o", report], cwd=project.source, check=True)
    # Debian's also counts what its packages do when the interpreter starts.
    (file,) = (file for file in xml.etree.ElementTree.parse(report).iter("class") if file.get("filename") == "clean/server.py")
    lines = {int(line.get("number")): line for line in file.iter("line")}
    return ({number: line.get("hits") != "0" for number, line in lines.items()},
            {number: line.get("condition-coverage").partition(" ")[2] for number, line in lines.items() if line.get("branch")})


def check_agreement(project, python):
    report = project.build_dir / "coverage/coverage.json"
    files = executed(report)
    lines, ways = by_coverage_py(project, python)
    equal("lines of coverage.py", files["clean/server.py"], lines)
    equal("branches of coverage.py", {number: f"({sum(counts)}/{len(counts)})"
                                      for number, counts in taken(report)["clean/server.py"].items()}, ways)
    check_ctest(project, files)


def check_configurations(project):
    """What a configuration says of paths, contexts and plugins loses no line and no branch."""
    configuration = project.source / ".coveragerc"
    before = configuration.read_text(encoding="utf-8")
    (project.source / "own_plugin.py").write_text("def coverage_init(registry, options):\n    pass\n", encoding="utf-8")
    for more in ("relative_files = true\n", "plugins = own_plugin\n", "[paths]\nall =\n    clean\n    */sigkill\n",
                 "relative_files = true\n[paths]\nall =\n    .\n    /elsewhere\n", "[report]\ncontexts = some\n",
                 "[report]\nfail_under = 99.5\n"):
        configuration.write_text(before + more, encoding="utf-8")
        said = project.run(project.tools.gentle, "coverage", "report", project.build_dir / SPEC).passed()
        if "contexts" in more:
            said.says(rf"count lines of Python '{re.escape(str(configuration))}': its `contexts` of \[report\] do not count")
        if "fail_under" in more:
            said.says(rf"'{re.escape(str(configuration))}': its `fail_under` is no limit of this report: FAIL_UNDER_LINE and "
                      "FAIL_UNDER_BRANCH of add_fixture_coverage are, continuing")
        check_lines(project)
        check_branches(project)
    configuration.write_text(before, encoding="utf-8")
    (project.source / "own_plugin.py").unlink()


PLUGIN = """import coverage


class Plugin(coverage.CoveragePlugin):
    def configure(self, config):
        config.set_option("run:branch", True)
        config.set_option("run:omit", ["suite.py"])
        config.set_option("run:source", ["."])


def coverage_init(registry, options):
    registry.add_configurer(Plugin())
"""


def check_configuring_plugin(project):
    """As covdefaults does it: what it sets counts as if it stood in the configuration, for CMake and for the report."""
    configuration = project.source / ".coveragerc"
    before = configuration.read_text(encoding="utf-8")
    (project.source / "own_plugin.py").write_text(PLUGIN, encoding="utf-8")
    configuration.write_text("[run]\nplugins = own_plugin\n", encoding="utf-8")
    project.configure().passed()
    equal("branches are recorded", "python_branches\n" in (project.build_dir / SPEC).read_text(encoding="utf-8"), True)
    project.run(project.tools.gentle, "coverage", "report", project.build_dir / SPEC).passed()
    files = executed(project.build_dir / "coverage/coverage.json")
    equal("files", [name in files for name in ("suite.py", "client.py", "own_plugin.py")], [False, True, True])
    equal("branches", any(taken(project.build_dir / "coverage/coverage.json")["sigkill/server.py"].values()), True)
    configuration.write_text(before, encoding="utf-8")
    (project.source / "own_plugin.py").unlink()
    project.configure().passed()
    project.run(project.tools.gentle, "coverage", "report", project.build_dir / SPEC).passed()


def check_installed(project):
    """Nothing of it is recorded, so nothing of it counts as not executed; if it is asked for, the report says so."""
    configuration = project.source / ".coveragerc"
    before = configuration.read_text(encoding="utf-8")
    package = project.source / "env/lib/site-packages/installed"
    package.mkdir(parents=True)
    (project.source / "env/pyvenv.cfg").touch()
    (project.source / "env/bin").mkdir()
    for file in (package / "__init__.py", project.source / "env/bin/tool.py"):
        file.write_text("import os\n", encoding="utf-8")
    files = executed(project.build_dir / "coverage/coverage.json")
    configuration.write_text(before + f"source =\n    .\n    {package}\n[report]\ninclude_namespace_packages = true\n", encoding="utf-8")
    project.run(project.tools.gentle, "coverage", "report", project.build_dir / SPEC).passed().says(
        rf"count lines of Python '{re.escape(str(package))}': coverage.py's configuration names it as a source, but what is installed does not "
        "count: install it with pip install -e, continuing")
    equal("files", [name for name in executed(project.build_dir / "coverage/coverage.json") if name.startswith("env/")], [])
    equal("lines", {name: lines for name, lines in executed(project.build_dir / "coverage/coverage.json").items() if name in files}, files)
    configuration.write_text(before, encoding="utf-8")
    shutil.rmtree(project.source / "env")


def check_late_configuration(project):
    """It asks for branches after the run: the report says that they are not there, and the next build records them."""
    configuration = project.source / ".coveragerc"
    configuration.write_text("[run]\nbranch = true\n", encoding="utf-8")
    project.run(project.tools.gentle, "coverage", "report", project.build_dir / SPEC).passed().says(
        "warning: report branches of Python: coverage.py's configuration asks for them, and some process has not recorded them: "
        "run cmake, for whose python3 coverage.py has to be installed, and the tests again, continuing")
    spec = project.build_dir / SPEC
    limited = spec.with_name("limited.spec")
    limited.write_text(spec.read_text(encoding="utf-8").replace("\nend\n", "\nfail_under_branch 10\nend\n"), encoding="utf-8")
    project.run(project.tools.gentle, "coverage", "report", limited).failed().says(
        "error: report branches of Python: coverage.py's configuration asks for them")
    equal("branches", [ways for ways in taken(project.build_dir / "coverage/coverage.json").values() if ways], [])
    project.configure().passed()
    equal("branches are recorded", "python_branches\n" in (project.build_dir / SPEC).read_text(encoding="utf-8"), True)
    configuration.write_text("[run]\nbranch = false\n", encoding="utf-8")
    project.build().passed()
    equal("branches are recorded", "python_branches\n" in (project.build_dir / SPEC).read_text(encoding="utf-8"), False)


def check_isolated(project):
    """An interpreter that imports no sitecustomize has recorded nothing, which fails its stop."""
    project.configure(f"-DPYTHON={project.python}", "-DENDS=clean", "-DOPTIONS=-I").passed()
    project.ctest("-R", "clean").failed().says(
        r"coverage of 1 of its 1 processes? is lost.*it recorded none of its lines: python -I starts no recorder")


def check_bad_input(project):
    """It spoils nothing else."""
    check_damaged(project, "server.py", ("sigkill", "sigterm", "sigint", "handled"), "#")
    files = executed(project.build_dir / "coverage/coverage.json")
    equal("what ran before the change", any(files["clean/server.py"].values()), False)
    equal("others", any(files["segv/server.py"].values()), True)


VERSIONS = """cmake_minimum_required(VERSION 3.22)
project(versions LANGUAGES NONE)
include(CTest)
include(GentleFixtures)
foreach(each IN ITEMS old both)
  add_fixture_test(NAME ${each} COMMAND "${OLD}" "${CMAKE_SOURCE_DIR}/${each}.py" FIXTURES NONE COVERAGE python)
endforeach()
foreach(each IN ITEMS new both only_new)
  add_fixture_test(NAME ${each}.new COMMAND "${NEW}" "${CMAKE_SOURCE_DIR}/${each}.py" FIXTURES NONE COVERAGE python)
endforeach()
add_fixture_coverage(FORMATS json)
"""
# Python 3.9 executes no `while True:`, and its coverage.py takes it for no statement.
LOOP = "def f(n):\n    while True:\n        if n:\n            return n\n        n += 1\nf(0)\n"
PLUGIN_OF_OLD = """import sys
if sys.version_info[:2] != (3, 9):
    raise ImportError("it is not installed here")
import coverage


class Plugin(coverage.CoveragePlugin):
    def configure(self, config):
        config.set_option("run:omit", ["never.py", "only_old_has.py"])


def coverage_init(registry, options):
    registry.add_configurer(Plugin())
"""


def check_versions(tools, old, new):
    """Each source has the statements that the newest Python that has executed it sees in it."""
    project = Project(tools, tools.work / "sourceversions", tools.work / "buildversions")
    shutil.rmtree(project.source, ignore_errors=True)
    project.source.mkdir()
    texts = {"CMakeLists.txt": VERSIONS, ".coveragerc": "[run]\nsource = .\n", "old.py": LOOP, "new.py": LOOP, "both.py": LOOP,
             "never.py": LOOP, "only_new.py": "match 1:\n    case 1:\n        a = 1\n"}
    for name, text in texts.items():
        (project.source / name).write_text(text, encoding="utf-8")
    project.configure(f"-DOLD={old}", f"-DNEW={new}").passed()
    project.ctest().passed().does_not_say("warning")
    report = project.build_dir / "coverage/coverage.json"
    every = dict.fromkeys(range(1, 7), True)
    without_loop = {line: True for line in every if line != 2}
    equal("lines", executed(report), {"old.py": without_loop, "new.py": every, "both.py": every, "never.py": dict.fromkeys(every, False),
                                      "only_new.py": {1: True, 2: True, 3: True}})
    check_plugin_of_one(project, new, without_loop)


def check_plugin_of_one(project, new, without_loop):
    """Whoever has it counts, and the report says who has not."""
    (project.source / "only_old_has.py").write_text(PLUGIN_OF_OLD, encoding="utf-8")
    (project.source / ".coveragerc").write_text("[run]\nsource = .\nplugins = only_old_has\n", encoding="utf-8")
    report = [project.tools.gentle, "coverage", "report", project.build_dir / SPEC]
    lacks = rf"ask coverage.py '{re.escape(new)}': it lacks a plugin: "
    project.run(*report).passed().says(lacks + r"it is not installed here; \S+ counts in its place, continuing").says(
        r"only_new.py': Couldn't parse")
    equal("lines", executed(project.build_dir / "coverage/coverage.json"), dict.fromkeys(("old.py", "new.py", "both.py"), without_loop))
    (project.source / ".coveragerc").write_text("[run]\nplugins = nobody_has\n", encoding="utf-8")
    project.run(*report).failed().says(rf"error: {lacks}No module named 'nobody_has'.*hint: install for it what `plugins`")


def copy_sources(folder):
    shutil.copytree(SOURCE, folder, dirs_exist_ok=True)
    for end in ENDS:
        (folder / end).mkdir(exist_ok=True)
        shutil.copy(SOURCE / "server.py", folder / end)
    return folder


def check_with(tools, version, python, branches):
    name = f"{version} branches" if branches else version
    project = Project(tools, copy_sources(tools.work / f"source{name}"), tools.work / f"build{name}")
    project.python = python
    if branches:
        (project.source / ".coveragerc").write_text("[run]\nbranch = true\n", encoding="utf-8")
    project.environment["PYTHONDONTWRITEBYTECODE"] = "1"
    project.configure(f"-DPYTHON={python}", f"-DENDS={';'.join(ENDS)}").passed()
    project.ctest("-j4").passed()
    check_lines(project)
    if branches:
        check_branches(project)
    # They end some children at once, which may have executed nothing yet.
    check_ledgers(project, PROCESSES, uncertain=("pool", "starting"))
    check_agreement(project, python)
    if branches:
        check_configurations(project)
        check_configuring_plugin(project)
        check_installed(project)
    return project


def check(tools):
    pythons = with_coverage()
    if not pythons:
        return not_tried("coverage of Python", "coverage.py (pip install coverage, or GENTLE_TEST_PYTHONS)")
    for version, python in pythons.items():
        for branches in True, False:
            print(f"Python {version}{', branches' if branches else ''}")
            try:
                project = check_with(tools, version, python, branches)
            except Failed as failure:
                raise Failed(f"Python {version}: {failure}") from failure
    newest = max(pythons, key=lambda version: int(version.partition(".")[2]))
    if "3.9" in pythons and newest not in ("3.9", "3.10", "3.11"):
        check_versions(tools, pythons["3.9"], pythons[newest])
    else:
        not_tried("sources of several versions of Python", "Python 3.9 and 3.12 or newer (GENTLE_TEST_PYTHONS)")
    project.ctest("-j4").passed()  # what the first run has left does not count
    check_lines(project)
    check_late_configuration(project)
    check_bad_input(project)
    check_isolated(project)
