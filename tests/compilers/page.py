"""The page docs/compilers.md: what builds.py lists and results.json says was tried with success."""

import json
from pathlib import Path

from builds import BUILDS, QUICKSTARTS

RESULTS = Path(__file__).with_name("results.json")
PAGE = Path(__file__).resolve().parent.parent.parent / "docs/compilers.md"

HEAD = """# Compilers and systems

`tests/compilers/run` compiles the helper with each compiler below, with its warnings as errors. It then starts services
with the result, runs a test, and stops them. A mark in the last column means that every run of the project's own
tests does it; the others are tried by hand, before a release.

    tests/compilers/run                        # everything; needs root and a network
    tests/compilers/run --only 'g..-1[56]'     # some of it
    tests/compilers/run --only zig             # needs no root
    tests/compilers/run --record               # writes this page anew

It works in file systems of Debian 12, 13 and sid, which it makes by debootstrap and keeps in `build/compilers`.

| compiler | C++ library | system | C library | emulator | tried | always |
|---|---|---|---|---|---|:-:|
"""
QUICKSTART = """
`examples/quickstart/run` passes in file systems with the smallest Debian, by root and by an ordinary user:

| system | tried | always |
|---|---|:-:|
"""
GCOV = """
The [reader of gcov's files](gcov-reader.md#how-equality-is-tested) and gcov say the same, field by field, on programs that
these compilers have compiled there (`tests/compilers/run --only gcov`):

| compiler | system | tried |
|---|---|---|
"""
TAIL = """
Ubuntu 22.04 has gcovr 5.0, which is too old: install a newer one with `pip install gcovr`. Ubuntu 24.04 has all of it.

Counters of a killed process are read from its memory on x86-64 and arm64 only, and not under qemu-user, where
`ptrace` does not work. There the start of an instrumented service says so. Everything else works.
"""
RELEASES = {"bookworm": "Debian 12", "trixie": "Debian 13", "sid": "Debian sid", "": "zig 0.17"}




def results():
    """The compiler's words about its version, by the name of the build."""
    return json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}


def row(build, tried):
    libc = "musl" if "musl" in build.compiler else "glibc"
    emulator = f"`{build.emulator}`" if build.emulator else ""
    return (f"| `{build.compiler}` | {build.library} | {RELEASES[build.release]} | {libc} | {emulator} "
            f"| {tried} | {'x' if build.ci or build.ours else ''} |\n")


def text():
    found = results()
    rows = [row(build, found[build.name]) for build in BUILDS if build.name in found]
    missing = [build.name for build in BUILDS if build.name not in found]
    quickstarts = [f"| {RELEASES[release]} | {found[f'quickstart-{release}']} | {'x' if release == 'trixie' else ''} |\n"
                   for release in QUICKSTARTS if f"quickstart-{release}" in found]
    gcovs = [f"| `{build.compiler}` | {RELEASES[build.release]} | {found[f'gcov-{build.name}']} |\n"
             for build in BUILDS if f"gcov-{build.name}" in found]
    left_out = f"\nNot tried with success yet: {', '.join(f'`{name}`' for name in missing)}.\n" if missing else ""
    return HEAD + "".join(rows) + left_out + QUICKSTART + "".join(quickstarts) + GCOV + "".join(gcovs) + TAIL
