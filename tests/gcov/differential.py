#!/usr/bin/env python3
"""Compares read_gcov with gcov on objects that are there.

    differential.py [--gcov <program>] [--read <program>] [--limit <n>] [--row <name>] <folder or .gcno>...

--row prints the row of a table in docs/gcov-reader.md.
"""

import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import compare


def gcov_json(gcov: str, notes: Path, folder: str) -> dict:
    """What gcov tells of one object. It prints one JSON document."""
    command = [gcov, "--json-format", "--branch-probabilities", "--stdout"]
    if conditions(gcov):
        command.append("--conditions")
    # Not checked: gcov 13 and newer exit with 3 if a function stands on no line.
    done = subprocess.run([*command, str(notes.resolve())], cwd=folder, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if not done.stdout:
        raise RuntimeError(f"{gcov} {notes}: {done.stderr.decode(errors='replace')}")
    return json.loads(done.stdout.decode(errors="replace"))


def gcov_version(gcov: str) -> str:
    """As "12.2"."""
    said = subprocess.run([gcov, "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout
    return ".".join(said.splitlines()[0].split()[-1].split(".")[:2])


_conditions: dict[str, bool] = {}


def conditions(gcov: str) -> bool:
    if gcov not in _conditions:
        text = subprocess.run([gcov, "--help"], check=True, stdout=subprocess.PIPE).stdout
        _conditions[gcov] = b"--conditions" in text
    return _conditions[gcov]


def own_json(read: str, notes: Path, folder: str) -> dict:
    """What read_gcov tells of it, in the same folder: both look whether "x" of "x/.." is there."""
    done = subprocess.run([read, str(notes.resolve())], cwd=folder, check=True,
                          stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def compare_object(gcov: str, read: str, notes: Path,
                   totals: compare.Totals) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        theirs, own = gcov_json(gcov, notes, folder), own_json(read, notes, folder)
    totals["objects"] += 1
    return [f"{notes}: {text}" for text in compare.compare(theirs, own, totals)]


def objects_in(paths: list[str]) -> list[Path]:
    found = []
    for path in map(Path, paths):
        found += sorted(path.rglob("*.gcno")) if path.is_dir() else [path]
    return found


def compare_all(gcov: str, read: str, objects: list[Path], totals: compare.Totals) -> list[str]:
    def one(notes: Path) -> tuple[list[str], compare.Totals]:
        own = compare.Totals()
        return compare_object(gcov, read, notes, own), own

    found = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for texts, own in pool.map(one, objects):
            found += texts
            totals.update(own)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gcov", default="gcov")
    parser.add_argument("--read", default=os.environ.get("GENTLE_READ_GCOV"), help="an absolute path")
    parser.add_argument("--limit", type=int, default=20)
    parser.add_argument("--row")
    parser.add_argument("paths", nargs="+")
    given = parser.parse_args()
    totals = compare.Totals()
    found = compare_all(given.gcov, given.read, objects_in(given.paths), totals)
    for text in found[:given.limit]:
        print(text)
    if given.row:
        print(f"| {given.row} | {gcov_version(given.gcov)} |",
              *(f"{totals[name]:,} |" for name in ("objects", "lines", "executed lines", "branches", "functions")), len(found), "|")
        return 1 if found or not totals["executed lines"] else 0
    print(f"{len(found)} disagreements; compared:",
          ", ".join(f"{number} {name}" for name, number in sorted(totals.items())))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
