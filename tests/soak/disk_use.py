"""What the coverage data of a run takes on the disk stays below 20 times what one process writes, however many tests there
are, and each count arrives. A program of many objects is a service, and is each test.

    tests/soak/disk_use.py --cmake <cmake> --gentle <gentle> [--tests 5000] [--objects 300] [--parallel 2]
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
MOST_SETS = 20

LISTS = """cmake_minimum_required(VERSION 3.22)
project(disk_use LANGUAGES CXX)
include(CTest)
include(GentleFixtures)
file(GLOB objects object*.cc)
add_executable(program main.cc ${{objects}})
add_fixture_service(api COMMAND program serve READY LOG "^ready")
foreach(i RANGE 1 {tests})
  add_fixture_test(NAME test${{i}} COMMAND program FIXTURES api)
endforeach()
add_fixture_coverage(INSTRUMENT program FORMATS json)
"""
OBJECT = "int object{n}(int value) {{\n  if (value > 1) return value * 2;\n  return {n};\n}}\n"


class Failed(Exception):
    pass


def write_project(source, options):
    (source / "CMakeLists.txt").write_text(LISTS.format(tests=options.tests), encoding="utf-8")
    numbers = range(options.objects)
    for n in numbers:
        (source / f"object{n}.cc").write_text(OBJECT.format(n=n), encoding="utf-8")
    calls = "".join(f"int object{n}(int);\n" for n in numbers)
    body = "".join(f"  sum += object{n}(count);\n" for n in numbers)
    (source / "main.cc").write_text(
        f"#include <unistd.h>\n\n#include <cstdio>\n{calls}\nint main(int count, char**) {{\n  int sum = 0;\n{body}"
        "  if (count == 1) return 0;\n  std::puts(\"ready\");\n  std::fflush(stdout);\n  return ::pause();\n}\n", encoding="utf-8")


def size_of(folder):
    """Bytes on the disk. Files come and go meanwhile."""
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(path, name)).st_blocks * 512
            except FileNotFoundError:
                continue
    return total


class Watch(threading.Thread):
    """Looks again and again, without a pause: `most` is what there was at once."""

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.folder, self.most, self.looks, self.over = folder, 0, 0, False

    def run(self):
        while not self.over:
            self.most = max(self.most, size_of(self.folder))
            self.looks += 1


def command(*words, **more):
    done = subprocess.run([str(word) for word in words], check=False, capture_output=True, text=True, **more)
    if done.returncode != 0:
        raise Failed(f"{' '.join(map(str, words))}: status {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout


def check_counts(report, options):
    files = {file["file"]: file["lines"] for file in json.loads(report.read_text(encoding="utf-8"))["files"]}
    wanted = {2: options.tests + 1, 3: options.tests}  # the service gives each a 2, each test a 1
    for n in range(options.objects):
        found = {line["line_number"]: line["count"] for line in files[f"object{n}.cc"]}
        if {line: found.get(line) for line in wanted} != wanted:
            raise Failed(f"object{n}.cc: expected {wanted}, not {found}")


def check(work, options):
    source, build = work / "source", work / "build"
    source.mkdir()
    write_project(source, options)
    command(options.cmake, "-S", source, "-B", build, "-G", "Ninja", f"-DCMAKE_MODULE_PATH={REPOSITORY}/cmake",
            f"-DGENTLE_EXECUTABLE={options.gentle}", "-DCMAKE_BUILD_TYPE=Debug")
    command(options.cmake, "--build", build)
    data = build / "Testing/Fixtures/coverage"
    watch = Watch(data)
    watch.start()
    command(Path(options.cmake).with_name("ctest"), "--test-dir", build, "-j", options.parallel)
    watch.over = True
    watch.join()
    check_counts(build / "coverage/coverage.json", options)
    one_set = sum(path.stat().st_blocks * 512 for path in build.glob("CMakeFiles/program.dir/*.gcda"))
    sets = watch.most / one_set
    print(f"{options.tests} tests of {options.objects} objects: at most {watch.most / 2**20:.1f} MiB in {watch.looks} looks, "
          f"{sets:.1f} times one set of .gcda files; each count is there")
    if sets > MOST_SETS + options.parallel + 1:  # and what runs at the moment
        raise Failed(f"expected at most {MOST_SETS} sets, and one for each process that runs")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cmake", required=True)
    parser.add_argument("--gentle", required=True)
    parser.add_argument("--tests", type=int, default=5000)
    parser.add_argument("--objects", type=int, default=300)
    parser.add_argument("--parallel", type=int, default=2)
    options = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="gentle-disk-use-"))
    try:
        check(work, options)
    except Failed as failure:
        print(failure)
        return 1
    finally:
        shutil.rmtree(work)
    return 0


if __name__ == "__main__":
    sys.exit(main())
