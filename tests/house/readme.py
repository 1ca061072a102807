"""The README's first block is a project that works, and the picture below it shows what its tests print.

The picture is made of real output. To make it anew, if the output has changed:

    python3 tests/house/readme.py <root> <gentle> <cmake>

or build the target `reference`.
"""

import re
import sys
from html import escape, unescape
from pathlib import Path

import tools
from card import BRIGHT, DIM, GOOD, TEXT, card
from trial import Trial, alike

PICTURE = "docs/pictures/ten-lines.svg"
PROJECT = re.compile(r"```cmake\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = ("cmake -B build", "ctest --test-dir build", "grep redis: build/Testing/Temporary/LastTest.log")
# Of some versions of CTest only.
NOT_SHOWN = ("Internal ctest changing into directory",)
LINE, LETTER, EDGE = 19, 8.0, 16


def problems(root: Path, gentle: Path, cmake: Path) -> list[str]:
    lines, trouble = transcript(root, gentle, cmake)
    if trouble:
        return [trouble]
    if [alike(line) for line in lines] != [alike(line) for line in shown(root)]:
        return [f"{PICTURE}: shows other lines than the README's first block prints; build the target reference"]
    return []


def transcript(root: Path, gentle: Path, cmake: Path) -> tuple[list[str], str]:
    """What a reader sees, commands included; or what went wrong."""
    for program in ("redis-server", "redis-cli"):
        tools.find(program)
    block = PROJECT.search((root / "README.md").read_text(encoding="utf-8"))
    if not block:
        return [], "README.md: has no block of CMake"
    lines: list[str] = []
    with Trial(root, gentle, cmake) as trial:
        trial.write("CMakeLists.txt", block.group(1))
        for command in COMMANDS:
            status, told = trial.run(command)
            if status != 0:
                return [], f"README.md: the first block does not work: {command}: status {status}\n{told}"
            lines += [f"$ {command}", *(line for line in told.splitlines() if not line.startswith(NOT_SHOWN)), ""]
    return lines[:-1], ""


def shown(root: Path) -> list[str]:
    path = root / PICTURE
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return [unescape(re.sub(r"<[^>]*>", "", line)) for line in re.findall(r"<text [^>]*>(.*)</text>", text)]


def picture(lines: list[str]) -> str:
    width = int(max(map(len, lines)) * LETTER + 2 * EDGE)
    height = len(lines) * LINE + 2 * EDGE
    texts = [f'<text x="{EDGE}" y="{EDGE + (number + 1) * LINE - 5}" fill="{colour(line)}">{marked(line)}</text>'
             for number, line in enumerate(lines)]
    return card("What the ten lines print", width, height, texts)


def colour(line: str) -> str:
    if line.startswith("$ "):
        return BRIGHT
    return GOOD if line.startswith("100%") else DIM if line.startswith(("--", " ", "Label", "fixture")) else TEXT


def marked(line: str) -> str:
    return re.sub(r"\bPassed\b", f'<tspan fill="{GOOD}">Passed</tspan>', escape(line, quote=False))


def main() -> int:
    root, gentle, cmake = (Path(argument).resolve() for argument in sys.argv[1:])
    try:
        found = problems(root, gentle, cmake)
        lines, trouble = transcript(root, gentle, cmake) if found else ([], "")
    except tools.Missing as missing:
        print(f"{PICTURE}: stays as it is: {missing}")
        return 0
    if trouble:
        print(trouble, file=sys.stderr)
        return 1
    if lines:
        (root / PICTURE).parent.mkdir(parents=True, exist_ok=True)
        (root / PICTURE).write_text(picture(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
