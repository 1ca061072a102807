"""Runs commands of a page in an empty folder, as on a machine where GentleFixtures is installed."""

import os
import re
import subprocess
import tempfile
from pathlib import Path

# What a reader's machine does not have set.
OURS = re.compile(r"^(CMAKE|CTEST|GENTLE|DART|NINJA|GCOV|LLVM_PROFILE)|^MAKE|^MFLAGS$|^DESTDIR$|^(C|CXX|CPP|LD)FLAGS$")


class Trial:
    """A scratch folder, removed at the end of `with`, with the services that were left running.

    GentleFixtures is the checkout at `root` with this `gentle`; without one it is what the machine has. The programs of the
    folder `first` hide others of their names."""

    def __init__(self, root: Path, gentle: Path | None = None, cmake: Path | None = None, first: Path | None = None):
        self._scratch = tempfile.TemporaryDirectory()
        scratch = Path(self._scratch.name).resolve()
        self.folder, package, programs = (scratch / name for name in ("project", "package", "bin"))
        for folder in (self.folder, package, programs):
            folder.mkdir()
        self._environment = {name: value for name, value in os.environ.items() if not OURS.match(name)} | {
            "LC_ALL": "C.UTF-8"}
        if not gentle or not cmake:
            if prefix := os.environ.get("CMAKE_PREFIX_PATH"):
                self._environment["CMAKE_PREFIX_PATH"] = prefix
            return
        (package / "GentleFixturesConfig.cmake").write_text(
            f'set(GENTLE_EXECUTABLE "{gentle}")\ninclude("{root}/cmake/GentleFixturesConfig.cmake")\n', encoding="utf-8")
        (programs / "gentle").symlink_to(gentle)
        self._environment |= {"GentleFixtures_DIR": str(package),
                              "PATH": ":".join(map(str, [*([first] if first else []), programs, cmake.resolve().parent,
                                                         os.environ["PATH"]]))}

    def __enter__(self) -> "Trial":
        return self

    def __exit__(self, *_) -> None:
        if (self.folder / "build/Testing").is_dir():
            self.run("gentle down --build build")
        self._scratch.cleanup()

    def write(self, name: str, content: str) -> None:
        (self.folder / name).write_text(content, encoding="utf-8")

    def append(self, name: str, content: str) -> None:
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write("\n" + content)

    def run(self, line: str) -> tuple[int, str]:
        """Its status, and what it says with a reader's folder in the place of the scratch one."""
        done = subprocess.run(["bash", "-c", line], cwd=self.folder, env=self._environment, text=True, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout.replace(str(self.folder), "/project")


def alike(line: str) -> str:
    """What is the same in each run: without numbers, and the dots and spaces that depend on their width."""
    line = re.sub(r"\s*\(\d[\d.]*s\)$", "", line)  # the time of newer CMakes
    line = re.sub(r"\.{2,}|\s+|\*{3}", " ", line)
    return re.sub(r"\d[\d.]*", "0", " ".join(line.split()))
