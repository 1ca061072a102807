"""Puts JaCoCo, its agent and the parts of ASM that it needs into a folder: install_jacoco.py <folder>.

The folder has JaCoCo's newest version afterwards, by Maven; in old/ one that knows no classes of Java 17; and in kotlin/ a small
library with inline functions. Ends with 77 if there is no Maven, or no network to fetch them by.
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
KOTLIN = ["com.squareup.okio:okio-jvm:3.9.1"]


def artifacts(jacoco, asm):
    return [f"org.jacoco:org.jacoco.core:{jacoco}", f"org.jacoco:org.jacoco.agent:{jacoco}:jar:runtime",
            *(f"org.ow2.asm:{part}:{asm}" for part in ("asm", "asm-commons", "asm-tree"))]


def fetch(folder, all_artifacts):
    for artifact in all_artifacts:
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
    for part, all_artifacts in ((".", artifacts(*NEWEST)), ("old", artifacts(*OLD)), ("kotlin", KOTLIN)):
        os.makedirs(folder / part, exist_ok=True)
        fetch(folder / part, all_artifacts)
    print(*sorted(path.name for path in folder.glob("*.jar")))


if __name__ == "__main__":
    main()
