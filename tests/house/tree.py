"""The files of the repository, for the other checks."""

import os
import subprocess
from pathlib import Path


def files(root: Path) -> list[Path]:
    """Every file that git knows or would add, relative to `root`; without git, every file on disk
    outside the build folders."""
    command = ["git", "-c", "safe.directory=*", "-C", str(root), "ls-files", "-z", "--cached",
               "--others", "--exclude-standard", "--deduplicate"]
    if (root / ".git").exists():
        listed = subprocess.run(command, capture_output=True, check=False)
        if listed.returncode == 0:
            names = listed.stdout.decode().split("\0")
            return sorted(Path(name) for name in names if name and (root / name).is_file())
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders
                      if not name.startswith("build") and name not in (".git", "__pycache__")]
        found += [(Path(folder) / name).relative_to(root) for name in names]
    return sorted(found)


def text(path: Path) -> str | None:
    """The file's text; None for one that is not text."""
    try:
        content = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in content else content
