"""The JDKs that the recorder is for, and where JaCoCo is."""

import os
import re
import shutil
import subprocess
from pathlib import Path

OLDEST = 11


def version_of(jdk):
    told = subprocess.run([jdk / "bin/javac", "-version"], capture_output=True, text=True, check=True)
    return int(re.search(r"(\d+)", told.stdout + told.stderr).group(1))


def all_jdks():
    """By version: those of PATH, of GENTLE_TEST_JDKS (homes, by colons) and of /usr/lib/jvm."""
    homes = [Path(home) for home in os.environ.get("GENTLE_TEST_JDKS", "").split(":") if home]
    javac = shutil.which("javac")
    homes += [Path(javac).resolve().parents[1]] if javac else []
    homes += sorted(Path("/usr/lib/jvm").glob("*"))
    found = {}
    for home in homes:
        if (home / "bin/javac").exists():
            found.setdefault(version_of(home), home.resolve())
    return {version: home for version, home in sorted(found.items()) if version >= OLDEST}


def jacoco_folder():
    """With the jars of JaCoCo and ASM (tests/projects/install_jacoco.py); None if there is none."""
    folder = Path(os.environ.get("GENTLE_TEST_JACOCO", "/nowhere"))
    return folder if list(folder.glob("org.jacoco.core-*.jar")) else None


def jars_of(folder):
    """As a class path."""
    return ":".join(str(path) for path in sorted(folder.glob("*.jar")))


def agent_of(jacoco):
    return next(jacoco.glob("org.jacoco.agent-*runtime.jar"), None)
