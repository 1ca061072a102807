"""The links in the Markdown files: a file that is there, a heading that is there."""

import re
from pathlib import Path

import tree

LINK = re.compile(r"(?<!\\)\[(?:[^\]\\]|\\.)*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
DEFINITION = re.compile(r"^ {0,3}\[[^\]]+\]:\s+<?(\S+?)>?(?:\s+\"[^\"]*\")?\s*$", re.MULTILINE)
HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
FENCE = re.compile(r"^ {0,3}(```+|~~~+).*?^ {0,3}\1[ \t]*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)


def problems(root: Path) -> list[str]:
    found = []
    for path in tree.files(root):
        if path.suffix == ".md":
            found += _problems_of(root, path)
    return found


def _problems_of(root: Path, path: Path) -> list[str]:
    prose = FENCE.sub("", (root / path).read_text(encoding="utf-8"))
    found = []
    for link in LINK.findall(CODE.sub("", prose)) + DEFINITION.findall(prose):
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            if not link.startswith(("https://", "mailto:")):
                found.append(f"{path}: link to {link}, which is not https")
            continue
        name, _, anchor = link.partition("#")
        target = (root / path.parent / name).resolve() if name else (root / path).resolve()
        if name.startswith("/") or not target.is_relative_to(root.resolve()):
            found.append(f"{path}: link to {link}, which leaves the repository")
        elif not target.exists():
            found.append(f"{path}: link to {link}, but there is no such file")
        elif anchor and anchor not in _anchors(target):
            found.append(f"{path}: link to {link}, but there is no such heading")
    return found


def _anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as the code hosting sites make them."""
    anchors: set[str] = set()
    if path.suffix != ".md":
        return anchors
    counts: dict[str, int] = {}
    for heading in HEADING.findall(FENCE.sub("", path.read_text(encoding="utf-8"))):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        number = counts.get(slug, 0)
        counts[slug] = number + 1
        anchors.add(f"{slug}-{number}" if number else slug)
    return anchors
