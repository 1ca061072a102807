"""The table of the matrix, and the page of docs/ around it."""

import datetime
import os
import platform
import sys
from pathlib import Path

import cells

sys.path.append(str(Path(__file__).resolve().parents[1] / "lib"))
from tried import commit  # noqa: E402  pylint: disable=wrong-import-position

HEADS = {
    "ctrl_c": "Ctrl-C", "sigint": "SIGINT", "sigterm": "SIGTERM", "sigkill": "SIGKILL",
    "shell": "shell killed", "stop_on_failure": "`--stop-on-failure`",
    "stop_time": "`--stop-time`", "test_timeout": "test's TIMEOUT",
    "setup_timeout": "setup's TIMEOUT", "kill_start": "`start` killed",
    "kill_run": "`run` killed", "kill_stop": "`stop` killed",
    "kill_supervisor": "supervisor killed", "kill_both": "and its successor",
}


def reasons():
    """A number for each reason why there is no cell."""
    found = []
    for end in cells.ENDS:
        for moment in cells.MOMENTS:
            why = cells.why_not(end, moment)
            if why and why not in found:
                found.append(why)
    return {why: number for number, why in enumerate(found, 1)}


def table(results):
    known = reasons()
    lines = ["| behaviour | moment | " + " | ".join(HEADS[end] for end in cells.ENDS) + " |",
             "|---|---|" + ":-:|" * len(cells.ENDS)]
    for behaviour in cells.BEHAVIOURS:
        if not any(cell.behaviour == behaviour for cell in results):
            continue
        for moment in cells.MOMENTS:
            marks = []
            for end in cells.ENDS:
                result = results.get(cells.Cell(end, moment, behaviour))
                why = cells.why_not(end, moment)
                if why:
                    marks.append(f"—{known[why]}")
                elif result is None:
                    marks.append(" ")
                else:
                    marks.append("✓" if result["passed"] else "✗")
            lines.append(f"| {behaviour} | {moment} | " + " | ".join(marks) + " |")
    legend = [f"- —{number}: {why}" for why, number in known.items()]
    return "\n".join([*lines, "", *legend]) + "\n"


def summary(results, seconds, jobs):
    failed = sum(not result["passed"] for result in results.values())
    # Of those that a stop plan does not hold up.
    longest = max((result["seconds"] for cell, result in results.items()
                   if cell.behaviour == "well_behaved"), default=0)
    text = (f"{len(results)} cells, {failed or 'none'} failed, in {seconds:.0f} s, {jobs} at a "
            f"time on {os.cpu_count()} cores.")
    if longest:
        text += f" Of a well behaved service nothing was left after {longest:.1f} s at most."
    return text


HEAD = """# The matrix of kill points

CTest runs no cleanup when it is interrupted, killed or told to stop on failure. So each way in
which a test run can end was tried at each moment of a service's life, with services of every kind.
The test brings a real ctest, with a project of its own, to the moment and ends it there. A cell is
good (✓) if

- no process, no listening port, no port lock and no control socket is left, at most 2 s after the
  time of the service's stop plan. That time counts from the end, or, where ctest goes on, from the
  moment when the stop begins;
- the service got the plan's first signal first, its main process if there was one. Anybody got the
  second signal only when the first one's time was over;
- where ctest goes on, it tells what happened: `api.stop` fails if SIGKILL was needed, if the
  service had ended by itself, or if its supervisor was killed;
- the next run of ctest in the same build folder does what it does with such a service on a good
  day, and leaves nothing.

One command makes the table, and ends with an error if a cell is bad (✗); it takes some minutes,
and up to 2 GB in TMPDIR. The services are in `tests/matrix/programs`; the rule of what does not
apply (—, with the reason below the table) is in `tests/matrix/cells.py`.

    tests/matrix/run --table docs/kill-matrix.md        # all cells
    tests/matrix/run --only '^daemon.*supervisor'       # some of them
    tests/matrix/run --core                             # those that CI runs, as ctest -L matrix

"""


NOTE = """
If a service is stopped (SIGSTOP) when its supervisor and the successor are killed, the kernel sends
it a SIGHUP as well. It does so to any stopped process group that becomes an orphan.
"""


def whole(results, seconds, jobs):
    linux = ".".join(platform.release().split(".")[:2])
    parts = [HEAD, f"Commit {commit()}, {datetime.date.today():%Y-%m-%d}, Linux "
             f"{linux}.\n{summary(results, seconds, jobs)}\n\n",
             table(results), "\n## Behaviours\n\n"]
    for name, behaviour in cells.BEHAVIOURS.items():
        plan = " ".join(f"{number.name} {wait:g}" for number, wait in behaviour.plan)
        parts.append(f"- `{name}`: {behaviour.what}. STOP {plan}\n")
    parts.append("\n## Moments\n\n")
    parts += [f"- `{name}`: {what}\n" for name, what in cells.MOMENTS.items()]
    parts.append("\n## Ends\n\n")
    parts += [f"- {HEADS[name]}: {what}\n" for name, what in cells.ENDS.items()]
    parts.append(NOTE)
    failed = [(cell, result) for cell, result in results.items() if not result["passed"]]
    if failed:
        parts.append("\n## What failed\n\n")
        parts += [f"- `{cell.name}`: {result['cause'].splitlines()[0]}\n" for cell, result in
                  sorted(failed, key=lambda item: item[0].name)]
    return "".join(parts)
