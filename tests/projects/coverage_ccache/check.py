"""ccache takes what INSTRUMENT compiles: Debian 12's, 4.7, knows no -fprofile-update, and drops -fprofile-abs-path."""

import platform
import shutil
import sys

from small_project import HERE, SKIPPED, Failed, Project, equal

COMPILERS = (("gcc", "g++"), ("clang-14", "clang++-14"), ("clang-19", "clang++-19"))


def statistics(project):
    lines = project.run("ccache", "--print-stats").passed().stdout.splitlines()
    numbers = {name: int(number) for name, number in (line.split("\t")[:2] for line in lines)}
    return (numbers["direct_cache_hit"] + numbers["preprocessed_cache_hit"], numbers["cache_miss"],
            numbers.get("unsupported_compiler_option", 0))


def check_compiler(tools, c_compiler, cxx_compiler):
    project = Project(tools, HERE / "coverage_ccache", tools.work / cxx_compiler)
    cache = tools.work / f"cache-{cxx_compiler}"
    shutil.rmtree(cache, ignore_errors=True)
    for name in [name for name in project.environment if name.startswith("CCACHE_")]:
        del project.environment[name]
    project.environment["CCACHE_DIR"] = str(cache)
    project.configured_and_built(f"-DCMAKE_C_COMPILER={c_compiler}", f"-DCMAKE_CXX_COMPILER={cxx_compiler}")
    project.configure("-DCMAKE_C_COMPILER_LAUNCHER=ccache", "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache").passed()
    for hits, misses in ((0, 3), (3, 3)):
        project.build("--target", "clean").passed()
        project.build().passed()
        equal(f"{cxx_compiler}: hits, misses, options that ccache does not know", statistics(project), (hits, misses, 0))
    code = project.run("objdump", "--disassemble", project.build_dir / "app").passed().stdout
    if platform.machine() == "x86_64" and "lock " not in code:
        raise Failed(f"{cxx_compiler}: no counter is updated atomically")
    if cxx_compiler != "g++":
        return
    notes = (project.build_dir / "CMakeFiles/app.dir/generated.cc.gcno").read_bytes()
    if f"{project.build_dir}/generated.cc".encode() not in notes:
        raise Failed(f"{cxx_compiler}: the path of a source is not absolute in its .gcno")


def check(tools):
    if not shutil.which("ccache"):
        print("skipped: there is no ccache")
        sys.exit(SKIPPED)
    for c_compiler, cxx_compiler in COMPILERS:
        if shutil.which(c_compiler) and shutil.which(cxx_compiler):
            check_compiler(tools, c_compiler, cxx_compiler)
