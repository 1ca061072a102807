"""The example with a server in each language, all of them killed by SIGKILL: its one report is right to the line.

Each line of a server that ends with `ran` or `not` behind its comment is counted, and as that word says. Any other line that
is counted has run, unless it only closes a block.
"""

import json
import os
import re
import shutil
import sys
import xml.etree.ElementTree as ElementTree

from ci import in_ci
from coverage_counts import check_agreement, counted
from marked_lines import executed
from small_project import REPOSITORY, Failed, Project, build_folders, equal, literally

EXAMPLE = "examples/languages"
SOURCES = {"cpp": "cpp/server.cc", "go": "go/main.go", "java": "java/Server.java", "node": "node/server.js",
           "python": "python/app.py", "rust": "rust/server.rs"}
PROCESSES = {"node": 3, "python": 3}  # if not one
RECORDED = ("java", "node", "python")  # the others are read from their memory
IN_CI = {"cpp", "java", "node", "python"}  # Go comes from PyPI, and not every Debian has a Rust that counts
MARK = re.compile(r"(?://|#) (ran|not)$")
UNKILLED = "No server is killed, because this is not installed: Python with pytest and coverage"
SUITE = "tests/test_killed.py"


def languages_of(configured):
    """Those that are not left out; why the others are is printed."""
    left_out = dict(re.findall(r"^-- (\w+) is left out, because this is not installed: (.*)$", configured.stdout, re.MULTILINE))
    for name, why in left_out.items():
        print(f"not tried: {name}: {why} is not installed")
    found = set(SOURCES) - set(left_out)
    if in_ci() and not IN_CI <= found:
        raise configured.explain(f"expected {sorted(IN_CI)} not to be left out")
    if UNKILLED in configured.stdout:
        print("skipped: pytest and coverage.py are not installed")
        raise SystemExit(77)
    return sorted(found)


def marks_of(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    found = {number: MARK.search(line) for number, line in enumerate(lines, 1)}
    return {number: mark.group(1) == "ran" for number, mark in found.items() if mark}


def check_lines(path, lines):
    marks = marks_of(path)
    if set(marks.values()) != {True, False}:
        raise Failed(f"{path}: there are no marks of both kinds")
    equal(f"marked lines of {path}", {number: lines.get(number) for number in marks}, marks)
    text = path.read_text(encoding="utf-8").splitlines()
    equal(f"unmarked lines of {path} that did not run",
          [number for number, ran in lines.items() if not ran and number not in marks and text[number - 1].strip() != "}"], [])


def by_cobertura(path):
    """By file: whether each line is executed."""
    return {file.get("filename"): {int(line.get("number")): int(line.get("hits")) > 0 for line in file.iterfind("lines/line")}
            for file in ElementTree.parse(path).iter("class")}


def check_report(project, languages):
    folder = project.build_dir / "coverage"
    files = executed(folder / "coverage.json")
    equal("files", sorted(files), sorted([SUITE, *(SOURCES[name] for name in languages)]))
    for name in languages:
        check_lines(project.source / SOURCES[name], files[SOURCES[name]])
    equal("lines that did not run in the test itself", [number for number, ran in files[SUITE].items() if not ran], [])
    equal("lines of cobertura.xml", by_cobertura(folder / "cobertura.xml"), files)
    summary, total = check_agreement(project, f"{len(files)} files")
    for name, lines in files.items():
        equal(f"summary of {name}", counted(summary, name), (sum(lines.values()), len(lines)))
    equal("total", total, (sum(sum(lines.values()) for lines in files.values()), sum(map(len, files.values()))))


def check_ledgers(project, languages):
    """All processes were killed, and each has kept its lines."""
    told = json.loads(project.run(project.tools.gentle, "status", "--json").passed().stdout)
    ledgers = {service["service"].removesuffix("-server"): service["coverage"] for service in told}
    equal("services", sorted(ledgers), languages)
    for name, ledger in ledgers.items():
        equal(f"lost of {name}", ledger["lost"], {})
        equal(f"kept of {name}", (ledger["written"], ledger["rescued"]),
              (PROCESSES.get(name, 1), {}) if name in RECORDED else (0, {"SIGKILL": 1}))


def left_behind(folder, names):
    """Builds, and what Python has compiled: pytest's names the sources that it was compiled from."""
    return [*build_folders(folder, names), *(name for name in names if name == "__pycache__")]


def copied(tools):
    """`run` makes its build folder beside itself."""
    root = tools.work / "copy"
    shutil.rmtree(root, ignore_errors=True)
    for part in ("cmake", "examples"):
        shutil.copytree(REPOSITORY / part, root / part, ignore=left_behind)
    project = Project(tools, root / EXAMPLE, root / EXAMPLE / "build")
    project.environment["PYTHONDONTWRITEBYTECODE"] = "1"
    return project


def check_left_out(tools):
    """A language whose tools are not installed, or are too old, is one line."""
    project = copied(tools)
    old = tools.work / "go"
    old.write_text("#!/bin/sh\necho go1.19.8\n", encoding="utf-8")
    old.chmod(0o755)
    nothing = tools.work / "nothing"
    nothing.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    nothing.chmod(0o755)
    configured = project.configure("-DNODE=", f"-DGO={old}", f"-DJAVAC={nothing}", f"-DRUSTC={nothing}", "-DPYTHONS=no-python").passed()
    configured.says(literally(UNKILLED))
    for name, why in (("node", "node"), ("go", "Go 1.20 or newer"), ("java", "a JDK of Java 11 or newer"), ("rust", "a rustc with the runtime"),
                      ("python", "Python with flask, gunicorn and coverage")):
        configured.says(f"-- {name} is left out, because this is not installed: {why}")
    listed = re.findall(r"Test +#\d+: (\S+)$", project.ctest("-N").stdout, re.MULTILINE)
    equal("tests without them", sorted(listed), ["coverage.report", "coverage.reset", "cpp-server.start", "cpp-server.stop", "cpp.api"])


def check(tools):
    project = copied(tools)
    go = [path for path in os.environ.get("GENTLE_TEST_GOS", "").split(":") if os.path.exists(path)]
    jacoco = [path for path in (os.environ.get("GENTLE_TEST_JACOCO"),) if path and os.path.exists(path)]
    options = [f"-DGENTLE_EXECUTABLE={tools.gentle}", *(f"-DGO={path}" for path in go[:1]), *(f"-DGENTLE_JACOCO={path}" for path in jacoco)]
    finished = project.run(project.source / "run", *options, cwd=project.source.parent).passed()
    sys.stdout.flush()
    languages = languages_of(finished)
    finished.says("100% tests passed").does_not_say("not in the report")
    check_report(project, languages)
    check_ledgers(project, languages)
    check_left_out(tools)
