"""What FIXTURES_REQUIRED names, and is no service and no other fixture, is told when CMake configures: CTest says nothing."""

import re

from small_project import HERE, Project, equal

# What a folder below requires is known since CMake 3.28. Before, and with scripts, a name that is only near may be another fixture's.
SURE = ["'DB' of test 'case'. Did you mean 'db'?", "'db.start' of test 'start'. Did you mean 'db'?",
        "' db' of test 'c|d'. Did you mean 'db'?"]
NEAR = ["'cartt' of test 'near'. Did you mean 'cart'?", "'kart' of test 'near-below'. Did you mean 'cart'?"]
FAR = "'elsewhere' of test 'far'."  # may be a fixture that is not seen


def check(tools):
    project = Project(tools, HERE / "required", tools.work / "build")
    version = project.run(tools.cmake, "--version").passed().stdout
    sees_all = tuple(map(int, re.search(r"(\d+)\.(\d+)", version).groups())) >= (3, 28)

    def told(*options):
        result = project.configure("-DWRONG=OFF", "-DSCRIPT=OFF", "-DBRACKET=OFF", "-DGENERATED=OFF", *options).passed()
        equal(f"warnings with {options}", len(re.findall("CMake Warning", result.stderr)), int("-DWRONG=ON" in options))
        return sorted(line.strip() for line in result.stderr.splitlines() if " of test " in line)

    equal("names that are right", told(), [])
    equal("names that are wrong", told("-DWRONG=ON"), sorted([*SURE, *NEAR, FAR] if sees_all else SURE))
    for option in "SCRIPT", "GENERATED":
        equal(f"names with {option}", told("-DWRONG=ON", f"-D{option}=ON"), sorted(SURE))
    equal("names that are right, beside a '['", told("-DBRACKET=ON"), [])
