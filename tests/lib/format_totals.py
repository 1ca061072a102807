"""The totals that each format of a report tells, by who reads it: all the same."""

import json
import re
import shutil
import xml.etree.ElementTree as ElementTree

from small_project import equal

WHAT = ("line", "branch", "function")
KNOWS_CONDITIONS = (8, 7)  # the first gcovr that was tried with them


def not_tried(what, missing):
    print(f"not tried: {what}: {missing} is not installed")


def totals_of(summary):
    return {what: (summary[f"{what}_covered"], summary[f"{what}_total"]) for what in WHAT}


def shares(text):
    return [tuple(int(number) for number in share) for share in re.findall(r"(\d+)/(\d+)", text)]


def check_same_totals(folder, summary_text, expected):
    by_cobertura = ElementTree.parse(folder / "cobertura.xml").getroot()
    for what, plural in (("line", "lines"), ("branch", "branches")):
        found = int(by_cobertura.get(f"{plural}-covered")), int(by_cobertura.get(f"{plural}-valid"))
        equal(f"cobertura.xml: {plural}", found, expected[what])
    text = (folder / "coverage.txt").read_text(encoding="utf-8")
    row = re.search(r"^TOTAL +(\d+) +(\d+) +(\d+)%$", text, re.MULTILINE)
    equal("coverage.txt: lines", (int(row.group(2)), int(row.group(1))), expected["line"])
    markdown = (folder / "coverage.md").read_text(encoding="utf-8")
    for what, title in (("line", "Lines"), ("branch", "Branches"), ("function", "Functions")):
        row = re.search(rf"^\| \*\*{title}\*\* .*$", markdown, re.MULTILINE)
        equal(f"coverage.md: {title}", shares(row.group(0)), [expected[what]])
    row = re.search(r"^Total of .*$", summary_text, re.MULTILINE)
    equal("summary.txt", shares(row.group(0)), [expected[what] for what in WHAT])


def check_gcovr(project, folder, summary):
    """Our tracefile, and gcovr's totals of it, file by file."""
    written = project.build_dir / "by_gcovr.json"
    project.run("gcovr", "--root", project.source, "-a", folder / "coverage.json", "--json-summary", written).passed().does_not_say("WARN")
    by_gcovr = json.loads(written.read_text(encoding="utf-8"))
    equal("totals of gcovr -a", totals_of(by_gcovr), totals_of(summary))
    equal("files of gcovr -a", {file["filename"]: totals_of(file) for file in by_gcovr["files"]},
          {file["filename"]: totals_of(file) for file in summary["files"]})
    version = tuple(map(int, re.search(r"^gcovr (\d+)\.(\d+)", project.run("gcovr", "--version").stdout).groups()))
    known = {key for key in summary if version >= KNOWS_CONDITIONS or not key.startswith("condition_")} | set(by_gcovr)
    keys = set(by_gcovr) - {"gcovr/summary_format_version"}
    equal("keys of summary.json that gcovr does not have", set(summary) & known - keys - {"gcovr/summary_format_version"}, set())
    equal("keys that gcovr has and summary.json has not", keys - set(summary), set())
    equal("keys of a file", set(summary["files"][0]) & known | {"filename"}, set(by_gcovr["files"][0]))
    percents = {key: summary[key] for key in summary if key.endswith("percent") and key in known}
    equal("percentages", percents, {key: by_gcovr[key] for key in percents})


def check_lcov(project, folder, expected):
    if not shutil.which("lcov"):
        return not_tried("lcov.info", "lcov")
    version = int(re.search(r"version (\d+)", project.run("lcov", "--version").stdout).group(1))
    # Of lcov 2: it misses the last lines of functions, which lcov 1 cannot read.
    options = ["--rc", "lcov_branch_coverage=1"] if version == 1 else ["--rc", "branch_coverage=1", "--ignore-errors", "unsupported,unsupported"]
    result = project.run("lcov", *options, "--summary", folder / "lcov.info").passed()
    page = project.build_dir / "genhtml"
    html = project.run("genhtml", *options, "--branch-coverage", "--demangle-cpp", "-o", page, folder / "lcov.info").passed()
    for said in (result, html):
        said.does_not_say("(?i)warning|error")
        for what, regex in (("line", r"lines\.+: .*?\((\d+) of (\d+) lines"), ("branch", r"branches\.+: .*?\((\d+) of (\d+) branches"),
                            ("function", r"functions\.+: .*?\((\d+) of (\d+) functions")):
            found = re.search(regex, said.text)
            if not found:
                raise said.explain(f"expected text that matches: {regex}")
            equal(f"lcov.info: {what}", tuple(int(number) for number in found.groups()), expected[what])
    return page
