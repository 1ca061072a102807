"""What a profile of Clang, or llvm-cov, cannot tell is told, and never counted for something else."""

import os
import shutil
import subprocess
import sys

from coverage_counts import counted
from small_project import HERE, SKIPPED, Project, equal, literally


def new_project(tools, name, release, *options):
    project = Project(tools, HERE / "coverage_doubts", tools.work / f"{name}-{release}")
    return project.configured_and_built(f"-DCMAKE_CXX_COMPILER={shutil.which(f'clang++-{release}')}", *options)


def summary_of(project):
    return (project.build_dir / "coverage/summary.txt").read_text(encoding="utf-8")


def check_namesakes(tools, release):
    """Two static functions of one name, in two files of one name: Clang gives both one name, and llvm-cov takes them for one."""
    sentence = "it has several functions _ZL4samei in files named util.cc, which Clang gives one name"
    warned = new_project(tools, "warned", release, "-DNAMESAKES=ON")
    warned.ctest("-V").passed().says(rf"warning: count clang's coverage '{literally(warned.build_dir / 'namesakes')}': {sentence}")
    unity = new_project(tools, "unity", release, "-DNAMESAKES=ON", "-DUNITY=ON")
    unity.ctest("-V").passed().says("it has several functions _ZL4samei in files named unity_0_cxx.cxx")
    excluded = new_project(tools, "excluded", release, "-DNAMESAKES=ON", "-DMORE=EXCLUDE;.*util[.]cc")
    excluded.ctest("-V").passed().does_not_say("several functions")


def check_alike(tools, release):
    """Without a build id, a plain test may have executed either program. With one it is known which."""
    known = new_project(tools, "known", release, "-DCMAKE_EXE_LINKER_FLAGS=-Wl,--build-id")
    known.ctest().passed()
    equal("one.cc", counted(summary_of(known), "src/one.cc"), (0, 4))
    equal("two.cc", counted(summary_of(known), "src/two.cc"), (4, 4))
    unknown = new_project(tools, "unknown", release, "-DCMAKE_EXE_LINKER_FLAGS=-Wl,--build-id=none")
    one, two = (literally(unknown.build_dir / name) for name in ("one", "two"))
    unknown.ctest("-V").failed().says(rf"count clang's coverage '1 profile': each of {one} and {two} may have written them")
    equal("one.cc", counted(summary_of(unknown), "src/one.cc"), (0, 4))


def check_own_flags(tools, release):
    """Flags come from a folder or from what is linked, too. What they instrument and never runs counts with 0."""
    project = new_project(tools, "own", release, "-DOWN=ON")
    project.ctest().passed()
    for source, wanted in (("src/one.cc", (4, 4)), ("src/two.cc", (0, 4)), ("src/x/util.cc", (0, 5)), ("src/y/util.cc", (0, 2))):
        equal(source, counted(summary_of(project), source), wanted)


def check_one_library(tools, release):
    """Two programs have only the mapping of a library: whichever has run, the counts are right."""
    project = new_project(tools, "library, (one)", release, "-DLIBRARY=ON", "-DCMAKE_EXE_LINKER_FLAGS=-Wl,--build-id=none")
    project.ctest().passed()
    equal("y/util.cc", counted(summary_of(project), "src/y/util.cc"), (2, 2))


def check_foreign(tools, release):
    """A plain test may run a program of another project. One without functions has nothing to count."""
    folder = tools.work / f"foreign-{release}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "tool.cc").write_text("int tool() { return 0; }\nint main() { return tool(); }\n", encoding="utf-8")
    (folder / "empty.cc").write_text("int main() { return 0; }\n", encoding="utf-8")
    generate = "-fprofile-instr-generate"
    for name, compiled, linked in (("tool", [generate, "-fcoverage-mapping"], [generate]), ("empty", [], [generate])):
        compiler = shutil.which(f"clang++-{release}")
        subprocess.run([compiler, *compiled, "-c", f"{name}.cc"], check=True, cwd=folder)
        subprocess.run([compiler, *linked, f"{name}.o", "-o", name], check=True, cwd=folder)
        project = new_project(tools, f"runs-{name}", release, f"-DFOREIGN={folder / name}")
        result = project.ctest("-V").passed()
        sentence = "warning: count clang's coverage '1 profile': left by plain tests, and by no program with -fcoverage-mapping that is known"
        if name == "tool":
            result.says(sentence)
        else:
            result.does_not_say("count clang's coverage")
        equal("two.cc", counted(summary_of(project), "src/two.cc"), (4, 4))


def check_percent(tools, release):
    """Clang's runtime takes % for a pattern, and nothing quotes it."""
    project = Project(tools, HERE / "coverage_doubts", tools.work / f"50% of {release}")
    clang = f"-DCMAKE_CXX_COMPILER={shutil.which(f'clang++-{release}')}"
    project.configure(clang).passed().says("Clang's runtime takes '%' in the path of the build folder")


def check(tools):
    releases = [release for release in (14, 19) if shutil.which(f"clang++-{release}") and shutil.which(f"llvm-cov-{release}")]
    if not releases:
        print("skipped: there is neither clang 14 nor clang 19 with its llvm")
        sys.exit(SKIPPED)
    os.environ.pop("LLVM_PROFILE_FILE", None)
    for release in releases:
        check_namesakes(tools, release)
        check_alike(tools, release)
        check_own_flags(tools, release)
        check_one_library(tools, release)
        check_foreign(tools, release)
    check_percent(tools, releases[-1])
