"""However servers in Go end, each line that they have executed is in the report, and no other; with each Go that is there."""

import json
import os
import re
import shutil
import subprocess
import sys

from coverage_counts import counted_by_ctest
from format_totals import not_tried
from gos import gos
from small_project import HERE, Failed, Project, equal, literally

SOURCE = HERE / "coverage_go"
WRITES = ["exit", "returns"]
SIGNALS = ["sigkill", "sigint", "sigterm", "sighup"]
RESCUED = [*SIGNALS, "panic", "abort", "segv", "leaves", "exec", "execfirst"]
ENDS = [*WRITES, *RESCUED, "worker", "stopped"]
VARIANTS = {
    "plain": [],
    "stripped": ["-ldflags=-s -w"],
    "pie": ["-buildmode=pie", "-ldflags=-s -w"],
    "count": ["-covermode=count"],
    "atomic": ["-covermode=atomic", "-trimpath"],
    "cgo": ["-covermode=count"],
}
CGO = """package main

import "example.com/ends/cgo"

func init() {
	cgo.KillChild()
}
"""
REASONS = {"exit": {}, "returns": {}, "worker": {"SIGKILL": 1}, "stopped": {"SIGKILL": 1}, "panic": {"_exit": 1}, "segv": {"_exit": 1}, "leaves": {"_exit": 1},
           "abort": {"SIGABRT": 1}, "exec": {"exec": 1}, "execfirst": {"exec": 1}}
PACKAGE = "example.com/ends/"


def executed(report):
    """By file: how often each line that counts is executed."""
    found = {}
    for file in json.loads(report.read_text(encoding="utf-8"))["files"]:
        found[file["file"]] = {line["line_number"]: line["count"] for line in file["lines"]}
    return found


def lines_by_go(project, go):
    """The same by Go's own reader: a line has the highest count of the blocks that cover it."""
    text = project.build_dir / "by_go.txt"
    data = project.build_dir / "Testing/Fixtures/coverage/go"
    subprocess.run([go, "tool", "covdata", "textfmt", f"-i={data}", f"-o={text}"], check=True, cwd=project.source)
    found = {}
    for line in text.read_text(encoding="utf-8").splitlines()[1:]:
        name, first, last, count = re.fullmatch(r"(.*):(\d+)\.\d+,(\d+)\.\d+ \d+ (\d+)", line).groups()
        lines = found.setdefault(name.removeprefix(PACKAGE), {})
        for number in range(int(first), int(last) + 1):
            lines[number] = max(lines.get(number, 0), int(count))
    return found


def by_marker(path, end):
    """Of each line with a marker, whether this end executes it."""
    marked = (re.search(r"//: (.*)$", line) for line in path.read_text(encoding="utf-8").splitlines())
    return {number: "all" in marker.group(1).split() or end in marker.group(1).split()
            for number, marker in enumerate(marked, 1) if marker}


def check_lines(project, go):
    files = executed(project.build_dir / "coverage/coverage.json")
    own = sorted(str(path.relative_to(project.source)) for path in project.source.glob("ends/*/*.go"))
    equal("files", sorted(files), sorted(["lib/lib.go", "lib/count.go", *own] + (["cgo/cgo.go"] if project.has_cgo else [])))
    for name, lines in files.items():
        end = name.split("/")[1] if name.startswith("ends/") else "all"
        wanted = by_marker(project.source / name, end)
        equal(f"marked lines of {name}", {number: lines.get(number, 0) > 0 for number in wanted}, wanted)
    if project.has_cgo:
        line = next(number for number, is_marked in by_marker(project.source / "cgo/cgo.go", "all").items() if is_marked)
        equal("counts of what ran before the fork", files["cgo/cgo.go"][line], len(project.ends))
    equal("lines by go tool covdata", files, lines_by_go(project, go))
    counts = [count > 0 for lines in files.values() for count in lines.values()]
    equal("lines of ctest", counted_by_ctest(project), (sum(counts), len(counts)))


def ledgers(project):
    told = json.loads(project.run(project.tools.gentle, "status", "--json").passed().stdout)
    return {service["service"].removeprefix("go-"): service["coverage"] for service in told}


def check_ledgers(project):
    for end, ledger in ledgers(project).items():
        equal(f"lost of {end}", ledger["lost"], {})
        reasons = dict(REASONS.get(end, {end.upper(): 1}))
        if project.has_cgo:  # and a child each
            reasons["SIGKILL"] = reasons.get("SIGKILL", 0) + 1
        equal(f"rescued of {end}", ledger["rescued"], reasons)
        equal(f"written of {end}", ledger["written"], {"exit": 1, "returns": 1, "worker": 2, "stopped": 1}.get(end, 0))


def copy_sources(folder, ends, has_cgo):
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("server", *(() if has_cgo else ("cgo",))))
    for end in ends:
        (folder / "ends" / end).mkdir(parents=True)
        shutil.copy(SOURCE / "server/main.go", folder / "ends" / end)
        if has_cgo:
            (folder / "ends" / end / "cgo.go").write_text(CGO, encoding="utf-8")
    return folder


def run(tools, name, go, variant="plain", ends=ENDS, **options):
    source = copy_sources(tools.work / f"source-{name}", ends, variant == "cgo")
    project = Project(tools, source, tools.work / f"build-{name}")
    project.ends = ends
    project.has_cgo = variant == "cgo"
    project.environment.update(GOTOOLCHAIN="local", GOFLAGS="")
    more = [f"-D{key}={value}" for key, value in options.items()]
    project.configured_and_built(f"-DGO={go}", f"-DPYTHON={sys.executable}", f"-DENDS={';'.join(ends)}",
                                 f"-DFLAGS={';'.join(VARIANTS[variant])}", *more)
    project.ctest().passed()
    for log in (project.build_dir / "Testing/Fixtures").glob("*/log"):
        if re.search("GOCOVERDIR|error: coverage", log.read_text(encoding="utf-8")):
            raise Failed(f"{log}: Go has complained:\n{log.read_text(encoding='utf-8')}")
    return project


def check_with(tools, go, variant, ends):
    try:
        project = run(tools, variant, go, variant, ends)
        check_lines(project, go)
        check_ledgers(project)
    except Failed as failure:
        raise Failed(f"{variant}: {failure}") from failure
    return project


def check_own_folder(tools, go):
    """A GOCOVERDIR of the user's own gets what Go writes; the report has all the same."""
    own = tools.work / "own"
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir(parents=True)
    project = run(tools, "own-folder", go, ends=["exit", "sigkill"], ENVIRONMENT=f"GOCOVERDIR={own}")
    check_lines(project, go)
    check_ledgers(project)
    equal("counters in the user's folder", len(list(own.glob("covcounters.*"))), 1)


PLAIN = """package main

import "os"

func main() {
	if len(os.Args) > 1 {
		println("not executed")
	}
}
"""
PLAIN_PROJECT = """cmake_minimum_required(VERSION 3.22)
project(plain LANGUAGES NONE)
enable_testing()
include(GentleFixtures)
add_custom_target(program ALL COMMAND "${GO}" build -buildvcs=false -cover -o "${CMAKE_BINARY_DIR}/" . WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
foreach(name IN ITEMS one two)
  add_test(NAME ${name} COMMAND "${CMAKE_BINARY_DIR}/plain")
endforeach()
add_fixture_coverage(FORMATS json)
"""


def check_plain_tests(tools, go):
    """A test that nobody follows counts as well, in each run alone."""
    source = tools.work / "source-of-plain-tests"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(parents=True)
    for name, text in (("main.go", PLAIN), ("go.mod", "module example.com/plain\n\ngo 1.20\n"), ("CMakeLists.txt", PLAIN_PROJECT)):
        (source / name).write_text(text, encoding="utf-8")
    project = Project(tools, source, tools.work / "plain-tests")
    project.environment.update(GOTOOLCHAIN="local", GOFLAGS="")
    project.configured_and_built(f"-DGO={go}")
    for _ in range(2):
        project.ctest().passed().does_not_say("GOCOVERDIR")
        lines = executed(project.build_dir / "coverage/coverage.json")["main.go"]
        equal("lines", {number: count > 0 for number, count in lines.items()}, {5: True, 6: True, 7: False, 8: False})


def files_of(project, end):
    """The meta-data of the program of an end, and its first counters."""
    data = project.build_dir / "Testing/Fixtures/coverage/go"
    for meta in data.glob("covmeta.*"):
        if f"ends/{end}/main.go".encode() in meta.read_bytes():
            return meta, next(data.glob(f"covcounters.{meta.suffix[1:]}.*"))
    raise Failed(f"there is no meta-data of {end}")


def check_bad_input(project):
    """Each is one line of the report, and spoils nothing else."""
    spec = project.build_dir / "CMakeFiles/GentleFixtures/coverage.spec"
    garbage, cut, orphan, newer, fifo = (files_of(project, end) for end in ("sigkill", "sigint", "sigterm", "sighup", "leaves"))
    garbage[1].write_bytes(b"garbage!")
    cut[1].write_bytes(cut[1].read_bytes()[:-20])
    orphan[0].unlink()
    newer[0].write_bytes(newer[0].read_bytes()[:4] + b"\2" + newer[0].read_bytes()[5:])
    fifo[1].unlink()
    os.mkfifo(fifo[1])
    gone, shorter = (project.source / "ends" / end / "main.go" for end in ("panic", "segv"))
    gone.unlink()
    shorter.write_text("package main\n", encoding="utf-8")
    result = project.run(project.tools.gentle, "coverage", "report", spec).passed()
    lines = [line for line in result.stderr.splitlines() if line.startswith("gentle: warning")]
    for path, cause in ((garbage[1], "it is no file of Go's counters"),
                        (cut[1], "it is (cut off|damaged)"),
                        (orphan[1], rf"its meta-data, {literally(orphan[0].name)}, cannot be read"),
                        (newer[0], "it is of version 2 of its format, known is 1"),
                        (newer[1], rf"its meta-data, {literally(newer[0].name)}, cannot be read"),
                        (fifo[1], "it is no regular file"),
                        (gone, "it is gone"),
                        (shorter, "it has fewer lines than when it was compiled")):
        found = [line for line in lines if re.search(f"'{literally(path)}': {cause}", line)]
        equal(f"lines about {path}", (len(found), lines if len(found) != 1 else None), (1, None))
    equal("all warnings", len(lines), 8)
    files = executed(project.build_dir / "coverage/coverage.json")
    equal("others", any(files["ends/abort/main.go"].values()), True)
    equal("what is gone", [name for name in files if "panic" in name or "segv" in name], [])


def check(tools):
    found = gos()
    if not found:
        return not_tried("coverage of Go", "Go 1.20 or newer (or GENTLE_TEST_GOS)")
    for version, go in found.items():
        print(version)
        project = check_with(tools, go, "plain", ENDS)
        for variant in ("stripped", "pie", "count", "atomic", "cgo"):
            check_with(tools, go, variant, ["exit", "sigkill", "exec", "execfirst"])
    project.ctest("-j2").passed()  # what the first run has left does not count
    check_lines(project, go)
    check_own_folder(tools, go)
    check_plain_tests(tools, go)
    check_bad_input(project)
