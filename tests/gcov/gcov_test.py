#!/usr/bin/env python3
"""The helper's own reader of gcov's files tells what gcov tells, field by field."""

import os
import sys
import tempfile
import unittest
from pathlib import Path

import compare
import compile_corpus
import differential
import random_graphs

READ = os.environ["GENTLE_READ_GCOV"]
GRAPHS = 20  # files of 40 functions; random_graphs.py tries more


class Gcov(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="gentle-gcov-")
        self.addCleanup(self.folder.cleanup)
        self.totals = compare.Totals()

    def compare(self, gcov: str, objects: list[Path]) -> None:
        found = differential.compare_all(gcov, READ, objects, self.totals)
        self.assertEqual([], found[:20])

    def print_totals(self, name: str) -> None:
        print(name + ":", ", ".join(f"{number} {what}" for what, number in self.totals.items()),
              file=sys.stderr)


def add_tests(compiler: compile_corpus.Compiler) -> None:
    def compiled(self):
        objects = compile_corpus.compile_and_run(compiler, Path(self.folder.name))
        self.compare(compiler.gcov, objects)
        self.print_totals(f"corpus, {compiler.cxx}")
        for what in ("lines", "branches", "functions"):
            self.assertGreater(self.totals[what], 1000, what)

    def graphs(self):
        version = differential.gcov_version(compiler.gcov)
        objects = random_graphs.write_files(Path(self.folder.name), version, range(GRAPHS))
        self.compare(compiler.gcov, objects)
        self.print_totals(f"random graphs, {compiler.gcov}")

    setattr(Gcov, f"test_corpus_{compiler.major}", compiled)
    setattr(Gcov, f"test_graphs_{compiler.major}", graphs)


COMPILERS = compile_corpus.found()
for one in COMPILERS:
    add_tests(one)

if __name__ == "__main__":
    if not COMPILERS:
        print("no gcc from 11 on is installed under its version, as gcc-12, g++-12 and gcov-12")
        sys.exit(77)
    unittest.main()
