"""However servers in Python end, each line that they have executed is in the report, and no other; with each Python that is there."""

import json
import shutil
import signal
import subprocess

from format_totals import not_tried
from marked_lines import executed, marked
from python_interpreters import with_coverage
from recorder_checks import ask_until_it_answers, check_ctest, check_damaged, check_ledgers, free_port
from small_project import HERE, Failed, Project, equal

SOURCE = HERE / "coverage_python"
LEAVES = ["os_exit", "abort", "uncaught", "exec"]
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


def by_coverage_py(project, python):
    """What coverage.py itself counts at a clean end."""
    folder = project.source / "clean"
    port = free_port()
    data = project.build_dir / "own.coverage"
    server = subprocess.Popen([python, "-m", "coverage", "run", f"--data-file={data}", folder / "server.py", str(port),
                               "clean"], cwd=project.source)
    ask_until_it_answers(port, server)
    server.send_signal(signal.SIGTERM)
    equal("the end under coverage.py", server.wait(60), 0)
    report = project.build_dir / "own.json"
    subprocess.run([python, "-m", "coverage", "json", "-q", f"--data-file={data}", "-o", report], cwd=project.source, check=True)
    # Debian's also counts what its packages do when the interpreter starts.
    file = json.loads(report.read_text(encoding="utf-8"))["files"]["clean/server.py"]
    return {number: kind == "executed_lines" for kind in ("executed_lines", "missing_lines") for number in file[kind]
            if number not in file["excluded_lines"]}


def check_agreement(project, python):
    files = executed(project.build_dir / "coverage/coverage.json")
    equal("lines of coverage.py", files["clean/server.py"], by_coverage_py(project, python))
    check_ctest(project, files)


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


def copy_sources(folder):
    shutil.copytree(SOURCE, folder, dirs_exist_ok=True)
    for end in ENDS:
        (folder / end).mkdir(exist_ok=True)
        shutil.copy(SOURCE / "server.py", folder / end)
    return folder


def check_with(tools, version, python):
    project = Project(tools, copy_sources(tools.work / f"source{version}"), tools.work / f"build{version}")
    project.python = python
    project.environment["PYTHONDONTWRITEBYTECODE"] = "1"
    project.configure(f"-DPYTHON={python}", f"-DENDS={';'.join(ENDS)}").passed()
    project.ctest("-j4").passed()
    check_lines(project)
    # They end some children at once, which may have executed nothing yet.
    check_ledgers(project, PROCESSES, uncertain=("pool", "starting"))
    check_agreement(project, python)
    return project


def check(tools):
    pythons = with_coverage()
    if not pythons:
        return not_tried("coverage of Python", "coverage.py (pip install coverage, or GENTLE_TEST_PYTHONS)")
    for version, python in pythons.items():
        print(f"Python {version}")
        try:
            project = check_with(tools, version, python)
        except Failed as failure:
            raise Failed(f"Python {version}: {failure}") from failure
    project.ctest("-j4").passed()  # what the first run has left does not count
    check_lines(project)
    check_bad_input(project)
    check_isolated(project)
