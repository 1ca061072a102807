"""The clock on the wall may be set while a service runs: what waits, waits by the steady clock."""

import re
from pathlib import Path

# What tells the time of day, and the waits that end by it.
WALL_CLOCK = re.compile(
    r"\b(system_clock|utc_clock|file_clock|gettimeofday|CLOCK_REALTIME\w*|pthread_cond_timedwait"
    r"|sem_timedwait|mq_timed\w+|(?:std)?::time)\b(?!_t)")
# For people to read only: when a line was written, since when a service runs, of when a report is.
FOR_PEOPLE = {"helper/supervise/journal.cc", "helper/supervise/supervisor.cc",
              "helper/cli/status.cc", "helper/coverage/report/native_reports.cc"}
# Go's runtime puts the time of day into the names of its files; nothing waits by it.
IN_NAMES = {"helper/coverage/languages/go_files.cc"}


def problems(root: Path) -> list[str]:
    found = []
    for path in sorted(root.glob("helper/**/*.*")):
        name = path.relative_to(root).as_posix()
        if path.suffix not in (".cc", ".h"):
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        uses = [(number, match.group()) for number, line in enumerate(lines, 1)
                for match in WALL_CLOCK.finditer(line.partition("//")[0])]
        for number, word in uses[1 if name in FOR_PEOPLE | IN_NAMES else 0:]:
            found.append(f"{name}:{number}: {word} tells the time of day, which may be set; "
                         "use Clock of base/deadline.h")
    return found
