"""Puts JaCoCo, its agent and the parts of ASM that it needs into a folder: install_jacoco.py <folder>.

The folder has JaCoCo's newest version afterwards, by Maven, and in old/ one that knows no classes of Java 17. Ends with 77 if there is
no Maven, or no network to fetch them by.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

NO_NETWORK = re.compile(r"Unknown host|Temporary failure in name resolution|Connection (refused|timed out)|Could not transfer|"
                        r"cannot be resolved|Network is unreachable")
NEWEST = ("0.8.14", "9.9")
OLD = ("0.8.6", "9.0")


def artifacts(jacoco, asm):
    return [f"org.jacoco:org.jacoco.core:{jacoco}", f"org.jacoco:org.jacoco.agent:{jacoco}:jar:runtime",
            *(f"org.ow2.asm:{part}:{asm}" for part in ("asm", "asm-commons", "asm-tree"))]


def fetch(folder, versions):
    for artifact in artifacts(*versions):
        name = artifact.split(":")[1]
        if list(folder.glob(f"{name}-[0-9]*.jar")):
            continue
        result = subprocess.run(["mvn", "-B", "-q", "dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={folder}"],
                                stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            said = result.stdout + result.stderr
            if NO_NETWORK.search(said):
                print("skipped: JaCoCo is not in Maven's cache, and Maven has no network")
                sys.exit(77)
            sys.exit(said)


def main():
    if not shutil.which("mvn"):
        print("skipped: mvn is not installed (apt-get install maven)")
        sys.exit(77)
    folder = Path(sys.argv[1])
    os.makedirs(folder / "old", exist_ok=True)
    fetch(folder, NEWEST)
    fetch(folder / "old", OLD)
    print(*sorted(path.name for path in folder.glob("*.jar")))


if __name__ == "__main__":
    main()
