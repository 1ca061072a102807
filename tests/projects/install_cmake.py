"""Puts one version of CMake into a folder, from its wheel: install_cmake.py <folder> 3.22|...|newest.

<folder>/bin/cmake is there afterwards. Ends with 77 if there is no network to fetch it by.
"""

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

NO_NETWORK = re.compile(r"NewConnectionError|name resolution|Name or service not known|Network is unreachable"
                        r"|ConnectTimeoutError|ReadTimeoutError|ProtocolError|Connection refused|ProxyError")
DATA = "cmake/data/"


def is_there(folder, version):
    cmake = folder / "bin" / "cmake"
    if not cmake.exists():
        return False
    said = subprocess.run([cmake, "--version"], capture_output=True, text=True, check=False).stdout
    return said.startswith("cmake version " + ("" if version == "newest" else f"{version}."))


def fetch_wheel(version, folder):
    wanted = "cmake>=4" if version == "newest" else f"cmake=={version}.*"
    result = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", f"--dest={folder}", wanted],
        capture_output=True, text=True, check=False)
    if result.returncode != 0:
        text = result.stdout + result.stderr
        if NO_NETWORK.search(text):
            print(f"skipped: CMake {version} is not in the cache, and pip has no network")
            sys.exit(77)
        print(text)
        sys.exit(f"pip could not fetch {wanted}; if pip itself is missing, on Debian: apt-get install python3-pip")
    return next(Path(folder).glob("*.whl"))


def unpack(wheel, folder):
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            if member.filename.startswith(DATA) and not member.is_dir():
                path = folder / member.filename[len(DATA):]
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(archive.read(member))
                path.chmod(0o755 if path.parent.name == "bin" else 0o644)


def main():
    folder, version = Path(sys.argv[1]), sys.argv[2]
    if not is_there(folder, version):
        with tempfile.TemporaryDirectory() as downloads:
            unpack(fetch_wheel(version, downloads), folder)
    if not is_there(folder, version):
        sys.exit(f"{folder}/bin/cmake is not CMake {version}")
    print(subprocess.run([folder / "bin" / "cmake", "--version"], capture_output=True, text=True, check=True).stdout)


if __name__ == "__main__":
    main()
