"""The gcovr of a project test: that of PATH, or the one in the folder that TEST_GCOVR of the environment names."""

import os
import sys
from pathlib import Path

from small_project import SKIPPED


def is_another_gcovr():
    return "TEST_GCOVR" in os.environ


def skip_without_gcovr():
    folder = os.environ.get("TEST_GCOVR", "")
    if folder and not Path(folder, "gcovr").exists():
        print(f"skipped: there is no gcovr in {folder}; it is installed from the network")
        sys.exit(SKIPPED)


def use_gcovr(project):
    folder = os.environ.get("TEST_GCOVR", "")
    if folder:
        project.environment["PATH"] = folder + os.pathsep + project.environment["PATH"]
