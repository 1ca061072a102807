"""clang-tidy, in the version that .clang-tidy is made for, has nothing to say about helper/."""

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import tools


def problems(root: Path, build: Path) -> list[str]:
    program = tools.find("clang-tidy-14", "clang-tidy", version="version 14.")
    commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    sources = sorted({entry["file"] for entry in commands
                      if Path(entry["file"]).is_relative_to(root / "helper")},
                     key=lambda name: -Path(name).stat().st_size)
    if not sources:
        return [f"{build}/compile_commands.json names no source of helper/"]

    def tidy(source: str) -> str:
        # The build's own compiler may be gcc, whose warnings clang does not all know.
        checked = subprocess.run(
            [program, "--quiet", "-p", str(build), "--extra-arg=-Wno-unknown-warning-option",
             source], cwd=root, capture_output=True, text=True, check=False)
        if checked.returncode == 0:
            return ""
        return (checked.stdout.strip() or checked.stderr.strip()).replace(f"{root}/", "")

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return [told for told in pool.map(tidy, sources) if told]
