"""What a page of results says of the code that was tried."""

import subprocess
from pathlib import Path


def commit():
    """Of what was tried: pages may have changed since."""
    def git(*words):
        root = Path(__file__).resolve().parent.parent.parent
        return subprocess.run(["git", "-C", root, *words], capture_output=True, text=True,
                              check=False).stdout.strip()
    changed = git("status", "--porcelain", "--", "cmake", "helper", "tests")
    return (git("rev-parse", "--short=10", "HEAD") or "unknown") + ("-dirty" if changed else "")
