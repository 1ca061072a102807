"""The pictures of docs/design.md are made from the descriptions below.

To make them anew:

    python3 tests/house/diagrams.py <root>

or build the target `reference`.
"""

import sys
from html import escape
from pathlib import Path

from card import BAD, BRIGHT, DIM, EDGE_OF_BOX, GOOD, TEXT, card

FOLDER = "docs/pictures"


def text(x: float, y: float, words: str, colour: str = TEXT, anchor: str = "middle") -> str:
    return f'<text x="{x:g}" y="{y:g}" fill="{colour}" text-anchor="{anchor}">{escape(words, quote=False)}</text>'


def box(x: float, y: float, width: float, words: str, colour: str = EDGE_OF_BOX) -> list[str]:
    """Around (x, y); a line of words for each of its lines, the first one bright."""
    lines = words.split("\n")
    height = 18 * len(lines) + 14
    made = [f'<rect x="{x - width / 2:g}" y="{y - height / 2:g}" width="{width:g}" height="{height}" rx="6" fill="none" '
            f'stroke="{colour}" stroke-width="1.5"/>']
    top = y - height / 2 + 21
    return made + [text(x, top + 18 * number, line, DIM if number else BRIGHT) for number, line in enumerate(lines)]


def arrow(points: list[tuple[float, float]], words: str = "", colour: str = TEXT, above: float = 6) -> list[str]:
    """Through the points; the words stand above the middle of its first piece."""
    path = " ".join(f"{x:g},{y:g}" for x, y in points)
    (x1, y1), (x2, y2) = points[-2:]
    length = max(abs(x2 - x1), abs(y2 - y1)) or 1
    dx, dy = (x2 - x1) / length, (y2 - y1) / length
    head = f"{x2:g},{y2:g} {x2 - 8 * dx - 4 * dy:g},{y2 - 8 * dy + 4 * dx:g} {x2 - 8 * dx + 4 * dy:g},{y2 - 8 * dy - 4 * dx:g}"
    made = [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.3"/>',
            f'<polygon points="{head}" fill="{colour}"/>']
    (x1, y1), (x2, y2) = points[:2]
    return made + ([text((x1 + x2) / 2, (y1 + y2) / 2 - above, words, colour)] if words else [])


# Who calls whom, in the order of time.
CTEST, GENTLE, SUPERVISOR, SERVICE = 60, 250, 500, 790
LIFE = (
    (CTEST, GENTLE, "api.start", BRIGHT),
    (GENTLE, SUPERVISOR, "lock, fork, fork", TEXT),
    (SUPERVISOR, SERVICE, "take ports, open log, spawn", TEXT),
    (SERVICE, SUPERVISOR, "it listens, logs, answers, ...", GOOD),
    (SUPERVISOR, GENTLE, "ready at 127.0.0.1:<port>", GOOD),
    (GENTLE, CTEST, "passed", GOOD),
    (CTEST, GENTLE, "a test", BRIGHT),
    (GENTLE, SERVICE, "gentle run: the test uses API_HOST and API_PORT", TEXT),
    (GENTLE, CTEST, "its verdict", GOOD),
    (CTEST, GENTLE, "api.stop", BRIGHT),
    (GENTLE, SUPERVISOR, "stop", TEXT),
    (SUPERVISOR, SERVICE, "SIGINT, then SIGTERM, SIGKILL", TEXT),
    (SERVICE, SUPERVISOR, "no process is left", GOOD),
    (SUPERVISOR, GENTLE, "stopped, or what was wrong", GOOD),
    (GENTLE, CTEST, "passed or failed", GOOD),
)


def life() -> str:
    heads = ((CTEST, 80, "ctest"), (GENTLE, 220, "gentle start, run, stop"), (SUPERVISOR, 120, "supervisor"),
             (SERVICE, 240, "service and its children"))
    step, top = 30, 80
    bottom = top + step * len(LIFE)
    body = []
    for x, width, name in heads:
        body += box(x, 34, width, name)
        body.append(f'<line x1="{x}" y1="50" x2="{x}" y2="{bottom}" stroke="{EDGE_OF_BOX}" stroke-dasharray="3 4"/>')
    for number, (start, end, words, colour) in enumerate(LIFE):
        body += arrow([(start, top + step * number), (end, top + step * number)], words, colour)
    body.append(text(20, bottom + 16, "If ctest is killed, the supervisor sees its end and stops the service in the same way.", DIM, "start"))
    body.append(text(20, bottom + 36, "If the supervisor is killed, its parent, the successor, does.", DIM, "start"))
    return card("The life of a service, from api.start to api.stop", 930, bottom + 54, body)


def states() -> str:
    body = [*box(90, 50, 130, "starting"), *box(420, 50, 130, "ready", GOOD), *box(760, 50, 130, "died", BAD),
            *box(420, 190, 130, "stopping"), *box(760, 190, 130, "stopped"),
            *arrow([(155, 50), (355, 50)], "all conditions hold", GOOD),
            *arrow([(485, 50), (695, 50)], "main process ends", BAD),
            *arrow([(420, 66), (420, 174)]), text(430, 124, "stop asked, or nobody uses it", TEXT, "start"),
            *arrow([(90, 66), (90, 190), (355, 190)]), text(100, 150, "it failed, took too long,", TEXT, "start"),
            text(100, 168, "or stop was asked", TEXT, "start"),
            *arrow([(760, 66), (760, 105), (700, 105), (700, 160), (470, 160), (470, 174)]),
            text(692, 150, "stop asked", TEXT, "end"),
            *arrow([(485, 190), (695, 190)], "no process is left", GOOD)]
    return card("The states of a service", 850, 230, body)


def counts() -> str:
    body = [*box(110, 60, 170, "process\nof a service or test"),
            *arrow([(195, 50), (345, 50)], "is about to write"), *arrow([(195, 74), (345, 74)], "ends, in any way", TEXT, -16),
            *box(430, 60, 170, "os/tracer\nstops it, by ptrace"),
            *arrow([(515, 60), (615, 60)]),
            *box(725, 60, 220, "CoverageKeeper\nreads the counters"),
            *arrow([(725, 85), (725, 145)]),
            *box(725, 170, 220, "own folder\nof the process"),
            *arrow([(615, 170), (545, 170)]),
            *box(430, 170, 230, "gentle coverage\nmerge: adds all up"),
            *arrow([(315, 170), (225, 170)]), *arrow([(430, 195), (430, 245)]),
            *box(120, 170, 210, "GCC: .gcda\nbeside each .gcno"),
            *box(430, 270, 230, "Clang, Rust: profiles\nllvm-cov export"),
            *arrow([(120, 195), (120, 245)]), *arrow([(315, 270), (225, 270)]),
            *box(120, 270, 210, "one table\nof lines and branches"),
            *arrow([(120, 295), (120, 345)]),
            *box(250, 370, 470, "html, cobertura, lcov, json, ...\nand ctest -T Coverage, with the same totals", GOOD)]
    return card("The way of the counts, from a process to the report", 860, 410, body)


PICTURES = {"life-of-a-service.svg": life, "states.svg": states, "way-of-the-counts.svg": counts}


def problems(root: Path) -> list[str]:
    found = []
    for name, draw in PICTURES.items():
        path = root / FOLDER / name
        if not path.is_file() or path.read_text(encoding="utf-8") != draw():
            found.append(f"{FOLDER}/{name}: is not what tests/house/diagrams.py draws; build the target reference")
    return found


def main() -> int:
    root = Path(sys.argv[1])
    for name, draw in PICTURES.items():
        (root / FOLDER / name).write_text(draw(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
