"""Objects that gentle does not read itself: their own gcov is asked, and the others are counted as ever, in one report."""

import json
import os
import re
import shutil

from coverage_counts import check_agreement
from format_totals import check_same_totals, totals_of
from small_project import HERE, Project, equal, literally

# (covered, all) of the lines, by hand.
LINES = {"in_cxx.cc": (5, 5), "in_c.c": (3, 6)}
# Clang has code for `(void)argv;` as well, and for the `}` of a function that returns from two places.
CLANG_LINES = {"in_cxx.cc": (5, 5), "in_c.c": (5, 8)}
UNKNOWN = b"*10D"  # GCC 30.1


class Case:
    def __init__(self, tools, name, *options):
        self.tools = tools
        self.project = Project(tools, HERE / "coverage_asked", tools.work / name)
        self.project.configured_and_built("-DCMAKE_CXX_COMPILER=g++", *options)
        self.spec = self.project.build_dir / "CMakeFiles" / "GentleFixtures" / "coverage.spec"
        self.folder = self.project.build_dir / "coverage"
        self.project.ctest("-E", "coverage.report", "-FC", "coverage").passed()

    def notes(self, target, source):
        return self.project.build_dir / "CMakeFiles" / f"{target}.dir" / f"{source}.gcno"

    def report(self):
        return self.project.run(self.tools.gentle, "coverage", "report", self.spec)

    def summary(self):
        return json.loads((self.folder / "summary.json").read_text(encoding="utf-8"))

    def files(self):
        return {file["filename"]: totals_of(file) for file in self.summary()["files"]}

    def agrees(self):
        text, _ = check_agreement(self.project, f"{len(self.files())} files")
        check_same_totals(self.folder, text, totals_of(self.summary()))


def become_unknown(*paths):
    """The version of a compiler that nobody knows yet, in files of one that is known: the format is the same."""
    for path in paths:
        data = path.read_bytes()
        path.write_bytes(data[:4] + UNKNOWN + data[8:])


def write_gcov(path, real, known):
    """The gcov of that compiler: one that is known, given files that it knows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(GCOV_30 % {"real": str(real), "known": known}, encoding="utf-8")
    path.chmod(0o755)


GCOV_30 = """#!/usr/bin/env python3
import os, subprocess, sys, tempfile
*options, folder, data = sys.argv[1:]
with tempfile.TemporaryDirectory() as known:
    name = os.path.join(known, os.path.splitext(os.path.basename(data))[0])
    for end in (".gcno", ".gcda"):
        path = os.path.splitext(data)[0] + end
        if os.path.exists(path):
            bytes = open(path, "rb").read()
            open(name + end, "wb").write(bytes[:4] + %(known)r + bytes[8:])
    sys.exit(subprocess.run([%(real)r, *options, known, name + os.path.splitext(data)[1]]).returncode)
"""


def everything(files):
    """What the totals of a file are made of."""
    return {name: totals for name, totals in sorted(files.items())}


def check_unknown_version(tools):
    case = Case(tools, "unknown", "-DCMAKE_C_COMPILER=gcc")
    case.report().passed().does_not_say("Counted by")
    case.agrees()
    read_natively = everything(case.files())
    equal("lines", {name: read_natively[name]["line"] for name in LINES}, LINES)

    notes = case.notes("in_c", "in_c.c")
    case.project.ctest("-E", "coverage.report", "-FC", "coverage").passed()
    known = notes.read_bytes()[4:8]
    become_unknown(notes, notes.with_suffix(".gcda"))
    gcov = re.search(r"(?m)^gcov ([^|\n]*)", case.spec.read_text(encoding="utf-8")).group(1)
    programs = tools.work / "programs"
    write_gcov(programs / "gcov-30", gcov, known)
    case.project.environment["PATH"] = f"{programs}{os.pathsep}{case.project.environment['PATH']}"
    result = case.report().passed()
    result.says(rf"Counted by \S*/programs/gcov-30, since GCC 30\.1 is not known here, known are GCC 11 to \d+: {literally(notes)}")
    result.does_not_say("warning|error")
    equal("files by gcov and by gentle", everything(case.files()), read_natively)
    output = tools.work / "combined"
    combined = case.project.run(tools.gentle, "coverage", "combine", "--output", output, case.folder).failed()
    combined.says(r"coverage\.run': it lacks counts of 'in_c\.c', 'shared\.h': a gcov has counted them")
    combined.says("hint: add json to FORMATS of add_fixture_coverage, and name coverage.json of each report in place of its folder")
    equal("nothing is written", output.exists(), False)
    for path in case.folder.glob("summary.txt"):
        equal("summary.txt says so", "Counted by " in path.read_text(encoding="utf-8"), True)
    return case, notes, read_natively


def check_no_gcov(tools, case, notes, read_natively):
    """One object that nobody can read costs itself."""
    (tools.work / "programs" / "gcov-30").unlink()
    spec = case.spec.read_text(encoding="utf-8")
    for gcov, cause in (("/bin/false", r"/bin/false ended with exit status 1"), ("/bin/true", r"it is not the JSON of a gcov"),
                        ("/no/gcov", r"")):
        case.spec.write_text(re.sub(r"(?m)^gcov [^|\n]*", f"gcov {gcov}", spec), encoding="utf-8")
        result = case.report()
        equal("status", result.status, 1)
        result.says(rf"gentle: error: count '{literally(notes)}': GCC 30\.1 is not known here, known are GCC 11 to \d+; and .*{cause}")
        result.says("Total of 2 files ")
        equal("the others are counted", case.files()["in_cxx.cc"], read_natively["in_cxx.cc"])
    case.spec.write_text(spec, encoding="utf-8")


def check_clang(tools):
    clang = next(filter(None, map(shutil.which, ("clang", "clang-14", "clang-19"))), None)
    if not clang:
        print("not tried: Clang's objects: clang is not installed")
        return
    case = Case(tools, "clang", f"-DCMAKE_C_COMPILER={clang}")
    notes = case.notes("in_c", "in_c.c")
    result = case.report().passed()
    result.says(rf"Counted by \S*llvm-cov\S*, since Clang's --coverage is not read here: {literally(notes)}")
    case.agrees()
    files = case.files()
    equal("files of both compilers", sorted(files), ["in_c.c", "in_cxx.cc", "shared.h"])
    equal("lines", {name: files[name]["line"] for name in CLANG_LINES}, CLANG_LINES)
    # `larger` of gcc has taken one way, that of clang the other. It has a name of its own in each language.
    equal("functions of the header", files["shared.h"]["function"], (2, 2))
    equal("lines of the header", files["shared.h"]["line"], (5, 5))
    equal("branches of in_c.c", files["in_c.c"]["branch"], (1, 2))


def check(tools):
    if not shutil.which("g++"):
        print("not tried: there is no g++")
        return
    check_no_gcov(tools, *check_unknown_version(tools))
    check_clang(tools)
