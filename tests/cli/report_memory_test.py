"""gentle coverage report: the formats of a large report are in no memory, but in their files."""

import os
import subprocess
import sys
from pathlib import Path

import harness
from harness import GENTLE, ServiceTest, needs_no_sanitizer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "gcov"))
import notes_file  # noqa: E402

FUNCTIONS = 2000
BRANCHES = 100  # of each; its arc to the exit counts with the last one
GCC = "12.2"


def function(number, source):
    """Its second block goes to its third in many ways."""
    arcs = [(0, 2, notes_file.TREE), *[(2, 3, 0)] * BRANCHES, (3, 1, notes_file.TREE)]
    return notes_file.Function(f"f{number}", str(source), number, number, 4, arcs, {2: [(str(source), [number])]},
                               [BRANCHES * number, *[number] * BRANCHES, BRANCHES * number])


class ReportMemory(ServiceTest):
    def setUp(self):
        super().setUp()
        objects = self.build / "CMakeFiles/large.dir"
        objects.mkdir(parents=True)
        (self.build / "CMakeFiles/TargetDirectories.txt").write_text(f"{objects}\n", encoding="utf-8")
        source = self.build / "large.c"
        source.write_text("int f();\n" * FUNCTIONS, encoding="utf-8")
        functions = [function(number, source) for number in range(1, FUNCTIONS + 1)]
        (objects / "large.c.gcno").write_bytes(notes_file.notes(GCC, functions, str(self.build)))
        (objects / "large.c.gcda").write_bytes(notes_file.data(GCC, functions))

    def report(self, *formats):
        """The folder, and the peak in bytes. Without a gcovr, whose memory would count as well."""
        name = "-".join(formats)
        output = self.build / name
        spec = self.build / f"of-{name}.spec"
        words = "".join(f"format {word}\n" for word in formats)
        spec.write_text(f"gentle-coverage 1\nsource {self.build}\nbuild {self.build}\noutput {output}\ngcov /usr/bin/gcov\n{words}end\n",
                        encoding="utf-8")
        with open(self.build / "messages", "w+b") as messages:
            process = subprocess.Popen([GENTLE, "coverage", "report", spec], stdin=subprocess.DEVNULL, stdout=messages, stderr=messages,
                                       env={"PATH": str(self.build)})
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            messages.seek(0)
            self.assertEqual(process.returncode, 0, messages.read().decode())
        return output, used.ru_maxrss * 1024

    @needs_no_sanitizer
    def test_a_format_costs_no_memory(self):
        _, least = self.report("markdown")
        output, peak = self.report("json", "html", "cobertura", "lcov")
        text = (output / "coverage.json").read_text(encoding="utf-8")
        self.assertEqual(text.count('{"count":'), FUNCTIONS * BRANCHES)
        self.assertGreater(len(text), 10 << 20)
        self.assertLess(peak - least, len(text) // 4)


if __name__ == "__main__":
    harness.main()
