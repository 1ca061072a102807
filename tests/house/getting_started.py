"""docs/getting-started.md works word by word: walked_page.py says how.

As a program it tries the page with the GentleFixtures that is installed: getting_started.py <checkout>
"""

import sys
from pathlib import Path

import tools
from trial import Trial
from walked_page import walk

PAGE = "docs/getting-started.md"


def problems(root: Path, gentle: Path | None = None, cmake: Path | None = None) -> list[str]:
    tools.find("curl")
    with Trial(root, gentle, cmake) as trial:
        return walk(PAGE, (root / PAGE).read_text(encoding="utf-8"), trial)


if __name__ == "__main__":
    WRONG = problems(Path(sys.argv[1]))
    print(*WRONG or [f"{PAGE}: works word by word"], sep="\n")
    sys.exit(1 if WRONG else 0)
