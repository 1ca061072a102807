"""Parts of a run on several machines: combined, they are the report of one whole run, byte for byte."""

import json
import re
import shutil
import sys
from pathlib import Path

from format_totals import not_tried
from gos import gos
from java_kits import all_jdks, jacoco_folder
from marked_lines import taken
from python_interpreters import with_coverage
from recorder_checks import SPEC
from small_project import HERE, SKIPPED, Failed, Project, equal

TIME = "1700000000"  # reports hold the time at which they were made
RECORD = "coverage.run"  # holds the names of its runs, and nothing else that may differ
NOT_COMBINED = (RECORD, "summary.txt", "coverage.profdata")


def files_of(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name not in NOT_COMBINED}


def check_same(what, found, expected):
    equal(f"{what}: files", sorted(map(str, found)), sorted(map(str, expected)))
    for name, text in expected.items():
        if found[name] != text:
            for old, new in zip(text.splitlines(), found[name].splitlines()):
                if old != new:
                    raise Failed(f"{what}: {name} differs:\n  expected {old[:2000]!r}\n  found    {new[:2000]!r}")
            raise Failed(f"{what}: {name} has another length")


def go_of_tests():
    return next(iter(gos().values()), "")


def jdk_of_tests():
    """One that JaCoCo is there for, and that compiles records."""
    return next((home for version, home in all_jdks().items() if version >= 17 and jacoco_folder()), "")


def run_in(tools, checkout, build, *selection, more=(), compiler="g++", flags="", go_mode="count"):
    """A run of a checkout of its own, built in a folder of its own."""
    shutil.copytree(HERE / "coverage_combine", checkout)
    project = Project(tools, checkout, checkout / build)
    project.environment["SOURCE_DATE_EPOCH"] = TIME
    formats = ["sonarqube"] if shutil.which("gcovr") else []
    python = next(iter(with_coverage().values()), "")
    jacoco = [f"-DGENTLE_JACOCO={folder}" for folder in (jacoco_folder(),) if folder]
    project.configured_and_built(f"-DCMAKE_CXX_COMPILER={compiler}", f"-DCMAKE_CXX_FLAGS={flags}", "-DMORE=" + ";".join((*formats, *more)), f"-DPYTHON={python}",
                                 f"-DGO={go_of_tests()}", f"-DGO_MODE={go_mode}", f"-DJDK={jdk_of_tests()}",
                                 *jacoco)
    project.ctest(*selection).passed()
    return project


def combine(project, *words):
    return project.run(project.tools.gentle, "coverage", "combine", *words)


def table_of(summary):
    return re.search(r"^File .*\nTotal of [^\n]*$", summary, re.MULTILINE | re.DOTALL).group(0)


def check_parts(whole, parts):
    folder = whole.build_dir / "coverage"
    expected = files_of(folder)
    # Beside the report of the whole run: json-summary tells the root relative to its own folder.
    output = whole.build_dir / "combined"
    words = ["--root", whole.source, "--output", output]
    for order in (parts, parts[::-1]):
        result = combine(whole, *words, "--parts", len(parts), *order).passed().does_not_say("warning")
        check_same("combined", files_of(output), expected)
        equal("summary", table_of(result.stdout), table_of((folder / "summary.txt").read_text(encoding="utf-8")))
    # What is combined can be combined again.
    first = whole.build_dir / "first"
    combine(whole, "--root", whole.source, "--output", first, *parts[:1]).passed()
    combine(whole, *words, first, *parts[1:]).passed()
    check_same("combined again", files_of(output), expected)
    return output


def check_limits(whole, parts):
    words = ["--root", whole.source, "--output", whole.build_dir / "limited", *parts]
    combine(whole, "--fail-under-line", "10", "--fail-under-branch", "10", *words).passed()
    combine(whole, "--fail-under-line", "99.9", *words).failed().says(r"only [\d.]+% of the lines were executed .*asks for 99\.9%")
    combine(whole, "--fail-under-branch", "99", *words).failed().says("of the branches were executed")


def check_tracefiles(whole, parts):
    """Of tracefiles the counts of lines and branches are added, and nothing else is claimed."""
    output = whole.build_dir / "of-tracefiles"
    result = combine(whole, "--root", whole.source, "--output", output, "--format", "json", "--format", "json-summary",
                     *(part / "coverage.json" for part in parts)).passed()
    result.says("of tracefiles the counts are added; which blocks were not executed is not known")
    summaries = [json.loads((folder / "summary.json").read_text(encoding="utf-8"))
                 for folder in (whole.build_dir / "coverage", output)]
    for key in ("line_covered", "line_total", "branch_covered", "branch_total", "function_covered", "function_total"):
        # JaCoCo tells how many branches of a line were taken, and not which: here those that two runs took are the same as far as can be.
        left_out = ".java" if key == "branch_covered" else "none"
        whole_run, tracefiles = (sum(file[key] for file in summary["files"] if not file["filename"].endswith(left_out))
                                 for summary in summaries)
        equal(key, tracefiles, whole_run)
    # Of Python and Java a run tells that a line was executed, and of Go the largest count of its blocks: these do not add up.
    def count_of(file, line):
        return line["count"] > 0 if file["file"].endswith((".py", ".go", ".java")) else line["count"]
    lines = [{(file["file"], line["line_number"]): count_of(file, line) for file in json.loads(path.read_text(encoding="utf-8"))["files"]
              for line in file["lines"] if not line.get("gcovr/excluded")}
             for path in (whole.build_dir / "coverage/coverage.json", output / "coverage.json")]
    equal("counts of lines", lines[1], lines[0])


def check_wrong(whole, parts):
    words = ["--root", whole.source, "--output", whole.build_dir / "wrong"]
    copied = whole.build_dir / "copied"
    shutil.copytree(parts[0], copied)
    combine(whole, *words, parts[0], copied).failed().says("it holds the counts of a run that is counted already.*hint: name each report once")
    combine(whole, *words, parts[0], parts[0]).failed().says("it is the same file as")
    combine(whole, *words, "--parts", "3", *parts).failed().says("the counts of 2 runs, but --parts asks for 3")
    combine(whole, *words, parts[0], whole.build_dir / "gone").failed().says("there is no such file or folder")
    combine(whole, *words, parts[0], whole.source / "src").failed().says("holds no report that can be combined")
    combine(whole, *words[:2], "--output", parts[0], *parts).failed().says("would be removed")
    combine(whole, *words[:2], "--output", whole.source, *parts).failed().says("holds something else than reports")
    record = (parts[0] / RECORD).read_bytes()
    for what, text in (("cut off or changed", record[:len(record) // 2]), ("cut off or changed", record[:-1]),
                       ("cut off or changed", record.replace(b"arms", b"harm")), ("is empty", b""),
                       ("of another version of gentle: 'gentle-run 9'", record.replace(b"gentle-run 4", b"gentle-run 9", 1))):
        (copied / RECORD).write_bytes(text)
        combine(whole, *words, copied, parts[1]).failed().says(what).says("hint: ")
    if (whole.build_dir / "wrong").exists():
        raise Failed("a report was written in spite of wrong input")


def check_counted_in_part(whole, parts):
    """A source that one part has counted and another one could not: here the classes are gone, and were not kept."""
    one, two = parts
    shutil.rmtree(two.parent / "classes")
    shutil.rmtree(two.parent / "Testing/Fixtures/coverage/java")
    whole.run(whole.tools.gentle, "coverage", "report", two.parent / SPEC).passed().says(
        r"count lines of Java 'com/acme/Words.*': its class file is gone, so it is not counted")
    words = ["--root", whole.source, "--output", whole.build_dir / "in-part"]
    combine(whole, *words, two).passed()
    for order in ((one, two), (two, one)):
        combine(whole, *words, *order).failed().says(
            r"have counts of 'java/com/acme/Words\.java', but not all of them: some could not count it.*"
            "hint: the report of that part has a warning, which says why")


def check_changed(tools, whole, parts):
    """A source that differs: between two parts an error, from the checkout a warning."""
    other = tools.work / "changed"
    shutil.copytree(HERE / "coverage_combine", other / "tree")
    source = other / "tree/src/never.cc"
    source.write_text("\n" + source.read_text(encoding="utf-8"), encoding="utf-8")
    words = ["--output", whole.build_dir / "changed"]
    combine(whole, *words, "--root", other / "tree", *parts).passed().says(r"never\.cc': it differs from the one that was counted")
    combine(whole, *words, "--root", tools.work, *parts).passed().says(r"it is not there; --root names the checkout")
    project = Project(tools, other / "tree", other / "build")
    project.configured_and_built("-DCMAKE_CXX_COMPILER=g++")
    project.ctest().passed()
    combine(whole, *words, "--root", whole.source, parts[0], other / "build/coverage").failed().says(
        r"another text of 'src/never\.cc' than the reports before it")


def whole_and_parts(tools, name, *more, **how):
    how["more"] = more
    whole = run_in(tools, tools.work / name / "whole", "build", **how)
    one = run_in(tools, tools.work / name / "one/of two", "build", "-I", "1,,2", **how)
    two = run_in(tools, tools.work / name / "two", "out/build", "-I", "2,,2", **how)
    parts = [one.build_dir / "coverage", two.build_dir / "coverage"]
    for part in parts:
        if files_of(part)[Path("coverage.json")] == files_of(whole.build_dir / "coverage")[Path("coverage.json")]:
            raise Failed(f"{part} counts as much as the whole run")
    check_parts(whole, parts)
    return whole, parts


def check_python(whole):
    """Each part has executed a function that the other has not, and gone another way on from a branch."""
    source = (whole.source / "src/words.py").read_text(encoding="utf-8").splitlines()
    for folder in whole.build_dir / "coverage", whole.build_dir / "combined":
        files = json.loads((folder / "coverage.json").read_text(encoding="utf-8"))["files"]
        lines = {line["line_number"]: line["count"] for file in files if file["file"] == "src/words.py" for line in file["lines"]}
        for text, count in (("    return numbers", 1), ("    return 0", 0)):
            equal(text, lines[source.index(text) + 1], count)
        branches = taken(folder / "coverage.json")["src/words.py"]
        for text, ways in (('if sys.argv[1] == "even":', [1, 1]), ('elif sys.argv[1] == "odd":', [1, 0])):
            equal(f"ways on from '{text}'", branches[source.index(text) + 1], ways)


def check_go(whole):
    """Counts of blocks have become counts of lines: the sum of both parts, and 0 of what none has executed."""
    source = (whole.source / "go/parts/parts.go").read_text(encoding="utf-8").splitlines()
    for folder in whole.build_dir / "coverage", whole.build_dir / "combined":
        files = json.loads((folder / "coverage.json").read_text(encoding="utf-8"))["files"]
        lines = {line["line_number"]: line["count"] for file in files if file["file"] == "go/parts/parts.go" for line in file["lines"]}
        both = next(number for number, text in enumerate(source, 1) if text.startswith("func even()"))
        equal("a line with a function of each part", lines[both], 1)
        for text, count in (("\tsum := 0", 2), ("\t\tadd(odd())", 1), ("\treturn 0", 0)):
            equal(text, lines[source.index(text) + 1], count)


def taken_of(folder, text):
    """Of the lines of Words.java with that text: how many of their branches are taken, of how many."""
    source = (HERE / "coverage_combine/java/com/acme/Words.java").read_text(encoding="utf-8").splitlines()
    number = next(number for number, line in enumerate(source, 1) if text in line)
    files = json.loads((folder / "coverage.json").read_text(encoding="utf-8"))["files"]
    line = next(line for file in files if file["file"] == "java/com/acme/Words.java" for line in file["lines"] if line["line_number"] == number)
    return sum(branch["count"] > 0 for branch in line["branches"]), len(line["branches"])


def check_java(whole, parts):
    """Each part has taken branches of a line, some of them both and some of them one alone."""
    numbers = [taken_of(folder, "if (even ?")[0] for folder in (*parts, whole.build_dir / "coverage")]
    if not max(numbers[:2]) < numbers[2] < sum(numbers[:2]):
        raise Failed(f"the parts and the whole run have taken {numbers} branches: nothing tells unions from sums and largest")
    equal("combined", taken_of(whole.build_dir / "combined", "if (even ?"), taken_of(whole.build_dir / "coverage", "if (even ?"))
    equal("never", taken_of(whole.build_dir / "combined", "int value()"), (0, 2))


def check_conditions(project):
    """Of MC/DC, what only all parts together show is in their sum, and no more than that."""
    shown = {}
    for line in (project.build_dir / "combined/lcov.info").read_text(encoding="utf-8").splitlines():
        kind, _, values = line.partition(":")
        if kind == "SF":
            source = Path(values).name
        elif kind == "MCDC":
            number, _, _, has_decided, _, term = values.split(",")
            text = (project.source / "src" / source).read_text(encoding="utf-8").splitlines()[int(number) - 1]
            shown.setdefault(re.search(r"(is_\w+|value >)", text).group(1), {})[int(term)] = has_decided == "1"
    equal("terms that have decided alone", shown,
          {"is_named": {0: True, 1: True, 2: False}, "is_between": {0: False, 1: True}, "value >": {0: True, 1: False}})


def check_counts_once(project):
    """Counters of one byte note that a line was executed, not how often, in however many processes."""
    sources = (project.build_dir / "combined/lcov.info").read_text(encoding="utf-8").split("end_of_record")
    by_clang = "".join(source for source in sources if ".cc\n" in source or ".h\n" in source)
    equal("counts", sorted(set(re.findall(r"^DA:\d+,(\d+)$", by_clang, re.MULTILINE))), ["0", "1"])


def branches_of(project):
    return json.loads((project.build_dir / "coverage/summary.json").read_text(encoding="utf-8"))["branch_total"]


def check(tools):
    if not shutil.which("g++"):
        print("skipped: there is no g++")
        sys.exit(SKIPPED)
    shutil.rmtree(tools.work, ignore_errors=True)
    whole, parts = whole_and_parts(tools, "default", "TITLE", "All <parts>")
    throws, _ = whole_and_parts(tools, "throws", "THROW_BRANCHES", "CONDITIONS", go_mode="set")
    if branches_of(throws) <= branches_of(whole):
        raise Failed("THROW_BRANCHES adds no branches")
    if with_coverage():
        check_python(whole)
    else:
        not_tried("Python", "coverage.py")
    if go_of_tests():
        check_go(whole)
    else:
        not_tried("Go", "Go 1.20 or newer")
    if jdk_of_tests():
        check_java(whole, parts)
    else:
        not_tried("Java", "a JDK 17 or newer, or JaCoCo")
    clangs = [release for release in (14, 19) if shutil.which(f"clang++-{release}") and shutil.which(f"llvm-cov-{release}")]
    for release in clangs[-1:]:
        conditions = ["CONDITIONS"] if release >= 18 else []
        by_clang, _ = whole_and_parts(tools, f"clang {release}", *conditions, compiler=shutil.which(f"clang++-{release}"))
        if conditions:
            check_conditions(by_clang)
        if release >= 19:
            once, _ = whole_and_parts(tools, "once", compiler=shutil.which(f"clang++-{release}"),
                                      flags="-mllvm -enable-single-byte-coverage")
            check_counts_once(once)
    if not clangs:
        not_tried("Clang", "clang 14 or 19 with its llvm")
    check_limits(whole, parts)
    check_tracefiles(whole, parts)
    check_wrong(whole, parts)
    check_changed(tools, whole, parts)
    if jdk_of_tests():
        check_counted_in_part(whole, parts)
