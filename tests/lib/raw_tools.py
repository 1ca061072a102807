"""What other tools count from the .gcno and .gcda files that a report leaves, line by line, beside what the report counts."""

import json
import shutil
from collections import defaultdict
from pathlib import Path

from format_totals import not_tried
from small_project import equal


def counted_by_report(tracefile):
    """Of each file, the lines that count and whether each was executed; and those that a marker excludes."""
    counted, excluded = defaultdict(dict), defaultdict(set)
    for file in json.loads(tracefile.read_text(encoding="utf-8"))["files"]:
        for line in file["lines"]:
            if line.get("gcovr/excluded"):
                excluded[file["file"]].add(line["line_number"])
            elif not line.get("gcovr/noncode"):
                counted[file["file"]][line["line_number"]] = line["count"] > 0
    return counted, excluded


class RawTools:
    def __init__(self, project, gcov="gcov"):
        self.project = project
        self.gcov = gcov
        self.source = project.source.resolve()

    def below_source(self, path):
        path = Path(path).resolve()
        return str(path.relative_to(self.source)) if path.is_relative_to(self.source) else None

    def by_gcov(self):
        counted = defaultdict(lambda: defaultdict(bool))
        for notes in sorted(self.project.build_dir.rglob("*.gcno")):
            result = self.project.run(self.gcov, "--json-format", "--stdout", notes).passed()
            for unit in map(json.loads, filter(None, result.stdout.splitlines())):
                for file in unit["files"]:
                    name = self.below_source(Path(unit["current_working_directory"], file["file"]))
                    for line in file["lines"] if name else ():
                        counted[name][line["line_number"]] |= line["count"] > 0
        return counted

    def by_lcov(self, lcov="lcov"):
        """Objects that never ran need a capture of their own: lcov's --initial."""
        parts = []
        for name, more in ("never_run", ["--initial"]), ("run", []):
            parts += ["-a", self.project.build_dir / f"{name}.info"]
            self.project.run(lcov, "--capture", *more, "--directory", self.project.build_dir, "--gcov-tool", shutil.which(self.gcov),
                             "--output-file", parts[-1]).passed()
        together = self.project.build_dir / "raw.info"
        self.project.run(lcov, *parts, "--output-file", together).passed()
        counted, name = defaultdict(dict), None
        for line in together.read_text(encoding="utf-8").splitlines():
            kind, _, rest = line.partition(":")
            if kind == "SF":
                name = self.below_source(rest)
            elif kind == "DA" and name:
                number, count = map(int, rest.split(",")[:2])
                counted[name][number] = count > 0
        return counted

    def by_gcovr(self):
        written = self.project.build_dir / "raw.json"
        self.project.run("gcovr", "--gcov-executable", self.gcov, "--root", self.source, "--json", written, self.project.build_dir).passed()
        return counted_by_report(written)[0]


def check_raw_tools(project):
    """Each tool has the same lines, and the same of them executed, but that it does not know each of our markers."""
    expected, excluded = counted_by_report(project.build_dir / "coverage" / "coverage.json")
    tools = RawTools(project)
    for name, count in ("gcov", tools.by_gcov), ("lcov", tools.by_lcov), ("gcovr", tools.by_gcovr):
        if not shutil.which(name):
            not_tried(f"{name} on the raw files", name)
            continue
        found = count()
        equal(f"files by {name}", sorted(found), sorted(expected))
        for file, lines in expected.items():
            known = {line: was for line, was in sorted(found[file].items()) if line not in excluded[file]}
            equal(f"lines of {file} by {name}", known, dict(sorted(lines.items())))
