"""The recorder of COVERAGE python leaves everything in its process as it is: what it hides, what it inherits, what it opens."""

import os
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

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

    def run_python(self, *arguments, recorded=True, python_path=(), code=0, options=(), home=None, **more):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        if home:
            environment["PYTHONHOME"] = str(home)
        places = [self.own] if recorded else []
        places += python_path
        if places:
            environment["PYTHONPATH"] = os.pathsep.join(map(str, places))
        if recorded:
            environment["GENTLE_PYTHON_HITS"] = str(self.hits)
        result = subprocess.run([sys.executable, *options, *map(str, arguments)], env=environment, capture_output=True,
                                text=True, check=False, cwd=self.folder, **more)
        self.assertEqual(result.returncode, code, result.stderr)
        return result

    def files(self):
        return sorted(self.hits.rglob("*.hits"))

    def lines_of(self, path):
        """The lines of the source that any process has recorded."""
        lines = set()
        for file in self.files():
            words = struct.unpack(f"{file.stat().st_size // 8}Q", file.read_bytes())
            self.assertEqual(words[1], 0, "a loss")
            names = [name.split(b" ", 4) for name in file.with_suffix(".names").read_bytes().split(b"\0")]
            numbers = {int(name[1]) for name in names if name[0] == b"F" and name[4] == os.fsencode(path)}
            lines |= {word & 0xffffff for word in words[8:] if word and word >> 48 in numbers}
        return lines

    def same_with_and_without(self, *arguments, **more):
        plain = self.run_python(*arguments, recorded=False, **more)
        recorded = self.run_python(*arguments, **more)
        self.assertEqual((recorded.stdout, recorded.stderr), (plain.stdout, plain.stderr))
        self.assertTrue(self.files())
        return recorded.stdout

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

    @unittest.skipIf(hasattr(sys, "monitoring"), "sys.monitoring has room for others")
    def test_another_tracer_is_told(self):
        self.run_python("-c", "import sys\nsys.settrace(lambda *_: None)\n")
        (file,) = self.files()
        self.assertEqual(struct.unpack("2Q", file.read_bytes()[:16])[1], 5)


if __name__ == "__main__":
    unittest.main()
