#!/usr/bin/env python3
"""Functions that no compiler makes: random graphs, executed by random walks, all on a few lines.

Cycles within a line are where gcov's rules are hard to see, so most graphs here are dense.

    random_graphs.py <gcov> <read_gcov> <first seed> <last seed>
"""

import random
import sys
import tempfile
from pathlib import Path

import compare
import differential
import notes_file
from notes_file import FAKE, FALL_THROUGH, TREE, Function

ENTRY, EXIT = 0, 1


def function(chance: random.Random, number: int) -> Function:
    """A function with its counts, which are those of walks from its entry to its exit."""
    blocks = chance.choice([3, 5, 8, 10, 12])
    arcs = _arcs(chance, blocks, chance.choice([[1, 1, 2, 2, 3], [2, 3], [1, 5]]))
    counts = walks(chance, blocks, arcs)
    start = 10 if chance.random() < 0.3 else 10 + 10 * number
    end = start + 3
    lines = chance.choice([1, 1, 2, 4])
    places = {}
    for block in range(2, blocks):
        if chance.random() < 0.85:
            places[block] = _places(chance, start, lines)
    return Function(f"function{number}", "one.c", start, end, blocks,
                    _with_tree(chance, blocks, arcs), places, counts, chance.random() < 0.03,
                    _conditions(chance, blocks))


def _conditions(chance: random.Random, blocks: int) -> list[tuple[int, int, int, int]]:
    found = []
    for block in chance.sample(range(2, blocks), chance.randint(0, blocks - 2)):
        terms = chance.choice([1, 2, 3, 9])
        found.append((block, terms, chance.randrange(1 << terms), chance.randrange(1 << terms)))
    return found


def _places(chance: random.Random, start: int, lines: int) -> list[tuple[str, list[int]]]:
    found = []
    for _ in range(1 if chance.random() < 0.9 else 2):
        source = "one.c" if chance.random() < 0.9 else "two.h"
        first = start + chance.randrange(lines)
        own = [first]
        while chance.random() < 0.15:
            own.append(first + chance.randint(-2, 2))
        found.append((source, own if chance.random() < 0.95 else []))
    return found


def _arcs(chance: random.Random, blocks: int, sizes: list[int]) -> list[tuple[int, int, int]]:
    arcs = [(ENTRY, 2, FALL_THROUGH)]
    for block in range(2, blocks):
        inner = [other for other in range(2, blocks) if other != block]
        chance.shuffle(inner)
        targets = inner[:chance.choice(sizes)]
        if not targets or chance.random() < 0.25:
            targets.append(EXIT)
        if block + 1 < blocks and block + 1 not in targets and chance.random() < 0.6:
            targets.append(block + 1)
        arcs += [(block, target, FALL_THROUGH if target == block + 1 else 0) for target in targets]
        if chance.random() < 0.2:
            arcs.append((block, EXIT, FAKE))
    return arcs


def walks(chance: random.Random, blocks: int, arcs: list[tuple[int, int, int]]) -> list[int]:
    """How often each arc was taken by some walks from the entry to the exit."""
    leaving: dict[int, list[int]] = {block: [] for block in range(blocks)}
    for i, arc in enumerate(arcs):
        leaving[arc[0]].append(i)
    home = _ways_home(blocks, arcs)
    counts = [0] * len(arcs)
    for _ in range(chance.choice([0, 1, 1, 3, 10])):
        block, steps = ENTRY, 0
        while block != EXIT:
            if steps > 60:
                arc = home.get(block)
                if arc is None:  # no way out: as if killed
                    return [0] * len(arcs)
            else:
                arc = chance.choice(leaving[block])
                if arcs[arc][2] & FAKE and chance.random() < 0.8:
                    arc = chance.choice(leaving[block])
                if arcs[arc][1] != EXIT and arcs[arc][1] not in home:
                    return [0] * len(arcs)
            counts[arc] += 1
            block, steps = arcs[arc][1], steps + 1
    return counts


def _ways_home(blocks: int, arcs: list[tuple[int, int, int]]) -> dict[int, int]:
    """Of each block from which the exit is reached, an arc that leads nearer to it."""
    entering: dict[int, list[int]] = {block: [] for block in range(blocks)}
    for i, arc in enumerate(arcs):
        entering[arc[1]].append(i)
    home: dict[int, int] = {}
    waiting = [EXIT]
    while waiting:
        for i in entering[waiting.pop(0)]:
            source = arcs[i][0]
            if source not in home and source != EXIT:
                home[source] = i
                waiting.append(source)
    return home


def _with_tree(chance: random.Random, blocks: int,
               arcs: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The arcs, those of a spanning tree marked; it holds the way from the exit to the entry, and
    all fake arcs that it can, as the compiler's."""
    parts = list(range(blocks))

    def part(block: int) -> int:
        while parts[block] != block:
            block = parts[block]
        return block

    parts[EXIT] = ENTRY
    order = list(range(len(arcs)))
    chance.shuffle(order)
    order.sort(key=lambda i: not arcs[i][2] & FAKE)
    marked = list(arcs)
    for i in order:
        source, destination, flags = arcs[i]
        if part(source) != part(destination):
            parts[part(source)] = part(destination)
            marked[i] = (source, destination, flags | TREE)
    return marked


def write_files(folder: Path, version: str, seeds: range) -> list[Path]:
    """Objects of 40 functions each, as gcc of that version would write them."""
    found = []
    for seed in seeds:
        chance = random.Random(seed)
        functions = [function(chance, number) for number in range(40)]
        notes = folder / f"graphs-{seed}.gcno"
        notes.write_bytes(notes_file.notes(version, functions))
        notes.with_suffix(".gcda").write_bytes(notes_file.data(version, functions))
        found.append(notes)
    return found


def main(gcov: str, read: str, first: str, last: str) -> int:
    totals = compare.Totals()
    with tempfile.TemporaryDirectory() as folder:
        objects = write_files(Path(folder), differential.gcov_version(gcov),
                              range(int(first), int(last)))
        found = differential.compare_all(gcov, read, objects, totals)
    print("\n".join(found[:20]))
    print(f"{len(found)} disagreements; {dict(totals)}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
