"""The outside programs that checks need."""

import shutil
import subprocess
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "lib"))
from ci import in_ci  # noqa: E402, F401  pylint: disable=wrong-import-position,unused-import


class Missing(Exception):
    """A program is not installed: the check cannot be made."""


def find(*names: str, version: str = "") -> str:
    """The first of `names` that is installed and whose --version holds `version`."""
    for name in names:
        program = shutil.which(name)
        if program is None:
            continue
        told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
        if version in told.stdout:
            return program
    raise Missing(f"{names[0]} is not installed")
