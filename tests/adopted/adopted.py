"""Gives five projects of Debian the services of their tests, without a change to a test: run and see adopted.py --help.

To the project's own CMakeLists.txt the lines of <project>.cmake are added, and GentleFixtures is installed as a user does
it. Then the tests pass, twice; ctest -T Coverage counts what the report counts; nothing is left running.
"""

import argparse
import dataclasses
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "lib"))
import debian_sources  # noqa: E402  pylint: disable=wrong-import-position
from proc import wait_until_nothing_runs  # noqa: E402  pylint: disable=wrong-import-position
from small_project import clean_environment  # noqa: E402  pylint: disable=wrong-import-position

NOT_ROOT = HERE.parents[1] / "examples/services-of-the-world/services/not-root"
KEPT = ("CMAKE_C_COMPILER_LAUNCHER", "CMAKE_CXX_COMPILER_LAUNCHER")


@dataclasses.dataclass
class Adopted:
    release: str
    settings: tuple = ()
    file: str = "CMakeLists.txt"  # which gets the lines
    tests: str = "."  # where ctest runs, below the build folder
    report: str = "coverage"
    only: str = ""  # a regular expression: tests that need no user or network of their own


PROJECTS = {
    "hiredis": Adopted("trixie"),
    "libpqxx": Adopted("trixie", file="test/CMakeLists.txt", tests="test"),
    "librabbitmq": Adopted("bookworm", file="tests/CMakeLists.txt"),
    "libssh2": Adopted("trixie", ("-DBUILD_EXAMPLES=OFF",), "tests/CMakeLists.txt", report="measured",
                       only="^test_(aa_warmup|hostkey|simple|auth_keyboard_(fail|info)|auth_password_fail)"),
    "soci": Adopted("bookworm", ("-DSOCI_CXX11=ON", "-DWITH_BOOST=OFF", "-DSOCI_STATIC=OFF", "-DWITH_SQLITE3=OFF",
                                 "-DWITH_MYSQL=OFF", "-DWITH_ODBC=OFF"), "tests/CMakeLists.txt"),
}


class Failed(Exception):
    """What was expected and did not come true."""


def call(*command, cwd=None, path=""):
    environment = clean_environment(*KEPT)
    if path:
        environment["PATH"] = f"{path}:{environment['PATH']}"
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    if done.returncode != 0:
        raise Failed(f"$ {' '.join(map(str, command))}\nstatus {done.returncode}\n{done.stdout[-6000:]}")
    return done.stdout


def expect(what, found, wanted):
    if found != wanted:
        raise Failed(f"{what}: expected {wanted!r}, got {found!r}")


def adopted_copy(name, project, work):
    """The sources with the lines at the end of the one file; nothing else of them is touched."""
    source = work / name
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(debian_sources.fetch(name, work / "sources" / project.release, project.release), source, symlinks=True)
    with (source / project.file).open("a", encoding="utf-8") as file:
        file.write(f'\nset(ADOPTED "{HERE}")\nset(NOT_ROOT "{NOT_ROOT}")\n' + (HERE / f"{name}.cmake").read_text(encoding="utf-8"))
    return source


def covered_lines(report):
    total = re.search(r"^Total of \d+ files? +[\d.]+% \((\d+)/(\d+)\)", (report / "summary.txt").read_text(encoding="utf-8"), re.MULTILINE)
    return int(total.group(1)), int(total.group(2))


def check_counts(build, project):
    """ctest -T Coverage needs what include(CTest) writes, and not each project calls that at its top."""
    covered, all_lines = covered_lines(build / project.report)
    if covered == 0:
        raise Failed("expected covered lines, got none")
    if (build / project.tests / "DartConfiguration.tcl").exists():
        said = call("ctest", "-T", "Coverage", cwd=build / project.tests)
        found = [int(re.search(rf"{what} LOC: +(\d+)", said).group(1)) for what in ("Covered", "Total")]
        expect("lines of ctest -T Coverage", found, [covered, all_lines])
    return covered, all_lines


def check(name, prefix, work):
    project = PROJECTS[name]
    source = adopted_copy(name, project, work)
    build = source / "a build"
    programs = prefix / "bin"
    call("cmake", "-S", source, "-B", build, "-DCMAKE_BUILD_TYPE=Debug", *project.settings, path=programs)
    call("cmake", "--build", build, "-j2", path=programs)
    for _ in range(2):
        only = ("-R", project.only) if project.only else ()
        said = call("ctest", "--output-on-failure", "-j4", *only, cwd=build / project.tests, path=programs)
        wait_until_nothing_runs(build)
        states = call("gentle", "status", cwd=build, path=programs).splitlines()[1:]
        running = [line for line in states if re.match(r"\S+ +(ready|starting|stopping)\b", line)]
        expect("services that run on", running, [])
    count = re.search(r"tests passed, 0 tests failed out of (\d+)", said).group(1)
    covered, all_lines = check_counts(build, project)
    print(f"{name}: {count} tests passed, twice; {covered} of {all_lines} lines covered")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, type=Path, help="a build of GentleFixtures, to install from")
    parser.add_argument("--work", required=True, type=Path)
    parser.add_argument("projects", nargs="*", help=", ".join(PROJECTS))
    options = parser.parse_args()
    if unknown := sorted(set(options.projects) - set(PROJECTS)):
        parser.error(f"'{unknown[0]}' is none of {', '.join(PROJECTS)}")
    work = options.work.resolve()
    prefix = work / "prefix"
    # What programs Debian keeps where not everybody's PATH leads to.
    os.environ["PATH"] += ":/usr/sbin:" + ":".join(map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"))))
    call("cmake", "--install", options.build, "--prefix", prefix, "--strip")
    status = 0
    for name in options.projects or PROJECTS:
        try:
            check(name, prefix, work)
        except (Failed, debian_sources.Unavailable) as failure:
            print(f"{name}: {failure}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
