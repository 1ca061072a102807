"""What the tests of the examples look for: is anything left of a run?"""

import os
import socket
from pathlib import Path


def build_folders(folder: str, names: list[str]) -> list[str]:
    """What a copy of the repository leaves out."""
    return [name for name in names if name.startswith("build") and Path(folder, name).is_dir()]


def links_of(process: Path) -> list[str]:
    """A process' command, and where its program, folder and open files are, as far as that can be seen."""
    found = []
    try:
        found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        links = [process / "exe", process / "cwd", *(process / "fd").iterdir()]
    except OSError:
        return found
    for link in links:
        try:
            found.append(os.readlink(link))
        except OSError:
            pass
    return found


def processes_in(folder: Path) -> list[str]:
    """The processes, other than this one, that have anything to do with `folder`."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) not in (os.getpid(), os.getppid()):
            links = links_of(process)
            if any(str(folder) in link for link in links):
                found.append(f"{process.name}: {links[0]}")
    return found


def is_listening(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
