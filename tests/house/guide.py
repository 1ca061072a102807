"""Every ```cmake block of docs/guide.md and of the how-tos is a project that configures, but for pages that are walked as a whole.

What a block only names (a target, a service that another block declares) gets a stand-in. The first
blocks, which get the functions into a project, are tested by tests/projects.
"""

import os
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PAGE = "docs/guide.md"
HOW_TOS = "docs/how-to"
WALKED = ("pytest.md",)  # as a whole, by a check of their own
BLOCK = re.compile(r"^```cmake\n(.*?)^```$", re.MULTILINE | re.DOTALL)
GETS_THE_FUNCTIONS = re.compile(r"include\(GentleFixtures\)|find_package\(GentleFixtures")


def problems(root: Path, gentle: Path, cmake: Path) -> list[str]:
    blocks = [block for page in _pages(root) for block in _blocks(root, page)]
    exports = {service: names for block, _ in blocks for service, names in _exports(block)}
    if len(blocks) < 5:
        return [f"{PAGE}: hardly any block was found"]
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(os.cpu_count()) as pool:

        def configure(item: tuple[int, tuple[str, str]]) -> str:
            number, (block, where) = item
            folder = Path(scratch) / str(number)
            folder.mkdir()
            (folder / "CMakeLists.txt").write_text(project(root, block, exports), encoding="utf-8")
            for source in set(re.findall(r"\b\w+\.cc\b", block)) | {"stand_in.cc"}:
                (folder / source).write_text("int main() { return 0; }\n")
            done = subprocess.run([cmake, "--no-warn-unused-cli", "-S", folder, "-B", folder / "build",
                                   f"-DGENTLE_EXECUTABLE={gentle}"], capture_output=True, text=True,
                                  check=False)
            if done.returncode == 0 and "Warning" not in done.stderr:
                return ""
            return f"{where}: the block does not configure:\n{done.stderr}"

        return [told for told in pool.map(configure, enumerate(blocks)) if told]


def _pages(root: Path) -> list[str]:
    return [PAGE, *(f"{HOW_TOS}/{path.name}" for path in sorted((root / HOW_TOS).glob("*.md")) if path.name not in WALKED)]


def _blocks(root: Path, page: str):
    """Each with the place where it begins."""
    text = (root / page).read_text(encoding="utf-8")
    for match in BLOCK.finditer(text):
        if not GETS_THE_FUNCTIONS.search(match.group(1)):
            yield match.group(1), f"{page}:{text.count(chr(10), 0, match.start()) + 1}"


def _exports(block: str):
    for service, words in re.findall(r"^add_fixture_service\(([\w-]+)(.*?)\)$", block, re.MULTILINE | re.DOTALL):
        yield service, re.findall(r"EXPORT (\w+)=", words)


def project(root: Path, block: str, exports: dict[str, list[str]] | None = None) -> str:
    """The block with what it names and does not declare."""
    code = re.sub(r"(^|\s)#.*", r"\1", block)
    lines = ["cmake_minimum_required(VERSION 3.22)", "project(guide LANGUAGES CXX)", "include(CTest)",
             f'list(APPEND CMAKE_MODULE_PATH "{root}/cmake")', "include(GentleFixtures)",
             "add_library(GTest::gtest_main INTERFACE IMPORTED)"]
    targets = set(re.findall(r"discover_fixture_tests\((\w+)", code))
    for words in re.findall(r"INSTRUMENT((?:\s+[a-z][\w-]*)+)", code):
        targets |= set(words.split())
    for target in sorted(targets - set(re.findall(r"add_executable\((\w+)", code))):
        lines.append(f"add_executable({target} stand_in.cc)")
    needed = set()
    for words in re.findall(r"(?:FIXTURES|DEPENDS)((?:\s+[a-z][a-z0-9_-]*)+)", code):
        needed |= set(words.split())
    # A loop declares node-${n}.
    declared = [re.sub(r"\\\$\\\{\w+\\\}", ".+", re.escape(name))
                for name in re.findall(r"add_fixture_service\(([\w${}-]+)", code)]
    for service in sorted(name for name in needed if not any(re.fullmatch(one, name) for one in declared)):
        more = "".join(f" EXPORT {name}=x" for name in (exports or {}).get(service, []))
        lines.append(f"add_fixture_service({service} COMMAND true PORTS main{more})")
    return "\n".join([*lines, block])
