"""--help, byte for byte and within one screen; --version; words that are misspelt."""

import re
from pathlib import Path

import harness
from harness import ServiceTest

TEXTS = Path(__file__).resolve().parent / "help"
VERSION = TEXTS.parent.parent.parent / "cmake" / "GentleFixturesVersion.cmake"
LINES, COLUMNS = 24, 80
COMMANDS = sorted(path.stem for path in TEXTS.glob("*.txt") if path.stem != "gentle")


class Help(ServiceTest):
    def assert_help(self, name, *command):
        for option in ("--help", "-h"):
            result = self.gentle(*command, option)
            self.assertEqual(result.out, (TEXTS / f"{name}.txt").read_text(), (name, option))
            self.assertEqual(result.err, "", (name, option))
        lines = result.out.splitlines()
        self.assertLessEqual(len(lines), LINES, f"{name}: does not fit one screen")
        for line in lines:
            self.assertLessEqual(len(line), COLUMNS, line)
            self.assertEqual(line, line.rstrip(), "blanks at the end of a line")
        return result.out

    def test_of_gentle(self):
        text = self.assert_help("gentle")
        named = re.findall(r"^  ([a-z][\w-]*)(?: \S+)*  +\S", text, re.MULTILINE)
        self.assertEqual(sorted(named), COMMANDS, "every subcommand has its text, and no other")

    def test_of_each_subcommand(self):
        for name in COMMANDS:
            with self.subTest(name):
                self.assert_help(name, name)

    def test_of_combine(self):
        self.assert_help("coverage/combine", "coverage", "combine")

    def test_wins_over_whatever_else_is_wrong(self):
        text = (TEXTS / "start.txt").read_text()
        self.assertEqual(self.gentle("start", "--nonsense", "a", "b", "--help").out, text)

    def test_version(self):
        version = re.search(r"GentleFixtures_VERSION ([\d.]+)\)", VERSION.read_text()).group(1)
        result = self.gentle("--version")
        self.assertEqual((result.out, result.err), (f"gentle {version}\n", ""))


class WrongWords(ServiceTest):
    def assert_wrong(self, message, *arguments, code=2):
        result = self.gentle(*arguments, code=code)
        self.assertEqual((result.err, result.out), (message, ""))

    def test_no_subcommand(self):
        self.assert_wrong("gentle: error: read command line: no subcommand\nhint: gentle --help\n")

    def test_unknown_subcommand(self):
        for word, cause in (("strat", "did you mean 'start'?"), ("Status", "did you mean 'status'?"),
                            ("--versoin", "did you mean '--version'?"), ("qwertyuiop", "unknown")):
            with self.subTest(word):
                self.assert_wrong(f"gentle: error: find subcommand '{word}': {cause}\n"
                                  "hint: gentle --help\n", word)

    def test_each_subcommand(self):
        for cause, subcommand, *arguments in (
                (" '--jsno': did you mean '--json'?", "status", "--jsno"),
                (" '--folow': did you mean '--follow'?", "logs", "--folow"),
                (" '--lines many': no whole number from 1 to 100000", "logs", "--lines", "many"),
                (" '--lines 0': no whole number from 1 to 100000", "logs", "-n", "0"),
                (" '--json': it takes no value", "status", "--json=yes"),
                (" '-x': unexpected", "logs", "-x"),
                (" '--build': its value is missing", "down", "--build"),
                (" '--bulid': did you mean '--build'?", "down", "--bulid", "."),
                (" '--force': unexpected", "start", "--force", "api.spec"),
                (" '--config': its value is missing", "start", "--config"),
                (" '--jsno': did you mean '--json'?", "env", "--jsno"),
                (" '<service>': missing", "env")):
            with self.subTest(arguments):
                self.assert_wrong(f"gentle: error: read command line of 'gentle {subcommand}'{cause}"
                                  f"\nhint: gentle {subcommand} --help\n", subcommand, *arguments)

    def test_run_leaves_the_exit_codes_0_to_124_to_the_test(self):
        for cause, *arguments in (
                (" '--wiht': did you mean '--with'?", "--wiht", "a.spec", "--", "true"),
                (" '--with': its value is missing", "--with"),
                (": no command after --", "--"),
                (": no command after --",)):
            with self.subTest(arguments):
                self.assert_wrong(f"gentle: error: read command line of 'gentle run'{cause}\n"
                                  "hint: gentle run --help\n", "run", *arguments, code=125)

    def test_after_the_dashes_all_belongs_to_the_test(self):
        result = self.gentle("run", "--", "echo", "--help", "--with", "--", "")
        self.assertEqual((result.out, result.err), ("--help --with -- \n", ""))


if __name__ == "__main__":
    harness.main()
