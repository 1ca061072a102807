"""The top level and the folders of tests/ are fixed; unit tests mirror the helper's files."""

from pathlib import Path

import tree

FOLDERS = {".ci", "cmake", "docs", "examples", "helper", "packaging", "tests"}
FILES = {".clang-format", ".clang-tidy", ".gitignore", "CHANGELOG.md", "CMakeLists.txt",
         "CMakePresets.json", "CONTRIBUTING.md", "LICENSE", "README.md", "SECURITY.md"}
TESTS = {"adopted", "bench", "cli", "compilers", "ends", "fuzz", "gcov", "house", "lib", "matrix", "packages", "page", "programs", "projects",
         "recorders", "servers", "slurm", "soak", "unit"}


def problems(root: Path) -> list[str]:
    found = []
    files = tree.files(root)
    top_files = {path.name for path in files if len(path.parts) == 1}
    top_folders = {path.parts[0] for path in files if len(path.parts) > 1}
    found += [f"{name}: no such file at the top level is foreseen" for name in
              sorted(top_files - FILES)]
    found += [f"{name}/: no such folder at the top level is foreseen" for name in
              sorted(top_folders - FOLDERS)]
    tests = {path.parts[1] for path in files if path.parts[0] == "tests" and len(path.parts) > 2}
    found += [f"tests/{name}/: no such folder of tests is foreseen" for name in
              sorted(tests - TESTS)]
    concepts = {path.stem for path in files if path.parts[0] == "helper"}
    for path in files:
        if path.parent == Path("tests/unit") and path.name.endswith("_test.cc"):
            if path.name.removesuffix("_test.cc") not in concepts:
                found.append(f"{path}: mirrors no file of helper/, such as "
                             "helper/model/spec.cc for spec_test.cc")
    return found
