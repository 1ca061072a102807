"""The outside programs that checks need."""

import os
import shutil
import subprocess


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


def must_be_there() -> bool:
    """CI installs every tool, so that no check is left out there unnoticed."""
    return os.environ.get("CI", "") not in ("", "0", "false")
