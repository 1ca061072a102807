"""The messages that docs/troubleshooting.md explains are messages of the sources."""

import re
from pathlib import Path

PAGE = "docs/troubleshooting.md"
HEADING = re.compile(r"^### (.*)$", re.MULTILINE)
# Adjacent string literals are one text, as `+` with a value between them is one message.
SEAM = re.compile(r'"\s*\n?\s*"')


def problems(root: Path) -> list[str]:
    page = root / PAGE
    if not page.is_file():
        return [f"{PAGE}: is missing"]
    sources = "\n".join(path.read_text(encoding="utf-8") for folder in ("helper", "cmake")
                        for path in sorted((root / folder).rglob("*")) if path.is_file())
    sources = SEAM.sub("", sources.replace('\\"', "\0")).replace("\0", '"')
    found = []
    for heading in HEADING.findall(page.read_text(encoding="utf-8")):
        if heading.startswith("CTest says"):
            continue
        for message in re.findall(r"`([^`]+)`", heading):
            for piece in re.split(r"<[^>]*>|'", message):
                piece = piece.strip(" :,.()@-")
                if len(piece) > 3 and piece not in sources and piece not in SYSTEM:
                    found.append(f"{PAGE}: '{message}': no source says '{piece}'")
    return found


# What errno says is not in our sources.
SYSTEM = ("No space left on device", "Read-only file system", "Permission denied",
          "Too many open files", "Resource temporarily unavailable", "File too large",
          "No such file or directory")
