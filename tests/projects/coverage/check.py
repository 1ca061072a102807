"""Reports of every compiler agree with `ctest -T Coverage`, and count what never ran."""

import json
import os
import re
import shutil
import sys
from pathlib import Path

from coverage_counts import check_agreement, counted
from small_project import HERE, Failed, Project, equal

COMPILERS = ("g++", "g++-11", "clang++-14", "clang++-19")
TESTS = ['plain; "test"', "deep", "Client.UsesTheLibrary", "Client.SeesAFailure"]


def check_every_test_requires_it(project):
    shown = json.loads(project.ctest("--show-only=json-v1").passed().stdout)
    required = {}
    for test in shown["tests"]:
        properties = {p["name"]: p["value"] for p in test["properties"]}
        required[test["name"]] = sorted(properties.get("FIXTURES_REQUIRED", []))
    equal("FIXTURES_REQUIRED", required, {
        "coverage.reset": [], "coverage.report": [], TESTS[0]: ["coverage"], "deep": ["coverage", "other"],
        TESTS[2]: ["coverage", "other"], TESTS[3]: ["coverage", "other"],
    })


def check_compiler(tools, compiler):
    project = Project(tools, HERE / "coverage", tools.work / compiler.replace("+", "p"))
    project.configured_and_built(f"-DCMAKE_CXX_COMPILER={compiler}", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON")
    commands = json.loads((project.build_dir / "compile_commands.json").read_text(encoding="utf-8"))
    flag = "-fcoverage-mapping" if compiler.startswith("clang") else "--coverage"
    instrumented = sorted(Path(entry["file"]).name for entry in commands if flag in entry["command"])
    equal("instrumented sources", instrumented, ["app.cc", "logic.cc", "never_run.cc", "plugin.cc"])
    check_every_test_requires_it(project)

    project.ctest("-j4").passed().says("100% tests passed")
    summary, total = check_agreement(project, "5 files")
    equal("never_run.cc: covered lines", counted(summary, "never_run.cc")[0], 0)
    if counted(summary, "never_run.cc")[1] < 4:
        raise Failed(f"never_run.cc has at least four lines that count:\n{summary}")
    equal("plugin.cc: lines", counted(summary, "plugin.cc"), (7, 7))
    marked = Path(HERE, "coverage", "logic.cc").read_text(encoding="utf-8").count("\n")
    if not 15 < counted(summary, "logic.cc")[1] <= marked - 10:
        raise Failed(f"logic.cc: lines that a marker excludes count:\n{summary}")
    for line in ("HTML report", "cobertura", "json"):
        file = Path(re.search(rf"^{line}: (.*)$", summary, re.MULTILINE).group(1))
        if not file.is_file() or file.stat().st_size == 0:
            raise Failed(f"{line}: {file} was not written")

    # Data of an earlier run, and what stands for objects without data, must not add up or get in the way.
    project.ctest("-V", "-R", "^deep$").passed().does_not_say("profiling")
    check_agreement(project, "5 files")
    built = project.build("--target", "coverage").passed()
    built.says(r"Total of 5 files +[0-9.]+% \(" + f"{total[0]}/{total[1]}" + r"\)").says("HTML report: ")


def check(tools):
    wanted = [os.environ["TEST_COMPILER"]] if "TEST_COMPILER" in os.environ else COMPILERS
    found = [compiler for compiler in wanted if shutil.which(compiler)]
    for compiler in sorted(set(wanted) - set(found)):
        print(f"not tried: {compiler} is not installed")
    for compiler in found:
        try:
            check_compiler(tools, compiler)
        except Failed as failure:
            raise Failed(f"with {compiler}: {failure}") from failure
    if not found:
        sys.exit("there is no compiler")
