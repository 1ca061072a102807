"""The table of the ends matrix, and the page of docs/ around it."""

import dataclasses
import datetime
import platform
import sys
from pathlib import Path

import cells

sys.path.append(str(Path(__file__).resolve().parents[1] / "lib"))
from tried import commit  # noqa: E402  pylint: disable=wrong-import-position

HEAD = """# The ends matrix

A C++ process writes its coverage when it exits, and not when it ends in another way. `gentle` keeps it in
any case. So each way in which a process can end was tried, with several compilers and with images of
every kind. A program does some work, with processes and threads as the end needs them, and ends that way
as a service of `gentle`. A cell holds (✓) if

- line by line, branch by branch and function by function, `gcov` (with clang `llvm-cov`) counts the same
  as for this work ended by a clean exit without `gentle`. What a child has from its parent counts once;
- `gentle stop` says what it has to say about such an end, and tells of nothing lost;
- nothing is left: no process, and no file but the service's state and the coverage.

The same was tried with processes that have other *surroundings*: an environment, and a pid namespace, root
folder or user of their own ([below](#surroundings)). `workers` and `spawn_several` have children in them,
the other ends are those of a process that is in them itself. All of that was tried with the executable, and
once more with the other images in turn.

If all images of an end hold, the first table has a ✓; if all ends of an image hold, the second one has it.
Otherwise a table has the number of those that hold. The last two are about the surroundings. What cannot hold
has a —, and its number has the reason below, which says whether counts or only files are left. It is tried as
well: there `gentle stop` has to say what the reason says, and a cell that begins to hold is an error.

One command makes the table, and ends with an error if a cell is bad (✗). The programs are in
`tests/ends/programs`, ends, images and what cannot hold in `tests/ends/cells.py`.

    tests/ends/run                                       # the compilers of Debian 12
    tests/ends/run --compiler g++-12 --end abort         # some of it
    tests/ends/run --surroundings cleared.chroot         # likewise
    tests/ends/run --core                                # what CI runs, as ctest -L ends
    tests/ends/in-roots <folder>                         # newer ones, in Debian 13 and sid; needs root
    tests/ends/run --add <folder>/trixie.json --add <folder>/sid.json --table docs/ends-matrix.md

"""

NOTES = """
Work is compiled with `-O0`, but for `atomic`. All is compiled with `-std=gnu++20`: with `-std=c++20`, gcc takes
`fork` and `exec` for functions like any other and wraps neither, so that `exec` is `bare_exec`.
"""


NAMES = [field.name for field in dataclasses.fields(cells.Cell)]


def cell_of(result):
    return cells.Cell(**{name: result[name] for name in NAMES if name in result})


def by_version(compiler):
    family, _, version = compiler.rpartition("-")
    return family != "g++", int(version) if version.isdigit() else 0, compiler


def compilers_of(results):
    return sorted({result["compiler"] for result in results}, key=by_version)


def reasons(results):
    """A number for each reason why a cell cannot hold."""
    found = []
    for result in results:
        why = cell_of(result).why_not()
        if why and why not in found:
            found.append(why)
    return {why: number for number, why in enumerate(found, 1)}


def mark(results, numbers):
    """Of the images of one end and one compiler."""
    if not results:
        return " "
    cannot = sorted({numbers[cell_of(result).why_not()] for result in results
                     if cell_of(result).why_not()})
    failed = sum(not result["passed"] for result in results)
    good = sum(result["passed"] and not cell_of(result).why_not() for result in results)
    if failed:
        return f"✗ {good} of {len(results)}"
    text = "✓" if good == len(results) else f"{good} of {len(results)}" if good else ""
    return " ".join([*([text] if text else []), *(f"—{number}" for number in cannot)])


def rows(results, title, names, key, numbers):
    """A line for each name, `key` of a cell; nothing if there is none."""
    compilers = compilers_of(results)
    lines = [f"| {title} | " + " | ".join(compilers) + " |",
             "|---|" + ":-:|" * len(compilers)]
    for name in names:
        of_name = [result for result in results if getattr(cell_of(result), key) == name]
        if of_name:
            marks = [mark([result for result in of_name if result["compiler"] == compiler], numbers)
                     for compiler in compilers]
            lines.append(f"| `{name}` | " + " | ".join(marks) + " |")
    return "\n".join(lines) + "\n" if len(lines) > 2 else ""


def table(results):
    legend = "".join(f"\n—{number}: {why}\n" for why, number in reasons(results).items())
    kept = [result for result in results if cell_of(result).surroundings == "kept.own"]
    others = [result for result in results if result not in kept]
    names = [f"{environment}.{place}" for environment, place in cells.SURROUNDINGS]
    return (rows(kept, "end", cells.ENDS, "end", reasons(results)) + "\n"
            + rows(kept, "image", cells.IMAGES, "image", reasons(results)) + "\n"
            + rows(others, "surroundings", names, "surroundings", reasons(results)) + "\n"
            + rows(others, "end, in all of them", cells.ENDS, "end", reasons(results)) + legend)


def summary(results):
    failed = sum(not result["passed"] for result in results)
    cannot = sum(bool(cell_of(result).why_not()) for result in results)
    return (f"{len(results)} cells: {len(results) - failed - cannot} hold, {cannot} cannot, "
            f"{failed or 'none'} failed.")


def versions(results):
    """What exactly the compilers are."""
    known = {}
    for result in results:
        known.setdefault(result["compiler"], result["version"])
    return "; ".join(f"{name}: {known[name]}" for name in compilers_of(results))


def whole(results):
    linux = ".".join(platform.release().split(".")[:2])
    parts = [HEAD, f"Commit {commit()}, {datetime.date.today():%Y-%m-%d}, Linux {linux}. "
             f"{summary(results)}\n\n", table(results), "\n## Ends\n\n"]
    parts += [f"- `{name}`: {end.what}\n" for name, end in cells.ENDS.items()]
    parts.append("\n## Images\n\n")
    parts += [f"- `{name}`: {image.what}\n" for name, image in cells.IMAGES.items()]
    parts.append("\n## Surroundings\n\nThe first word is the environment, the second one the place; as root only.\n\n")
    parts += [f"- `{name}.*`: {what}\n" for name, what in cells.ENVIRONMENTS.items()]
    parts += [f"- `*.{name}`: {what}\n" for name, what in cells.PLACES.items()]
    parts.append(NOTES)
    parts.append(f"\n{versions(results)}\n")
    failed = [result for result in results if not result["passed"]]
    if failed:
        parts.append("\n## What failed\n\n")
        parts += [f"- `{cell_of(result).name}`: {result['cause'].splitlines()[0]}\n"
                  for result in failed]
    return "".join(parts)
