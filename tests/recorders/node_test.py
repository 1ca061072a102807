"""The recorder of COVERAGE node leaves everything in its process as it is, and no end of the process loses a line."""

import base64
import json
import os
import re
import resource
import shutil
import signal
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

import told_skips
from node_interpreters import all_nodes

RECORDER = Path(__file__).resolve().parents[2] / "helper/coverage/languages/assets/node"
NODES = all_nodes()
NOBODY = 65534


@unittest.skipUnless(NODES, "nodejs 18 or newer is not installed")
class Recorder(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp()).resolve()
        self.addCleanup(shutil.rmtree, self.folder)
        self.hits = self.folder / "hits"
        self.own = self.folder / "recorder"
        shutil.copytree(RECORDER, self.own)
        self.node = next(iter(NODES.values()))

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def environment(self, recorded):
        """`recorded`: how often NODE_OPTIONS names the recorder."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("NODE_", "GENTLE_"))}
        if recorded:
            quoted = re.sub(r'(["\\])', r"\\\1", f"{self.own}/gentle_node_start.cjs")
            environment["NODE_OPTIONS"] = " ".join([f'--require "{quoted}"'] * recorded)
            environment["GENTLE_NODE_HITS"] = str(self.hits)
        return environment

    def run_node(self, *arguments, recorded=True, code=0, **more):
        result = subprocess.run([self.node, *map(str, arguments)], env=self.environment(recorded), capture_output=True, text=True,
                                check=False, cwd=self.folder, **more)
        self.assertEqual(result.returncode, code, result.stderr)
        return result

    def files(self):
        return sorted(self.hits.rglob("*.hits"))

    def lines_of(self, path, loss=0):
        """The lines of the source that any process has recorded."""
        lines = set()
        for file in self.files():
            words = struct.unpack(f"{file.stat().st_size // 8}Q", file.read_bytes())
            self.assertEqual(words[1], loss, "a loss")
            names = [name.split(b" ", 4) for name in file.with_suffix(".names").read_bytes().split(b"\0")]
            numbers = {int(name[1]) for name in names if name[0] == b"F" and name[4] == os.fsencode(path)}
            lines |= {word & 0xffffff for word in words[8:] if word & 0xffffff and word >> 48 in numbers}
        return lines

    def ways_of(self, path):
        """The line of each branch of the source in their order, and whether each way on from it was taken."""
        (file,) = self.files()
        names = [name.decode().split(" ") for name in file.with_suffix(".names").read_bytes().split(b"\0")]
        (number,) = (name[1] for name in names if name[0] == "F" and name[4] == str(path))
        (told,) = (list(map(int, name[2:])) for name in names if name[:2] == ["B", number] and name[2:] != [""])
        words = struct.unpack(f"{file.stat().st_size // 8}Q", file.read_bytes())[8:]
        taken = {word >> 24 & 0xffffff for word in words if word >> 48 == int(number)}
        branches, before = [], 0
        for line, ways in zip(told[::2], told[1::2]):
            branches.append((line, [before + way in taken for way in range(1, ways + 1)]))
            before += ways
        return branches

    def same_with_and_without(self, *arguments):
        plain = self.run_node(*arguments, recorded=False)
        recorded = self.run_node(*arguments)
        self.assertEqual((recorded.stdout, recorded.stderr), (plain.stdout, plain.stderr))
        self.assertTrue(self.files())

    def test_a_byte_order_mark(self):
        for name in "a.js", "b.mjs":
            program = self.write(name, "\ufeffconst first = 1;\nconsole.log(first);\n")
            self.same_with_and_without(program)
            self.assertEqual(self.lines_of(program), {1, 2})

    def test_the_program_finds_all_as_it_was(self):
        program = self.write("program.js", """'use strict';
const show = (...what) => console.log(JSON.stringify(what));
const arrow = () => 1,
  plain = function () {}, Named = class {};
class Fields {
  a =
    () => 1;
  #b =
    function () {};
  static c =
    class {};
  b() { return this.#b.name; }
}
for (let f = () => 2; f; f = null) show(f.name);
const { d = () => 3 } = {};
show(arrow.name, plain.name, Named.name, d.name);
show(new Fields().a.name, new Fields().b(), Fields.c.name);
show(process.execArgv, process.argv.slice(2), Object.keys(globalThis), Object.keys(require.cache).length);
show((function () { return this === undefined; })(), module.children.length);
try {
  null.x;
} catch (error) {
  show(/program.js:(\\d+)/.exec(error.stack)[1]);
}
""")
        self.same_with_and_without(program, "an argument")

    def test_each_way_on_from_a_branch_is_told(self):
        program = self.write("program.js", """const yes = true, no = false;
if (yes) no; else if (no) yes; else no;
if (no) yes
else
  no
for (const each of [1, 2]) if (each === 3) break; else continue
label: if (yes) break label; else no;
console.log(yes ? 1 : 2, (no || yes) && (no ?? 1, yes) || 3);
switch (2) {
  case 1: case
    2:
  case 3: if (no) {}
  default:
}
switch (4) { case 5: }
const take = (a = 1, { b = () => 2, c = 3 } = {}) =>
  a + b() + c + b.name;
console.log(take(), take(0, { c: 1 }));
function late(a =
  no || yes) {
  return a;
}
do no
while (no && yes) yes && no
late(1);
(function () { return arguments.length && this; })?.call(no || 1);
""")
        self.same_with_and_without(program)
        self.assertEqual(self.ways_of(program), [
            (2, [True, False]), (2, [False, False]), (3, [False, True]), (6, [False, True]), (7, [True, False]),
            (8, [True, False]), (8, [True, True, True, False]), (8, [True, False]),
            (9, [False, True, True, True]), (12, [False, True]), (15, [False]),
            (16, [True]), (16, [True]), (16, [True]), (16, [True]), (21, [False]), (21, [False, False]),
            (24, [True, False]), (24, [True, True]), (26, [True, False]), (26, [True, True])])

    def test_a_branch_that_a_comment_leaves_out_is_not_told(self):
        program = self.write("program.js", """const yes = true;
/* istanbul ignore if */
if (!yes) yes;
/* istanbul ignore else */
if (yes) yes;
/* istanbul ignore next */
if (yes) yes;
yes ? 1 : /* istanbul ignore next */ 2;
yes || /* istanbul ignore next */ (yes && 1);
switch (1) {
  /* istanbul ignore next */
  case 2: break;
  case 1:
}
yes && 1; /* c8 ignore next */
/* c8 ignore start */
yes ? 1 : 2;
/* c8 ignore stop */
if (!yes) yes;
""")
        self.same_with_and_without(program)
        self.assertEqual(self.ways_of(program),
                         [(3, [True]), (5, [True]), (8, [True]), (9, [True]), (10, [True]), (19, [False, True])])

    def test_a_mark_calls_nothing_that_stands_before_it(self):
        for end in "\n", "\r", "\u2028":
            with self.subTest(end):
                program = self.write("program.js", "const b = 1, log = (x) => console.log(x), d = () => log('d');" + end
                                     + "{ log('a')" + end + "b && d()" + end + "b ? d() : 0 }" + end)
                self.same_with_and_without(program)

    def test_an_else_that_is_not_there_is_of_its_own_if(self):
        program = self.write("program.js", """function f(a, b) {
  /* istanbul ignore if */ if (a) if (b) b;
}
function g(a, b) {
  if (a) /* istanbul ignore next */ if (b) b;
}
f(0, 0);
g(1, 0);
for (var each = function () {} in { a: 1 }) each;
""")
        self.same_with_and_without(program)
        self.assertEqual(self.ways_of(program), [(2, [True]), (5, [False])])

    def test_branches_in_branches_without_end_are_told(self):
        chain = "let x = 1;\n" + "if (x === 0) x; else " * 600 + "console.log(x);\n"
        program = self.write("program.js", chain)
        self.same_with_and_without(program)
        self.assertEqual(self.words_about(program), [2])

    def made_of(self, original, content, made):
        """A program, each line of which comes from the line two below it of `original`."""
        source = {"version": 3, "sources": ["app/" + original], "sourceRoot": f"file://{self.folder}",
                  "mappings": "AAEA;" + "AACA;" * made.count("\n"), **content}
        data = base64.b64encode(json.dumps(source).encode()).decode()
        return self.write("program.js", f"{made}//# sourceMappingURL=data:application/json;charset=utf-8;base64,{data}\n")

    def words_about(self, path):
        (file,) = self.files()
        return [int(name[1]) for name in (text.decode().split(" ", 2) for text in file.with_suffix(".names").read_bytes().split(b"\0"))
                if name[0] == "X" and name[2] == str(path)]

    def test_lines_are_those_of_the_source_that_the_text_was_made_of(self):
        (self.folder / "app").mkdir()
        text = "type A = 1;\n\nconst a: A = 1;\nif (a) a; else a;\n"
        original = self.write("app/a.ts", text)
        made = "const a = 1;\nif (a) a; else a;\n"
        program = self.made_of("a.ts", {"sourcesContent": [text]}, made)
        self.same_with_and_without(program)
        self.assertEqual((self.lines_of(original), self.lines_of(program)), ({3, 4}, set()))
        self.assertEqual(self.ways_of(original), [(4, [True, False])])
        self.assertEqual(self.words_about(original), [])

    def test_a_source_that_has_changed_since_a_text_was_made_of_it_is_told(self):
        (self.folder / "app").mkdir()
        original = self.write("app/a.ts", "\n\nconst a = 2;\n")
        for content, lines, words in (({"sourcesContent": ["another"]}, set(), [5]), ({}, {3}, [6])):
            with self.subTest(content):
                shutil.rmtree(self.hits, ignore_errors=True)
                program = self.made_of("a.ts", content, "const a = 1;\n")
                os.utime(original, (2 ** 32, 2 ** 32))
                self.same_with_and_without(program)
                self.assertEqual((self.lines_of(original), self.words_about(original)), (lines, words))

    def test_what_a_tool_translates_while_node_loads_it_counts_by_its_map(self):
        """As ts-node, tsx and @babel/register do it."""
        text = "type A = 1;\n\nconst a: A = 1;\nif (a) a; else a;\n"
        made = "const a = 1;\nif (a) a; else a;\n"
        for name in "typed.ts", "plain.js":
            original = self.write(name, text)
            mapped = {"version": 3, "sources": [name], "mappings": "AAEA;AACA;"}
            for content, told in ((mapped, None), ({**mapped, "sourcesContent": [text]}, None), ({**mapped, "sourcesContent": ["another"]}, 5),
                                  ({**mapped, "sources": ["gone.ts"]}, 3 if name == "typed.ts" else 1)):
                with self.subTest(name, content=content):
                    shutil.rmtree(self.hits, ignore_errors=True)
                    data = base64.b64encode(json.dumps(content).encode()).decode()
                    output = f"{made}//# sourceMappingURL=data:application/json;base64,{data}"
                    program = self.write("program.cjs", f"require.extensions['{original.suffix}'] = (module, file) =>\n"
                                         f"  module._compile({json.dumps(output)}, file);\nrequire('./{name}');\n")
                    self.same_with_and_without(program)
                    self.assertEqual(self.lines_of(program), {1, 2, 3})
                    self.assertEqual((self.lines_of(original), self.words_about(original)), ({3, 4}, []) if told is None else (set(), [told]))
                    if told is None:
                        self.assertEqual(self.lines_of_statements(original), {3, 4})

    def lines_of_statements(self, path):
        (file,) = self.files()
        names = [name.decode().split(" ") for name in file.with_suffix(".names").read_bytes().split(b"\0")]
        (number,) = (name[1] for name in names if name[0] == "F" and name[4] == str(path))
        return {int(line) for name in names if name[:2] == ["S", number] for line in name[2:]}

    def test_typescript_that_node_itself_runs_is_recorded(self):
        if self.run_node("-p", "!!(process.features.typescript && module.constructor.stripTypeScriptTypes)", recorded=False).stdout != "true\n":
            self.skipTest("this Node runs no TypeScript")
        typed = "interface A {\n  a: number;\n}\nconst a: A = { a: 1 };\nif (a.a < 2) {\n  console.log(<number>a.a);\n}"
        typed = typed.replace("<number>a.a", "(a.a as number), ((x: any): number => x)(2)")
        old = self.write("old.cts", f"{typed}\nexports.x = (a.a) > 1 ? 1 : 2;\n")
        module = self.write("module.mts", f"{typed}\nexport const x = a.a!;\n")
        loaded = self.write("loaded.ts", "type B = 1;\nexport const y: B = 1;\n")
        program = self.write("program.ts", "import { x } from './module.mts';\nimport { y } from './loaded.ts';\n"
                             "import type { Server } from 'http';\nimport old from './old.cts';\nlet server: Server | null = null;\n"
                             "console.log(x, y, old.x, server);\nenum_like();\nfunction enum_like(): void {\n  throw new Error('told');\n}\n")
        plain = self.run_node(program, recorded=False, code=1)
        recorded = self.run_node(program, code=1)
        self.assertEqual(recorded.stdout, plain.stdout)
        self.assertNotIn("stripTypeScriptTypes", recorded.stderr)
        self.assertIn(f"{program.name}:9", recorded.stderr)
        self.assertEqual([self.lines_of(file) for file in (old, module, loaded, program)],
                         [{4, 5, 6, 8}, {4, 5, 6, 8}, {2}, {5, 6, 7, 9}])
        self.assertEqual(self.lines_of_statements(program), {5, 6, 7, 9})

    def test_typescript_that_node_translates_to_another_text_is_told(self):
        if self.run_node("-p", "!!process.features.typescript", recorded=False).stdout != "true\n":
            self.skipTest("this Node runs no TypeScript")
        program = self.write("program.ts", "enum E { A }\nconsole.log(E.A);\n")
        self.assertEqual(self.run_node("--no-warnings", "--experimental-transform-types", program).stdout, "0\n")
        self.assertEqual((self.lines_of(program), self.words_about(program)), (set(), [3]))

    def test_webpack_names_sources_from_a_folder_above_its_text(self):
        for folder in "app", "dist/app":
            (self.folder / folder).mkdir(parents=True)
        other = self.write("dist/app/a.ts", "another\n")
        original = self.write("app/a.ts", "\n\nconst a = 1;\n")
        for name in "webpack://shop/./app/a.ts", "webpack:///app/a.ts?1f2e", "webpack://@acme/shop/./app/a.ts":
            with self.subTest(name):
                shutil.rmtree(self.hits, ignore_errors=True)
                content = {"sources": [name], "sourceRoot": "", "sourcesContent": [original.read_text(encoding="utf-8")]}
                program = shutil.move(self.made_of("a.ts", content, "const a = 1;\n"), self.folder / "dist")
                self.same_with_and_without(program)
                self.assertEqual([self.lines_of(path) for path in (original, other, Path(program))], [{3}, set(), set()])
                Path(program).unlink()

    def test_the_sources_of_webpack_are_in_one_folder(self):
        """Without their contents, also a bundle that has the name of one of them."""
        (self.folder / "dist").mkdir()
        original = self.write("index.js", "\n\nconst a = 1;\n")
        for contents in ([original.read_text(encoding="utf-8")], None):
            with self.subTest(contents):
                shutil.rmtree(self.hits, ignore_errors=True)
                content = {"sources": ["webpack://shop/./index.js"], "sourceRoot": "", "sourcesContent": contents}
                program = Path(shutil.move(self.made_of("index.js", content, "const a = 1;\n"), self.folder / "dist/index.js"))
                os.utime(original, (1, 1))
                self.same_with_and_without(program)
                self.assertEqual((self.lines_of(original), self.lines_of(program)), ({3}, set()))

    def test_only_the_source_that_has_changed_is_left_out(self):
        kept = self.write("kept.ts", "\nconst a = 1;\n")
        changed = self.write("changed.ts", "const b = 2;\n\n// new\n")
        program = self.folder / "made.js"
        # Line 1 is line 2 of the first source, line 2 is line 1 of the second.
        source_map = {"version": 3, "names": [], "sources": ["kept.ts", "changed.ts"], "mappings": "AACA;ACDA",
                      "sourcesContent": [kept.read_text(encoding="utf-8"), "const b = 2;\n"]}
        data = base64.b64encode(json.dumps(source_map).encode()).decode()
        program.write_text(f"const a = 1;\nconst b = 2;\n//# sourceMappingURL=data:application/json;base64,{data}\n", encoding="utf-8")
        self.same_with_and_without(program)
        self.assertEqual((self.lines_of(kept), self.lines_of(changed), self.lines_of(program)), ({2}, set(), set()))
        self.assertEqual(self.words_about(changed), [5])

    def test_a_byte_order_mark_is_no_change(self):
        (self.folder / "app").mkdir()
        original = self.write("app/a.ts", "\ufeff\n\nconst a = 1;\n")
        self.same_with_and_without(self.made_of("a.ts", {"sourcesContent": ["\n\nconst a = 1;\n"]}, "const a = 1;\n"))
        self.assertEqual((self.lines_of(original), self.words_about(original)), ({3}, []))

    def test_a_source_without_the_line_of_its_text_has_changed(self):
        (self.folder / "app").mkdir()
        original = self.write("app/a.ts", "const a = 1;\n")
        self.same_with_and_without(self.made_of("a.ts", {}, "const a = 1;\n"))
        self.assertEqual((self.lines_of(original), self.words_about(original)), (set(), [5]))

    def test_what_a_compiler_has_put_before_has_no_branches(self):
        (self.folder / "app").mkdir()
        original = self.write("app/a.ts", "\n\nexport {};\n")
        made = "var help = help || 1; exports.a = help ? 1 : 2;\n"
        self.same_with_and_without(self.made_of("a.ts", {"mappings": "wBAEA;"}, made))  # from the 25th character on
        self.assertEqual((self.lines_of(original), self.ways_of(original)), ({3}, [(3, [True, False])]))

    def test_branches_that_come_from_the_same_places_are_one(self):
        """Babel has the functions that it adds come from one place of the source: an import, say."""
        (self.folder / "app").mkdir()
        original = self.write("app/a.ts", "import b;\nexport {};\n")
        made = "var a = 1 || 2; if (!a) a; else a; if (a) a; if (a) a; else;\nif (a) a;\n"
        self.same_with_and_without(self.made_of("a.ts", {"mappings": "AAAA;AACA"}, made))
        self.assertEqual(self.ways_of(original), [(1, [True, True]), (1, [True, False]), (2, [True, False])])

    def test_a_text_counts_itself_where_its_map_leads_nowhere(self):
        made = "const a = 1;\n"
        os.mkfifo(self.folder / "pipe")
        for program in (self.made_of("gone.ts", {}, made), self.write("none.js", f"{made}//# sourceMappingURL=none.js.map\n"),
                        self.write("web.js", f"{made}//# sourceMappingURL=https://example.org/a.map\n"),
                        self.write("bad.js", f"{made}//# sourceMappingURL=data:application/json;base64,e30=\n"),
                        self.write("percent.js", f"{made}//# sourceMappingURL=%zz.map\n"),
                        self.write("pipe.js", f"{made}//# sourceMappingURL=pipe\n"),
                        self.write("folder.js", made + "//# sourceMappingURL=data:application/json,"
                                   '{"version":3,"sources":["pipe",".",""],"mappings":"AAAA"}\n')):
            with self.subTest(program.name):
                shutil.rmtree(self.hits, ignore_errors=True)
                self.same_with_and_without(program)
                self.assertEqual(self.lines_of(program), {1})

    def test_a_package_of_a_workspace_counts_where_links_are_kept(self):
        for folder in "packages/lib", "node_modules/@acme", "node_modules/other":
            (self.folder / folder).mkdir(parents=True)
        (self.folder / "node_modules/@acme/lib").symlink_to("../../packages/lib")
        library = self.write("packages/lib/index.js", "exports.f = () =>\n  1;\n")
        module = self.write("packages/lib/more.mjs", "export const g = 1;\n")
        other = self.write("node_modules/other/index.js", "exports.h = 1;\n")
        program = self.write("program.mjs", "import lib from '@acme/lib';\nimport '@acme/lib/more.mjs';\nimport 'other';\nlib.f();\n")
        for option in "", "--preserve-symlinks":
            with self.subTest(option):
                shutil.rmtree(self.hits, ignore_errors=True)
                self.run_node(*option.split(), program)
                self.assertEqual([self.lines_of(path) for path in (library, module, other)], [{1, 2}, {1}, set()])

    def test_paths_may_have_any_name(self):
        other = self.folder / 'it\'s "another"\\one'
        self.own = shutil.move(self.own, other)
        self.hits = other / "hits"
        program = self.write('a "b"\n\\c\u00fc.js', "const { Worker } = require('worker_threads');\n"
                             "if (process.argv[2]) new Worker(__filename, { env: {} });\n")
        self.run_node(program, "an argument")
        self.assertEqual(self.lines_of(program), {1, 2})
        words = self.files()[0].read_bytes()[64:]
        self.assertEqual(len(words), 6 * 8, "both threads have recorded")
        module = self.write('a "b"\nc#d.mjs', "export {};\nconsole.log(1);\n")
        self.assertEqual(self.run_node(module).stdout, "1\n")
        self.assertEqual(self.lines_of(module), {2})

    def loss_of(self, program, **more):
        """How the recorder names what it lacks, in the second word of its file."""
        self.run_node(program, **more)
        (file,) = self.files()
        return struct.unpack("2Q", file.read_bytes()[:16])[1]

    def version(self):
        return tuple(map(int, self.run_node("--version", recorded=False).stdout[1:].split(".")[:2]))

    def test_all_that_es_modules_load_is_recorded_and_as_it_was(self):
        self.write("other.mjs", "export const f = (x) => x + 1;\n")
        self.write("late.mjs", "import { f } from './other.mjs';\nconsole.log(f(1));\n")
        self.write("names.js", "exports.a = 1;\nexports.b = exports.a ? 2 : 3;\n")
        self.write("third.cjs", "module.exports = __filename.length;\n")
        self.write("second.cjs", "exports.third = require('./third.cjs');\nconsole.log(Object.keys(require), module.children.length,\n"
                                 "  Object.keys(require.cache ?? {}).length);\n")
        program = self.write("program.mjs", "import { a, b } from './names.js';\nimport second from './second.cjs';\n"
                                            "console.log(a, b, second);\nawait import('./late.mjs?again');\n")
        if self.version() >= (25, 0):  # one more module is in the cache
            self.run_node(program)
        else:
            self.same_with_and_without(program)
        self.assertEqual({name: self.lines_of(self.folder / name) for name in ("other.mjs", "late.mjs", "names.js", "third.cjs", "second.cjs")},
                         {"other.mjs": {1}, "late.mjs": {2}, "names.js": {1, 2}, "third.cjs": {1}, "second.cjs": {1, 2}})
        self.assertEqual(self.lines_of(program), {3, 4})
        self.assertEqual([path.suffix for path in sorted(self.hits.rglob("*.*"))], [".hits", ".names"])

    def test_the_kind_of_a_file_is_what_its_package_says(self):
        package = self.folder / "package.json"
        for kind, text in (("module", "export {};\nlet of = 1;\n"), ("module", "let of = 1;\nof = await of;\n"), ("commonjs", "var of = 1;\nwith ({}) of;\n")):
            with self.subTest(kind):
                shutil.rmtree(self.hits, ignore_errors=True)
                package.write_text(f'{{"type": "{kind}"}}', encoding="utf-8")
                program = self.write("program.js", text)
                importing = self.write("importing.mjs", "import './program.js';\n")
                self.same_with_and_without(importing)
                self.assertEqual(self.lines_of(program), {2} if text.startswith("export") else {1, 2})

    def test_a_file_whose_package_says_nothing_is_what_its_text_is(self):
        if self.version() < (20, 19) or self.version() < (22, 7) and self.version() >= (21, 0):
            self.skipTest("this Node takes it for CommonJS")
        for text, lines in (("import 'fs';\nawait 1;\n", {2}), ("const of = 1;\nimport.meta.url;\n", {1, 2}), ("exports.a = 1;\n", {1})):
            with self.subTest(text):
                shutil.rmtree(self.hits, ignore_errors=True)
                program = self.write("program.js", text)
                self.run_node(program)
                self.assertEqual(self.lines_of(program), lines)

    def test_what_require_loads_of_es_modules_is_recorded(self):
        if self.run_node("-p", "!!process.features.require_module", recorded=False).stdout == "false\n":
            self.skipTest("this Node cannot")
        other = self.write("other.mjs", "export const x = 1;\n")
        module = self.write("module.mjs", "export * from './other.mjs';\nexport const y = 1;\n")
        program = self.write("program.cjs", "console.log(Object.keys(require('./module.mjs')));\n")
        self.assertEqual(self.run_node(program).stdout, "[ 'x', 'y' ]\n")
        self.assertEqual([self.lines_of(file) for file in (other, module, program)], [{1}, {2}, {1}])

    def test_hooks_of_the_program_for_es_modules_see_what_they_saw(self):
        if self.version() < (18, 19) or (19, 0) <= self.version() < (20, 6):
            self.skipTest("this Node has other hooks")
        self.write("hooks.mjs", """export async function load(address, context, next) {
  const result = await next(address, context);
  if (!address.endsWith('/made.mjs')) return result;
  return { ...result, source: `${result.source}\\nconsole.log(made);` };
}
""")
        made = self.write("made.mjs", "const made = 'of it';\n")
        self.write("register.mjs", "import { register } from 'node:module';\nregister('./hooks.mjs', import.meta.url);\n")
        ours_is_inner = self.version() < (25, 0)  # else its text is that of the other hook, which is told
        for options, is_counted in ((("--import", "./register.mjs"), ours_is_inner), (("--loader", "./hooks.mjs"), False)):
            with self.subTest(options):
                shutil.rmtree(self.hits, ignore_errors=True)
                self.same_with_and_without("--no-warnings", *options, made)
                self.assertEqual((self.lines_of(made), self.words_about(made)), ({1}, []) if is_counted else (set(), [1]))

    def test_common_js_that_a_hook_gives_is_told_where_it_is_not_recorded(self):
        if self.run_node("-p", "!!module.constructor.registerHooks", recorded=False).stdout == "false\n":
            self.skipTest("this Node has no such hooks")
        self.write("hooks.cjs", "require('module').registerHooks({ load: (address, context, next) => next(address, context) });\n")
        library = self.write("library.cjs", "exports.x = 1;\n")
        program = self.write("program.mjs", "import library from './library.cjs';\nconsole.log(library);\n")
        self.same_with_and_without("--require", "./hooks.cjs", program)
        self.assertEqual(self.lines_of(program), {2})
        self.assertIn((self.lines_of(library), self.words_about(library)), ((set(), [4]), ({1}, [])))

    def test_a_program_without_permission_for_bindings_has_its_modules_recorded_by_hooks(self):
        """Then CommonJS is recorded or told."""
        if not (22, 15) <= self.version() < (25, 0):
            self.skipTest("this Node has no such hooks, or needs no binding")
        library = self.write("library.cjs", "exports.x = 1;\n")
        program = self.write("program.mjs", "import library from './library.cjs';\nconsole.log(library);\n")
        may = ("--no-warnings", "--experimental-permission" if self.version() < (23, 5) else "--permission", "--allow-fs-read=*",
               f"--allow-fs-write={self.folder}/*")
        self.same_with_and_without(*may, program)
        self.assertEqual(self.lines_of(program), {2})
        self.assertIn((self.lines_of(library), self.words_about(library)), ((set(), [4]), ({1}, [])))

    def test_who_calls_is_seen_whatever_the_program_does_to_errors(self):
        late = self.write("late.mjs", "console.log('late');\n")
        for line in ("Error.stackTraceLimit = 0", "Error.prepareStackTrace = () => 'none'", "globalThis.Error = class {}"):
            with self.subTest(line):
                shutil.rmtree(self.hits, ignore_errors=True)
                program = self.write("program.mjs", f"{line};\nawait import('./late.mjs');\n"
                                                    "console.log(Error.stackTraceLimit, String(Error.prepareStackTrace));\n")
                self.same_with_and_without(program)
                self.assertEqual((self.lines_of(program), self.lines_of(late)), ({1, 2, 3}, {1}))

    def test_a_program_that_reads_while_it_is_loaded_reads_its_files(self):
        self.write("other.mjs", "export {};\n")
        self.write("inner.mjs", "import fs from 'fs';\nconsole.log(fs.readFileSync(new URL('./other.mjs', import.meta.url), 'utf8'));\n"
                                "console.log((await fs.promises.readFile(new URL('./other.mjs', import.meta.url))).length);\n")
        self.same_with_and_without(self.write("program.mjs", "import './inner.mjs';\n"))
        if self.run_node("-p", "!!process.features.require_module", recorded=False).stdout == "true\n":
            self.write("inner.mjs", "import fs from 'fs';\nconsole.log(fs.readFileSync(new URL('./other.mjs', import.meta.url)).length);\n")
            self.same_with_and_without(self.write("program.cjs", "require('./inner.mjs');\n"))

    def test_what_stands_between_node_and_a_module_does_not_matter(self):
        late = self.write("late.mjs", "console.log('late');\n")
        program = self.write("program.mjs", """import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
for (let i = 0; i < 9; i++) {
  const read = fs.readFileSync;
  fs.readFileSync = (...all) => read(...all);
}
syncBuiltinESMExports();
await import('./late.mjs');
""")
        self.same_with_and_without(program)
        self.assertEqual(self.lines_of(late), {1})

    def test_a_first_line_for_the_shell_is_no_code(self):
        program = self.write("program.js", "#!/usr/bin/env node\nvar let = 010;\nif (let) return;\n")
        self.same_with_and_without(program)
        self.assertEqual((self.lines_of(program), self.words_about(program)), ({2, 3}, []))

    def test_no_copy_stays_where_a_program_ends_while_it_loads_modules(self):
        for n in range(20):
            self.write(f"m{n}.mjs", "export {};\n")
        program = self.write("program.mjs", "for (let n = 0; n < 20; n++) import(`./m${n}.mjs`);\nprocess.nextTick(() => process.exit(0));\n")
        self.run_node(program)
        self.assertEqual([path.suffix for path in sorted(self.hits.rglob("*.*"))], [".hits", ".names"])

    def test_an_error_that_cannot_be_changed_loses_nothing(self):
        late = self.write("late.mjs", "console.log('late');\n")
        for line in ("Object.freeze(Error)", "Object.defineProperty(Error, 'prepareStackTrace', { set() { console.log('set'); } })"):
            with self.subTest(line):
                shutil.rmtree(self.hits, ignore_errors=True)
                self.same_with_and_without(self.write("program.mjs", f"{line};\nawait import('./late.mjs');\nconsole.log(Object.keys(Error));\n"))
                self.assertEqual(self.lines_of(late), {1})

    def test_modules_that_cannot_be_recorded_are_told(self):
        if self.version() >= (25, 0):
            self.skipTest("this Node needs no copy for it")
        self.write("late.mjs", "console.log('late');\n")
        program = self.write("program.mjs", """import fs from 'node:fs';
const own = `${process.env.GENTLE_NODE_HITS}/${process.pid}`;
process.env.TMPDIR = '/nowhere';
fs.writeFileSync(`${own}/${fs.readdirSync(own).find((name) => name.endsWith('.hits')).replace('.hits', '.0.2.module')}`, '');
await import('./late.mjs');
""")
        self.assertEqual(self.loss_of(program), 6)

    def test_a_thread_that_cannot_be_recorded_is_told(self):
        program = self.write("program.js", f"""const {{ Worker }} = require('worker_threads');
require('fs').unlinkSync({str(self.own / "gentle_node_modules.cjs")!r});
new Worker('1', {{ eval: true }});
""")
        self.assertEqual(self.loss_of(program), 7)

    def compiled(self):
        """What V8 has compiled of the recorder, by name: the number of its file."""
        return {path.name: path.stat().st_ino for path in self.own.glob("compiled-*")}

    def test_what_is_compiled_of_it_is_kept(self):
        if self.run_node("-p", "!!require('zlib').crc32", recorded=False).stdout == "false\n":
            self.skipTest("this Node cannot tell a damaged file")
        program = self.write("program.js", "const x = 1;\nconsole.log(x);\n")

        def check():
            shutil.rmtree(self.hits, ignore_errors=True)
            self.assertEqual(self.run_node(program).stdout, "1\n")
            self.assertEqual(self.lines_of(program), {1, 2})
            return self.compiled()

        first = check()
        self.assertEqual(len(first), 1)
        self.assertEqual(check(), first, "the same is used again")
        (file,) = self.own.glob("compiled-*")
        whole = file.read_bytes()
        for damaged in (b"", whole[:100], whole[:-1], whole[:2000] + bytes(1000) + whole[3000:], bytes(8), bytes(len(whole))):
            file.write_bytes(damaged)
            before = self.compiled()
            anew = check()
            self.assertNotEqual(anew, before, "it is made anew")
            self.assertEqual(check(), anew, "and is used")
        self.assertEqual(len(self.compiled()), 1)
        self.run_node("--no-opt", program)
        others = self.compiled()
        self.assertEqual(len(others), 2, "one for other options of V8")
        self.run_node("--no-opt", program)
        self.assertEqual(check(), others)

    def test_what_cannot_be_kept_is_compiled_each_time(self):
        program = self.write("program.js", "const x = 1;\n")
        limit = 1 << 24
        self.run_node(program, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        self.assertEqual((self.compiled(), self.lines_of(program)), ({}, {1}))

    def test_a_node_whose_file_is_gone_is_recorded(self):
        program = self.write("program.js", "const x = 1;\n")
        gone = self.folder / "node"
        shutil.copy(os.path.realpath(self.node), gone)
        with gone.open("rb") as file:
            gone.unlink()
            self.run_node(program, executable=f"/proc/self/fd/{file.fileno()}", pass_fds=[file.fileno()])
        self.assertEqual((self.compiled(), self.lines_of(program)), ({}, {1}))

    @unittest.skipUnless(os.getuid() == 0, "only root can become another user")
    def test_a_user_who_may_not_write_there_compiles_it_each_time(self):
        program = self.write("program.js", "const x = 1;\n")
        self.hits.mkdir(mode=0o777)
        self.hits.chmod(0o777)
        self.folder.chmod(0o755)
        self.run_node(program, user=NOBODY, group=NOBODY, extra_groups=[])
        self.assertEqual((self.compiled(), self.lines_of(program)), ({}, {1}))

    def test_what_is_kept_is_of_the_same_text(self):
        if self.run_node("-p", "!!require('zlib').crc32", recorded=False).stdout == "false\n":
            self.skipTest("this Node cannot tell a damaged file, and keeps none")
        program = self.write("program.js", "const x = 1;\n")
        self.run_node(program)
        before = self.compiled()
        part = self.own / "gentle_node_lines.cjs"
        text = part.read_text(encoding="utf-8")
        part.write_text(text.replace("// Makes", "// makes", 1), encoding="utf-8")
        self.run_node(program)
        after = self.compiled()
        self.assertEqual(len(before), 1)
        self.assertEqual(before.keys(), after.keys())
        for name, data in before.items():
            self.assertNotEqual(data, after[name])
        self.assertEqual(self.lines_of(program), {1})

    def test_no_more_is_kept_than_for_sixteen_kinds_of_node(self):
        program = self.write("program.js", "const x = 1;\n")
        for n in range(16):
            (self.own / f"compiled-{n}").touch()
        before = self.compiled()
        self.run_node(program)
        self.assertEqual(self.compiled(), before)
        self.assertEqual(self.lines_of(program), {1})

    def test_one_that_is_named_twice_starts_once(self):
        program = self.write("program.js", "const x = 1;\n")
        self.assertEqual(self.run_node(program, recorded=2).stderr, "")
        self.assertEqual(len(self.files()), 1)
        self.assertEqual(self.lines_of(program), {1})

    def test_a_loop_keeps_its_label(self):
        program = self.write("program.js", """let n = 0;
if (n === 0)
  outer: for (;;) {
    for (;;) { if (++n < 3) continue outer; else break outer; }
  }
do n++
while (n < 9)
console.log(n)
""")
        self.assertEqual(self.run_node(program).stdout, "9\n")
        self.assertEqual(self.lines_of(program), {1, 2, 3, 4, 6, 8})

    def test_a_descriptor_that_is_used_again_gets_nothing(self):
        more = self.write("more.js", "exports.x = 1;\n")
        program = self.write("program.js", """const fs = require('fs');
const held = [];
for (const fd of fs.readdirSync('/proc/self/fd')) {
  let name = '';
  try { name = fs.readlinkSync(`/proc/self/fd/${fd}`); } catch {}
  if (!/node\\..*\\.(hits|names)$/.test(name)) continue;
  fs.closeSync(Number(fd)); const again = fs.openSync(`held${fd}`, 'w+');
  if (again !== Number(fd)) throw new Error(`expected ${fd}, got ${again}`);
  held.push(again);
}
require('./more.js');
console.log(held.length, held.map((fd) => fs.fstatSync(fd).size).join());
""")
        self.assertRegex(self.run_node(program).stdout, "^[23] 0,0(,0)?\n$")  # the recorder opens its files again
        self.assertEqual(self.lines_of(program), {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12})
        self.assertEqual(self.lines_of(more), {1})

    def test_a_program_may_use_all_descriptors(self):
        program = self.write("program.js", """const fs = require('fs');
try {
  for (;;) fs.openSync('/dev/null');
} catch (error) {
  console.log(error.code);
}
const last = 1;
process.reallyExit(0);
""")
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)
        result = self.run_node(program, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, limit[1])))
        self.assertEqual(result.stdout, "EMFILE\n")
        self.assertEqual(self.lines_of(program), {1, 2, 3, 5, 7, 8})

    @unittest.skipUnless(os.getuid() == 0, "only root can become another user")
    def test_a_program_may_become_another_user(self):
        more = self.write("more.js", "exports.x = 1;\n")
        program = self.write("program.js", f"process.setuid({NOBODY});\nrequire('./more.js');\nconst last = 1;\n")
        self.folder.chmod(0o755)
        self.run_node(program)
        self.assertEqual(self.lines_of(program), {1, 2, 3})
        self.assertEqual(self.lines_of(more), {1})

    # The first CommonJS comes when the recorder can no longer be read.
    @unittest.skipUnless(os.getuid() == 0, "only root can become another user")
    def test_an_es_module_may_become_another_user(self):
        library = self.write("library.cjs", "exports.x = 1;\n")
        program = self.write("program.mjs", f"process.setgid({NOBODY});\nprocess.setuid({NOBODY});\n"
                                            "const m = await import('./library.cjs');\n")
        self.folder.chmod(0o755)
        self.own.chmod(0o700)
        self.run_node(program)
        self.assertEqual(self.lines_of(program), {1, 2, 3})
        self.assertEqual(self.lines_of(library), {1})

    def test_a_program_may_put_others_in_place_of_the_library(self):
        library = self.write("library.cjs", "exports.x = 1;\n")
        program = self.write("program.mjs", """import Module, { createRequire } from 'module';
const load = Module._load;
Module._load = function (name, ...more) {
  return name === 'fs' ? { readFileSync: () => 'another' } : load.call(this, name, ...more);
};
const require = createRequire(import.meta.url);
console.log(require('./library.cjs').x, require('fs').readFileSync('x'));
""")
        self.assertEqual(self.run_node(program).stdout, "1 another\n")
        self.assertEqual(self.lines_of(program), {2, 3, 4, 6, 7})
        self.assertEqual(self.lines_of(library), {1})

    def test_a_limit_for_files_is_told(self):
        program = self.write("program.js", "let x;\n" + "".join(f"x = {n};\n" for n in range(2000)))
        self.assertEqual(self.loss_of(program, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (12288, 12288))), 1)

    def test_killed_while_it_writes_it_has_all_that_it_executed(self):
        count = 20000
        body = "".join(f"done({n});\n" for n in range(2, count))
        program = self.write("program.js", "const fs = require('fs'), log = fs.openSync('log', 'w'), done = (n) => "
                                           "fs.writeSync(log, `${n}\\n`);\n" + body + "setInterval(() => {}, 1000);\n")
        for enough in (1, 1000, 20000):
            shutil.rmtree(self.hits, ignore_errors=True)
            log = self.write("log", "")
            with subprocess.Popen([self.node, program], env=self.environment(True), cwd=self.folder) as process:
                while process.poll() is None and log.stat().st_size < enough:
                    pass
                process.send_signal(signal.SIGKILL)
            whole_lines = log.read_text(encoding="utf-8").rpartition("\n")[0]
            executed = {int(line) for line in whole_lines.splitlines()}
            self.assertTrue(executed)
            self.assertEqual(process.returncode, -signal.SIGKILL)
            self.assertEqual(executed - self.lines_of(program), set())

    def test_a_full_stack_loses_nothing(self):
        program = self.write("program.js", """function deep(n) {
  return deep(n + 1) + 1;
}
try {
  deep(0);
} catch (error) {
  console.log(error.constructor.name);
}
""")
        self.assertEqual(self.run_node(program).stdout, "RangeError\n")
        self.assertEqual(self.lines_of(program), {2, 4, 5, 7})

    def test_a_worker_keeps_the_environment_that_it_is_given(self):
        program = self.write("program.js", """const { Worker, isMainThread } = require('worker_threads');
if (isMainThread) {
  new Worker(__filename, { env: { A: 'b' } });
  new Worker(__filename, { env: { NODE_OPTIONS: '--no-warnings' }, execArgv: [] });
} else {
  console.log(JSON.stringify(process.env));
}
""")
        result = self.run_node(program)
        self.assertEqual(sorted(result.stdout.splitlines()), ['{"A":"b"}', '{"NODE_OPTIONS":"--no-warnings"}'])
        self.assertEqual(self.lines_of(program), {1, 2, 3, 4, 6})

    def test_threads_record_all_of_their_lines(self):
        functions = "".join(f"function f{n}() {{\n" + "".join(f"  x = {i};\n" for i in range(300)) + "}\n" for n in range(8))
        program = self.write("program.js", "const { Worker, isMainThread, workerData } = require('worker_threads');\nlet x;\n" +
                             functions + "if (isMainThread) {\n  for (let n = 0; n < 8; n++) new Worker(__filename, { workerData: n });\n"
                             "} else {\n  eval(`f${workerData}()`);\n}\n")
        self.run_node(program)
        inside = {3 + 302 * n + 1 + i for n in range(8) for i in range(300)}
        end = 3 + 302 * 8
        self.assertEqual(self.lines_of(program), {1, end, end + 1, end + 3} | inside)

    def test_a_source_that_the_program_compiles_itself_is_named(self):
        by_script, by_function = self.write("script.js", "1;\n"), self.write("function.js", "1;\n")
        program = self.write("program.mjs", f"""import vm, {{ Script }} from 'node:vm';
new Script('1', {{ filename: {str(by_script)!r} }}).runInThisContext();
vm.compileFunction('1', [], {{ filename: {str(by_function)!r} }});
vm.runInNewContext('1', {{}}, 'not-a-file.js');
vm.runInThisContext('1');
""")
        self.run_node(program)
        names = self.files()[0].with_suffix(".names").read_bytes().split(b"\0")
        self.assertEqual([name for name in names if name.startswith(b"X")],
                         [b"X 4 " + os.fsencode(by_script), b"X 4 " + os.fsencode(by_function)])

    def test_the_text_of_a_function_runs_elsewhere(self):
        program = self.write("program.js", """const { Worker } = require('worker_threads');
const task = (x) => {
  const twice = () =>
    2 * x;
  if (x)
    console.log(twice(), twice.name);
};
new Worker(`(${task})(21)`, { eval: true });
console.log(Function.prototype.toString.call(parseInt), Function.prototype.toString.name);
""")
        result = self.run_node(program)
        self.assertEqual(sorted(result.stdout.splitlines()), ["42 twice", "function parseInt() { [native code] } toString"])
        self.assertEqual(self.lines_of(program), {1, 2, 8, 9})

    def test_comments_leave_lines_out(self):
        program = self.write("program.js", """let x = 0;
/* istanbul ignore next */
x = 1;
/* istanbul ignore else */
if (x) {
  x = 2;
} else {
  x = 3;
}
/* c8 ignore next 2 */
x = 4;
x = 5;
/* node:coverage disable */
x = 6;
/* node:coverage enable */
x = 7; /* c8 ignore next */
""")
        self.run_node(program)
        names = self.files()[0].with_suffix(".names").read_bytes().split(b"\0")
        self.assertEqual([name for name in names if name.startswith(b"S")], [b"S 1 1 5 6"])

    def test_without_a_place_to_write_the_program_runs(self):
        self.hits.write_text("in the way", encoding="utf-8")
        result = self.run_node("-p", "1")
        self.assertEqual(result.stdout, "1\n")
        self.assertRegex(result.stderr, "^gentle: warning: record Node: .*, continuing\n$")


if __name__ == "__main__":
    told_skips.main()
