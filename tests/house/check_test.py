"""Tests of the checks themselves: each finds what it is for in a wrong tree, and only that."""

import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import clocks
import diagrams
import english
import folders
import format as format_check
import getting_started
import guide
import languages
import layers
import links
import messages
import readme
import ready_kinds
import reference
import services
import shell
import stray_text
import tidy
import tools
import trial

HEADER = "#pragma once\n"
HERE = Path(__file__).resolve().parent


class Tree(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = Path(scratch.name).resolve()

    def write(self, name: str, content: str = "") -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


class ClocksTest(Tree):
    def test_steady_clock(self):
        self.write("helper/base/deadline.h", "using Clock = std::chrono::steady_clock;\n"
                   "// not std::chrono::system_clock\nstd::time_t stamp;\n")
        self.write("helper/supervise/journal.cc", "auto now = std::time(nullptr);\n")
        self.assertEqual(clocks.problems(self.root), [])

    def test_time_of_day(self):
        self.write("helper/probe/tcp.cc", "\n::gettimeofday(&now, nullptr);\n")
        self.write("helper/supervise/journal.cc", "std::time(nullptr);\nstd::time(nullptr);\n")
        self.assertEqual(clocks.problems(self.root), [
            "helper/probe/tcp.cc:2: gettimeofday tells the time of day, which may be set; use Clock "
            "of base/deadline.h",
            "helper/supervise/journal.cc:2: std::time tells the time of day, which may be set; use "
            "Clock of base/deadline.h"])


class ReadyKindsTest(Tree):
    def setUp(self):
        super().setUp()
        self.write(ready_kinds.HELPER, '#define KINDS(ROW) \\\n  ROW(Http, "HTTP", http, kOne, kStatus | kAtPort) \\\n'
                   '  ROW(Exit, "EXIT", exit, kNone, kNothing)\n')
        self.write(ready_kinds.FUNCTIONS, '    "HTTP path STATUS AT_PORT"\n    "EXIT none"\n')
        self.write(ready_kinds.REFERENCE, "    ``HTTP <url>``\n    ``EXIT``\n")
        for kind in "http", "exit":
            self.write(f"helper/probe/{kind}.cc")
            self.write(f"tests/cli/{kind}_test.py")

    def test_right_tree(self):
        self.assertEqual(ready_kinds.problems(self.root), [])

    def test_tables_that_differ(self):
        self.write(ready_kinds.FUNCTIONS, '    "HTTP path STATUS"\n    "FILE path"\n')
        both = f"{ready_kinds.HELPER} and {ready_kinds.FUNCTIONS} differ"
        self.assertEqual(ready_kinds.problems(self.root), [f"READY {kind}: {both}" for kind in ("EXIT", "FILE", "HTTP")])

    def test_what_is_missing(self):
        self.write(ready_kinds.REFERENCE, "    ``HTTP <url>``\n")
        (self.root / "tests/cli/http_test.py").unlink()
        (self.root / "helper/probe/exit.cc").unlink()
        self.assertEqual(ready_kinds.problems(self.root), [
            "READY HTTP: there is no tests/cli/http_test.py", "READY EXIT: there is no helper/probe/exit.cc",
            f"READY EXIT: {ready_kinds.REFERENCE} has no paragraph of it"])


class LayersTest(Tree):
    def setUp(self):
        super().setUp()
        self.write("helper/CMakeLists.txt")
        self.write("helper/main.cc", '#include "cli/main.h"\nint main() { return 0; }\n')
        self.write("helper/base/error.h", HEADER + "#include <string>\n")
        self.write("helper/base/unique_fd.h", HEADER + "#include <unistd.h>\n"
                   "inline void f(int fd) { ::close(fd); }\n")
        self.write("helper/model/spec.h", HEADER + '#include "base/error.h"\n')
        self.write("helper/os/spawn.h", HEADER + '#include <spawn.h>\n#include "base/unique_fd.h"\n')
        self.write("helper/probe/tcp.cc", '#include "os/spawn.h"\n#include "model/spec.h"\n')
        self.write("helper/cli/main.h", HEADER + '#include "probe/probe.h"\n')
        self.write("helper/probe/probe.h", HEADER)

    def test_right_tree(self):
        self.assertEqual(layers.problems(self.root), [])

    def test_include_upwards(self):
        self.write("helper/model/spec.cc", '#include "model/spec.h"\n\n#include "os/spawn.h"\n')
        self.assertIn('helper/model/spec.cc:3: includes "os/spawn.h", but model/ may use base',
                      layers.problems(self.root))

    def test_include_sideways(self):
        self.write("helper/coverage/image/elf.cc", '  #  include "probe/probe.h"\n')
        self.assertEqual(layers.problems(self.root), [
            'helper/coverage/image/elf.cc:1: includes "probe/probe.h", but coverage/image/ may use '
            'base, os'])

    def test_rooms_of_a_layer(self):
        self.write("helper/coverage/image/elf.h", HEADER + '#include "coverage/gcov/gcda.h"\n')
        self.write("helper/coverage/gcov/gcda.h", HEADER + '#include "os/spawn.h"\n')
        self.write("helper/coverage/keep/remains.h", HEADER + '#include "coverage/gcov/gcda.h"\n')
        self.assertEqual(layers.problems(self.root), [
            'helper/coverage/image/elf.h:2: includes "coverage/gcov/gcda.h", but coverage/image/ '
            'may use base, os'])

    def test_rooms_are_entered_by_their_entrances(self):
        self.write("helper/coverage/keep/remains.h", HEADER)
        self.write("helper/coverage/keep/coverage_keeper.h", HEADER)
        self.write("helper/cli/run.cc", '#include "coverage/keep/coverage_keeper.h"\n'
                   '#include "coverage/keep/remains.h"\n')
        told = layers.problems(self.root)
        self.assertEqual(len(told), 1)
        self.assertIn('helper/cli/run.cc:2: includes "coverage/keep/remains.h", but others enter '
                      'coverage/ by coverage/fold/data_folders.h, ', told[0])

    def test_base_uses_nothing(self):
        self.write("helper/base/a.cc", '#include "model/spec.h"\n')
        self.assertIn('helper/base/a.cc:1: includes "model/spec.h", but base/ may use no other '
                      'layer', layers.problems(self.root))

    def test_include_without_a_layer(self):
        self.write("helper/os/a.cc", '#include "spawn.h"\n')
        self.assertEqual(layers.problems(self.root), [
            'helper/os/a.cc:1: "spawn.h" is no file of helper/; write "layer/file.h"'])

    def test_file_of_no_layer(self):
        self.write("helper/util/strings.cc")
        self.write("helper/strings.cc")
        self.write("helper/os/linux/pidfd.cc")
        told = f"belongs to no layer; the layers are {', '.join(layers.LAYERS)}"
        self.assertEqual(layers.problems(self.root), [
            f"helper/os/linux/pidfd.cc: {told}", f"helper/strings.cc: {told}",
            f"helper/util/strings.cc: {told}"])

    def test_name_of_a_file(self):
        self.write("helper/os/PidFd.cpp")
        self.assertEqual(layers.problems(self.root), [
            "helper/os/PidFd.cpp: is not named like snake_case.h or snake_case.cc"])

    def test_pragma_once(self):
        self.write("helper/os/pidfd.h", "int f();\n")
        self.assertEqual(layers.problems(self.root), ["helper/os/pidfd.h: has no #pragma once"])

    def test_system_headers_in_pure_layers(self):
        for header in ("unistd.h", "sys/socket.h", "fcntl.h", "poll.h", "fstream", "filesystem"):
            with self.subTest(header):
                self.write("helper/model/a.cc", f"#include <{header}>\n")
                self.assertEqual(layers.problems(self.root), [
                    f"helper/model/a.cc: includes <{header}>, but model/ makes no system calls"])
        self.write("helper/model/a.cc", "#include <csignal>\n#include <string>\n")
        self.write("helper/base/a.cc", "#include <fcntl.h>\n")
        self.assertEqual(layers.problems(self.root), [
            "helper/base/a.cc: includes <fcntl.h>, but base/ makes no system calls"])

    def test_system_header_through_another_file(self):
        self.write("helper/model/a.cc", '#include "base/unique_fd.h"\n')
        self.assertEqual(layers.problems(self.root), [
            "helper/model/a.cc: includes <unistd.h> through helper/base/unique_fd.h, but model/ "
            "makes no system calls"])

    def test_system_calls_in_pure_layers(self):
        self.write("helper/base/a.cc", "int f() { return ::read(0, nullptr, 0); }\n")
        self.write("helper/model/b.cc", "int f() { return g::read(0) + ::close(0); }\n")
        self.assertEqual(layers.problems(self.root), [
            "helper/base/a.cc: calls ::read(), but base/ makes no system calls but close",
            "helper/model/b.cc: calls ::close(), but model/ makes no system calls"])

    def test_main_stays_tiny(self):
        self.write("helper/main.cc", "//\n" * (layers.MAIN_LINES + 1))
        self.assertEqual(layers.problems(self.root), [
            f"helper/main.cc: has more than {layers.MAIN_LINES} lines; the program is a library "
            "and a tiny main"])

    def test_no_sources(self):
        shutil.rmtree(self.root / "helper")
        self.assertEqual(layers.problems(self.root), ["helper/: holds no sources"])


class DiagramsTest(Tree):
    def test_pictures(self):
        told = "is not what tests/house/diagrams.py draws; build the target reference"
        for name, draw in diagrams.PICTURES.items():
            self.write(f"{diagrams.FOLDER}/{name}", draw())
        self.assertEqual(diagrams.problems(self.root), [])
        self.write(f"{diagrams.FOLDER}/states.svg", "<svg/>")
        (self.root / diagrams.FOLDER / "way-of-the-counts.svg").unlink()
        self.assertEqual(diagrams.problems(self.root), [f"{diagrams.FOLDER}/states.svg: {told}",
                                                        f"{diagrams.FOLDER}/way-of-the-counts.svg: {told}"])


class EnglishTest(Tree):
    LIMIT = " word" * (english.MOST_WORDS - 1)
    MORE = " word" * (english.MOST_WORDS - 2)

    def found(self, page: str) -> list[str]:
        self.write("docs/page.md", page)
        return english.problems(self.root)

    def test_long_sentence(self):
        self.write("README.md", "# Page\n\nA short one.\n\nAnother. The" + self.LIMIT + ".\nIt" + self.LIMIT
                   + "\nword. Short.\n")
        self.assertEqual(english.problems(self.root), [
            "README.md:6: a sentence of 31 words, more than 30: "
            "'It word word word word word word word word word word word wo...'"])

    def test_what_ends_a_sentence(self):
        for end in (". It", "? It", "! It", ".) (It", ". `code` it", ".* It", ". [It](x.md)", ". 25 of", "\n\nIt",
                    "\n- it", "\n2. it", "\n| a |\nit", "\n## H\nit"):
            with self.subTest(end):
                self.assertEqual(self.found(f"The{self.LIMIT}{end}{self.MORE}.\n"), [])

    def test_what_does_not_end_a_sentence(self):
        for middle in (", e.g. GCC", ", i.e. GCC", " vs. GCC", " 3.22", " `a. B`", "; it", ": it", "\nit", "\n  it",
                       " [a](b.md)"):
            with self.subTest(middle):
                self.assertEqual(len(self.found(f"- The{self.LIMIT}{middle}.\n")), 1)

    def test_what_is_not_prose(self):
        long = "word" + self.LIMIT + self.LIMIT
        for page in (f"```text\n{long}\n```\n", f"- item\n\n  ~~~\n  {long}\n  ~~~\n", f"Run\n\n    {long}\n",
                     f"# {long}\n", f"| {long} |\n", f"<!-- {long}\n\n{long} -->\n", f"Run `{long}` now.\n",
                     f'<img src="a.svg"{" x" * 40}>\n', f"word - {'- ' * 40} word\n"):
            with self.subTest(page):
                self.assertEqual(self.found(page), [])

    def test_prose_in_a_list_and_in_a_quote(self):
        long = "word" + self.LIMIT + " word"
        for page in (f"- item\n\n    {long}\n", f"> {long}\n", f"1. {long}\n"):
            with self.subTest(page):
                self.assertEqual(len(self.found(page)), 1)


class FoldersTest(Tree):
    def test_right_tree(self):
        for name in ("README.md", ".ci/run", "helper/model/spec.cc", "tests/unit/spec_test.cc",
                     "tests/cli/cli_test.py", "examples/a/build/x", "build/x"):
            self.write(name)
        self.assertEqual(folders.problems(self.root), [])

    def test_strangers(self):
        self.write("notes.txt")
        self.write("src/main.cc")
        self.write("tests/misc/a.cc")
        self.write("tests/unit/everything_test.cc")
        self.assertEqual(folders.problems(self.root), [
            "notes.txt: no such file at the top level is foreseen",
            "src/: no such folder at the top level is foreseen",
            "tests/misc/: no such folder of tests is foreseen",
            "tests/unit/everything_test.cc: mirrors no file of helper/, such as "
            "helper/model/spec.cc for spec_test.cc"])

    @unittest.skipUnless(shutil.which("git"), "git is not installed")
    def test_ignored_files_do_not_count(self):
        subprocess.run(["git", "init", "-q", self.root], check=True)
        self.write(".gitignore", "/mine/\n")
        self.write("mine/notes.txt")
        self.write("new/notes.txt")
        self.assertEqual(folders.problems(self.root),
                         ["new/: no such folder at the top level is foreseen"])


class LinksTest(Tree):
    def test_right_page(self):
        self.write("docs/guide.md", "# A guide\n## `start`, and `stop`\n## Twice\n## Twice\n")
        self.write("README.md", "[a](docs/guide.md) [b](docs/guide.md#start-and-stop) [c](#one)\n"
                   "# One\n[d](docs) [e](https://example.org/x) [f](docs/guide.md#twice-1)\n"
                   "`[no](link)`\n```\n[no](link)\n```\n")
        self.assertEqual(links.problems(self.root), [])

    def test_wrong_links(self):
        self.write("docs/guide.md", "# A guide\n```\n# not a heading\n```\n")
        self.write("README.md", "[a](docs/gone.md) [b](docs/guide.md#not-a-heading) [c](#none)\n"
                   "[d](http://example.org) [e](../up.md) [f]\n\n[f]: docs/gone.png\n")
        self.assertEqual(links.problems(self.root), [
            "README.md: link to docs/gone.md, but there is no such file",
            "README.md: link to docs/guide.md#not-a-heading, but there is no such heading",
            "README.md: link to #none, but there is no such heading",
            "README.md: link to http://example.org, which is not https",
            "README.md: link to ../up.md, which leaves the repository",
            "README.md: link to docs/gone.png, but there is no such file"])


class StrayTextTest(Tree):
    def test_right_text(self):
        self.write("README.md", "https://example.org /usr/lib /proc/1/root/etc todo\n")
        self.write("tests/programs/slow.cc", "sleep(1);\n")
        (self.root / "data").write_bytes(b"\xff\x00TO" b"DO")
        self.assertEqual(stray_text.problems(self.root), [])

    def test_wrong_text(self):
        unfinished, no_lint = "TO" "DO", "NOLI" "NT"
        host, folder = "registry." "npmjs", "/wo" "rk/m"
        self.write("README.md", f"fine\n{unfinished}: write\nhttps://{host}.example\n{folder}ain\n")
        self.write("helper/os/a.cc", f"usleep(5);\n// {no_lint}\n")
        self.assertEqual(stray_text.problems(self.root), [
            f"README.md:2: '{unfinished}': finish it, or say in the documents what is missing",
            f"README.md:3: '{host}': name the package, not the host it comes from",
            f"README.md:4: '{folder}': a path of one machine",
            "helper/os/a.cc:1: 'usleep': nothing in the helper waits by sleeping",
            f"helper/os/a.cc:2: '{no_lint}': mend the code, or take the check off .clang-tidy"])


class GuideTest(Tree):
    BLOCK = """add_executable(api_server server.cc)   # DEPENDS nothing
add_fixture_service(api COMMAND api_server PORTS http DEPENDS redis)
discover_fixture_tests(api_tests FIXTURES api)
add_fixture_coverage(INSTRUMENT api_lib FORMATS html)
"""

    def test_what_a_block_only_names_gets_a_stand_in(self):
        lines = guide.project(self.root, self.BLOCK).splitlines()
        self.assertEqual([line for line in lines if "stand_in" in line],
                         ["add_executable(api_lib stand_in.cc)", "add_executable(api_tests stand_in.cc)"])
        self.assertEqual([line for line in lines if "COMMAND true" in line],
                         ["add_fixture_service(redis COMMAND true PORTS main)"])

    def test_services_of_a_loop_get_none(self):
        block = "add_fixture_service(node-${n})\nadd_fixture_test(FIXTURES node-1 other)\n"
        self.assertEqual([line for line in guide.project(self.root, block).splitlines() if "COMMAND true" in line],
                         ["add_fixture_service(other COMMAND true PORTS main)"])

    @unittest.skipUnless(shutil.which("cmake"), "cmake is not on the PATH")
    def test_block_that_does_not_configure(self):
        good, bad = "```cmake\nset(x 1)\n```\n", "```cmake\nadd_fixture_nonsense()\n```\n"
        self.write("cmake/GentleFixtures.cmake", "set(used \"${GENTLE_EXECUTABLE}\")\n")
        self.write(guide.PAGE, good * 4 + bad + "```sh\nfalse\n```\n")
        self.write(f"{guide.HOW_TOS}/debug.md", bad + good)
        found = guide.problems(self.root, Path("/bin/true"), Path(shutil.which("cmake")))
        self.assertEqual(len(found), 2)
        for told, place in zip(found, (r"docs/guide\.md:13", r"docs/how-to/debug\.md:1")):
            self.assertRegex(told, f'(?s)^{place}: .*Unknown CMake command "add_fixture_nonsense"')

    def test_page_without_blocks(self):
        self.write(guide.PAGE, "# Guide\n")
        self.assertEqual(guide.problems(self.root, Path(), Path()),
                         [f"{guide.PAGE}: hardly any block was found"])


GENTLE = Path("/bin/true")


@unittest.skipUnless(shutil.which("cmake") and shutil.which("curl"), "cmake or curl is not on the PATH")
class GettingStartedTest(Tree):
    FILES = "Write `a.txt`:\n\n```cpp\none\n```\n\nThe project, `CMakeLists.txt`:\n\n```cmake\n# 1\n```\n\nAdd:\n\n```cmake\n# 2\n```\n"

    def found(self, *consoles: str) -> list[str]:
        self.write("cmake/GentleFixturesConfig.cmake")
        blocks = "".join(f"\nRun\n\n```console\n{console}\n```\n" for console in ("$ true", *consoles))
        self.write(getting_started.PAGE, self.FILES + blocks)
        return getting_started.problems(self.root, GENTLE, Path(shutil.which("cmake")))

    def test_right_page(self):
        self.assertEqual(self.found("$ cat a.txt CMakeLists.txt\none\n# 1\n# 2\n$ echo 'a ... 17 ms (3s)'\na ......   2 ms",
                                    "$ echo Failed; false\nFailed", "$ pwd\n/project"), [])

    def test_wrong_pages(self):
        for console, wrong in (("$ echo one\ntwo", "does not print 'two':\none"), ("$ false", "ends with status 1:"),
                               ("$ echo Failed\nFailed", "ends with status 0:\nFailed")):
            with self.subTest(console):
                found = self.found(console)
                self.assertEqual(len(found), 1)
                self.assertIn(f"docs/getting-started.md:28: '{console.splitlines()[0]}' {wrong}", found[0])

    def test_page_without_blocks(self):
        self.write(getting_started.PAGE, "# Page\n")
        self.assertEqual(getting_started.problems(self.root, Path(), Path()),
                         [f"{getting_started.PAGE}: hardly any block was found"])


class LanguagesTest(Tree):
    def setUp(self):
        super().setUp()
        repository = HERE.parents[1]
        shutil.copytree(repository / "tests/projects", self.root / "tests/projects")
        self.write(languages.MATRIX, (repository / languages.MATRIX).read_text(encoding="utf-8"))
        self.write(languages.PAGE, languages.page(languages.tried(self.root)))

    def change(self, name: str, before: str, after: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        self.assertEqual(text.count(before), 1)
        self.write(name, text.replace(before, after))

    def test_right_page(self):
        self.assertEqual(languages.problems(self.root), [])

    def test_page_that_says_more(self):
        self.change(languages.PAGE, "| `exec` | ✓ | — | — |", "| `exec` | ✓ | — | ✓ |")
        self.assertEqual(languages.problems(self.root), [f"{languages.PAGE}: is not what the tests try; build the target reference"])

    def test_end_that_the_matrix_no_longer_keeps(self):
        self.change(languages.MATRIX, "| `abort` | ✓ | ✓ |", "| `abort` | ✓ | ✗ |")
        self.assertEqual(languages.problems(self.root), [f"{languages.PAGE}: is not what the tests try; build the target reference"])

    def test_end_that_is_no_longer_tried(self):
        self.change("tests/projects/coverage_rust/check.py", 'SIGNALS = ["sigint", ', 'SIGNALS = ["sigquit", ')
        self.assertEqual(languages.problems(self.root), [
            f"{languages.PAGE}: Rust names the end 'sigint', which coverage_rust does not try",
            f"{languages.PAGE}: Rust has no row for the end 'sigquit', which coverage_rust tries"])


class TrialTest(Tree):
    def test_it_is_as_if_installed_and_is_removed(self):
        with trial.Trial(self.root, GENTLE, Path("/usr/bin/cmake")) as tried:
            tried.write("a", "x")
            self.assertEqual(tried.run("cat a; command -v gentle >/dev/null && exit 3"), (3, "x"))
        self.assertFalse(tried.folder.exists())

    def test_what_is_alike(self):
        for one, other in (("1/3 Test #1: a ....   Passed    0.03 sec", "2/4 Test #2: a ..   Passed 1 sec"),
                           ("-- Done (0.1s)", "-- Done"), ("a ....***Failed", "a ..  Failed")):
            self.assertEqual(trial.alike(one), trial.alike(other))
        self.assertNotEqual(trial.alike("a Passed"), trial.alike("a Failed"))


class ReadmeTest(Tree):
    def setUp(self):
        super().setUp()
        for program in ("redis-server", "redis-cli"):
            if shutil.which(program) is None:
                self.skipTest(f"{program} is not installed")

    def found(self) -> list[str]:
        return readme.problems(self.root, GENTLE, Path(shutil.which("cmake") or "cmake"))

    def test_readme_without_a_project(self):
        self.write("README.md", "# Page\n")
        self.assertEqual(self.found(), ["README.md: has no block of CMake"])

    @unittest.skipUnless(shutil.which("cmake"), "cmake is not on the PATH")
    def test_project_that_does_not_configure(self):
        self.write("README.md", "```cmake\nnonsense()\n```\n")
        found = self.found()
        self.assertEqual(len(found), 1)
        self.assertIn("README.md: the first block does not work: cmake -B build: status 1", found[0])

    def test_picture_holds_its_lines(self):
        lines = ["$ a <b> & 'c'", "", "  1/2 Test #1: a ..   Passed  0.1 sec"]
        self.write(readme.PICTURE, readme.picture(lines))
        self.assertEqual(readme.shown(self.root), lines)


class MessagesTest(Tree):
    def test_right_page(self):
        self.write("helper/os/a.cc", 'throw Error("take port", port, "taken " "by " + who);\n'
                   'throw Error("x", "", "it has"\n    " no \\"end\\"");\n')
        self.write("cmake/A.cmake", '_gentle_fail("${keyword}" "given twice.")\n')
        self.write(messages.PAGE, "# A page\n## not a message\n### `take port '<n>': taken by <who>`\n"
                   '### `it has no "end"`, `given twice.`, `Permission denied`\n'
                   "### CTest says `Not Run`\n")
        self.assertEqual(messages.problems(self.root), [])

    def test_message_that_is_gone(self):
        self.assertEqual(messages.problems(self.root), [f"{messages.PAGE}: is missing"])
        self.write("helper/os/a.cc", 'throw Error("take port", port, "taken");\n')
        self.write(messages.PAGE, "### `take port '<n>': held by <who>`\n")
        self.assertEqual(messages.problems(self.root), [
            f"{messages.PAGE}: 'take port '<n>': held by <who>': no source says 'held by'"])


class ServicesTest(Tree):
    def setUp(self):
        super().setUp()
        self.write(f"{services.FOLDER}/redis.cmake", "add_fixture_service(redis)\n")
        self.write(f"{services.FOLDER}/start", "#!/bin/sh\nexec redis\n")
        link = f"[it](../{services.FOLDER}/"
        self.right = (f"# Page\n\n{link}redis.cmake)\n\n```cmake\nadd_fixture_service(redis)\n```\n\nAbout "
                      f"{link}start):\n\n```sh\n#!/bin/sh\nexec redis\n```\n\n```sh\nanother\n```\n")
        self.write(services.PAGE, self.right)

    def test_right_page(self):
        self.assertEqual(services.problems(self.root), [])

    def test_block_that_is_not_the_file(self):
        wrong = f"{services.PAGE}: the block of start is not that file; build the target reference"
        self.write(services.PAGE, self.right.replace("exec redis\n", ""))
        self.assertEqual(services.problems(self.root), [wrong])
        self.assertEqual(services.page(self.root), self.right)
        (self.root / services.FOLDER / "start").unlink()
        self.assertEqual(services.problems(self.root), [wrong])

    def test_file_that_is_not_shown(self):
        self.write(f"{services.FOLDER}/nginx.cmake")
        self.assertEqual(services.problems(self.root), [
            f"{services.FOLDER}/nginx.cmake: {services.PAGE} does not show it"])


class ReferenceTest(Tree):
    COMMENT = """#[===[.rst:
.. command:: add_thing

  Adds a thing, like :command:`add_other`, to ``PATH``::

    add_thing(<name>
      [SIZE <n>])

  ``<name>``
    Its name.

  ``SIZE <n>``,
  ``KIND``
    Two terms. The kinds:

    ``BIG``

      With a blank line.

  Needs CMake 3.22.
#]===]
function(add_thing)
"""
    PAGE = reference.NOTE + """

# The CMake functions

- [`add_thing`](#add_thing)

## add_thing

Adds a thing, like [`add_other`](#add_other), to `PATH`:

```cmake
add_thing(<name>
  [SIZE <n>])
```

- `<name>`

  Its name.

- `SIZE <n>`,
  `KIND`

  Two terms. The kinds:

  - `BIG`

    With a blank line.

Needs CMake 3.22.
"""
    HELPS = {"--help": "Usage: gentle <command>\n\nCommands:\n  start <spec>  starts\n  stop   stops\n",
             "start --help": "Usage: gentle start\n", "stop --help": "Usage: gentle stop\n"}

    def setUp(self):
        super().setUp()
        self.write("cmake/Thing.cmake", self.COMMENT)
        self.gentle = self.root / "gentle"
        cases = "".join(f"'{call}') printf '%s' '{text}';;\n" for call, text in self.HELPS.items())
        self.gentle.write_text(f'#!/bin/sh\ncase "$*" in\n{cases}*) exit 2;;\nesac\n')
        self.gentle.chmod(0o755)

    def test_cmake_page(self):
        self.assertEqual(reference.cmake_page(self.root), self.PAGE)

    def test_command_line_page(self):
        page = reference.command_line_page(self.gentle)
        for text in self.HELPS.values():
            self.assertIn(f"```text\n{text}```\n", page)
        self.assertIn("\n## gentle start\n", page)

    def test_pages_are_up_to_date(self):
        for name, content in reference.pages(self.root, self.gentle).items():
            self.write(name, content)
        self.assertEqual(reference.problems(self.root, self.gentle), [])
        self.write("cmake/Thing.cmake", self.COMMENT.replace("Its name", "The name"))
        self.write("docs/reference/old.md")
        (self.root / "docs/reference/command-line.md").unlink()
        self.assertEqual(reference.problems(self.root, self.gentle), [
            "docs/reference/cmake.md: is not what its source says now; build the target reference",
            "docs/reference/command-line.md: is missing; build the target reference",
            "docs/reference/old.md: nothing makes this page"])

    def test_comments_that_cannot_be_read(self):
        for bad, told in {
                "  .. note:: x": "'.. note:: x': no such directive is known",
                "  text\n     deeper": "'deeper': is indented, though it is no block and no "
                                       "definition",
                "  :variable:`X`": "':variable:`': no such role is known"}.items():
            with self.subTest(bad):
                self.write("cmake/Thing.cmake",
                           f"#[==[.rst:\n.. command:: add_thing\n\n{bad}\n#]==]\n")
                self.assertEqual(reference.problems(self.root, self.gentle),
                                 [f"cmake/Thing.cmake: add_thing: {told}"])


class ToolsTest(Tree):
    """The checks that call a tool; left out where the tool is not installed."""

    def problems(self, check, *arguments):
        try:
            return check.problems(self.root, *arguments)
        except tools.Missing as missing:
            if tools.in_ci():
                raise
            self.skipTest(str(missing))

    def test_format(self):
        shutil.copy(HERE.parent.parent / ".clang-format", self.root)
        self.write("helper/a.cc", "int f() { return 1; }\n")
        self.assertEqual(self.problems(format_check), [])
        self.write("tests/b.h", "int  f( ){return 1;}\n")
        found = self.problems(format_check)
        self.assertEqual(len(found), 1)
        self.assertRegex(found[0], r"^tests/b\.h: not formatted; run clang-format\S* -i tests/b\.h$")

    def test_tidy(self):
        shutil.copy(HERE.parent.parent / ".clang-tidy", self.root)
        self.write("helper/a.cc", "int f(const char* p) { return p == 0 ? 1 : 2; }\n")
        self.write("helper/b.cc", "int g() { return 1; }\n")
        self.write("other/c.cc", "int h(const char* p) { return p == 0 ? 1 : 2; }\n")
        entries = [f'{{"directory": "{self.root}", "file": "{self.root}/{name}", '
                   f'"command": "g++ -Wlogical-op -c {self.root}/{name}"}}'
                   for name in ("helper/a.cc", "helper/b.cc", "other/c.cc")]
        self.write("build/compile_commands.json", f"[{', '.join(entries)}]")
        found = self.problems(tidy, self.root / "build")
        self.assertEqual(len(found), 1)
        self.assertRegex(found[0], r"^helper/a\.cc:1:36: error: use nullptr")

    def test_shell(self):
        self.write("run", "#!/bin/sh\necho $1\n")
        self.write("notes.txt", "echo $1\n")
        found = self.problems(shell)
        self.assertEqual(len(found), 1)
        self.assertRegex(found[0], r"^run:2:6: note: Double quote")

    def test_another_version_of_a_tool(self):
        with self.assertRaises(tools.Missing):
            tools.find("python3", version="Python 1.")


class CheckTest(Tree):
    """check.py, the command."""

    def run_check(self, name: str, **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run([sys.executable, HERE / "check.py", name, self.root],
                              env={"PATH": "", **environment}, capture_output=True, text=True,
                              check=False)

    def test_no_problem(self):
        done = self.run_check("folders")
        self.assertEqual((done.returncode, done.stdout), (0, "folders: no problems\n"))

    def test_a_problem(self):
        self.write("notes.txt")
        done = self.run_check("folders")
        self.assertEqual((done.returncode, done.stdout),
                         (1, "notes.txt: no such file at the top level is foreseen\n"
                          "folders: 1 problem\n"))

    def test_a_missing_tool(self):
        done = self.run_check("shell")
        self.assertEqual((done.returncode, done.stdout),
                         (77, "shell: shellcheck is not installed, check left out\n"))
        done = self.run_check("shell", CI="true")
        self.assertEqual((done.returncode, done.stdout),
                         (1, "shell: shellcheck is not installed\n"))


if __name__ == "__main__":
    unittest.main()
