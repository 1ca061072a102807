"""clang-tidy, in the version that .clang-tidy is made for, has nothing to say about helper/."""

import json
import os
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import tools

# Three seconds of four go to the standard headers if each file is looked at alone.
FILES_AT_ONCE = 8
INCLUDE = re.compile(r"^#include .*$", re.MULTILINE)
# Names that a file may have for itself, and that no file beside it may have as well.
OWN_NAME = re.compile(r"^(?:(?!namespace|using|return)[A-Za-z][^;=({]*?\b)([A-Za-z_]\w*)(?:\[\])? *[;=({]", re.MULTILINE)
OWN_CONSTANT = re.compile(r"\b(k[A-Z]\w*) *(?:\[\])? *(?:[={]|,$)", re.MULTILINE)


def groups(files: dict[str, str]) -> list[list[str]]:
    """Of files that are compiled alike and can be one file; `files`: names, and the command without its file."""
    texts = {name: Path(name).read_text(encoding="utf-8") for name in files}
    found = []
    for kind in sorted(set(files.values())):
        names = sorted((name for name in files if files[name] == kind), key=lambda name: (-len(texts[name]), name))
        bins = [([], set(), []) for _ in range(-(-len(names) // FILES_AT_ONCE))]
        for name in names:
            own = set(OWN_NAME.findall(texts[name]) + OWN_CONSTANT.findall(texts[name]))
            free = [each for each in bins if not own & each[1]]
            if not free:
                free = [([], set(), [])]
                bins += free
            group, taken, sizes = min(free, key=lambda each: sum(each[2]))
            group.append(name)
            taken |= own
            sizes.append(len(texts[name]))
        found += [group for group, _, _ in bins]
    return sorted(found, key=lambda names: -sum(len(texts[name]) for name in names))


def joined(names: list[str]) -> str:
    """One file of them all: what clang-tidy says of main files only, it says of this one. A header that an earlier file
    has included is left out, which is no second `#include` of one file."""
    parts, included = [], set()
    for name in names:
        text = Path(name).read_text(encoding="utf-8")
        parts.append(INCLUDE.sub(lambda line: "" if line[0] in included else line[0], text))
        included |= set(INCLUDE.findall(text))
    return "\n".join(parts)


def problems(root: Path, build: Path) -> list[str]:
    program = tools.find("clang-tidy-14", "clang-tidy", version="version 14.")
    commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    sources = {entry["file"]: entry for entry in commands if Path(entry["file"]).is_relative_to(root / "helper")}
    if not sources:
        return [f"{build}/compile_commands.json names no source of helper/"]

    def tidy(source: str, database: Path, *more: str) -> str:
        # The build's own compiler may be gcc, whose warnings clang does not all know.
        checked = subprocess.run(
            [program, "--quiet", "-p", str(database), f"--config-file={root}/.clang-tidy",
             "--extra-arg=-Wno-unknown-warning-option", *more, source],
            cwd=root, capture_output=True, text=True, check=False)
        if checked.returncode == 0:
            return ""
        return (checked.stdout.strip() or checked.stderr.strip()).replace(f"{root}/", "")

    def alone(names: list[str]) -> list[str]:
        return [told for told in (tidy(name, build) for name in names) if told]

    def together(number: int, names: list[str]) -> list[str]:
        """Many say nothing when they are one file. Of those that do, or that cannot be one file, each is asked by itself."""
        if len(names) == 1:
            return alone(names)
        folder = Path(work) / str(number)
        folder.mkdir()
        whole = folder / "joined.cc"
        whole.write_text(joined(names), encoding="utf-8")
        entry = sources[names[0]]
        command = entry["command"].replace(f" -c {names[0]}", f" -c {whole}")
        (folder / "compile_commands.json").write_text(
            json.dumps([{**entry, "file": str(whole), "command": command}]), encoding="utf-8")
        # One file shadows names of another; within a file, gcc's -Wshadow has seen more.
        return alone(names) if tidy(str(whole), folder, "--extra-arg=-Wno-shadow") else []

    kinds = {name: re.sub(r" -o \S+ -c \S+$", "", entry["command"]) for name, entry in sources.items()}
    with tempfile.TemporaryDirectory() as work, ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return [told for found in pool.map(together, *zip(*enumerate(groups(kinds)))) for told in found]
