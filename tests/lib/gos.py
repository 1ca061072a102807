"""The Gos that are here, by their versions: GENTLE_TEST_GOS (paths of programs, by colons) first, then that of PATH."""

import os
import re
import shutil
import subprocess

OLDEST = 20  # of Go 1; older ones know no coverage of programs


def gos():
    paths = [path for path in os.environ.get("GENTLE_TEST_GOS", "").split(":") if os.path.exists(path)]
    paths += [path for path in (shutil.which("go"),) if path]
    found = {}
    for path in paths:
        answer = subprocess.run([path, "env", "GOVERSION"], capture_output=True, text=True, check=True).stdout.strip()
        number = re.match(r"go1\.(\d+)", answer)
        if number and int(number.group(1)) >= OLDEST:
            found.setdefault(answer, path)
    return found
