"""Bad input: each one clear message, the right exit code, nothing left running, no partial state."""

import os
import sys
from pathlib import Path

import harness
from harness import GENTLE, ServiceTest, needs_another_user, needs_mounts, program

HINT = "run cmake again; add_fixture_service writes this file when it configures"
NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")


class BadInput(ServiceTest):
    def write_spec(self, *lines, state=None):
        """Whatever stands in `lines`, besides a name, a state folder, the first and the last line."""
        api = self.service("api", state=state)
        Path(api.spec).write_text("\n".join(("gentle-spec 1", "name api", f"state {api.state_dir}",
                                             *lines, "end", "")))
        return api

    def assert_fails(self, code, message, *command):
        """Of a helper that is started in any way."""
        result = self.background(*command).finish()
        self.assert_text(result.err, message)
        self.assertEqual((result.code, result.out), (code, ""))
        self.assert_nothing_left(self.services)

    def assert_no_start(self, api, code, message, before=()):
        self.assert_fails(code, message, *before, GENTLE, "start", api.spec)
        self.assertFalse(api.state_dir.exists(), "a state folder is left")


class WrongSpec(BadInput):
    def assert_wrong(self, cause, *lines):
        self.assert_refused(self.write_spec(*lines), cause)

    def assert_refused(self, api, cause):
        message = f"gentle: error: read spec '{api.spec}': {cause}\nhint: {HINT}\n"
        for command in (("start", api.spec), ("stop", api.spec),
                        ("run", "--with", api.spec, "--", "true")):
            with self.subTest(cause=cause, command=command[0]):
                self.assert_fails(125, message, GENTLE, *command)
                self.assertFalse(api.state_dir.exists(), "a state folder is left")

    def test_each_wrong_line(self):
        for lines, cause in (
                (["prot http"], "line 4: unknown key 'prot', did you mean 'port'?"),
                (["qqqqqqqq 1"], "line 4: unknown key 'qqqqqqqq'"),
                ([""], "line 4: unknown key ''"),
                (["name A"], "line 4: 'name': 'A' is no service name"),
                (["state b"], "line 4: 'state': 'b' is no absolute path"),
                (["depends b"], "line 4: 'depends': 'b' is no absolute path"),
                (["port HTTP"], "line 4: 'port': 'HTTP' is no port name"),
                (["port a=0"], "line 4: 'port': 'a=0' is no port number from 1 to 65535"),
                (["port a=65536"], "line 4: 'port': 'a=65536' is no port number from 1 to 65535"),
                (["listen a=8x"], "line 4: 'listen': 'a=8x' is no port number from 1 to 65535"),
                (["ready SOON"], "line 4: 'ready': 'SOON' is no readiness kind"),
                (["ready.arg x"], "line 4: 'ready.arg': stands before any 'ready'"),
                (["ready HTTP", "ready.status 99"],
                 "line 5: 'ready.status': '99' is no HTTP status from 100 to 599"),
                (["start_timeout soon"],
                 "line 4: 'start_timeout': 'soon' is no number of seconds"),
                (["start_timeout -1"], "line 4: 'start_timeout': '-1' is no number of seconds"),
                (["stop SIGINT"], "line 4: 'stop': 'SIGINT' has no seconds"),
                (["stop SIGFOO 1"], "line 4: 'stop': 'SIGFOO' is no signal"),
                (["stop SIGINT 1s"], "line 4: 'stop': '1s' is no number of seconds"),
                (["exit_code 256"],
                 "line 4: 'exit_code': '256' is no exit code from 0 to 255 and no signal"),
                (["environment X"], "line 4: 'environment': 'X' is not VAR=value"),
                (["export 1X=2"], "line 4: 'export': '1X=2' is not VAR=value"),
                (["scope both"], "line 4: 'scope': 'both' is neither 'run' nor 'test'"),
                (["coverage on"], "line 4: 'coverage': 'on' is none of 'auto', 'off', 'python', 'node', 'java'"),
                (["environment X=a\0b"], "line 4: holds a NUL byte")):
            self.assert_wrong(cause, *lines)

    def test_what_only_the_whole_can_tell(self):
        for lines, cause in (
                ([], "'command' is missing"),
                (["command "], "'command' is missing"),
                (["command x"], "without a port it needs a 'ready' line"),
                (["command x", "command y", "shell", "port a"],
                 "'shell' goes with exactly one line of command"),
                (["command x", "port a", "listen a"], "port 'a' stands twice"),
                (["command x", "port a", "ready TCP"], "ready TCP needs an argument"),
                (["command x", "port a", "ready TCP", "ready.arg b"],
                 "ready TCP names 'b', which is no port of the service"),
                (["command x", "port a", "ready TCP", "ready.arg a", "ready.arg a"],
                 "ready TCP takes one argument"),
                (["command x", "ready EXIT", "ready.arg a"], "ready EXIT takes no argument"),
                (["command x", "ready LOG", "ready.arg a", "ready.status 200"],
                 "ready.status goes with ready HTTP, not with ready LOG")):
            self.assert_wrong(cause, *lines)

    def test_frame(self):
        api = self.write_spec("command true", "port http")
        whole = Path(api.spec).read_text()
        for text, cause in (
                ("", "it is truncated: its last line is not 'end'"),
                ("gentle-spec 2\nend\n", "line 1: is not 'gentle-spec 1'"),
                ("\x7fELF\x02\x01\x01", "line 1: is not 'gentle-spec 1'"),
                (whole.replace("\n", "\r\n"), "line 1: is not 'gentle-spec 1'"),
                (whole[:-4], "it is truncated: its last line is not 'end'"),
                (whole + "name b\n", "line 7: text after 'end'"),
                ("gentle-spec 1\nend\n", "'name' is missing"),
                ("gentle-spec 1\nname a\nend\n", "'state' is missing")):
            Path(api.spec).write_text(text, newline="")
            self.assert_refused(api, cause)

    def test_no_file(self):
        api = self.write_spec()
        Path(api.spec).unlink()
        self.assert_refused(api, "No such file or directory")

    def test_folder(self):
        api = self.write_spec()
        Path(api.spec).unlink()
        Path(api.spec).mkdir()
        self.assert_refused(api, "Is a directory")

    @needs_another_user
    def test_file_that_may_not_be_read(self):
        api = self.write_spec("command true", "port http")
        Path(api.spec).chmod(0o600)
        self.folder.chmod(0o755)
        self.assert_no_start(api, 125, f"gentle: error: read spec '{api.spec}': Permission denied\n"
                             f"hint: {HINT}\n", before=NOBODY)

    def test_dependency(self):
        api = self.write_spec("command true", "port http", "depends /nowhere/db.spec")
        self.assert_no_start(api, 125, "gentle: error: read spec '/nowhere/db.spec': No such file or "
                             f"directory\nhint: {HINT}\n")


class Program(BadInput):
    def write_program(self, content, mode):
        path = self.build / "my server"
        path.write_bytes(content)
        path.chmod(mode)
        return path

    def assert_cannot_run(self, path, code, cause, hint=""):
        """As a service, and as a test."""
        message = f"gentle: error: start program '{path}': {cause}\n"
        message += f"hint: {hint}\n" if hint else ""
        self.assert_no_start(self.service("api", path, ports=["http"]), code, message)
        self.assert_fails(code, message, GENTLE, "run", "--", path)

    def test_missing(self):
        self.assert_cannot_run(self.build / "gone", 127, "No such file or directory",
                               "build or install it, or correct COMMAND")

    def test_not_on_path(self):
        self.assert_cannot_run("no-such-program", 127, "not found on PATH",
                               "build or install it, or give COMMAND its path")

    def test_what_is_written_for_a_shell(self):
        words = "write the program and its arguments as words of their own, not in one pair of quotes"
        self.assert_cannot_run("env --port 80", 127, "not found on PATH", words)
        self.assert_cannot_run("env --log /a/b", 127, "No such file or directory", words)
        self.assert_cannot_run("/usr/bin/env --port 80", 127, "No such file or directory", words)
        folder = "build or install it, or correct COMMAND"
        self.assert_cannot_run("/opt/my app/no-such-program", 127, "No such file or directory", folder)
        self.assert_cannot_run("no such program", 127, "not found on PATH", "build or install it, or give COMMAND its path")
        self.assert_cannot_run("DEBUG=1", 127, "not found on PATH", "a variable is set by ENVIRONMENT DEBUG=1")
        self.assert_cannot_run("cd", 127, "not found on PATH", 'this is a word of the shell: write sh -c "<line>"')

    def test_without_execute_permission(self):
        self.assert_cannot_run(self.write_program(b"#!/bin/sh\n", 0o644), 126, "Permission denied",
                               "chmod +x, or correct COMMAND")

    @needs_mounts
    def test_file_system_without_programs(self):
        path = self.write_program(b"#!/bin/sh\n", 0o755)
        before = ("unshare", "--mount", "sh", "-ec", 'mount --bind "$0" "$0"; '
                  'mount -o remount,bind,noexec "$0"; exec "$@"', self.build)
        self.assert_no_start(self.service("api", path, ports=["http"]), 126,
                             f"gentle: error: start program '{path}': Permission denied\n"
                             "hint: its file system is mounted with noexec: have it in another one\n", before)

    def test_folder(self):
        self.assert_cannot_run(self.build, 126, "it is a folder")

    def test_fifo(self):
        path = self.build / "fifo"
        os.mkfifo(path, 0o755)
        self.assert_cannot_run(path, 126, "it is no regular file")

    def test_of_another_machine(self):
        own = Path(GENTLE).read_bytes()[:64]
        name = {62: "x86-64", 183: "arm64"}[int.from_bytes(own[18:20], sys.byteorder)]
        other = own[:18] + (21).to_bytes(2, sys.byteorder) + own[20:]
        self.assert_cannot_run(self.write_program(other, 0o755), 126, f"it is for POWER, and gentle is for {name}",
                               "build it for this machine, or give COMMAND an emulator")
        self.assert_cannot_run(self.write_program(own, 0o755), 126, "Exec format error",
                               "the file is damaged: build or install it again")

    def test_without_a_format(self):
        for content in b"", b"echo\n", b"#!\n", b"#! \n", b"\x7fELF":
            self.assert_cannot_run(self.write_program(content, 0o755), 126, "Exec format error",
                                   "a script needs a #! line as its first one")

    def test_interpreter(self):
        correct = "correct the #! line, or install the interpreter"
        for line, code, interpreter, cause, hint in (
                (b"#!/no/such/interpreter\n", 127, "/no/such/interpreter", "is missing", correct),
                (b"#! /no/such/interpreter -x", 127, "/no/such/interpreter", "is missing", correct),
                (b"#!/bin/sh\r\n", 127, "/bin/sh?", "is missing",
                 "its lines end with a carriage return: convert it to Unix line ends"),
                (b"#!/proc\n", 126, "/proc", "cannot be executed", correct)):
            with self.subTest(line):
                self.assert_cannot_run(self.write_program(line, 0o755), code,
                                       f"its interpreter '{interpreter}' (the #! line) {cause}", hint)

    def test_missing_working_directory(self):
        gone = self.build / "gone"
        api = self.service("api", "true", ports=["http"], working_directory=gone)
        self.assert_no_start(api, 125, f"gentle: error: change to folder '{gone}': "
                             "No such file or directory\n")


class StateFolder(BadInput):
    def setUp(self):
        super().setUp()
        self.api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"])
        self.testing = self.build / "Testing"

    def test_file_in_its_place(self):
        self.api.state_dir.parent.mkdir(parents=True)
        self.api.state_dir.write_text("mine")
        # Not by assert_nothing_left: what stands there is no folder.
        result = self.gentle("start", self.api.spec, code=125)
        self.assertEqual((result.out, result.err), (
            "", f"gentle: error: make folder '{self.api.state_dir}': File exists\n"))
        self.assertEqual(self.api.state_dir.read_text(), "mine")
        self.assertEqual(self.processes_left(), {})
        self.api.state_dir.unlink()

    @needs_mounts
    def test_read_only_file_system(self):
        before = ("unshare", "--mount", "sh", "-ec", 'mount --bind "$0" "$0"; '
                  'mount -o remount,bind,ro "$0"; exec "$@"', self.build)
        self.assert_no_start(self.api, 125, f"gentle: error: make folder '{self.testing}': "
                             "Read-only file system\n", before)
        self.assertFalse(self.testing.exists())

    @needs_another_user
    def test_build_folder_of_another_user(self):
        self.folder.chmod(0o755)
        self.assert_no_start(self.api, 125, f"gentle: error: make folder '{self.testing}': "
                             "Permission denied\n", NOBODY)
        self.assertFalse(self.testing.exists())

    DAMAGED = (("", "it is empty"), ("{", "it is no state file, or a damaged one"),
               ("\0" * 4096, "it is no state file, or a damaged one"),
               ("\xff", "it is no state file, or a damaged one"),
               ('{"format": 1}', "it is no state file, or a damaged one"),
               ('{"format": 2}', "its format is not 1"))

    # As a power cut leaves it.
    def test_damaged_state_of_what_does_not_run(self):
        state = self.api.state_dir / "state.json"
        state.parent.mkdir(parents=True)
        for text, cause in self.DAMAGED:
            warning = f"gentle: warning: read state '{state}': {cause}, continuing without it\n"
            with self.subTest(text):
                state.write_text(text)
                self.assertEqual(self.gentle("run", "--with", self.api.spec, "--", "true", code=125).err, warning +
                                 "gentle: error: use service 'api': it was not started, or is stopped already\n"
                                 f"hint: gentle start {self.api.spec}, or ctest without -FS, -FA and -E for this fixture\n")
                result = self.gentle("stop", self.api.spec)
                self.assertEqual((result.out, result.err), ("api: not running\n", warning))
                self.assertEqual(self.gentle("start", self.api.spec).err, warning)
                self.assertEqual(self.gentle("stop", self.api.spec).err, "")

    def test_damaged_state_of_what_runs(self):
        state = self.api.state_dir / "state.json"
        for text, cause in self.DAMAGED:
            with self.subTest(text):
                self.api.start()
                state.write_text(text)
                self.assertEqual(self.gentle("run", "--with", self.api.spec, "--", "echo", "@API_DIR@").out,
                                 f"{self.api.state_dir}/dir\n")
                result = self.api.stop()
                self.assertRegex(result.out, "^api: stopped by SIGINT")

    def test_path_longer_than_a_socket_path(self):
        deep = self.build.joinpath(*["a folder with a long name"] * 8)
        self.assertGreater(len(str(deep)), 200)
        api = self.service("api", program("listens_tcp"), "@API_PORT@", ports=["http"],
                           state=deep / "api")
        api.start()
        self.assertEqual(self.gentle("run", "--with", api.spec, "--", "echo", "@API_DIR@").out,
                         f"{deep}/api/dir\n")
        self.assert_text(api.stop().out, "api: stopped by SIGINT after <time>: exit status 0\n")

    def test_path_longer_than_any_path(self):
        state = Path("/" + "x" * 300) / "api"
        api = self.service("api", "true", ports=["http"], state=state)
        result = self.gentle("start", api.spec, code=125)
        self.assertEqual((result.out, result.err), (
            "", f"gentle: error: make folder '{state}': File name too long\n"))
        self.services.remove(api)  # no look at such a path is possible


@needs_mounts
class FullDisk(BadInput):
    # A disk with room for so many pages and not one more; tells what a failed start changed on it.
    SCRIPT = """
        build=$1; room=$2; gentle=$3; spec=$4
        exec 3<"$spec"
        mount -t tmpfs -o size=1m none "$build"
        cat <&3 >"$spec"; exec 3<&-
        mkdir -p "$build/Testing/Fixtures"
        dd if=/dev/zero of="$build/room" bs=4096 count="$room" status=none
        dd if=/dev/zero of="$build/full" bs=4096 2>/dev/null || :
        rm "$build/room"
        cd "$build"
        before=$(find . | sort)
        status=0; "$gentle" start "$spec" >&2 || status=$?
        after=$(find . | sort)
        if [ "$status" -eq 0 ]; then
            "$gentle" run --with "$spec" -- true >&2 && "$gentle" stop "$spec" >&2
        elif [ "$after" != "$before" ]; then
            echo "$after"
        fi
        echo "status $status"
    """

    def test_start(self):
        """As the room grows, it fails at one step after the other, until it is enough."""
        # It writes nothing itself: what fails is the helper's own.
        api = self.service("api", "tail", "-f", "/dev/null", listen=["http"])
        failures = 0
        for pages in range(40):
            with self.subTest(pages=pages):
                result = self.background("unshare", "--mount", "sh", "-euc", self.SCRIPT, "sh",
                                         self.build, pages, GENTLE, api.spec).finish()
                self.assertEqual(result.code, 0, result)
                self.assertEqual(self.processes_left(), {})
                if result.out == "status 0\n":
                    break
                failures += 1
                self.assertEqual(result.out, "status 125\n", result)
                self.assertRegex(result.err, r"^gentle: error: write '[^']+/api/[^']+': "
                                 r"No space left on device\n$")
        else:
            self.fail("it never had room enough")
        self.assertGreater(failures, 1, "the disk was never full")


if __name__ == "__main__":
    harness.main()
