"""`ctest -T MemCheck` looks at the program of a test, and neither at gentle nor at the services."""

import re
import shutil
import sys

from small_project import HERE, SKIPPED, Project, equal


def defects(result):
    return dict(re.findall(r"MemCheck: #\d+: (\S+) \.+ +Defects: (\d+)", result.text))


def check(tools):
    if not shutil.which("valgrind"):
        print("skipped: there is no valgrind; on Debian: apt-get install valgrind")
        sys.exit(SKIPPED)
    project = Project(tools, HERE / "memcheck" / "project", tools.work / "build")
    project.configured_and_built("-DCMAKE_BUILD_TYPE=Debug")
    result = project.ctest("-T", "MemCheck").passed()
    equal("defects", defects(result), {"with_service": "1", "attached": "1", "plain": "1"})
    logs = [path.read_text(encoding="utf-8", errors="replace")
            for path in sorted(project.build_dir.glob("Testing/Temporary/MemoryChecker.*.log"))]
    equal("logs with the lost bytes", sum("10 bytes in 1 blocks are definitely lost" in log for log in logs), 3)
    equal("logs of start and stop", sum(log == "" for log in logs), 2)
