"""TITLE, ROOT and THROW_BRANCHES: what they change in every format, and nothing else."""

import json
import re
import shutil
import sys

from coverage_counts import check_agreement
from format_totals import check_gcovr, check_lcov, check_same_totals, totals_of
from other_gcovr import skip_without_gcovr, use_gcovr
from small_project import HERE, SKIPPED, Project, equal

# Of main.cc the loop; of clamped.cc the `if`: all are taken both ways.
DECISIONS = 4
# Where main() calls clamped(): on, which is taken, and by an exception, which is not.
OF_EXCEPTIONS = 2
TITLE = "Coverage of <a> & 50% \"b\""


def reported(tools, name, branches, *more):
    project = Project(tools, HERE / "coverage_throws", tools.work / name)
    use_gcovr(project)
    project.configured_and_built("-DCMAKE_CXX_COMPILER=g++", "-DMORE=" + ";".join(more))
    result = project.ctest()
    folder = project.build_dir / "coverage"
    summary_text, _ = check_agreement(project, "2 files")
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    equal(f"{name}: branches", totals_of(summary)["branch"], branches)
    check_same_totals(folder, summary_text, totals_of(summary))
    check_gcovr(project, folder, summary)
    check_lcov(project, folder, totals_of(summary))
    return project, result, summary_text, summary


def page_index(folder):
    scripts = [path.read_text(encoding="utf-8") for path in (folder / "page").rglob("*.js")]
    script, = (text for text in scripts if text.startswith("gentle.takeIndex("))
    return json.loads(script.removeprefix("gentle.takeIndex(").rstrip().removesuffix(");"))


def branches_of_page(folder):
    files = page_index(folder)["files"]
    return sum(file[5] for file in files), sum(file[6] for file in files)


def check_default(tools):
    branches = DECISIONS, DECISIONS
    project, result, summary_text, summary = reported(tools, "default", branches, "FAIL_UNDER_BRANCH", "100")
    result.passed()
    equal("title of the summary", summary_text.splitlines()[0], "Coverage")
    equal("branches of the page", branches_of_page(project.build_dir / "coverage"), branches)
    equal("files", sorted(file["filename"] for file in summary["files"]), ["src/clamped.cc", "src/main.cc"])


def check_throw_branches(tools):
    branches = DECISIONS + 1, DECISIONS + OF_EXCEPTIONS
    project, result, _, _ = reported(tools, "throws", branches, "THROW_BRANCHES", "FAIL_UNDER_BRANCH", "100")
    result.failed().says(r"only 83\.3% of the branches were executed \(5 of 6\), but FAIL_UNDER_BRANCH asks for 100%")
    equal("branches of the page", branches_of_page(project.build_dir / "coverage"), branches)


def check_title(tools):
    branches = DECISIONS, DECISIONS
    project, result, summary_text, _ = reported(tools, "title", branches, "TITLE", TITLE)
    result.passed()
    folder = project.build_dir / "coverage"
    equal("title of the summary", summary_text.splitlines()[0], TITLE)
    equal("title of the page", page_index(folder)["title"], TITLE)
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in ("index.html", "coverage.txt", "coverage.md", "lcov.info")}
    for name, expected in (("index.html", "Coverage of &lt;a&gt; &amp; 50% &quot;b&quot;"), ("coverage.txt", f"\n{TITLE}\n"),
                           ("coverage.md", "# Coverage of \\<a\\> \\& 50% \"b\"\n"), ("lcov.info", "TN:Coverage_of__a____50___b_\n")):
        equal(f"{name} has the title", (expected in texts[name], texts[name][:200])[0], True)


def check_root(tools):
    """A file outside of ROOT is reported if FILTER matches it, by its absolute path, as gcovr does."""
    project = Project(tools, HERE / "coverage_throws", tools.work / "root")
    use_gcovr(project)
    more = "-DMORE=ROOT;src"
    project.configured_and_built("-DCMAKE_CXX_COMPILER=g++", more)
    project.ctest().passed()
    folder = project.build_dir / "coverage"
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    equal("files from ROOT", sorted(file["filename"] for file in summary["files"]), ["clamped.cc", "main.cc"])
    equal("root of the page", page_index(folder)["root"], str(project.source / "src"))
    check_gcovr_from(project, folder, project.source / "src")

    elsewhere = tools.work / "root_source"
    shutil.rmtree(elsewhere, ignore_errors=True)
    shutil.copytree(project.source, elsewhere)
    (elsewhere / "other").mkdir()
    project = Project(tools, elsewhere, tools.work / "root_elsewhere")
    use_gcovr(project)
    project.configured_and_built("-DCMAKE_CXX_COMPILER=g++", "-DMORE=ROOT;other;FILTER;.*/main[.]cc")
    project.ctest().passed()
    text = (project.build_dir / "coverage" / "summary.txt").read_text(encoding="utf-8")
    equal("the other file is named", "  not matched by FILTER: ../src/clamped.cc\n" in text, True)
    summary = json.loads((project.build_dir / "coverage" / "summary.json").read_text(encoding="utf-8"))
    equal("a file outside of ROOT", [file["filename"] for file in summary["files"]], [str(elsewhere / "src" / "main.cc")])
    project.configure("-DMORE=ROOT;other").passed()
    project.ctest().failed().says(r"no source file is left to count Compiled with counters, but not in the report: outside of \S+/other "
                                  r"\(ROOT or FILTER counts it\): \.\./src/clamped\.cc, \.\./src/main\.cc")


def check_conditions(tools):
    """Where the compiler has no conditions, cmake says so, and all else is measured; where it has, all formats agree as ever."""
    project = Project(tools, HERE / "coverage_throws", tools.work / "conditions")
    use_gcovr(project)
    configured = project.configure("-DCMAKE_CXX_COMPILER=g++", "-DMORE=CONDITIONS").passed()
    version = int(re.search(r"CXX compiler identification is GNU (\d+)", configured.text).group(1))
    no_conditions = r"add_fixture_coverage\(\): CONDITIONS: GNU \S+ has no MC/DC, so conditions are not measured\. GCC has it since 14"
    if version < 14:
        configured.says(no_conditions).does_not_say("Warning")
    else:
        configured.does_not_say(no_conditions)
    project.build().passed()
    project.ctest().passed()
    text, _ = check_agreement(project, "2 files")
    equal("a column of conditions", "  Conditions\n" in text, version >= 14)
    # `i < 12` and `number > 9`: each has decided both ways.
    if version >= 14:
        equal("conditions", text.count("100.0% (4/4)\n"), 1)
    check_gcovr(project, project.build_dir / "coverage", json.loads((project.build_dir / "coverage" / "summary.json").read_text(encoding="utf-8")))


def check_gcovr_from(project, folder, root):
    written = project.build_dir / "by_gcovr.json"
    project.run("gcovr", "--root", root, "-a", folder / "coverage.json", "--json-summary", written).passed()
    names = sorted(file["filename"] for file in json.loads(written.read_text(encoding="utf-8"))["files"])
    equal("files of gcovr -a from ROOT", names, ["clamped.cc", "main.cc"])


def check(tools):
    skip_without_gcovr()
    if not shutil.which("g++"):
        print("skipped: there is no g++, whose objects tell what an exception takes")
        sys.exit(SKIPPED)
    check_default(tools)
    check_throw_branches(tools)
    check_title(tools)
    check_root(tools)
    check_conditions(tools)
