"""The recorder of COVERAGE python leaves everything in its process as it is: what it hides, what it inherits, what it opens."""

import importlib.util
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

import told_skips

RECORDER = Path(__file__).resolve().parents[2] / "helper/coverage/languages/assets/python"


@unittest.skipUnless(sys.version_info >= (3, 9), "it is for Python 3.9 and newer")
class Recorder(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.hits = self.folder / "hits"
        self.own = self.folder / "recorder"
        shutil.copytree(RECORDER, self.own, ignore=shutil.ignore_patterns("__pycache__"))

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def environment(self, recorded=True, branches=False, python_path=(), home=None):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        if home:
            environment["PYTHONHOME"] = str(home)
        places = [self.own] if recorded else []
        places += python_path
        if places:
            environment["PYTHONPATH"] = os.pathsep.join(map(str, places))
        if recorded:
            environment["GENTLE_PYTHON_HITS"] = str(self.hits)
        if branches:
            environment["GENTLE_PYTHON_BRANCHES"] = "1"
        return environment

    def run_python(self, *arguments, recorded=True, branches=False, python_path=(), code=0, options=(), home=None, **more):
        result = subprocess.run([sys.executable, *options, *map(str, arguments)],
                                env=self.environment(recorded, branches, python_path, home), capture_output=True,
                                text=True, check=False, cwd=self.folder, **more)
        self.assertEqual(result.returncode, code, result.stderr)
        return result

    def files(self):
        return sorted(self.hits.rglob("*.hits"))

    def lines_of(self, path):
        """The lines of the source that any process has recorded."""
        return {word & 0xffffff for word in self.words_of(path) if not word >> 24 & 0xffffff}

    def arcs_of(self, path):
        """Likewise its arcs between two lines that were executed, as coverage.py writes them."""
        arcs = {(word >> 24 & 0xffffff, -(word & 0x7fffff) if word & 0x800000 else word & 0xffffff)
                for word in self.words_of(path) if word >> 24 & 0xffffff}
        lines = self.lines_of(path)
        return {(line, target) for line, target in arcs if line in lines and (target < 0 or target in lines)}

    def words_of(self, path):
        found = set()
        for file in self.files():
            words = struct.unpack(f"{file.stat().st_size // 8}Q", file.read_bytes())
            self.assertEqual(words[1], 0, "a loss")
            names = [name.split(b" ", 4) for name in file.with_suffix(".names").read_bytes().split(b"\0")]
            numbers = {int(name[1]) for name in names if name[0] == b"F" and name[4] == os.fsencode(path)}
            found |= {word for word in words[8:] if word and word >> 48 in numbers}
        return found

    def same_with_and_without(self, *arguments, **more):
        plain = self.run_python(*arguments, recorded=False, **more)
        recorded = self.run_python(*arguments, **more)
        self.assertEqual((recorded.stdout, recorded.stderr), (plain.stdout, plain.stderr))
        self.assertTrue(self.files())
        return recorded.stdout

    def losses(self):
        return [struct.unpack("2Q", file.read_bytes()[:16])[1] for file in self.files()]

    @unittest.skipIf(sys.version_info >= (3, 12), "sys.monitoring is not given up")
    def test_a_recorder_that_python_gives_up_is_a_loss(self):
        """Each call executes a line for the first time, until the stack is full."""
        deep = "".join(f"def f{n}():\n    return f{n + 1}()\n" for n in range(1500)) + \
            "def deep():\n    try:\n        f0()\n    except RecursionError:\n        pass\n"
        known = "def down(left):\n    return down(left - 1) + 1 if left else 0\ntry:\n    down(10 ** 6)\nexcept RecursionError:\n    pass\n"
        for end, losses in (("deep()\n", [10]), (known, [10]),
                            ("import os\ndeep()\npid = os.fork()\nif pid:\n    os.waitpid(pid, 0)\nelse:\n    os._exit(0)\n", [10, 10])):
            for branches in (False, True):
                with self.subTest(end, branches=branches):
                    shutil.rmtree(self.hits, ignore_errors=True)
                    self.run_python(self.write("program.py", deep + end), branches=branches)
                    self.assertEqual(self.losses(), losses)

    def test_a_child_of_a_thread_that_python_has_not_begun_has_no_loss(self):
        self.run_python(self.write("program.py", """import _thread, os
done = os.pipe()
def run():
    pid = os.fork()
    if not pid: os._exit(0)
    os.waitpid(pid, 0)
    os.write(done[1], b"x")
_thread.start_new_thread(run, ())
os.read(done[0], 1)
"""), options=["-W", "ignore"])
        self.assertEqual(self.losses(), [0, 0])

    @unittest.skipIf(sys.version_info >= (3, 12), "sys.monitoring has room for others")
    def test_a_tracer_in_c_is_told(self):
        program = self.write("program.py", "import ctypes\nctypes.pythonapi.PyEval_SetTrace(None, None)\n")
        self.run_python(program)
        self.assertEqual(self.losses(), [10])

    @unittest.skipIf(sys.version_info >= (3, 12), "sys.monitoring has room for others")
    def test_a_tracer_of_threads_is_told_at_any_end(self):
        """As that of coverage.py, whose other tracer is in C."""
        self.run_python(self.write("program.py", "import os, threading\nthreading.settrace(lambda *_: None)\nos._exit(0)\n"))
        self.assertEqual(self.losses(), [5])

    @unittest.skipIf(sys.version_info >= (3, 12) or not importlib.util.find_spec("coverage"), "sys.monitoring, or no coverage.py")
    def test_the_tracer_of_coverage_py_is_told_at_any_end(self):
        program = self.write("program.py", "import coverage, os\ncoverage.Coverage(data_file=None).start()\nos._exit(0)\n")
        self.run_python(program)
        self.assertEqual(self.losses(), [5])

    @unittest.skipIf(sys.version_info < (3, 12), "sys.settrace is given up then: the test above")
    def test_a_full_stack_loses_nothing(self):
        """What is executed first where the stack is full, and then again."""
        other = self.write("other.py", "def last():\n    x = 1\n    y = 2\n    return x + y\nprint(last())\n")
        program = self.write("program.py", """def last(n):
    x = n
    if x < 0:
        return 0
    return 1

def down(n):
    try:
        down(n + 1)
    except RecursionError:
        pass
    for each in last, run:
        try:
            each(n)
        except RecursionError:
            pass

def run(n):
    if not n:
        with open('other.py') as file:
            exec(compile(file.read(), 'other.py', 'exec'), {})
    else:
        exec(code, {})

with open('other.py') as file:
    code = compile(file.read(), 'other.py', 'exec')
down(0)
print(last(-1), "end")
""")
        for branches in (False, True):
            with self.subTest(branches=branches):
                shutil.rmtree(self.hits, ignore_errors=True)
                self.assertTrue(self.run_python(program, branches=branches).stdout.endswith("0 end\n"))
                self.assertEqual(self.lines_of(program), set(range(1, 29)) - {6, 17, 22, 24})
                self.assertEqual(self.lines_of(other), set(range(1, 6)))
                if branches:
                    self.assertLessEqual({(3, 4), (3, 5)}, self.arcs_of(program))

    @unittest.skipIf(sys.version_info < (3, 12), "sys.settrace is given up then")
    def test_a_handler_that_raises_loses_nothing(self):
        """A signal comes at any place of the recorder, and what was interrupted is executed again."""
        body = "".join(f"    x = {n}\n" for n in range(4000))
        program = self.write("program.py", """import signal
class Late(Exception):
    pass
may_raise = False
def handler(*_):
    global may_raise
    if may_raise:
        may_raise = False
        raise Late
signal.signal(signal.SIGALRM, handler)
delay = 0
while True:
    delay += 0.0001
    try:
        may_raise = True
        signal.setitimer(signal.ITIMER_REAL, delay)
        long()
        break
    except Late:
        pass
may_raise = False
signal.setitimer(signal.ITIMER_REAL, 0)
""".replace("while", f"def long():\n    x = 1\n{body}while"))
        for branches in (False, True):
            with self.subTest(branches=branches):
                shutil.rmtree(self.hits, ignore_errors=True)
                self.run_python(program, branches=branches, timeout=60)
                self.assertEqual(set(range(11, 4012)) - self.lines_of(program), set())

    def test_imports_the_sitecustomize_that_it_hides(self):
        self.write("user/sitecustomize.py", "print('mine', __name__)\n")
        self.write("user/module.py", "import sitecustomize\nprint(sitecustomize.__file__)\n")
        user = self.folder / "user"
        out = self.same_with_and_without("-c", "import module", python_path=[user])
        self.assertEqual(out, f"mine sitecustomize\n{user}/sitecustomize.py\n")

    def test_is_as_absent_as_none(self):
        show = "import sys\ntry:\n    import sitecustomize\n    print(sitecustomize.__file__)\n" \
               "except ImportError as error:\n    print(error)\n"
        self.same_with_and_without("-c", show)

    def test_a_sitecustomize_that_fails_fails_as_before(self):
        self.write("user/sitecustomize.py", "import no_such_module\n")
        plain = self.run_python("-c", "print('runs')", recorded=False, python_path=[self.folder / "user"])
        recorded = self.run_python("-c", "print('runs')", python_path=[self.folder / "user"])
        self.assertEqual(recorded.stdout, plain.stdout)
        self.assertIn("no_such_module", recorded.stderr)

    def test_leaves_usercustomize_and_the_path_alone(self):
        self.write("user/usercustomize.py", "print('user')\n")
        out = self.same_with_and_without("-c", "import sys; print(sys.path)", python_path=[self.folder / "user"],
                                         options=["-X", "utf8"])
        self.assertNotIn(str(self.own), out)

    def test_opens_no_descriptor(self):
        program = self.write("program.py", "import os\nprint(sorted(os.listdir('/proc/self/fd')))\n")
        self.same_with_and_without(program)
        self.assertEqual(self.lines_of(program), {1, 2})

    def test_a_descriptor_that_is_used_again_gets_nothing(self):
        program = self.write("program.py", "\n".join(
            ["import os", "os.closerange(3, 64)",
             "held = [os.open(f'held{n}', os.O_RDWR | os.O_CREAT) for n in range(60)]",
             *(f"x = {n}" for n in range(5000)), "print(sum(os.fstat(fd).st_size for fd in held))", ""]))
        self.assertEqual(self.run_python(program).stdout, "0\n")
        self.assertEqual(self.lines_of(program), set(range(1, 5005)))

    def test_writes_nothing_beside_the_program(self):
        program = self.write("app/program.py", "x = 1\n")
        self.run_python(program)
        self.assertEqual(sorted(path.name for path in program.parent.iterdir()), ["program.py"])

    @unittest.skipIf(sys.implementation.name == "pypy", "PyPy finds its library in another way")
    def test_a_link_in_the_standard_library_is_of_it(self):
        """Debian's has one to /etc/python3.11/sitecustomize.py."""
        linked = self.write("etc/linked.py", "x = 1\n")
        library = Path(os.path.dirname(os.__file__))
        own = self.folder / "home/lib" / library.name
        own.mkdir(parents=True)
        for path in library.iterdir():
            (own / path.name).symlink_to(path)
        (own / "linked.py").symlink_to(linked)
        program = self.write("program.py", "import linked\nprint(linked.__file__)\n")
        self.assertEqual(self.run_python(program, home=own.parents[1]).stdout, f"{own}/linked.py\n")
        self.assertEqual(self.lines_of(program), {1, 2})
        self.assertEqual(self.lines_of(linked), set())

    def test_a_child_of_fork_has_hits_of_its_own(self):
        program = self.write("program.py", "import os\npid = os.fork()\nif pid == 0:\n    child = 1\n    os.kill(os.getpid(), 9)\n"
                                           "os.waitpid(pid, 0)\n")
        self.run_python(program)
        self.assertEqual(len(self.files()), 2)
        self.assertEqual(self.lines_of(program), {1, 2, 3, 4, 5, 6})

    def test_killed_while_it_writes_it_has_all_that_it_executed(self):
        count = 20000
        body = "".join(f"os.write(LOG, b'{n}\\n')\n" for n in range(4, count))
        program = self.write("program.py", "import os, time\n\nLOG = os.open('log', os.O_WRONLY)\n" + body + "time.sleep(1000)\n")
        for enough in (1, 1000, 20000):
            shutil.rmtree(self.hits, ignore_errors=True)
            log = self.write("log", "")
            with subprocess.Popen([sys.executable, program], env=self.environment(), cwd=self.folder) as process:
                while process.poll() is None and log.stat().st_size < enough:
                    pass
                process.send_signal(signal.SIGKILL)
            self.assertEqual(process.returncode, -signal.SIGKILL)
            executed = {int(line) for line in log.read_text(encoding="utf-8").rpartition("\n")[0].splitlines()}
            self.assertTrue(executed)
            self.assertEqual(executed - self.lines_of(program), set())

    def test_a_limit_for_files_is_told(self):
        program = self.write("program.py", "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))\n" +
                             "".join(f"x = {n}\n" for n in range(9000)))
        self.run_python(program)
        (file,) = self.files()
        self.assertNotEqual(struct.unpack("2Q", file.read_bytes()[:16])[1], 0)

    def test_without_a_place_to_write_the_program_runs(self):
        self.hits.write_text("in the way", encoding="utf-8")
        result = self.run_python("-c", "print('runs')")
        self.assertEqual(result.stdout, "runs\n")
        self.assertRegex(result.stderr, "^gentle: warning: record Python: .*, continuing\n$")

    def test_threads_record_all_of_their_lines(self):
        functions = "".join(f"def f{n}():\n" + "".join(f"    x = {i}\n" for i in range(300)) for n in range(8))
        program = self.write("program.py", "import threading\n" + functions +
                             "threads = [threading.Thread(target=globals()[f'f{n}']) for n in range(8)]\n"
                             "for t in threads:\n    t.start()\nfor t in threads:\n    t.join()\n")
        self.run_python(program)
        self.assertEqual(self.lines_of(program), set(range(1, 2 + 8 * 301 + 5)))

    def test_a_program_with_python_in_it_is_no_interpreter(self):
        server = self.folder / "server"
        server.symlink_to(os.path.realpath(sys.executable))
        subprocess.run([server, "-c", "import sys\nassert sys.executable.endswith('server')\n"], env=self.environment(), check=True)
        (file,) = self.hits.rglob("*.names")
        _, _, told = file.read_bytes().split(b"\0")[0].decode().split(" ", 2)
        version = "import sys; print(sys.version_info[:2])"
        self.assertNotEqual(told, str(server))
        self.assertEqual(subprocess.run([told, "-c", version], capture_output=True, text=True, check=True).stdout, f"{sys.version_info[:2]}\n")

    def test_an_archive_is_named(self):
        """Its sources cannot be recorded, since no report reads them."""
        archive = self.folder / "app.pyz"
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("__main__.py", "import part\n")
            file.writestr("part.py", "print('part')\n")
        self.assertEqual(self.run_python(archive).stdout, "part\n")
        (names,) = self.hits.rglob("*.names")
        self.assertEqual([name for name in names.read_bytes().split(b"\0") if name.startswith((b"X", b"F"))], [b"X 1 " + os.fsencode(archive)])

    def test_what_has_no_lines_has_no_hits(self):
        """A hit of line 0 would make the report refuse all lines of the process."""
        sources = [self.write(name, text) for name, text in
                   [("package/__init__.py", ""), ("package/blank.py", "\n\n"), ("package/comment.py", "# no code\n")]]
        program = self.write("program.py", "import package.blank\nimport package.comment\nx = 1\n")
        for branches in (False, True):
            with self.subTest(branches=branches):
                shutil.rmtree(self.hits, ignore_errors=True)
                self.run_python(program, branches=branches)
                self.assertEqual(self.lines_of(program), {1, 2, 3})
                if sys.version_info >= (3, 11):
                    self.assertEqual([self.words_of(source) for source in sources], [set(), set(), set()])

    def test_equal_functions_of_two_sources_are_two(self):
        text = "def f(n):\n    if n:\n        return 1\n    return 2\n"
        first, second = self.write("first.py", text), self.write("second.py", text)
        for branches in False, True:
            self.run_python("-c", "import first, second\nfor _ in range(99):\n    first.f(0), first.f(1)\nsecond.f(0)\n",
                            python_path=[self.folder], branches=branches)
            self.assertEqual(self.lines_of(first), {1, 2, 3, 4})
            self.assertEqual(self.lines_of(second), {1, 2, 4})
        self.assertEqual(self.arcs_of(first) - self.arcs_of(second), {(2, 3), (3, -1)})

    def test_no_arcs_unless_they_are_asked_for(self):
        program = self.write("program.py", "for i in range(3):\n    if i:\n        print(i)\n")
        self.same_with_and_without(program)
        self.assertEqual(self.arcs_of(program), set())
        (names,) = self.hits.rglob("*.names")
        self.assertNotIn(b"A", names.read_bytes().split(b"\0"))

    def arcs_when(self, text, **more):
        """Of this program, and of no run before."""
        shutil.rmtree(self.hits, ignore_errors=True)
        program = self.write("program.py", text)
        self.same_with_and_without(program, branches=True, **more)
        return self.arcs_of(program)

    def test_loops_have_the_arcs_that_were_taken(self):
        arcs = self.arcs_when(
            "def f(n):\n    for i in range(n):\n        if i == 2: break\n    else:\n        n = 0\n    while n > 5:\n"
            "        n -= 1\n        if n: continue\n        print(n)\n    return n\nf(1)\nf(4)\n")
        self.assertLessEqual({(2, 3), (2, 5), (3, 2), (3, 6), (5, 6), (6, 10), (10, -1)}, arcs)
        self.assertFalse(arcs & {(6, 7), (7, 8), (8, 6), (8, 9), (9, 6)})

    def test_what_raises_has_no_arc_to_the_line_behind_it(self):
        arcs = self.arcs_when(
            "def f(n):\n    try:\n        if n: int('x')\n        if n > 9: return int('y')\n        n = 1\n"
            "    except TypeError:\n        n = 2\n    except ValueError: n = 3\n    finally:\n        n += 1\n    return n\n"
            "f(0)\nf(1)\nf(0)\n")
        self.assertLessEqual({(3, 4), (3, 6), (4, 5), (6, 8), (5, 10), (8, 10), (10, 11)}, arcs)
        self.assertFalse(arcs & {(4, 6), (4, 10), (6, 7), (4, -1), (10, -1), (3, 5)})

    def test_a_line_that_raises_first_and_not_later_has_both_arcs(self):
        arcs = self.arcs_when("def f(n):\n    try:\n        if n: return int(n)\n        return 1\n    except ValueError:\n"
                              "        return 2\nf('x')\nf('x')\nf('1')\n")
        self.assertLessEqual({(3, 5), (3, -1)}, arcs)
        self.assertNotIn((3, 4), arcs)

    def test_finally_leads_where_its_copies_lead(self):
        text = "def f(n):\n    for i in range(2):\n        try:\n            if n == 1: continue\n            if n == 2: return 1\n" \
               "            if n == 3: break\n        finally:\n            n += 0\n        n = 0\n    return 5\n"
        self.assertEqual({arc for arc in self.arcs_when(text + "f(0)\n") if arc[0] == 8}, {(8, 9)})
        # 3.9 goes back to the `return`, `continue` or `break` first.
        leaving, others = ((8, 5), {(8, 4), (8, 6)}) if sys.version_info < (3, 10) else ((8, -1), {(8, 2), (8, 10)})
        self.assertEqual({arc for arc in self.arcs_when(text + "f(0)\nf(2)\n") if arc[0] == 8}, {(8, 9), leaving})
        self.assertEqual({arc for arc in self.arcs_when(text + "f(0)\nf(1)\nf(3)\n") if arc[0] == 8},
                         {(8, 9), *others})

    def test_generators_leave_when_they_end_and_not_when_they_yield(self):
        text = "def g(n):\n    while n:\n        yield n\n        n -= 1\nnext(g(1))\n"
        self.assertEqual({arc for arc in self.arcs_when(text) if arc[0] == 2}, {(2, 3)})
        self.assertIn((2, -1), self.arcs_when(text + "list(g(2))\n"))

    def test_generators_go_on_from_the_line_of_their_yield(self):
        arcs = self.arcs_when("def g(n):\n    if n: x = yield 1\n    return 2\nlist(g(1))\n")
        self.assertEqual({arc for arc in arcs if arc[0] == 2}, {(2, 3)})

    def test_an_iterator_that_stops_has_raised_nothing(self):
        arcs = self.arcs_when("class I:\n    def __iter__(self): return self\n    def __next__(self): raise StopIteration\n"
                              "def f():\n    try:\n        for i in I(): pass\n    except ValueError:\n        return 1\n"
                              "    return 2\nf()\n")
        self.assertEqual({arc for arc in arcs if arc[0] == 6}, {(6, 9)})

    def test_asynchronous_loops_end(self):
        text = "import asyncio\nasync def g(n):\n    for i in range(n):\n        yield i\nasync def f(n):\n" \
               "    async for i in g(n):\n        if i: break\n    return 1\n"
        arcs = self.arcs_when(text + "asyncio.run(f(3))\n")
        self.assertEqual({arc for arc in arcs if arc[0] in (6, 7)}, {(6, 7), (7, 6), (7, 8)})
        self.assertIn((6, 8), self.arcs_when(text + "asyncio.run(f(1))\n"))
        arcs = self.arcs_when(text.replace("range(n)", "int('x')") + "try: asyncio.run(f(1))\nexcept ValueError: pass\n")
        self.assertEqual({arc for arc in arcs if arc[0] == 6}, {(6, -5)})

    def test_sigkill_keeps_the_arcs_before_it(self):
        program = self.write("program.py", "import os\nfor i in range(2):\n    if i:\n        os.kill(os.getpid(), 9)\n    i = 5\n")
        self.run_python(program, branches=True, code=-9)
        self.assertEqual({arc for arc in self.arcs_of(program) if arc[0] in (2, 3)}, {(2, 3), (3, 4), (3, 5)})

    def test_forks_and_threads_have_arcs(self):
        arcs = self.arcs_when(
            "import os, threading\ndef f(n):\n    if n:\n        return 1\n    return 2\n"
            "t = threading.Thread(target=f, args=(1,))\nt.start()\nt.join()\npid = os.fork()\nif pid == 0:\n"
            "    f(0)\n    os._exit(0)\nos.waitpid(pid, 0)\n", options=["-W", "ignore"])
        self.assertLessEqual({(3, 4), (3, 5), (10, 11), (10, 13)}, arcs)

    def test_a_frame_in_the_place_of_an_abandoned_generator_has_its_own_arcs(self):
        arcs = self.arcs_when(
            "def g(n):\n    if n: x = yield 1\n    y = 1\n    yield 2\ndef f():\n    for _ in range(300):\n        k = g(1)\n"
            "        next(k)\n        del k\nf()\nfor n in range(3):\n    next(g(0))\n")
        self.assertEqual({arc for arc in arcs if arc[0] == 2}, {(2, 3)})

    def lines_of_run(self, text):
        """Of this program, with arcs and without, which are the same."""
        program = self.write("program.py", text)
        found = []
        for branches in (False, True):
            shutil.rmtree(self.hits, ignore_errors=True)
            self.same_with_and_without(program, branches=branches)
            found.append(self.lines_of(program))
        self.assertEqual(found[0], found[1])
        return found[0]

    def test_what_runs_when_an_object_goes_is_recorded(self):
        """Where its variable is deleted or bound again: before Python 3.11 the copy of a tracer holds it, until nothing is traced."""
        for name, text in {
                "deleted": "x = C()\n    del x\n    return 1\n",
                "last": "x = C()\n    del x\n",
                "on one line": "x = C(); del x; x = 1\n    return x\n",
                "bound again": "x = C()\n    x = 1\n    return x\n",
                "in a closure": "x = C()\n    def g():\n        nonlocal x; x = 1\n        return x\n    return g()\n",
                "known": "for c in int, int, C:\n        x = c()\n        del x\n    return 1\n",
                "raised": "x = C()\n    try: del x; int('x')\n    except ValueError: pass\n",
                "returned": "x = C()\n    return x\n",
                "behind a yield": "def g():\n        x = C()\n        yield 1; del x\n        yield 2\n    list(g())\n",
                "set by it": "y = 0\n    class D:\n        def __del__(self):\n            nonlocal y; y = C()\n    x = D()\n"
                             "    del x\n    print(type(y).__name__)\n",
                "bound by it": "class D:\n        def __del__(self):\n            nonlocal y; y = 1\n    x = D()\n    del x\n"
                               "    print(y, bool(C()))\n    y = 2\n",
                "set at the return": "def h():\n        y = 0\n        class D:\n            def __del__(self):\n"
                                     "                nonlocal y; y = 1\n        x, g = D(), lambda: y\n        del x; return g\n"
                                     "    print(h()(), bool(C()))\n",
                "a generator": "def g():\n        try: yield\n        finally: C()\n    x = g()\n    next(x)\n    del x\n    return 1\n",
                "a weak reference": "import weakref\n    x = C()\n    r = weakref.ref(x, lambda _: C())\n    del x\n    return r\n",
        }.items():
            with self.subTest(name):
                text = "class C:\n    def __del__(self):\n        a = 1\ndef f():\n    " + text + "f()\n"
                self.assertEqual(self.lines_of_run(text), set(range(1, text.count("\n") + 1)))

    def test_a_variable_holds_nothing_after_its_function(self):
        """As without the recorder, with no garbage collector."""
        self.lines_of_run("import gc, weakref\ngc.disable()\nclass C: pass\ndef f(refs):\n    x = C()\n    refs.append(weakref.ref(x))\n"
                          "    y = C()\n    refs.append(weakref.ref(y))\n    del y\n    z = refs[1]()\n    yield z\n    int('x')\n"
                          "refs = []\ntry: print(list(f(refs)))\nexcept ValueError: pass\nprint([ref() for ref in refs])\n")

    def test_a_class_may_assign_its_class(self):
        """Before Python 3.11 a tracer removes it from a class whose methods use super()."""
        text = "class X:\n    def f(self):\n        return super().__repr__\n    a = 1\n    __class__ = [\n        a,\n    ]\n" \
               "    b = 2\nprint(X.__dict__['__class__'], X.b, X().__class__)\nX().f()\n"
        self.assertLessEqual(set(range(1, 11)) - {7}, self.lines_of_run(text))
        # What may come or not is not noted then.
        text = text.replace("    b = 2\n", "    if a > 5:\n        b = 3\n    b = 2\n")
        self.assertLessEqual({1, 2, 3, 4, 5, 11, 12}, self.lines_of_run(text))
        self.assertNotIn(9, self.lines_of_run(text))

    @unittest.skipIf(hasattr(sys, "monitoring"), "sys.monitoring has room for others")
    def test_another_tracer_is_told(self):
        self.run_python("-c", "import sys\nsys.settrace(lambda *_: None)\n")
        (file,) = self.files()
        self.assertEqual(struct.unpack("2Q", file.read_bytes()[:16])[1], 5)


@unittest.skipUnless(importlib.util.find_spec("coverage"), "coverage.py is not installed")
class Report(unittest.TestCase):
    """What the report takes from coverage.py."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp()).resolve()
        self.addCleanup(shutil.rmtree, self.folder)

    def counted(self, text, executed):
        """The kinds of lines, by the lines that were executed."""
        source = self.folder / "program.py"
        source.write_text(text, encoding="utf-8")
        given, result = self.folder / "given", self.folder / "result"
        given.write_text(f"L\0{source}\0{' '.join(map(str, executed))}\0\0", encoding="utf-8")
        subprocess.run([sys.executable, RECORDER / "gentle_python_report.py", given, result, self.folder, ""], check=True,
                       cwd=self.folder)
        kind, path, *lines = result.read_text(encoding="utf-8").split("\0")[:-1]
        self.assertEqual((kind, path), ("F", str(source)))
        return [list(map(int, each.split())) for each in lines[:3]]

    def test_an_executed_line_that_is_no_statement_does_not_count(self):
        """Python executes the docstring of a module, and coverage.py has it among the executed lines, but not in its table."""
        text = '"""What it is."""\nimport os\n\n\ndef f():\n    """Why."""\n    return os\n\n\nf\nif 0:  # pragma: no cover\n    f()\n'
        self.assertEqual(self.counted(text, [1, 2, 5, 10, 11]), [[2, 5, 10], [7], [11, 12]])


if __name__ == "__main__":
    told_skips.main()
