"""shellcheck has nothing to say about the shell scripts."""

import re
import subprocess
from pathlib import Path

import tools
import tree

SHEBANG = re.compile(r"#!\s*(/usr/bin/env\s+|/bin/|/usr/bin/)(sh|bash)\b")


def problems(root: Path) -> list[str]:
    program = tools.find("shellcheck")
    scripts = [str(path) for path in tree.files(root)
               if SHEBANG.match((tree.text(root / path) or "")[:80])]
    if not scripts:
        return []
    checked = subprocess.run([program, "--format=gcc", *scripts], cwd=root, capture_output=True,
                             text=True, check=False)
    return checked.stdout.splitlines() or ([checked.stderr] if checked.returncode else [])
