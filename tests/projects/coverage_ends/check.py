"""However the processes of a project end, every line is counted, and exactly: in the report, and by
`ctest -T Coverage`. The server has no handler of any signal."""

import json
import re

from coverage_counts import check_agreement
from other_gcovr import skip_without_gcovr, use_gcovr
from small_project import HERE, Project, equal

NAMED = re.compile(r"// counts: ([a-z_]+)$")
CASES = {"passes": 1, "fails": 1, "crashes": 1, "aborts": 1, "throws": 1, "leaves": 1,
         "before_fast": 1, "in_fast": 1, "after_fast": 1, "before_safe": 2, "in_safe": 1, "after_safe": 1,
         "exits": 1, "exits_at_once": 1, "is_killed": 1}
REQUESTS = 1 + 1 + 3 + 2 + 2
COUNTS = {**CASES, "hangs": 1, "served": REQUESTS, "accepted": REQUESTS, "failed": 0,
          "work": 2 * REQUESTS + 1000 + 3 + 3 + 10 + 20 + 30 + 40 + 5 + 100 + 7 + 5 + 5 + 200 + 7 + 300 + 400 + 500}
FAILED = {"hangs": "Timeout", "Ends.Fails": "Failed", "Ends.Crashes": "SEGFAULT", "Ends.Aborts": "Subprocess aborted",
          "Ends.ThrowsInAThread": "Subprocess aborted"}


def counts_of(report):
    """How often each line with a name was executed."""
    found = {}
    for file in json.loads(report.read_text(encoding="utf-8"))["files"]:
        lines = (HERE / "coverage_ends" / file["file"]).read_text(encoding="utf-8").splitlines()
        for line in file["lines"]:
            named = NAMED.search(lines[line["line_number"] - 1])
            if named:
                found[named.group(1)] = line["count"]
    return found


def check_run(project, *options):
    result = project.ctest(*options).failed()
    listed = result.text.partition("The following tests FAILED:")[2]
    failed = dict(re.findall(r"\d+ - (\S+) \(([\w ]+)\)", listed))
    if failed != FAILED:
        raise result.explain(f"expected these to fail: {FAILED}, not: {failed}")
    for end, reason in (("SIGINT", "hangs"), ("SIGSEGV", "cases"), ("SIGABRT", "cases")):
        result.says(rf"gentle: coverage of '[^']*/{reason}': 1 process: 1 rescued \({end}\) --- service 'api': its log "
                    "during this test, ")
    result.says(r"gentle: error: run test '[^']*/hangs': not over after 9 s, shortly before its TIMEOUT of 10 s hint: "
                "give it more time: TIMEOUT <seconds>")
    equal("counts", counts_of(project.build_dir / "coverage/coverage.json"), COUNTS)


def check_ledger(project):
    told = project.run(project.tools.gentle, "status", "--json").passed()
    (api,) = json.loads(told.stdout)
    equal("the server's ledger", api["coverage"],
          {"instrumented": 1, "running": 0, "written": 0, "rescued": {"SIGINT": 1}, "lost": {}})


def check(tools):
    skip_without_gcovr()
    project = Project(tools, HERE / "coverage_ends", tools.work / "single")
    use_gcovr(project)
    project.configured_and_built("-DCMAKE_CXX_COMPILER=g++", "-DCMAKE_BUILD_TYPE=Debug")
    check_run(project)
    check_ledger(project)
    check_agreement(project, "4 files")
    check_run(project, "-j8")  # what the first one has left does not count

    project = Project(tools, HERE / "coverage_ends", tools.work / "multi")
    use_gcovr(project)
    project.configure("-DCMAKE_CXX_COMPILER=g++", "-DCMAKE_CONFIGURATION_TYPES=Debug;Plain",
                      generator="Ninja Multi-Config").passed()
    for config in ("Debug", "Plain"):
        project.build("--config", config).passed()
        check_run(project, "-j4", "-C", config)
