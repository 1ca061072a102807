"""A program for one compiler and one kind of image, and what its counts are when it exits."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import cells
import counts

PROGRAMS = Path(__file__).resolve().parent / "programs"
UNCOUNTED = ("ends", "dump", "surroundings")  # what is not instrumented
# So that the runtimes in all images call what dump.cc defines.
WRAP = "-Wl,--wrap=fcntl,--wrap=fwrite,--wrap=fclose"


class Failed(Exception):
    """Something is not as it must be."""


class Build:
    """In a folder of its own:

    build/   what would be a CMake project's build folder; here the objects and the programs lie
    truth/   for each list of works what processes count that do them and exit
    """

    instrument = ()
    instrument_link = ()

    def __init__(self, compiler, image, folder):
        self.compiler, self.image_name = compiler, image
        self.image = cells.IMAGES[image]
        self.folder = Path(folder)
        self.build = self.folder / "build"
        self.objects = self.build / "objects"
        self.program = self.objects / "program"
        self.namespaced = self.folder / "namespaced"
        self.environment = {name: value for name, value in os.environ.items()
                            if name in ("PATH", "LANG")}
        self.truths = {}

    def run(self, command, environment=None):
        done = subprocess.run([*map(str, command)], cwd=self.folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              env={**self.environment, **(environment or {})}, check=False)
        if done.returncode != 0:
            words = " ".join(map(str, command))
            raise Failed(f"{words}\nhas failed ({done.returncode}):\n{done.stdout}")

    def version(self):
        """15.3.0, or what the first line of --version has instead."""
        done = subprocess.run([self.compiler, "--version"], env=self.environment, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)
        found = re.search(r"\d+\.\d+\.\d+", done.stdout)
        return found.group() if found else "unknown"

    # The program

    def sources(self):
        calls = "loads" if self.image.libraries == "loaded" else "calls"
        return ["first", "second", "third", calls, "main", *UNCOUNTED]

    def compared(self):
        return [name for name in self.sources() if name not in ("main", *UNCOUNTED)]

    def make(self):
        self.objects.mkdir(parents=True)
        for name in self.sources():
            self.compile(name)
        objects = {name: self.objects / f"{name}.o" for name in self.sources()}
        libraries = []
        if self.image.libraries:
            for name in ("first", "second"):
                library = self.objects / f"lib{name}.so"
                self.link(library, [objects.pop(name)], "-shared")
                libraries.append(library)
        linked = libraries if self.image.libraries == "linked" else []
        loads = ["-rdynamic", "-ldl"] if self.image.libraries == "loaded" else []
        self.link(self.program, [*objects.values(), *linked], *loads, f"-Wl,-rpath,{self.objects}")
        self.images = [self.program, *libraries]
        self.run([self.compiler, "-std=gnu++20", "-Wall", "-Wextra", "-Werror",
                  PROGRAMS / "namespaced.cc", "-o", self.namespaced])

    def compile(self, name):
        counted = name not in UNCOUNTED
        flags = [*self.image.compile, *self.instrument] if counted else ["-O0"]
        in_library = self.image.libraries and name in ("first", "second")
        # With -std=c++20, gcc takes fork and exec for functions like any other, and wraps neither.
        self.run([self.compiler, "-std=gnu++20", "-Wall", "-Wextra", "-Werror", *flags,
                  *(["-fPIC"] if in_library else []), f'-DFOLDER="{self.objects}"', "-pthread",
                  "-c", PROGRAMS / f"{name}.cc", "-o", self.objects / f"{name}.o"])

    def link(self, path, objects, *more):
        self.run([self.compiler, *self.image.compile, *self.instrument_link, *self.image.link, WRAP,
                  "-pthread", *objects, *more, "-o", path])

    # What it counts

    def truth(self, works):
        """What processes count that do these works, one after the other, and exit; no gentle is
        there."""
        if works not in self.truths:
            folder = self.folder / "truth" / str(len(self.truths))
            folder.mkdir(parents=True)
            for process in works:
                self.run([self.program, "works", *process], self.writing_to(folder))
            found = self.counts_in(folder)
            self.check_truth(found, works)
            self.truths[works] = found
        return self.truths[works]

    def check_truth(self, found, works):
        """Nothing would be easier than to compare nothing with nothing."""
        sources = {source for _, source in found}
        expected = {f"{name}.cc" for name in self.compared()} | {"work.h"}
        if sources != expected:
            raise Failed(f"counted were {sorted(sources)}, not {sorted(expected)}")
        calls = self.calls_of(found, "first.cc", "first_work")
        if calls != sum(map(len, works)):
            raise Failed(f"first_work was called {calls} times for {works}")


def tools_of(compiler):
    """What has to be here to build with it, and to read what was counted."""
    if compiler.startswith("clang++"):
        return [compiler.replace("clang++", name) for name in ("clang++", "llvm-cov", "llvm-profdata", "ld.lld")]
    return [compiler, re.sub(r"[cg]\+\+", "gcov", compiler)]


class Gcc(Build):
    instrument = ("--coverage", "-fprofile-abs-path")
    instrument_link = ("--coverage",)

    def __init__(self, *given):
        super().__init__(*given)
        self.gcov = [tools_of(self.compiler)[1]]

    def writing_to(self, folder):
        return {"GCOV_PREFIX": str(folder)}

    def counts_in(self, folder=None):
        """In a folder to which the data was written, or of the data beside the objects."""
        place = Path(f"{folder}{self.objects}") if folder else self.objects
        notes = [place / f"{name}.gcno" for name in self.compared()]
        for note in notes if folder else []:
            shutil.copy(self.objects / note.name, note)
        return counts.of_gcov(self.gcov[0], self.folder, notes)

    def files_of_dump(self):
        """All sources that are instrumented have a file."""
        return len(self.compared()) + 1

    def calls_of(self, found, source, function):
        return next(entries["functions"][function]["execution_count"]
                    for name, entries in found.items() if name[1] == source)

    def data(self, folder):
        return sorted(Path(folder).rglob("*.gcda"))


class Clang(Build):
    instrument = ("-fprofile-instr-generate", "-fcoverage-mapping")
    instrument_link = ("-fprofile-instr-generate",)

    def __init__(self, *given):
        super().__init__(*given)
        _, self.cov, self.profdata, _ = tools_of(self.compiler)
        self.gcov = [self.cov, "gcov"]
        if "-flto" in self.image.link:
            self.instrument_link = (*self.instrument_link, "-fuse-ld=lld")

    def writing_to(self, folder):
        return {"LLVM_PROFILE_FILE": f"{folder}/%p/%m.profraw"}

    def counts_in(self, folder=None):
        folder = folder or self.build
        return counts.of_llvm(self.cov, self.profdata, self.images, self.data(folder), folder)

    def files_of_dump(self):
        return len(self.images)

    def calls_of(self, found, source, function):
        functions = found["", source]["functions"]
        return next(entry["count"] for (name, _), entry in functions.items() if name == function)

    def data(self, folder):
        return sorted(Path(folder).rglob("*.profraw"))


def build_for(compiler, image, folder):
    kind = Clang if "clang" in compiler else Gcc
    return kind(compiler, image, folder)
