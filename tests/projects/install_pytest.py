"""Puts pytest, and the packages that docs/how-to/pytest.md is about, into a folder of its own: install_pytest.py <folder>.

<folder>/bin/python3 has them afterwards. Ends with 77 if there is no network to fetch them by.
"""

import subprocess
import sys
import venv
from pathlib import Path

from install_cmake import NO_NETWORK

PACKAGES = ("pytest", "pytest-cov>=7", "coverage>=7.10", "mirakuru>=3", "pytest-xprocess>=1")
MODULES = "pytest, pytest_cov, mirakuru, xprocess"


def are_there(python):
    return python.exists() and subprocess.run([python, "-c", f"import {MODULES}"], capture_output=True, check=False).returncode == 0


def main():
    folder = Path(sys.argv[1])
    python = folder / "bin/python3"
    if not are_there(python):
        venv.create(folder, clear=True)  # with a pip of its own it would need Debian's python3-venv
        result = subprocess.run([sys.executable, "-m", "pip", f"--python={python}", "install", "--quiet", *PACKAGES],
                                capture_output=True, text=True, check=False)
        if NO_NETWORK.search(result.stderr) and result.returncode != 0:
            print("skipped: pytest is not in the cache, and pip has no network")
            sys.exit(77)
        if result.returncode != 0:
            sys.exit(result.stdout + result.stderr)
    if not are_there(python):
        sys.exit(f"{python} cannot import {MODULES}")
    print(f"{python} has {MODULES}")


if __name__ == "__main__":
    main()
