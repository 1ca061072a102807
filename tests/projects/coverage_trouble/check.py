"""What can go wrong around a report: one clear message each, and never a wrong number."""

import json
import os
import pty
import re
import shutil
import struct
import subprocess

from other_gcovr import is_another_gcovr, skip_without_gcovr, use_gcovr
from small_project import HERE, Failed, Project, equal, literally

TOTAL = r"Total of [1-5] files? +[0-9.]+% \((\d+)/(\d+)\)"


class Case:
    """A project of its own, made from this folder, with the coverage data of one run if that is asked for."""

    def __init__(self, tools, name, *more, run=True, source=None, build=None, options=(), programs=None):
        self.tools = tools
        folder = source or tools.work / name / "source"
        if not folder.is_relative_to(tools.work / "link"):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(HERE / "coverage_trouble", folder)
        self.project = Project(tools, folder, build or tools.work / name / "build")
        use_gcovr(self.project)
        path = self.project.environment["PATH"]
        if programs:
            self.project.environment["PATH"] = f"{programs}{os.pathsep}{path}"
        self.project.configured_and_built("-DMORE=" + ";".join(more), *options)
        self.spec = self.project.build_dir / "CMakeFiles" / "GentleFixtures" / "coverage.spec"
        if run:
            self.project.ctest("-E", "coverage.report", "-FC", "coverage").passed()

    def report(self):
        return self.project.run(self.tools.gentle, "coverage", "report", self.spec)

    def reset(self):
        return self.project.run(self.tools.gentle, "coverage", "reset", self.spec)

    def data(self, target, source):
        return self.project.build_dir / "CMakeFiles" / f"{target}.dir" / f"{source}.gcda"

    def agrees(self, result):
        """The counts of the report, which those of ctest must be as well."""
        total = re.search(TOTAL, result.text)
        if not total:
            raise result.explain("expected a summary")
        by_ctest = self.project.ctest("-T", "Coverage").passed()
        by_ctest.says(rf"Covered LOC: {total.group(1)} .*Total LOC: {total.group(2)} ")
        by_ctest.does_not_say("returned|Problem|Cannot|Looks like")
        return int(total.group(1)), int(total.group(2))


def write_program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def check_bad_data(tools):
    case = Case(tools, "bad_data")
    case.agrees(case.report().passed())
    case.project.ctest("-E", "coverage.report", "-FC", "coverage").passed()
    whole = case.data("parts", "part.cc").read_bytes()
    case.data("parts", "part.cc").write_bytes(whole[: len(whole) // 2])
    case.data("parts", "unused.cc").write_bytes(b"no counters")
    result = case.report().passed()
    result.says(r"gentle: warning: count data '[^']*part\.cc\.gcda': it is truncated, its process was killed while "
                rf"writing it, or could not write it all; set aside as {literally(case.data('parts', 'part.cc'))}\.set-aside, continuing")
    result.says(r"gentle: warning: count data '[^']*unused\.cc\.gcda': it does not belong to the object file beside it")
    case.agrees(result)
    case.report().passed().does_not_say("warning")
    case.project.ctest().passed()
    case.data("parts", "unused.cc").mkdir()
    case.data("parts", "part.cc").unlink()
    case.data("parts", "part.cc").symlink_to("nowhere")
    result = case.report().passed()
    unused = literally(case.data("parts", "unused.cc"))
    result.says(rf"count data '{unused}': it is a folder; set aside as {unused}\.set-aside, continuing")
    result.says(r"count data '[^']*part\.cc\.gcda': it is a link to nothing; set aside as ")
    case.agrees(case.report().passed())
    case.project.ctest().passed()
    equal("what is set aside after the next run", list(case.project.build_dir.rglob("*.set-aside")), [])


def check_no_data(tools):
    case = Case(tools, "no_data", run=False)
    result = case.report()
    equal("status", result.status, 1)
    result.says(r"gentle: error: report coverage '[^']*build': no process has written any data for its 3 instrumented "
                r"object files hint: did a test or a service run an instrumented program\? Those that gentle starts keep")
    for data in ("part.cc", "unused.cc"):
        case.data("parts", data).write_bytes(b"junk")
    case.report().failed().says(r"none of its data files can be counted gentle: warning: count data '[^']*part")


def check_nothing_instrumented(tools):
    case = Case(tools, "plain", options=("-DWITHOUT_INSTRUMENT=ON",))
    case.project.ctest().passed().says(r"coverage\.report \.+\*\*\*Skipped")
    case.report().says(rf"Nothing in {literally(case.project.build_dir)} is instrumented, so there is no coverage to report")
    limited = Case(tools, "plain_limit", "FAIL_UNDER_LINE", "1", options=("-DWITHOUT_INSTRUMENT=ON",))
    result = limited.report()
    equal("status", result.status, 1)
    result.says("no object file is instrumented hint: build the project first; name targets by INSTRUMENT")
    # Flags that are the whole build's, which CMake's own trials of the compiler are built with as well.
    flags = Case(tools, "own_flags", options=("-DWITHOUT_INSTRUMENT=ON", "-DCMAKE_CXX_FLAGS=--coverage"))
    flags.agrees(flags.report().passed())


def check_gcovr(tools):
    """Without a gcovr that works, what only gcovr writes is missing, and nothing else."""
    programs = tools.work / "gcovr_programs"
    write_program(programs / "gcovr", "#!/bin/sh\necho 'gcovr 8.4'\n")
    case = Case(tools, "gcovr", "FORMATS", "html", "markdown", "csv", programs=programs)
    path = case.project.environment["PATH"]

    def reports(fault):
        result = case.report()
        equal("status", result.status, 1)
        result.says(TOTAL).says(fault).says("markdown: .*coverage.md").says("HTML report: ").does_not_say("csv: ")
        if not (case.project.build_dir / "coverage" / "coverage.md").is_file():
            raise result.explain("coverage.md was not written")
        return result

    case.project.environment["PATH"] = str(tools.work)
    reports("gentle: error: report coverage 'gcovr': it is not in PATH not written: csv hint: apt-get install gcovr, or pip install gcovr")
    case.project.environment["PATH"] = f"{programs}{os.pathsep}{path}"
    write_program(programs / "gcovr", "#!/bin/sh\necho 'gcovr 4.2'\n")
    reports("report coverage 'gcovr 4.2': it is too old; version 5.2 or newer is needed not written: csv hint: pip install gcovr")
    write_program(programs / "gcovr", "#!/bin/sh\necho 'hello'\n")
    reports(r"report coverage '[^']*/gcovr': it does not print the version of a gcovr")
    write_program(programs / "gcovr", "#!/bin/sh\n[ \"$1\" = --version ] && echo 'gcovr 8.4' && exit\necho 'out of luck'\nexit 3\n")
    reports(r"write report 'csv': it ended with exit status 3 out of luck hint: all that gcovr printed is in "
            rf"{literally(case.project.build_dir)}/.*/gcovr\.log; the other formats are written")
    write_program(programs / "gcovr", GOES_DEEP)
    result = reports(r"it ended with exit status 3 RecursionError: maximum recursion depth exceeded.* it went deep hint: all that")
    result.does_not_say("Traceback|in deep")


def check_native_formats(tools):
    """The formats that are written natively need no gcovr, and do not even ask for it."""
    programs = tools.work / "native_programs"
    write_program(programs / "gcovr", "#!/bin/sh\ntouch '%s/called'\necho 'gcovr 7.2'\n" % programs)
    (programs / "called").unlink(missing_ok=True)  # of an earlier run
    natives = ("cobertura", "lcov", "json-summary", "txt", "markdown")
    case = Case(tools, "native", "FORMATS", *natives, programs=programs)
    if (programs / "called").exists():
        raise Failed("cmake asks gcovr for its version, though all formats are native")
    case.agrees(case.report().passed())
    if (programs / "called").exists():
        raise Failed("the report calls gcovr, though all formats are native")
    folder = case.project.build_dir / "coverage"
    equal("what is written", sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")),
          ["cobertura.xml", "coverage.md", "coverage.run", "coverage.txt", "lcov.info", "summary.json", "summary.txt"])

    # The tracefile is for the gcovr that is there.
    case = Case(tools, "native_json", "FORMATS", "json", programs=programs)
    tracefile = case.project.build_dir / "coverage" / "coverage.json"
    case.report().passed()
    equal("version for gcovr 7.2", json.loads(tracefile.read_text(encoding="utf-8"))["gcovr/format_version"], "0.6")
    case.project.environment["PATH"] = str(tools.work)
    case.report().passed().says("json: .*coverage.json")
    equal("version without a gcovr", json.loads(tracefile.read_text(encoding="utf-8"))["gcovr/format_version"], "0.15")


GOES_DEEP = """#!/usr/bin/env python3
import sys
if sys.argv[1] == "--version":
    sys.exit(print("gcovr 8.4"))
def deep(calls):
    return calls and deep(calls - 1)
deep(5000)
print("it went deep")
sys.exit(3)
"""


FAILS_OVER_CSV = """#!/bin/sh
[ "$1" != --version ] || [ -z "$PRETENDED_VERSION" ] || { echo "gcovr $PRETENDED_VERSION"; exit 0; }
for word; do [ "$word" != --csv ] || { echo 'no rows today'; exit 5; }; done
exec '%s' "$@"
"""


def check_formats(tools):
    """A format that cannot be written costs itself, and neither the others nor the summary."""
    programs = tools.work / "formats_programs"
    real = shutil.which("gcovr", path=Project(tools, HERE, tools.work / "nothing").environment["PATH"])
    write_program(programs / "gcovr", FAILS_OVER_CSV % real)
    os.environ["PRETENDED_VERSION"] = "8.4"
    try:
        case = Case(tools, "formats", "FORMATS", "csv", "html", "clover", "json", "lcov", "gcovr-html", "TITLE", "Two pages", options=(f"-DGENTLE_GCOVR={programs}/gcovr",))
    finally:
        del os.environ["PRETENDED_VERSION"]
    del case.project.environment["PRETENDED_VERSION"]
    result = case.report()
    equal("status with a format that is not written", result.status, 1)
    result.says(TOTAL).says("HTML report: .*index.html").says("json: .*coverage.json").says("lcov: ").does_not_say("csv: ")
    result.says("gentle: error: write report 'csv': it ended with exit status 5 .*no rows today hint: all that gcovr printed is in ")
    written = sorted(path.name for path in (case.project.build_dir / "coverage").iterdir() if path.name in WRITTEN)
    expected = ["coverage.json", "gcovr-html", "index.html", "lcov.info", "summary.txt"]
    result.says("gcovr-html: .*/coverage/gcovr-html/index.html")
    pages = {name: (case.project.build_dir / "coverage" / name).read_text(encoding="utf-8") for name in ("index.html", "gcovr-html/index.html")}
    equal("pages with the title", ["Two pages" in page for page in pages.values()], [True, True])
    equal("the page of gcovr", "gcovr" in pages["gcovr-html/index.html"].lower(), True)
    equal("its pages of sources", len(list((case.project.build_dir / "coverage" / "gcovr-html").glob("*.part.cc.*html"))), 1)
    if "write report 'clover'" in result.text:  # before 7.1
        result.says("gcovr [5-7].[0-9] cannot write it; version 7.1 or newer is needed hint: pip install gcovr, or take 'clover' off FORMATS of")
    else:
        expected.insert(0, "clover.xml")
    equal("what is written", written, expected)

    case.project.environment["PRETENDED_VERSION"] = "5.2"
    result = case.project.configure("-DMORE=FORMATS;jacoco;html", f"-DGENTLE_GCOVR={programs}/gcovr").failed()
    result.says(r"add_fixture_coverage\(\): FORMATS: gcovr 5\.2 cannot write 'jacoco' \(needs gcovr 7\.0\)\. It can write: html cobertura lcov json "
                r"json-summary sonarqube coveralls csv txt markdown gcovr-html\. Install a newer gcovr \(pip install gcovr\), or name one by GENTLE_GCOVR\.")
    case.project.configure("-DMORE=FORMATS;jacoco;html", "-DGENTLE_GCOVR=/no/such/gcovr").passed()


WRITTEN = ("index.html", "gcovr-html", "clover.xml", "lcov.info", "coverage.json", "coverage.csv", "summary.txt")


def check_limits(tools):
    case = Case(tools, "limits", "FAIL_UNDER_LINE", "99.5", "FAIL_UNDER_BRANCH", "10")
    result = case.project.ctest().failed()
    result.says(r"Total of 3 files").says(r"gentle: error: reach coverage: only [0-9.]+% of the lines were executed "
                                          r"\(\d+ of \d+\), but FAIL_UNDER_LINE asks for 99\.5%")
    result.does_not_say("FAIL_UNDER_BRANCH asks")
    built = case.project.build("--target", "coverage").failed()
    built.says("Total of 3 files").says("Some tests have failed")


def check_sources(tools):
    case = Case(tools, "filter", "FILTER", ".*part", "main[.]cc", "EXCLUDE", "main")
    result = case.report().passed()
    result.says("Total of 1 file ")
    case.agrees(result)
    nothing = Case(tools, "filter_all", "EXCLUDE", ".*")
    nothing.report().failed().says("no source file is left to count Compiled with counters, but not in the "
                                   r"report: excluded by EXCLUDE: main\.cc, part\.cc, unused\.cc hint: correct FILTER and EXCLUDE")

    # Python decides what is an expression; of a generator expression only when the tests run.
    wrong = Case(tools, "filter_wrong", "EXCLUDE", "$<1:[z-a]>", run=False)
    says = (r"gentle: error: read EXCLUDE '\[z-a\]': it is no regular expression of Python 3\.\d+: bad character range z-a at "
            "position 1 hint: correct it in add_fixture_coverage, and run cmake again")
    wrong.reset().failed().says(says)
    wrong.report().failed().says(says).does_not_say("Traceback")
    taken = Case(tools, "filter_taken", "FILTER", ".*(?:part)[.]c{2}", "EXCLUDE", "[]()]", "(?#a++)none")
    taken.report().passed().says("Total of 1 file ")

    renamed = Case(tools, "renamed")
    (renamed.project.source / "unused.cc").unlink()
    result = renamed.report().passed()
    result.says(rf"gentle: warning: count source '{literally(renamed.project.source)}/unused\.cc': it is gone, only its object file is "
                "still there; it is not in the report, continuing")
    renamed.project.ctest("-T", "Coverage").passed().does_not_say("Cannot find")

    spaces = tools.work / "it's (a) source+ \u00e9"
    folder = Case(tools, "spaces", source=spaces / "s", build=spaces / "s" / "b")
    folder.agrees(folder.report().passed())
    brackets = Case(tools, "[brackets]")  # where ctest itself finds no data
    brackets.report().passed().says(TOTAL)
    link = tools.work / "link"
    link.unlink(missing_ok=True)
    link.symlink_to(spaces, target_is_directory=True)
    linked = Case(tools, "linked", source=link / "s", build=link / "b")
    linked.agrees(linked.report().passed())


def check_two_macros(tools):
    """A function that begins on other lines in another target: 5.2 asserts that there is none, and may hang."""
    case = Case(tools, "two_macros", "FORMATS", "json", "html", "csv", options=("-DTWO_MACROS=ON",))
    result = case.report().passed()
    result.says(r"pick\.h +100\.0% \((7/7|9/9)\)")  # before 6.0 without the two that are a brace
    case.agrees(result)
    result.does_not_say("Traceback|AssertionError")


def check_runs(tools):
    case = Case(tools, "append", "APPEND")
    first = case.data("app", "main.cc").read_bytes()
    case.project.ctest().passed()
    case.project.ctest().passed()
    if case.data("app", "main.cc").read_bytes() == first:
        raise Failed("APPEND: the counts of a second run were not added")
    case.agrees(case.report().passed())
    case.data("app", "main.cc").unlink()
    case.reset().passed()
    if not case.data("parts", "part.cc").exists():
        raise Failed("APPEND: the reset removed data")

    # Without ctest around it: what a report leaves for ctest is in no process's way.
    case = Case(tools, "by_hand", run=False)
    case.project.run(case.project.build_dir / "app").passed()
    counts = case.data("parts", "part.cc").read_bytes()
    case.data("parts", "part.cc").unlink()
    case.agrees(case.report().passed())
    case.project.run(case.project.build_dir / "app").passed()
    equal("what a process wrote after a report", case.data("parts", "part.cc").read_bytes(), counts)
    case.reset().passed()
    equal("data after a reset", list(case.project.build_dir.rglob("*.gcda")), [])
    equal("reports after a reset", (case.project.build_dir / "coverage").exists(), False)


def change_counters(path, change):
    """Sets each counter of a .gcda (of GCC 12 and newer, and of this machine's byte order) to change(index, value)."""
    data = bytearray(path.read_bytes())
    at = 16
    while at + 8 <= len(data):
        tag, length = struct.unpack_from("<Ii", data, at)
        at += 8
        if tag == 0:
            break
        if tag == 0x01a10000:
            for i in range(max(length, 0) // 8):
                value, = struct.unpack_from("<q", data, at + 8 * i)
                struct.pack_into("<q", data, at + 8 * i, change(i, value))
        at += max(length, 0)
    path.write_bytes(bytes(data))


def check_odd_counts(tools):
    """Threads that lose counts make negative ones; hot loops go beyond 32 bits. Neither stops a report."""
    case = Case(tools, "odd_counts")
    if case.data("app", "main.cc").read_bytes()[4:8] < b"*22B":
        print("not tried: the compiler's .gcda files are older than GCC 12's")
        return
    for change in (lambda i, v: v * 2**34, lambda i, v: v * 3 + 1 if i % 2 else v // 3):
        case.project.ctest("-E", "coverage.report", "-FC", "coverage").passed()
        change_counters(case.data("app", "main.cc"), change)
        change_counters(case.data("parts", "part.cc"), change)
        case.agrees(case.report().passed())


def change_function_checksum(path):
    """The checksum of the graph of the first function that a .gcda (of GCC 12 and newer) holds."""
    data = bytearray(path.read_bytes())
    at = data.index(struct.pack("<II", 0x01000000, 12))
    data[at + 16] ^= 1
    path.write_bytes(bytes(data))


def check_lost_notes(tools):
    """No test has run these objects, so no .gcda tells of them: what the compiler left in the object itself does."""
    # With a random seed all objects have one stamp, as those have that are compiled in the same millisecond.
    for name, options in (("lost_notes", ()), ("lost_notes_of_seed", ("-DCMAKE_CXX_FLAGS=-frandom-seed=seed",))):
        check_lost_notes_of(Case(tools, name, options=options))


def check_lost_notes_of(case):
    notes = {unit: case.data("parts", unit).with_suffix(".gcno") for unit in ("part.cc", "unused.cc")}
    case.report().passed().does_not_say("warning")
    notes["unused.cc"].unlink()
    lost = notes["unused.cc"].with_suffix(".o")
    tells = rf"gentle: warning: read object file '{literally(lost)}': it was compiled with counters, but there is no \.gcno beside it; its sources "
    for _ in range(2):  # each report tells it
        case.report().passed().says(tells)
    lost.unlink()
    case.project.build().passed()
    case.report().passed().does_not_say("warning")


def check_bad_input(tools):
    """One line for each, and the rest of the report stands."""
    case = Case(tools, "bad_input")
    if case.data("app", "main.cc").read_bytes()[4:8] < b"*22B":
        print("not tried: the compiler's .gcda files are older than GCC 12's")
        return
    part = case.data("parts", "part.cc")

    def reports(says, change=None, path=part):
        case.project.ctest("-E", "coverage.report", "-FC", "coverage").passed()
        if change:
            change(path)
        result = case.report().passed().says(says).says("Total of [23] files ")
        if result.stderr.count("gentle: warning: ") != 1:
            raise result.explain("expected one warning")

    reports(rf"gentle: warning: count data '{literally(part)}': a function in it is not as in the \.gcno beside it; what comes from there on is "
            "not counted, compile it again, continuing", change_function_checksum)
    large = case.data("app", "main.cc")
    reports(rf"gentle: warning: count source '{literally(case.project.source)}/main\.cc': its counts are too large, at line \d+ first; "
            "the largest number stands for them, continuing", lambda path: change_counters(path, lambda i, v: 0 if i else 2**63 - 1), large)
    reports(rf"gentle: warning: count source '{literally(case.project.source)}/main\.cc': its counts are below zero, at line \d+ first, as "
            "threads leave them", lambda path: change_counters(path, lambda i, v: -v), large)
    reports(rf"gentle: warning: count data '{literally(part)}': there is no \.gcno beside it; set aside as ",
            lambda path: path.with_suffix(".gcno").unlink())

    check_lost_notes(tools)

    # The same source in two targets, of which one was not built again after a change.
    two = Case(tools, "two_builds", options=("-DTWO_MACROS=ON",))
    two.report().passed().does_not_say("warning")
    source = two.project.source / "pick.cc"
    source.write_text("// A line more.\n" + source.read_text(encoding="utf-8"), encoding="utf-8")
    two.project.build("--target", "narrow").passed()
    two.project.ctest("-E", "coverage.report", "-FC", "coverage").passed()
    result = two.report().passed()
    result.says(rf"gentle: warning: count source '{literally(source)}': it was changed after it was compiled, so its counts may stand at the "
                "wrong lines; build again, continuing")
    equal("warnings", result.stderr.count("gentle: warning: "), 1)
    gone = Case(tools, "objects_gone", "OBJECTS", "no/such/folder")
    gone.report().passed().says(rf"gentle: warning: find objects in '{literally(gone.project.source)}/no/such/folder': No such file or directory; "
                                "what was compiled there is not in the report, continuing")


def check_terminal(tools):
    """Colours on a terminal, and where they are asked for; nothing of it elsewhere."""
    case = Case(tools, "terminal")
    equal("escapes without a terminal", "\033" in case.report().passed().stdout, False)
    case.project.environment["CLICOLOR_FORCE"] = "1"
    equal("escapes by CLICOLOR_FORCE", case.report().passed().stdout.startswith("\033[1mCoverage\033[0m\n"), True)
    del case.project.environment["CLICOLOR_FORCE"]
    for variables, begin in (({}, "\033[1mCoverage\033[0m\r\n"), ({"NO_COLOR": "1"}, "Coverage\r\n")):
        shown = on_terminal([case.tools.gentle, "coverage", "report", str(case.spec)],
                            {**case.project.environment, "TERM": "xterm", **variables})
        equal(f"what a terminal shows with {variables}", shown[: len(begin)], begin)
        equal("a short report has no progress", "Counting objects" in shown, False)
    equal("summary.txt has no escapes", "\033" in (case.project.build_dir / "coverage" / "summary.txt").read_text(encoding="utf-8"), False)


def on_terminal(command, environment):
    """What a command writes to a terminal of its own, which is its standard output and error."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 65536):
            shown += chunk
    except OSError:  # the terminal is closed
        pass
    os.close(ours)
    equal("status", process.wait(), 0)
    return shown.decode()


def check_folders(tools):
    case = Case(tools, "folder", "NAME", "results")
    (case.project.build_dir / "results").mkdir()
    (case.project.build_dir / "results" / "mine").write_text("keep", encoding="utf-8")
    result = case.report().failed()
    result.says(r"write reports to '[^']*/results': the folder holds files that are no reports hint: move them away, or choose "
                "another NAME in add_fixture_coverage")
    equal("the file", (case.project.build_dir / "results" / "mine").read_text(encoding="utf-8"), "keep")
    shutil.rmtree(case.project.build_dir / "results")
    case.report().passed().says(rf"HTML report: {literally(case.project.build_dir)}/results/index\.html")
    # The user's own settings for gcovr and gcov are for other uses.
    (case.project.source / "gcovr.cfg").write_text("fail-under-line = 100\nexclude = .*\n", encoding="utf-8")
    case.project.environment["GCOV_PREFIX"] = str(tools.work / "elsewhere")
    case.agrees(case.report().passed())


def check(tools):
    skip_without_gcovr()
    check_formats(tools)
    check_two_macros(tools)
    if is_another_gcovr():
        return  # what is left asks no gcovr, or one that is made for the test
    check_bad_data(tools)
    check_no_data(tools)
    check_nothing_instrumented(tools)
    check_gcovr(tools)
    check_native_formats(tools)
    check_limits(tools)
    check_sources(tools)
    check_runs(tools)
    check_odd_counts(tools)
    check_bad_input(tools)
    check_terminal(tools)
    check_folders(tools)
