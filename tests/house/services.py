"""The blocks of docs/services.md are the files of examples/services-of-the-world/services, whole.

A line that is a link to the file stands above its block. To write the blocks anew:

    python3 tests/house/services.py <root>

or build the target `reference`.
"""

import re
import sys
from pathlib import Path

PAGE = "docs/services.md"
FOLDER = "examples/services-of-the-world/services"
# The last link of a paragraph, and the block that follows.
BLOCK = re.compile(rf"(\]\(\.\./{FOLDER}/([^)\s]+)\):?\n\n```\w*\n)(.*?)(^```$)", re.MULTILINE | re.DOTALL)


def page(root: Path) -> str:
    """What the page says once each block is its file; a link to no file leaves its block as it is."""

    def with_file(match: re.Match) -> str:
        source = root / FOLDER / match.group(2)
        text = source.read_text(encoding="utf-8") if source.is_file() else match.group(3)
        return match.group(1) + text + match.group(4)

    return BLOCK.sub(with_file, (root / PAGE).read_text(encoding="utf-8"))


def problems(root: Path) -> list[str]:
    text = (root / PAGE).read_text(encoding="utf-8")
    shown = {match.group(2): match.group(3) for match in BLOCK.finditer(text)}
    files = {path.name: path.read_text(encoding="utf-8") for path in (root / FOLDER).iterdir()}
    found = [f"{FOLDER}/{name}: {PAGE} does not show it" for name in sorted(set(files) - set(shown))]
    found += [f"{PAGE}: the block of {name} is not that file; build the target reference"
              for name in sorted(shown) if shown[name] != files.get(name)]
    return found


def main() -> int:
    root = Path(sys.argv[1])
    (root / PAGE).write_text(page(root), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
