"""However servers in Rust end, each line that they have executed is in the report, and no other."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from format_totals import not_tried
from marked_lines import executed, marked
from recorder_checks import ask_until_it_answers, check_ctest, free_port
from small_project import HERE, Project, equal

SOURCE = HERE / "coverage_rust"
CLIENT = HERE / "coverage_python/client.py"
SIGNALS = ["sigint", "sigterm", "sighup", "sigkill"]
WRITES = ["returns", "exit", "panic"]
PARENTS = ["segv", "worker", "stopped"]  # whose children die
LEAVES = ["leaves", "abort", *PARENTS]
KEPT = [*SIGNALS, *WRITES, *LEAVES, "handled"]
LOST = ["exec"]  # which replaces the memory before anybody can look: docs/ends-matrix.md
ENDS = [*KEPT, *LOST]
BLOCK = re.compile(r"^\s*}$|=> {$")
GROUPS = {"signals": SIGNALS, "told": [*WRITES, *LEAVES], "parents": PARENTS}
RESCUED = {"leaves": {"_exit": 1}, "abort": {"SIGABRT": 1}, "segv": {"SIGSEGV": 1}, "worker": {"SIGKILL": 1}, "stopped": {"SIGKILL": 1}}
WRITTEN = {end: 1 for end in [*WRITES, *PARENTS, "handled"]}


def rustc_that_counts():
    rustc = shutil.which("rustc")
    if not rustc:
        return None
    libraries = subprocess.run([rustc, "--print", "target-libdir"], capture_output=True, text=True, check=False).stdout.strip()
    return rustc if libraries and list(Path(libraries).glob("libprofiler_builtins-*")) else None


def newest_llvm():
    """Of those that read what rustc writes."""
    found = [number for number in range(19, 40) if shutil.which(f"llvm-cov-{number}") and shutil.which(f"llvm-profdata-{number}")]
    return found[-1] if found else None


def check_lines(project):
    files = executed(project.build_dir / "coverage/coverage.json")
    equal("files", sorted(files), sorted(f"{end}/server.rs" for end in KEPT))
    text = (SOURCE / "server.rs").read_text(encoding="utf-8").splitlines()
    for end in KEPT:
        lines = files[f"{end}/server.rs"]
        wanted = marked(project.source / end / "server.rs", end, GROUPS, "//")
        equal(f"marked lines of {end}", {number: lines.get(number) for number in wanted}, wanted)
        rest = {number: text[number - 1] for number, ran in lines.items() if not ran and number not in wanted}
        equal(f"other lines of {end} that did not run", {number: line for number, line in rest.items() if not BLOCK.search(line)}, {})


def check_ledgers(project):
    told = json.loads(project.run(project.tools.gentle, "status", "--json").passed().stdout)
    for service in told:
        end, ledger = service["service"].removeprefix("rs-"), service["coverage"]
        equal(f"rescued of {end}", ledger["rescued"], RESCUED.get(end, {end.upper(): 1} if end in SIGNALS else {}))
        equal(f"written of {end}", ledger["written"], WRITTEN.get(end, 0))
        equal(f"lost of {end}", sum(ledger["lost"].values()), 1 if end in LOST else 0)


def by_llvm(project, llvm):
    """What the compiler's own tools count at a clean end."""
    port = free_port()
    raw = project.build_dir / "own.profraw"
    program = project.build_dir / "server-returns"
    server = subprocess.Popen([program, str(port), "returns"], env={**os.environ, "LLVM_PROFILE_FILE": str(raw)})
    ask_until_it_answers(port, server)
    server.send_signal(signal.SIGTERM)
    equal("the end without gentle", server.wait(60), 0)
    data = project.build_dir / "own.profdata"
    subprocess.run([f"llvm-profdata-{llvm}", "merge", "-o", data, raw], check=True)
    told = subprocess.run([f"llvm-cov-{llvm}", "export", "-format=lcov", program, f"-instr-profile={data}"], capture_output=True,
                          text=True, check=True).stdout
    lines = re.search(r"SF:\S*returns/server\.rs\n(.*?)end_of_record", told, re.DOTALL).group(1)
    return {int(number): int(count) > 0 for number, count in re.findall(r"^DA:(\d+),(\d+)$", lines, re.MULTILINE)}


def copy_sources(folder):
    for end in ENDS:
        (folder / end).mkdir(parents=True, exist_ok=True)
        shutil.copy(SOURCE / "server.rs", folder / end)
    shutil.copy(SOURCE / "CMakeLists.txt", folder)
    return folder


def check(tools):
    rustc = rustc_that_counts()
    llvm = newest_llvm()
    if not rustc or not llvm:
        return not_tried("coverage of Rust", "a rustc with profiler_builtins, or LLVM 19 or newer,")
    project = Project(tools, copy_sources(tools.work / "source"), tools.work / "build")
    project.configured_and_built(f"-DRUSTC={rustc}", f"-DPYTHON={sys.executable}", f"-DCLIENT={CLIENT}", f"-DENDS={';'.join(ENDS)}")
    project.ctest("-j4", "-E", "exec").passed()
    check_lines(project)
    files = executed(project.build_dir / "coverage/coverage.json")
    equal("lines of llvm-cov", files["returns/server.rs"], by_llvm(project, llvm))
    check_ctest(project, files)
    project.ctest("-R", "exec", "-FC", "coverage").failed().says("coverage of 1 of its 1 process(es)? is lost")
    check_ledgers(project)
