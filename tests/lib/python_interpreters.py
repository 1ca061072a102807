"""The interpreters of Python that have coverage.py, by their versions: of PATH, and of GENTLE_TEST_PYTHONS (paths
with ':' between them)."""

import os
import re
import shutil
import subprocess
import sys

OLDEST = (3, 9)
TELL = "import coverage, sys; print('%d.%d' % sys.version_info[:2], coverage.__version__)"


def with_coverage():
    named = os.environ.get("GENTLE_TEST_PYTHONS", "")
    found = {}
    for program in [*filter(None, named.split(":")), sys.executable, "/usr/bin/python3",
                    *(shutil.which(f"python3.{minor}") for minor in range(9, 20))]:
        if not program or not os.path.exists(program):
            continue
        told = subprocess.run([program, "-c", TELL], capture_output=True, text=True, check=False)
        if told.returncode != 0:
            continue
        version = re.match(r"(\d+)\.(\d+) ", told.stdout)
        if tuple(map(int, version.groups())) >= OLDEST:
            found.setdefault(".".join(version.groups()), program)
    return found
