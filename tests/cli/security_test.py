"""Who may do what: nobody else reads, changes or stops a service; nothing that others have put in the way
is followed; no word is taken for a command."""

import os
import shutil
import socket
import stat
import subprocess
import sys
import unittest
from pathlib import Path

import harness
from harness import GENTLE, ServiceTest, needs_another_user, needs_mounts, program

SECRET = "s3cret value"


class Security(ServiceTest):
    def listening(self, **options):
        return self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"], **options)

    def assert_error(self, command, result, message, code=125):
        self.assert_text(result.err, message)
        # The table has the others, of which there are none.
        self.assertRegex(result.out, r"^SERVICE .* MESSAGE\n$" if command == "status" else "^$")
        self.assertEqual(result.code, code)


class Files(Security):
    def test_state_is_the_user_s_alone(self):
        """Also in a folder that was open to all before, with files that were."""
        api = self.listening(ready=[("LOG", "^listening$")])
        api.state_dir.mkdir(parents=True)
        api.state_dir.chmod(0o777)
        for name in "log", "supervisor.log", "state.json.new":
            (api.state_dir / name).write_text("old")
            (api.state_dir / name).chmod(0o666)
        api.start()
        self.assert_own(api)
        self.assertEqual(api.log(), "listening\n")
        self.assertTrue(stat.S_ISSOCK((api.state_dir / "control").stat().st_mode))
        api.stop()
        self.assert_own(api)

    def test_links_are_not_followed(self):
        """Wherever one stands: it is replaced, and what it leads to stays as it was."""
        target = self.folder / "target"
        names = ("log", "state.json.new", "supervisor.log", "control", "dir")
        for name in names:
            for kind in "link", "hard link", "link to a folder", "link to nothing", "FIFO":
                with self.subTest(name=name, kind=kind):
                    api = self.listening()
                    shutil.rmtree(api.state_dir, ignore_errors=True)
                    api.state_dir.mkdir(parents=True)
                    self.plant(api.state_dir / name, kind, target)
                    api.start()
                    self.assert_own(api)
                    api.stop()
                    self.assert_own(api)
                    self.assertEqual(self.read_target(kind, target), "precious")

    def test_a_state_that_is_a_link_is_replaced(self):
        api = self.listening()
        api.start()
        api.stop()
        elsewhere = self.folder / "state.json"
        shutil.move(api.state_dir / "state.json", elsewhere)
        before = elsewhere.read_bytes()
        (api.state_dir / "state.json").symlink_to(elsewhere)
        api.start()
        self.assert_own(api)
        api.stop()
        self.assertEqual(elsewhere.read_bytes(), before)

    def plant(self, path, kind, target):
        shutil.rmtree(target, ignore_errors=True)
        target.unlink(missing_ok=True)
        if kind == "link to a folder":
            target.mkdir()
            (target / "file").write_text("precious")
        elif kind != "link to nothing":
            target.write_text("precious")
        if kind == "hard link":
            path.hardlink_to(target)
        elif kind == "FIFO":
            os.mkfifo(path)
        else:
            path.symlink_to(target)

    def read_target(self, kind, target):
        if kind == "link to nothing":
            self.assertFalse(target.exists())
            return "precious"
        return (target / "file" if kind == "link to a folder" else target).read_text()

    def test_the_scratch_folder_is_emptied_without_following(self):
        api = self.listening()
        api.start()
        api.stop()
        target = self.folder / "target"
        target.mkdir()
        (target / "file").write_text("precious")
        (api.state_dir / "dir" / "link").symlink_to(target)
        (api.state_dir / "dir" / "deep").mkdir()
        (api.state_dir / "dir" / "deep" / "link").symlink_to(target)
        api.start()
        self.assertEqual(list((api.state_dir / "dir").iterdir()), [])
        self.assertEqual((target / "file").read_text(), "precious")
        api.stop()

    def test_a_state_folder_that_is_a_link(self):
        api = self.listening()
        target = self.folder / "target"
        target.mkdir()
        api.state_dir.parent.mkdir(parents=True)
        api.state_dir.symlink_to(target)
        message = f"gentle: error: use folder '{api.state_dir}': it is a symbolic link\n"
        for command in (("start", api.spec), ("stop", api.spec), ("status", "--build", self.build),
                        ("run", "--with", api.spec, "--", "true")):
            with self.subTest(command[0]):
                self.assert_error(command[0], self.gentle(*command, code=None), message)
        self.assertEqual(list(target.iterdir()), [])
        api.state_dir.unlink()

    def test_no_environment_in_a_file_that_others_can_read(self):
        """Nor in a command line: ps shows those to all."""
        gate = self.gate()
        settings = self.work / "settings"
        settings.write_text(f"gentle-arguments 1\nargument TOKEN={SECRET}\nend\n")
        api = self.listening(environment={"PASSWORD": SECRET}, export={"API_KEY": SECRET})
        os.chmod(api.spec, 0o600)
        settings.chmod(0o600)
        for mask in "0", "022":
            with self.subTest(mask):
                self.before = ("sh", "-c", f'umask {mask}; exec "$0" "$@"')
                api.start()
                self.gentle("run", "--with", api.spec, "--", "sh", "-c", f"test \"$API_KEY\" = '{SECRET}'")
                test = self.background(GENTLE, "run", "--with", api.spec, "--env-from", settings, "--",
                                       "cat", gate)
                gate.wait_until_reached()
                lines = list(self.processes_left().values())
                self.assertEqual(len(lines), 5, lines)  # successor, supervisor, service; run, cat
                self.assertNotIn(SECRET, "".join(lines))
                gate.open()
                gate.close()
                self.assertEqual(test.finish().code, 0)
                api.stop()
                for path in self.folder.rglob("*"):
                    if path.is_file() and path.lstat().st_mode & 0o077:
                        self.assertNotIn(SECRET, path.read_text(), path)


@needs_another_user
class Others(Security):
    """Root's service, and a user who can reach its build folder."""

    NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")

    def setUp(self):
        super().setUp()
        self.folder.chmod(0o755)
        self.build.chmod(0o777)

    def as_nobody(self, *arguments):
        return self.background(*self.NOBODY, GENTLE, *arguments).finish()

    def test_commands_of_another_user(self):
        api = self.listening()
        api.start()
        not_own = (f"gentle: error: use folder '{api.state_dir}': it belongs to user id 0, and this is "
                   "user id 65534\nhint: run gentle as that user, or remove the folder\n")
        for command in (("start", api.spec), ("stop", api.spec), ("down", "--build", self.build),
                        ("status", "--build", self.build), ("logs", "--build", self.build),
                        ("run", "--with", api.spec, "--", "true")):
            with self.subTest(command[0]):
                self.assert_error(command[0], self.as_nobody(*command), not_own)
        self.assertEqual(api.state()["phase"], "ready")
        api.stop()

    def test_root_does_not_use_the_folder_of_another_user(self):
        """Who has a folder could put anything into it."""
        api = self.listening()
        api.state_dir.mkdir(parents=True)
        os.chown(api.state_dir, 65534, 65534)
        message = (f"gentle: error: use folder '{api.state_dir}': it belongs to user id 65534, and this "
                   "is user id 0\nhint: run gentle as that user, or remove the folder\n")
        for command in (("start", api.spec), ("stop", api.spec), ("status", "--build", self.build)):
            with self.subTest(command[0]):
                self.assert_error(command[0], self.gentle(*command, code=None), message)
        self.assertEqual(list(api.state_dir.iterdir()), [])

    def test_who_connects_is_asked_who_he_is(self):
        """Even where the folder and the socket have been opened to all."""
        api = self.listening()
        api.start()
        for path, mode in (api.state_dir, 0o755), (api.state_dir / "control", 0o666):
            path.chmod(mode)
        script = ("import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]);"
                  "s.sendall(sys.argv[2].encode() + b'\\n'); print(s.recv(100))")
        for request in "stop 0-0", "status", "start 0-0":
            result = self.background(*self.NOBODY, "/usr/bin/env", "python3", "-c", script,
                                     api.state_dir / "control", request).finish()
            self.assertIn(result.code, (0, 1), result)
            self.assertTrue(result.out == "b''\n" or "ConnectionResetError" in result.err
                            or "BrokenPipeError" in result.err, result)
        api.settle()
        self.assertEqual(api.state()["phase"], "ready")
        api.stop()

    def test_what_another_user_says_to_the_notify_socket(self):
        gate, done = self.gate(), self.gate("done")
        api = self.service("api", f"echo $NOTIFY_SOCKET > $API_DIR/name; read x < {gate}; "
                           f"read x < {done}", shell=True, ready=[("NOTIFY",)])
        start = api.start_in_background()
        gate.wait_until_reached()
        name = (api.state_dir / "dir/name").read_text().strip()
        script = ("import socket, sys; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM);"
                  "s.sendto(b'READY=1', '\\0' + sys.argv[1][1:])")
        said = self.background(*self.NOBODY, "/usr/bin/env", "python3", "-c", script, name).finish()
        self.assertEqual(said.code, 0, said)
        gate.open()
        gate.close()
        done.open()
        done.close()
        self.assertEqual(start.finish().code, 1)


class Itself(Security):
    @unittest.skipUnless(shutil.which("readelf") and shutil.which("nm"), "needs binutils")
    def test_is_hardened(self):
        def says(*command):
            return subprocess.run([*command, GENTLE], capture_output=True, text=True, check=True).stdout

        self.assertRegex(says("readelf", "-dW"), r"\(FLAGS_1\) +Flags:.* NOW|\(BIND_NOW\)|\(FLAGS\) +BIND_NOW")
        self.assertIn("GNU_RELRO", says("readelf", "-lW"))
        symbols = says("nm")
        self.assertIn("__stack_chk_fail", symbols)
        self.assertRegex(symbols, "__glibcxx_assert_fail|__glibcxx_assert")


class NoShell(Security):
    WORDS = ("$(touch one)", "; touch two", "`touch three`", "&& touch four", "| touch five", "> six",
             "'$(touch seven)'", "\"`touch eight`\"", "$HOME", "${HOME}", "*", "~", "-c", "\\")

    def test_words_of_a_command(self):
        """COMMAND, READY COMMAND, a test, its variables, its folder: each word arrives as it is."""
        folder = self.build / "$(touch nine) `touch ten`; touch eleven"
        folder.mkdir()
        script = "import sys; print(repr(sys.argv[1:]), flush=True); import signal; signal.pause()"
        ready = f"import sys; open('{self.build}/ready', 'w').write(repr(sys.argv[1:]))"
        api = self.service("api", sys.executable, "-c", script, *self.WORDS, working_directory=folder,
                           ready=[("COMMAND", sys.executable, "-c", ready, *self.WORDS),
                                  ("LOG", "touch")],
                           environment={"WORD": self.WORDS[0]}, stop=[("SIGTERM", 10)])
        api.start()
        self.assertEqual(api.lines(), [repr([*self.WORDS])])
        self.assertEqual((self.build / "ready").read_text(), repr([*self.WORDS]))
        script = "import os, sys; print(sys.argv[1:], os.environ['WORD'], os.getcwd())"
        out = self.gentle("run", "--with", api.spec, "--env", f"WORD={self.WORDS[2]}", "--chdir", folder,
                          "--", sys.executable, "-c", script, *self.WORDS).out
        self.assertEqual(out, f"{[*self.WORDS]} {self.WORDS[2]} {folder}\n")
        api.stop()
        self.assert_nothing_touched()

    def test_a_file_that_no_kernel_executes(self):
        """The C library's execvp would give it to a shell."""
        path = self.build / "no-magic"
        path.write_text("touch one\n")
        path.chmod(0o755)
        self.gentle("run", "--", path, code=126)
        self.service("api", path, ready=[("EXIT",)]).start(code=126)
        self.assert_nothing_touched()

    def assert_nothing_touched(self):
        numbers = {"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"}
        made = {path.name for path in self.folder.rglob("*")}
        self.assertEqual(made & numbers, set())

    def test_shell_is_one(self):
        api = self.service("api", "touch \"$API_DIR/$(echo one)\"; exec tail -f /dev/null", shell=True,
                           ready=[("FILE", "@API_DIR@/one")])
        api.start()
        api.stop()


if __name__ == "__main__":
    harness.main()
