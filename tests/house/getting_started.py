"""docs/getting-started.md works word by word: its files are written and its commands run, in their order.

A block belongs to the file that the paragraph above it names first, or, if that names none, to the end of
CMakeLists.txt. Each line that a command shows is among those that it prints, apart from numbers. A command fails only if
the page shows `Failed`.

As a program it tries the page with the GentleFixtures that is installed: getting_started.py <checkout>
"""

import re
import sys
from pathlib import Path

import tools
from trial import Trial, alike

PAGE = "docs/getting-started.md"
BLOCK = re.compile(r"([^\n]*)\n\n```(cmake|cpp|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def problems(root: Path, gentle: Path | None = None, cmake: Path | None = None) -> list[str]:
    tools.find("curl")
    text = (root / PAGE).read_text(encoding="utf-8")
    blocks = list(BLOCK.finditer(text))
    if len(blocks) < 5:
        return [f"{PAGE}: hardly any block was found"]
    with Trial(root, gentle, cmake) as trial:
        for block in blocks:
            above, language, content = block.groups()
            line = text.count("\n", 0, block.start(3)) + 1
            if language == "console":
                if found := _differences(trial, content, line):
                    return found
            elif named := re.search(r"`([\w.]+\.\w+)`:", above):
                trial.write(named.group(1), content)
            else:
                trial.append("CMakeLists.txt", content)
    return []


def _differences(trial: Trial, console: str, first: int) -> list[str]:
    """Of the commands of a block; later ones say little once one is wrong."""
    lines = console.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")] + [len(lines)]
    for start, end in zip(starts, starts[1:]):
        shown = lines[start + 1:end]
        status, told = trial.run(lines[start][2:])
        where = f"{PAGE}:{first + start}"
        if (status != 0) != any("Failed" in line for line in shown):
            return [f"{where}: '{lines[start]}' ends with status {status}:\n{told}"]
        printed = {alike(line) for line in told.splitlines()}
        if missing := [line for line in shown if line and alike(line) not in printed]:
            return [f"{where}: '{lines[start]}' does not print '{missing[0]}':\n{told}"]
    return []


if __name__ == "__main__":
    WRONG = problems(Path(sys.argv[1]))
    print(*WRONG or [f"{PAGE}: works word by word"], sep="\n")
    sys.exit(1 if WRONG else 0)
