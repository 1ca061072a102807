"""Whatever was compiled with counters is in the report by the name that one expects, or is told with the reason."""

import os
import shutil

from coverage_counts import counted, counted_by_ctest
from small_project import HERE, Failed, Project, equal, literally

ALL, NONE = "all", "none"  # of a file's lines, executed
OWN = {"src/main.cc": ALL, "src/part.cc": ALL, "src/part.h": ALL}


class Case:
    """A project of its own, in a folder of its own, and beside it what another build has compiled."""

    def __init__(self, tools, name, source="source"):
        self.tools = tools
        self.root = tools.work / name
        shutil.rmtree(self.root, ignore_errors=True)
        self.source = self.root / source
        shutil.copytree(HERE / "coverage_objects" / "src", self.source / "src")
        shutil.copy(HERE / "coverage_objects" / "CMakeLists.txt", self.source)
        self.server = self.root / "server"  # the folder of the other build
        self.project = Project(tools, self.source, self.root / "build")
        self.spec = self.project.build_dir / "CMakeFiles" / "GentleFixtures" / "coverage.spec"

    def built(self, *more, options=()):
        words = ";".join(str(word) for word in more)
        self.project.configured_and_built(f"-DMORE={words}", *options)
        return self

    def built_for_server(self, *more):
        return self.built(*more, options=["-DWITHOUT_OWN=ON", f"-DSERVER={self.server}/server"])

    def make_server(self):
        """As a makefile does: by relative names. unused.o is in no program."""
        shutil.copytree(self.source / "src", self.server / "src", dirs_exist_ok=True)
        for unit in ("server", "part", "unused"):
            self.project.run("g++", "--coverage", "-c", f"src/{unit}.cc", "-o", f"{unit}.o", cwd=self.server).passed()
        self.project.run("g++", "--coverage", "server.o", "part.o", "-o", "server", cwd=self.server).passed()
        return self

    def report(self):
        return self.project.run(self.tools.gentle, "coverage", "report", self.spec)

    def tested(self, files, by_ctest=True):
        """All tests; then these files are in the report, and no others, and ctest counts as many lines. The summary."""
        self.project.ctest().passed()
        summary = (self.project.build_dir / "coverage" / "summary.txt").read_text(encoding="utf-8")
        total = counted(summary, f"Total of {len(files)} file{'s' if len(files) > 1 else ''}")
        for name, expected in files.items():
            covered, lines = counted(summary, name)
            if lines < 2 or covered != {ALL: lines, NONE: 0}[expected]:
                raise Failed(f"{name}: expected {expected} of its lines to be executed:\n{summary}")
        if by_ctest:
            equal("covered and all lines of ctest -T Coverage", counted_by_ctest(self.project), total)
        return summary

    def executed(self, unit, text):
        """How often gcov says that a line of the other build was, by the file beside the object."""
        result = self.project.run("gcov", "-t", f"{unit}.gcda", cwd=self.server).passed()
        return [line.split(":")[0].strip().rstrip("*") for line in result.stdout.splitlines() if text in line]


def says(text, *expected):
    for words in expected:
        if words not in text:
            raise Failed(f"expected {words!r} in\n{text}")


def check_other_build(tools):
    """Beside the project, and found by the data of its process: each of three runs counts by itself."""
    case = Case(tools, "other_build").make_server()
    # What the other build's own tests have counted is not of the first run either.
    case.project.run(case.server / "server", "once", cwd=case.server).passed()
    case.built_for_server("FILTER", f"{case.server}/")
    files = {f"{case.server}/src/{name}": ALL for name in ("server.cc", "part.cc", "part.h")}
    for _ in range(3):
        case.tested(files, by_ctest=False)  # which cannot count a source outside of both its folders
        equal("main() by gcov", case.executed("server", "int main("), ["1"])
        equal("part() by gcov", case.executed("part", "int part(int n) {"), ["1"])

    # Nothing of it would be in the report, which has enough else to show.
    beside = Case(tools, "other_build_beside").make_server()
    beside.built(options=[f"-DSERVER={beside.server}/server"])
    result = beside.project.ctest().failed()
    result.says("gentle: error: report coverage: processes have counted, but all of their sources are in folders that the report "
                rf"leaves out: {literally(beside.server)}/src hint: FILTER <regex> or ROOT <dir> of add_fixture_coverage")
    result.says("Total of 3 files")

    inside = Case(tools, "other_build_inside")
    inside.server = inside.source / "server"
    inside.make_server().built_for_server()
    inside.tested({f"server/src/{name}": ALL for name in ("server.cc", "part.cc", "part.h")})
    inside.built_for_server("OBJECTS", "server")
    inside.tested({f"server/src/{name}": ALL for name in ("server.cc", "part.cc", "part.h")}
                  | {"server/src/unused.cc": NONE})


def check_objects_elsewhere(tools):
    """The .gcno files are not where the objects were compiled: the report fails and asks for them, or OBJECTS names them."""
    case = Case(tools, "elsewhere").make_server()
    moved = case.root / "moved"
    moved.mkdir()
    for unit in ("server", "part", "unused"):
        (case.server / f"{unit}.gcno").rename(moved / f"{unit}.gcno")
    case.built_for_server()
    result = case.project.ctest().failed()
    result.says(r"gentle: error: report coverage: processes have counted, but no \.gcno of their compilation is beside the object files, "
                rf"which were compiled in: {literally(case.server)} hint: where are their \.gcno files now\? OBJECTS <dir>")
    result.says(rf"gentle: warning: count data of object files in '{literally(case.server)}': there is no \.gcno for 2 \.gcda files, "
                r"as of another build; set aside as \*\.gcda\.set-aside, continuing").does_not_say("instrumented")
    case.built_for_server("OBJECTS", moved, "ROOT", "..")
    case.tested({"server/src/server.cc": ALL, "server/src/part.cc": ALL, "server/src/part.h": ALL,
                 "server/src/unused.cc": NONE}, by_ctest=False)


def check_mapped_names(tools):
    """-ffile-prefix-map of all or of a part, to relative and to absolute names."""
    for number, (folder, name) in enumerate((("", "."), ("", "/usr/src/p"), ("/src", "."), ("/src", "/usr/src/p"), ("/src", "lib"))):
        case = Case(tools, f"mapped_{number}")
        case.built(options=[f"-DOPTIONS=-ffile-prefix-map={case.source}{folder}={name}"])
        case.tested(OWN)


LINES = """#line 2 "part.y"
int part(int n) {
  return n + 6;
}
#line 6 "part.cc"
int after(int n) {
  return n;
}
"""


def check_line_directives(tools):
    for number, flags in enumerate(([], ["-DWITHOUT_INSTRUMENT=ON", "-DCMAKE_CXX_FLAGS=--coverage"])):
        case = Case(tools, f"lines_{number}")
        (case.source / "src" / "part.y").write_text("%%\n" + "".join(LINES.splitlines(True)[1:4]), encoding="utf-8")
        (case.source / "src" / "part.cc").write_text(LINES, encoding="utf-8")
        case.built(options=flags)
        case.tested({"src/main.cc": ALL, "src/part.h": ALL, "src/part.cc": NONE, "src/part.y": ALL})

    # By a generator that ran in the folder of the grammar.
    case = Case(tools, "lines_generated")
    (case.source / "src" / "part.cc").unlink()
    (case.source / "src" / "part.y").write_text("%%\n" + "".join(LINES.splitlines(True)[1:4]), encoding="utf-8")
    generated = case.project.build_dir / "gen" / "part.cc"
    generated.parent.mkdir()
    generated.write_text("int before(int n) {\n  return n;\n}\n" + LINES, encoding="utf-8")
    case.built(options=[f"-Dpart={generated}"])
    says(case.tested({"src/main.cc": ALL, "src/part.h": ALL, "src/part.y": ALL}),
         "  in the build folder (FILTER counts it): ../build/gen/part.cc\n")


def check_links(tools):
    case = Case(tools, "linked_file")
    (case.root / "shared").mkdir()
    (case.source / "src" / "part.cc").rename(case.root / "shared" / "part.cc")
    (case.source / "src" / "part.cc").symlink_to("../../shared/part.cc")
    case.built().tested(OWN)

    # To a folder outside, and to one inside, whose files are themselves by either name.
    case = Case(tools, "linked_folders")
    (case.source / "src").rename(case.root / "shared")
    (case.source / "src").symlink_to("../shared", target_is_directory=True)
    case.built().tested(OWN)
    case = Case(tools, "linked_inside")
    (case.source / "alias").symlink_to("src", target_is_directory=True)
    case.built(options=["-Dpart=alias/part.cc"]).tested(OWN)


def check_root(tools):
    """Sources beside the source folder."""
    case = Case(tools, "beside")
    (case.root / "common").mkdir()
    (case.source / "src" / "part.cc").rename(case.root / "common" / "part.cc")
    case.built(options=["-Dpart=../common/part.cc"])
    summary = case.tested({"src/main.cc": ALL, "src/part.h": ALL})
    says(summary, "Compiled with counters, but not in the report:\n",
         f"  outside of {case.source} (ROOT or FILTER counts it): ../common/part.cc\n")
    case.built("ROOT", "..", options=["-Dpart=../common/part.cc"])
    summary = case.tested({"source/src/main.cc": ALL, "source/src/part.h": ALL, "common/part.cc": ALL}, by_ctest=False)
    equal("what is told to be absent", "not in the report" in summary, False)
    case.built("ROOT", "..", "FILTER", "common/", f"{case.source}/src/part[.]h", "EXCLUDE", ".*[.]h",
               options=["-Dpart=../common/part.cc"])
    says(case.tested({"common/part.cc": ALL}, by_ctest=False), "  not matched by FILTER: source/src/main.cc\n",
         "  excluded by EXCLUDE: source/src/part.h\n")


def check_generated(tools):
    case = Case(tools, "generated")
    generated = case.project.build_dir / "generated.cc"
    generated.write_text((case.source / "src" / "part.cc").read_text(encoding="utf-8"), encoding="utf-8")
    case.built(options=[f"-Dpart={generated}"])
    says(case.tested({"src/main.cc": ALL, "src/part.h": ALL}), "  in the build folder (FILTER counts it): ../build/generated.cc\n")


def check_uncounted_headers(tools):
    """Code in headers that only a program without counters compiles."""
    intro = ("Headers with code that programs without counters have compiled for themselves, so what runs there is not counted "
             "(add the targets to INSTRUMENT, or the headers to EXCLUDE):\n")
    for version in "4", "5":
        case = Case(tools, f"headers_{version}")
        (case.source / "tests").mkdir()
        for header, name in ("src/thrice.h", "thrice"), ("tests/util.h", "util"):
            (case.source / header).write_text(f"template <class T>\nT {name}(T n) {{\n  return n + n;\n}}\n", encoding="utf-8")
        (case.source / "src" / "declared.h").write_text("struct Declared { int n; };\nint declared(int n);\n", encoding="utf-8")
        # Only the library instantiates it, in a file that has no code of its own.
        (case.source / "src" / "fourfold.h").write_text(
            "template <class T>\nT fourfold(T n) {\n  return 4 * n;\n}\nextern template int fourfold(int);\n", encoding="utf-8")
        (case.source / "src" / "fourfold.cc").write_text('#include "fourfold.h"\ntemplate int fourfold(int);\n', encoding="utf-8")
        main = case.source / "src" / "main.cc"
        main.write_text('#include "../tests/util.h"\n#include "declared.h"\n#include "fourfold.h"\n#include "part.h"\n#include "thrice.h"\n'
                        "int main() {\n  return thrice(util(twice(fourfold(part(1))))) < 0;\n}\n", encoding="utf-8")
        options = ["-DONLY_PART=ON", f"-DCMAKE_CXX_FLAGS=-g -gdwarf-{version}", "-Dpart=src/part.cc;src/fourfold.cc"]
        case.built(options=options)
        # The linker has kept the program's copy of what part.h holds.
        summary = case.tested({"src/fourfold.h": ALL, "src/part.cc": ALL, "src/part.h": NONE})
        says(summary, intro + "  src/part.h, src/thrice.h: in app\n")
        equal("programs that were not looked at", "Not looked at" in summary, False)
        case.built("EXCLUDE", ".*[.]h", options=options)
        equal("an excluded header is told", intro in case.tested({"src/part.cc": ALL}), False)
        case.built(options=["-DONLY_PART=OFF", *options[1:]])
        equal("a counted header is told", intro in case.tested(
            {name: ALL for name in ("src/fourfold.h", "src/main.cc", "src/part.cc", "src/part.h", "src/thrice.h", "tests/util.h")}), False)
    for name, flags in ("plain", []), ("compressed", ["-DCMAKE_CXX_FLAGS=-g -gz"]):
        case = Case(tools, f"headers_untold_{name}")
        case.built(options=["-DONLY_PART=ON", *flags])
        says(case.tested({"src/part.cc": ALL, "src/part.h": NONE}), "Not looked at for headers that they have compiled for "
             "themselves, for lack of debugging information that is not compressed (-g, without -gz): app\n")


def check_changed_sources(tools):
    case = Case(tools, "changed").built()
    case.project.ctest().passed().does_not_say("gentle: warning")
    case.report().passed().does_not_say("warning")
    source = case.source / "src" / "part.cc"
    source.write_text("\n\n" + source.read_text(encoding="utf-8"), encoding="utf-8")
    says(case.report().passed().text, f"gentle: warning: count source '{source}': it was changed after it was compiled, so its "
         "counts may stand at the wrong lines; build again, continuing")
    time = case.project.build_dir.stat().st_mtime - 1000
    source.write_text("int part(int n) {\n", encoding="utf-8")
    os.utime(source, (time, time))
    says(case.report().passed().text, f"count source '{source}': it was changed after it was compiled")
    source.unlink()
    result = case.report().passed()
    says(result.text, f"gentle: warning: count source '{source}': it is gone, only its object file is still there; it is not "
         "in the report, continuing", "Total of 2 files")


def check_bad_notes(tools):
    for kind, cause in (("empty", "it is empty"), ("cut", "it is truncated, as by a compiler that was killed or a full disk"),
                        ("garbage", r"it is no \.gcno"), ("folder", "it is a folder")):
        case = Case(tools, f"notes_{kind}").built()
        folder = case.project.build_dir / "CMakeFiles" / "part.dir" / "src"
        bad = folder / "old.cc.gcno"
        whole = (folder / "part.cc.gcno").read_bytes()
        if kind == "folder":
            bad.mkdir()
        else:
            bad.write_bytes({"empty": b"", "cut": whole[:-9], "garbage": whole[:60][::-1] * 5}[kind])
        case.project.ctest("-E", "coverage.report", "-FC", "coverage").passed()
        result = case.report().passed()
        result.says(rf"gentle: warning: read object file '{literally(bad)}': {cause}; set aside as {literally(bad)}\.set-aside; "
                    "its sources are not in the report, compile it again, continuing")
        case.tested(OWN)
        case.report().passed().says(rf"'{literally(bad)}\.set-aside': it was set aside by an earlier report")
        bad.write_bytes(whole)
        case.tested(OWN)
        case.report().passed().does_not_say("warning")

    # It has no end by which this could be seen.
    case = Case(tools, "notes_without_functions").built()
    notes = case.project.build_dir / "CMakeFiles" / "part.dir" / "src" / "part.cc.gcno"
    whole = notes.read_bytes()
    notes.write_bytes(whole[: whole.index(b"\0\0\0\1", 16)])  # to the record of the first function
    case.project.ctest("-E", "coverage.report", "-FC", "coverage").passed()
    result = case.report().passed()
    result.says(rf"read object file '{literally(notes)}': it lacks functions that were executed, as if it was cut; set aside as ")
    result.says(r"count data '[^']*part\.cc\.gcda': there is no \.gcno for it that can be read; set aside as ").says("Total of 2 files")


def check_objects_of_two_builds(tools):
    """Objects of another build folder, which has had its own report, are counted here as well."""
    for compiler in ("g++", "g++-11", "clang++-14"):
        if not shutil.which(compiler):
            print(f"not tried: {compiler} is not installed")
            continue
        case = Case(tools, f"two_builds_{compiler.replace('+', 'p')}")
        cxx = f"-DCMAKE_CXX_COMPILER={compiler}"
        # Flags of the user's own, which INSTRUMENT lets be with Clang.
        case.built(options=[cxx, "-DCMAKE_CXX_FLAGS=--coverage", "-Dpart=src/part.cc;src/unused.cc"])
        case.tested(OWN | {"src/unused.cc": NONE})
        equal("data of what never ran", list(case.project.build_dir.rglob("unused.cc.gcda")), [])
        other = Project(tools, case.source, case.root / "other")
        other.configured_and_built(cxx, "-DWITHOUT_OWN=ON", f"-DMORE=OBJECTS;{case.project.build_dir}", f"-DSERVER={case.project.build_dir}/app")
        spec = other.build_dir / "CMakeFiles" / "GentleFixtures" / "coverage.spec"
        other.run(tools.gentle, "coverage", "report", spec).passed().does_not_say("warning").says("Total of 4 files")
        equal("set aside", list(case.project.build_dir.rglob("*.set-aside")), [])


def check_part_of_the_tests(tools):
    case = Case(tools, "part").built()
    result = case.project.ctest("-R", "format-check", "-V").passed()
    result.says(r"coverage\.report \.+\*\*\*Skipped").says("There is no coverage to report: none of the selected tests has executed an "
                                                          "instrumented program")
    case.project.ctest("-R", "app").passed().does_not_say("Skipped")
    case.project.ctest("-V", "-E", "nothing").passed().does_not_say("Skipped")
    limited = Case(tools, "part_limit").built("FAIL_UNDER_LINE", "1")
    limited.project.ctest("-R", "format-check").failed().says("no process has written any data")
    # All of the tests, and none of them runs what is instrumented.
    whole = Case(tools, "part_whole")
    whole.built()
    whole.project.run("sed", "-i", "s/^  add_test(NAME app.*//", whole.source / "CMakeLists.txt").passed()
    whole.built()
    whole.project.ctest().failed().says("no process has written any data")


def check(tools):
    check_other_build(tools)
    check_objects_elsewhere(tools)
    check_mapped_names(tools)
    check_line_directives(tools)
    check_links(tools)
    check_root(tools)
    check_generated(tools)
    check_uncounted_headers(tools)
    check_changed_sources(tools)
    check_bad_notes(tools)
    check_objects_of_two_builds(tools)
    check_part_of_the_tests(tools)
