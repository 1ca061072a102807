"""A real server as a service with coverage: servers.py --cmake <cmake> --gentle <gentle> --work <folder> <server>."""

import argparse
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "lib"))
import debian_sources  # noqa: E402  pylint: disable=wrong-import-position
import small_project  # noqa: E402  pylint: disable=wrong-import-position

COMPILER = "gcc"


def build(kind, work):
    """Once: the sources, configured and made by their own means. What was made stays."""
    if missing := [tool for tool in (COMPILER, "gcov", "make") if not shutil.which(tool)]:
        raise debian_sources.Unavailable(f"there is no {missing[0]} here")
    if missing := [name for name in kind.HEADERS if not Path("/usr/include", name).exists()]:
        raise debian_sources.Unavailable(f"there is no {missing[0]} here")
    folder = debian_sources.fetch(kind.PACKAGE, work / "sources")
    if (folder / "made").exists():
        return folder
    environment = {**small_project.clean_environment(), "CC": COMPILER}
    for command in (kind.configure(folder), ["make", "-j2", *kind.TARGETS]):
        done = debian_sources.run(command, folder, environment)
        if done.returncode != 0:
            raise small_project.Failed(f"{' '.join(map(str, command))}\nhas failed:\n{done.stdout[-4000:]}")
    (folder / "made").touch()
    return folder


def calls(objects, source, function):
    """How often it was called, as gcov tells by what the report has merged beside the objects."""
    [notes] = [path for path in Path(objects).rglob("*.gcno") if re.search(source, path.name)]
    done = subprocess.run(["gcov", "--json-format", "--stdout", str(notes)], cwd=objects, capture_output=True,
                          text=True, check=True)
    functions = [known for file in json.loads(done.stdout)["files"] for known in file["functions"]]
    return next(known["execution_count"] for known in functions if known["name"] == function)


class Run:
    """One ctest of the project, with the server and its clients."""

    def __init__(self, kind, options):
        work = Path(options.work)
        options.work, options.outer_build, options.config = work / kind.PACKAGE, None, ""
        self.folder = build(kind, work)
        self.objects = self.folder / kind.OBJECTS
        self.data = options.work / "data"  # of the server
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(parents=True)
        if os.geteuid() == 0:
            self.data.chmod(0o777)  # for a server that takes another user's rights
        self.project = small_project.Project(small_project.Tools(options), HERE / "project", options.work / "build")
        command = ";".join(map(str, kind.command(self.folder, self.data)))
        clients = ";".join(map(str, [sys.executable, HERE / kind.CLIENTS, self.data]))
        self.project.configured_and_built(f"-DCMAKE_C_COMPILER={COMPILER}", f"-DOBJECTS={self.objects}",
                                          f"-DROOT={self.folder}", f"-DCOMMAND={command}", f"-DCLIENTS={clients}")

    def ctest(self):
        return self.project.ctest("-V").passed()

    def calls(self, source, function):
        return calls(self.objects, source, function)

    def tracefile(self):
        """By source, the lines that the report tells of."""
        path = self.project.build_dir / "coverage" / "coverage.json"
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
        return {entry["file"]: entry["lines"] for entry in files}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cmake", required=True)
    parser.add_argument("--gentle", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("server")
    options = parser.parse_args()
    kind = importlib.import_module(options.server)
    try:
        kind.check(Run(kind, options))
    except debian_sources.Unavailable as why:
        print(f"skipped: {why}")
        return small_project.SKIPPED
    except small_project.Failed as failure:
        print(failure)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
