"""The Nodes that the recorder is for, by their versions: of PATH, and of GENTLE_TEST_NODES (paths with ':' between them)."""

import os
import re
import shutil
import subprocess

OLDEST = (18, 0)


def all_nodes():
    named = os.environ.get("GENTLE_TEST_NODES", "")
    found = {}
    for program in [*filter(None, named.split(":")), shutil.which("node"), shutil.which("nodejs")]:
        if not program or not os.path.exists(program):
            continue
        told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
        version = re.match(r"v(\d+)\.(\d+)\.", told.stdout)
        if version and tuple(map(int, version.groups())) >= OLDEST:
            found.setdefault(version.group(1), program)
    return found
