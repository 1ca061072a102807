"""What is true of each language whose processes record their own lines: how a service answers, what its ledger and CTest count,
and that damaged hits spoil nothing else."""

import json
import os
import re
import socket
import time
import urllib.request

from coverage_counts import counted_by_ctest
from small_project import Failed, equal, literally

SPEC = "CMakeFiles/GentleFixtures/coverage.spec"


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def ask_until_it_answers(port, server):
    deadline = time.monotonic() + 60
    while True:
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30).read()
        except OSError:
            if time.monotonic() > deadline or server.poll() is not None:
                raise


def check_ledgers(project, processes, uncertain=()):
    """`processes`: how many each end has, if not one; of those that begin with a word of `uncertain`, nobody knows."""
    told = json.loads(project.run(project.tools.gentle, "status", "--json").passed().stdout)
    for service in told:
        end = service["service"].replace("-", "_")
        equal(f"lost of {end}", service["coverage"]["lost"], {})
        if not end.startswith(tuple(uncertain)):
            equal(f"processes of {end}", service["coverage"]["written"], processes.get(end, 1))


def check_ctest(project, files):
    counts = [hit for lines in files.values() for hit in lines.values()]
    equal("lines of ctest", counted_by_ctest(project), (sum(counts), len(counts)))


def _hits_of(project, end):
    for names in (project.build_dir / "Testing/Fixtures/coverage").rglob("*.names"):
        if f"/{end}/".encode() in names.read_bytes():
            return names.with_suffix(".hits")
    raise Failed(f"there are no hits of {end}")


def check_damaged(project, source, ends, comment):
    """Four ends whose hits are damaged, a source that has changed and one that is gone: each is one line of the report."""
    garbage, nameless, large, fifo = (_hits_of(project, end) for end in ends)
    garbage.write_bytes(b"garbage")
    nameless.with_suffix(".names").unlink()
    os.truncate(large, 300 << 20)
    fifo.unlink()
    os.mkfifo(fifo)
    with open(project.source / "clean" / source, "a", encoding="utf-8") as changed:
        changed.write(f"{comment} changed\n")
    (project.source / "uncaught" / source).unlink()
    result = project.run(project.tools.gentle, "coverage", "report", project.build_dir / SPEC).passed()
    lines = [line for line in result.stderr.splitlines() if line.startswith("gentle: warning")]
    for path, cause in ((garbage, "it is corrupt: it is too short"),
                        (nameless, "it is corrupt: it names a source 1 of none"),
                        (large, r"it has \d+ bytes, more than \d+"),
                        (fifo, "it is no regular file"),
                        (project.source / "clean" / source, "it has changed since some process ran it"),
                        (project.source / "uncaught" / source, "it is gone")):
        found = [line for line in lines if re.search(f"'{literally(path)}': {cause}", line)]
        equal(f"lines about {path}", (len(found), lines if len(found) != 1 else None), (1, None))
    equal("all warnings", len(lines), 6)
