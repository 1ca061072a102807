"""What is compiled and tried, and where. docs/compilers.md is made of it."""

from dataclasses import dataclass

# What a build needs besides its compiler; Python is the smoke test's.
TOOLS = ("cmake", "ninja-build", "nlohmann-json3-dev", "python3", "libc6-dev", "binutils")

RELEASES = {"bookworm": "Debian 12", "trixie": "Debian 13", "sid": "Debian sid", "": "anywhere"}


@dataclass(frozen=True)
class Build:
    release: str  # a root of it; "": the machine itself, with zig from PyPI
    compiler: str  # the command, or for zig the target
    packages: tuple = ()
    flags: str = ""
    emulator: str = ""  # runs what was built
    ci: bool = False  # is a test of our own build
    ours: bool = False  # is what our own build is made with

    @property
    def name(self):
        return f"{self.release or 'zig'}-{self.compiler}" + ("-libc++" if "libc++" in self.flags else "")

    @property
    def has_gcov(self):
        """A native gcc: what it compiles runs, and its gcov is in the same package."""
        return self.compiler.startswith("g++-")

    @property
    def library(self):
        return "libc++" if "libc++" in self.flags or not self.release else "libstdc++"


def gcc(release, version, **more):
    return Build(release, f"g++-{version}", (f"g++-{version}",), **more)


def clang(release, version, gcc_version, **more):
    """With the libstdc++ of a GCC: clang takes the newest that is there."""
    return Build(release, f"clang++-{version}", (f"clang-{version}", f"g++-{gcc_version}"), **more)


def clang_libcxx(release, version, **more):
    packages = (f"clang-{version}", f"libc++-{version}-dev", f"libc++abi-{version}-dev")
    return Build(release, f"clang++-{version}", packages, flags="-stdlib=libc++", **more)


def cross(release, prefix, version, emulator="", **more):
    # Static: the emulator needs no libraries of the other architecture.
    return Build(release, f"{prefix}-g++-{version}", (f"g++-{version}-{prefix}",), emulator=emulator, **more)


BUILDS = (
    gcc("bookworm", 11, ci=True),
    gcc("bookworm", 12, ours=True),
    clang("bookworm", 14, 12, ci=True),
    clang("bookworm", 15, 12),
    clang("bookworm", 16, 12),
    clang("bookworm", 19, 12, ci=True),
    clang_libcxx("bookworm", 19, ci=True),
    gcc("trixie", 13),
    gcc("trixie", 14, ci=True),
    clang("trixie", 17, 14),
    clang("trixie", 18, 14),
    clang_libcxx("trixie", 18),
    cross("trixie", "aarch64-linux-gnu", 14, "qemu-aarch64-static", ci=True),
    # Not static: this C library has no start for a static program that is position independent.
    cross("trixie", "arm-linux-gnueabihf", 14, "qemu-arm-static -L /usr/arm-linux-gnueabihf"),
    cross("trixie", "i686-linux-gnu", 14),
    gcc("sid", 15),
    gcc("sid", 16),
    clang("sid", 19, 16),
    clang("sid", 21, 16),
    clang("sid", 22, 16),
    clang_libcxx("sid", 22),
    Build("", "x86_64-linux-musl", ci=True),
    Build("", "aarch64-linux-musl", emulator="qemu-aarch64-static"),
    Build("", "arm-linux-musleabihf", emulator="qemu-arm-static"),
    Build("", "x86-linux-musl"),
)

# The first command of the README, in a file system that has nothing but the smallest Debian.
QUICKSTARTS = ("bookworm", "trixie", "sid")
