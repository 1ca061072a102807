"""A service that writes more than its log may hold: the log's beginning and its end stay."""

import json
import re
import signal
import sys

import harness
from harness import GENTLE, ServiceTest, needs_no_sanitizer, program

LIMIT = 64 << 20
MUCH = 100  # MiB, more than the limit
LEFT_OUT = re.compile(r"\[gentle: (\d+) bytes are left out here\]")


class LongLog(ServiceTest):
    def long(self, *what, ready=(("LOG", "^ready$"),), **options):
        return self.service("api", program("logs"), *what, ready=ready, **options)

    def filled(self):
        """That has written much, and then says "end"."""
        gate = self.gate("filled")
        api = self.long(r"ready\n", f"filled:{MUCH}", r"end\n", f"gate:{gate}")
        api.start()
        gate.wait_until_reached()
        gate.open()
        api.settle()
        return api

    def logs(self, *options, **more):
        return self.gentle("logs", *options, "--build", self.build, **more).out

    def numbers_of(self, lines):
        return [int(line.split()[1]) for line in lines]

    def assert_both_ends(self, lines):
        """All that was written but for what one line says is left out. Returns its last number."""
        gap, = [i for i, line in enumerate(lines) if LEFT_OUT.fullmatch(line)]
        self.assertEqual(lines[0], "ready")
        # The last line before the gap, and only that, is cut in the middle.
        before, after = self.numbers_of(lines[1:gap - 1]), self.numbers_of(lines[gap + 1:])
        self.assertEqual(before, list(range(1, len(before) + 1)))
        self.assertEqual(after, list(range(after[0], after[-1] + 1)))
        left_out = int(LEFT_OUT.fullmatch(lines[gap])[1])
        missing = 64 * (after[0] - len(before) - 1) - len(lines[gap - 1])
        self.assertEqual(left_out, missing)
        self.assertGreater(64 * (len(before) + len(after)), LIMIT * 2 // 3)
        return after[-1]

    def test_its_beginning_and_its_end_stay(self):
        api = self.filled()
        self.assertLessEqual(api.log_path.stat().st_size, LIMIT)
        lines = self.logs().splitlines()
        self.assertEqual(lines.pop(), "end")
        last = self.assert_both_ends(lines)
        with self.subTest("who reads the file sees the same, and one line more space"):
            shown = "\n".join(line.rstrip(" ") for line in api.lines())
            self.assertEqual(shown, "\n".join([*lines, "end"]))
        with self.subTest("the last lines"):
            self.assertRegex(self.logs("-n", 2), rf"^line {last} \.+\nend\n$")
            self.assertEqual(self.logs("-n", 100000).splitlines(), [*lines, "end"][-100000:])
        with self.subTest("--json"):
            log, = json.loads(self.logs("--json"))
            self.assertEqual(log, {"service": "api", "path": str(api.log_path), "lines": [*lines, "end"]})
        with self.subTest("after its stop"):
            api.stop()
            self.assertEqual(self.logs("-n", 1), "end\n")

    @needs_no_sanitizer
    def test_it_is_printed_without_holding_it_in_memory(self):
        self.filled()
        huge = self.service("huge", program("logs"), r"ready\n", "huge:40", r"\nend\n",
                            ready=[("LOG", "^end$")])
        huge.start()
        script = ("import os, resource, sys; resource.setrlimit(resource.RLIMIT_AS, (24 << 20, 24 << 20)); "
                  "os.execvp(sys.argv[1], sys.argv[1:])")
        self.before = (sys.executable, "-c", script)
        for options in [], ["-n", "100000", "--json"]:
            with self.subTest(options):
                self.assertGreater(len(self.logs(*options)), 1 << 20)
        self.before = ()

    def failed_test_of(self, api, before, after):
        """What it tells. During it the service goes from one gate to the other."""
        inside = self.gate(f"in the test from {before}".replace("/", "-"))
        test = self.background(GENTLE, "run", "--with", api.spec, "--", "sh", "-c",
                               f"read x < '{inside}'; exit 1")
        inside.wait_until_reached()
        before.open()
        after.wait_until_reached()
        inside.open()
        return test.finish().err

    def test_what_it_wrote_during_a_test(self):
        """Of which the beginning is gone when the test fails; and after the limit."""
        flood, quiet, last = (self.gate(name) for name in ("flood", "quiet", "last"))
        api = self.long(r"ready\n", f"gate:{flood}", f"filled:{MUCH}", r"end\n", f"gate:{quiet}",
                        r"one\ntwo\n", f"gate:{last}")
        api.start()
        title = f"its log during this test{{}}, {api.log_path}:\n"
        told = self.failed_test_of(api, flood, quiet)
        self.assertIn(title.format(" (the last 32768 bytes)"), told)
        self.assertRegex(told, r"\nline \d+ \.+\nend\n$")
        told = self.failed_test_of(api, quiet, last)
        self.assertTrue(told.endswith(title.format("") + "one\ntwo\n"), told)
        last.open()
        api.stop()

    def test_follow(self):
        """Nothing twice, nothing in the wrong order, and a line for what came too fast."""
        gate = self.gate()
        api = self.long(r"ready\n", f"gate:{gate}", f"filled:{MUCH}", r"end\n")
        api.start()
        follow = self.background(GENTLE, "logs", "--follow", "--build", self.build)
        self.assertEqual(follow.process.stdout.readline(), b"ready\n")
        gate.open()
        lines = []
        for line in follow.process.stdout:
            if line == b"end\n":
                break
            lines.append(line.decode().rstrip("\n"))
        gaps = [i for i, line in enumerate(lines) if LEFT_OUT.fullmatch(line)]
        # A line before a gap is cut.
        numbers = self.numbers_of(line for i, line in enumerate(lines) if i not in gaps and i + 1 not in gaps)
        self.assertEqual(numbers[0], 1)
        skipped = sum(following != number + 1 for number, following in zip(numbers, numbers[1:]))
        self.assertEqual(skipped, len(gaps))
        follow.close()

    def test_ready_after_the_limit(self):
        api = self.long("huge:70", r"\nready\n", start_timeout=60)
        self.assertIn("api: ready after ", api.start().out)
        self.assertLessEqual(api.log_path.stat().st_size, LIMIT)
        self.assertEqual(self.logs("-n", 1), "ready\n")
        api.stop()

    def test_the_end_of_a_start_that_failed(self):
        api = self.long(f"filled:{MUCH}", r"last words\n", "exit:3", ready=[("EXIT",)], start_timeout=60)
        self.assertIn("  | last words\n", self.gentle("start", api.spec, code=1).err)

    def test_its_supervisor_is_killed_in_the_middle(self):
        """Its successor goes on with the log."""
        for _ in range(2):
            api = self.service("api", program("floods_log"), ready=[("LOG", "^ready$")])
            api.start()
            while api.log_path.stat().st_size < LIMIT * 15 // 16:
                api.settle()
            last = api.successor()
            self.signal(signal.SIGKILL, api.supervisor())
            self.wait_until_gone(last)
            self.assertLessEqual(api.log_path.stat().st_size, LIMIT)
            lines = self.logs().splitlines()
            self.assertEqual(lines[0], "ready")
            self.gentle("stop", api.spec, code=1)

    def test_a_flood_stays_within_the_limit(self):
        api = self.service("api", program("floods_log"), ready=[("LOG", "^ready$")])
        api.start()
        most = 0
        for _ in range(100):
            api.settle()
            info = api.log_path.stat()
            most = max(most, info.st_size, info.st_blocks * 512)
        self.assertLess(most, LIMIT + (1 << 16))
        self.assertLess(api.stop().seconds, 5)


if __name__ == "__main__":
    harness.main()
