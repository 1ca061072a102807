"""Compiles and runs the programs of corpus/ with one gcc."""

import shutil
import subprocess
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
HOW = {
    "plain": ["-O0"],
    "fast": ["-O2"],
    # Each function where it is used, and counters that another process may add to.
    "atomic": ["-O1", "-g", "-fprofile-update=atomic", "-fno-inline"],
}


class Compiler:
    """One gcc: its C and C++ compilers and its gcov, by their suffix, as "-12"."""

    def __init__(self, suffix: str):
        self.c, self.cxx, self.gcov = (name + suffix for name in ("gcc", "g++", "gcov"))
        done = subprocess.run([self.cxx, "-dumpversion"], check=True, stdout=subprocess.PIPE)
        self.major = int(done.stdout.split(b".")[0])

    def conditions(self) -> list[str]:
        return ["-fcondition-coverage"] if self.major >= 14 else []


def found() -> list[Compiler]:
    """Each gcc from 11 on that is here."""
    return [Compiler(f"-{major}") for major in range(11, 30)
            if all(shutil.which(f"{name}-{major}") for name in ("gcc", "g++", "gcov"))]


def compile_and_run(compiler: Compiler, folder: Path) -> list[Path]:
    """The .gcno files; half of them have a .gcda, the other half was never executed."""
    objects = []
    for source in sorted((*CORPUS.glob("*.c"), *CORPUS.glob("*.cc"))):
        for how, options in HOW.items():
            place = folder / how / source.stem
            place.mkdir(parents=True)
            shutil.copytree(CORPUS, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("modules"))
            _compile(compiler, options + compiler.conditions(), source.name, place)
            never = place.with_name(source.stem + "-never")
            shutil.copytree(place, never)
            subprocess.run(["./program"], cwd=place, check=source.stem != "killed", timeout=60,
                           stdout=subprocess.DEVNULL)
            objects += [place / "unit.gcno", never / "unit.gcno"]
    return objects + _modules(compiler, folder / "modules")


def _modules(compiler: Compiler, place: Path) -> list[Path]:
    """A module and who imports it: each needs the one before."""
    shutil.copytree(CORPUS / "modules", place)
    options = ["-std=c++20", "-fmodules-ts", "--coverage"]
    names = ["part", "user"]
    for name in names:
        subprocess.run([compiler.cxx, *options, "-c", f"{name}.cc"], cwd=place, check=True, timeout=120)
    subprocess.run([compiler.cxx, "--coverage", *(f"{name}.o" for name in names), "-o", "program"],
                   cwd=place, check=True, timeout=120)
    subprocess.run(["./program"], cwd=place, check=True, timeout=60)
    return [place / f"{name}.gcno" for name in names]


def _compile(compiler: Compiler, options: list[str], source: str, place: Path) -> None:
    is_c = source.endswith(".c")
    program = compiler.c if is_c else compiler.cxx
    language = ["-std=gnu11"] if is_c else ["-std=c++20"]
    subprocess.run([program, *language, "-w", *options, "--coverage", "-c", source, "-o", "unit.o"],
                   cwd=place, check=True, timeout=120)
    subprocess.run([program, "--coverage", "unit.o", "-o", "program"], cwd=place, check=True,
                   timeout=120)
