"""The layers of helper/: what stands where, and who may include whom."""

import re
from pathlib import Path

# A layer, or a room of one, and what its files may include, besides their own.
LAYERS = {
    "base": set(),
    "model": {"base"},
    "os": {"base"},
    "coverage/image": {"base", "os"},
    "coverage/gcov": {"base", "os", "coverage/image"},
    "coverage/llvm": {"base", "os", "coverage/image"},
    "coverage/languages": {"base", "model", "os", "coverage/image"},
    "coverage/fold": {"base", "os", "coverage/gcov"},
    "coverage/keep": {"base", "model", "os", "coverage/image", "coverage/gcov", "coverage/llvm",
                      "coverage/languages", "coverage/fold"},
    "coverage/merge": {"base", "os", "coverage/image", "coverage/gcov", "coverage/llvm", "coverage/languages",
                       "coverage/fold"},
    "coverage/table": {"base", "coverage/gcov", "coverage/llvm"},
    "coverage/combine": {"base", "model", "coverage/gcov", "coverage/languages", "coverage/llvm", "coverage/table", "coverage/formats"},
    "coverage/formats": {"base", "model", "os", "coverage/table"},
    "coverage/page": {"base", "model", "os", "coverage/table", "coverage/formats"},
    "coverage/report": {"base", "model", "os", "coverage/image", "coverage/gcov", "coverage/llvm", "coverage/languages",
                        "coverage/fold", "coverage/keep", "coverage/merge", "coverage/table", "coverage/combine", "coverage/formats",
                        "coverage/page"},
    "coverage/report/ctest": {"base", "model", "os", "coverage/merge", "coverage/report"},
    "probe": {"base", "model", "os"},
    "supervise": {"base", "model", "os", "coverage", "probe"},
    "cli": {"base", "model", "os", "coverage", "probe", "supervise"},
}
# By these headers others enter the rooms of a layer, and by no other.
ENTRANCES = {
    "coverage": {"coverage/fold/data_folders.h", "coverage/keep/coverage_keeper.h", "coverage/keep/coverage_paths.h",
                 "coverage/report/combined_report.h", "coverage/report/coverage_step.h", "coverage/report/filters.h",
                 "coverage/report/work_files.h",
                 "coverage/report/ctest/ctest_gcov.h"},
}
BUILD_FILES = ("CMakeLists.txt", "dependencies.cmake", "static_linking.cmake", "coverage/embed_assets.cmake")
# What the build puts into the program as it is.
ASSETS = ("coverage/page/assets/", "coverage/languages/assets/")
MAIN = "main.cc"
MAIN_LINES = 40

# Headers that bring system calls, or the library's wrappers of them.
SYSTEM = re.compile(
    r"(aio|dirent|dlfcn|fcntl|ftw|glob|grp|ifaddrs|mqueue|netdb|poll|pthread|pty|pwd|sched"
    r"|semaphore|spawn|stdio|syslog|termios|threads|unistd|utime|wordexp)\.h"
    r"|(arpa|asm|linux|net|netinet|sys)/.*"
    r"|condition_variable|cstdio|filesystem|fstream|future|iostream|mutex|print|semaphore|thread")
# The headers that a pure layer may use all the same; close is base's one system call.
ALLOWED_SYSTEM = {"base": {"unistd.h"}, "model": set()}
ALLOWED_CALLS = {"base": {"close"}, "model": set()}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
GLOBAL_CALL = re.compile(r"(?<![\w>:])::([a-z_]\w*)\s*\(")
NAME = re.compile(r"[a-z][a-z0-9_]*\.(h|cc)")


def problems(root: Path) -> list[str]:
    helper = root / "helper"
    found = []
    sources = {}
    for path in sorted(helper.rglob("*")):
        if path.is_dir():
            continue
        name = path.relative_to(helper)
        if name.as_posix() in (MAIN, *BUILD_FILES) or name.as_posix().startswith(ASSETS):
            pass
        elif _layer_of(name.as_posix()) not in LAYERS:
            found.append(f"helper/{name}: belongs to no layer; the layers are {', '.join(LAYERS)}")
            continue
        elif not NAME.fullmatch(name.name):
            found.append(f"helper/{name}: is not named like snake_case.h or snake_case.cc")
            continue
        if path.suffix in (".h", ".cc"):
            sources[name.as_posix()] = path.read_text(encoding="utf-8")
    if not sources:
        found.append("helper/: holds no sources")
    for name, source in sources.items():
        found += _includes(name, source, sources)
        if name.endswith(".h") and "#pragma once\n" not in source:
            found.append(f"helper/{name}: has no #pragma once")
        layer = _layer_of(name)
        if layer in ALLOWED_SYSTEM:
            found += _purity(name, layer, sources)
    if sources.get(MAIN, "").count("\n") > MAIN_LINES:
        found.append(f"helper/{MAIN}: has more than {MAIN_LINES} lines; the program is a library "
                     "and a tiny main")
    return found


def _layer_of(name: str) -> str:
    return name.rpartition("/")[0]


def _includes(name: str, source: str, sources: dict[str, str]) -> list[str]:
    layer = _layer_of(name)
    allowed = LAYERS.get(layer, set(LAYERS)) | {layer}
    found = []
    for match in INCLUDE.finditer(source):
        own = match.group(1)
        if own is None:
            continue
        where = f"helper/{name}:{source.count(chr(10), 0, match.start()) + 1}"
        if own not in sources:
            found.append(f'{where}: "{own}" is no file of helper/; write "layer/file.h"')
            continue
        floor = own.split("/")[0]
        if not {_layer_of(own), floor} & allowed:
            uses = ", ".join(sorted(allowed - {layer})) or "no other layer"
            found.append(f'{where}: includes "{own}", but {layer}/ may use {uses}')
        elif floor in ENTRANCES and floor != name.split("/")[0] and own not in ENTRANCES[floor]:
            found.append(f'{where}: includes "{own}", but others enter {floor}/ by '
                         + ", ".join(sorted(ENTRANCES[floor])))
    return found


def _purity(name: str, layer: str, sources: dict[str, str]) -> list[str]:
    found = []
    for header, via in sorted(_all_system_headers(name, sources).items()):
        if SYSTEM.fullmatch(header) and header not in ALLOWED_SYSTEM[layer]:
            through = "" if via == name else f" through helper/{via}"
            found.append(f"helper/{name}: includes <{header}>{through}, but {layer}/ makes no "
                         "system calls")
    for call in GLOBAL_CALL.findall(sources[name]):
        if call not in ALLOWED_CALLS[layer]:
            found.append(f"helper/{name}: calls ::{call}(), but {layer}/ makes no system calls"
                         + (" but close" if layer == "base" else ""))
    return found


def _all_system_headers(name: str, sources: dict[str, str]) -> dict[str, str]:
    """Each <header> that `name` sees, and the file of helper/ that includes it."""
    headers: dict[str, str] = {}
    seen = set()
    left = [name]
    while left:
        current = left.pop()
        if current in seen or current not in sources:
            continue
        seen.add(current)
        for own, system in INCLUDE.findall(sources[current]):
            if own:
                left.append(own)
            else:
                headers.setdefault(system, current)
    return headers
