"""Packs an installed GentleFixtures as a wheel for pip: make_wheel.py <prefix> <output folder>.

<prefix> is what `cmake --install <build> --prefix <prefix>` has filled. The program has to be static: it runs
with every C library then, so the wheel is for manylinux and musllinux alike.

No build backend: they build and pack Python modules, and here is none. A wheel is a zip file with three
texts in it (packaging.python.org/specifications/binary-distribution-format), so this needs Python alone.
"""

import base64
import hashlib
import re
import struct
import sys
import zipfile
from pathlib import Path

NAME = "gentle_fixtures"
PROCESSORS = {62: "x86_64", 183: "aarch64"}  # e_machine, elf(5)
SYSTEMS = ("manylinux_2_17", "manylinux2014", "musllinux_1_1")
PT_INTERP = 3
BEGIN = (1980, 1, 1, 0, 0, 0)  # the same files make the same wheel
SUMMARY = "Services as fixtures of CTest: started, awaited and stopped gently, with their coverage"
DESCRIPTION = """# GentleFixtures

The program `gentle` and the CMake functions that declare the servers of tests.

    pip install gentle-fixtures
    CMAKE_PREFIX_PATH=$(gentle --cmake-prefix) cmake -B build

`find_package(GentleFixtures CONFIG REQUIRED)` finds the functions then. For Linux and CMake 3.22 or newer.
"""


class Wrong(Exception):
    """What cannot be packed, and what to do."""


def processor_of(program):
    """The processor of a static program of 64 bits."""
    image = program.read_bytes()
    if image[:6] != b"\x7fELF\x02\x01":
        raise Wrong(f"'{program}': expected an ELF program of 64 bits, little-endian")
    machine, = struct.unpack_from("<H", image, 18)
    if machine not in PROCESSORS:
        raise Wrong(f"'{program}': expected a program for {' or '.join(PROCESSORS.values())}, got ELF machine {machine}")
    headers, = struct.unpack_from("<Q", image, 32)
    size, count = struct.unpack_from("<HH", image, 54)
    if any(struct.unpack_from("<I", image, headers + size * index)[0] == PT_INTERP for index in range(count)):
        raise Wrong(f"'{program}': expected a static program, got one that loads shared libraries\n"
                    "hint: packaging/static builds static ones")
    return PROCESSORS[machine]


def version_of(cmake_files):
    text = (cmake_files / "GentleFixturesVersion.cmake").read_text(encoding="utf-8")
    return re.search(r"GentleFixtures_VERSION ([\d.]+)\)", text).group(1)


def installed_files(prefix, data):
    """(name in the wheel, file): pip puts scripts/ into its bin, and data/ below its prefix."""
    yield f"{data}/scripts/gentle", prefix / "bin/gentle"
    for folder in ("share/cmake", "share/man"):
        for path in sorted((prefix / folder).rglob("*")):
            if path.is_file():
                yield f"{data}/data/{path.relative_to(prefix)}", path


def make(prefix, output):
    cmake_files = prefix / "share/cmake/GentleFixtures"
    if not (cmake_files / "GentleFixturesConfig.cmake").is_file():
        raise Wrong(f"'{prefix}': expected an installed GentleFixtures\n"
                    "hint: cmake --install <build folder> --prefix <prefix>")
    version, processor = version_of(cmake_files), processor_of(prefix / "bin/gentle")
    tags = [f"py3-none-{system}_{processor}" for system in SYSTEMS]
    info = f"{NAME}-{version}.dist-info"
    contents = {name: path.read_bytes() for name, path in installed_files(prefix, f"{NAME}-{version}.data")}
    for name in ("LICENSE", "third-party-licences"):
        licence, = prefix.glob(f"share/doc/*/{name}")
        contents[f"{info}/licenses/{name}"] = licence.read_bytes()
    contents[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.4\nName: gentle-fixtures\nVersion: {version}\nSummary: {SUMMARY}\n"
        "License-Expression: Apache-2.0\nLicense-File: LICENSE\nLicense-File: third-party-licences\n"
        "Keywords: cmake,ctest,coverage,testing,fixtures\nRequires-Python: >=3.7\n"
        f"Description-Content-Type: text/markdown\n\n{DESCRIPTION}").encode()
    contents[f"{info}/WHEEL"] = ("Wheel-Version: 1.0\nGenerator: gentle-fixtures\nRoot-Is-Purelib: false\n"
                                 + "".join(f"Tag: {tag}\n" for tag in tags)).encode()
    record = "".join(f"{name},sha256={digest(content)},{len(content)}\n" for name, content in contents.items())
    contents[f"{info}/RECORD"] = (record + f"{info}/RECORD,,\n").encode()

    output.mkdir(parents=True, exist_ok=True)
    platforms = ".".join(f"{system}_{processor}" for system in SYSTEMS)
    wheel = output / f"{NAME}-{version}-py3-none-{platforms}.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name, BEGIN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if "/scripts/" in name else 0o100644) << 16
            archive.writestr(entry, content)
    return wheel


def digest(content):
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.partition("\n")[0])
    try:
        print(make(Path(sys.argv[1]), Path(sys.argv[2])))
    except Wrong as wrong:
        sys.exit(f"make_wheel: error: pack {wrong}")


if __name__ == "__main__":
    main()
