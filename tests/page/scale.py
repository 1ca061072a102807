#!/usr/bin/env python3
"""How long a large report takes: to be written, and until people see it.

    GENTLE_WRITE_REPORT=<build>/tests/page/write_report scale.py [<files>] [<lines of the long one>]

Writes a project of so many files of 240 lines, and one long file, into a temporary folder.
"""

import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import browser

WRITE = os.environ["GENTLE_WRITE_REPORT"]
ROUNDS = 5
TREE = "document.querySelector('.tree tbody tr')"
PAINTED = ("new Promise(done => { const look = () => {"
           "const paint = performance.getEntriesByName('first-contentful-paint')[0];"
           "paint ? done(paint.startTime) : requestAnimationFrame(look); }; look(); })")
OPENED = ("new Promise(done => { const begin = performance.now();"
          "location.hash = gentle.link.file('m0/long.cc', 2);"
          "const look = () => document.getElementById('L2') && !document.getElementById('file').hidden"
          "? requestAnimationFrame(() => done(performance.now() - begin)) : requestAnimationFrame(look); look(); })")
COMPLETE = ("new Promise(done => { const begin = performance.now(); const look = () =>"
            "document.getElementById('L%d') && document.querySelector('#L2 .t-keyword')"
            "? done(performance.now() - begin) : requestAnimationFrame(look); look(); })")
FILTERED = ("(() => { const begin = performance.now(); const search = document.getElementById('search');"
            "search.value = 'file4 part'; search.dispatchEvent(new Event('input'));"
            "document.body.offsetHeight; return performance.now() - begin; })()")


def function(chance: random.Random, file: int, number: int) -> list[str]:
    count = chance.choice([0, 1, 7, 1234])
    name = f"function_{file}_{number}"
    return [f"int {name}(int value) {{ //: {count} calls {count} {name}(int)",
            f"  if (value > {number}) {{ // a comment of common length //: {count} {count // 2} {count - count // 2}",
            f"    return value * {number}; //: {count // 2}", "  }",
            f"  return text(\"{number}\").size(); //: {count - count // 2} {count} 0t", "}"]


def write_project(root: Path, files: int, long: int) -> None:
    chance = random.Random(1)
    for file in range(files):
        path = root / f"m{file % 20}/part{file // 20 % 25}/file{file}.cc"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(line for number in range(40) for line in function(chance, file, number)))
    (root / "m0/long.cc").write_text("".join(
        f"int f{i}() {{ return {i}; }} // some words {i} //: {i % 97} calls {i % 97} f{i}()\n" for i in range(long)))


def show(what: str, values: list[float]) -> None:
    print(f"{what}: {statistics.median(values):.0f} ms (of {len(values)}, {min(values):.0f} to {max(values):.0f})")


def look(page: Path, long: int) -> None:
    found: dict[str, list[float]] = {}
    one = browser.Browser()
    try:
        for _ in range(ROUNDS):
            one.open(page)
            one.until(TREE)
            for what, script in (("first paint", PAINTED), ("filter by path", FILTERED),
                                 ("long file: first lines seen", OPENED),
                                 ("long file: all lines, coloured, after that", COMPLETE % long)):
                found.setdefault(what, []).append(one.run(script))
    finally:
        one.close()
    for what, values in found.items():
        show(what, values)


def main() -> None:
    files, long = (list(map(int, sys.argv[1:])) + [5000, 5000][len(sys.argv) - 1:])[:2]
    with tempfile.TemporaryDirectory(prefix="gentle-scale-") as folder:
        root, report = Path(folder) / "project", Path(folder) / "report"
        report.mkdir()
        write_project(root, files, long)
        show("write", [float(subprocess.run([WRITE, "told", report, root], check=True, text=True,
                                            stdout=subprocess.PIPE).stdout) for _ in range(ROUNDS)])
        written = [path for path in report.rglob("*") if path.is_file()]
        read = sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
        print(f"on disk: {len(written)} files, {sum(path.stat().st_size for path in written) / 1e6:.1f} MB, "
              f"for {read / 1e6:.1f} MB of sources")
        look(report / "index.html", long)


if __name__ == "__main__":
    main()
