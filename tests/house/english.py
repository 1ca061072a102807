"""No sentence of a page has more than 30 words. Code, tables and headings are not prose.

A piece of code in a sentence is one word, and a link is its text.
"""

import re
from pathlib import Path

import tree

MOST_WORDS = 30
# The gap before a sentence. "e.g. GCC" has none.
NEXT = re.compile(r"(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bvs\.)(?<!\bcf\.)(?<=[.!?])[)\"'*_]*\s+"
                  r"(?=[\"'*_(\[]*[A-Z0-9@-])")
FENCE = re.compile(r"^[ \t>]*(```+|~~~+).*?^[ \t>]*\1[ \t]*$", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
ITEM = re.compile(r"(?:[-*+]|\d+[.)])\s+")
CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
LINK = re.compile(r"!?\[((?:[^\]\\]|\\.)*)\]\([^)]*\)")
TAG = re.compile(r"</?[a-zA-Z][^>]*>")


def problems(root: Path) -> list[str]:
    found = []
    for path in tree.files(root):
        if path.suffix == ".md":
            for line, sentence in sentences((root / path).read_text(encoding="utf-8")):
                if (words := count(sentence)) > MOST_WORDS:
                    found.append(f"{path}:{line}: a sentence of {words} words, more than {MOST_WORDS}: "
                                 f"'{sentence[:60].rstrip()}...'")
    return found


def count(sentence: str) -> int:
    """The words; a dash is none."""
    return sum(any(letter.isalnum() for letter in word) for word in shortened(sentence).split())


def sentences(page: str):
    """Each sentence of the page as it is written, and the line where it begins."""
    for number, paragraph in paragraphs(page):
        begin = 0
        # Code and links hold dots and capitals of their own, so they are covered while sentences are searched for.
        for match in [*NEXT.finditer(covered(paragraph)), None]:
            end = match.end() if match else len(paragraph)
            yield number + paragraph.count("\n", 0, begin), " ".join(paragraph[begin:end].split())
            begin = end


def paragraphs(page: str):
    """Those of prose: (number of the first line, text). An item of a list is one, too.

    Lines indented by four after an empty line are code, except in a list.
    """
    page = COMMENT.sub(_blank, FENCE.sub(_blank, page))
    text, first, in_list = "", 0, False
    for number, line in enumerate([*page.splitlines(), ""], start=1):
        bare = line.strip().lstrip(">").strip()
        item = ITEM.match(bare)
        code = line.startswith("    ") and not text and not in_list
        if text and (not bare or item or bare.startswith(("|", "#"))):
            yield first, text
            text = ""
        if not bare or code or bare.startswith(("|", "#")):
            continue
        in_list = bool(item) or (in_list and (line.startswith(" ") or bool(text)))
        first = first if text else number
        text += (bare[item.end():] if item else bare) + "\n"


def covered(text: str) -> str:
    """Of the same length: code and addresses become one word."""
    text = CODE.sub(lambda code: "C" * len(code.group()), text)
    return LINK.sub(lambda link: link.group(1).ljust(len(link.group()), "_")
                    if not link.group().startswith("!") else "_" * len(link.group()), text)


def shortened(sentence: str) -> str:
    return TAG.sub("", LINK.sub(r"\1", CODE.sub("C", sentence)))


def _blank(match: re.Match) -> str:
    """As many lines, and nothing in them."""
    return "\n" * match.group().count("\n")
