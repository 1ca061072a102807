#!/usr/bin/env python3
"""What reading objects costs gcov and read_gcov: seconds of CPU, the best of some rounds, side by side.

    cost.py [--gcov <program>] [--read <program>] [--rounds <n>] <folder or .gcno>...
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile

import differential


def seconds(command: list[str], folder: str) -> float:
    """Of CPU, user and system. What it prints goes nowhere."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, check=False, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gcov", default="gcov")
    parser.add_argument("--read", default=os.environ.get("GENTLE_READ_GCOV"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("paths", nargs="+")
    given = parser.parse_args()
    objects = [str(path.resolve()) for path in differential.objects_in(given.paths)]
    commands = {
        "read_gcov": [given.read, "--quiet"],
        "gcov, to files": [given.gcov, "--json-format", "--branch-probabilities"],
        "gcov, to its output": [given.gcov, "--json-format", "--branch-probabilities", "--stdout"],
    }
    best = dict.fromkeys(commands, float("inf"))
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(given.rounds):
            for name, command in commands.items():
                best[name] = min(best[name], seconds([*command, *objects], folder))
    for name, cost in best.items():
        print(f"{name}: {cost:.2f} s of CPU, {cost / best['read_gcov']:.1f} times read_gcov")
    return 0


if __name__ == "__main__":
    sys.exit(main())
