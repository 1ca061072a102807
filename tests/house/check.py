"""Makes one check of the house: check.py <check> <root> [<argument>...].

Prints a line for each problem. Status 0: none; 1: some; 77: a tool for it is not installed.
"""

import importlib
import sys
from pathlib import Path

import tools


def main() -> int:
    name, root, *arguments = sys.argv[1:]
    check = importlib.import_module(name)
    try:
        found = check.problems(Path(root).resolve(), *map(Path, arguments))
    except tools.Missing as missing:
        print(f"{name}: {missing}" + ("" if tools.in_ci() else ", check left out"))
        return 1 if tools.in_ci() else 77
    for problem in found:
        print(problem)
    print(f"{name}: {len(found) or 'no'} problem{'' if len(found) == 1 else 's'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
