"""Runs one project test: run.py --cmake <cmake> --gentle <gentle> --work <folder> mistakes[/<case>]|<topic>.

mistakes/<case>.cmake, as a project, must stop the configure step with the one message that matches the
regular expression in mistakes/<case>-stderr.txt. Any other <topic> is a folder with a project and a check.py, whose check(tools) says what must be.
"""

import argparse
import importlib.util
import re
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from small_project import HERE, SKIPPED, Failed, Project, Tools, one_line  # noqa: E402

FRAME = """cmake_minimum_required(VERSION 3.22)
project(mistake LANGUAGES {languages})
enable_testing()
include(GentleFixtures)
{body}"""


class KnownCompiler:
    """What CMake has found out about the compiler, so that it need not do that in the build folder of each mistake."""

    def __init__(self, tools):
        self.build = tools.work / "build"
        self.kept = tools.work / "known"
        source = tools.work / "source"
        source.mkdir(parents=True, exist_ok=True)
        (source / "CMakeLists.txt").write_text(FRAME.format(languages="CXX", body="").replace("include(GentleFixtures)", ""), encoding="utf-8")
        Project(tools, source, self.build).configure().passed()
        shutil.rmtree(self.kept, ignore_errors=True)
        self.build.rename(self.kept)

    def put_into(self, build):
        for path in self.kept.glob("CMakeFiles/[0-9]*"):
            shutil.copytree(path, build / "CMakeFiles" / path.name)
        shutil.copy(self.kept / "CMakeCache.txt", build)


def check_mistake(tools, case, known=None):
    body = (HERE / "mistakes" / f"{case}.cmake").read_text(encoding="utf-8")
    expected = one_line((HERE / "mistakes" / f"{case}-stderr.txt").read_text(encoding="utf-8"))
    source = tools.work / "source"
    source.mkdir(parents=True, exist_ok=True)
    languages = "CXX" if ".cc" in body else "NONE"
    (source / "CMakeLists.txt").write_text(FRAME.format(languages=languages, body=body), encoding="utf-8")
    (source / "main.cc").write_text("int main() {}\n", encoding="utf-8")
    project = Project(tools, source, tools.work / "build")
    if known and languages == "CXX":
        known.put_into(project.build_dir)
    result = project.configure().failed()
    errors = len(re.findall(r"^CMake Error", result.stderr, re.MULTILINE))
    if errors != 1:
        raise result.explain(f"expected one CMake Error, not {errors}")
    result.says(expected)
    result.does_not_say("CMake (Deprecation )?Warning")


def check_mistakes(tools):
    cases = sorted(path.stem for path in (HERE / "mistakes").glob("*.cmake"))
    if not cases:
        raise Failed("there are no mistakes to check")
    known = KnownCompiler(tools)
    for case in cases:
        try:
            check_mistake(tools, case, known)
        except Failed as failure:
            raise Failed(f"{case}: {failure}") from failure


def check_topic(tools, topic):
    spec = importlib.util.spec_from_file_location(f"{topic}_check", HERE / topic / "check.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.check(tools)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cmake", required=True)
    parser.add_argument("--gentle", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--outer-build", help="the build of GentleFixtures itself, to install from")
    parser.add_argument("--config", default="")
    parser.add_argument("test")
    options = parser.parse_args()
    tools = Tools(options)
    if not Path(tools.cmake).exists():
        print(f"skipped: there is no {tools.cmake}")
        return SKIPPED
    topic, _, case = options.test.partition("/")
    try:
        if case:
            check_mistake(tools, case)
        elif topic == "mistakes":
            check_mistakes(tools)
        else:
            check_topic(tools, topic)
    except Failed as failure:
        print(failure)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
