"""Writes .gcno and .gcda as gcc 11 and newer do, for programs that no compiler would make."""

import dataclasses
import struct

TREE, FAKE, FALL_THROUGH = 1, 2, 4
NOTES, DATA = 0x67636E6F, 0x67636461
FUNCTION, BLOCKS, ARCS, LINES, CONDITIONS = 0x01000000, 0x01410000, 0x01430000, 0x01450000, 0x01470000
ARC_COUNTERS, CONDITION_COUNTERS = 0x01A10000, 0x01B10000


@dataclasses.dataclass
class Function:
    """A graph: block 0 is the entry, 1 the exit; arcs are (source, destination, flags)."""
    name: str
    source: str
    start: int
    end: int
    blocks: int
    arcs: list[tuple[int, int, int]]
    # Of a block, its places: a source and its lines.
    places: dict[int, list[tuple[str, list[int]]]]
    counts: list[int]  # of each arc
    artificial: bool = False
    # Since gcc 14: a block, its number of terms, and which have decided by being true, and false.
    conditions: list[tuple[int, int, int, int]] = dataclasses.field(default_factory=list)

    def counters(self) -> list[int]:
        return [count for (_, _, flags), count in zip(self.arcs, self.counts)
                if not flags & (TREE | FAKE)]


class _File:
    def __init__(self, version: str):
        major, minor = (int(part) for part in version.split(".")[:2])
        self.in_bytes = major >= 12
        self.has_conditions = major >= 14
        self.word = f"{chr(ord('A') + major // 10)}{major % 10}{minor}*"
        self.bytes = b""

    @staticmethod
    def words(*values: int) -> bytes:
        return b"".join(struct.pack("<I", value & 0xFFFFFFFF) for value in values)

    @staticmethod
    def counters(counters: list[int]) -> bytes:
        return b"".join(struct.pack("<Q", counter & 0xFFFFFFFFFFFFFFFF) for counter in counters)

    def text(self, text: str) -> bytes:
        raw = text.encode() + b"\0"
        if not self.in_bytes:
            raw += b"\0" * (-len(raw) % 4)
        return self.words(len(raw) if self.in_bytes else len(raw) // 4) + raw

    def add(self, tag: int, body: bytes) -> None:
        self.bytes += self.words(tag, len(body) if self.in_bytes else len(body) // 4) + body

    def begin(self, magic: int, stamp: int) -> None:
        self.bytes += self.words(magic)
        self.bytes += self.word.encode()[::-1] + self.words(stamp)
        if self.in_bytes:
            self.bytes += self.words(0)


def notes(version: str, functions: list[Function], directory: str = "/nowhere") -> bytes:
    file = _File(version)
    file.begin(NOTES, 7)
    file.bytes += file.text(directory) + file.words(1)
    for ident, function in enumerate(functions, 1):
        file.add(FUNCTION, file.words(ident, 1, 2) + file.text(function.name)
                 + file.words(function.artificial) + file.text(function.source)
                 + file.words(function.start, 1, function.end, 1))
        file.add(BLOCKS, file.words(function.blocks))
        for block in range(function.blocks):
            leaving = [arc for arc in function.arcs if arc[0] == block]
            if leaving:
                pairs = [word for _, destination, flags in leaving for word in (destination, flags)]
                file.add(ARCS, file.words(block, *pairs))
        if file.has_conditions:
            file.add(CONDITIONS, b"".join(file.words(block, terms)
                                          for block, terms, _, _ in function.conditions))
        for block, places in sorted(function.places.items()):
            body = file.words(block)
            for source, lines in places:
                body += file.words(0) + file.text(source) + file.words(*lines)
            file.add(LINES, body + file.words(0, 0))
    return file.bytes


def data(version: str, functions: list[Function]) -> bytes:
    file = _File(version)
    file.begin(DATA, 7)
    file.add(0xA1000000, file.words(1, 1))
    for ident, function in enumerate(functions, 1):
        file.add(FUNCTION, file.words(ident, 1, 2))
        file.add(ARC_COUNTERS, file.counters(function.counters()))
        if file.has_conditions and function.conditions:
            bits = [bits for _, _, true, false in function.conditions for bits in (true, false)]
            file.add(CONDITION_COUNTERS, file.counters(bits))
    return file.bytes + file.words(0)
