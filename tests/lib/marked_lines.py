"""Which lines of a source a comment says are executed, and which a report says are."""

import json
import re


def _is_by(end, marker, groups):
    words = marker.split()
    chosen = [end_ for word in words if not word.startswith("-") for end_ in groups.get(word, [word])]
    return end in chosen and f"-{end}" not in words


def marked(path, end, groups, comment):
    """Of each line with a marker, such as `#: this that` for the comment #, whether this end executes it. A word is an end,
    or one of `groups`; -word is left out."""
    groups = {"": [], **groups}
    lines = path.read_text(encoding="utf-8").splitlines()
    found = (re.search(rf"^(?:(?!{comment}).)+{comment}: (.*)$", line) for line in lines)
    return {number: _is_by(end, marker.group(1), groups) for number, marker in enumerate(found, 1) if marker}


def _counted_lines(report):
    for file in json.loads(report.read_text(encoding="utf-8"))["files"]:
        yield file["file"], [line for line in file["lines"] if not line.get("gcovr/excluded") and not line.get("gcovr/noncode")]


def executed(report):
    """By file: whether each line that counts is executed."""
    return {file: {line["line_number"]: line["count"] > 0 for line in lines} for file, lines in _counted_lines(report)}


def taken(report):
    """By file, and by line that has branches: how often each way on from them was taken."""
    return {file: {line["line_number"]: [branch["count"] for branch in line["branches"]] for line in lines if line["branches"]}
            for file, lines in _counted_lines(report)}
