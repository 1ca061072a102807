"""gentle coverage combine: what it says of each wrong input, and what it makes of tracefiles of gcovr."""

import json
import os
import re

import harness
from harness import ServiceTest

WORDS = "gentle: error: read command line of 'gentle coverage combine'"


def line(number, count, *branches, **more):
    return {"line_number": number, "count": count, "branches": [{"count": branch, "fallthrough": False, "throw": False} for branch in branches], **more}


class Combine(ServiceTest):
    def setUp(self):
        super().setUp()
        self.source = self.build / "a.cc"
        self.source.write_text("int f();\nint f() { return 1; }\nint g();\n", encoding="utf-8")
        self.output = self.build / "combined"

    def tracefile(self, name, *lines, version="0.3", functions=()):
        path = self.build / name
        path.write_text(json.dumps({"gcovr/format_version": version, "files": [
            {"file": "a.cc", "lines": lines, "functions": list(functions)}]}), encoding="utf-8")
        return path

    def combine(self, *words, code=0):
        return self.gentle("coverage", "combine", "--root", self.build, "--output", self.output, *words, code=code)

    def error(self, *words):
        result = self.combine(*words, code=1)
        self.assertRegex(result.err, r"^gentle: error: .*\n(hint: .*\n)?$")
        self.assertFalse(self.output.exists(), "a report in spite of an error")
        return result.err

    def test_counts_of_tracefiles_are_added(self):
        function = {"name": "f()", "lineno": 2, "execution_count": 2}
        inputs = [self.tracefile("1.json", line(1, 2, 2, 0), line(2, 0), functions=[function]),
                  self.tracefile("2.json", line(1, 3, 0, 3), line(2, 1), functions=[function])]
        result = self.combine("--format", "json-summary", "--format", "json", *inputs)
        self.assertRegex(result.out, r"a\.cc +100\.0% \(2/2\) +100\.0% \(2/2\) +100\.0% \(1/1\)")
        self.assertIn("of tracefiles the counts are added", result.err)
        file = json.loads((self.output / "coverage.json").read_text(encoding="utf-8"))["files"][0]
        self.assertEqual([found["count"] for found in file["lines"]], [5, 1])
        self.assertEqual([branch["count"] for branch in file["lines"][0]["branches"]], [2, 3])
        self.assertEqual(file["functions"][0]["execution_count"], 4)

    def test_an_excluded_line_stays_so(self):
        excluded = {"gcovr/excluded": True, "gcovr/noncode": True}
        inputs = [self.tracefile(f"{i}.json", line(1, i), line(2, 0, **excluded)) for i in (1, 2)]
        self.assertRegex(self.combine("--format", "txt", *inputs).out, r"a\.cc +100\.0% \(1/1\)")

    def test_html_and_json_by_default(self):
        self.combine(self.tracefile("1.json", line(1, 1)))
        self.assertTrue((self.output / "index.html").exists() and (self.output / "coverage.json").exists())

    def test_what_is_suspicious_of_tracefiles(self):
        one = self.tracefile("1.json", line(1, 2))
        same = self.tracefile("2.json", line(1, 2))
        other = self.tracefile("3.json", line(1, 2), line(2, 2))
        self.assertIn(f"read tracefile '{same}': it is equal to '{one}', and counts as well, continuing", self.combine(one, same).err)
        self.assertIn("it counts other lines of 'a.cc' than those before it", self.combine(one, other).err)
        self.assertIn(f"'{one}': it is the same file as '{one}'", self.combine(one, one, code=1).err)

    def test_limits(self):
        half = self.tracefile("1.json", line(1, 2, 1, 0), line(2, 0))
        self.combine("--fail-under-line", "50", "--fail-under-branch", "50", half)
        self.assertIn("only 50.0% of the lines", self.combine("--fail-under-line", "50.1", half, code=1).err)
        self.assertIn("only 50.0% of the branches", self.combine("--fail-under-branch", "51", half, code=1).err)
        self.assertIn("the counts of 1 runs, but --parts asks for 2", self.combine("--parts", "2", half, code=1).err)

    def test_wrong_inputs(self):
        good = self.tracefile("good.json", line(1, 2))
        empty = self.build / "empty"
        empty.touch()
        cut = self.build / "cut.json"
        cut.write_bytes(good.read_bytes()[:-9])
        lcov = self.build / "lcov.info"
        lcov.write_text("TN:\nSF:a.cc\nend_of_record\n", encoding="utf-8")
        none = self.build / "none.json"
        none.write_text('{"gcovr/format_version": "0.3", "files": []}', encoding="utf-8")
        folder = self.build / "folder"
        folder.mkdir()
        for path, cause in ((self.build / "gone", "there is no such file or folder"), (empty, "it is empty"), (cut, "it is no JSON, or cut off"),
                            (lcov, "it is no JSON"), (folder, "the folder holds no report that can be combined"),
                            (self.tracefile("new.json", line(1, 1), version="7.1"), "its version '7.1' is unknown; known are 0.2 to ")):
            with self.subTest(path.name):
                self.assertIn(cause, self.error(good, path))
        self.assertIn("no source file is in it", self.error(none))

    def test_tracefiles_make_no_record(self):
        self.combine("--format", "txt", self.tracefile("1.json", line(1, 1)))
        self.assertTrue((self.output / "coverage.txt").exists())
        self.assertFalse((self.output / "coverage.run").exists())

    def test_reports_are_for_everybody_whom_the_umask_lets(self):
        self.combine("--format", "txt", "--format", "html", self.tracefile("1.json", line(1, 1)))
        mask = os.umask(0)
        os.umask(mask)
        for path in (path for path in self.output.rglob("*") if path.is_file()):
            self.assertEqual(path.stat().st_mode & 0o777, 0o666 & ~mask, path)

    def test_nothing_else_is_overwritten(self):
        self.output.mkdir()
        (self.output / "precious").touch()
        result = self.combine(self.tracefile("1.json", line(1, 1)), code=1)
        self.assertIn("it holds something else than reports\nhint: choose another folder by --output", result.err)
        self.assertTrue((self.output / "precious").exists())
        (self.output / "precious").unlink()
        self.combine(self.tracefile("1.json", line(1, 1)))
        self.assertIn("would be removed", self.combine(self.output, code=1).err)

    def test_wrong_words(self):
        for cause, *words in ((" '<report>': missing",), (" '--format coberturra': did you mean 'cobertura'?", "--format", "coberturra", "a"),
                              (" '--fail-under-line 101': no percentage from 0 to 100", "--fail-under-line", "101", "a"),
                              (" '--fail-under-branch -1': no percentage from 0 to 100", "--fail-under-branch=-1", "a"),
                              (" '--parts none': no whole number from 1 to 1000000", "--parts", "none", "a"),
                              (" '--otput': did you mean '--output'?", "--otput", "a")):
            with self.subTest(words):
                result = self.gentle("coverage", "combine", *words, code=2)
                self.assertEqual(result.err, f"{WORDS}{cause}\nhint: gentle coverage combine --help\n")
        result = self.gentle("coverage", "combine", "--root", self.build / "gone", "a", code=2)
        self.assertTrue(re.search(r"--root .*gone': there is no such folder", result.err))


if __name__ == "__main__":
    harness.main()
