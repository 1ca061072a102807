"""docs/languages.md says which ends were tried in which language: those that the tests of the languages try, and no other.

A cell is what a test of tests/projects says in its ENDS, and in LOST if it has one; those of C++ are of docs/ends-matrix.md. An
end that a test tries and no row has is a problem. To write the page anew:

    python3 tests/house/languages.py <root>

or build the target `reference`.
"""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import tools  # noqa: F401  pylint: disable=unused-import  # finds tests/lib

PAGE = "docs/languages.md"
MATRIX = "docs/ends-matrix.md"
KEPT, LOST, UNTRIED = "✓", "—", ""

# By column: the test in tests/projects, or the compiler in the matrix. Another language is a line here, one of the table in HEAD, and
# its words below.
COLUMNS = {
    "C++, GCC": "g++-12",
    "C++, Clang": "clang++-19",
    "Rust": "coverage_rust",
    "Go": "coverage_go",
    "Python": "coverage_python",
    "Node": "coverage_node",
    "Java": "coverage_java",
}
CXX = ("C++, GCC", "C++, Clang")

# By end: what each test calls it.
ROWS: dict[str, dict[str, str]] = {
    "`main` returns": {"C++": "return", "Rust": "returns", "Go": "returns", "Python": "clean", "Node": "clean", "Java": "clean"},
    "`exit`": {"C++": "exit", "Rust": "exit", "Go": "exit", "Python": "sys_exit", "Node": "exit", "Java": "exit"},
    "a signal with a handler, and `exit`": {"C++": "handled", "Rust": "handled", "Go": "exit", "Python": "handled",
                                            "Node": "exit module_exit", "Java": "exit"},
    "SIGINT without a handler": {"C++": "sigint", "Rust": "sigint", "Go": "sigint", "Python": "sigint", "Node": "sigint",
                                "Java": "sigint"},
    "SIGTERM without a handler": {"C++": "sigterm", "Rust": "sigterm", "Go": "sigterm", "Python": "sigterm", "Node": "sigterm",
                                "Java": "sigterm"},
    "SIGHUP without a handler": {"C++": "sighup", "Rust": "sighup", "Go": "sighup", "Python": "sighup", "Node": "sighup",
                                "Java": "sighup"},
    "SIGKILL": {"C++": "killed killed_by_stranger", "Rust": "sigkill", "Go": "sigkill", "Python": "sigkill",
                "Node": "sigkill module_sigkill", "Java": "sigkill"},
    "SIGSEGV": {"C++": "sigsegv", "Rust": "segv", "Go": "segv", "Python": "segv", "Node": "segv",
                "Java": "segv"},
    "`abort`": {"C++": "abort", "Rust": "abort", "Go": "abort", "Python": "abort", "Node": "abort", "Java": "abort"},
    "an exception or a panic that nobody catches": {"C++": "throw", "Rust": "panic", "Go": "panic", "Python": "uncaught",
                                                    "Node": "uncaught", "Java": "uncaught"},
    "`_exit`": {"C++": "_exit", "Rust": "leaves", "Go": "leaves", "Python": "os_exit", "Node": "really_exit",
               "Java": "halt"},
    "`exec`": {"C++": "exec", "Rust": "exec", "Go": "exec execfirst", "Python": "exec", "Node": "exec"},
    "forked workers that end": {"C++": "workers fork_exit", "Python": "workers"},
    "workers or children that are killed": {"C++": "workers fork_killed", "Rust": "worker", "Go": "worker",
                                            "Python": "workers_killed", "Node": "cluster fork", "Java": "child"},
    "stopped by SIGSTOP, and then ended": {"C++": "stopped", "Rust": "stopped", "Go": "stopped", "Python": "stopped", "Node": "stopped",
                                          "Java": "stopped"},
    "a child that is killed while it starts": {"Python": "starting"},
    "`multiprocessing`, `worker_threads`, threads": {"Python": "process pool_spawn pool_forkserver", "Node": "threads thread_alone",
                                                     "Java": "threads"},
    "all descriptors are closed and used again": {"Python": "closes_all"},
}

HEAD = """<!-- Made by tests/house/languages.py; change that, then build the target reference. -->

# Languages

`gentle` keeps the coverage of a service's processes however they end, in these languages, and makes one report of all.

| language | what you write | what is kept, and how | page |
|---|---|---|---|
| C and C++ | `add_fixture_coverage(INSTRUMENT <target>)` | counters, read from the memory of the process | [coverage](coverage.md) |
| Rust | nothing: `rustc -C instrument-coverage` | counters, read from the memory of the process | [coverage](coverage.md#clang) |
| Go | nothing: `go build -cover` | counters, read from the memory of the process | [Go](how-to/go.md) |
| Python | `COVERAGE python` | each line, and each branch if coverage.py is asked for them, at its first execution | [Python](how-to/python.md) |
| Node | `COVERAGE node` | each line and branch, at its first execution | [Node](how-to/node.md) |
| Java | `COVERAGE java` | each line and branch, at its first execution | [Java](how-to/java.md) |

[examples/languages](../examples/languages/CMakeLists.txt) has a server in each of them. Its tests kill all processes of each
server by SIGKILL, and the one report has their lines: `./examples/languages/run`. The test `projects.all_languages` compares
each line with the mark that the source has for it.

## Which ends were tried

A test ends a server in each of these ways, and compares each of its lines with what that end executes.

- ✓: All lines are there, and no other.
- —: They are lost, and the stop of the service fails and says so.
- An empty cell: No test has tried it.

"""

TAIL = """
The columns of C++ are two of [the ends matrix](ends-matrix.md), which has more compilers, ends and images, and says why `exec`
loses counts. The other columns are what CI runs, as `ctest -R projects.coverage`, where the language is installed.
`exec` of Node is `process.execve` of Node 22.15 and newer; Java has none. The tests of the recorders of Python, Node and Java
(`ctest -R recorders`) also kill programs while they write what they execute. Each line is there that was executed. Clang and rustc have
[an exception](coverage.md#what-it-cannot-do-today) for the code behind a loop, in whose condition a process is killed.
"""


def tried_by(root: Path, topic: str) -> ModuleType:
    path = root / "tests/projects" / topic / "check.py"
    spec = importlib.util.spec_from_file_location(f"{topic}_check", path)
    if not spec or not spec.loader:
        raise ImportError(f"{path} is no module")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ends_of_test(root: Path, topic: str) -> dict[str, str]:
    module = tried_by(root, topic)
    return {end: LOST if end in getattr(module, "LOST", ()) else KEPT for end in module.ENDS}


def ends_of_matrix(root: Path, compiler: str) -> dict[str, str]:
    """Of its first table."""
    lines = (root / MATRIX).read_text(encoding="utf-8").splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith("| end |"))
    column = [word.strip() for word in lines[begin].split("|")].index(compiler)
    found = {}
    for line in lines[begin + 2:]:
        cells = [word.strip() for word in line.split("|")]
        if len(cells) <= column:
            break
        found[cells[1].strip("`")] = re.sub(r"\d+$", "", cells[column])
    return found


def tried(root: Path) -> dict[str, dict[str, str]]:
    return {column: (ends_of_matrix if column in CXX else ends_of_test)(root, where) for column, where in COLUMNS.items()}


def words(row: dict[str, str], column: str) -> list[str]:
    return row.get("C++" if column in CXX else column, "").split()


def cell(ends: dict[str, str], names: list[str]) -> str:
    marks = {ends[name] for name in names}
    return UNTRIED if not names else KEPT if marks == {KEPT} else LOST


def page(ends: dict[str, dict[str, str]]) -> str:
    lines = ["| end | " + " | ".join(COLUMNS) + " |", "|---|" + ":-:|" * len(COLUMNS)]
    for end, row in ROWS.items():
        cells = (cell(ends[column], words(row, column)) for column in COLUMNS)
        lines.append(f"| {end} | " + " | ".join(cells) + " |")
    return HEAD + "\n".join(lines) + "\n" + TAIL


def differences(ends: dict[str, dict[str, str]]) -> list[str]:
    """Between the rows and what is tried."""
    found = []
    for column in COLUMNS:
        named = {word for row in ROWS.values() for word in words(row, column)}
        found += [f"{PAGE}: {column} names the end '{end}', which {COLUMNS[column]} does not try" for end in
                  sorted(named - set(ends[column]))]
        if column not in CXX:  # the matrix has more
            found += [f"{PAGE}: {column} has no row for the end '{end}', which {COLUMNS[column]} tries" for end in
                      sorted(set(ends[column]) - named)]
    return found


def problems(root: Path) -> list[str]:
    ends = tried(root)
    if found := differences(ends):
        return found
    path = root / PAGE
    if not path.is_file() or path.read_text(encoding="utf-8") != page(ends):
        return [f"{PAGE}: is not what the tests try; build the target reference"]
    return []


def main() -> int:
    root = Path(sys.argv[1])
    ends = tried(root)
    if found := differences(ends):
        print(*found, sep="\n", file=sys.stderr)
        return 1
    (root / PAGE).write_text(page(ends), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
