"""Puts one version of gcovr into a folder of its own: install_gcovr.py <folder> 7.2|...|newest.

<folder>/bin/gcovr is there afterwards. Ends with 77 if there is no network to fetch it by.
"""

import subprocess
import sys
import venv
from pathlib import Path

from install_cmake import NO_NETWORK


def version_of(gcovr):
    if not gcovr.exists():
        return ""
    return subprocess.run([gcovr, "--version"], capture_output=True, text=True, check=False).stdout.split("\n")[0]


def is_there(folder, version):
    said = version_of(folder / "bin" / "gcovr")
    return said.startswith("gcovr ") and (version == "newest" or said == f"gcovr {version}")


def main():
    folder, version = Path(sys.argv[1]), sys.argv[2]
    if not is_there(folder, version):
        venv.create(folder, clear=True)  # with a pip of its own it would need Debian's python3-venv
        wanted = "gcovr>=8.4" if version == "newest" else f"gcovr=={version}"
        result = subprocess.run([sys.executable, "-m", "pip", f"--python={folder}/bin/python", "install", "--quiet", wanted],
                                capture_output=True, text=True, check=False)
        if NO_NETWORK.search(result.stderr) and result.returncode != 0:
            print(f"skipped: gcovr {version} is not in the cache, and pip has no network")
            sys.exit(77)
        if result.returncode != 0:
            sys.exit(result.stdout + result.stderr)
    if not is_there(folder, version):
        sys.exit(f"{folder}/bin/gcovr is not gcovr {version}")
    print(version_of(folder / "bin" / "gcovr"))


if __name__ == "__main__":
    main()
