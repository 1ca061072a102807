"""A build folder of a long and strange name, made where every new file is open to all: the tests pass, and
nobody else can read a value of an ENVIRONMENT or EXPORT."""

import os
import re

from small_project import HERE, Failed, Project, equal

SECRET = "do not tell"


def can_be_read_by_others(path, top):
    """Every folder on the way counts: it may let nobody pass."""
    if not path.stat().st_mode & 0o044:
        return False
    return all(folder.stat().st_mode & 0o011 for folder in path.parents if folder.is_relative_to(top))


def check(tools):
    os.umask(0)
    build = tools.work / "überlänge und Leerzeichen"
    while len(os.fsencode(build)) < 200:
        build /= "ein Ordner, $HOME 'größer' (2)"
    project = Project(tools, HERE / "surroundings", build)
    # What the tests compare with: their own words are none of the values.
    (build / "one").write_text(f"{SECRET} 1", encoding="utf-8")
    (build / "all").write_text(f"{SECRET} 2|{SECRET} 4|a{SECRET} 2", encoding="utf-8")
    project.configure(f"-DSECRET={SECRET}").passed().does_not_say("CMake (Deprecation )?Warning")
    for _ in range(2):  # configured again, the files stay as they are
        project.ctest().passed().says("100% tests passed")
        project.configure().passed()

    private, open_to_all = [], []
    for path in sorted(build.rglob("*")):
        if path.is_file() and SECRET.encode() in path.read_bytes():
            place = open_to_all if can_be_read_by_others(path, build) else private
            place.append(path.relative_to(build).as_posix())
    # The cache holds what this test itself has put there.
    equal("files that others can read", [name for name in open_to_all if name not in ("CMakeCache.txt", "one", "all")], [])
    equal("the mode of their folder", oct((build / "CMakeFiles/GentleFixtures").stat().st_mode & 0o777), "0o700")
    for name in "api.spec", "fresh.spec", "test-0.environment":
        if f"CMakeFiles/GentleFixtures/{name}" not in private:
            raise Failed(f"{name} does not hold the value that it should: {private}")

    # CMake itself cannot do everything in such a folder; an endless loop once filled the log there.
    Project(tools, HERE / "surroundings", tools.work / "two;parts").configure(f"-DSECRET={SECRET}").failed().says(
        r"add_fixture_service\(\w+\): the build folder '\S+/two;parts' has a ';' in its path, at which CMake divides lists; "
        "build in another folder")
    for name in "one[part", "one]part":
        Project(tools, HERE / "surroundings", tools.work / name).configure(f"-DSECRET={SECRET}").failed().says(
            rf"add_fixture_service\(\w+\): the build folder '\S+/{re.escape(name)}' has a '\[' without its '\]' in its path")
    project = Project(tools, HERE / "surroundings", tools.work / "a [whole] part")
    project.configure(f"-DSECRET={SECRET}").passed()
