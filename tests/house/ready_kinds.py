"""A kind of readiness is a row of two tables that say the same, a file, a test and a paragraph."""

import re
from pathlib import Path

HELPER = "helper/model/ready_kinds.h"
FUNCTIONS = "cmake/GentleFixtures/ready_kinds.cmake"
REFERENCE = "cmake/GentleFixtures/service.cmake"
ROW = re.compile(r'^ *ROW\((\w+), "([A-Z]+)", (\w+), k(\w+), ([\w |]+)\)', re.MULTILINE)
CMAKE_ROW = re.compile(r'^ *"([A-Z]+) (none|one|path|many)((?: [A-Z_]+)*)"$', re.MULTILINE)


def problems(root: Path) -> list[str]:
    found = []
    rows = ROW.findall((root / HELPER).read_text(encoding="utf-8"))
    helper = {keyword: (takes.lower(), {option.lower().removeprefix("k") for option in options.split(" | ")} - {"nothing"})
              for _, keyword, _, takes, options in rows}
    functions = {keyword: ("one" if takes == "path" else takes, {option.lower().replace("_", "") for option in options.split()})
                 for keyword, takes, options in CMAKE_ROW.findall((root / FUNCTIONS).read_text(encoding="utf-8"))}
    if not helper:
        return [f"{HELPER}: has no row"]
    for keyword in sorted(helper.keys() | functions.keys()):
        if helper.get(keyword) != functions.get(keyword):
            found.append(f"READY {keyword}: {HELPER} and {FUNCTIONS} differ")
    reference = (root / REFERENCE).read_text(encoding="utf-8")
    for _, keyword, file, _, _ in rows:
        for path in (f"helper/probe/{file}.cc", f"tests/cli/{file}_test.py"):
            if not (root / path).exists():
                found.append(f"READY {keyword}: there is no {path}")
        if not re.search(rf"^ +``{keyword}\b", reference, re.MULTILINE):
            found.append(f"READY {keyword}: {REFERENCE} has no paragraph of it")
    return found
