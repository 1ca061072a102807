"""Debian's sources of a package, fetched by apt with lists of its own: the system's lists are left alone.

    debian_sources.py <package> <folder> [<release>]     prints where they are
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path


class Unavailable(Exception):
    """Why there are none here."""


def run(command, folder, environment=None):
    return subprocess.run([*map(str, command)], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False, env=environment)


def of_release(text, release):
    """Of a list of the system's, its first archive, for that release: updates may be gone from a mirror."""
    if "Types:" in text:
        return re.sub(r"(?m)^Suites:.*$", f"Suites: {release}", text.split("\n\n")[0] + "\n")
    return re.sub(r"(?s).*?^(deb-src (?:\[[^]]*\] )?\S+) \S+([^\n]*).*", rf"\1 {release}\2\n", text, count=1, flags=re.MULTILINE)


def source_lists(folder, release):
    """The system's own, asked for sources and not for packages."""
    folder.mkdir(parents=True, exist_ok=True)
    known = Path("/etc/apt")
    for path in [known / "sources.list", *sorted((known / "sources.list.d").glob("*"))]:
        if not path.is_file() or path.suffix not in (".list", ".sources"):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if path.suffix == ".list":
            text = re.sub(r"(?m)^\s*deb-src\b.*$", "", text)
            text = re.sub(r"(?m)^\s*deb\b", "deb-src", text)
        else:
            text = re.sub(r"(?m)^Types:.*$", "Types: deb-src", text)
        if release:
            text = of_release(text.lstrip(), release)
        (folder / path.name).write_text(text, encoding="utf-8")


def apt(folder, *words):
    settings = {"Dir::Etc::sourcelist": "/dev/null", "Dir::Etc::sourceparts": folder / "parts",
                "Dir::State::lists": folder / "lists", "Dir::Cache": folder / "cache"}
    options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
    return run(["apt-get", "-qq", *options, *words], folder)


def tarball(package, folder):
    """Of what upstream released; the rest of a package may be gone from the mirror by now."""
    found = sorted(folder.glob(f"{package}_*.orig.tar.*"))
    return next((path for path in found if path.suffix != ".asc"), None)


def fetch(package, folder, release=""):
    """The folder of the sources. It stays, so that the next time nothing is fetched."""
    folder = Path(folder).resolve()
    sources = folder / package
    if sources.is_dir():
        return sources
    if not shutil.which("apt-get"):
        raise Unavailable("there is no apt-get here")
    for part in ("lists/partial", "cache/archives/partial"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    source_lists(folder / "parts", release)
    said = apt(folder, "update").stdout
    said += apt(folder, "--download-only", "source", package).stdout
    archive = tarball(package, folder)
    if not archive:
        raise Unavailable(f"the sources of {package} cannot be had: {said.strip().splitlines()[-1:]}")
    unpacked = folder / f"{package}.unpacked"
    shutil.rmtree(unpacked, ignore_errors=True)
    with tarfile.open(archive) as tar:
        tar.extractall(unpacked)
    [only] = unpacked.iterdir()
    os.rename(only, sources)
    shutil.rmtree(unpacked)
    return sources


def main():
    try:
        print(fetch(*sys.argv[1:]))
    except Unavailable as why:
        print(f"debian_sources: error: fetch '{sys.argv[1]}': {why}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
