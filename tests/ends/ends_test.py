"""That the matrix finds what is not as it must be."""

import copy
import os
import shutil
import signal
import sys
import tempfile
import unittest
from pathlib import Path

import build
import cell as cell_module
import cells
import counts
import page

GENTLE = os.environ["GENTLE"]


class Cells(unittest.TestCase):
    def test_the_core_has_every_end_and_image_of_each_compiler(self):
        core = cells.core()
        for compiler in cells.COMPILERS:
            of_it = [cell for cell in core if cell.compiler == compiler]
            self.assertEqual({cell.end for cell in of_it}, set(cells.ENDS))
            self.assertEqual({cell.image for cell in of_it}, set(cells.IMAGES))
        found = {(cell.end, cell.surroundings) for cell in core if cell.surroundings != "kept.own"}
        self.assertEqual(found, {(cell.end, cell.surroundings) for cell in cells.all_cells()
                                 if cell.surroundings != "kept.own"}, "by one compiler or another")
        self.assertLess(set(core), set(cells.all_cells()))

    def test_what_is_said_to_be_impossible_is_a_cell(self):
        for cannot in cells.CANNOT:
            self.assertTrue(any(cannot.covers(cell) for cell in cells.all_cells()), cannot)
        self.assertEqual(cells.Cell("g++-12", "static", "return").why_not(), "")
        self.assertEqual(cells.Cell("g++-12", "static", "exit", "cleared", "user").why_not(), "")
        self.assertIn("without symbols", cells.Cell("g++-12", "stripped", "exit", "cleared", "pid").why_not())
        self.assertIn("replaces the memory", cells.Cell("clang++-19", "lto", "exec").why_not())


def result_of(compiler, image, end, passed=True):
    return {"compiler": compiler, "image": image, "end": end, "passed": passed,
            "cause": "" if passed else "because\nof that", "version": "1.2.3"}


class Page(unittest.TestCase):
    def test_the_table_shows_what_holds_what_cannot_and_what_failed(self):
        results = [result_of(compiler, image, end, (image, end) != ("static", "abort"))
                   for compiler in ("clang++-19", "g++-9", "g++-12")
                   for image in ("executable", "static") for end in ("abort", "exec")]
        lines = page.table(results).splitlines()
        self.assertEqual(lines[0], "| end | g++-9 | g++-12 | clang++-19 |")
        self.assertIn("| `abort` | ✗ 1 of 2 | ✗ 1 of 2 | ✗ 1 of 2 |", lines)
        self.assertIn("| `exec` | ✓ | ✓ | —1 |", lines)
        self.assertIn("| `executable` | ✓ | ✓ | 1 of 2 —1 |", lines)
        self.assertTrue(lines[-1].startswith("—1: `exec` replaces the memory"))
        self.assertEqual(page.summary(results), "12 cells: 7 hold, 2 cannot, 3 failed.")
        whole = page.whole(results)
        self.assertIn("- `g++-9.static.abort`: because\n", whole)
        self.assertIn("g++-9: 1.2.3; g++-12: 1.2.3; clang++-19: 1.2.3\n", whole)


    def test_surroundings_have_tables_of_their_own(self):
        results = [result_of("g++-12", "executable", "exit"),
                   {**result_of("g++-12", "executable", "exit"), "environment": "cleared", "place": "pid"},
                   {**result_of("g++-12", "stripped", "exit"), "environment": "cleared", "place": "pid"}]
        table = page.table(results)
        self.assertIn("| end | g++-12 |\n|---|:-:|\n| `exit` | ✓ |\n\n", table)
        self.assertIn("| surroundings | g++-12 |\n|---|:-:|\n| `cleared.pid` | 1 of 2 —1 |\n\n", table)
        self.assertIn("| end, in all of them | g++-12 |\n|---|:-:|\n| `exit` | 1 of 2 —1 |\n", table)


class Differences(unittest.TestCase):
    known = {("a.gcno", "a.cc"): {
        "lines": {(1, "f", 0): {"count": 3, "branches": [{"count": 1}, {"count": 2}]}},
        "functions": {"f": {"execution_count": 3}}}}

    def test_none(self):
        self.assertEqual(counts.differences(self.known, copy.deepcopy(self.known)), [])

    def test_each_number_counts(self):
        for change in (lambda entry: entry["lines"][1, "f", 0].update(count=4),
                       lambda entry: entry["lines"][1, "f", 0]["branches"][1].update(count=1),
                       lambda entry: entry["lines"].clear(),
                       lambda entry: entry["functions"]["f"].update(execution_count=2)):
            other = copy.deepcopy(self.known)
            change(other["a.gcno", "a.cc"])
            self.assertEqual(len(counts.differences(self.known, other)), 1)

    def test_a_source_that_is_missing(self):
        self.assertEqual(counts.differences(self.known, {}),
                         ["('a.gcno', 'a.cc'): is in one of both only"])


# A gentle that does more than it should. The program's folder is that of the coverage spec.
GENTLE_AND = """#!/bin/sh
'{gentle}' "$@"
status=$?
if [ "$1 $2" = "{after}" ]; then cd "${{3%/cell/*}}" && {{ {more}; }}; fi
exit $status
"""


@unittest.skipUnless(shutil.which("g++-12"), "there is no g++-12 here")
class RealCells(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="gentle-ends-test-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def gentle(self, after, more):
        path = self.folder / "gentle"
        path.write_text(GENTLE_AND.format(gentle=GENTLE, after=after, more=more), encoding="utf-8")
        path.chmod(0o755)
        return path

    def wrong(self, end, gentle=GENTLE, **surroundings):
        shutil.rmtree(self.folder / "program", ignore_errors=True)
        self.folder.chmod(0o755)
        made = build.build_for("g++-12", "executable", self.folder / "program")
        made.make()
        found = cell_module.run(cells.Cell("g++-12", "executable", end, **surroundings),
                                made, gentle)
        return found[0] if found else ""

    def test_it_holds(self):
        self.assertEqual(self.wrong("return"), "")

    def test_it_was_counted_once_too_often(self):
        gentle = self.gentle("coverage merge", "env -u GCOV_PREFIX build/objects/program works 1")
        self.assertRegex(self.wrong("return", gentle), "the counts are not those of a clean exit")

    def test_nothing_was_counted(self):
        gentle = self.gentle("coverage merge", "rm build/objects/*.gcda")
        self.assertRegex(self.wrong("return", gentle), "the counts are not those of a clean exit")

    def test_a_file_is_left(self):
        gentle = self.gentle("coverage reset", "touch cell/tmp/left")
        self.assertRegex(self.wrong("return", gentle), r"files are left: \[.*/cell/tmp/left")

    def test_a_file_is_left_in_the_folder_of_its_surroundings(self):
        gentle = self.gentle("coverage reset", "touch cell/given/left")
        self.assertRegex(self.wrong("exit", gentle, environment="cleared"),
                         r"files are left: \[.*/cell/given/left")

    @unittest.skipUnless(os.geteuid() == 0, "only root may")
    def test_it_holds_in_other_surroundings(self):
        for place in cells.PLACES:
            self.assertEqual(self.wrong("exit", environment="replaced", place=place), "", place)

    def test_it_does_not_say_what_it_should(self):
        self.addCleanup(setattr, cells, "SAYS", cells.SAYS)
        cells.SAYS = {"exit": ("1 process: 1 lost", "")}
        self.assertEqual(self.wrong("exit"),
                         "gentle stop does not say: coverage of 1 process: 1 lost")

    def test_a_process_is_left(self):
        gentle = self.gentle("coverage reset",
                             f"{sys.executable} -c 'import signal; signal.pause()' >&- 2>&- & true")
        self.assertRegex(self.wrong("return", gentle), "processes are left: .*signal.pause")

    def test_what_was_counted_before_is_not_removed(self):
        gentle = self.gentle("coverage reset", "build/objects/program works 1")
        self.assertRegex(self.wrong("return", gentle), "after a reset there is .*gcda")

    def test_what_cannot_hold_holds(self):
        kept = cells.CANNOT
        self.addCleanup(setattr, cells, "CANNOT", kept)
        cells.CANNOT = (cells.Cannot(".*", "return", ".*", ".*", ".*", "for no reason"),)
        self.assertEqual(self.wrong("return"), "it holds, though cells.py says that it cannot")


if __name__ == "__main__":
    signal.alarm(120)
    unittest.main()
