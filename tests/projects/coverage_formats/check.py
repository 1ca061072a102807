"""Each format is read by who reads it: lcov, genhtml, Cobertura's DTD, ctest, gcovr; with the same totals everywhere."""

import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from cobertura_grammar import dtd  # noqa: E402
from coverage_counts import check_agreement, counted  # noqa: E402
from format_totals import check_gcovr, check_lcov, check_same_totals, not_tried, shares, totals_of  # noqa: E402
from other_gcovr import skip_without_gcovr, use_gcovr  # noqa: E402
from raw_tools import check_raw_tools  # noqa: E402
from small_project import HERE, SKIPPED, Failed, Project, equal  # noqa: E402

ODD = "net & more/a, <b>.cc"


# Validates the second file by the DTD that is the first.
BY_LXML = """import sys
from lxml import etree
dtd = etree.DTD(open(sys.argv[1], "rb"))
sys.exit(0 if dtd.validate(etree.parse(sys.argv[2])) else str(dtd.error_log))
"""


def validator():
    """The command that takes a DTD and a file."""
    if shutil.which("xmllint"):
        return ["xmllint", "--noout", "--nonet", "--dtdvalid"]
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import lxml"], capture_output=True, check=False).returncode == 0:
            return [python, "-c", BY_LXML]
    return None


def check_dtd(project, folder):
    command = validator()
    if not command:
        return not_tried("cobertura.xml by its DTD", "neither xmllint nor lxml")
    grammar = project.build_dir / "coverage-04.dtd"
    grammar.write_text(dtd(), encoding="utf-8")
    project.run(*command, grammar, folder / "cobertura.xml").passed()
    # What gcovr writes passes too (5.2 has attributes of its own), and what is wrong does not: the DTD is the one meant.
    by_gcovr = project.build_dir / "by_gcovr.xml"
    project.run("gcovr", "--root", project.source, "-a", folder / "coverage.json", "--cobertura", by_gcovr).passed()
    if "function-rate" not in by_gcovr.read_text(encoding="utf-8"):
        project.run(*command, grammar, by_gcovr).passed()
    text = (folder / "cobertura.xml").read_text(encoding="utf-8")
    for old, new in (("<methods/>", ""), (' hits="', ' hit="'), ("<sources>", "<packages/><sources>")):
        wrong = project.build_dir / "wrong.xml"
        wrong.write_text(text.replace(old, new, 1), encoding="utf-8")
        project.run(*command, grammar, wrong).failed()
    return None


def check_cobertura(project, folder, summary):
    """As GitLab reads it: at most 100 sources, 10 MiB, and file names below the source."""
    root = ElementTree.parse(folder / "cobertura.xml").getroot()
    equal("sources", [source.text for source in root.iter("source")], [str(project.source.resolve())])
    files = {element.get("filename"): element for element in root.iter("class")}
    equal("file names", sorted(files), sorted(file["filename"] for file in summary["files"]))
    for file in summary["files"]:
        lines = list(files[file["filename"]].iter("line"))
        hit = sum(line.get("hits") != "0" for line in lines)
        equal(f"cobertura.xml: lines of {file['filename']}", (hit, len(lines)), totals_of(file)["line"])
        branches = [shares(line.get("condition-coverage")) for line in lines if line.get("branch") == "true"]
        equal(f"cobertura.xml: branches of {file['filename']}", tuple(sum(share[0][i] for share in branches) for i in (0, 1)),
              totals_of(file)["branch"])
    equal("package of the odd name", [package.get("name") for package in root.iter("package")], ["", "net & more"])


def check_ctest(project, folder, expected):
    """ctest takes a coverage.xml in its build folder for one of Cobertura."""
    build = project.build_dir / "by_ctest"
    build.mkdir()
    shutil.copy(folder / "cobertura.xml", build / "coverage.xml")
    (build / "DartConfiguration.tcl").write_text(f"SourceDirectory: {project.source}\nBuildDirectory: {build}\n", encoding="utf-8")
    (build / "CTestTestfile.cmake").write_text("", encoding="utf-8")
    result = project.run(project.tools.ctest, "-T", "Coverage", cwd=build)
    found = re.search(r"Covered LOC: (\d+) Not covered LOC: \d+ Total LOC: (\d+)", result.text)
    if not found:
        raise result.explain("expected that ctest reads coverage.xml")
    equal("lines by ctest of cobertura.xml", tuple(int(number) for number in found.groups()), expected["line"])


def check_rules(summary, tracefile):
    """What counts, and what is one."""
    files = {file["filename"]: file for file in summary["files"]}
    equal("files", sorted(files), ["main.cc", ODD, "never_run.cc", "parts.cc", "parts.h"])
    equal("never_run.cc", totals_of(files["never_run.cc"])["function"], (0, 1))
    equal("parts.cc: functions without the excluded one", totals_of(files["parts.cc"])["function"], (1, 3))
    names = next(file for file in tracefile["files"] if file["file"] == "parts.h")["functions"]
    names = [function.get("demangled_name", function.get("name")) for function in names]
    equal("parts.h: names of constructors", sum("Named::Named" in name for name in names), 1)
    equal("parts.h: names twice", len(names), len(set(names)))


def check(tools):
    skip_without_gcovr()
    if not shutil.which("g++"):
        print("skipped: there is no g++, whose objects are read natively")
        sys.exit(SKIPPED)
    project = Project(tools, HERE / "coverage_formats", tools.work / "build")
    use_gcovr(project)
    project.configured_and_built("-DCMAKE_CXX_COMPILER=g++")
    project.ctest().passed()
    folder = project.build_dir / "coverage"
    summary_text, total = check_agreement(project, "5 files")
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    expected = totals_of(summary)
    equal("lines of summary.json", expected["line"], total)
    equal("lines of the odd name", counted(summary_text, ODD), totals_of(next(f for f in summary["files"] if f["filename"] == ODD))["line"])
    check_rules(summary, json.loads((folder / "coverage.json").read_text(encoding="utf-8")))
    check_same_totals(folder, summary_text, expected)
    check_gcovr(project, folder, summary)
    page = check_lcov(project, folder, expected)
    if page and not list(page.rglob("a, *b*.cc.gcov.html")):
        raise Failed(f"expected a page of {ODD} by genhtml")
    check_dtd(project, folder)
    check_cobertura(project, folder, summary)
    check_ctest(project, folder, expected)
    check_raw_tools(project)
