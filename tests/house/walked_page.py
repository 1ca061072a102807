"""A page works word by word: its files are written and its commands run, in their order.

A block belongs to the file that the paragraph above it names first, or, if that names none, to the end of
CMakeLists.txt. Each line that a command shows is among those that it prints, apart from numbers. A command fails only if
the page shows `Failed`.
"""

import re
from pathlib import Path

from trial import Trial, alike

BLOCK = re.compile(r"([^\n]*)\n\n```(cmake|cpp|python|ini|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`([\w.]*\.\w+)`:")


def walk(page: str, text: str, trial: Trial) -> list[str]:
    blocks = list(BLOCK.finditer(text))
    if len(blocks) < 5:
        return [f"{page}: hardly any block was found"]
    for block in blocks:
        above, language, content = block.groups()
        line = text.count("\n", 0, block.start(3)) + 1
        if language == "console":
            if found := _differences(trial, content, f"{page}:{line}"):
                return found
        elif named := FILE.search(above):
            trial.write(named.group(1), content)
        elif language == "cmake":
            trial.append("CMakeLists.txt", content)
        else:
            return [f"{page}:{line}: the paragraph above names no file"]
    return []


def _differences(trial: Trial, console: str, where: str) -> list[str]:
    """Of the commands of a block; later ones say little once one is wrong."""
    lines = console.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")] + [len(lines)]
    page, first = where.rsplit(":", 1)
    for start, end in zip(starts, starts[1:]):
        shown = lines[start + 1:end]
        status, told = trial.run(lines[start][2:])
        where = f"{page}:{int(first) + start}"
        if (status != 0) != any("Failed" in line for line in shown):
            return [f"{where}: '{lines[start]}' ends with status {status}:\n{told}"]
        printed = {alike(line) for line in told.splitlines()}
        if missing := [line for line in shown if line and alike(line) not in printed]:
            return [f"{where}: '{lines[start]}' does not print '{missing[0]}':\n{told}"]
    return []
