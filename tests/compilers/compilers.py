"""Compiles the helper with many compilers, tries each result, and prints a table: see run."""

import argparse
import contextlib
import fcntl
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import page
from builds import BUILDS, QUICKSTARTS, RELEASES, TOOLS

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "lib"))
from ci import in_ci  # noqa: E402  pylint: disable=wrong-import-position

CHECKOUT = HERE.parent.parent
UNREACHABLE = 75  # as root says it
SKIPPED = 77
ZIG = "ziglang==0.17.1"


class Failed(Exception):
    pass


class Unreachable(Exception):
    """A registry: nothing is known of the product then."""


@dataclass
class Row:
    name: str
    where: str
    result: str
    seconds: float = 0
    cpu: float = 0
    tried: str = ""  # the compiler's own words


def call(log, *command, env=None, cwd=None):
    with open(log, "a", encoding="utf-8") as out:
        print("$", *command, file=out, flush=True)
        code = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=out,
                              stderr=subprocess.STDOUT, env=env, cwd=cwd, check=False).returncode
    if code == UNREACHABLE:
        raise Unreachable(f"Debian's archive cannot be reached, see {log}")
    if code != 0:
        raise Failed(first_error(log))


def first_error(log):
    lines = Path(log).read_text(encoding="utf-8", errors="replace").splitlines()
    wrong = (re.compile(r"error:"), re.compile(r"Error|FAIL|\*\*\*Failed|^E: "))  # ninja names the object first
    found = next((line.strip() for one in wrong for line in lines if one.search(line)), lines[-1] if lines else "")
    return f"{found} (see {log})"


class Roots:
    """File systems of Debian's releases, kept in a folder between runs."""

    def __init__(self, folder):
        self.folder = folder
        self.script = HERE / "root"

    def make(self, release, packages, log):
        root = self.folder / (f"{release}-compilers" if packages else release)
        if packages and not root.exists():
            self.copy(self.make(release, (), log), root, log)
        call(log, self.script, "make", root, release, *packages)
        return root

    def copy(self, root, new, log):
        part = new.with_name(new.name + ".copy")
        call(log, self.script, "copy", root, part)
        part.rename(new)

    def enter(self, root, log, *command, user=False):
        call(log, self.script, "enter", root, CHECKOUT, *(["--user"] if user else []), "--", *command)


class Zig:
    """A compiler for other C libraries and processors, from PyPI."""

    def __init__(self, folder):
        self.folder = folder / "zig"
        self.compilers = folder / "zig-compilers"

    def compiler(self, target, log):
        python = self.folder / "bin/python"
        with lock(self.folder):
            if not (self.folder / ZIG).exists():
                call(log, sys.executable, "-m", "venv", "--clear", self.folder)
                try:
                    call(log, python, "-m", "pip", "install", "--quiet", ZIG)
                except Failed as failed:
                    raise Unreachable(str(failed)) from failed
                (self.folder / ZIG).touch()
        self.compilers.mkdir(parents=True, exist_ok=True)
        script = self.compilers / f"c++-{target}"
        text = (f"#!/bin/sh\nexport ZIG_GLOBAL_CACHE_DIR='{self.folder}/cache'\n"
                f"exec '{python}' -m ziglang c++ -target {target} \"$@\"\n")
        if not script.exists() or script.read_text() != text:
            script.write_text(text)
            script.chmod(0o755)
        return script

    def json_package(self):
        """nlohmann_json alone: with /usr/include among its folders there would be two C libraries."""
        package = self.compilers / "json"
        (package / "include").mkdir(parents=True, exist_ok=True)
        link = package / "include/nlohmann"
        if not link.is_symlink():
            link.symlink_to("/usr/include/nlohmann")
        (package / "nlohmann_jsonConfig.cmake").write_text(
            "add_library(nlohmann_json::nlohmann_json INTERFACE IMPORTED)\n"
            "target_include_directories(nlohmann_json::nlohmann_json SYSTEM INTERFACE\n"
            '  "${CMAKE_CURRENT_LIST_DIR}/include")\n')
        (package / "nlohmann_jsonConfigVersion.cmake").write_text(
            "set(PACKAGE_VERSION 3.11.2)\nset(PACKAGE_VERSION_COMPATIBLE TRUE)\n")
        return package


@contextlib.contextmanager
def lock(folder):
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{folder}.lock", "w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def compile_and_try(build, options, log):
    script = HERE / "build"
    # GCC finds some of its warnings only when it optimises; others need not take the time always.
    is_gcc = re.search(r"(^|-)g\+\+", build.compiler)
    quick = () if is_gcc or not options.ci else ("-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=")
    on_machine = options.roots / "builds" / build.name
    if not build.release:
        zig = Zig(options.roots)
        compiler = zig.compiler(build.compiler, log)
        call(log, script, CHECKOUT, on_machine, compiler, "-static", build.emulator,
             f"-Dnlohmann_json_DIR={zig.json_package()}", *quick)
    elif options.here and build.release == "bookworm":
        if not shutil.which(build.compiler):
            raise Failed(f"{build.compiler} is not installed: apt-get install {' '.join(build.packages)}")
        call(log, script, CHECKOUT, on_machine, build.compiler, build.flags, build.emulator, *quick)
    else:
        emulator = ("qemu-user-static",) if build.emulator else ()
        roots = Roots(options.roots)
        root = roots.make(build.release, (*TOOLS, *build.packages, *emulator), log)
        roots.enter(root, log, "/gentle-fixtures/tests/compilers/build", "/gentle-fixtures",
                    f"/var/tmp/builds/{build.name}", build.compiler, build.flags, build.emulator, *quick)


def compare_gcov(build, options, log):
    """The numbers of our reader with those of this compiler's own gcov."""
    compile_and_try(build, options, log)
    if options.here and build.release == "bookworm":
        call(log, HERE / "gcov", CHECKOUT, options.roots / "builds" / build.name, build.compiler)
        return
    roots = Roots(options.roots)
    root = roots.make(build.release, (*TOOLS, *build.packages), log)
    roots.enter(root, log, "/gentle-fixtures/tests/compilers/gcov", "/gentle-fixtures",
                f"/var/tmp/builds/{build.name}", build.compiler)


def built(folder, names):
    """Not part of the checkout, for shutil.copytree."""
    return [name for name in names
            if name == ".git" or (name.startswith("build") and Path(folder, name).is_dir())]


def quickstart(release, options, log):
    """By root, who installs what is missing; then by somebody who cannot."""
    roots = Roots(options.roots)
    fresh = roots.make(release, (), log)
    root = Path(f"{fresh}-quickstart-{os.getpid()}")
    try:
        roots.copy(fresh, root, log)
        shutil.copytree(CHECKOUT, root / "checkout", ignore=built, symlinks=True)
        for user in (False, True):
            command = "cp -r /checkout ~/checkout && cd ~/checkout && exec ./examples/quickstart/run"
            roots.enter(root, log, "sh", "-c", command, user=user)
        roots.enter(root, log, "sh", "-c", "echo tried: $(c++ --version | head -n1), $(cmake --version | head -n1), "
                    "$(gcovr --version | head -n1)")
    finally:
        shutil.rmtree(root, ignore_errors=True)


def jobs(options):
    """(name, where, what to call)"""
    for build in BUILDS:
        if options.ci and not build.ci:
            continue
        yield build.name, build.release, lambda log, build=build: compile_and_try(build, options, log)
    for build in BUILDS:
        if build.has_gcov and not options.ci:  # ctest has done it
            yield (f"gcov-{build.name}", build.release, lambda log, build=build: compare_gcov(build, options, log))
    for release in QUICKSTARTS:
        if options.ci and release != "trixie":
            continue
        yield f"quickstart-{release}", release, lambda log, release=release: quickstart(release, options, log)


def run(name, release, work, options):
    print(f"{name} ...", flush=True)
    log = options.roots / "logs" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("", encoding="utf-8")
    begin, cpu_begin = time.monotonic(), cpu_seconds()
    try:
        work(log)
        result = "ok"
    except Failed as failed:
        result = f"FAILED: {failed}"
    except Unreachable as reason:
        result = f"FAILED: {reason}" if in_ci() else f"skipped: {reason}"
    tried = re.findall(r"^tried: (.*)$", log.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    return Row(name, RELEASES[release], result, time.monotonic() - begin, cpu_seconds() - cpu_begin,
               tried[-1] if tried else "")


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def record(rows):
    """What the page says has been tried; what fails now has no more been."""
    results = page.results()
    for row in rows:
        results.pop(row.name, None)
        if row.result == "ok":
            results[row.name] = row.tried
    page.RESULTS.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    page.PAGE.write_text(page.text(), encoding="utf-8")


def needs_root(name, release, options):
    if not release or (options.here and release == "bookworm" and not name.startswith("quickstart")):
        return False
    return os.geteuid() != 0


def main():
    parser = argparse.ArgumentParser(prog="tests/compilers/run", description=__doc__)
    parser.add_argument("--roots", type=Path, help="the folder of the file systems and compilers, kept between runs "
                        "[$GENTLE_COMPILERS_ROOTS or build/compilers]")
    parser.add_argument("--only", action="append", default=[], metavar="<regex>",
                        help="of the names that --list prints")
    parser.add_argument("--here", action="store_true", help="Debian 12's compilers are this machine's own")
    parser.add_argument("--ci", action="store_true", help="what our own build tries")
    parser.add_argument("--list", action="store_true", help="print the names, and do nothing")
    parser.add_argument("--record", action="store_true", help="write docs/compilers.md anew with the results")
    options = parser.parse_args()
    default = os.environ.get("GENTLE_COMPILERS_ROOTS") or CHECKOUT / "build/compilers"
    options.roots = (options.roots or Path(default)).resolve()
    chosen = [job for job in jobs(options)
              if not options.only or any(re.search(one, job[0]) for one in options.only)]
    if options.list:
        print(*(job[0] for job in chosen), sep="\n")
        return 0
    if not chosen:
        sys.exit("tests/compilers/run: error: --only names none of what --list prints")
    roots = [name for name, release, _ in chosen if needs_root(name, release, options)]
    if roots:
        print("tests/compilers/run: error: file systems of other releases need root (chroot, mount): "
              f"{', '.join(roots)}\nhint: run it as root, or with --only zig for what needs none", file=sys.stderr)
        return 1 if in_ci() else SKIPPED
    rows = []
    for job in chosen:
        rows.append(run(*job, options))
        if options.record:
            with lock(options.roots / "results"):
                record(rows[-1:])
    print(f"\n{'what':34}{'where':14}{'seconds':>8}{'CPU':>6}  result")
    for row in rows:
        print(f"{row.name:34}{row.where:14}{row.seconds:8.0f}{row.cpu:6.0f}  {row.result}")
    if any(row.result.startswith("FAILED") for row in rows):
        return 1
    return SKIPPED if all(row.result.startswith("skipped") for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
