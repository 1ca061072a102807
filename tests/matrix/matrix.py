"""Runs the cells of the matrix side by side and shows the table; called by `run`.

    matrix.py [--jobs <n>] [--only <regex>] [--core] [--list] [--table <file>]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import cells
import page

HERE = Path(__file__).resolve().parent
LONGEST = 600  # seconds, of a cell that hangs


def run_cell(cell, folder):
    """In a process of its own, which also has nothing of this one's descriptors."""
    def failed(cause, details):
        return {"passed": False, "seconds": 0, "cause": cause, "details": details}
    try:
        done = subprocess.run([sys.executable, HERE / "cell.py", cell.name, folder],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=LONGEST, check=False)
        return json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return failed(f"the cell has not ended within {LONGEST} s", "")
    except json.JSONDecodeError:
        return failed("the cell itself has failed", done.stdout + done.stderr)


def run_all(chosen, jobs, folder):
    results = {}
    with ThreadPoolExecutor(jobs) as pool:
        futures = {pool.submit(run_cell, cell, folder): cell for cell in chosen}
        for future in as_completed(futures):
            cell, result = futures[future], future.result()
            results[cell] = result
            if not result["passed"]:
                print(f"FAILED {cell.name}: {result['cause']}\n{result['details']}\n", flush=True)
    return results


def main():
    parser = argparse.ArgumentParser(prog="tests/matrix/run", description=__doc__.split("\n")[0])
    parser.add_argument("--jobs", type=int, default=8 * (os.cpu_count() or 1),
                        help="cells at a time; they mostly wait [8 for each core]")
    parser.add_argument("--only", default="", metavar="REGEX", help="cells with such a name")
    parser.add_argument("--core", action="store_true", help="the cells that CI runs")
    parser.add_argument("--list", action="store_true", help="their names, and no more")
    parser.add_argument("--table", type=Path, help="write the page to this file as well")
    options = parser.parse_args()
    chosen = cells.chosen(options.only, options.core)
    if options.list or not chosen:
        print("\n".join(cell.name for cell in chosen) or f"no cell is named so: {options.only}")
        return 0 if chosen else 2
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gentle-matrix-") as folder:
        results = run_all(chosen, options.jobs, folder)
    seconds = time.monotonic() - began
    failed = sorted(cell.name for cell in chosen if not results[cell]["passed"])
    print(page.table(results))
    print(page.summary(results, seconds, options.jobs))
    for name in failed:
        print(f"failed: {name}")
    if options.table:
        options.table.write_text(page.whole(results, seconds, options.jobs), encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
