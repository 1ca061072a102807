"""A process that fills what its coverage is read from with anything: its rescue has an end, in time and
in memory, what is lost is told, and the supervisor answers all the while."""

import os
import re
import subprocess
import sys
import time
import unittest
from pathlib import Path

import harness
from control_socket import settle
from counted import CoverageTest
from harness import GENTLE

PROGRAMS = Path(__file__).resolve().parents[1] / "programs"
NAMESPACES = ["--user", "--map-root-user", "--mount"]
LONGEST = 10  # seconds for one process
LARGEST = 256  # MiB for one rescue
LIMIT = "its rescue reached a limit: "
LONG = LIMIT + "it takes longer than a rescue may"
LARGE = LIMIT + "it has more than a rescue may hold in memory"
FILES = LIMIT + "it has mapped more files than a rescue looks at"


class HostileRescue(CoverageTest):
    def declare(self, how, count):
        """A service that is ready when the hostile processes have ended and their rescues are over."""
        program = self.compiled("hostile")
        return self.service("api", "/bin/sh", "-c", f"{program} {how} {count}; echo over; exec sleep 600",
                            ready=[("LOG", "^over$")], start_timeout=120)

    def is_hostile(self, how, count=1):
        api = self.declare(how, count)
        began = time.monotonic()
        api.start()
        self.took = time.monotonic() - began
        status = Path(f"/proc/{api.supervisor()}/status").read_text(encoding="utf-8")
        self.peak = int(re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE).group(1)) / 1024
        return api

    def assert_takes_less_memory_than(self, mebibytes):
        """AddressSanitizer keeps what was freed, and notes beside each byte."""
        if b"__asan_report_load8" not in Path(GENTLE).read_bytes():
            self.assertLess(self.peak, mebibytes)

    def assert_lost(self, how, reason, seconds, mebibytes):
        api = self.is_hostile(how)
        self.assertLess(self.took, seconds)
        self.assert_takes_less_memory_than(mebibytes)
        told = api.stop(code=1).err
        self.assertIn(f"\n  1: {reason}", told)
        lost = self.ledger(api)["lost"]
        self.assertEqual((len(lost), list(lost.values())), (1, [1]))

    def test_names_as_long_as_can_be(self):
        self.assert_lost("largest-names", LARGE, LONGEST, LARGEST)

    def test_a_list_without_an_end(self):
        self.assert_lost("cyclic", "its counters cannot be read: its list of objects goes in a circle", 3, 64)

    def test_memory_that_is_not_there(self):
        self.assert_lost("unmapped", "its counters cannot be read: there is nothing at address", 3, 64)

    def test_files_that_take_for_ever_to_check(self):
        self.assert_lost("slow-check", LONG, LONGEST + 5, 64)

    def test_memory_that_waits_for_its_process(self):
        """Without the right to have the kernel's accesses wait, the process can hold up nobody."""
        self.assert_lost("waiting-memory", "its counters cannot be read: there is nothing at address", 3, 64)

    def test_an_environment_without_an_end(self):
        """It is looked for where it may have written; what is not there is rescued."""
        api = self.is_hostile("endless-environment")
        self.assertLess(self.took, 3)
        self.assert_takes_less_memory_than(64)
        self.assertIn("1 rescued (could not write)", api.stop().out)

    def test_more_mappings_than_a_program_has(self):
        """They are looked at when it loads a library, and at its end because that has failed."""
        self.assert_lost("many-files", FILES, 30, 64)

    def test_mappings_that_nobody_has_to_look_at(self):
        """Nothing is loaded after them, so what counts is known."""
        api = self.is_hostile("unseen-files")
        self.assert_takes_less_memory_than(64)
        self.assertIn("1 rescued (SIGKILL)", api.stop().out)

    def runs_from_fuse(self, answers):
        if not os.access("/dev/fuse", os.R_OK | os.W_OK) or subprocess.run(["unshare", *NAMESPACES, "true"], check=False).returncode:
            self.skipTest("nobody may mount a FUSE file system here")
        folder = self.build / "fuse"
        folder.mkdir()
        return self.service(
            "api", "unshare", *NAMESPACES, sys.executable, PROGRAMS / "fuse_files.py", folder, self.compiled("serves"),
            "@API_PORT@", "user", ports=["http"], ready=[("LOG", "^over$")], start_timeout=60,
            environment={"FUSE_FILES": "--answers" if answers else ""})

    def test_a_program_whose_file_system_does_not_answer(self):
        """Whoever touches it waits for ever, and so would all who ask the supervisor."""
        api = self.runs_from_fuse(answers=False)
        began = time.monotonic()
        api.start()
        self.assertLess(time.monotonic() - began, LONGEST)
        self.assertIn("api      ready", self.gentle("status", "--build", self.build).out)
        self.assertIn("\n  1: its counters cannot be read: its FUSE file system does not answer\n", api.stop(code=1).err)

    def test_a_program_whose_file_system_answers(self):
        api = self.runs_from_fuse(answers=True)
        api.start()
        self.assertIn("1 rescued (SIGKILL)", api.stop().out)

    def test_many_of_them_at_once(self):
        """What one may take in memory is not taken by each."""
        api = self.is_hostile("largest-names", 20)
        self.assertLess(self.took, 60)
        self.assert_takes_less_memory_than(LARGEST)
        self.assertIn(f"\n  20: {LARGE}", api.stop(code=1).err)

    def test_many_slow_ones_at_once(self):
        """They share the time, and between two of them everybody is answered."""
        answers = []
        api = self.declare("slow-check", 4)
        starting = self.background(GENTLE, "start", api.spec)
        while starting.process.poll() is None:
            if not (api.state_dir / "control").exists():
                continue
            began = time.monotonic()
            try:
                settle(api.state_dir)
            except OSError:
                continue
            answers.append(time.monotonic() - began)
        self.assertEqual(starting.finish().code, 0)
        self.assertGreater(max(answers), 1)  # it was slow
        self.assertLess(max(answers), 2 * LONGEST + 5)  # of two turns
        self.assertIn(f"\n  4: {LONG}", api.stop(code=1).err)


if __name__ == "__main__":
    harness.main()
