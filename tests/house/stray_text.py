"""Words that must not stand in the repository."""

import re
from pathlib import Path

import tree

# Written in two pieces where this file would otherwise find itself.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
NO_LINT = re.compile(r"\bNOLI" r"NT")
REGISTRIES = re.compile(
    r"\b(deb\.debian|security\.debian|pypi|pythonhosted|crates|mvnrepository|maven)\.(org|io|com)\b"
    r"|\bregistry\.(npmjs|yarnpkg)\b|\bproxy\.golang\b")
MACHINE = re.compile(r"(?<![\w.])/(work|farm|root|home/\w+)/\w|/tmp/(gentle|wt)\b")
SLEEP = re.compile(r"\b(sleep_for|sleep_until|usleep|nanosleep|sleep)\s*\(")


def problems(root: Path) -> list[str]:
    found = []
    for path in tree.files(root):
        content = tree.text(root / path)
        if content is None:
            continue
        for number, line in enumerate(content.splitlines(), 1):
            found += [f"{path}:{number}: {problem}" for problem in _problems_of(path, line)]
    return found


def _problems_of(path: Path, line: str) -> list[str]:
    found = []
    if match := UNFINISHED.search(line):
        found.append(f"'{match.group()}': finish it, or say in the documents what is missing")
    if match := REGISTRIES.search(line):
        found.append(f"'{match.group()}': name the package, not the host it comes from")
    if match := MACHINE.search(line):
        found.append(f"'{match.group()}': a path of one machine")
    if path.parts[0] == "helper" and (match := SLEEP.search(line)):
        found.append(f"'{match.group(1)}': nothing in the helper waits by sleeping")
    if path.suffix in (".cc", ".h") and (match := NO_LINT.search(line)):
        found.append(f"'{match.group()}': mend the code, or take the check off .clang-tidy")
    return found
