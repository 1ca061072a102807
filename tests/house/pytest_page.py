"""docs/how-to/pytest.md works word by word: walked_page.py says how. Its port is a free one here.

`python` has the packages that the page is about: install_pytest.py. It is the python3 of the page's commands.
"""

import socket
import subprocess
from pathlib import Path

from trial import Trial
from walked_page import walk

PAGE = "docs/how-to/pytest.md"
PORT = "8123"


def problems(root: Path, gentle: Path, cmake: Path, python: Path) -> list[str]:
    if not python.exists() or subprocess.run([python, "-c", "import pytest"], capture_output=True, check=False).returncode != 0:
        print(f"pytest_page: there is no pytest for {python}, since there was no network to install it by")
        raise SystemExit(77)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    text = (root / PAGE).read_text(encoding="utf-8")
    if text.count(PORT) != 4:
        return [f"{PAGE}: the port {PORT} stands in {text.count(PORT)} places, not in 4"]
    with Trial(root, gentle, cmake, first=python.parent) as trial:
        return walk(PAGE, text.replace(PORT, port), trial)
