"""The counts of lines that a report shows, and that `ctest -T Coverage` tells."""

import re

from small_project import Failed, equal


def counted(text, what):
    """(covered, total) as the summary has them in a row's column of lines."""
    row = re.search(rf"^{re.escape(what)} .*$", text, re.MULTILINE)
    if not row:
        raise Failed(f"no row '{what}' in\n{text}")
    shares = re.findall(r"\((\d+)/(\d+)\)", row.group(0))
    return tuple(int(number) for number in shares[0]) if shares else (0, 0)


def counted_by_ctest(project):
    result = project.ctest("-T", "Coverage").passed()
    result.does_not_say("Cannot find|Problem|returned|Looks like")
    found = re.search(r"Covered LOC: (\d+) Not covered LOC: (\d+) Total LOC: (\d+)", result.text)
    if not found:
        raise result.explain("expected the counts of ctest -T Coverage")
    return int(found.group(1)), int(found.group(3))


def check_agreement(project, of):
    """The summary's total, after making sure that ctest has the same one."""
    summary = (project.build_dir / "coverage" / "summary.txt").read_text(encoding="utf-8")
    total = counted(summary, f"Total of {of}")
    equal("covered and all lines of ctest -T Coverage", counted_by_ctest(project), total)
    return summary, total
