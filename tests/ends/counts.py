"""What the compiler's own tool counts in the data of a program: lines and branches, by source."""

import json
import subprocess
from pathlib import Path

COMPARED = ("first.cc", "second.cc", "third.cc", "calls.cc", "loads.cc", "work.h")
MOST = 8  # differences that are told


class Unreadable(Exception):
    """The tool does not take the data."""


def run(command, **options):
    done = subprocess.run([*map(str, command)], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False, **options)
    if done.returncode != 0:
        raise Unreadable(f"{command[0]} has failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def of_gcov(gcov, folder, notes):
    """By object and source, all that gcov tells of it: of each line and branch how often."""
    answer = run([gcov, "--json-format", "--branch-probabilities", "--stdout", *notes], cwd=folder)
    found = {}
    for document in map(json.loads, answer.splitlines()):
        name = Path(document["data_file"]).name
        for source in document["files"]:
            lines = {(line["line_number"], line.get("function_name", ""), number): line
                     for number, line in enumerate(source["lines"])}
            functions = {function["name"]: function for function in source["functions"]}
            found[name, Path(source["file"]).name] = {"lines": lines, "functions": functions}
    return found


def of_llvm(cov, profdata, images, profiles, work):
    """By source, the segments and branches that llvm-cov tells of, and the regions of functions."""
    merged = Path(work) / "all.profdata"
    if not profiles:
        raise Unreadable("there is no .profraw at all")
    run([profdata, "merge", "-sparse", "-o", merged, *profiles])
    more = [word for image in images[1:] for word in ("-object", image)]
    answer = json.loads(run([cov, "export", f"-instr-profile={merged}", images[0], *more]))
    [document] = answer["data"]
    found = {}
    for source in document["files"]:
        name = Path(source["filename"]).name
        if name in COMPARED:
            lines = {(segment[0], segment[1], number): segment
                     for number, segment in enumerate(source["segments"])}
            lines |= {("branch", number): branch
                      for number, branch in enumerate(source.get("branches", []))}
            found["", name] = {"lines": lines, "functions": {}}
    for function in document["functions"]:
        name = Path(function["filenames"][0]).name
        if name in COMPARED:
            functions = found["", name]["functions"]
            functions[function["name"], len(functions)] = function
    return found


def differences(expected, found):
    """One line for each, the first ones; empty: they are equal, number by number."""
    told = []
    for place in sorted(expected.keys() | found.keys()):
        if place not in expected or place not in found:
            told.append(f"{place}: is in one of both only")
            continue
        for kind in ("lines", "functions"):
            ours, theirs = expected[place][kind], found[place][kind]
            for key in sorted(ours.keys() | theirs.keys(), key=repr):
                if ours.get(key) != theirs.get(key):
                    told.append(f"{place[0]} {place[1]} {kind} {key}:\n    expected {ours.get(key)}"
                                f"\n    but it is {theirs.get(key)}")
    rest = [f"and {len(told) - MOST} more"] if len(told) > MOST else []
    return told[:MOST] + rest
