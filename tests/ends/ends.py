"""Runs the cells of the ends matrix and shows the table; called by `run`.

    ends.py [--core] [--compiler <name>]... [--image <kind>]... [--end <name>]... [--jobs <n>]
            [--none] [--list] [--results <file>] [--add <file>]... [--table <file>]
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import build
import cell as cell_module
import cells
import page


SURROUNDINGS = ["kept.own", *(".".join(names) for names in cells.SURROUNDINGS)]


def report(cell, wrong, version):
    if wrong:
        print(f"FAILED {cell.name}: {wrong[0]}\n{wrong[1]}\n", flush=True)
    return {**asdict(cell), "passed": not wrong, "cause": wrong[0] if wrong else "",
            "version": version}


def run_group(group, folder, gentle):
    """The cells of one program, one after the other: its data has one place."""
    compiler, image = group[0].compiler, group[0].image
    made = build.build_for(compiler, image, Path(folder) / compiler / image)
    try:
        made.make()
    except build.Failed as failure:
        wrong = ("the program cannot be made", str(failure))
        return [report(cell, wrong, "unknown") for cell in group]
    version = made.version()
    results = [report(cell, cell_module.run(cell, made, gentle), version) for cell in group]
    shutil.rmtree(made.folder)
    return results


def run_all(chosen, jobs, folder, gentle):
    groups = {}
    for cell in chosen:
        groups.setdefault((cell.compiler, cell.image), []).append(cell)
    with ThreadPoolExecutor(jobs) as pool:
        futures = [pool.submit(run_group, group, folder, gentle) for group in groups.values()]
        return [result for future in futures for result in future.result()]


# What each place needs, tried with a program that does nothing.
TRIALS = {"pid": ["unshare", "--pid", "--fork", "true"],
          "chroot": ["chroot", "/", "true"],
          "user": ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "true"]}


def without_forbidden(chosen):
    """Those that this user may try."""
    forbidden = [place for place, command in TRIALS.items()
                 if subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True,
                                   check=False).returncode != 0]
    left_out = [cell for cell in chosen if cell.place in forbidden]
    if left_out:
        print(f"tests/ends/run: {len(left_out)} cells are left out, only root may try them: "
              f"{', '.join(forbidden)}")
    return [cell for cell in chosen if cell not in left_out]


def arguments():
    parser = argparse.ArgumentParser(prog="tests/ends/run", description=__doc__.split("\n")[0])
    parser.add_argument("--core", action="store_true", help="the cells that CI runs")
    parser.add_argument("--compiler", action="append", default=[],
                        help=f"such as g++-12 [{' '.join(cells.COMPILERS)}]")
    parser.add_argument("--image", action="append", default=[], choices=cells.IMAGES, metavar="KIND",
                        help=f"[{' '.join(cells.IMAGES)}]")
    parser.add_argument("--end", action="append", default=[], choices=cells.ENDS, metavar="NAME",
                        help=f"[{' '.join(cells.ENDS)}]")
    parser.add_argument("--surroundings", action="append", default=[],
                        choices=SURROUNDINGS, metavar="NAME",
                        help=f"[{' '.join(SURROUNDINGS)}]")
    parser.add_argument("--jobs", type=int, default=2, help="programs at a time [2]")
    parser.add_argument("--none", action="store_true", help="run nothing; see --add")
    parser.add_argument("--list", action="store_true", help="the cells, and no more")
    parser.add_argument("--results", type=Path, help="write what became of the cells to this file")
    parser.add_argument("--add", type=Path, action="append", default=[],
                        help="show what became of the cells of such a file as well")
    parser.add_argument("--table", type=Path, help="write the page to this file")
    return parser.parse_args()


def main():
    options = arguments()
    compilers = tuple(options.compiler) or cells.COMPILERS
    chosen = [cell for cell in (cells.core if options.core else cells.all_cells)(compilers)
              if (not options.image or cell.image in options.image)
              and (not options.end or cell.end in options.end)
              and (not options.surroundings or cell.surroundings in options.surroundings)]
    if options.none:
        chosen = []
    chosen = without_forbidden(chosen)
    if options.list:
        print("\n".join(cell.name for cell in chosen))
        return 0
    tools = [tool for name in compilers for tool in build.tools_of(name)]
    if missing := [name for name in tools if not shutil.which(name)] if chosen else []:
        print(f"tests/ends/run: no {' and no '.join(missing)} here")
        return 1 if os.environ.get("CI") else 77
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gentle-ends-") as folder:
        os.chmod(folder, 0o755)  # other users execute what is in it
        results = run_all(chosen, options.jobs, folder, os.environ["GENTLE"])
    seconds = time.monotonic() - began
    if options.results:
        options.results.write_text(json.dumps(results, indent=1), encoding="utf-8")
    for path in options.add:
        results += json.loads(path.read_text(encoding="utf-8"))
    print(page.table(results))
    print(f"{page.summary(results)} In {seconds:.0f} s, {options.jobs} programs at a time.")
    failed = [result for result in results if not result["passed"]]
    for result in failed:
        print(f"failed: {page.cell_of(result).name}: {result['cause'].splitlines()[0]}")
    if options.table:
        options.table.write_text(page.whole(results), encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
