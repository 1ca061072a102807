"""clang-format, in the version that .clang-format is made for, changes nothing."""

import subprocess
from pathlib import Path

import tools
import tree


def problems(root: Path) -> list[str]:
    program = tools.find("clang-format-14", "clang-format", version="version 14.")
    sources = [str(path) for path in tree.files(root) if path.suffix in (".cc", ".h")]
    if not sources:
        return ["no sources found"]
    checked = subprocess.run([program, "--dry-run", "-Werror", "--style=file", *sources], cwd=root,
                             capture_output=True, text=True, check=False)
    if checked.returncode == 0:
        return []
    bad = sorted({line.split(":")[0] for line in checked.stderr.splitlines()
                  if "[-Wclang-format-violations]" in line})
    if not bad:
        return [checked.stderr.strip()]
    return [f"{path}: not formatted; run {Path(program).name} -i {path}" for path in bad]
