"""Whichever folder enables C and C++, both are measured: the project itself, a subdirectory of it, or one each."""

import json
import shutil

from format_totals import not_tried
from python_interpreters import with_coverage
from small_project import HERE, Project, equal

EXECUTED = {"below/app.cc": {3: 1, 4: 1, 5: 1}, "below/in_c.c": {3: 1, 4: 1}}


def executed(report):
    files = json.loads(report.read_text(encoding="utf-8"))["files"]
    found = {file["file"]: {line["line_number"]: line["count"] for line in file["lines"]} for file in files}
    # Compilers do not agree on the last brace.
    return {file: {number: lines.get(number) for number in EXECUTED.get(file, lines)} for file, lines in found.items()}


def compilers():
    yield "gcc", "g++"
    clang = shutil.which("clang-14"), shutil.which("clang++-14"), shutil.which("llvm-cov-14")
    if all(clang):
        yield clang[:2]


def check_python(tools):
    """A project without C and C++ is one, too."""
    python = next(iter(with_coverage().values()), "")
    if not python:
        not_tried("Python", "coverage.py")
        return
    project = Project(tools, HERE / "languages", tools.work / "python")
    project.configure("-DTOP=NONE", f"-DPYTHON={python}").passed().does_not_say("CMake Warning")
    project.ctest().passed()
    files = json.loads((project.build_dir / "coverage/coverage.json").read_text(encoding="utf-8"))["files"]
    lines = [(file["file"], line["line_number"], line["count"]) for file in files for line in file["lines"]]
    equal("lines", [line for line in lines if line[1] > 3], [("app.py", 4, 1), ("app.py", 6, 0)])


def check(tools):
    check_python(tools)
    for c, cxx in compilers():
        for top, first in ("C;CXX", False), ("CXX", False), ("CXX", True), ("C", False), ("C", True), ("NONE", False):
            what = f"{cxx.rpartition('/')[2]} {top.replace(';', ' ')} {'coverage' if first else 'subdirectory'} first"
            project = Project(tools, HERE / "languages", tools.work / what)
            project.configured_and_built(f"-DCMAKE_C_COMPILER={c}", f"-DCMAKE_CXX_COMPILER={cxx}", f"-DTOP={top}",
                                         f"-DCOVERAGE_FIRST={first}")
            project.ctest().passed()
            equal(f"lines: {what}", executed(project.build_dir / "coverage/coverage.json"), EXECUTED)
