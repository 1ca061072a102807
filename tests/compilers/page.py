"""The page docs/compilers.md, of what builds.py lists."""

HEAD = """# Compilers and systems

`tests/compilers/run` compiles the helper with each compiler below, with its warnings as errors. It then starts services
with the result, runs a test, and stops them. A mark in the last column means that every run of the project's own
tests does it; the others are tried by hand, before a release.

    tests/compilers/run                        # everything; needs root and a network
    tests/compilers/run --only 'g..-1[56]'     # some of it
    tests/compilers/run --only zig             # needs no root

It works in file systems of Debian 12, 13 and sid, which it makes by debootstrap and keeps in `build/compilers`.

| compiler | C++ library | system | C library | emulator | always |
|---|---|---|---|---|:-:|
"""
RELEASES = {"bookworm": "Debian 12", "trixie": "Debian 13", "sid": "Debian sid", "": "zig 0.17"}


def row(build):
    libc = "musl" if "musl" in build.compiler else "glibc"
    emulator = f"`{build.emulator}`" if build.emulator else ""
    return (f"| `{build.compiler}` | {build.library} | {RELEASES[build.release]} | {libc} | {emulator} "
            f"| {'x' if build.ci else ''} |\n")


def text(builds, quickstarts):
    systems = ", ".join(RELEASES[release] for release in quickstarts)
    return (HEAD + "".join(map(row, builds)) + f"""
The quickstart is run in file systems with the smallest {systems}: by root, and by an ordinary user.
Debian 13's is always.

On 32-bit processors and all others but x86-64 and arm64, the counters of a killed process cannot be read from its
memory; the start of an instrumented service says so. The same holds under qemu-user, where `ptrace` does not work.
Everything else works there.
""")
