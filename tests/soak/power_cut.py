"""A power cut costs one run at most, never the next one. A build folder lies on a file system in a file, mounted by a loop
device; the file is copied at ten moments of a run and after it, as a power cut would leave the disk. In each copy,
once its journal is replayed, the next run has to pass. Needs root and loop devices; 77 without.

    tests/soak/power_cut.py --gentle <gentle> --programs <folder> [--ctest <ctest>] [--filesystem ext4|xfs|btrfs]
"""

import argparse
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MOMENTS = 10
# The size of an image that it fits into, how it is made, and how it is mounted: the journals of ext4 and btrfs commit
# each second, so that names are there before what is in the files is; xfs has no such option. A copy of a disk has its
# UUID, too.
FILESYSTEMS = {
    "ext4": ("64M", ["mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0"], "loop,commit=1"),
    "xfs": ("320M", ["mkfs.xfs", "-q", "-f"], "loop,nouuid"),
    "btrfs": ("128M", ["mkfs.btrfs", "-q", "-f"], "loop,commit=1"),
}


class Failed(Exception):
    pass


def run(*command):
    return subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


class Disk:
    """A file with a file system in it; what is not on it yet is what a power cut loses."""

    def __init__(self, image, where, how):
        self.image, self.where, self.how = image, where, how

    def mount(self):
        return run("mount", "-o", self.how, self.image, self.where)

    def unmount(self):
        run("umount", self.where)


def write_project(build, options):
    lines = []
    for name, more in (("db", ""), ("api", f"depends {build}/db.spec\n")):
        (build / f"{name}.spec").write_text(
            f"gentle-spec 1\nname {name}\nstate {build}/Testing/Fixtures/{name}\ncommand {options.programs}/listens_tcp\n"
            f"command @{name.upper()}_PORT@\nport main\nready TCP\nready.arg main\n{more}scope run\nend\n", encoding="utf-8")
        for verb, role in (("start", "SETUP"), ("stop", "CLEANUP")):
            required = "db" if name == "api" else ""
            lines.append(f'add_test({name}.{verb} "{options.gentle}" {verb} "{build}/{name}.spec")')
            lines.append(f'set_tests_properties({name}.{verb} PROPERTIES FIXTURES_{role} {name} FIXTURES_REQUIRED "{required}")')
    lines.append(f'add_test(test "{options.gentle}" run --with "{build}/api.spec" -- sleep 0.3)')
    lines.append('set_tests_properties(test PROPERTIES FIXTURES_REQUIRED "api;db")')
    (build / "CTestTestfile.cmake").write_text("\n".join(lines) + "\n", encoding="utf-8")


def wait_until(moment):
    select.select([], [], [], max(0, moment - time.monotonic()))


def cut(disk, folder, options):
    """Copies of the image: during a run, and after it, when the journal has had its time."""
    build = disk.where / "build"
    began = time.monotonic()
    ctest = subprocess.Popen([options.ctest], cwd=build, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    images = []
    for number in range(MOMENTS):
        # The last ones when names are on the disk, and data is not: that is written after 30 s.
        wait_until(began + (number * 0.1 if number < 6 else number - 4))
        images.append(folder / f"cut-{number}")
        run("cp", "--sparse=always", disk.image, images[-1])
    output = ctest.communicate()[0]
    if ctest.returncode != 0:
        raise Failed(f"the run itself fails:\n{output.decode(errors='replace')}")
    return images


def next_run(image, where, how, options):
    """How many states were damaged there."""
    disk = Disk(image, where, how)
    mounted = disk.mount()
    if mounted.returncode != 0:
        raise Failed(f"{image.name}: {mounted.stdout.decode()}")
    try:
        states = list((where / "build/Testing/Fixtures").glob("*/state.json"))
        damaged = sum(not state.read_bytes().endswith(b"}\n") for state in states)
        done = subprocess.run([options.ctest, "--output-on-failure"], cwd=where / "build", check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise Failed(f"{image.name}: the next run fails:\n{done.stdout.decode(errors='replace')}")
        return damaged
    finally:
        disk.unmount()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gentle", required=True)
    parser.add_argument("--programs", required=True)
    parser.add_argument("--ctest", default="ctest")
    parser.add_argument("--filesystem", default="ext4", choices=FILESYSTEMS)
    options = parser.parse_args()
    size, mkfs, how = FILESYSTEMS[options.filesystem]
    folder = Path(tempfile.mkdtemp(prefix="gentle-power-"))
    disk = Disk(folder / "image", folder / "disk", how)
    disk.where.mkdir()
    try:
        if os.geteuid() != 0 or not shutil.which(mkfs[0]):
            print(f"skipped: needs root and {mkfs[0]}")
            return 77
        run("truncate", "-s", size, disk.image)
        made, mounted = run(*mkfs, disk.image), disk.mount()
        if made.returncode != 0 or mounted.returncode != 0:
            print(f"skipped: no loop device to mount: {(made.stdout + mounted.stdout).decode(errors='replace').strip()}")
            return 77
        try:
            (disk.where / "build").mkdir()
            write_project(disk.where / "build", options)
            first = subprocess.run([options.ctest], cwd=disk.where / "build", check=False, stdout=subprocess.PIPE)
            if first.returncode != 0:
                raise Failed(f"the first run fails:\n{first.stdout.decode(errors='replace')}")
            os.sync()
            images = cut(disk, folder, options)
        finally:
            disk.unmount()
        damaged = [next_run(image, disk.where, how, options) for image in images]
        print(f"cut at {len(images)} moments; states that were empty or damaged: {damaged}; each next run passes")
        return 0
    except Failed as failure:
        print(f"FAILED: {failure}")
        return 1
    finally:
        disk.unmount()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
