#!/usr/bin/env python3
"""Writes a .gcda beside each .gcno that has none, as if its functions had been executed by chance: so
objects are compared whose programs cannot be run here.

    random_counts.py <folder or .gcno>...
"""

import random
import struct
import sys
from pathlib import Path

import differential
import notes_file
import random_graphs

END = b"\0\0\0\0"


class Records:
    """The records of a .gcno of gcc 11 or newer, little endian."""

    def __init__(self, raw: bytes):
        self.raw = raw
        self.header = raw[4:12]  # version and stamp
        self.unit = 1 if raw[7:8] + raw[6:7] >= b"B2" else 4
        self.at = 12 + (4 if self.unit == 1 else 0)
        self.at += 4 + self.word(self.at) * self.unit + 4  # the folder; a flag

    def word(self, at: int) -> int:
        return struct.unpack_from("<I", self.raw, at)[0]

    def __iter__(self):
        while self.at + 8 <= len(self.raw):
            tag, size = self.word(self.at), self.word(self.at + 4) * self.unit
            yield tag, struct.unpack_from(f"<{size // 4}I", self.raw, self.at + 8)
            self.at += 8 + size


def data_of(raw: bytes, chance: random.Random) -> bytes:
    records = Records(raw)
    functions = []
    for tag, words in records:
        if tag == notes_file.FUNCTION:
            functions.append((words[:3], [0], [], [0]))
        elif tag == notes_file.BLOCKS:
            functions[-1][1][0] = words[0]
        elif tag == notes_file.ARCS:
            functions[-1][2].extend((words[0], words[i], words[i + 1]) for i in range(1, len(words), 2))
        elif tag == notes_file.CONDITIONS:
            functions[-1][3][0] = len(words) // 2
    result = struct.pack("<I", notes_file.DATA) + records.header + (END if records.unit == 1 else b"")
    for names, (blocks,), arcs, (conditions,) in functions:
        counts = random_graphs.walks(chance, blocks, arcs)
        counters = [count for (_, _, flags), count in zip(arcs, counts)
                    if not flags & (notes_file.TREE | notes_file.FAKE)]
        result += _record(records.unit, notes_file.FUNCTION, struct.pack("<3I", *names))
        result += _record(records.unit, notes_file.ARC_COUNTERS,
                          struct.pack(f"<{len(counters)}Q", *counters))
        if conditions:
            bits = [chance.getrandbits(3) for _ in range(2 * conditions)]
            result += _record(records.unit, notes_file.CONDITION_COUNTERS,
                              struct.pack(f"<{len(bits)}Q", *bits))
    return result + END


def _record(unit: int, tag: int, body: bytes) -> bytes:
    return struct.pack("<2I", tag, len(body) // unit) + body


def main(paths: list[str]) -> int:
    for notes in differential.objects_in(paths):
        data = Path(notes).with_suffix(".gcda")
        if not data.exists():
            data.write_bytes(data_of(notes.read_bytes(), random.Random(notes.stat().st_size)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
